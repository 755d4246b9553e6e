"""Numbers as a reader writes them. One place, so that screen, slide and file agree."""

import math
from collections.abc import Callable
from decimal import Decimal

import numpy as np

from costmodel.arrays import Value
from costmodel.fields import SHARES
from costmodel.numerals import MINUS, marked, marks, numeral
from costmodel.units import UNITS
from pricing.currency import USD
from reports.words.money import as_kept, as_shown, cents, converted, in_currency, is_money, shown, symbol

SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
SPOKEN_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
FIGURES, CONVERTED_FIGURES = 3, 6
NO_CENTS = 10_000  # from which on so many figures do not hold the cents
DIGITS = 10  # of a number in full; who has more did not enter it, it was worked out
SHORT, SHORT_WORKED_OUT = 6, 4  # digits of a number on a lever: of one that somebody entered, of one that nobody did
WORKED_OUT = 6  # digits of such a number, and all before the decimal mark
LEAST_ODDS = 0.001  # the last digit of a share in percent
WHOLE_FROM = 10  # of an amount in a currency without cents; what is less is the price of something small
MOST_DECIMALS = 15  # of a number in full; what is smaller is none
MOST_SPOKEN = 1e15  # beyond which a number of the model is a slip
LONGEST_SPOKEN = 6  # characters before "million" from which plain figures are easier to read
NO_LIMIT, NOT_KNOWN = "no limit", "not known"  # what a bound of some fields stands for
SHORT_UNITS = {"share": "%", "per year": "% a year", "tokens/request": "per request", "FTE": "FTE",
               "FTE/server": "FTE per server", "FTE/1000 devices": "FTE per 1,000 devices"}  # fmt: skip
YEAR, LAST_YEAR = "calendar year", 9999
MULTIPLES_FROM = 3  # a ratio that is easier to read as a multiple than as percent
ACRONYMS = {
    "api": "API", "gpu": "GPU", "gpus": "GPUs", "kv": "KV", "pue": "PUE", "ml": "ML", "gb": "GB", "kwh": "kWh",
    "tflops": "TFLOPS", "fte": "FTE", "usd": "USD", "tco": "Total cost of ownership", "fp16": "FP16", "fp8": "FP8",
    "fp4": "FP4", "tdp": "TDP", "kw": "kW", "json": "JSON", "openai": "OpenAI", "deepseek": "DeepSeek",
    "english": "English", "utc": "UTC", "utilization": "utilisation", "levelized": "levelised",
    "mtok": "million tokens", "label": "name",
}  # fmt: skip


def odds(share: float) -> str:
    """A share of many cases in percent: 100 % only where it is all of them, 0 % only where it is none."""
    if LEAST_ODDS / 2 < share < 1 - LEAST_ODDS / 2 or share in (0, 1):
        return percent(share)
    return f"more than {percent(1 - LEAST_ODDS)}" if share > 0.5 else f"less than {percent(LEAST_ODDS)}"


def figure(value: float, digits: int = DIGITS) -> str:
    """A number in full, with separators and without idle zeros: 594,000, 0.123, 1,000,000,000,000.

    One that was worked out, so that it has more digits than anybody enters, is told as 121,667 and 0.333333.
    """
    exact = Decimal(repr(float(value)))  # the digits that were entered, without the noise of binary fractions
    if not exact.is_finite():
        return compact(value)
    if len(exact.normalize().as_tuple().digits) > DIGITS:
        digits = min(digits, WORKED_OUT)
    decimals = min(max(0, digits - 1 - exact.adjusted()), MOST_DECIMALS)
    text = f"{exact:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("0", "-0") else marked(text).replace("-", MINUS)


def spoken(value: float) -> str:
    """A number as one says it where that is no longer than its figures: 1.2 million, 594,000, 1,234,567."""
    size = abs(float(value))
    nearly = 1 - 10.0**-WORKED_OUT  # what was worked out is told as that
    scale, word = next(((scale, word) for scale, word in SPOKEN_SCALES if size >= scale * nearly), (1, ""))
    told = figure(value / scale)
    return f"{told} {word}" if word and len(told.lstrip(MINUS)) <= LONGEST_SPOKEN else figure(value)


def spoken_at_most(value: float) -> str:
    """The same of a number that may be far too large, such as one that was refused: more than 1,000 trillion."""
    if abs(value) <= MOST_SPOKEN:
        return spoken(value)
    return f"{'more than ' if value > 0 else 'less than '}{spoken(math.copysign(MOST_SPOKEN, value))}"


def compact(value: float) -> str:
    """Three figures and a scale: 528k, 5.70B, 0.87."""
    return marked(_compact(float(value)))


