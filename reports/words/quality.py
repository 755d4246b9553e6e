"""The reader's own marks of models in words: how an option stands, and which accepted one is the cheapest."""

from answers.quality import Marks, accepted
from costmodel.comparison import Comparison, OptionCost
from reports.words.market import ACCEPTED
from reports.words.order import dearer
from reports.words.text import usd


def mark_words(cost: OptionCost, marks: Marks) -> str:
    """'accepted', 'not accepted' or 'not marked yet'."""
    return ACCEPTED[accepted(cost, marks)]


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
