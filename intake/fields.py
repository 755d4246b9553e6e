"""Single values of a file: a number, or a short name, or one sentence on what cannot be one."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import isfinite
from pathlib import PurePath
from typing import Any, Protocol

from costmodel.numerals import MINUS, numeral, written
from intake.errors import Refusal


class Named(Protocol):
    """What has the name of a file, with its folders."""

    name: str


LONGEST_NAME = 200
LARGEST = 1e15
NOTHING = ("", "n/a", "na", "none", "null", "nan", "-")


def amount(value: Any, name: str, lowest: float = 0.0) -> float | None:
    """The value of a field of that name as a number; a text may hold it, as a table's cell does.

    None when it is missing, null, a word for nothing or not finite; a Refusal when it is no number or out of bounds.
    """
    if isinstance(value, str):
        value = _number(value.strip(), name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Refusal(f"has {kind(value)} as {name:.80}, which must be a number.")
    try:
        value = float(value)
    except OverflowError:  # hundreds of digits, which as a text are not finite either
        return None
    if not isfinite(value):
        return None
    if value < lowest or abs(value) > LARGEST:
        least, most = numeral(lowest, ",.0f") if lowest else "zero", numeral(LARGEST, ",.0f")
        raise Refusal(f"has {numeral(value, ',.6g')} as {name:.80}, which must be {least} or more, and at most {most}.")
    return value


def _number(text: str, name: str) -> float | None:
    """Programs write a point before decimals; what people write in other ways is read where it has one reading."""
    if text.lower() in NOTHING:
        return None
    try:
        return float(text)
    except ValueError:
        found = written(text)
    if not found or found.words or found.percent or found.scaled:
        raise Refusal(f"has a text as {name:.80}, which must be a number.") from None
    if found.currency not in ("", "USD"):
        raise Refusal(
            f"has an amount in {found.currency} as {name:.80}: write the number alone, and its currency in a column of "
            "its own."
        )
    if found.mark == ",":
        either = " or ".join(f"{reading.normalize():f}" for reading in found.readings)
        raise Refusal(f"has a number as {name:.80} that can be read as {either}: write one of them.")
    return float(found.readings[0])


def unsigned(value: Any) -> tuple[Any, str | None]:
    """A value without the sign of a currency that stands with its number, and that currency."""
    if not isinstance(value, str) or (value[:1].isdigit() and value[-1:].isdigit()):
        return value, None
    found = written(value)
    if not found or not found.currency:
        return value, None
    return "".join(sign for sign in value if sign in "0123456789.,'’ ()+-" + MINUS), found.currency


def short_name(value: Any) -> str | None:
    """A name: one short line that can be printed, None when there is none."""
    if not isinstance(value, str):
        return None
    name = value[:LONGEST_NAME]
    return (name if name.isprintable() else "".join(s if s.isprintable() else " " for s in name)).strip() or None


def kind(value: Any) -> str:
    """What a value is that should have been another."""
    return (
        "a list" if isinstance(value, list) else "an object" if isinstance(value, Mapping) else f"{value!s:.40}".lower()
    )


def shown(file: str) -> str:
    """A file's name as a sentence can hold it."""
    return "".join(sign if sign.isprintable() else "?" for sign in file[-80:])


def labels(files: Sequence[Named]) -> list[str]:
    """A label of its own for each file: its name, with folders where another has the same, else with its place."""
    names = [PurePath(file.name).name for file in files]
    labels = [name if names.count(name) == 1 else file.name for name, file in zip(names, files, strict=True)]
    return [label if labels.count(label) == 1 else f"{label} ({place})" for place, label in enumerate(labels, 1)]
