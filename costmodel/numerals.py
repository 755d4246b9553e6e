"""Numbers as people write and read them, and the one way in which files write them.

A point or a comma is a decimal mark in one country and stands between thousands in another. Mostly the digits tell
which; where they do not, as in 1.200, a text has two readings, and whoever asked for the number has to find out.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

SCALES = {
    Decimal(10**3): ("k", "thousand", "tsd"),
    Decimal(10**6): ("m", "mm", "mn", "mio", "million", "millions"),
    Decimal(10**9): ("b", "bn", "mrd", "billion", "billions"),
    Decimal(10**12): ("t", "tn", "trn", "trillion", "trillions"),
}
SCALE = {word: factor for factor, words in SCALES.items() for word in words}
CURRENCIES = {"us$": "USD", "$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "¥": "JPY",
              "chf": "CHF"}  # fmt: skip
MINUS = "\u2212"
MINUS_SIGNS = MINUS + "\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d"  # all that looks like a minus and is none
ALIKE = {**dict.fromkeys(map(ord, MINUS_SIGNS), "-"), ord("’"): "'"}
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
LONGEST = 80  # characters of a number that somebody wrote

_MONEY = "|".join(map(re.escape, sorted(CURRENCIES, key=len, reverse=True)))
_WRITTEN = re.compile(
    rf"""(?P<open>\()?\ ?(?P<sign>[-+])?\ ?(?P<before>{_MONEY}|[a-z]{{3}})?\ ?(?P<inner>[-+])?\ ?
    (?P<digits>\d[\d.,'_\ ]*\d|[.,]?\d+)
    (?:e(?P<power>[-+]?\d{{1,4}}))?
    (?:\ ?(?P<scale>{"|".join(sorted(SCALE, key=len, reverse=True))})(?![a-z])\.?)?
    \ ?(?P<percent>%)?\ ?(?P<after>{_MONEY})?\ ?(?P<words>[^\d)][^)]*)?(?P<close>\))?""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE | re.ASCII)
_GROUPED = r"[1-9]\d{{0,2}}(?:{0}\d{{3}})+"
_INTEGERS = {"": r"\d+", **{mark: _GROUPED.format(re.escape(mark)) for mark in " '_.,"}}
_INTEGERS[","] += r"|[1-9]\d?(?:,\d\d)+,\d{3}"  # 12,34,567: thousands and then hundreds, as in India


@dataclass(frozen=True)
class Marks:
    """What stands before decimals and between thousands in numbers that are shown."""

    decimal: str = "."
    group: str = ","


ENGLISH = Marks()
_marks: ContextVar[Marks] = ContextVar("marks of numbers shown", default=ENGLISH)


def marks() -> Marks:
    """The marks of numbers that are shown at present: those of who reads them, whoever begins to tell says so."""
    return _marks.get()


def write_with(wanted: Marks) -> None:
    """Show numbers with these marks from now on, in this thread."""
    _marks.set(wanted)


@contextmanager
def written_with(wanted: Marks) -> Iterator[None]:
    """Show numbers with these marks within the block."""
    token = _marks.set(wanted)
    try:
        yield
    finally:
        _marks.reset(token)


def in_digits(value: Any, form: str) -> str:
    """A number in one of Python's formats; one with significant digits, such as ",.4g", has no power of ten either."""
    told = format(value, form)
    return format(Decimal(told.replace(",", "")), ",f") if "e" in told and "." in form else told


def numeral(value: object, form: str) -> str:
    """A number in one of Python's formats, such as ",.2f", with the marks of now and a real minus."""
    told = marked(in_digits(value, form))
    return MINUS + told[1:] if told.startswith("-") else told


def marked(number: str) -> str:
    """A number as Python writes it, with the marks of now."""
    now = marks()
    return number if now == ENGLISH else number.translate({ord(","): now.group, ord("."): now.decimal})


@dataclass(frozen=True)
class Written:
    """What a text says: its readings in order of size, and the percent sign, currency and words that stand with them.

    `mark` is the point or comma that can be read in two ways, else empty; `scaled` says that a word or letter for
    thousands, millions or more was among the text.
    """

    readings: tuple[Decimal, ...]
    mark: str = ""
    percent: bool = False
    currency: str = ""
    scaled: bool = False
    words: str = ""


def written(text: str) -> Written | None:
    """The number that a person wrote, in any of the usual ways; None when it is none.

    Read are both decimal marks, points, commas, apostrophes and spaces of every width between thousands, powers such
    as 1.2e6, k, M, B and T or their words, percent and currency signs, every sign for minus, and brackets around what
    is negative. With a letter or a power a single point is the decimal mark, with a percent sign too unless it groups
    thousands where it is read.
    """
    found = _WRITTEN.fullmatch(_simplified(text)) if len(text) <= LONGEST else None
    if not found or bool(found["open"]) != bool(found["close"]) or (found["sign"] and found["inner"]):
        return None
    negative = "-" in (found["sign"], found["inner"]) or found["open"]
    factor = SCALE.get(found["scale"], Decimal(1)).scaleb(int(found["power"] or 0)) * (-1 if negative else 1)
    readings = _readings(found["digits"])
    is_decimal = found["scale"] or found["power"] or (found["percent"] and marks().group != ".")
    if len(readings) > 1 and "." in found["digits"] and is_decimal:
        readings = readings[:1]
    money = found["before"] or found["after"]
    return Written(
        readings=tuple(reading * factor for reading in readings),
        mark=next(mark for mark in ".," if mark in found["digits"]) if len(readings) > 1 else "",
        percent=bool(found["percent"]),
        currency=CURRENCIES.get(money, money.upper()) if money else "",
        scaled=bool(found["scale"]),
        words=(found["words"] or "").strip(" ."),
    ) if readings else None  # fmt: skip


def plain(text: str) -> float | None:
    """A number as files and the command line write it: a point is decimal, nothing stands between thousands."""
    return float(text) if _PLAIN.fullmatch(text.strip()) else None


def advice(text: str, *, in_percent: bool = False) -> str:
    """How a file would have to write what somebody wrote there in another way; empty when it is no number at all.

    `in_percent`: the number is a share, so that 5 % is 0.05.
    """
    found = written(text)
    if not found or found.words or found.currency:
        return ""
    shares = Decimal(100) if found.percent and in_percent else 1
    meant = [f"{(reading / shares).normalize():f}" for reading in found.readings]
    which = f"it can be read as {' or as '.join(meant)}; write one of them" if len(meant) > 1 else f"write {meant[0]}"
    return f": {which}, with a point for decimals and nothing between thousands"


def _simplified(text: str) -> str:
    """In small letters, with one kind of space, of minus and of apostrophe."""
    visible = "".join(" " if letter.isspace() else letter for letter in text if letter not in INVISIBLE)
    return " ".join(visible.translate(ALIKE).split()).lower()


def _readings(digits: str) -> list[Decimal]:
    """All numbers that the digits and the marks between them may mean, the smallest first."""
    found = set()
    for group, integer in _INTEGERS.items():
        for decimal in ".,":
            if decimal != group and re.fullmatch(
                rf"(?:{integer})(?:{re.escape(decimal)}\d+)?|{re.escape(decimal)}\d+", digits, re.ASCII
            ):
                found.add(Decimal((digits.replace(group, "") if group else digits).replace(decimal, ".")))
    return sorted(found)
