"""Parquet as records: of its columns only those that are wanted are read, some rows at a time."""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow
import pyarrow.parquet

from intake.errors import NotPlain, Refusal
from intake.records import Record, Rows, spelled
from intake.unpacking import Part, up_to

MOST_COLUMNS, BATCH_ROWS, SLICE_ROWS, LARGEST_BYTES = 2_000, 500, 2_000_000, 256_000_000
FREE_ROWS, MOST_ROWS_PER_BYTE = 1_000_000, 2  # a log takes some bytes a row however it is packed; a trap takes none
NO_PARQUET = "is no whole Parquet file: it is cut off or damaged."
DAMAGE = (pyarrow.ArrowException, OSError, MemoryError, ValueError, OverflowError)  # what its library may raise


class Parquet(Rows):
    """Columns of a Parquet file, of which only those that are wanted are read."""

    def __init__(self, part: Part):
        super().__init__(part.name)
        self.part = part
        with self._opened() as file:
            self._names = {spelled(name): name for name in file.schema_arrow.names}
            self._types = {spelled(field.name): field.type for field in file.schema_arrow}
            self.columns, self.count = tuple(self._names), file.metadata.num_rows
            if len(self.columns) > MOST_COLUMNS or self.count > self._most_rows():
                raise Refusal(f"claims {self.count:,} rows of {len(self.columns):,} columns; give a part.")

    def slices(self) -> Iterator[tuple[int, int]]:
        """First row and the one after the last, for some whole groups of rows at a time."""
        start = end = 0
        with self._opened() as file:
            for group in range(file.num_row_groups):
                end += file.metadata.row_group(group).num_rows
                if end - start >= SLICE_ROWS:
                    yield start, end
                    start = end
        if end > start:
            yield start, end

    def written(self, name: str) -> str:
        """How the file writes the name of a column; NotPlain for what lies inside of one."""
        if spelled(name) not in self._names:
            raise NotPlain("has a column inside another.")
        return self._names[spelled(name)]

    def is_zoned(self, name: str) -> bool:
        """Whether a column holds moments, and not what some clock showed."""
        kind = self._types.get(spelled(name))
        return kind is not None and pyarrow.types.is_timestamp(kind) and kind.tz is not None

    def _most_rows(self) -> int:
        with self._stream() as stream:
            return max(FREE_ROWS, MOST_ROWS_PER_BYTE * stream.seek(0, io.SEEK_END))

    def _stream(self) -> BinaryIO:
        stream = self.part.open()
        if stream.seekable():
            return stream
        content = up_to(stream, LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise Refusal(f"has more than {LARGEST_BYTES / 1e6:,.0f} MB unpacked; give it unpacked.")
        return io.BytesIO(content)

    def _opened(self) -> pyarrow.parquet.ParquetFile:
        stream = self._stream()
        try:
            return pyarrow.parquet.ParquetFile(stream)
        except DAMAGE:
            raise Refusal(NO_PARQUET) from None

    def _records(self, wanted: frozenset[str] | None) -> Iterator[Record]:
        around = {name.partition(".")[0] for name in wanted or ()}
        names = [name for key, name in self._names.items() if wanted is None or key in wanted or key in around]
        try:
            with self._opened() as file:
                for batch in file.iter_batches(BATCH_ROWS, columns=names, use_threads=False):
                    yield from map(_spelled, _written(batch).to_pylist(maps_as_pydicts="lossy"))
        except Refusal:
            raise
        except DAMAGE:
            raise Refusal(NO_PARQUET) from None


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
