"""Own prices as CSV: the template to fill in, and reading it back, as a spreadsheet of any country writes it."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from costmodel.errors import ScenarioError
from costmodel.numerals import numeral
from intake.encoding import MARK, encoding
from intake.errors import Refusal
from intake.fields import shown
from intake.table import DELIMITERS
from intake.unpacking import parts
from pricing.facts import Fact, Own
from pricing.own import KEYS, MAY_BE_EMPTY, cells_of, columns, entered, key_of
from pricing.reading import SURPLUS, Wrong, checked

LARGEST_BYTES, MOST_ROWS = 2_000_000, 2_000
TOO_LARGE = f"has more than {LARGEST_BYTES / 1e6:.0f} MB, more than a price list of one's own."


def template(kind: type[Fact], own: Own = ()) -> bytes:
    """A CSV with the heading of a table and the rows of it that are there already, for any spreadsheet."""
    text = io.StringIO()
    table = csv.DictWriter(text, columns(kind), lineterminator="\r\n")
    table.writeheader()
    table.writerows(cells_of(row) for row in own if type(row) is kind)
    return MARK + text.getvalue().encode()


def read_own(kind: type[Fact], name: str, content: bytes, own: Own = ()) -> Own:
    """All rows of a file; `own` are those that are there already.

    Raises ScenarioError with a sentence for each wrong row, in the words of `pricing.reading`; no row is kept then.
    """
    try:
        text = _text(name, content)
    except Refusal as refusal:
        raise ScenarioError(f"{shown(name)} {refusal}") from None
    heading = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=heading.count)
    _check_heading(kind, name, [cell.strip() for cell in next(csv.reader([heading], delimiter=delimiter))])
    seen: set[str] = set()

    def made(cells: Mapping[Any, Any]) -> Fact:
        if len(seen) >= MOST_ROWS:
            most = numeral(MOST_ROWS, ",")
            raise Wrong(f"is one row more than the {most} that a list of one's own has: give a shorter one")
        row = entered(kind, _filled(cells), own)
        if key_of(row) in seen:
            raise Wrong(
                f"column {KEYS[kind][-1]}: a row above is of the same {' and '.join(KEYS[kind])}; it must be another"
            )
        seen.add(key_of(row))
        return row

    rows = checked(io.StringIO(text, newline=""), shown(name), made, delimiter)
    if not rows:
        raise ScenarioError(f"{shown(name)} has a heading and no row below it.")
    return rows


def _check_heading(kind: type[Fact], name: str, heading: list[str]) -> None:
    wanted = columns(kind)
    wrong = [cell for cell in heading if cell and cell not in wanted]
    missing = [column for column in wanted if column not in heading and column not in MAY_BE_EMPTY]
    if wrong or missing:
        what = f"column {wrong[0]!r:.40} is not one of this table" if wrong else f"column {missing[0]} is missing"
        raise ScenarioError(f"{shown(name)}, line 1, {what}; it must have {', '.join(wanted)}.")


def _filled(cells: Mapping[Any, Any]) -> dict[Any, Any]:
    """A row's cells by column; a spreadsheet leaves out the ends of rows that are empty there, and adds empty ones."""
    surplus = [cell for cell in cells.get(SURPLUS, ()) if cell.strip()]
    named = {name: "" if cell is None else cell for name, cell in cells.items() if name not in (SURPLUS, "")}
    return {**named, SURPLUS: surplus} if surplus else named


def _text(name: str, content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        raise Refusal(TOO_LARGE)
    (part, *others) = parts(name, content)
    if others:
        raise Refusal("holds several files; give them one by one.")
    with part.open() as stream:
        whole = stream.read(LARGEST_BYTES + 1)
    if len(whole) > LARGEST_BYTES:
        raise Refusal(TOO_LARGE)
    if not whole.strip():
        raise Refusal("is empty.")
    if b"\0" in whole and encoding(whole) != "utf-16":
        raise Refusal("is no text; save the sheet as CSV.")
    return whole.decode(encoding(whole), errors="replace")