def _compact(value: float) -> str:
    if abs(value) < 10**-MOST_DECIMALS or not math.isfinite(value):
        return "0" if math.isfinite(value) else "n/a"
    sign, size = (MINUS if value < 0 else ""), abs(value)
    exponent = math.floor(math.log10(size))
    size = round(size, FIGURES - 1 - exponent)
    for scale, letter in SCALES:
        if (size >= scale and size >= SCALES[-2][0]) or (size >= 1e4 and scale == 1e3):
            return f"{sign}{_figures(size / scale)}{letter}"
    return sign + _figures(size)


def _figures(size: float) -> str:
    decimals = max(0, FIGURES - 1 - math.floor(math.log10(size))) if size else 0
    return f"{size:,.{decimals}f}"


def round_figure(value: float) -> str:
    """A round number without idle zeros, as on an axis: 0.1, 10, 1k, 2.5M."""
    scale, letter = next(((scale, letter) for scale, letter in SCALES if abs(value) >= scale), (1, ""))
    return f"{figure(value / scale, 6)}{letter}"


def usd(value: float) -> str:
    """An amount of USD in the currency shown: $1.24M, $612k, $4,320, $0.87."""
    return amount(converted(value))


def unit_price(value: float) -> str:
    """What one of something costs, of USD in the currency shown, as a price list writes it: $0.15, $10.00, $278k."""
    price = converted(value)
    if not 0 <= price < 1000:
        return amount(price)
    text = figure(price, FIGURES)
    fine = len(text.partition(marks().decimal)[2]) >= cents()
    return f"{symbol()}{text if fine else numeral(price, f'.{cents()}f')}"


def usd_each(value: float) -> str:
    """What one of something comes to, of USD in the currency shown, with cents from one on: $0.0580, $4.03, $11.60."""
    return amount_each(converted(value))


def amount_each(value: float) -> str:
    """The same of an amount that is in the currency shown already."""
    return f"{symbol()}{numeral(value, '.2f')}" if cents() and 1 <= value < 999.995 else amount(value)


def amount(value: float) -> str:
    """An amount that is in the currency shown already: $11.60, and \u00a512, which has no cents."""
    text = _compact(float(value))
    if not cents() and abs(value) >= WHOLE_FROM and "." in text and text[-1].isdigit():
        text = f"{value:.0f}".replace("-", MINUS)
    return _with_symbol(_with_cents(marked(text)))


def _with_symbol(number: str) -> str:
    return f"{MINUS}{symbol()}{number[1:]}" if number.startswith(MINUS) else f"{symbol()}{number}"


def _with_cents(number: str) -> str:
    """A number with at least as many decimals as the currency shown has, if it has any: 11.60."""
    decimals = number.partition(marks().decimal)[2]
    return number + "0" * (cents() - len(decimals)) if decimals.isdigit() else number


def _uncut(number: str, exact: float) -> str:
    """The number that says an amount, whole where its figures end within the cents: 53,107, not 53,106.7."""
    decimals = len(number.partition(marks().decimal)[2])
    is_cut = 0 < decimals < cents() and round(exact, cents()) != round(exact, decimals)
    return figure(round(exact)) if is_cut else number


def signed_usd(value: float) -> str:
    """A change of an amount of USD with its sign, in the currency shown: +$1.24M, \u2212$612k."""
    return f"{'+' if value > 0 else ''}{usd(value)}"


def usd_exact(value: float) -> str:
    """An amount of USD in the currency shown, without fractions: $1,234,567."""
    shown_value = converted(value)
    return f"{MINUS if round(shown_value) < 0 else ''}{symbol()}{numeral(abs(shown_value), ',.0f')}"


def to_whole(value: float) -> float:
    """An amount of USD as `usd_exact` shows it: steps between such amounts add up as they are printed."""
    return as_kept(round(converted(value)), "USD")


def to_the_cent(value: float) -> str:
    """An amount in the currency shown as a ledger has it, without its sign: \u221237,223.23."""
    return numeral(value, ",.2f")


def percent(frac: float) -> str:
    """A share as whole percent, with a decimal below ten and next to all: 83 %, 7.5 %, 99.7 %, 1,234 %."""
    value = float(frac) * 100
    fine = 0 < abs(value) < 9.95 or 99 < value < 99.95
    text = f"{value:.1f} %" if fine and round(value, 1) != round(value) else f"{value:,.0f} %"
    return marked(text).replace("-", "" if text in ("-0 %", "-0.0 %") else MINUS)


def seconds_said(value: float) -> str:
    """A time that somebody or something waits, short: '1.53 s', '0.013 s'."""
    return f"{compact(value)} s" if value >= 1 else f"{numeral(value, '.2g')} s"


def signed_percent(frac: float) -> str:
    """A change as percent with its sign: +21 %, \u221213 %."""
    size = percent(abs(frac))
    return size if size == percent(0) else f"{'+' if frac > 0 else MINUS}{size}"


def to_figures(value: float, unit: str, figures: int) -> float:
    """A number of the model to so many figures, which of an amount are those of the currency shown; a year is whole."""
    if unit == YEAR:
        return float(round(value))
    return as_kept(float(f"{as_shown(value, unit):.{figures}g}"), unit)


