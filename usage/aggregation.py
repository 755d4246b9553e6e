"""A log's rows by hour and what else they share, written once: as Ibis it runs in DuckDB and wherever a log lies.

Nothing but columns, casts, sums and counts, which every engine that Ibis speaks to has; no row leaves the engine.
"""

from collections.abc import Mapping

import ibis
from ibis.expr.types import StringValue, Table, Value

from intake.errors import NotPlain
from intake.fields import LARGEST
from usage.groups import NAIVE, NO_TIME, NUMBERS, WORDS, ZONED

OFFSETS = ((6, 1), (5, 1), (3, 1))  # where the sign of +02:00, +0200 or +02 stands, from the end of a time


def grouped(log: Table, columns: Mapping[str, str]) -> Table:
    """One row for each hour, model, provider, status, batch, and whether a price is known; sums, null where all are.

    columns: what is wanted (`time`, `id`, or of WORDS and NUMBERS) -> its column in the log. `rows` are in the group;
    in `beside` of them what was cached exceeds the input; `wrong` have a number that cannot be.
    """
    time, zone = _time(log[columns["time"]])
    words = {name: log[columns[name]].cast("string") for name in WORDS if name in columns}
    numbers = {name: log[columns[name]].cast("float64") for name in NUMBERS if name in columns}
    cost = numbers.get("cost")
    keys = {"hour": time.truncate("h"), "zone": zone, **words, **({} if cost is None else {"priced": cost.notnull()})}
    wrong = [number.abs() > LARGEST for number in numbers.values()]
    wrong += [number < 0 for name, number in numbers.items() if name != "cost"]
    parts = [numbers[name].fill_null(0.0) for name in ("cached", "written") if name in numbers]
    beside = sum(parts[1:], parts[0]) > numbers["input"] if parts and "input" in numbers else ibis.literal(False)
    return log.group_by(**keys).agg(
        rows=log.count(), wrong=_count(ibis.or_(*wrong)), beside=_count(beside),
        **{name: number.sum() for name, number in numbers.items()},
    )  # fmt: skip


def once(log: Table, column: str) -> Table:
    """The log with one row for each name that a request has, and all rows that have none."""
    place = ibis.row_number().over(group_by=log[column])
    return log.filter(log[column].isnull() | (place == 0))


def _time(value: Value) -> tuple[Value, Value]:
    """The moment in UTC or on the log's own clock, and which of the two. A day alone is no request's time."""
    if isinstance(value, StringValue):
        moment = value.try_cast("timestamp")
        signs = [value.substr(value.length() - place, length).isin(("+", "-")) for place, length in OFFSETS]
        zone = ibis.cases(
            (value.isnull() | (value.length() == 0), NAIVE), (moment.isnull() | (value.length() <= 10), NO_TIME),
            (value.endswith("Z") | ibis.or_(*signs), ZONED), else_=NAIVE,
        )  # fmt: skip
        return moment, zone
    if not value.type().is_timestamp():
        raise NotPlain("has a time that is no timestamp; name another column, or give it as a timestamp.")
    return value, ibis.literal(ZONED if value.type().timezone else NAIVE)


def _count(is_so: Value) -> Value:
    return is_so.fill_null(False).cast("int64").sum().cast("int64")
