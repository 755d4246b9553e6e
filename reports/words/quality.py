"""Quality beside cost: what the reader's own marks of models say of options, and which accepted one is the cheapest."""

from collections.abc import Mapping

from costmodel.comparison import Comparison, OptionCost
from costmodel.rules import served_by
from pricing.market import model_of
from pricing.marks import Mark
from reports.words.market import ACCEPTED
from reports.words.order import dearer
from reports.words.text import usd

Marks = Mapping[str, Mark]


def marks_of(cost: OptionCost, marks: Marks) -> list[Mark]:
    """The marks of all models that serve a part of an option's demand; one that is not marked is open."""
    parts = [part for part in served_by(cost) if part.serves_itself()]
    return [marks.get(model_of(part), Mark()) for part in parts]


def accepted(cost: OptionCost, marks: Marks) -> bool | None:
    """Whether the reader accepts every model of an option; None as long as that is open."""
    said = [mark.accepted for mark in marks_of(cost, marks)]
    return False if False in said else True if said and all(said) else None


def mark_words(cost: OptionCost, marks: Marks) -> str:
    """'accepted', 'not accepted' or 'open'."""
    return ACCEPTED[accepted(cost, marks)]


def points(cost: OptionCost, marks: Marks) -> float | None:
    """The reader's evaluation of an option: of several models the worst; None where one of them has none."""
    found = [mark.points for mark in marks_of(cost, marks)]
    known = [value for value in found if value is not None]
    return min(known) if known and len(known) == len(found) else None


def cheapest_accepted(comparison: Comparison, marks: Marks) -> str:
    """Which is the cheapest of the models that the reader accepts; empty where the reader accepts or refuses none."""
    if not comparison.allowed or all(mark.accepted is None for mark in marks.values()):
        return ""
    order = [comparison[slug] for slug in comparison.ranking[: len(comparison.allowed)]]
    best, good = order[0], [cost for cost in order if accepted(cost, marks)]
    doubt = "which you did not accept" if accepted(best, marks) is False else "which you have not marked yet"
    if not good:
        return f"No option here keeps to models that you accept; {best.label} is the cheapest, {doubt}."
    first = good[0]
    if first is best:
        return f"{best.label} is the cheapest of the models that you accept."
    amount, least = float(first.net_present_cost_usd), float(best.net_present_cost_usd)
    return (
        f"Cheapest of the models that you accept: {first.label}, {usd(amount)}, {dearer(amount, least)} than "
        f"{best.label}, {doubt}."
    )