def four_figures(value: float, unit: str = "") -> float:
    """The same as it is told where its last digits mean nothing."""
    return to_figures(value, unit, 4)


def short_value(value: float, unit: str) -> str:
    """A number of the model as a lever shows it: 25 %, $148k, 1.20B."""
    if unit in SHARES:
        return f"{figure(in_percent(value), 3)} %"
    if is_money(unit):
        return usd(value)
    if unit == YEAR:
        return in_figures(value, unit)
    entered = float(f"{value:.{SHORT}g}") == value
    return compact(value) if abs(value) >= 1e4 else figure(value, SHORT if entered else SHORT_WORKED_OUT)


def with_unit(value: float, unit: str) -> str:
    """A number of the model with its unit, short; amounts in the currency shown."""
    if unit in SHARES:
        return f"{figure(in_percent(value), 4)} {SHORT_UNITS[unit]}"
    return _unit_added(figure(converted_roughly(value, unit)), value, unit)


def in_full(value: float, unit: str) -> str:
    """A number of the model as one says it, in full: 1.2 million requests a month, $4,320, 33.3 %."""
    if unit in SHARES:
        return f"{figure(in_percent(value))} {SHORT_UNITS[unit]}"
    return _unit_added(spoken(in_unit(value, unit)), value, unit)


def in_figures(value: float, unit: str, write: Callable[[float], str] = figure) -> str:
    """A number of the model in the unit that its input takes, without it: 33.3, 1,200, and 2027 where it is a year."""
    is_year = unit == YEAR and 1 <= value <= LAST_YEAR
    return f"{value:.{DIGITS}g}" if is_year else write(in_unit(value, unit))


def _unit_added(number: str, value: float, unit: str) -> str:
    if unit == YEAR:
        return in_figures(value, unit)
    if is_money(unit):
        told = _with_symbol(_with_cents(_uncut(number, in_unit(value, unit))))
        return f"{told} {unit_label(unit).removeprefix(shown().code).strip()}".rstrip()
    return f"{number} {counted_unit(number, unit)}".rstrip()


def counted_unit(number: str, unit: str) -> str:
    """The unit after a number: 'months', but after 1 'month'; what is an abbreviation has no plural."""
    first, *rest = unit_label(unit).split(" ")
    plural = number.lstrip(MINUS) == "1" and len(first) > 3 and first.endswith("s") and "/" not in first
    return " ".join([first.removesuffix("s") if plural and first != "times" else first, *rest])


def converted_roughly(value: float, unit: str) -> float:
    """A number of the model, an amount in the currency shown to as many figures as a reader wants of a conversion.

    One that has too many for its cents has none.
    """
    if not is_money(unit) or shown() == USD:
        return value
    rough = float(f"{converted(value):.{CONVERTED_FIGURES}g}")
    return rough if abs(rough) < NO_CENTS else float(round(rough))


def unit_label(unit: str) -> str:
    """How a unit is written, in the currency shown; a bare number has none."""
    return in_currency(UNITS[unit].label) if unit else ""


def in_unit(value: float, unit: str) -> float:
    """A number of the model in the unit that its input takes: shares in percent, amounts in the currency shown."""
    return in_percent(value) if unit in SHARES else as_shown(value, unit)


def in_percent(frac: float) -> float:
    """A share as its percentage, without the noise of binary fractions: 0.07 is 7."""
    return float(Decimal(repr(float(frac))) * 100)


NOUNS = {"tokens/request": "tokens", "tokens": "tokens", "month of the year": "month",
         "calendar year": "year", "ratio": "ratio"}  # fmt: skip


def field_name(name: str, unit: str = "", label: str = "") -> str:
    """A field as readers know it: its label if it has one, else its name without the unit: 'Server price'."""
    if label:
        return label
    suffix = UNITS[unit].suffix if unit else ""
    if suffix.startswith("_") and name.endswith(suffix):
        name = f"{name.removesuffix(suffix)}_{NOUNS.get(unit, '')}".strip("_")
    words = [ACRONYMS.get(word, word) for word in name.split("_")]
    return in_currency(words[0][:1].upper() + " ".join(words)[1:])


def heading(name: str) -> str:
    """A column whose name carries its unit: 'output_usd_per_mtok' -> 'Output (USD per million tokens)'."""
    whole = f"_{name}" if "_per_" in name else name  # 'usd_per_kwh' is all unit, 'gpus' a thing
    carried = [known for known in UNITS.values() if known.suffix.startswith("_") and whole.endswith(known.suffix)]
    if not carried:
        return field_name(name)
    unit = max(carried, key=lambda known: len(known.suffix))
    what = whole.removesuffix(unit.suffix).strip("_")
    return f"{field_name(what) if what else 'Price' if is_money(unit.label) else 'Amount'} ({in_currency(unit.label)})"


def highest(value: Value) -> float:
    """The one number of a run, the highest where it has one for each month."""
    return float(np.max(value))
