"""What a reader typed for a number of the scenario: its value, and what is said or asked about it under the field."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from costmodel import numerals
from costmodel.errors import ScenarioError
from costmodel.fields import SHARES, Number
from costmodel.numerals import Written
from pricing.currency import Currency, currency
from pricing.dates import MONTHS, day
from reports.words import money
from reports.words.plain import printable
from reports.words.text import (
    NO_LIMIT,
    NOT_KNOWN,
    SHORT_UNITS,
    YEAR,
    counted_unit,
    in_figures,
    in_full,
    in_unit,
    spoken,
    unit_label,
    with_unit,
)

MONTH, RATIO = "month of the year", "ratio"
TIMES = ("times", "x", "×")
NOT_COUNTED_IN = {MONTH: "a month", YEAR: "a year", RATIO: "a ratio"}  # units that no number is 'in'
OWN_SCALE = {"B parameters": 1e9}  # units that count in more than ones


class Misread(ScenarioError):
    """One sentence on why a text is no value of a field; `readings` are the values to choose from where it has two."""

    def __init__(self, sentence: str, readings: tuple[float, ...] = ()):
        super().__init__(sentence)
        self.readings = readings


@dataclass(frozen=True)
class Typed:
    """The value of a field, in its own unit, None of an empty input where it may be empty.

    `echo` says how the text was read where that is not plain to see.
    """

    value: float | None
    echo: str = ""


def shown(value: float, number: Number) -> str:
    """A value as its input shows it, in the unit that the label names, ready to be typed back."""
    if number.unlimited and value >= number.high:
        return NO_LIMIT
    if number.unknown and value <= number.low:
        return NOT_KNOWN
    if number.unit == MONTH and value in range(1, len(MONTHS) + 1):
        return MONTHS[int(value) - 1]
    return in_figures(value, number.unit)


def told(value: float, number: Number) -> str:
    """A value with its unit, as it is said in a sentence."""
    words = shown(value, number)
    return words if words in (NO_LIMIT, NOT_KNOWN, *MONTHS) else in_full(value, number.unit)


def between(low: float, high: float, number: Number) -> str:
    """Two values and the unit that they share: '10 to 60 %', 'January to June', '$8,000 to $60,000 a year'."""
    if money.is_money(number.unit):
        each = unit_label(number.unit).removeprefix(money.shown().code)
        return f"{with_unit(low, number.unit).removesuffix(each)} to {with_unit(high, number.unit)}"
    words = shown(low, number)
    is_plain = words not in (NO_LIMIT, NOT_KNOWN, *MONTHS) and number.unit != YEAR
    return f"{spoken(in_unit(low, number.unit)) if is_plain else words} to {told(high, number)}"


def typed(text: str, number: Number, before: str = "") -> Typed:
    """The value that a text gives a field; Misread with one sentence when it gives none or may give two.

    Of two readings the field's bounds may leave one, or the mark may stand in `before`, the text that the field had:
    a mark is read as it is shown there. Bounds are for the scenario to check, with everything else.
    """
    if (word := _word(text, number)) is not None:
        return Typed(word)
    found = numerals.written(text)
    if found is None:
        example = before or shown(number.low, number)
        raise Misread(f"{_quoted(text)} is not a number; write it like {example}." if text.strip()
                      else f"This needs a number, such as {example}.")  # fmt: skip
    _check_unit(text, found, number)
    written_in = _currency(text, found)
    possible = _values(found, number, written_in)
    if len(possible) > 1 and found.mark in before:
        possible = [possible[found.mark == numerals.marks().group]]
    if len(possible) > 1:
        one, other = (_only_one_way(shown(value, number)) for value in possible)
        second = f"{told(possible[1], number)}{_rate(written_in)}"
        raise Misread(f"{_quoted(text)} can be read as {shown(possible[0], number)} or as {second}: write {one} or "
                      f"{other}.", tuple(possible))  # fmt: skip
    (value,) = possible
    as_shown = shown(value, number), f"{shown(value, number)} %", told(value, number)
    plain = (numerals.plain(text) is not None and not found.mark) or text.strip() in as_shown
    if _may_be_a_fraction(value, found, number) and text.strip() != before:
        return Typed(value, f"Read as {told(value, number)}; for {told(100 * value, number)} write "
                            f"{shown(100 * value, number)}.")  # fmt: skip
    return Typed(value, "" if plain else f"Read as {told(value, number)}{_rate(written_in)}.")


def _may_be_a_fraction(value: float, found: Written, number: Number) -> bool:
    """Whether a number below 1 % was typed that is as good a share of 1: 0.085 for 8.5 %."""
    return number.unit in SHARES and not found.percent and 0 < value < 0.01 and 100 * value <= number.high


def _only_one_way(text: str) -> str:
    """A number as it was shown, written so that nobody can read it in another way; a word can be read in one."""
    bare = text.replace(numerals.marks().group, "")
    found = numerals.written(bare)
    return text if found is None else bare if len(found.readings) == 1 else f"{bare}0"


def _word(text: str, number: Number) -> float | None:
    """The value that has a word of its own: a month by its name, no limit, not known."""
    word = text.strip().casefold()
    if number.unlimited and word in (NO_LIMIT, "unlimited", "none"):
        return number.high
    if number.unknown and word in (NOT_KNOWN, "unknown"):
        return number.low
    if number.unit == MONTH and len(word) >= len("jan"):
        return next((float(i) for i, name in enumerate(MONTHS, 1) if name.casefold().startswith(word)), None)
    return None


def _check_unit(text: str, found: Written, number: Number) -> None:
    this = f"this is {_kind(number.unit)}"
    if found.percent and number.unit not in (*SHARES, RATIO):
        raise Misread(f"{_quoted(text)} is a percentage; {this}.")
    if found.currency and not money.is_money(number.unit):
        raise Misread(f"{_quoted(text)} is an amount of money; {this}.")
    if found.words and not any(name.startswith(found.words) for name in _names(number.unit)):
        raise Misread(f"{_quoted(text)} ends in {found.words!r:.40}; {this}.")


def _kind(unit: str) -> str:
    """What a field in this unit takes, after 'this is'."""
    if unit in SHARES:
        return "a percentage"
    label = unit_label(unit)
    return NOT_COUNTED_IN.get(unit) or (f"a number in {label}" if label else "a bare number")


def _currency(text: str, found: Written) -> Currency:
    """The currency that an amount was written in, at the rate of the day that amounts are shown at, else the latest."""
    here = money.shown()
    if found.currency in ("", here.code):
        return here
    try:
        return currency(found.currency, here.on or date.max)
    except ScenarioError:
        raise Misread(f"{_quoted(text)} is in {found.currency}, of which no exchange rate is known; amounts are "
                      f"entered in {here.code} here.") from None  # fmt: skip


def _rate(written_in: Currency) -> str:
    """At which rate an amount was converted; empty where it was not."""
    here = money.shown()
    if written_in == here:
        return ""
    on = " and ".join(dict.fromkeys(day(each) for each in (written_in.on, here.on) if each))
    one = numerals.numeral(here.per_usd / written_in.per_usd, ".6g")
    return f", at 1 {written_in.code} = {one} {here.code}, reference rate of {on}"


def _names(unit: str) -> Iterator[str]:
    """What may follow a number in this unit, in small letters: its names, with or without currency and %."""
    label, code = unit_label(unit), money.shown().code.casefold()
    short, one = SHORT_UNITS.get(unit, ""), counted_unit("1", unit)
    for name in (money.in_currency(unit), label, one, short, *(TIMES if unit == RATIO else ())):
        yield name.casefold()
        yield name.casefold().removeprefix(code).removeprefix("%").removeprefix("b ").strip()
    yield label.casefold().removeprefix("billion ")


def _values(found: Written, number: Number, written_in: Currency) -> list[float]:
    """What the readings are in the field's own unit: those within its bounds, else the first.

    A field in billions takes 70B as 70, and 1k, which is as good as none of a billion, as a thousand of them.
    """
    percent = number.unit in SHARES or found.percent
    entered = (float(reading / 100 if percent else reading) for reading in found.readings)
    values = [value / written_in.per_usd if money.is_money(number.unit) else value for value in entered]
    scale = OWN_SCALE.get(number.unit) if found.scaled else None
    scaled = _possible([value / scale for value in values], number) if scale else []
    return scaled or _possible(values, number) or values[:1]


def _possible(values: list[float], number: Number) -> list[float]:
    found = []
    for value in values:
        with suppress(ValueError):
            number.check(value)
            found.append(value)
    return found


def _quoted(text: str) -> str:
    line = printable(text)
    return f"“{line if len(line) <= numerals.LONGEST else line[:40] + '…'}”"
