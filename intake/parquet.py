"""Parquet as records: of its columns only those that are wanted are read, some rows at a time."""

import io
import math
from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Any, BinaryIO

import pyarrow
import pyarrow.parquet

from costmodel.numerals import numeral
from intake.errors import NotPlain, Refusal
from intake.records import Record, Rows, is_empty, spelled
from intake.unpacking import Part, up_to

MOST_COLUMNS, BATCH_ROWS, BLOCK_ROWS, LARGEST_BYTES = 2_000, 500, 500_000, 256_000_000
FREE_ROWS, MOST_ROWS_PER_BYTE = 1_000_000, 2  # a log takes some bytes a row however it is packed; a trap takes none
NO_PARQUET = "is no whole Parquet file: it is cut off or damaged."
DAMAGE = (pyarrow.ArrowException, OSError, MemoryError, ValueError, OverflowError)  # what its library may raise


class Parquet(Rows):
    """Columns of a Parquet file, of which only those that are wanted are read."""

    has_blocks = True

    def __init__(self, part: Part):
        super().__init__(part.name)
        self.part = part
        with self._opened() as file:
            self._names = {spelled(name): name for name in file.schema_arrow.names}
            self.columns, self.count = tuple(self._names), file.metadata.num_rows
            if len(self.columns) > MOST_COLUMNS or self.count > self._most_rows():
                rows, columns = (numeral(count, ",") for count in (self.count, len(self.columns)))
                raise Refusal(f"claims {rows} rows of {columns} columns; give a part.")

    def blocks(
        self, wanted: Mapping[str, str], numbers: Collection[str], words: Collection[str]
    ) -> Iterator[tuple[pyarrow.Table, float]]:
        """Wanted columns (new name -> name in the file) as Arrow tables, with the share of the rows read until then.

        Texts of `words` are kept once each; moments are whole numbers since 1970. `wanted` is looked at anew now and
        then. NotPlain for what lies inside a column.
        """
        if not {spelled(name) for name in wanted.values()} <= set(self._names):
            raise NotPlain("has a column inside another.")
        often = [self._names[spelled(name)] for what, name in wanted.items() if what in words]
        done = 0
        try:
            with self._opened(often) as file:
                for groups, rows in self._groups(file):
                    names = {what: self._names[spelled(name)] for what, name in dict(wanted).items()}
                    size = math.ceil(rows / max(round(rows / BLOCK_ROWS), 1))  # even blocks, no small one at the end
                    for table in _tables(file.iter_batches(size, groups, [*names.values()]), size):
                        done += len(table)
                        yield _moments(table.select([*names.values()]).rename_columns([*names])), done / self.count
        except DAMAGE:
            raise Refusal(NO_PARQUET) from None

    @staticmethod
    def _groups(file: pyarrow.parquet.ParquetFile) -> Iterator[tuple[list[int], int]]:
        """The file's groups of rows, some at a time, and how many rows they have."""
        held: list[int] = []
        rows = 0
        for group in range(file.num_row_groups):
            held, rows = [*held, group], rows + file.metadata.row_group(group).num_rows
            if rows >= BLOCK_ROWS:
                yield held, rows
                held, rows = [], 0
        if held:
            yield held, rows

    def _most_rows(self) -> int:
        with self._stream() as stream:
            return max(FREE_ROWS, MOST_ROWS_PER_BYTE * stream.seek(0, io.SEEK_END))

    def _stream(self) -> BinaryIO:
        stream = self.part.open()
        if stream.seekable():
            return stream
        content = up_to(stream, LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise Refusal(f"has more than {numeral(LARGEST_BYTES / 1e6, ',.0f')} MB unpacked; give it unpacked.")
        return io.BytesIO(content)

    def _opened(self, often: Collection[str] = ()) -> pyarrow.parquet.ParquetFile:
        """The file; texts of the columns `often` are kept once each."""
        stream = self._stream()
        try:
            return pyarrow.parquet.ParquetFile(stream, read_dictionary=[*often])
        except DAMAGE:
            raise Refusal(NO_PARQUET) from None

    def _records(self, wanted: frozenset[str] | None) -> Iterator[tuple[Record, Hashable]]:
        around = {name.partition(".")[0] for name in wanted or ()}
        names = [name for key, name in self._names.items() if wanted is None or key in wanted or key in around]
        try:
            with self._opened() as file:
                for batch in file.iter_batches(BATCH_ROWS, columns=names, use_threads=False):
                    records = map(_spelled, _written(batch).to_pylist(maps_as_pydicts="lossy"))
                    yield from ((record, hash(repr(record))) for record in records if not is_empty(record))
        except Refusal:
            raise
        except DAMAGE:
            raise Refusal(NO_PARQUET) from None


def _tables(batches: Iterator[pyarrow.RecordBatch], rows: int) -> Iterator[pyarrow.Table]:
    """The batches in tables of so many rows, however small they come."""
    held: list[pyarrow.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(map(len, held)) >= rows:
            yield pyarrow.Table.from_batches(held)
            held = []
    if held:
        yield pyarrow.Table.from_batches(held)


def _moments(table: pyarrow.Table) -> pyarrow.Table:
    """A table with its moments as numbers; what some clock showed stays a timestamp."""
    fields = [
        field.with_type(pyarrow.int64()) if pyarrow.types.is_timestamp(field.type) and field.type.tz else field
        for field in table.schema
    ]
    return table.cast(pyarrow.schema(fields))


def _written(batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
    """Rows with their timestamps as text, which needs no other library, and keeps the ninth digit and the zone."""
    fields = [
        field.with_type(pyarrow.string()) if pyarrow.types.is_timestamp(field.type) else field for field in batch.schema
    ]
    return batch.cast(pyarrow.schema(fields))


def _spelled(value: Any) -> Any:
    """A value of Parquet with its names in their one spelling, at every level."""
    if isinstance(value, dict):
        return {spelled(str(name)): _spelled(entry) for name, entry in value.items()}
    return [_spelled(entry) for entry in value] if isinstance(value, list) else value
