"""A table as records: any of the usual delimiters, decimal commas, and rows that are cut or damaged told by number."""

import csv
import io
import re
from collections.abc import Collection, Hashable, Iterator, Mapping
from itertools import islice
from typing import TextIO

import pyarrow
from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions, read_csv

from costmodel.numerals import numeral
from intake.decimals import TWO_WAYS, Decimals
from intake.encoding import LONGEST_LINE, MARK, WINDOWS, lines
from intake.errors import NotPlain, Refusal, Unknown
from intake.fields import NOTHING
from intake.pieces import NUMBER, TEXT, WORD, whole_lines
from intake.records import Record, Rows, is_empty, spelled
from intake.unpacking import Part

MOST_COLUMNS, LOOKED_AT = 2_000, 200
DELIMITERS = ",;\t|"
DATED = re.compile(r"date|time")
UNENDED = "The last line has no end: where the file was cut off there, its last number may be short."
SEPARATOR = re.compile(r"\ufeff?\"?sep=([,;\t|])\"?\s*$", re.IGNORECASE)
QUOTED = re.compile(r'"[^"]*"')
FORMULA = "=+-@"  # what a spreadsheet would take for a formula; careful exporters put a quote before it
csv.field_size_limit(LONGEST_LINE)
NULLS = [*NOTHING, *(word.upper() for word in NOTHING), *(word.capitalize() for word in NOTHING)]


