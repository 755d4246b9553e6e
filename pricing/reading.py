"""How a table of rows is read: strictly, with one clear sentence for each wrong row, and all of it or nothing."""

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from costmodel.errors import ScenarioError

SURPLUS = "surplus cells"
MOST_TOLD = 20
RIGHT = {  # kind of pydantic's complaint -> what would be right, where its own words would not do
    "date_from_datetime_parsing": "a date such as 2026-11-29",
    "date_from_datetime_inexact": "a date such as 2026-11-29",
    "float_parsing": "a number such as 1234.5, without separators of thousands",
    "int_parsing": "a whole number such as 8",
    "string_too_short": "a text",
    "string_pattern_mismatch": "written like the other rows: an address begins with https://, a code is 15-1252",
}

Row = TypeVar("Row", bound=BaseModel)


class Wrong(ScenarioError):
    """What is wrong with a row, as a clause that begins with the column: whoever reads the file names file and line."""


class WrongRows(ScenarioError):
    """A line with one sentence for each wrong row of a table, of which no row was kept."""

    def __init__(self, sentences: Sequence[str]):
        more = len(sentences) - MOST_TOLD
        told = [*sentences[:MOST_TOLD], f"{more:,} more rows are wrong."] if more > 0 else sentences
        super().__init__("\n".join(told))


def read(kind: type[Row], file: Path) -> tuple[Row, ...]:
    """All rows of a CSV of the catalogue, checked; raises WrongRows."""
    with file.open(encoding="utf-8", newline="") as lines:
        return checked(lines, file.name, kind.model_validate)


def checked(
    lines: Iterable[str], name: str, made: Callable[[dict[Any, Any]], Row], delimiter: str = ","
) -> tuple[Row, ...]:
    """All rows of a table, each as `made` has it of its cells by column.

    Raises WrongRows with file, line, column and what would be right for the first wrong cell of each wrong row; no row
    is kept then.
    """
    table, rows, sentences = csv.DictReader(lines, restkey=SURPLUS, delimiter=delimiter), [], []
    for cells in table:
        try:
            rows.append(made(cells))
        except (ValidationError, Wrong) as error:
            clause = str(error) if isinstance(error, Wrong) else complaint(error)
            sentences.append(f"{name}, line {table.line_num}, {clause}{'' if clause.endswith('?') else '.'}")
    if sentences:
        raise WrongRows(sentences)
    return tuple(rows)


def complaint(error: ValidationError) -> str:
    """The first of the errors of a row as a clause: column, what stands there, what would be right."""
    first = error.errors()[0]
    if not first["loc"]:
        return str(first["ctx"]["error"])
    column, kind = first["loc"][0], first["type"]
    if column == SURPLUS:
        return "has more cells than the heading has columns: put cells that have a comma into quotation marks"
    if kind == "missing" or first["input"] is None:
        return f"column {column}: nothing stands there, and every row has that cell"
    if kind == "extra_forbidden":
        return f"column {column} is not one of this file: leave it out"
    right = RIGHT.get(kind) or first["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return f"column {column}: {first['input']!r:.60} stands there; it must be {right}"
