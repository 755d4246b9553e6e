"""What a decision decides beside money, for every option from the same scenario."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from costmodel.comparison import Comparison, OptionCost, compare
from costmodel.option import Option
from costmodel.units import MONTHS_PER_YEAR, TOKENS_PER_MTOK
from reports.narrative import VOLUME
from reports.story import Table
from reports.text import percent, usd


@dataclass(frozen=True)
class Measure:
    """One matter beside cost: its name, how a figure is written, and what it means. Less is better in each."""

    name: str
    shown: Callable[[float], str]
    meaning: str


MEASURES: Mapping[str, Measure] = {
    "response_s": Measure("Response time", lambda v: f"{v:.3g} s", "Network, first token and the whole answer."),
    "leaving": Measure("Sensitive requests that leave", percent, "Share of all requests, of those marked sensitive."),
    "cash_first": Measure("Cash before the first token", usd, "What is laid out today."),
    "months": Measure("Months until it serves", lambda v: f"{v:.0f}", "From today; a bridge may serve until then."),
    "bill_spread": Measure("Bill, high against low demand", lambda v: f"{v:.2f} times",
                           "Monthly bill at high demand relative to low."),
    "kwh": Measure("Energy per million tokens", lambda v: f"{v:.3g} kWh", "Of servers owned and rented."),
    "carbon": Measure("Carbon per million tokens", lambda v: f"{v:.3g} kg CO2e", "Of that energy alone."),
    "lock_in": Measure("Lock-in", lambda v: f"{v:.0f} months", "Longest commitment or life of hardware entered into."),
}  # fmt: skip
Figures = dict[str, float | None]


def figures(comparison: Comparison, low: float, high: float) -> dict[str, Figures]:
    """Slug -> figure by measure; None where nobody publishes it. `low` and `high` are requests a month."""
    ends = compare(comparison.scenario.vary({VOLUME: np.array([[low], [high]])}))
    return {slug: _figures(cost, ends[slug]) for slug, cost in comparison.costs.items()}


def _figures(cost: OptionCost, ends: OptionCost) -> Figures:
    options = cost.task.scenario.options
    quantities = cost.quantities
    tokens = float((quantities["input_tokens"] + quantities["output_tokens"]).sum()) / TOKENS_PER_MTOK
    bill = np.broadcast_to(ends.running_cash_usd, (2, quantities["input_tokens"].shape[-1]))
    low, high = bill[:, -MONTHS_PER_YEAR:].mean(axis=-1)
    return {
        "response_s": float(np.max(quantities["response_time_s"])),
        "leaving": float(np.max(quantities["sensitive_leaving_frac"])),
        "cash_first": float(cost.cash_before_first_month_usd),
        "months": float(cost.option.months_until_serving(options)),
        "bill_spread": float(high / low) if low > 0 else None,
        "kwh": _per_mtok(quantities.get("energy_kwh"), tokens),
        "carbon": _per_mtok(quantities.get("carbon_kgco2e"), tokens),
        "lock_in": float(_lock_in_months(cost.option, options)),
    }


def _lock_in_months(option: Option, options: Mapping[str, Option]) -> int:
    """Longest commitment or life of hardware that the option, or one that it hands demand to, enters into."""
    own = getattr(option, "refresh_months", 0)
    if getattr(option, "billing", "") == "reserved":
        own = option.term_months
    return max([own, *(_lock_in_months(options[slug], options) for slug in option.relies_on().values())])


def _per_mtok(amount, mtok: float) -> float | None:
    return None if amount is None or mtok <= 0 else float(np.sum(amount)) / mtok


def table(comparison: Comparison, found: Mapping[str, Figures]) -> Table:
    """Rows of options, columns of measures; an option that breaks a rule says which."""
    rows = []
    for slug in comparison.ranking:
        cost = comparison[slug]
        cells = [measure.shown(found[slug][key]) if found[slug][key] is not None else "not published"
                 for key, measure in MEASURES.items()]  # fmt: skip
        rows.append((cost.label, usd(cost.net_present_cost_usd), *cells, " ".join(cost.broken_rules) or "none"))
    columns = ("Option", "Present value", *(measure.name for measure in MEASURES.values()), "Rules broken")
    return Table(headline(comparison), columns, rows)


def headline(comparison: Comparison) -> str:
    """How many options the rules leave, and what the cheapest of all would cost."""
    out = [slug for slug in comparison.costs if comparison[slug].broken_rules]
    best = comparison[comparison.ranking[0]]
    if not out:
        return f"No rule stands against any option; {best.label} is the cheapest"
    left = len(comparison.costs) - len(out)
    if not left:
        return "The rules of the scenario leave no option"
    return f"The rules leave {left} of {len(comparison.costs)} options; of those {best.label} is the cheapest"
