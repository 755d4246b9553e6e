"""The one error a user meets: a sentence that says what is wrong, where, and what would be right.

A sentence is kept with its parts, so that a file is told of paths and a screen of the names that stand there.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from costmodel.numerals import numeral

MOST_NAMED = 3  # names that are offered in place of an unknown one


@dataclass(frozen=True)
class At:
    """A path in a sentence: those who write files read the path, those at a screen the name of what stands there."""

    path: str

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True)
class Named:
    """An option in a sentence: its slug for those who write files, else its label."""

    slug: str

    def __str__(self) -> str:
        return f"{self.slug!r:.60}"


@dataclass(frozen=True)
class Amount:
    """A number in a sentence, in the unit of its field."""

    value: float
    unit: str

    def __str__(self) -> str:
        return numeral(self.value, "g")


@dataclass(frozen=True)
class Bounds:
    """The bounds of a field in a sentence."""

    low: float
    high: float
    unit: str

    def __str__(self) -> str:
        return f"between {numeral(self.low, 'g')} and {numeral(self.high, 'g')} ({self.unit})"


@dataclass(frozen=True)
class Unit:
    """The unit of a field in a sentence."""

    unit: str

    def __str__(self) -> str:
        return self.unit


@dataclass(frozen=True)
class ForFiles:
    """Words that help only who writes files as the model holds them, or runs the program: not told at a screen."""

    words: str

    def __str__(self) -> str:
        return self.words


def cut(value: Any, most: int = 60) -> str:
    """A value as a sentence can hold it, which somebody else may have made as long as they liked.

    What is nothing, true or false has the name that files have for it, alone and in lists and groups.
    """
    written = _as_in_files(value)
    return written if len(written) <= most else f"{written[: most - 1]}…"


def _as_in_files(value: Any, depth: int = 3) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if not isinstance(value, list | dict):
        return repr(value)
    if not depth:
        return "…"
    inner = [_as_in_files(one, depth - 1) for one in (value.values() if isinstance(value, dict) else value)]
    if isinstance(value, list):
        return f"[{', '.join(inner)}]"
    return f"{{{', '.join(f'{name!r}: {one}' for name, one in zip(value, inner, strict=True))}}}"


class Fault(ValueError):
    """What is wrong in one sentence or, for a single value, its end; `{name}` in it stands for the part of that name.

    Parts are what a screen says in other words than a file: paths, amounts, bounds, units, other refusals.
    """

    def __init__(self, sentence: str, **parts: Any) -> None:
        self.sentence, self.parts = sentence, parts
        super().__init__(self.told(str))

    def told(self, words: Callable[[Any], str]) -> str:
        """The sentence with each of its parts as `words` has it."""
        parts = {
            name: part.told(words) if isinstance(part, Fault) else words(part) for name, part in self.parts.items()
        }
        return self.sentence.format(**parts) if parts else self.sentence


class ScenarioError(Fault):
    """One sentence naming the path, the value and the bound. The scenario that was being changed is untouched."""

    @classmethod
    def from_validation(cls, error: ValidationError, prefix: tuple[str, ...] = ()) -> "ScenarioError":
        """The first complaint of pydantic in the words of this product."""
        first = error.errors(include_url=False)[0]
        cause = first.get("ctx", {}).get("error")
        if isinstance(cause, cls):
            return cause
        path = ".".join(prefix + tuple(f"{part!s:.60}" for part in first["loc"]))
        if isinstance(cause, Fault):
            return cls(f"{{path}} {cause.sentence}.", path=At(path), **cause.parts)
        match first["type"]:
            case "missing":
                reason = "is missing: it has no default, give it a value"
            case "extra_forbidden":
                reason = "is not a field of the model"
            case "literal_error":
                reason = f"must be {first['ctx']['expected']}, not {cut(first['input'])}"
            case "value_error":
                reason = str(cause)
            case "model_type" | "dict_type":
                reason = f"must be a group of fields, not {cut(first['input'])}"
            case "string_type":
                reason = f"must be a text, not {cut(first['input'])}"
            case "bool_type" | "bool_parsing":
                reason = f"must be true or false, not {cut(first['input'])}"
            case "string_too_short":
                reason = "must not be empty"
            case "string_too_long":
                reason = f"must have at most {first['ctx']['max_length']} characters, not {len(first['input'])}"
            case _:
                reason = f"is not right: {first['msg']}, got {cut(first['input'])}"
        reason += "" if reason.endswith("?") else "."
        return cls("{path} {reason}", path=At(path), reason=reason) if path else cls(reason)


def nearest(name: str, known: list[str]) -> str:
    """' Did you mean ...?' with the closest known names, or an empty text when nothing is close."""
    folded: dict[str, str] = {}
    for entry in known:
        folded.setdefault(entry.lower(), entry)
    close = get_close_matches(name.lower(), list(folded), n=MOST_NAMED, cutoff=0.5)
    within = [key for key in folded if name and name.lower() in key and key not in close]
    found = [folded[key] for key in (close + within)[:MOST_NAMED]]
    return f" Did you mean {' or '.join(found)}?" if found else ""
