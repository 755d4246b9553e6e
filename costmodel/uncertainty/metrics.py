"""Figures of a comparison that an analysis can be made of: each a function of the comparison, for one run or many."""

from collections.abc import Callable, Collection
from functools import reduce

import numpy as np

from costmodel.arrays import Array
from costmodel.break_even import lead
from costmodel.comparison import Comparison
from costmodel.errors import ScenarioError, nearest
from costmodel.finance import last_crossing
from costmodel.rules import RULES
from costmodel.units import ROUNDING_TOLERANCE

Metric = Callable[[Comparison], Array]
NEVER = np.inf  # month of a break-even that does not happen within the horizon


def net_present_cost(slug: str) -> Metric:
    """Net present cost of an option, USD."""
    return lambda comparison: comparison[slug].net_present_cost_usd


def keeps_rules(slug: str) -> Metric:
    """1 where an option keeps to every rule of the scenario, else 0."""
    return lambda comparison: comparison[slug].keeps_rules


def first_broken(slug: str) -> Metric:
    """Position in RULES of the first rule that an option breaks; their number where it keeps to all."""
    rules = list(RULES)

    def metric(comparison: Comparison) -> Array:
        broken = [np.where(breach.where, rules.index(breach.rule), len(rules)) for breach in comparison[slug].breaches]
        return reduce(np.minimum, broken, np.asarray(len(rules)))

    return metric


def outgrown(slug: str) -> Metric:
    """1 where an option does not carry the peak that the rules of the scenario make it carry, else 0."""
    return lambda comparison: comparison.scenario.rules.peak_must_be_carried & ~comparison[slug].carries_peak


def contended_cost(slug: str) -> Metric:
    """Net present cost of an option, USD, infinite where the rules of the scenario do not let it win."""
    return lambda comparison: np.where(comparison.contends[slug], comparison[slug].net_present_cost_usd, np.inf)


def levelized_cost(slug: str) -> Metric:
    """Net present cost per discounted million tokens of an option, USD per million tokens."""
    return lambda comparison: comparison[slug].levelized_cost_usd_per_mtok


def saving(a: str, b: str) -> Metric:
    """What option B saves against A, USD of net present cost; negative where B is dearer."""
    return lambda comparison: comparison[a].net_present_cost_usd - comparison[b].net_present_cost_usd


def excess(slug: str) -> Metric:
    """Net present cost of an option above that of the cheapest of the others, USD; negative where it is cheapest.

    Of the others those count that the rules of the scenario let win, or all where none of them is.
    """

    def metric(comparison: Comparison) -> Array:
        others = [other for other in comparison.costs if other != slug]
        allowed, all_of_them = (
            reduce(np.minimum, [cost(other)(comparison) for other in others])
            for cost in (contended_cost, net_present_cost)
        )
        return comparison[slug].net_present_cost_usd - np.where(np.isinf(allowed), all_of_them, allowed)

    return metric


def break_even_month(a: str, b: str) -> Metric:
    """Month after which option B stays ahead of A, as `break_even.in_time` finds it for one scenario.

    By cumulative discounted cash without the credits at the end; 0 where B is ahead from the start, NEVER (infinity)
    where it is behind at the end of the horizon, only as good as A after having been behind, or the same throughout.
    """

    def metric(comparison: Comparison) -> Array:
        ahead = lead(comparison[a].cumulative_present_usd, comparison[b].cumulative_present_usd)
        month = last_crossing(ahead)
        no_better = (ahead[..., -1] <= 0) & (month > 0)
        return np.where(np.isnan(month) | no_better | ~ahead.any(axis=-1), NEVER, month)

    return metric


def cheapest_shares(costs: Array) -> Array:
    """1 for the cheapest of the options on the first axis, 0 for the others; options that tie share the 1 equally."""
    least = costs.min(axis=0)
    tied = costs <= least + ROUNDING_TOLERANCE * np.abs(least)
    return tied / tied.sum(axis=0)


def cheapest(comparison: Comparison) -> Array:
    """Position of the cheapest option of those that may win, by net present cost; of several that tie, the first."""
    costs = np.broadcast_arrays(*(contended_cost(slug)(comparison) for slug in comparison.costs))
    return np.argmax(cheapest_shares(np.stack(costs)) > 0, axis=0)


def leading(comparison: Comparison) -> Array:
    """The same position, or where no option keeps to the rules and all contend, its complement: -1 of 0, -2 of 1."""
    kept = np.any(np.broadcast_arrays(*(cost.keeps_rules for cost in comparison.costs.values())), axis=0)
    where = cheapest(comparison)
    return np.where(kept, where, ~where)


def check_options(known: Collection[str], *slugs: str) -> None:
    """Refuse the slug of an option that the scenario does not have."""
    for slug in slugs:
        if slug not in known:
            raise ScenarioError(f"{slug!r:.60} is not an option of this scenario.{nearest(slug, list(known))}")
