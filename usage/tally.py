"""The one place that adds rows up: to cells of an hour or bucket, a provider and a model, from which all else follows.

A cell is what any engine that groups rows would give (the same keys, the same sums), however many rows there were.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from costmodel.numerals import numeral
from intake.errors import Refusal
from intake.records import Record, Rows
from usage.division import BY_MODEL, By
from usage.progress import Progress, Watch
from usage.row import MEASURES, Row, added
from usage.seen import Seen
from usage.sums import is_named, is_sum, may_be
from usage.times import HOUR_S, hour, length_s, month_start, next_month

MOST_CELLS, MOST_NAMES = 1_000_000, 5_000
MOST_NOTES, MOST_SHOWN, MOST_UNSURE = 50, 5, 200
WATCHED_ROWS = 50_000
PLACES = {name: place for place, name in enumerate(MEASURES)}
INPUT, READ, WRITE, OUTPUT, REASONING, BATCH_INPUT, BATCH_OUTPUT = 1, 2, 3, 4, 5, 6, 7


class Key(NamedTuple):
    """What the rows of one cell share. bucket_s is 0 for requests, whose cell is the hour they began in.

    batch: all of them ran as batch; what of them was cached, and how long they were, is not that of the others.
    """

    start: datetime | None
    bucket_s: float | None
    provider: str | None
    model: str | None
    currency: str | None
    parts_rule: str | None = None
    team: str | None = None
    batch: bool = False
    repeated: bool = False  # stands in a file that was given before: part of this file, and of no sum over files


@dataclass
class Cell:
    """The sums of a cell in the order of MEASURES, None where no row said anything; how many rows are in it."""

    key: Key
    sums: list[float | None]
    rows: int = 0

    def __getattr__(self, name: str) -> float | None:
        try:
            return self.sums[PLACES[name]]
        except KeyError:
            raise AttributeError(name) from None

    def add(self, measures: Iterable[float | None]) -> None:
        """Add what is known, measure by measure."""
        for place, value in enumerate(measures):
            if value is not None:
                self.sums[place] = value if self.sums[place] is None else self.sums[place] + value


@dataclass
class Tally:
    """What one file says, added up while it is read.

    name: of the file. month: of rows that say no time. formats: what was recognised in it. beside: money that is no
    charge for usage, by kind and name. quantities: tokens and money of a bill's lines. counts: rows left out, by why.
    buckets: beginning and end of those that a format lists even when they are empty. more: for each page, whether
    another follows. silent_parts: a file that names caching, reasoning or batch on some lines means none by leaving it
    out on others. parts_documented: the tool says that its input holds cached tokens, which a row may still disprove.
    by, record: what usage is divided by, and the record that is being read, which says who it is of. watch: is told
    how far a long read is.
    """

    name: str
    everywhere: Seen | None = None
    month: datetime | None = None
    formats: list[str] = field(default_factory=list)
    cells: dict[Key, Cell] = field(default_factory=dict)
    beside: dict[tuple[str, str, str | None], float] = field(default_factory=dict)
    quantities: dict[str, list[float]] = field(default_factory=dict)
    counts: Counter = field(default_factory=Counter)
    ttl_tokens: Counter = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    buckets: set[tuple[datetime, datetime]] = field(default_factory=set)
    more: list[bool] = field(default_factory=list)
    known_until: datetime | None = None
    lengths: Counter = field(default_factory=Counter)
    silent_parts: bool = False
    parts_documented: bool = False
    by: By = BY_MODEL
    record: Callable[[], Record] | None = None
    watch: Watch | None = None
    first_rows: list[Row] = field(default_factory=list)
    rules_broken: set[str] = field(default_factory=set)
    outputs_broken: set[str] = field(default_factory=set)
    outputs_known: set[str] = field(default_factory=set)
    rows: int = 0
    _pages: Seen = field(default_factory=Seen)
    _names: set = field(default_factory=set)
    _versions: dict[tuple, list[Row]] = field(default_factory=dict)
    _unsure: list[tuple[Row, int | None]] = field(default_factory=list)

    def add(self, row: Row, of: int | None = None) -> None:
        """One row, or the sum `of` so many. A row of nothing counts for nothing, what may be a sum waits for others."""
        measures = row.measures()
        if not any(measures):
            return
        row.team = row.team or (self.by.of(self.record()) if self.record else None)
        if may_be(row) and len(self._unsure) < MOST_UNSURE:
            self._unsure.append((row, of))
        else:
            self._add(row, measures, of)

    def _add(self, row: Row, measures: list[float | None], of: int | None) -> None:
        if row.start is None and self.month:
            row.start = month_start(self.month)
            row.bucket_s = length_s(row.start, next_month(row.start))
        if (row.once is not None or self.more) and self._pages.again(row, measures):
            self.counts["repeated within the file"] += 1
            return
        repeated = of is None and self.everywhere is not None and self.everywhere.again(row, measures)
        self.counts["repeated from another file"] += repeated
        self.rows += of or 1
        if self.watch and of is None and not self.rows % WATCHED_ROWS:
            self.watch(Progress(self.name, self.rows, self._sum(INPUT), self._sum(OUTPUT)))
        if of is None and len(self.first_rows) < MOST_SHOWN:
            self.first_rows.append(row)
        if row.line and row.line_tokens:
            sums = self.quantities.setdefault(row.line, [0.0, 0.0])
            sums[0] += row.line_tokens
            sums[1] += row.cost or 0.0
        if _has_parts_beside(row):
            self.rules_broken.add(row.parts_rule)
        if row.parts_rule and row.output_tokens is not None and (row.reasoning_tokens or 0) > row.output_tokens:
            self.outputs_broken.add(row.parts_rule)
        start = hour(row.start) if row.start and (row.bucket_s is None or row.bucket_s < HOUR_S) else row.start
        bucket_s = HOUR_S if row.bucket_s and row.bucket_s < HOUR_S else row.bucket_s
        self.lengths[row.bucket_s] += of or 1
        alike = row.provider, row.model, row.currency, row.parts_rule, row.team, bool(row.batch)
        key = Key(start, bucket_s, *alike, repeated)
        cell = self._cell(key)
        cell.add(measures)
        cell.rows += of or 1
        self.ttl_tokens.update(dict(row.ttl_tokens))

    def absorb(self, other: "Tally") -> None:
        """Add what another tally holds of another part of the same file."""
        for key, held in other.cells.items():
            cell = self._cell(key)
            cell.add(held.sums)
            cell.rows += held.rows
        for note in other.notes:
            self.note(note)
        self.counts.update(other.counts)
        self.lengths.update(other.lengths)
        self.rules_broken |= other.rules_broken
        self.outputs_broken |= other.outputs_broken
        self.outputs_known |= other.outputs_known
        self.first_rows += other.first_rows[: MOST_SHOWN - len(self.first_rows)]
        self.rows += other.rows
        self._unsure += other._unsure
        self._pages.full |= other._pages.full

    def compared(self, rows: Rows, repeated: int) -> None:
        """Count the records of a part that was read which are like others. repeated: those counted once before it."""
        of_requests = self.counts["repeated within the file"] - repeated
        self.counts["repeated within the file"] += rows.repeated
        if not self.more and not self._versions:
            self.counts["copies"] += max(rows.copies - of_requests, 0)
        if not rows.is_compared:
            self.overlook_duplicates()

    def overlook_duplicates(self) -> None:
        """There are too many rows to look for those that stand twice."""
        self._pages.full = True

    def _cell(self, key: Key) -> Cell:
        if key not in self.cells:
            self._names.update((key.model, key.provider, key.team))
            if len(self._names) > MOST_NAMES:
                raise Refusal(f"names more than {numeral(MOST_NAMES, ',')} models or teams; the column is another one.")
            if len(self.cells) == MOST_CELLS:
                raise Refusal(f"has more than {numeral(MOST_CELLS, ',')} hours and models; give it in parts.")
            self.cells[key] = Cell(key, [None] * len(MEASURES))
        return self.cells[key]

    def bucket(self, kind: str, start: datetime | None, end: datetime | None, rows: list[Row]) -> None:
        """A bucket as a whole. Of two versions, as pages fetched at different times hold them, the fuller counts."""
        if start and end:
            self.buckets.add((start, end))
        known = self._versions.setdefault((kind, start, end), rows)
        if known is not rows:
            self.counts["repeated within the file"] += min(len(known), len(rows))
            self._versions[kind, start, end] = max(known, rows, key=_fullness)

    def page(self, more: bool = False) -> None:
        """Begin the next page of what may overlap with the ones before."""
        self._pages.settle()
        self.more.append(more)

    def aside(self, name: str, cost: float | None, currency: str | None, under: str = "excluded") -> None:
        """Money that is no charge for usage, under the name it has in the file."""
        if cost:
            key = (under, name, currency)
            self.beside[key] = self.beside.get(key, 0.0) + cost

    def note(self, sentence: str) -> None:
        """A sentence to the reader, once."""
        if sentence not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(sentence)

    @property
    def bucket_s(self) -> float | None:
        """The length of most buckets, None when the file does not say."""
        return self.lengths.most_common(1)[0][0] if self.lengths else None

    @property
    def duplicates_unknown(self) -> bool:
        """Whether there were too many rows to look for those that stand twice."""
        return self._pages.full or bool(self.everywhere and self.everywhere.full)

    def finish(self) -> None:
        """Settle what only the whole file can tell: who leaves parts out of the input, and what is zero by silence."""
        self.record = None  # what is added from here on was read before
        for rows in self._versions.values():
            for row in rows:
                self.add(row)
        self._settle()
        for cell in self.cells.values():
            if cell.key.parts_rule in self.rules_broken and cell.input_tokens is not None:
                cell.sums[INPUT] = added(*cell.sums[INPUT : WRITE + 1])
            if cell.key.parts_rule in self.outputs_broken and cell.output_tokens is not None:
                cell.sums[OUTPUT] = added(*cell.sums[OUTPUT : REASONING + 1])
        if self.silent_parts:
            self._fill()

    def _settle(self) -> None:
        """Leave out what is the sum of others, and count the rest of what may have been one."""
        are_dated = bool(self.cells)
        for named in (False, True):
            rows = [(row, of) for row, of in self._unsure if is_named(row.model) == named]
            sums = [self._is_sum(row) for row, _ in rows]
            for (row, of), is_left_out in zip(rows, sums, strict=True):
                self.counts["sums"] += is_left_out
                self.counts["perhaps sums"] += not is_left_out and (named or are_dated)
                if not is_left_out:
                    self._add(row, row.measures(), of)
        self._unsure.clear()

    def _is_sum(self, row: Row) -> bool:
        """Whether a row is the sum of at least two others, of its time and its model where it has one."""
        model = None if is_named(row.model) else row.model
        cells = [
            cell for key, cell in self.cells.items() if row.start in (None, key.start) and model in (None, key.model)
        ]
        return sum(cell.rows for cell in cells) > 1 and is_sum(row, [cell.sums for cell in cells])

    def _sum(self, place: int) -> float | None:
        return added(*(cell.sums[place] for cell in self.cells.values()))

    def _fill(self) -> None:
        """Zero where a file that has lines of a kind has none for a cell with tokens."""
        groups = [
            cell.sums for cell in self.cells.values() if any(value is not None for value in cell.sums[INPUT:REASONING])
        ]
        said = {place for sums in groups for place in range(len(MEASURES)) if sums[place] is not None}
        zero = [INPUT, OUTPUT]
        zero += [READ, WRITE] if said & {READ, WRITE} else []
        zero += [REASONING] if REASONING in said else []
        zero += [BATCH_INPUT, BATCH_OUTPUT] if any(sums[BATCH_INPUT] or sums[BATCH_OUTPUT] for sums in groups) else []
        for sums in groups:
            for place in zero:
                sums[place] = sums[place] or 0.0


def _has_parts_beside(row: Row) -> bool:
    """Whether cached reads and writes exceed the input, so that it cannot hold them."""
    parts = added(row.cached_read_tokens, row.cache_write_tokens)
    return bool(row.parts_rule and parts and row.input_tokens is not None and parts > row.input_tokens)


def _fullness(rows: list[Row]) -> tuple[float, int]:
    """How much a version of a bucket holds, and into how many models it is divided."""
    held = sum(abs(value) for row in rows for value in row.measures() if value is not None)
    return held, len({row.model for row in rows})
