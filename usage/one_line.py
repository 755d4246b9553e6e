"""One line of plain English on what is used and paid today, as numbers: every number in it is read, or asked about."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from babel.numbers import is_currency

from costmodel import numerals
from costmodel.errors import ScenarioError
from pricing.token_prices import TokenPrice
from usage.model_named import ask_for_model, model_of, placed
from usage.money import usd
from usage.shares import SHARES, ask_for_the_rest, in_words
from usage.terms import A_MONTH, A_PERIOD, PERIOD, REQUESTS, a_month, terms

EXAMPLE = "we spend 30,000 a month at Anthropic, Claude Sonnet 4.6, for 1.2 M requests of 9,000/700 tokens, 60 % cached"
TERMS = "over 36 months, growing 5 % a month, at 9 %"  # what the example may go on with
LONGEST = 400
PARTS = {  # what a number may be, by what stands around it: (before, after)
    "input": (r"(input|in|prompts?)( tokens)?( of|:| =)?$", r"(tokens? )?(in\b|input|prompt)"),
    "output": (
        r"(output|out|answers?)( tokens)?( of|:| =)?$",
        r"(tokens? )?(out\b|output|answer|generated|completion)",
    ),
    "requests": (r"requests?( of|:| =)$", REQUESTS),
}
PAIR = re.compile(r"\s?(/|and|to)\s?")
SPENT = r"(spend(ing)?|spent|pay(ing)?|paid|bills?|billed|invoices?|costs?|charged?)\b[^\d]{0,24}$"
_SCALES = "|".join(sorted(numerals.SCALE, key=len, reverse=True))
CODES = {**numerals.CURRENCIES, "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "pound": "GBP",
         "pounds": "GBP"}  # fmt: skip
_MONEY = "|".join(map(re.escape, sorted(CODES, key=len, reverse=True)))
NUMBER = re.compile(
    rf"(?:(?P<money>{_MONEY})\s?)?"
    rf"(?P<digits>\d{{1,3}}(?:[ ,.'’]\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    rf"(?:\s?(?P<scale>{_SCALES})(?![a-z]))?\s?(?P<percent>%|percent|per cent)?"
    rf"(?:\s?(?P<after>{_MONEY})(?!\w))?",
    re.IGNORECASE,
)
BELOW_ZERO = re.compile(rf"(?<![^\s(:])[-{numerals.MINUS_SIGNS}](?:{_MONEY})?\d[\d.,]*(?:\s?%)?", re.IGNORECASE)
CODE_BEFORE, CODE_BEHIND = re.compile(r"\b([A-Z]{3})\s?$"), re.compile(r"\s?([A-Z]{3})\b")  # of any currency


@dataclass(frozen=True)
class Line:
    """What a line says: amounts of USD and requests are of a month, tokens of a request, shares from 0 to 1.

    `other` is the same model as its seller has it too, for a region, where the line does not say whether it is that.
    `terms` is what the line says of time: path of the scenario -> value.
    """

    price: TokenPrice
    spent_usd: float | None = None
    requests: float | None = None
    input: float | None = None
    output: float | None = None
    cached: float | None = None
    batch: float | None = None
    discount: float | None = None
    other: TokenPrice | None = None
    terms: Mapping[str, float] = field(default_factory=dict)


def parse(text: str, currency: str = "USD") -> Line:
    """The numbers and the model of a line; amounts without a sign are in `currency`.

    Raises ScenarioError with one sentence on what cannot be read or is missing.
    """
    line = " ".join(text.split())
    if not line:
        raise ScenarioError(f"Write one line, such as: {EXAMPLE}.")
    if len(line) > LONGEST:
        length = numerals.numeral(len(line), ",")
        raise ScenarioError(f"The line has {length} characters; write it in at most {LONGEST}.")
    price, rest = model_of(line)
    if below := BELOW_ZERO.search(rest):
        raise ScenarioError(f"What is {below[0].strip()}? Write it without a sign: 20 % discount, falling 5 % a year.")
    price, other = placed(price, line)
    found, rest = in_words(re.sub(r"\b24 ?/ ?7\b", "always", rest))
    over, rest = terms(rest)
    for what, value in _numbers(rest, currency):
        if what in found:
            raise ScenarioError(f"The line gives the {NAMES[what]} twice; leave one of them out.")
        if value <= 0 and what not in SHARES:
            raise ScenarioError(f"The {NAMES[what]} is 0, with which there is nothing to compare; write what it is.")
        if value > 1 and what in SHARES:
            share = numerals.numeral(100 * value, ",.4g")
            raise ScenarioError(f"The {NAMES[what]} is {share} %; a share has at most 100 %.")
        found[what] = value
    ask_for_the_rest(rest, found)
    return Line(price, **found, other=other, terms=over)


NAMES = {
    "spent_usd": "amount that you pay",
    "requests": "number of requests",
    "input": "input tokens of a request",
    "output": "output tokens of a request",
    "cached": "share from a cache",
    "batch": "share that runs as batch",
    "discount": "discount",
}


def _numbers(text: str, currency: str) -> Iterator[tuple[str, float]]:
    """What each number of the text is, and its value."""
    matches = list(NUMBER.finditer(text))
    starts, ends = [0, *(match.end() for match in matches)], [*(match.start() for match in matches), len(text)]
    around = [text[start:end].lower() for start, end in zip(starts, ends, strict=True)]
    is_pair = False
    _ask_for_periods(around[0])
    for index, match in enumerate(matches):
        before, after, later = (*around, "")[index : index + 3]
        value, was_pair = _value(match), is_pair
        is_pair = not was_pair and bool(PAIR.fullmatch(after)) and ("/" in after or later.lstrip().startswith("token"))
        if was_pair or is_pair:
            what = "output" if was_pair else "input"
        elif match["percent"]:
            what, value = _share(match, before, after), value / 100
        else:
            what = _what(match, before, after)
        if what in ("spent_usd", "requests"):
            times, after = _to_a_month(after)
            value = _in_usd(value * times, _code(match) or currency) if what == "spent_usd" else value * times
        _ask_for_periods(after)
        yield what, value


def _to_a_month(after: str) -> tuple[float, str]:
    """(what a number is multiplied by, as the words behind it say when it is one of another period; further words)."""
    if found := re.match(rf"\s*(?:{REQUESTS}\s*)?(?:per|/|for each|for every)\s*(?!{PERIOD}\b)([a-z]+)", after):
        raise ScenarioError(
            f"What is it for all, not {found[0].strip()}? Write requests, and what you pay, of a month."
        )
    found = re.match(rf"[^,;.]*?(?:{A_PERIOD})", after)
    return (a_month(found), after[found.end() :]) if found else (1.0, after)


def _ask_for_periods(text: str) -> None:
    """ScenarioError where words without a number tell of another period than a month, of which nobody knows what."""
    if period := next((found for found in re.finditer(A_PERIOD, text) if a_month(found) != 1), None):
        raise ScenarioError(
            f"What is {period[0].strip()}? Write it right behind its number, such as 50,000 requests a day."
        )


def _code(match: re.Match) -> str | None:
    """The currency that stands with an amount: its sign, its name, or a code in capitals; None where there is none."""
    if said := match["money"] or match["after"]:
        return CODES[said.lower()]
    beside = CODE_BEFORE.search(match.string[: match.start()]), CODE_BEHIND.match(match.string[match.end() :])
    return next((found[1] for found in beside if found and is_currency(found[1])), None)


def _in_usd(amount: float, currency: str) -> float:
    if (found := usd(amount, currency, None)) is None:
        raise ScenarioError(f"No exchange rate is known for {currency}; write the amount in USD or EUR.")
    return found


def _value(match: re.Match) -> float:
    """The number; of two readings (30.000 or 30,000) the larger: nobody pays thirty, nor sends nine tokens."""
    found = numerals.written(f"{match['digits']}{match['scale'] or ''}")
    if found is None:
        raise ScenarioError(f"{match[0].strip()!r} is not a number; write it like 30,000 or 1.2 M.")
    return float(found.readings[-1])


def _share(match: re.Match, before: str, after: str) -> str:
    for what, words in SHARES.items():
        if re.match(rf"\s*{words}", after) or re.search(rf"({words})( of| is|:)?\s*$", before):
            return what
    raise ScenarioError(f"What is {match[0].strip()}? Write it like 60 % cached, 10 % discount or growing 5 %.")


def _what(match: re.Match, before: str, after: str) -> str:
    """What a number is that is no percentage."""
    if match["money"] or match["after"]:
        return "spent_usd"
    for what, (_, tail) in PARTS.items():
        if re.match(rf"\s*(?:{tail})", after):
            return what
    for what, (head, _) in PARTS.items():
        if re.search(rf"\b(?:{head})", before.rstrip()):
            return what
    period = re.match(rf"\s*(?:{A_PERIOD})", after)
    if (
        re.search(SPENT, before)
        or (period and a_month(period) <= A_MONTH["day"])
        or re.match(r"\s*(?:at|to|with)\b", after)
    ):
        return "spent_usd"
    ask_for_model(match.string[: match.start()], match[0].strip())
    raise ScenarioError(
        f"What is {match[0].strip()}? Write it like 30,000 USD a month, 1.2 M requests or 9,000/700 tokens."
    )
