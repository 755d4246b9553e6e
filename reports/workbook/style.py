"""How a workbook looks: one typeface, thin rules, inputs in blue, and number formats by unit."""

import math
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from costmodel.units import UNITS

INK, GREY, RULE, BAND = "#1f2933", "#7b8794", "#9aa5b1", "#f0f4f8"
INPUT_INK, INPUT_FILL = "#0000ff", "#fffbe6"  # as in most financial models: blue is for what may be changed
PERCENT_UNITS = {"share", "per year"}
LINE_HEIGHT, LETTER_WIDTH = 13.5, 0.88  # points of a line; characters that wrapping wastes make up for narrow letters
A4, FOOTER = 9, "&L&A&RPage &P of &N"
TEXT_LIMIT = 32000  # characters of a cell; Excel takes 32,767


class PlainSheet(Worksheet):
    """A sheet that takes formulas as they are, which halves the time; they use no function newer than Excel 2007."""

    def _prepare_formula(self, formula, expand_future_functions=False):
        return formula.removeprefix("=")


class Style:
    """Formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book, self._formats = book, {}

    def __call__(self, **properties: Any):
        """The format with these properties on top of the common ones."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            common = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "top"}
            self._formats[key] = self._book.add_format({**common, **properties})
        return self._formats[key]


def number_format(unit: str) -> str:
    """Format of results in a unit: zeros as a dash, so that what is there stands out."""
    if unit in PERCENT_UNITS:
        return "0.0%"
    if unit not in UNITS:
        return "[>=1000]#,##0;[>=0.01]0.0000;General"
    decimals = f".{'0' * UNITS[unit].decimals}" if UNITS[unit].decimals else ""
    return f"#,##0{decimals};-#,##0{decimals};–"


def input_format(value: float, unit: str) -> str:
    """Format of an input, with as many decimals as its value has."""
    percent = unit in PERCENT_UNITS
    digits = f"{value * 100 if percent else value:.6f}".rstrip("0").partition(".")[2]
    decimals = f".{'0' * len(digits)}" if digits else ""
    return f"0{decimals}%" if percent else f"#,##0{decimals}"


def unit_label(unit: str) -> str:
    """A unit as a column shows it; shares are shown as percent."""
    if unit in PERCENT_UNITS:
        return "%" if unit == "share" else "% a year"
    return UNITS[unit].label if unit in UNITS else ""


def text(value: Any) -> str:
    """A text that a cell can hold: printable, and not too long."""
    letters = (letter if letter.isprintable() or letter == "\n" else " " for letter in str(value))
    return "".join(letters)[:TEXT_LIMIT]


def height(*cells: tuple[str, float]) -> float:
    """Height of a row in points that shows all of its wrapped texts: (text, width of the column in characters)."""
    return LINE_HEIGHT * max(math.ceil(len(written) * LETTER_WIDTH / width) or 1 for written, width in cells)
