"""How a CSV is written: which separators, numbers as numbers, and texts that no spreadsheet takes for a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

FORMULA_STARTS = "=+-@|\u2212"
BREAKS = ("\t", "\r", "\n")


class Cents(float):
    """An amount that is written to the cent, for people."""


@dataclass(frozen=True)
class Layout:
    """The separators of a CSV, and whether the byte-order mark that spreadsheets look for stands before it."""

    delimiter: str = ","
    decimal: str = "."
    mark: bool = True


PLAIN = Layout()
EUROPEAN = Layout(";", ",")
MACHINE = Layout(mark=False)


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]], layout: Layout = PLAIN) -> bytes:
    """A CSV in UTF-8: numbers as numbers, dates as ISO, texts guarded against being read as formulas."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=layout.delimiter, lineterminator="\r\n")
    writer.writerow([guarded(name) for name in header])
    writer.writerows([[_cell(value, layout.decimal) for value in row] for row in rows])
    return text.getvalue().encode("utf-8-sig" if layout.mark else "utf-8", errors="replace")


@lru_cache(maxsize=4096)  # the same names and months stand in row after row
def guarded(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet might read it as a formula.

    Looks behind white space and characters that are not seen, and at look-alikes such as a full-width equals sign.
    """
    if text.startswith(BREAKS):
        return f"'{text}"
    if not text or (text[0].isalnum() and text[0].isascii()):
        return text
    plain = unicodedata.normalize("NFKC", text)
    first = next((c for c in plain if unicodedata.category(c)[0] not in "ZC"), "")
    return f"'{text}" if first and first in FORMULA_STARTS else text


@lru_cache(maxsize=4096)
def number_text(value: float, decimal: str = ".") -> str:
    """All digits of a number that are needed to read it back unchanged, without an exponent: 0.00005, 1200."""
    text = repr(float(value))
    if "e" in text or text in ("inf", "-inf", "nan"):
        text = np.format_float_positional(float(value), trim="-")
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text.replace(".", decimal)


def _cell(value: Any, decimal: str) -> Any:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, Cents):
        text = f"{value:.2f}"
        return "0.00".replace(".", decimal) if text == "-0.00" else text.replace(".", decimal)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return number_text(value, decimal)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else value
