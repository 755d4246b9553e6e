"""The reader's own marks of models in words: how an option stands, and which accepted one is the cheapest."""

from answers.quality import Marks, accepted
from costmodel.comparison import Comparison, OptionCost
from reports.words.market import ACCEPTED
from reports.words.order import dearer
from reports.words.text import usd


def mark_words(cost: OptionCost, marks: Marks) -> str:
    """'accepted', 'refused' or 'not marked yet'."""
    return ACCEPTED[accepted(cost, marks)]


def cheapest_accepted(comparison: Comparison, marks: Marks) -> str:
    """Which is the cheapest of the models that the reader accepts; empty where no model is accepted or refused.

    Refused ones are ruled out. One that is not marked is neither: it may win, and this says that it is open.
    """
    if not comparison.allowed or all(mark.accepted is None for mark in marks.values()):
        return ""
    order = [comparison[slug] for slug in comparison.ranking[: len(comparison.allowed)]]
    best, first = order[0], next((cost for cost in order if accepted(cost, marks)), None)
    if first is best:
        return f"{best.label} is the cheapest of the models that you accept."
    doubt = f"You have not marked the model of {best.label} yet."
    if not first:
        return doubt
    amount, least = float(first.net_present_cost_usd), float(best.net_present_cost_usd)
    return f"{doubt} Cheapest of the models that you accept: {first.label}, {usd(amount)}, {dearer(amount, least)}."
