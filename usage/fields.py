"""Fields of a record by name: a number, a count of tokens, a short name, whether it is so."""

from collections.abc import Iterator, Mapping
from typing import Any

from intake.fields import LARGEST, amount, short_name
from intake.records import Record, Rows, at, each

YES, NO = ("true", "yes", "1", "t"), ("false", "no", "0", "f")


def number(record: Record, *path: str) -> float | None:
    """A number from zero on at a path of names."""
    return amount(at(record, *path), ".".join(path))


def money(record: Record, *path: str) -> float | None:
    """An amount of money, or of what a bill may take back, which may be negative."""
    return amount(at(record, *path), ".".join(path), lowest=-LARGEST)


def first_number(record: Record, *names: str) -> float | None:
    """The first number that is given under one of several names, with strokes for paths."""
    return next((found for name in names if (found := number(record, *name.split("/"))) is not None), None)


def first(record: Record, *names: str) -> Any:
    """The first value that is given under one of several names, with strokes for paths."""
    values = (at(record, *name.split("/")) for name in names)
    return next((value for value in values if value not in (None, "")), None)


def text(record: Record, *names: str) -> str | None:
    """The first short name that is given under one of several names; a word for nothing is none."""
    found = short_name(first(record, *names))
    return None if found is None or found.lower() in ("null", "none", "n/a") else found


def yes(value: Any) -> bool | None:
    """Whether a field says yes or no; None when it says neither."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    return True if word in YES else False if word in NO else None


def currency(record: Record, *names: str) -> str | None:
    """A code of three letters, in capitals."""
    found = text(record, *names)
    return found.upper() if found else None


def first_money(record: Record, *names: str) -> float | None:
    """The first amount, or other number that may be below zero, that is given under one of several names."""
    return next((found for name in names if (found := money(record, name)) is not None), None)


AROUND = ("data", "results", "rows", "observations")


def names(rows: Rows) -> frozenset[str]:
    """The names that records of a file have: its columns or, where it is no table, those of the first record."""
    return frozenset(rows.columns or next(iter(unwrapped(rows, ())), {}))


def unwrapped(rows: Rows, wanted: tuple[str, ...]) -> Iterator[Record]:
    """The records of a file, also where an object around them holds them as a list under one of the usual names."""
    for record in rows.records((*wanted, *AROUND)):
        around = next((found for name in AROUND if (found := at(record, name)) is not None), None)
        if isinstance(around, Mapping):
            rows.last = around
            yield around
        elif around is None or isinstance(around, str | int | float):
            yield record
        else:
            for entry in each(around):
                if isinstance(entry, Mapping):
                    rows.last = entry
                    yield entry
