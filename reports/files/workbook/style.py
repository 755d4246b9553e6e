"""How a workbook looks: one typeface, thin rules, inputs in blue, and number formats by unit."""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from costmodel.units import UNITS
from reports.words.money import in_currency
from reports.words.plain import typeset

INK, GREY, RULE, BAND = "#1f2933", "#7b8794", "#9aa5b1", "#f0f4f8"
INPUT_INK, INPUT_FILL = "#0000ff", "#fffbe6"  # as in most financial models: blue is for what may be changed
PERCENT_UNITS = {"share", "per year"}
LINE_HEIGHT, LETTER_WIDTH = 13.5, 0.88  # points of a line; characters that wrapping wastes make up for narrow letters
TITLE_HEIGHT = 24  # points of the first row
A4, FOOTER = 9, "&L&A&RPage &P of &N"
SMALL = (
    f"0.0{'#' * 9}"  # LibreOffice would show all digits of a General beside conditions, for which no column has room
)
TEXT_LIMIT = 32000  # characters of a cell; Excel takes 32,767


class PlainSheet(Worksheet):
    """A sheet whose columns are as wide as their numbers, and that prints one page wide.

    It takes formulas as they are, which halves the time: they use no function newer than Excel 2007.
    """

    def __init__(self) -> None:
        super().__init__()
        self.characters: dict[int, int] = defaultdict(int)

    def _prepare_formula(self, formula, expand_future_functions=False):
        return formula.removeprefix("=")

    def write_string(self, y, x, string, cell_format):
        """A text as it is set where people read it."""
        return super().write_string(y, x, typeset(text(string)), cell_format)

    def write_number(self, y, x, number, cell_format):
        """A number, for which its column is to have room."""
        self.characters[x] = max(self.characters[x], characters(number, cell_format.num_format))
        return super().write_number(y, x, number, cell_format)

    def write_formula(self, y, x, formula, cell_format, value):
        """A formula with its value, for which its column is to have room."""
        if isinstance(value, float):
            self.characters[x] = max(self.characters[x], characters(value, cell_format.num_format))
        return super().write_formula(y, x, formula, cell_format, value)

    def set_widths(self, widths: Sequence[float], first: int = 0) -> None:
        """Columns of at least these widths, from the first on, once all is written."""
        for x, width in enumerate(widths, first):
            self.set_column(x, x, max(width, self.characters[x]))

    def print_set_up(self, heading: int, pages: int = 0) -> None:
        """Print on A4, one page wide with the row of headings on each page, and as high as it takes or as said."""
        self.hide_gridlines(2)
        self.set_row(0, TITLE_HEIGHT)
        self.set_landscape()
        self.set_paper(A4)
        self.fit_to_pages(1, pages)
        self.repeat_rows(heading)
        self.set_footer(FOOTER)


class Style:
    """Formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book, self._formats = book, {}

    def __call__(self, **properties: Any):
        """The format with these properties on top of the common ones."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            common = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "top"}
            if "indent" in properties:
                common["align"] = "left"  # a text has no indent where no side is said
            self._formats[key] = self._book.add_format({**common, **properties})
        return self._formats[key]


def number_format(unit: str) -> str:
    """Format of results in a unit: zeros as a dash, so that what is there stands out."""
    if unit in PERCENT_UNITS:
        return "0.0%"
    if unit not in UNITS:
        return f"[>=1000]#,##0;[>=0.01]0.0000;{SMALL}"
    decimals = f".{'0' * UNITS[unit].decimals}" if UNITS[unit].decimals else ""
    return f"#,##0{decimals};-#,##0{decimals};–"


def input_format(value: float, unit: str) -> str:
    """Format of an input, with as many decimals as its value has."""
    if unit == "calendar year":
        return "0"
    percent = unit in PERCENT_UNITS
    digits = f"{value * 100 if percent else value:.6f}".rstrip("0").partition(".")[2]
    decimals = f".{'0' * len(digits)}" if digits else ""
    return f"0{decimals}%" if percent else f"#,##0{decimals}"


def characters(value: float, num_format: str) -> int:
    """Characters that a number takes in its format, with room for one ten times as large and for the cell's edges."""
    digits, marks = _shape(num_format)
    return len(f"{10 * value:{digits}}") + marks + 1


@cache
def _shape(num_format: str) -> tuple[str, int]:
    """Python's own format for the digits that a format shows, and how many other characters stand beside them."""
    shown, decimals = num_format.partition(";")[0], re.search(r"\.(0+)", num_format)
    marks = re.sub(r"\[[^]]*\]|[\"#0,.]", "", shown)
    return f"{',' * (',' in shown)}.{len(decimals[1]) if decimals else 0}f", len(marks)


def unit_label(unit: str) -> str:
    """A unit as a column shows it; a share has its % beside its figure."""
    if unit in PERCENT_UNITS:
        return "share" if unit == "share" else "a year"
    return in_currency(UNITS[unit].label) if unit in UNITS else ""


def text(value: Any) -> str:
    """A text that a cell can hold: printable, and not too long."""
    written = str(value)
    if not written.isprintable():
        written = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in written)
    return written[:TEXT_LIMIT]


def height(*cells: tuple[str, float]) -> float:
    """Height of a row in points that shows all of its wrapped texts: (text, width of the column in characters)."""
    return LINE_HEIGHT * max(math.ceil(len(written) * LETTER_WIDTH / width) or 1 for written, width in cells)
