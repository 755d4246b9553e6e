"""What a line says of time: over how long, how the volume grows, what capital costs. The rest is left to others."""

import re
from collections.abc import Mapping

from costmodel import numerals
from costmodel.errors import ScenarioError
from costmodel.units import HOURS_PER_MONTH, SECONDS_PER_HOUR

HOURS_A_DAY, DAYS_A_WEEK, WORKING_DAYS_A_WEEK = 24, 7, 5
_DAYS = HOURS_PER_MONTH / HOURS_A_DAY
A_MONTH = {  # how many there are in a month
    "month": 1, "mo": 1, "year": 1 / 12, "yr": 1 / 12, "annum": 1 / 12, "quarter": 1 / 3,
    "week": _DAYS / DAYS_A_WEEK, "day": _DAYS,
    **dict.fromkeys(("working day", "business day", "workday", "weekday"), _DAYS / DAYS_A_WEEK * WORKING_DAYS_A_WEEK),
    **dict.fromkeys(("hour", "hr", "h"), HOURS_PER_MONTH), **dict.fromkeys(("minute", "min"), 60 * HOURS_PER_MONTH),
    **dict.fromkeys(("second", "sec", "s"), SECONDS_PER_HOUR * HOURS_PER_MONTH),
}  # fmt: skip
ADVERBS = {"monthly": "month", "yearly": "year", "annually": "year", "annual": "year", "quarterly": "quarter",
           "weekly": "week", "daily": "day", "hourly": "hour"}  # fmt: skip
PERIOD = rf"(?:{'|'.join(sorted(A_MONTH, key=len, reverse=True))})"
A_PERIOD = rf"(?:\b(?:an?|per|each|every)\s+|/\s?)({PERIOD})\b|\b({'|'.join(ADVERBS)})\b"
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
HORIZON, GROWTH, RATE = "finance.horizon_months", "workload.growth_per_year", "finance.discount_rate_per_year"
NAMES = {HORIZON: "time that it is over", GROWTH: "growth", RATE: "discount rate"}

_NUMBER = r"(?P<number>\d+(?:[.,]\d+)*)"
_SHARE = rf"(?<![\d.,]){_NUMBER}\s?(?:%|percent\b|per cent\b)"
_PERIOD = rf"(?P<period>\s*(?:{A_PERIOD}))?"
_UP = r"grow(?:s|ing|th)?|ris(?:es?|ing)|increas(?:es?|ing)|up"
_DOWN = r"shrink(?:s|ing)?|fall(?:s|ing)?|declin(?:es?|ing)|down"
_COST = r"discount rate|cost of capital|hurdle rate|interest(?: rate)?|wacc"
_OTHER = r"\s*(?:negotiated|volume|discount|off|less|rebate|batch|cached?|from|in|as|of|growth|more)\b"
_SPAN = (
    rf"(?P<joined>(?:\b(?:over|for|during|in|within)\s+(?:the\s+)?(?:(?P<past>last|past|previous)\s+|next\s+|coming\s+)?"
    rf"(?:a\s+)?)?)(?:horizon of\s+)?(?<![\d.,]){_NUMBER}[\s-]?(?P<unit>month|quarter|year)s?(?:\s+horizon)?\b"
    r"(?![\s-]*(?:commit|contract|reserv|old|term))"
)
_GROWTHS = (
    rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:\s+(?:of|by|at|is))?:?\s*{_SHARE}{_PERIOD}",
    rf"{_SHARE}{_PERIOD}\s*(?:(?P<up>growth|increase)|(?P<down>decline|decrease))\b(?P<later>\s*(?:{A_PERIOD}))?",
)
_RATES = (
    rf"(?:\bat\s+|\bwith\s+)?(?:an?\s+)?{_SHARE}\s+(?:{_COST})\b",
    rf"\b(?:{_COST}|discount(?:ed|ing))(?:\s+(?:of|at|is|by|with))?:?\s*{_SHARE}(?:\s*(?:{A_PERIOD}))?",
    rf"\bat\s+{_SHARE}(?!{_OTHER})(?:\s*(?:{A_PERIOD}))?",
)
REQUESTS = r"(?:api )?(?:requests?|calls?|quer(?:y|ies)|messages?|questions?|chats?)\b"
_SCALE = "|".join(sorted(numerals.SCALE, key=len, reverse=True))
_TOTAL = re.compile(  # an amount or a count just before a span
    rf"(?<![\d.,/])(\d[\d.,]*(?:\s?(?:{_SCALE}))?(?:\s?[A-Z]{{3}}|\s?[$€£])?(?:\s{REQUESTS})?)\s*$", re.IGNORECASE
)


def terms(text: str) -> tuple[Mapping[str, float], str]:
    """(path of the scenario -> value, the text without what said it) of all that the text says of time.

    Raises ScenarioError with one sentence where something is said twice, or an amount may be that of the whole time.
    """
    found: dict[str, float] = {}
    rest = re.sub(rf"\b({'|'.join(WORDS)})(?=[\s-](?:month|quarter|year))", _in_digits, text, flags=re.IGNORECASE)
    for pattern, said in _SAID:
        while match := pattern.search(rest):
            path, value = said(match)
            if path in found:
                raise ScenarioError(f"The line gives the {NAMES[path]} twice; leave one of them out.")
            found[path] = value
            rest = f"{rest[: match.start()]}; {rest[match.end() :]}"
    return found, rest


def a_month(period: re.Match) -> float:
    """How many of a period there are in a month."""
    return A_MONTH[(period[1] or ADVERBS[period[2].lower()]).lower()]


def _in_digits(match: re.Match) -> str:
    return str(WORDS.index(match[1].lower()) + 1)


def _horizon(match: re.Match) -> tuple[str, float]:
    """Over how long; what was used or paid in the past, or in all that time, is asked as that of one month."""
    span, before = match[0].strip(), _TOTAL.search(match.string[: match.start()])
    if match["past"]:
        raise ScenarioError(f"The line is about one month: write what it was {span} as that of a month.")
    if match["joined"] and before:
        raise ScenarioError(f"Is {before[1]} of one month, or of all that time? Write it as of a month, then {span}.")
    return HORIZON, round(_number(match["number"]) * MONTHS_OF[match["unit"].lower()])


def _growth(match: re.Match) -> tuple[str, float]:
    if re.search(r"\bprices?\b[^,;]*$", match.string[: match.start()], re.IGNORECASE):
        raise ScenarioError(f"How prices move is not read from a line: leave out {match[0]!r} and set it on a page.")
    said = re.search(A_PERIOD, match["period"] or match.groupdict().get("later") or "", re.IGNORECASE)
    step = _number(f"{match['number']} %") / 100 * (-1 if match["down"] else 1)
    if step <= -1:
        raise ScenarioError("A volume that falls by 100 % or more leaves nothing to compare; write a smaller share.")
    try:
        return GROWTH, (1 + step) ** (12 * a_month(said)) - 1 if said else step
    except OverflowError:
        raise ScenarioError(f"{match[0].strip()!r} is more than a volume can grow; write a smaller share.") from None


def _rate(match: re.Match) -> tuple[str, float]:
    return RATE, _number(f"{match['number']} %") / 100


def _number(digits: str) -> float:
    """Of two readings the larger, as everywhere in a line."""
    if (found := numerals.written(digits)) is None:
        raise ScenarioError(f"{digits!r} is not a number; write it like 36 or 8.5 %.")
    return float(found.readings[-1])


_SAID = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for patterns, said in (((_SPAN,), _horizon), (_GROWTHS, _growth), (_RATES, _rate))
    for pattern in patterns
)
