"""Files in, usage by month, provider and model out: the one road for the command line and for what is uploaded."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from costmodel.caching import cached_property
from costmodel.numerals import numeral
from intake.errors import Beside, Refusal, Unknown
from intake.fields import labels, shown
from intake.rows import rows
from intake.unpacking import parts
from usage.checks import cut_months, running_from, sentences, span
from usage.hints import Hints
from usage.progress import Watch
from usage.readers import recognise, request_log
from usage.row import MEASURES, Row
from usage.seen import Seen
from usage.tally import Cell, Tally
from usage.times import DAY_S, HOUR_S
from usage.totals import rounded, terms

BUCKETS = {0.0: "request", 60.0: "1m UTC", float(HOUR_S): "1h UTC", float(DAY_S): "1d UTC"}


@dataclass(frozen=True)
class Reading:
    """What a number of files say, each by itself and all together."""

    files: tuple[Tally, ...]
    refusals: tuple[str, ...]  # a sentence for each file that could not be read, of which nothing is kept
    aside: tuple[str, ...]  # and for each that lies beside one that was read
    now: datetime | None = None

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells of all files, each row once."""
        return [cell for file in self.files for cell in self.counted(file)]

    def counted(self, file: Tally) -> list[Cell]:
        """The cells of one file that count in the sum over all."""
        return list(_together(file, self.files))

    def sentences(self) -> list[str]:
        """What is to be said about the files together."""
        found = [*_superseded_sentences(self.files), *_twice(self.files)]
        for alike in self.alike():
            found += span(alike, self.now) if len(alike) > 1 else []
        return found

    def about(self, file: Tally) -> list[str]:
        """What is to be said about one file; about the time it covers where no other of its kind is given."""
        alone = any(alike == [file] for alike in self.alike())
        return [*sentences(file), *(span([file], self.now) if alone else [])]

    def alike(self) -> list[list[Tally]]:
        """The files by kind."""
        groups: dict[str, list[Tally]] = {}
        for file in self.files:
            groups.setdefault(" and ".join(sorted(file.formats)), []).append(file)
        return list(groups.values())

    def terms(self) -> dict[str, Any]:
        """Everything for `--json`."""
        return {
            **terms(self.cells),
            "sentences": self.sentences(),
            "usage": {name: self._file_terms(file) for name, file in zip(labels(self.files), self.files, strict=True)},
            "refusals": list(self.refusals),
            "aside": list(self.aside),
        }

    def _file_terms(self, file: Tally) -> dict[str, Any]:
        cells = list(file.cells.values())
        running = running_from(file, self.now)
        found = {"format": "; ".join(file.formats), **terms(cells), "rows": file.rows}
        if cells:
            found["bucket"] = BUCKETS.get(file.bucket_s, "other")
        more = {
            "quantities": {line: rounded(sums[0]) for line, sums in file.quantities.items()},
            "cache_write_by_ttl": {name: rounded(tokens) for name, tokens in file.ttl_tokens.items()},
            "list_cost": rounded(_sum(cells, "list_cost")),
            "failures": file.counts["failures"],
            "gateway_cache_hits": file.counts["gateway_cache_hits"],
            "running_from": running and running.isoformat(),
            "first_rows": [_shown(row) for row in file.first_rows] if file.formats == [request_log.FORMAT] else [],
            "cut_months": [month for month, *_ in cut_months(file)],
        }
        codes = {name: {code for _, other, code in file.beside if other == name} for _, name, _ in file.beside}
        for (under, name, code), cost in file.beside.items():
            more.setdefault(under, {})[name if len(codes[name]) == 1 else f"{name} ({code})"] = rounded(cost)
        return found | {name: value for name, value in more.items() if value} | {"sentences": self.about(file)}


def read(files: Iterable[tuple[str, bytes | Path]], hints: Hints | None = None, now: datetime | None = None,
         special: Mapping[str, Hints] = MappingProxyType({}), watch: Watch | None = None) -> Reading:  # fmt: skip
    """What usage and cost files say, given as (name, content) or (name, path).

    hints: what only the reader knows of them; special: of one of them, by its name. now: to tell whether a bucket runs.
    watch: is told how far a long read is, and stops it by what it raises.
    No file stops another: what cannot be read is a sentence in `refusals`, and nothing of it counts.
    """
    given, hints = list(files), hints or Hints()
    everywhere = Seen() if len(given) > 1 else None
    found: list[Tally] = []
    refusals: list[str] = []
    aside: list[str] = []
    for name, content in given:
        tally = Tally(name, everywhere, hints.month, watch=watch)
        try:
            aside += _read(tally, content, special.get(name, hints))
        except Refusal as refusal:
            (aside if isinstance(refusal, Beside) else refusals).append(f"{shown(name)} {refusal}")
            if everywhere:
                everywhere.forget()
            continue
        if everywhere:
            everywhere.settle()
        found.append(tally)
    if not found:
        refusals, aside = refusals + aside, []
    return Reading(tuple(found), tuple(refusals), tuple(aside), now)


