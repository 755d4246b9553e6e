"""What an option's cost is made of: groups of lines and the lines in them, for titles and bars alike."""

from collections.abc import Sequence

import numpy as np

from costmodel.comparison import Comparison, OptionCost
from costmodel.lines import LINES, by_group
from reports.words.labels import lowered
from reports.words.palette import GROUP_COLOURS
from reports.words.text import usd

NOTE = "What hardware is sold for at the end is taken off its group."


def parts(cost: OptionCost) -> dict[str, dict[str, float]]:
    """Group -> cost line -> its part of the net present cost, USD."""
    totals = {name: float(amounts.sum()) for name, amounts in cost.present_lines().items()}
    return by_group({name: total for name, total in totals.items() if total})


def months_title(cost: OptionCost) -> str:
    """What is paid before month 1, in month 1 and in the last month, discounted like its total."""
    paid = sum(cost.present_lines().values(), np.zeros(cost.cash_usd.shape))
    before, last = f"{usd(paid[0])} before month 1", f"{usd(paid[-1])} in the last"
    return ", ".join([before] * bool(paid[0]) + [f"{usd(paid[1])} in month 1"] + [last] * (paid.size > 2))


def cash_by_group(cost: OptionCost) -> dict[str, float]:
    """Group -> its part of the total cost as cash, USD: undiscounted, less what is sold at the end."""
    totals = {name: float(np.broadcast_to(amounts, cost.cash_usd.shape).sum()) for name, amounts in cost.lines.items()}
    return {group: sum(lines.values()) for group, lines in by_group(totals).items()}


def groups(comparison: Comparison, slugs: Sequence[str]) -> dict[str, list[float]]:
    """Group -> its part of the net present cost of each of the options, USD, in the order of their colours."""
    by_option = [parts(comparison[slug]) for slug in slugs]
    return {
        group: [sum(found.get(group, {}).values()) for found in by_option]
        for group in GROUP_COLOURS
        if any(group in found for found in by_option)
    }


def largest_part_title(comparison: Comparison) -> str:
    """Where most of the cost of the cheapest option goes, by group, and the largest line in it."""
    best = comparison[comparison.ranking[0]]
    found = parts(best)
    if not found:
        return f"{best.label}: no cost at all"
    group = max(found, key=lambda group: sum(found[group].values()))
    lines, whole = found[group], sum(found[group].values())
    line = max(lines, key=lines.get)
    within = f", {usd(lines[line])} of it to {lowered(LINES[line].label)}" if lines[line] < whole else ""
    total = usd(best.net_present_cost_usd)
    return f"{best.label}: {usd(whole)} of {total} goes to {lowered(group)}{within}"
