"""Quality beside cost: what the reader's own marks of models say of an option."""

from collections.abc import Mapping
from types import MappingProxyType

from costmodel.comparison import OptionCost
from costmodel.rules import served_by
from pricing.market import model_of
from pricing.marks import Mark

Marks = Mapping[str, Mark]
NO_MARKS: Marks = MappingProxyType({})


def marks_of(cost: OptionCost, marks: Marks) -> list[Mark]:
    """The marks of all models that serve a part of an option's demand; one that is not marked is open."""
    parts = [part for part in served_by(cost) if part.serves_itself()]
    return [marks.get(model_of(part), Mark()) for part in parts]


def accepted(cost: OptionCost, marks: Marks) -> bool | None:
    """Whether the reader accepts every model of an option; None as long as that is open."""
    said = [mark.accepted for mark in marks_of(cost, marks)]
    return False if False in said else True if said and all(said) else None


def points(cost: OptionCost, marks: Marks) -> float | None:
    """The reader's evaluation of an option: of several models the worst; None where one of them has none."""
    found = [mark.points for mark in marks_of(cost, marks)]
    known = [value for value in found if value is not None]
    return min(known) if known and len(known) == len(found) else None
