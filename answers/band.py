"""How far the cost of one option may be off, month by month: of few draws, since a page waits for it."""

import numpy as np

from costmodel.arrays import Array
from costmodel.errors import ScenarioError
from costmodel.uncertainty.sampling import Draws

COUNT, BOUNDS = 256, (0.05, 0.95)  # draws; nine in ten of them are between these


def band(draws: Draws, slug: str) -> Array | None:
    """Lower and upper bound of an option's curve: cumulative cost, USD, and at last what all costs in the end.

    Shape (2, T+2). None where not every draw of it is possible, which whoever draws them all tells.
    """
    try:
        cost = draws.compared(next(draws.probabilities(COUNT)), only=slug)[slug]
    except ScenarioError:
        return None
    running, whole = np.atleast_2d(cost.cumulative_present_usd), np.atleast_1d(cost.net_present_cost_usd)
    return np.quantile(np.vstack((running.T, whole)), BOUNDS, axis=1)  # a third quicker than the other way round