class Table(Rows):
    """Rows under one heading, separated by a comma, a semicolon, a tab or a bar."""

    has_blocks = True

    def __init__(self, part: Part, encoding: str):
        super().__init__(part.name)
        self.part, self._encoding, self._ended = part, encoding, True
        if encoding == WINDOWS:
            self.remarks += ("The file is not UTF-8; it was read as Windows text.",)
        self._above, self._delimiter = 0, ""
        with self._stream() as stream:
            self._above, self._delimiter = _heading([*islice(lines(stream), LOOKED_AT)])
        with self._stream() as stream:
            start = list(islice(self._cells(stream), LOOKED_AT))
        if not start:
            raise Unknown("is empty.")
        self._heading = tuple(name.strip() for name in start[0])
        self.columns = tuple(map(spelled, self._heading))
        if len(self.columns) > MOST_COLUMNS:
            count, most = numeral(len(self.columns), ","), numeral(MOST_COLUMNS, ",")
            raise Refusal(f"has {count} columns, more than the {most} that an export has.")
        self._decimals: Decimals | None = None

    def _stream(self) -> TextIO:
        """The text from its heading on."""
        stream = io.TextIOWrapper(self.part.open(), encoding=self._encoding, errors="replace", newline="")
        for _ in range(self._above):
            stream.readline(LONGEST_LINE)
        return stream

    def _cells(self, stream: TextIO) -> Iterator[list[str]]:
        reader = csv.reader(map(self._watched, lines(stream)), delimiter=self._delimiter, strict=True)
        try:
            yield from (row for row in reader if any(map(str.strip, row)))
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise Refusal("is cut off: it ends inside a quoted text; copy it again, whole.") from None
            raise Refusal(f"is no whole table: line {numeral(reader.line_num, ',')} cannot be read.") from None

    def _records(self, wanted: frozenset[str] | None) -> Iterator[tuple[Record, Hashable]]:
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
                record = {name: self._read(place, row[place].strip(), places) for place, name in places}
                if not is_empty(record):
                    yield record, hash(tuple(row))
        self._remark_end()

    def _read(self, place: int, text: str, places: list[tuple[int, str]]) -> str:
        """A cell; where it is a number that can be read in two ways, by what all the columns wanted prove."""
        if not ("," in text or "." in text) or not TWO_WAYS.fullmatch(text):
            return self.cell(text)
        if self._decimals is None:
            with self._stream() as stream:
                rows = (
                    [(self._heading[place], row[place].strip()) for place, _ in places if place < len(row)]
                    for row in islice(self._cells(stream), 1, None)
                )
                self._decimals = Decimals(rows, self._delimiter == ";")
        found = self._decimals.read(self._heading[place], text)
        self.remarks += tuple(remark for remark in self._decimals.remarks if remark not in self.remarks)
        return found

    def blocks(
        self, wanted: Mapping[str, str], numbers: Collection[str], words: Collection[str]
    ) -> Iterator[tuple[pyarrow.Table, float]]:
        """Wanted columns (new name -> name in the heading) as Arrow tables, with the share read until then.

        Those of `numbers` are numbers, others text, which `words` keep once each; `wanted` is looked at anew for each
        table. NotPlain where only reading row by row tells what stands there.
        """
        if self._encoding != "utf-8-sig":
            raise NotPlain("is not written in UTF-8.")
        with self.part.open() as stream:
            for _ in range(self._above + 1):
                heading = stream.readline(LONGEST_LINE).removeprefix(MARK)
            if heading.count(b'"') % 2:
                raise NotPlain("has a heading of several lines.")
            read_bytes = len(heading)
            for text in whole_lines(stream, quoted=True):
                now = dict(wanted)
                places = {spelled(name): new for new, name in now.items()}
                names = [places.pop(name, None) or f"column {place}" for place, name in enumerate(self.columns)]
                types = {new: NUMBER if new in numbers else WORD if new in words else TEXT for new in now}
                convert = ConvertOptions(
                    include_columns=list(now), column_types=types, strings_can_be_null=True, null_values=NULLS
                )
                parse = ParseOptions(delimiter=self._delimiter, newlines_in_values=b'"' in text)
                try:
                    table = read_csv(pyarrow.BufferReader(text), ReadOptions(column_names=names), parse, convert)
                except pyarrow.ArrowException:
                    raise NotPlain("is no plain table.") from None
                read_bytes += len(text)
                self._ended = text[-1:] in b"\r\n"
                yield table, read_bytes / self.part.size
        self._remark_end()

    def _remark_end(self) -> None:
        if not self._ended and UNENDED not in self.remarks:
            self.remarks += (UNENDED,)

    def _watched(self, line: str) -> str:
        self._ended = line[-1] in "\r\n"
        return line

    def cell(self, text: str) -> str:
        """A cell without the space around it, and as what it was before it was made safe."""
        text = text.strip()
        return text[1:] if text[:1] == "'" and text[1:2] and text[1] in FORMULA else text

    def _mended(self, row: list[str], number: int) -> list[str]:
        """A row of another length, when it says no more than a time, or has nothing but empty cells too many."""
        missing = len(self.columns) - len(row)
        if missing > 0 and self._ended and all(DATED.search(name) for name in self.columns[: len(row)]):
            return row + [""] * missing
        if missing < 0 and not any(cell.strip() for cell in row[len(self.columns) :]):
            return row
        what = "its first line is no heading, or it" if number == 2 else "it"
        cells, place, wanted = (numeral(count, ",") for count in (len(row), number, len(self.columns)))
        raise Refusal(
            f"has {cells} cells in row {place} and {wanted} in its heading: {what} is cut off or damaged there."
        )


def _heading(beginning: list[str]) -> tuple[int, str]:
    """How many lines stand above the heading, and its delimiter.

    Spreadsheets write `sep=;` or a title there: a line with one cell alone, where later ones have more.
    """
    named = SEPARATOR.match(beginning[0]) if beginning else None
    filled = []
    for line in beginning[bool(named) :]:
        bare = QUOTED.sub("x", line)
        delimiter = named[1] if named else max(DELIMITERS, key=bare.count)
        is_whole = '"' not in bare
        filled.append((sum(bool(cell.strip()) for cell in bare.split(delimiter)) if is_whole else 2, delimiter))
    least = min(2, max((cells for cells, _ in filled), default=0))
    above = next((place for place, (cells, _) in enumerate(filled) if cells >= least > 0), 0)
    return above + bool(named), filled[above][1] if filled else DELIMITERS[0]
