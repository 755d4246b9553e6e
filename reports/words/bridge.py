"""From the cash that is paid to what an option costs in today's money, step by step, to the dollar."""

from costmodel.comparison import Comparison
from reports.words.briefing import Table
from reports.words.measure import PRESENT, measure, note
from reports.words.text import to_whole, usd_exact


def bridge(comparison: Comparison) -> Table:
    """From the cash that is paid to what an option costs: less what is sold at the end, less discounting."""
    discounted = measure(comparison.scenario) is PRESENT
    rows = []
    for slug in comparison.ranking:
        paid, total, present = _levels(comparison, slug)
        steps = (paid, total - paid, present - total, present) if discounted else (paid, total - paid, total)
        rows.append((comparison[slug].label, *map(usd_exact, steps)))
    columns = ("Option", "Cash paid", "Sold at the end", *(["Discounting"] if discounted else []),
               measure(comparison.scenario).name)  # fmt: skip
    return Table(_headline(comparison), columns, rows, note(comparison.scenario))


def _levels(comparison: Comparison, slug: str) -> tuple[float, ...]:
    """What is paid, that less what is sold at the end, and what it costs as the scenario counts, in USD."""
    cost = comparison[slug]
    return tuple(to_whole(float(v)) for v in (cost.cumulative_usd[-1], cost.tco_usd, cost.net_present_cost_usd))


def _headline(comparison: Comparison) -> str:
    best = comparison.ranking[0]
    paid, total, cost = _levels(comparison, best)
    sold = f", less {usd_exact(paid - total)} sold at the end," if paid != total else ""
    money = " in today's money" if measure(comparison.scenario) is PRESENT else ""
    return f"{comparison[best].label}: {usd_exact(paid)} of cash paid{sold} is {usd_exact(cost)}{money}"
