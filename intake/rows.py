"""The one door to a file's records: a table, JSON or Parquet, told apart by content. Streams are read in pieces."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

from intake import json_text
from intake.encoding import WIDE, encoding, lines, packing, utf8
from intake.errors import Refusal, Unknown
from intake.parquet import Parquet
from intake.records import JSON, Record, Rows, each
from intake.table import Table
from intake.unpacking import Part, up_to

LARGEST_DOCUMENT_BYTES, PEEK_BYTES = 256_000_000, 64_000


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
    if b"\0" in head and head[:2] not in WIDE:
        raise Unknown("is no text: exports are CSV, JSON, JSON lines or Parquet.")
    if not (text := utf8(head).strip()):
        raise Unknown("is empty.")
    return _Json(part, head) if text[:1] in (b"{", b"[") else Table(part, encoding(head))


class _Json(Rows):
    """One object or list, several after one another, or one on each line."""

    def __init__(self, part: Part, head: bytes):
        super().__init__(part.name)
        self._part, self._encoding = part, encoding(head)
        self._by_line = self._is_whole_on_one_line()

    def _text(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(self._part.open(), encoding=self._encoding, errors="replace", newline="")

    def _is_whole_on_one_line(self) -> bool:
        try:
            with self._text() as stream:
                line = next((line for line in lines(stream) if line.strip()), "")
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
            with self._text() as stream:
                for line in lines(stream):
                    yield from json_text.values(line.encode(), JSON)
            return
        with self._part.open() as stream:
            content = up_to(stream, LARGEST_DOCUMENT_BYTES + 1)
        if len(content) > LARGEST_DOCUMENT_BYTES:
            raise Refusal(
                f"is one JSON document of more than {LARGEST_DOCUMENT_BYTES / 1e6:,.0f} MB; export it as JSON lines."
            )
        yield from json_text.values(utf8(content), JSON)
