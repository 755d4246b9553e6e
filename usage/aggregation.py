"""A log's rows by hour and what else they share, written once: as Ibis it runs in DuckDB and wherever a log lies.

Nothing but columns, casts, sums and counts, which every engine that Ibis speaks to has; no row leaves the engine.
"""

from collections.abc import Mapping

import ibis
from ibis.expr.types import IntegerValue, StringValue, Table, Value

from intake.errors import NotPlain
from intake.fields import LARGEST
from usage.groups import NAIVE, NO_TIME, NUMBERS, WORDS, ZONED
from usage.times import HOUR_S, UNIX

OFFSETS, DAY_LENGTH = (6, 5, 3), 10  # where the sign of +02:00, +0200 or +02 stands from the end; 2026-10-31


def grouped(log: Table, columns: Mapping[str, str]) -> Table:
    """One row for each hour since 1970, model, provider, status, batch, and whether a price is known.

    columns: what is wanted (`time`, `id`, or of WORDS and NUMBERS) -> its column in the log. Sums are null where all
    are; in `beside` of the `rows` what was cached exceeds the input, in `thought_beside` reasoning the output; `wrong`
    have a number that cannot be.
    """
    log = log.filter(ibis.or_(*(log[column].notnull() for column in columns.values())))
    hour, zone = _hour(log[columns["time"]])
    words = {name: log[columns[name]] for name in WORDS if name in columns}
    numbers = {name: log[columns[name]].cast("float64") for name in NUMBERS if name in columns}
    cost = numbers.get("cost")
    keys = {
        "hour": hour,
        "zone": zone,
        **words,
        **({} if cost is None else {"priced": cost.notnull()}),
    }
    wrong = [number.abs() > LARGEST for number in numbers.values()]
    wrong += [number < 0 for name, number in numbers.items() if name != "cost"]
    parts = [numbers[name].fill_null(0.0) for name in ("cached", "written") if name in numbers]
    beside = {"beside": _count(sum(parts[1:], parts[0]) > numbers["input"])} if parts and "input" in numbers else {}
    if {"output", "reasoning"} <= numbers.keys():
        beside |= {"thought_beside": _count(numbers["reasoning"] > numbers["output"])}
    sums = {name: number.sum() for name, number in numbers.items()}
    found = log.group_by(**keys).agg(rows=log.count(), wrong=_count(ibis.or_(*wrong)), **beside, **sums)
    return found.mutate(**{name: found[name].cast("string") for name in words})


def once(log: Table, column: str) -> Table:
    """The log with one row for each name that a request has, and all rows that have none."""
    placed = log.mutate(place_of_its_name=ibis.row_number().over(group_by=log[column]))
    return placed.filter(placed[column].isnull() | (placed.place_of_its_name == 0))


def _hour(value: Value) -> tuple[Value, Value]:
    """The hour since 1970 in UTC or on the log's own clock, and which of the two. A day alone is no request's time."""
    if isinstance(value, StringValue):
        length = value.length()
        is_offset = ibis.or_(*(value.substr(length - place, 1).isin(("+", "-")) for place in OFFSETS))
        with_offset = value.try_cast("timestamp('UTC')").cast("timestamp")
        plain = value.try_cast("timestamp")
        moment = ibis.cases((value.endswith("Z"), plain), (is_offset, with_offset), else_=plain)
        zone = ibis.cases(
            (moment.isnull() & value.notnull() & (length > 0) | (length <= DAY_LENGTH) & (length > 0), NO_TIME),
            (value.endswith("Z"), ZONED), (is_offset, ZONED), else_=NAIVE,
        )  # fmt: skip
        return moment.epoch_seconds() // HOUR_S, zone
    if isinstance(value, IntegerValue):
        hours = [(value < limit, value // int(per_second * HOUR_S)) for limit, per_second in UNIX]
        return ibis.cases(*hours[:-1], else_=hours[-1][1]), ibis.literal(ZONED)
    if not value.type().is_timestamp():
        raise NotPlain("has a time that is no timestamp; name another column, or give it as a timestamp.")
    return value.epoch_seconds() // HOUR_S, ibis.literal(ZONED if value.type().timezone else NAIVE)


def _count(is_so: Value) -> Value:
    return is_so.fill_null(False).ifelse(1, 0).sum().cast("int64")
