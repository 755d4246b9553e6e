"""A file by its content, not its name: objects of JSON or YAML, rows of a table, or lines of text."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks import yaml_text
from costmodel.numerals import numeral
from intake import json_text
from intake.encoding import packing, utf8
from intake.errors import Refusal

LARGEST_BYTES, LARGEST_YAML_BYTES, LARGEST_TABLE_BYTES = 256_000_000, 64_000_000, 16_000_000
MOST_LINES = 20_000
YAML = re.compile(rb"(?:[ \t\r]*+(?:#[^\n]*+|---[^\n]*+)?\n)*+[\"']?[A-Za-z_][\w.-]*+[\"']?:(?:\s|$)")


@dataclass(frozen=True)
class Document:
    """What one file holds: objects, or else the rows of a table, or else lines."""

    name: str
    objects: list[Mapping[str, Any]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def document(name: str, content: bytes) -> Document:
    """The content of a file; a Refusal says why it is none, in the half of a sentence after the file's name."""
    if len(content) > LARGEST_BYTES:
        raise Refusal(too_large(len(content)))
    if what := packing(content):
        raise Refusal(f"is packed ({what}); unpack it first.")
    content = utf8(content)
    if not content.strip():
        raise Refusal("is empty.")
    if content.lstrip()[:1] in (b"{", b"["):
        return Document(name, objects=_objects(json_text.values(content)))
    if b"\0" in content[:4096]:
        raise Refusal("is no text: benchmarks write JSON, YAML, CSV or a text summary.")
    if YAML.match(content):
        return Document(name, objects=_objects(yaml_text.values(_at_most(content, LARGEST_YAML_BYTES))))
    return _text(name, _at_most(content, LARGEST_TABLE_BYTES))


def inner(cell: str | None) -> Any:
    """An object that a table's cell holds as JSON; None when it holds none."""
    try:
        return next(json_text.values(cell.encode()), None) if cell and cell.startswith("{") else None
    except Refusal:
        return None


def too_large(size: int, largest: int = LARGEST_BYTES) -> str:
    """Half a sentence for a file of so many bytes."""
    return (
        f"has {numeral(size / 1e6, ',.0f')} MB, more than the {numeral(largest / 1e6, ',.0f')} MB that are read; save "
        "the result without the single requests."
    )


def _objects(values: Any) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for value in values:
        found += [entry for entry in (value if isinstance(value, list) else [value]) if isinstance(entry, Mapping)]
        if len(found) > json_text.MOST_ENTRIES:
            most = numeral(json_text.MOST_ENTRIES, ",")
            raise Refusal(f"holds more than {most} objects: single requests, not results of runs.")
    if not found:
        raise Refusal("holds no object with results.")
    return found


def _at_most(content: bytes, largest: int) -> bytes:
    if len(content) > largest:
        raise Refusal(too_large(len(content), largest))
    return content


def _text(name: str, content: bytes) -> Document:
    if (lines := content.count(b"\n")) > MOST_LINES:
        count, most = numeral(lines, ","), numeral(MOST_LINES, ",")
        raise Refusal(f"has {count} lines, more than the {most} that a result has.")
    text = content.decode(errors="replace")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        rows = []
    return Document(name, rows=rows, lines=text.splitlines())
