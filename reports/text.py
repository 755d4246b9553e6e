"""Numbers as a reader writes them. One place, so that screen, slide and file agree."""

import math

from costmodel.units import UNITS
from pricing.currency import USD
from reports.money import converted, in_currency, is_money, shown, symbol

MINUS = "\u2212"
SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
FIGURES, CONVERTED_FIGURES = 3, 6
ACRONYMS = {
    "api": "API", "gpu": "GPU", "gpus": "GPUs", "kv": "KV", "pue": "PUE", "ml": "ML", "gb": "GB", "kwh": "kWh",
    "tflops": "TFLOPS", "fte": "FTE", "usd": "USD", "tco": "Total cost of ownership", "fp16": "FP16", "fp8": "FP8",
    "fp4": "FP4", "tdp": "TDP",
}  # fmt: skip


def compact(value: float) -> str:
    """Three figures and a scale: 528k, 5.70B, 0.87."""
    value = float(value)
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "n/a"
    sign, size = (MINUS if value < 0 else ""), abs(value)
    exponent = math.floor(math.log10(size))
    size = round(size, FIGURES - 1 - exponent)
    for scale, letter in SCALES:
        if (size >= scale and size >= SCALES[-2][0]) or (size >= 1e4 and scale == 1e3):
            return f"{sign}{_figures(size / scale)}{letter}"
    return sign + (f"{size:,.0f}" if size >= 1000 else _figures(size))


def _figures(size: float) -> str:
    decimals = max(0, FIGURES - 1 - math.floor(math.log10(size))) if size else 0
    return f"{size:.{decimals}f}"


def round_figure(value: float) -> str:
    """A round number without idle zeros, as on an axis: 0.1, 10, 1k, 2.5M."""
    scale, letter = next(((scale, letter) for scale, letter in SCALES if abs(value) >= scale), (1, ""))
    return f"{value / scale:g}{letter}"


def usd(value: float) -> str:
    """An amount of USD in the currency shown: $1.24M, $612k, $4,320, $0.87."""
    return amount(converted(value))


def amount(value: float) -> str:
    """An amount that is in the currency shown already."""
    text = compact(value)
    return f"{MINUS}{symbol()}{text[1:]}" if text.startswith(MINUS) else f"{symbol()}{text}"


def usd_exact(value: float) -> str:
    """An amount of USD in the currency shown, without fractions: $1,234,567."""
    shown_value = converted(value)
    return f"{MINUS if round(shown_value) < 0 else ''}{symbol()}{abs(shown_value):,.0f}"


def percent(frac: float) -> str:
    """A share as whole percent, with a decimal below ten and next to all: 83 %, 7.5 %, 99.7 %."""
    value = float(frac) * 100
    fine = 0 < abs(value) < 9.95 or 99 < value < 99.95
    return f"{value:.1f} %" if fine and round(value, 1) != round(value) else f"{value:.0f} %"


def signed_percent(frac: float) -> str:
    """A change as percent with its sign: +21 %, \u221213 %."""
    return f"{'+' if frac > 0 else MINUS if frac < 0 else ''}{percent(abs(frac))}"


def with_unit(value: object, unit: str) -> str:
    """A number of the model with its unit, as an input shows it; amounts in the currency shown."""
    if unit == "share":
        return f"{value * 100:.4g} %"
    if unit == "per year":
        return f"{value * 100:.4g} % a year"
    if is_money(unit):
        value = float(f"{converted(value):.{CONVERTED_FIGURES}g}") if shown() != USD else value
    if unit == "USD":
        return f"{shown().code} {value:,.10g}"
    if unit == "calendar year":
        return f"{value:.0f}"
    return f"{value:,.10g} {in_currency(UNITS[unit].label)}"


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
    carried = [unit for unit, known in UNITS.items() if known.suffix.startswith("_") and name.endswith(known.suffix)]
    if not carried:
        return field_name(name)
    unit = max(carried, key=lambda unit: len(UNITS[unit].suffix))
    return f"{field_name(name, unit)} ({UNITS[unit].label})"
