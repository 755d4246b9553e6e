"""YAML as plain objects and lists, built from the parser's events so that single requests are never built."""

from collections.abc import Iterator
from typing import Any

import yaml

from costmodel.numerals import numeral
from intake.errors import Refusal
from intake.json_text import DEEPEST, LONGEST_BYTES, TOO_DEEP

NEVER = ("benchmarks", "requests")  # where GuideLLM keeps single requests with their texts
MOST_VALUES = 1_000_000
WORDS = {"": None, "~": None, "null": None, "true": True, "false": False, ".inf": float("inf"), ".nan": float("nan")}


def values(text: bytes) -> list[Any]:
    """The documents of a YAML text; a Refusal says what is wrong with it."""
    try:
        return list(_Builder(text).documents())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {numeral(mark.line + 1, ',')}" if mark else ""
        raise Refusal(f"is not whole YAML: it cannot be read{line}; take the file as the tool wrote it.") from None


class _Builder:
    """Objects and lists from a stream of events. An alias is the same object again, never a copy."""

    def __init__(self, text: bytes):
        self.events: Iterator[yaml.Event] = yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.named: dict[str, Any] = {}
        self.built = 0

    def documents(self) -> Iterator[Any]:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                yield self._value(next(self.events), 0)

    def _value(self, event: yaml.Event, depth: int, key: str = "") -> Any:
        self.built += 1
        if depth > DEEPEST:
            raise Refusal(TOO_DEEP)
        if self.built > MOST_VALUES:
            raise Refusal(f"holds more than {numeral(MOST_VALUES, ',')} values; save it without the single requests.")
        if isinstance(event, yaml.AliasEvent):
            return self.named.get(event.anchor)
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = [self._value(inner, depth + 1, key) for inner in self._until(yaml.SequenceEndEvent)]
        else:
            value = {}
            for named in self._until(yaml.MappingEndEvent):
                name, inner = str(self._value(named, depth + 1)), next(self.events)
                if (key, name) == NEVER:
                    self._step_over(inner)
                else:
                    value[name] = self._value(inner, depth + 1, name)
        if event.anchor:
            self.named[event.anchor] = value
        return value

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        for event in self.events:
            if isinstance(event, end):
                return
            yield event

    def _step_over(self, event: yaml.Event) -> None:
        depth = 0
        while True:
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth == 0:
                return
            event = next(self.events)


def _scalar(event: yaml.ScalarEvent) -> Any:
    """A text, number or word; None for one that is too long to be a name or a number."""
    text = event.value
    if len(text) > LONGEST_BYTES:
        return None
    if event.style in ("'", '"', "|", ">"):
        return text
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    try:
        return float(text)
    except ValueError:
        return text
