"""The two options that the decision is between, and the figure that is asked of them."""

from dataclasses import dataclass
from typing import NamedTuple

from costmodel.comparison import Comparison
from costmodel.uncertainty import metrics


class Pair(NamedTuple):
    """Option `b` instead of `a`, by slug, in the order of `metrics.saving` and `break_even.in_time`."""

    a: str
    b: str


@dataclass(frozen=True)
class Outcome:
    """The figure that analyses are made of: what the pair saves or, without one, what the cheapest costs."""

    metric: metrics.Metric
    pair: Pair | None


def owned_and_rented(comparison: Comparison) -> tuple[str | None, str | None]:
    """The cheapest option that owns hardware and the cheapest that rents; those that the rules allow go first."""
    options = comparison.scenario.options
    owned = [slug for slug in comparison.ranking if comparison[slug].option.owns_hardware(options)]
    rented = [slug for slug in comparison.ranking if slug not in owned]
    return next(iter(owned), None), next(iter(rented), None)


def decision_pair(comparison: Comparison) -> Pair | None:
    """The cheapest that owns hardware instead of the cheapest that rents; None where all own or all rent.

    Where the rules exclude one side but leave a choice: the cheapest option instead of its runner-up.
    """
    owned, rented = owned_and_rented(comparison)
    allowed = comparison.allowed
    if not owned or not rented:
        return None
    if len(allowed) > 1 and not {owned, rented}.issubset(allowed):
        return Pair(comparison.ranking[1], comparison.ranking[0])
    return Pair(rented, owned)


def offered_pair(comparison: Comparison) -> Pair | None:
    """The pair that pages begin with: that of the decision, else the first other instead of the cheapest."""
    best = comparison.ranking[0]
    others = [Pair(best, slug) for slug in comparison.costs if slug != best]
    return decision_pair(comparison) or next(iter(others), None)
