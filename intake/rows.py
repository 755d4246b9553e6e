"""The one door to a file's records: a table, JSON or Parquet, told apart by content. Streams are read in pieces."""

import io
from collections.abc import Collection, Hashable, Iterator, Mapping
from itertools import islice
from typing import Any

import pyarrow
from pyarrow.json import ParseOptions, ReadOptions, read_json

from costmodel.numerals import numeral
from intake import json_text
from intake.encoding import WIDE, encoding, lines, packing, utf8
from intake.errors import NotPlain, Refusal, Unknown
from intake.parquet import Parquet
from intake.pieces import NUMBER, TEXT, WORD, whole_lines
from intake.records import JSON, Record, Rows, each, spelled
from intake.table import Table
from intake.unpacking import Part, up_to

LARGEST_DOCUMENT_BYTES, PEEK_BYTES, PARSED_BYTES, LOOKED_AT = 256_000_000, 64_000, 2_000_000, 50
PRINTED = (b"%PDF-", b"{\\rtf")  # written in characters, and no text for all that
KINDS = {str: TEXT, bool: pyarrow.bool_(), int: pyarrow.int64(), float: NUMBER}


def rows(part: Part) -> Rows:
    """The records of a file, whatever it is called; a Refusal says why it has none."""
    with part.open() as stream:
        head = stream.read(PEEK_BYTES)
    if what := packing(head):
        raise Refusal(f"is packed ({what}); unpack it first.")
    if head.startswith(b"PAR1"):
        return Parquet(part)
    if head[257:262] == b"ustar":
        raise Refusal("is a tar archive; unpack it first.")
    if (b"\0" in head and head[:2] not in WIDE) or head.startswith(PRINTED):
        raise Unknown("is no text: exports are CSV, JSON, JSON lines or Parquet.")
    if not (text := utf8(head).strip()):
        raise Unknown("is empty.")
    return Json(part, head) if text[:1] in (b"{", b"[") else Table(part, encoding(head))


class Json(Rows):
    """One object or list, several after one another, or one on each line."""

    def __init__(self, part: Part, head: bytes):
        super().__init__(part.name)
        self.part, self._encoding = part, encoding(head)
        self.has_blocks = self._is_whole_on_one_line()

    def _text(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(self.part.open(), encoding=self._encoding, errors="replace", newline="")

    def _is_whole_on_one_line(self) -> bool:
        try:
            with self._text() as stream:
                line = next((line for line in lines(stream) if line.strip()), "")
                for _ in json_text.values(line.encode(), JSON):
                    pass
            return True
        except Refusal:
            return False

    def _records(self, wanted: frozenset[str] | None) -> Iterator[tuple[Record, Hashable]]:
        """Objects, those in an outermost list one by one. Values are decoded when asked for, without `wanted`."""
        found = False
        for value in self._values():
            for entry in each(value) if isinstance(value, json_text.Entries) else (value,):
                for record in each(entry) if isinstance(entry, json_text.Entries) else (entry,):
                    if isinstance(record, json_text.Fields):
                        found = True
                        if record:
                            yield record, record.sign
        if not found:
            raise Refusal("holds no object.")

    def blocks(
        self, wanted: Mapping[str, str], numbers: Collection[str], words: Collection[str]
    ) -> Iterator[tuple[pyarrow.Table, float]]:
        """Wanted fields (new name -> name in the objects) of JSON lines as Arrow tables, with the share read by then.

        Those of `numbers` are numbers, others of the kind that they are at first, and texts of `words` are kept once
        each. `wanted` is looked at anew for each table. NotPlain where only reading row by row tells what stands there.
        """
        written, kinds = self._first_fields()
        if not {spelled(name) for name in wanted.values()} <= written.keys():
            raise NotPlain("has a field inside another.")
        read_bytes = 0
        with self.part.open() as stream:
            for text in whole_lines(stream, quoted=False):
                names = dict(wanted)
                schema = [(written[spelled(name)], NUMBER if what in numbers else kinds[spelled(name)])
                          for what, name in names.items()]  # fmt: skip
                parse = ParseOptions(pyarrow.schema(schema), unexpected_field_behavior="ignore")
                try:
                    table = read_json(pyarrow.BufferReader(text), ReadOptions(block_size=PARSED_BYTES), parse)
                    table = table.select([name for name, _ in schema]).rename_columns([*names])
                    table.validate(full=True)
                    coded = [field.with_type(WORD) if field.name in words and field.type == TEXT else field
                             for field in table.schema]  # fmt: skip
                    table = table.cast(pyarrow.schema(coded))
                except pyarrow.ArrowException:
                    raise NotPlain("is no plain list of objects.") from None
                read_bytes += len(text)
                yield table, read_bytes / self.part.size

    def _first_fields(self) -> tuple[dict[str, str], dict[str, pyarrow.DataType]]:
        """How the first objects write each name, and of what kind its value is; NotPlain where they differ."""
        written: dict[str, str] = {}
        kinds: dict[str, pyarrow.DataType] = {}
        with self._text() as stream:
            for line in islice(lines(stream), LOOKED_AT):
                for record in json_text.values(line.encode()):
                    for name in record if isinstance(record, Mapping) else ():
                        if written.setdefault(spelled(name), name) != name:
                            raise NotPlain("writes a name in several ways.")
                        if (value := record[name]) is not None:
                            kinds.setdefault(spelled(name), KINDS.get(type(value), pyarrow.null()))
        return written, dict.fromkeys(written, TEXT) | kinds

    def _values(self) -> Iterator[Any]:
        if self.has_blocks:
            with self._text() as stream:
                for line in lines(stream):
                    yield from json_text.values(line.encode(), JSON)
            return
        with self.part.open() as stream:
            content = up_to(stream, LARGEST_DOCUMENT_BYTES + 1)
        if len(content) > LARGEST_DOCUMENT_BYTES:
            raise Refusal(
                f"is one JSON document of more than {numeral(LARGEST_DOCUMENT_BYTES / 1e6, ',.0f')} MB; export it as "
                "JSON lines."
            )
        yield from json_text.values(utf8(content), JSON)
