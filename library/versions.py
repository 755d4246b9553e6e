"""Versions of a scenario: what is kept of each, and what differs when one is opened later."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from costmodel.numerals import numeral
from costmodel.scenario import Scenario, values
from library.entries import Version
from library.errors import LibraryError
from library.tables import VERSIONS, read, written
from pricing.documents import LARGEST_BYTES, Opened, document, opened, to_json


def packed(opened: Opened) -> str:
    """The document of a scenario as text; LibraryError when it is too large to be opened again."""
    text = to_json(document(opened))
    if len(text) > LARGEST_BYTES:
        length, most = numeral(len(text), ","), numeral(LARGEST_BYTES, ",")
        raise LibraryError(f"The scenario has {length} characters; the library takes up to {most}.")
    return text


def unpacked(text: str) -> Opened:
    """The scenario of a document that the library holds, whatever version it was written in."""
    return opened(json.loads(text))


def append(connection: Connection, ident: int, at: datetime, note: str, preset: str, text: str, figures: str) -> int:
    """Add a version and return its number. The scenario's row must have been written to in this transaction, which
    keeps others from taking the same number."""
    latest = connection.execute(select(func.max(VERSIONS.c.number)).where(VERSIONS.c.scenario_id == ident)).scalar()
    number = (latest or 0) + 1
    connection.execute(insert(VERSIONS).values(
        scenario_id=ident, number=number, at=written(at), note=note, preset=preset, document=text, figures=figures
    ))  # fmt: skip
    return number


def version_of(row) -> Version:
    """The version that a row of `VERSIONS` is."""
    return Version(row.number, read(row.at), row.note, row.preset)


def figures(scenario: Scenario) -> str:
    """Every value of a scenario as text, as it is now."""
    return json.dumps(values(scenario), ensure_ascii=False, separators=(",", ":"))


def drift(then: Mapping[str, Any], found: Opened) -> dict[str, tuple[Any, Any]]:
    """What differs; a field that the model did not have yet is no change, an option that was not there is one.

    Of a document that was brought up to date, the fields of a served model mean other things: its notes say what.
    """
    now, owners = values(found.scenario), {_owner(path) for path in then}
    if not then:
        return {}
    return {
        path: (then.get(path), now.get(path))
        for path in {**then, **now}
        if then.get(path) != now.get(path)
        and (path in then or _owner(path) not in owners)
        and not (found.notes and ".serving." in path)
    }


def _owner(path: str) -> str:
    """The option that a path lies in, or the group of the scenario."""
    first, *rest = path.split(".")
    return f"{first}.{rest[0]}" if first == "options" else first
