"""One line of plain English on what is used and paid today, as numbers: every number in it is read, or asked about."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from babel.numbers import is_currency

from costmodel import numerals
from costmodel.errors import ScenarioError
from pricing import token_prices
from pricing.market import hosts, title
from pricing.same_model import plain_name, variant
from pricing.token_prices import TokenPrice
from usage.money import usd
from usage.names import PROVIDERS, listed, provider_id, provider_name
from usage.terms import A_MONTH, A_PERIOD, ADVERBS, REQUESTS, terms

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
SHARES = {
    "cached": r"(of (the |our )?(input|prompts?)( tokens)? )?(is |are )?(cached|(read )?from (a |the )?cache|cache)",
    "discount": r"(negotiated |volume )?(discount|off|less|rebate)",
    "batch": r"(of it )?(in |as |runs? as )?batch",
}
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
MAKERS = ("anthropic", "openai", "google", "deepseek", "mistral", "x-ai", "cohere", "moonshotai")  # who sell their own
PLACES = {"global", "regional"}  # what a seller may have of a model, at different prices
_WORDS, MOST_NAMED = re.compile(r"[a-z]{3,}"), 3  # of a name; models that a refusal names
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
    price, rest = _model(line)
    price, other = _where(price, line)
    over, rest = terms(rest)
    found: dict[str, float] = {}
    for what, value in _numbers(rest, currency):
        if what in found:
            raise ScenarioError(f"The line gives the {NAMES[what]} twice; leave one of them out.")
        if value <= 0 and what not in SHARES:
            raise ScenarioError(f"The {NAMES[what]} is 0, with which there is nothing to compare; write what it is.")
        if value > 1 and what in SHARES:
            share = numerals.numeral(100 * value, ",.4g")
            raise ScenarioError(f"The {NAMES[what]} is {share} %; a share has at most 100 %.")
        found[what] = value
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
    for match, before, after, later in zip(matches, around[:-1], around[1:], [*around[2:], ""], strict=True):
        value = _value(match)
        if is_pair:
            yield "output", value
            is_pair = False
            continue
        is_pair = bool(PAIR.fullmatch(after)) and ("/" in after or later.lstrip().startswith("token"))
        if is_pair:
            yield "input", value
        elif match["percent"]:
            yield _share(match, before, after), value / 100
        else:
            what = _what(match, before, after)
            value *= _to_a_month(after) if what in ("spent_usd", "requests") else 1.0
            yield what, _in_usd(value, _code(match) or currency) if what == "spent_usd" else value


def _to_a_month(after: str) -> float:
    """What a number is multiplied by when it is one of another period, as the words behind it say."""
    found = re.match(rf"[^,;.]*?(?:{A_PERIOD})", after)
    return A_MONTH.get(found[1] or ADVERBS[found[2]], 1.0) if found else 1.0


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
    if re.search(SPENT, before) or re.match(rf"\s*(?:{A_PERIOD}|(?:at|to|with)\b)", after):
        return "spent_usd"
    raise ScenarioError(
        f"What is {match[0].strip()}? Write it like 30,000 USD a month, 1.2 M requests or 9,000/700 tokens."
    )


def _model(line: str) -> tuple[TokenPrice, str]:
    """The price of the model that the line names, and the line without the name."""
    provider = _provider(line)
    for pattern, seller, model in sorted(_known(), key=lambda known: known[1] != provider):
        if found := pattern.search(line):
            rest = f"{line[: found.start()]} {line[found.end() :]}"
            price = listed(provider or seller, model)
            if price is None:
                raise ScenarioError(
                    f"No list price of {found[0].strip()} is known at {provider_name(provider)}; name who sells it."
                )
            if provider is None and seller not in MAKERS:
                _one_seller(model)
            return price, rest
    at = f" at {provider_name(provider)}" if provider else ""
    few = _meant(line, provider) or ["Claude Sonnet 4.6", "GPT-5.4"]
    raise ScenarioError(f"Which model{at}? Name it as the price list does, such as {_either(few)}.")


def _one_seller(model: str) -> None:
    """ScenarioError where several sell a model that none of them made, each at its own price."""
    sellers = sorted({row.seller for row in hosts(plain_name(model))})
    if len(sellers) > 1:
        few = _either(sellers[:MOST_NAMED])
        raise ScenarioError(
            f"Who sells it? {len(sellers)} have {title(plain_name(model))}: write, for example, at {few}."
        )


def _either(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _meant(line: str, provider: str | None) -> list[str]:
    """A few models that the line may mean: those with most of its words, of the provider that it names."""
    said = set(_WORDS.findall(line.lower()))
    offered = (price.model for price in token_prices.listed() if provider in (None, price.provider))
    alike = {
        name: len(said.intersection(_WORDS.findall(name.lower()))) for name in map(title, map(plain_name, offered))
    }
    most = max(alike.values(), default=0)
    return [name for name, count in alike.items() if count == most and (most or provider)][:MOST_NAMED]


def _where(price: TokenPrice, line: str) -> tuple[TokenPrice, TokenPrice | None]:
    """(the price of where the line says that the model runs, else of everywhere; what it may be where that is open)."""
    sold = {variant(row.model): row for row in hosts(plain_name(price.model)) if row.provider == price.provider}
    if not sold.keys() >= PLACES:
        return price, None
    said = [place for place in PLACES if re.search(rf"\b{place}", line, re.IGNORECASE)]
    return (sold[said[0]], None) if len(said) == 1 else (sold["global"], sold["regional"])


def _provider(line: str) -> str | None:
    """The id of a provider that the line names after a word such as at or through."""
    words = re.findall(r"\b(?:at|from|through|via|with|on|to)\s+([A-Za-z][\w.-]*(?:\s+[A-Z][\w.-]*)?)", line)
    known = {*PROVIDERS.values(), *token_prices.providers()}
    for phrase in words:
        for name in (phrase, phrase.split()[0]):
            if (found := provider_id(name)) in known:
                return found
    return None


@cache
def _known() -> tuple[tuple[re.Pattern, str, str], ...]:
    """(how it may be written, seller, model) of every model with a number in its name, the longest names first.

    Makers come before those who sell the models of others, since theirs are the names that models are known by.
    """
    entries = []
    for price in token_prices.listed():
        rank = MAKERS.index(price.provider) if price.provider in MAKERS else len(MAKERS)
        for name in {price.name, price.model, price.name.removeprefix("Claude "), title(plain_name(price.model))}:
            words = re.findall(r"[a-z]+|\d+", name.lower())
            if any(word.isdigit() for word in words) and len("".join(words)) > 2:
                entries.append((rank, -len("".join(words)), words, price))
    entries.sort(key=lambda entry: entry[:2])
    return tuple((_spelled(words), price.provider, price.model) for _, _, words, price in entries)


def _spelled(words: Sequence[str]) -> re.Pattern:
    """A name with anything but letters and digits between its words, and no further digits behind it."""
    return re.compile(r"(?<![\w.])" + r"[\W_]*".join(words) + r"(?!\w|[.-]\d)", re.IGNORECASE)
