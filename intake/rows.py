"""A file as records under one spelling of their names: a table, lines or a document of JSON, or Parquet.

A reader says which names it wants, and only those become values: texts, people and keys are stepped over. Every
stream is read in pieces; a JSON document in one piece is held as bytes.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, TextIO

import pyarrow
import pyarrow.parquet

from intake import json_text
from intake.encoding import WIDE, packing, utf8
from intake.errors import Refusal, Unknown
from intake.unpacking import Part

LARGEST_DOCUMENT_BYTES, LONGEST_LINE = 256_000_000, 16_000_000
MOST_COLUMNS, MOST_PARQUET_ROWS, PARQUET_BATCH = 2_000, 200_000_000, 5_000
PEEK_BYTES = 64_000
DELIMITERS = ",;\t|"
DATED = re.compile(r"date|time")
DECIMAL_COMMA = re.compile(r"-?\d[\d.]*,\d+$")
POINTED = re.compile(r"-?\d{1,3}(\.\d{3})+$")  # thousands where the comma is before the decimals
UNENDED = "The last line has no end: where the file was cut off there, its last number may be short."
FORMULA = "=+-@"  # what a spreadsheet would take for a formula; careful exporters put a quote before it
csv.field_size_limit(LONGEST_LINE)

Record = Mapping[str, Any]


@lru_cache(maxsize=4096)
def spelled(name: str) -> str:
    """The one spelling of a name: input_tokens, inputTokens, "Input Tokens" are the same; dots stay."""
    return re.sub(r"[^a-z0-9.]", "", name.lower())


JSON = json_text.Manner(spelled, one_by_one=True)


class Rows:
    """The records of one file. `at` is the number of the last one handed out, `remarks` what is odd about the file."""

    def __init__(self, name: str):
        self.name, self.at = name, 0
        self.remarks: tuple[str, ...] = ()
        self.columns: tuple[str, ...] | None = None

    def records(self, wanted: Iterable[str] | None = None) -> Iterator[Record]:
        """Each record, from the beginning. wanted: the names of which values are needed, with dots for nested ones."""
        self.at = 0
        for record in self._records(frozenset(map(spelled, wanted)) if wanted is not None else None):
            self.at += 1
            yield record

    def first(self, count: int = 1) -> list[Record]:
        """The first records; names are all there, values are not needed yet."""
        return list(islice(self.records(), count))

    def _records(self, wanted: frozenset[str] | None) -> Iterator[Record]:
        raise NotImplementedError


def rows(part: Part) -> Rows:
    """The records of a file, whatever it is called; a Refusal says why it has none."""
    with part.open() as stream:
        head = stream.read(PEEK_BYTES)
    if what := packing(head):
        raise Refusal(f"is packed ({what}); unpack it first.")
    if head.startswith(b"PAR1"):
        return _Parquet(part)
    if head[257:262] == b"ustar":
        raise Refusal("is a tar archive; unpack it first.")
    if b"\0" in head and head[:2] not in WIDE:
        raise Unknown("is no text: exports are CSV, JSON, JSON lines or Parquet.")
    if not (text := utf8(head).strip()):
        raise Unknown("is empty.")
    return _Json(part) if text[:1] in (b"{", b"[") else _Table(part, head)


def at(record: Any, *path: str) -> Any:
    """What stands at a path of names, also where a table writes it in one name; None where it leads nowhere."""
    get = getattr(record, "get", None)
    if get is None:
        return None
    found = get(spelled(path[0]))
    if len(path) == 1:
        return found
    for flat in (".".join(path), "".join(path)):
        if (value := get(spelled(flat))) is not None:
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


class _Json(Rows):
    """One object or list, several after one another, or one on each line."""

    def __init__(self, part: Part):
        super().__init__(part.name)
        self._part = part
        self._by_line = self._is_whole_on_one_line()

    def _is_whole_on_one_line(self) -> bool:
        try:
            with _text(self._part) as stream:
                line = next((line for line in _lines(stream) if line.strip()), "")
                for _ in json_text.values(line.encode(), JSON):
                    pass
            return True
        except Refusal:
            return False

    def _records(self, wanted: frozenset[str] | None) -> Iterator[Record]:
        """Objects, those in an outermost list one by one. Values are decoded when asked for, without `wanted`."""
        found = False
        for value in self._values():
            for entry in each(value) if isinstance(value, json_text.Entries) else (value,):
                for record in each(entry) if isinstance(entry, json_text.Entries) else (entry,):
                    if isinstance(record, Mapping):
                        found = True
                        yield record
        if not found:
            raise Refusal("holds no object.")

    def _values(self) -> Iterator[Any]:
        if self._by_line:
            with _text(self._part) as stream:
                for line in _lines(stream):
                    yield from json_text.values(line.encode(), JSON)
            return
        with self._part.open() as stream:
            content = stream.read(LARGEST_DOCUMENT_BYTES + 1)
        if len(content) > LARGEST_DOCUMENT_BYTES:
            raise Refusal(
                f"is one JSON document of more than {LARGEST_DOCUMENT_BYTES / 1e6:,.0f} MB; export it as JSON lines."
            )
        yield from json_text.values(utf8(content), JSON)


class _Table(Rows):
    """Rows under one heading, separated by a comma, a semicolon, a tab or a bar."""

    def __init__(self, part: Part, head: bytes):
        super().__init__(part.name)
        self._part, self._ended = part, True
        self._encoding = _encoding(head)
        if self._encoding == "cp1252":
            self.remarks += ("The file is not UTF-8; it was read as Windows text.",)
        with self._stream() as stream:
            heading = next((line for line in _lines(stream) if line.strip()), "")
            bare = re.sub(r'"[^"]*"', "", heading)
            self._delimiter = max(DELIMITERS, key=bare.count)
        with self._stream() as stream:
            start = list(islice(self._cells(stream), 200))
        self.columns = tuple(spelled(name) for name in start[0])
        if len(self.columns) > MOST_COLUMNS:
            raise Refusal(f"has {len(self.columns):,} columns, more than the {MOST_COLUMNS:,} that an export has.")
        self._decimal_comma = self._delimiter != "," and any(
            DECIMAL_COMMA.match(cell) for row in start[1:] for cell in row
        )

    def _stream(self) -> TextIO:
        return io.TextIOWrapper(self._part.open(), encoding=self._encoding, errors="replace", newline="")

    def _cells(self, stream: TextIO) -> Iterator[list[str]]:
        reader = csv.reader(map(self._watched, _lines(stream)), delimiter=self._delimiter, strict=True)
        try:
            yield from (row for row in reader if row)
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise Refusal("is cut off: it ends inside a quoted text; copy it again, whole.") from None
            raise Refusal(f"is no whole table: line {reader.line_num:,} cannot be read.") from None

    def _records(self, wanted: frozenset[str] | None) -> Iterator[Record]:
        names = self.columns
        places = [
            (place, name)
            for place, name in enumerate(names)
            if names.index(name) == place and (wanted is None or name in wanted)
        ]
        with self._stream() as stream:
            for number, row in enumerate(islice(self._cells(stream), 1, None), 2):
                if len(row) != len(names):
                    row = self._mended(row, number)
                yield {name: self._cell(row[place]) for place, name in places}
        if not self._ended:
            self.remarks += (UNENDED,) if UNENDED not in self.remarks else ()

    def _watched(self, line: str) -> str:
        self._ended = line[-1] in "\r\n"
        return line

    def _cell(self, text: str) -> str:
        text = text.strip()
        if self._decimal_comma and (DECIMAL_COMMA.match(text) or POINTED.match(text)):
            return text.replace(".", "").replace(",", ".")
        return text[1:] if text[:1] == "'" and text[1:2] and text[1] in FORMULA else text

    def _mended(self, row: list[str], number: int) -> list[str]:
        """A row of another length, when it says no more than a time, or has nothing but empty cells too many."""
        missing = len(self.columns) - len(row)
        if missing > 0 and self._ended and all(DATED.search(name) for name in self.columns[: len(row)]):
            return row + [""] * missing
        if missing < 0 and not any(cell.strip() for cell in row[len(self.columns) :]):
            return row
        raise Refusal(
            f"has {len(row):,} cells in row {number:,} and {len(self.columns):,} in its heading: it is cut off or "
            "damaged there."
        )


class _Parquet(Rows):
    """Columns of a Parquet file, of which only those that are wanted are read."""

    def __init__(self, part: Part):
        super().__init__(part.name)
        self._part = part
        with self._opened() as file:
            self._names = {spelled(name): name for name in file.schema_arrow.names}
            self.columns = tuple(self._names)
            if len(self.columns) > MOST_COLUMNS or file.metadata.num_rows > MOST_PARQUET_ROWS:
                raise Refusal(f"claims {file.metadata.num_rows:,} rows of {len(self.columns):,} columns; give a part.")

    def _opened(self) -> pyarrow.parquet.ParquetFile:
        stream = self._part.open()
        if not stream.seekable():
            content = stream.read(LARGEST_DOCUMENT_BYTES + 1)
            if len(content) > LARGEST_DOCUMENT_BYTES:
                raise Refusal(f"has more than {LARGEST_DOCUMENT_BYTES / 1e6:,.0f} MB unpacked; give it unpacked.")
            stream = io.BytesIO(content)
        try:
            return pyarrow.parquet.ParquetFile(stream)
        except (pyarrow.ArrowException, OSError, ValueError):
            raise Refusal("is no whole Parquet file: it is cut off or damaged.") from None

    def _records(self, wanted: frozenset[str] | None) -> Iterator[Record]:
        around = {name.partition(".")[0] for name in wanted or ()}
        names = [name for key, name in self._names.items() if wanted is None or key in wanted or key in around]
        try:
            with self._opened() as file:
                for batch in file.iter_batches(PARQUET_BATCH, columns=names, use_threads=False):
                    yield from map(_spelled, batch.to_pylist(maps_as_pydicts="lossy"))
        except (pyarrow.ArrowException, OSError, MemoryError):
            raise Refusal("is no whole Parquet file: it is cut off or damaged.") from None


def _spelled(value: Any) -> Any:
    """A value of Parquet with its names in their one spelling, at every level."""
    if isinstance(value, dict):
        return {spelled(str(name)): _spelled(entry) for name, entry in value.items()}
    return [_spelled(entry) for entry in value] if isinstance(value, list) else value


def _encoding(head: bytes) -> str:
    if coding := WIDE.get(head[:2]):
        return coding
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return "cp1252"
    return "utf-8-sig"


def _text(part: Part) -> TextIO:
    with part.open() as stream:
        head = stream.read(PEEK_BYTES)
    return io.TextIOWrapper(part.open(), encoding=WIDE.get(head[:2], "utf-8-sig"), errors="replace", newline="")


def _lines(stream: TextIO) -> Iterator[str]:
    """Each line; a Refusal for one that no export has."""
    while line := stream.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise Refusal(f"has a line of more than {LONGEST_LINE / 1e6:,.0f} million signs, which no export has.")
        yield line
