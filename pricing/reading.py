"""How a table of rows is read: strictly, with one clear sentence for the first wrong cell, and all of it or nothing."""

import csv
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from costmodel.errors import ScenarioError

SURPLUS = "surplus cells"
RIGHT = {  # kind of pydantic's complaint -> what would be right, where its own words would not do
    "date_from_datetime_parsing": "a date such as 2026-11-29",
    "date_from_datetime_inexact": "a date such as 2026-11-29",
    "float_parsing": "a number such as 1234.5, without separators of thousands",
    "int_parsing": "a whole number such as 8",
    "string_too_short": "a text",
    "string_pattern_mismatch": "written like the other rows: an address begins with https://, a code is 15-1252",
}

Row = TypeVar("Row", bound=BaseModel)


def read(kind: type[Row], file: Path) -> tuple[Row, ...]:
    """All rows of a CSV, checked.

    Raises ScenarioError with file, line, column and what would be right at the first wrong cell; no row is kept then.
    """
    with file.open(encoding="utf-8", newline="") as lines:
        table, rows = csv.DictReader(lines, restkey=SURPLUS), []
        for cells in table:
            try:
                rows.append(kind.model_validate(cells))
            except ValidationError as error:
                raise ScenarioError(f"{file.name}, line {table.line_num}, {_complaint(error)}.") from None
    return tuple(rows)


def _complaint(error: ValidationError) -> str:
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
