"""What a decision decides beside money: a figure of each matter for every option, from the same scenario."""

from collections.abc import Callable, Mapping

import numpy as np

from answers.quality import NO_MARKS, Marks, points
from answers.volume import VOLUME
from costmodel.arrays import Array
from costmodel.comparison import Comparison, OptionCost, compare
from costmodel.option import Option
from costmodel.rules import served_by
from costmodel.units import MONTHS_PER_YEAR, TOKENS_PER_MTOK

PARTS = ("network_s", "first_token_s", "generation_s")
Figures = dict[str, float | None]


def figures(comparison: Comparison, low: float, high: float, marks: Marks = NO_MARKS) -> dict[str, Figures]:
    """Slug -> figure by measure; None where nobody says it. `low` and `high` are requests a month."""
    ends = compare(comparison.scenario.vary({VOLUME: np.array([[low], [high]])}))
    return {
        slug: {**_figures(cost, ends[slug]), "points": points(cost, marks)} for slug, cost in comparison.costs.items()
    }


def _figures(cost: OptionCost, ends: OptionCost) -> Figures:
    options = cost.task.scenario.options
    quantities = cost.quantities
    tokens = float((quantities["input_tokens"] + quantities["output_tokens"]).sum()) / TOKENS_PER_MTOK
    bill = np.broadcast_to(ends.running_cash_usd, (2, quantities["input_tokens"].shape[-1]))
    low, high = bill[:, -MONTHS_PER_YEAR:].mean(axis=-1)
    return {
        **_response(quantities),
        "peak_ratio": float(carried(cost).min()) if carried(cost).size and _limits_said(cost) else None,
        "longest": _longest_request(cost),
        "leaving": _highest(quantities.get("sensitive_leaving_frac")),
        "cash_first": float(cost.cash_before_first_month_usd),
        "months": float(cost.option.months_until_serving(options)),
        "bill_spread": float(high / low) if low > 0 else None,
        "kwh": _per_mtok(quantities.get("energy_kwh"), tokens),
        "carbon": _per_mtok(quantities.get("carbon_kgco2e"), tokens),
        "lock_in": float(most_months(cost.option, options, lambda each: each.lock_in_months())),
    }


def _response(quantities: Mapping[str, Array]) -> Figures:
    """Response time and its parts in the slowest month, s."""
    seconds = quantities.get("response_time_s")
    if seconds is None:
        return dict.fromkeys(("response_s", *PARTS))
    slowest = int(np.argmax(seconds))
    parts = {name: float(quantities[name][slowest]) if name in quantities else 0.0 for name in PARTS}
    return {"response_s": float(seconds[slowest]), **parts}


def carried(cost: OptionCost) -> Array:
    """Peak carried in each month in which all users are served; empty where nobody says it or is served."""
    ratio = cost.quantities.get("peak_carried_ratio", np.zeros(0))
    in_service = ratio[1 + cost.option.months_until_serving(cost.task.scenario.options) :]
    return in_service[in_service > 0]


def _limits_said(cost: OptionCost) -> bool:
    """Whether every part of the option says how many requests it takes, as a seat may not."""
    return all(part.says_what_it_carries() for part in served_by(cost))


def _longest_request(cost: OptionCost) -> float | None:
    """Tokens of the longest request that every part of the option takes; None where one of them is not known."""
    windows = [part.longest_request_tokens() for part in served_by(cost) if part.counts_tokens()]
    return float(min(windows)) if windows and all(windows) else None


def _highest(values: Array | None) -> float | None:
    return None if values is None else float(np.max(values))


def most_months(option: Option, options: Mapping[str, Option], months: Callable[[Option], int]) -> int:
    """The most months that the option says, or one that it hands demand to."""
    return max([months(option), *(most_months(options[slug], options, months) for slug in option.relies_on().values())])


def _per_mtok(amount: Array | None, mtok: float) -> float | None:
    return None if amount is None or mtok <= 0 else float(np.sum(amount)) / mtok
