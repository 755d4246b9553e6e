"""Fields of a result by path: a number, a name, an object or nothing, with one sentence for what cannot be."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any

from intake.errors import Refusal
from intake.fields import amount, short_name

TO_MS = {"ns": 1e-6, "us": 1e-3, "µs": 1e-3, "ms": 1.0, "s": 1e3, "sec": 1e3, "seconds": 1e3}


def at(result: Any, *path: str) -> Any:
    """What stands at a path of names, None where it leads nowhere."""
    for name in path:
        result = result.get(name) if isinstance(result, Mapping) else None
    return result


def first(result: Any, *paths: tuple[str, ...]) -> Any:
    """What stands at the first of several paths that leads somewhere: the places of different versions."""
    return next((value for value in (at(result, *path) for path in paths) if value is not None), None)


def number(result: Any, *path: str) -> float | None:
    """A number from zero on; None when it is missing, null or no finite number, a Refusal when it is something else."""
    return amount(at(result, *path), ".".join(path))


def first_number(result: Any, *paths: tuple[str, ...]) -> float | None:
    """The number at the first of several paths that leads somewhere, as `number` gives it."""
    return amount(first(result, *paths), ".".join(paths[0]))


def name(result: Any, *path: str) -> str | None:
    """A name: one short line, None when there is none."""
    return short_name(at(result, *path))


def entries(result: Any, *path: str) -> list[Mapping[str, Any]]:
    """The objects of a list; an empty one where there is no list."""
    value = at(result, *path)
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def integer(value: Any) -> int | None:
    """A whole number from 1 on, also when a text holds it; else None."""
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,9}(\.0*)?\s*", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return int(value) if value == int(value) and value >= 1 else None


def product(*values: int | None) -> int | None:
    """The product of whole numbers, None when one is not known."""
    result = 1
    for value in values:
        if value is None:
            return None
        result *= value
    return result


def in_ms(value: float | None, unit: Any, what: str) -> float | None:
    """A time in milliseconds, from the unit that stands beside it."""
    factor = TO_MS.get(str(unit).strip().lower().split("/")[0])
    if value is not None and factor is None:
        raise Refusal(f"gives {what:.60} in {unit!r:.40}, not in one of {', '.join(TO_MS)}.")
    return None if value is None else value * factor
