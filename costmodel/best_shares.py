"""The cheapest share: how much of the peak a hybrid should own, and how a multi-cloud should split its requests."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from costmodel.arrays import Array
from costmodel.comparison import compare
from costmodel.scenario import Scenario


class Splits(NamedTuple):
    """Net present cost, USD, of an option by the shares of its parts, (splits, parts); whole servers make steps.

    `best` is the first row with the least cost; `fields` took the first columns, and `of` says what a single one is of.
    """

    fields: Sequence[str]
    of: str
    shares: Array
    costs: Array
    best: Array


def cheapest_split(scenario: Scenario, slug: str, steps: int = 0) -> Splits | None:
    """The shares of an option's parts that cost least, with all that were tried, in one run of the engine.

    Tried are those that the option names, in so many steps or the usual; None where it divides nothing. Between two
    points the cost may step down once more, by at most what one server costs.
    """
    tried = scenario.options[slug].shares_to_try(scenario, steps)
    if tried is None:
        return None
    columns = zip(tried.fields, tried.shares.T, strict=False)
    changes = {f"options.{slug}.{field}": values[:, np.newaxis] for field, values in columns}
    costs = np.broadcast_to(compare(scenario.vary(changes))[slug].net_present_cost_usd, len(tried.shares))
    return Splits(tried.fields, tried.of, tried.shares, costs, tried.shares[np.argmin(costs)])
