"""Records of a file under one spelling of their names, and what stands in them by name.

A reader says which names it wants, and only those become values: texts, people and keys are stepped over.
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from intake import json_text
from intake.errors import Refusal
from intake.fields import NOTHING

MOST_COMPARED = 3_000_000
Record = Mapping[str, Any]


@lru_cache(maxsize=4096)
def spelled(name: str) -> str:
    """The one spelling of a name: input_tokens, inputTokens, "Input Tokens" are the same; dots stay."""
    return re.sub(r"[^a-z0-9.]", "", name.lower())


JSON = json_text.Manner(spelled, one_by_one=True)


class Rows:
    """The records of one file. `at` is the number of the last one handed out, `remarks` what is odd about the file.

    `last` is that record, or the entry of it that is being read; `also` are wanted with whatever a reader asks; `count`
    is how many there are, where the file says so before they are read. `has_blocks`: a large file is also read as
    columns, a block at a time.

    `copies` counts records that are like an earlier one of the file in all they hold. Where a record has something
    under one of the names `identity`, its copy is the same record, which is not handed out again: those are `repeated`.
    `is_compared`: there are not too many for that.
    """

    has_blocks = False

    def __init__(self, name: str):
        self.name, self.at = name, 0
        self.remarks: tuple[str, ...] = ()
        self.columns: tuple[str, ...] | None = None
        self.count: int | None = None
        self.last: Record = {}
        self.also: tuple[str, ...] = ()
        self.identity: tuple[str, ...] = ()
        self.copies = self.repeated = 0
        self.is_compared = True

    def records(self, wanted: Iterable[str] | None = None) -> Iterator[Record]:
        """Each record, from the beginning. wanted: the names of which values are needed, with dots for nested ones."""
        self.at = self.copies = self.repeated = 0
        asked = None if wanted is None else frozenset(map(spelled, (*wanted, *self.also, *self.identity)))
        met: set[Hashable] = set()
        for record, sign in self._records(asked):
            self.at, self.last = self.at + 1, record
            if sign in met and any(at(record, name) for name in self.identity):
                self.repeated += 1
                continue
            self.copies += sign in met
            self.is_compared = len(met) < MOST_COMPARED
            if self.is_compared:
                met.add(sign)
            yield record

    def first(self, count: int = 1) -> list[Record]:
        """The first records; names are all there, values are not needed yet."""
        return list(islice(self.records(), count))

    def cell(self, text: str) -> str:
        """What a text of the file says."""
        return text

    def _records(self, wanted: frozenset[str] | None) -> Iterator[tuple[Record, Hashable]]:
        """Each record that says something, with a sign that those have in common which are alike."""
        raise NotImplementedError


def is_empty(record: Record) -> bool:
    """Whether a record says nothing at all, as the rows below a spreadsheet's last one do."""
    return all(value is None or (isinstance(value, str) and value.lower() in NOTHING) for value in record.values())


def at(record: Any, *path: str) -> Any:
    """What stands at a path of names, also where a table writes it in one name; None where it leads nowhere."""
    get = getattr(record, "get", None)
    if get is None:
        return None
    found = get(spelled(path[0]))
    if len(path) == 1:
        return found
    for flat in (".".join(path), "".join(path)):
        if (value := get(spelled(flat))) not in (None, ""):
            return value
    return at(inner(found), *path[1:])


def inner(value: Any) -> Any:
    """The object or list that a cell holds as JSON, the value itself where it is none."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return next(json_text.values(value.encode(), JSON), None)
        except Refusal:
            return None
    return value


def each(value: Any) -> Iterator[Any]:
    """The entries of a list, nothing for anything else."""
    value = inner(value)
    return iter(value) if isinstance(value, json_text.Entries | list) else iter(())


def objects(value: Any) -> Iterator[Record]:
    """The entries of a list that are objects."""
    return (entry for entry in each(value) if isinstance(entry, Mapping))
