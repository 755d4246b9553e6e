"""A request log added up where it lies: a table of a warehouse that Ibis speaks to. Only sums by the hour come here."""

from datetime import datetime

import ibis
from ibis.common.exceptions import IbisError
from ibis.expr.types import Table

from intake.errors import Refusal
from intake.records import spelled
from usage.aggregation import grouped, once
from usage.hints import Hints
from usage.readers.request_log import FORMAT, add_groups, columns, is_log, note_missing
from usage.reading import Reading
from usage.tally import Tally


def read_table(address: str, name: str, hints: Hints | None = None, now: datetime | None = None) -> Reading:
    """The usage in a table or view, by the address that Ibis takes, such as postgres://user@host/database."""
    try:
        table = ibis.connect(address).table(name)
    except Exception as error:  # each driver has exceptions of its own
        return Reading((), (f"The table {name!r:.60} cannot be opened: {_reason(error)}",), (), now)
    return read_log(table, name, hints, now)


def read_log(table: Table, name: str, hints: Hints | None = None, now: datetime | None = None) -> Reading:
    """The usage in a table or any other expression of Ibis, one row a request."""
    hints, tally = hints or Hints(), Tally(name)
    tally.formats.append(FORMAT)
    try:
        _add(tally, table, hints)
    except Refusal as refusal:
        return Reading((), (f"The table {name!r:.60} {refusal}",), (), now)
    except IbisError as error:
        return Reading((), (f"The table {name!r:.60} cannot be added up: {_reason(error)}",), (), now)
    tally.finish()
    return Reading((tally,), (), (), now)


def _add(tally: Tally, log: Table, hints: Hints) -> None:
    written = {spelled(column): column for column in log.columns}
    if not is_log(set(written), hints):
        raise Refusal("has no columns for time and tokens; name them, or give a view that has them.")
    names = columns(set(written), hints)
    if "requests" in names:
        raise Refusal(f"counts requests in {names['requests']!r:.60}; give a table with one row a request.")
    note_missing(names, tally)
    places = {what: written[spelled(column)] for what, column in names.items()}
    if "id" in places:
        named = log[places["id"]]
        given, kept = log.aggregate(given=named.count(), kept=named.nunique()).to_pyarrow().to_pylist()[0].values()
        if given > kept:
            tally.counts["repeated within the file"] = given - kept
            log = once(log, places["id"])
    add_groups(grouped(log, places).to_pyarrow().to_pylist(), names, hints, tally)


def _reason(error: Exception) -> str:
    """The first line of what a driver says."""
    return f"{next(iter(str(error).splitlines()), type(error).__name__):.160}".rstrip(".") + "."
