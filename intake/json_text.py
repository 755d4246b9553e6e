"""JSON of which only what is asked for by name is decoded: single requests and their texts are stepped over as bytes.

So a file of a hundred megabytes costs its bytes and little more, no text of a prompt or an answer ever becomes a value,
and the names a reader asks for are the list of what may be read. Beyond strict JSON the bare words `NaN` and `Infinity`
are taken, and several values after one another, as tools append them to one file. Long lists may be asked for one entry
at a time, and names under one spelling.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from costmodel.numerals import numeral
from intake.errors import Refusal

MOST_ENTRIES, DEEPEST, LONGEST_BYTES = 10_000, 200, 4_000
SPACE = re.compile(rb"[\s\x1e]*+")
STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.S)
PLAIN = re.compile(rb"(?:-?Infinity|NaN|true|false|null|-?[0-9][0-9.eE+-]*+)(?=[\s,\]}\x1e]|$)")
TO_BRACKET = re.compile(rb'[^"{}\[\]]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"{}\[\]]*+)*+([{}\[\]])', re.S)
UNFINISHED = re.compile(rb"[-+.\w]*+$")
CLOSING = {b"{": b"}", b"[": b"]"}
TOO_DEEP = f"is nested more than {DEEPEST} levels deep, which no file of a tool is."
CUT = "is cut off: it ends in the middle of a value; copy it again, whole."
WRONG = "is not JSON: byte {} is not what should stand there; take the file as the tool wrote it."


@dataclass(frozen=True)
class Manner:
    """How objects and lists are handed out.

    spelled: the one spelling under which a field is kept, for tools that write a name in several ways.
    one_by_one: lists are `Entries`, of any length, instead of lists in memory.
    """

    spelled: Callable[[str], str] = str
    one_by_one: bool = False


PLAINLY = Manner()


def values(text: bytes, manner: Manner = PLAINLY) -> Iterator[Any]:
    """The values that stand after one another in the text, objects as `Fields`; a Refusal says what is wrong."""
    at = _space(text, 0)
    while at < len(text):
        value, at = _value(text, at, manner)
        yield value
        at = _space(text, at)


class Fields(Mapping[str, Any]):
    """One object of a JSON text. A field is decoded when it is asked for; inner objects are `Fields` again."""

    def __init__(self, text: bytes, at: int, manner: Manner = PLAINLY):
        self._text, self._manner, self._starts, self._at = text, manner, {}, at
        at = _space(text, at + 1)
        while text[at : at + 1] != b"}":
            key = STRING.match(text, at)
            if not key:
                raise _fault(text, at)
            colon = _space(text, key.end())
            if text[colon : colon + 1] != b":":
                raise _fault(text, colon)
            start = _space(text, colon + 1)
            self._starts[_key(key[0], manner.spelled)] = start
            if len(self._starts) > MOST_ENTRIES:
                raise _too_many("an object", "fields")
            at = _comma(text, _end(text, start), b"}")
        self.end = at + 1

    @property
    def sign(self) -> bytes:
        """What objects that are written alike have in common."""
        return blake2b(memoryview(self._text)[self._at : self.end], digest_size=8).digest()

    def __getitem__(self, key: str) -> Any:
        return _value(self._text, self._starts[key], self._manner)[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._starts)

    def __len__(self) -> int:
        return len(self._starts)


class Entries:
    """One list of a JSON text, of which each entry is decoded when its turn comes."""

    def __init__(self, text: bytes, at: int, manner: Manner, depth: int):
        self._text, self._at, self._manner, self._depth = text, at, manner, depth
        self.end = _end(text, at)

    def __iter__(self) -> Iterator[Any]:
        return (value for value, _ in _entries(self._text, self._at, self._manner, self._depth))


def _value(text: bytes, at: int, manner: Manner, depth: int = 0) -> tuple[Any, int]:
    """The value that starts here and where it ends."""
    if text[at : at + 1] == b"{":
        fields = Fields(text, at, manner)
        return fields, fields.end
    if text[at : at + 1] == b"[":
        if depth == DEEPEST:
            raise Refusal(TOO_DEEP)
        if manner.one_by_one:
            entries = Entries(text, at, manner, depth + 1)
            return entries, entries.end
        return _list(text, at, manner, depth + 1)
    end = _end(text, at)
    return _decoded(text, at, end), end


def _list(text: bytes, at: int, manner: Manner, depth: int) -> tuple[list[Any], int]:
    found, end = [], _space(text, at + 1)
    for value, after in _entries(text, at, manner, depth):
        if len(found) == MOST_ENTRIES:
            raise _too_many("a list", "entries")
        found.append(value)
        end = after
    return found, end + 1


def _entries(text: bytes, at: int, manner: Manner, depth: int) -> Iterator[tuple[Any, int]]:
    """Each entry of the list that starts here, and where the next one or the closing bracket is."""
    at = _space(text, at + 1)
    while text[at : at + 1] != b"]":
        value, end = _value(text, at, manner, depth)
        at = _comma(text, end, b"]")
        yield value, at


def _end(text: bytes, at: int) -> int:
    """Where the value that starts here ends, without decoding it."""
    if text[at : at + 1] not in CLOSING:
        found = STRING.match(text, at) or PLAIN.match(text, at)
        if not found:
            raise _fault(text, at)
        return found.end()
    open_ones = []
    while found := TO_BRACKET.match(text, at):
        bracket, at = found[1], found.end()
        if bracket in CLOSING:
            open_ones.append(CLOSING[bracket])
            if len(open_ones) > DEEPEST:
                raise Refusal(TOO_DEEP)
        elif bracket != open_ones.pop():
            raise Refusal(WRONG.format(numeral(at, ",")))
        if not open_ones:
            return at
    raise Refusal(CUT)


def _decoded(text: bytes, start: int, end: int) -> Any:
    """A text, number or word; None for one that is too long to be a name or a number."""
    if end - start > LONGEST_BYTES:
        return None
    try:
        return json.loads(text[start:end].decode(errors="replace"), strict=False)
    except (ValueError, RecursionError):
        raise _fault(text, start) from None


@lru_cache(maxsize=4096)
def _key(text: bytes, spelled: Callable[[str], str]) -> Any:
    """The name that a field has in the text, in its one spelling."""
    name = _decoded(text, 0, len(text))
    return spelled(name) if isinstance(name, str) else name


def _space(text: bytes, at: int) -> int:
    return SPACE.match(text, at).end()


def _comma(text: bytes, at: int, closing: bytes) -> int:
    """Where the next member starts after the value that ended here, or where the closing bracket is."""
    at = _space(text, at)
    if text[at : at + 1] == b",":
        at = _space(text, at + 1)
        if text[at : at + 1] == closing:
            raise _fault(text, at)
    elif text[at : at + 1] != closing:
        raise _fault(text, at)
    return at


def _fault(text: bytes, at: int) -> Refusal:
    """What is wrong where no value or sign that belongs there stands: the text ends there, or goes on wrongly."""
    ends = UNFINISHED.match(text, at) or (text[at : at + 1] == b'"' and not STRING.match(text, at))
    return Refusal(CUT if ends else WRONG.format(numeral(at + 1, ",")))


def _too_many(what: str, of: str) -> Refusal:
    return Refusal(f"holds {what} of more than {numeral(MOST_ENTRIES, ',')} {of}, which no file of a tool has.")