def columns(name: str, content: bytes | Path) -> list[str]:
    """The headings of a table, so that a reader can say which column is which; none where it is no table.

    One heading is none: it is the first line of a text.
    """
    with suppress(Refusal):
        for part in parts(name, content):
            found = list(rows(part).columns or ())
            return found if len(found) > 1 else []
    return []


def _read(tally: Tally, content: bytes | Path, hints: Hints) -> list[str]:
    """Add all that is in a file to its tally; sentences on the parts of an archive that hold something else."""
    others: list[Refusal] = []
    aside: list[str] = []
    for part in parts(tally.name, content):
        opened = None
        try:
            opened = rows(part)
            reader = recognise(opened, hints)
            opened.also, tally.by, tally.record = hints.by.columns, hints.by, lambda opened=opened: opened.last
        except Refusal as refusal:
            if part.name == tally.name or not isinstance(refusal, Beside | Unknown):
                raise
            others.append(refusal)
            aside.append(f"{shown(part.name)} {refusal}")
            continue
        try:
            before = tally.counts["repeated within the file"]
            reader(opened, tally)
            tally.compared(opened, before)
        except Refusal as refusal:
            raise type(refusal)(f"{str(refusal)[:-1]} (record {numeral(opened.at, ',')}).") from None
        for remark in opened.remarks:
            tally.note(remark)
    if others and not tally.formats:
        raise others[0]
    tally.finish()
    return aside


def _together(file: Tally, files: Sequence[Tally]) -> Iterable[Cell]:
    """The cells of one file that count in the sum over all.

    A bill's count of requests is left out where the usage of the same provider, in another file, counts them too.
    """
    skipped = _superseded(file, files)
    counted = {
        cell.key.provider
        for other in files
        if other is not file
        for cell in other.cells.values()
        if cell.requests is not None and cell.input_tokens is not None
    }
    for key, cell in file.cells.items():
        if key.repeated or key.start in skipped:
            continue
        is_bill = cell.input_tokens is None and cell.output_tokens is None
        yield Cell(key, [None, *cell.sums[1:]], cell.rows) if is_bill and key.provider in counted else cell


def _superseded(file: Tally, files: Sequence[Tally]) -> set[datetime]:
    """The last bucket of a file that ran when it was exported, when a later file of the same kind has more of it."""
    starts = {cell.key.start for cell in file.cells.values() if cell.key.start and cell.key.bucket_s}
    last = max(starts, default=None)
    for other in files:
        if last is None or other is file or other.formats != file.formats:
            continue
        theirs = {key.start for key in other.cells if key.start}
        if last in theirs and max(theirs) > last and _is_more(other, file, last):
            return {last}
    return set()


def _is_more(other: Tally, file: Tally, start: datetime) -> bool:
    def sums(tally: Tally) -> dict:
        return {key._replace(repeated=False): cell.sums for key, cell in tally.cells.items() if key.start == start}

    mine, theirs = sums(file), sums(other)
    pairs = [(a, b) for key, values in mine.items() for a, b in zip(values, theirs.get(key, values), strict=True)]
    return mine.keys() <= theirs.keys() and all((b or 0) >= (a or 0) for a, b in pairs) and mine != theirs


def _superseded_sentences(files: Sequence[Tally]) -> Iterable[str]:
    for file in files:
        for start in _superseded(file, files):
            yield (
                f"{shown(file.name)} ends inside the bucket from {start:%Y-%m-%d %H:%M} UTC, of which a later file has "
                "more: the later one counts."
            )


def _twice(files: Sequence[Tally]) -> Iterable[str]:
    """Two kinds of file that both hold tokens, or both money, of the same months: they may have seen the same calls."""
    for what, names in (("tokens", ("input_tokens", "output_tokens")), ("cost", ("cost",))):
        held: dict[str, dict[tuple, str]] = {}
        for file in files:
            for key, cell in file.cells.items():
                if not key.repeated and key.start and any(getattr(cell, name) for name in names):
                    held.setdefault(" and ".join(file.formats), {})[(f"{key.start:%Y-%m}", key.provider)] = file.name
        forms = sorted(held)
        for place, form in enumerate(forms):
            for other in forms[place + 1 :]:
                if meeting := _meeting(held[form], held[other]):
                    yield (
                        f"{shown(held[form][meeting[0]])} and {shown(held[other][meeting[1]])} both hold {what} of "
                        f"{meeting[0][0]}: if they saw the same calls, leave one of them out."
                    )


def _meeting(one: dict[tuple, str], other: dict[tuple, str]) -> tuple[tuple, tuple] | None:
    """A month that both hold, of the same provider or where one does not know it."""
    for a in one:
        for b in other:
            if a[0] == b[0] and (a[1] == b[1] or None in (a[1], b[1])):
                return a, b
    return None


def _shown(row: Row) -> dict[str, Any]:
    """A row as it was understood."""
    numbers = {name: rounded(value) for name, value in zip(MEASURES, row.measures(), strict=True) if value is not None}
    return {"time": row.start and row.start.isoformat(), "model": row.model, **numbers}


def _sum(cells: list[Cell], name: str) -> float | None:
    known = [value for cell in cells if (value := getattr(cell, name)) is not None]
    return sum(known) if known else None
