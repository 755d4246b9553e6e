"""What slides, brief and screen tell: one comparison, and what is known about how sure it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import wraps

import numpy as np

from costmodel.break_even import Crossing, in_time
from costmodel.comparison import Comparison, OptionCost
from costmodel.finance import LINES
from pricing.currency import USD, Currency
from pricing.origins import Origin
from reports.money import shown_in
from reports.narrative import at_stake, crossing_title
from reports.text import percent, usd

MOST_CROSSINGS = 6  # more are marked by nobody's eye; then only those of what is at stake stand


@dataclass(frozen=True)
class Table:
    """A headline, column headings and rows of text, first the column that names the row."""

    headline: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    def transposed(self) -> "Table":
        """With rows as columns, so that few rows of many figures stay readable."""
        columns = (self.columns[0], *(row[0] for row in self.rows))
        rows = [(name, *(row[i] for row in self.rows)) for i, name in enumerate(self.columns) if i]
        return replace(self, columns=columns, rows=rows)


@dataclass(frozen=True)
class HowSure:
    """How often each option is the cheapest, over many draws of the uncertain inputs.

    `headline` says it for the winner, `shares` maps slug to probability, `break_even` holds (what, value) of when one
    option overtakes another, `overtaking` says which, `note` further sentences. `costs` tells the quantiles of each
    cost that `quantiles` maps slug to, USD.
    """

    headline: str
    shares: Mapping[str, float]
    break_even: Sequence[tuple[str, str]] = ()
    overtaking: str = ""
    note: str = ""
    costs: Table | None = None
    quantiles: Mapping[str, Sequence[float]] = field(default_factory=dict)


FLIP_COLUMNS = ("What", "Today", "Flips at", "Change", "Cheapest then")


@dataclass(frozen=True)
class Story:
    """Everything that is told: `name` of the scenario, `about` whose question it is, `versions` that figures rest on.

    `origins` says by path where a value is from, `chapters` has what slides tell beyond, by name. What is
    None or empty is not told. `currency` is that of its words and of what is made from it.
    """

    comparison: Comparison
    name: str
    on: date
    about: str = ""
    decides: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    how_sure: HowSure | None = None
    flips: Table | None = None
    chapters: Mapping[str, Table] = field(default_factory=dict)
    currency: Currency = USD


def told_in_its_currency(tell: Callable) -> Callable:
    """A function of a story whose amounts are in the currency of that story."""

    @wraps(tell)
    def told(story: Story, *others, **named):
        with shown_in(story.currency):
            return tell(story, *others, **named)

    return told


def largest_part_title(comparison: Comparison) -> str:
    """What the cheapest option spends most on."""
    best = comparison[comparison.ranking[0]]
    totals = best.line_totals()
    if not totals:
        return f"{best.label}: no cost at all"
    name = max(totals, key=lambda line: float(totals[line]))
    return f"{best.label}: {LINES[name].label.lower()} is the largest part, {usd(totals[name])} of {usd(best.tco_usd)}"


def curves_title(comparison: Comparison) -> str:
    """What the cumulative curves show: one option against the other that matters, or else the span between all."""
    b, a = at_stake(comparison)
    if b and a:
        return crossing_title(comparison, a, b)
    best, worst = (comparison[comparison.ranking[i]] for i in (0, -1))
    if best is worst:
        return f"{best.label}: {usd(best.tco_usd)} by the end"
    return f"By the end {best.label} has cost {usd(best.tco_usd)}, {worst.label} {usd(worst.tco_usd)}"


def crossings(comparison: Comparison) -> list[Crossing]:
    """Places in time where one option's cumulative cost overtakes another's, as many as can be told apart."""
    slugs = list(comparison.costs)
    pairs = [(a, b) for i, a in enumerate(slugs) for b in slugs[i + 1 :]]
    found = [c for a, b in pairs for c in in_time(comparison[a], comparison[b]).crossings]
    if len(found) <= MOST_CROSSINGS:
        return found
    b, a = at_stake(comparison)
    if b is None or a is None:
        return []
    return list(in_time(comparison[a], comparison[b]).crossings)[-MOST_CROSSINGS:]


def difference(comparison: Comparison, slug: str) -> str:
    """How much dearer than the cheapest, in words: '21 % more'; of an option that a rule excludes, that it is out."""
    best = float(comparison[comparison.ranking[0]].net_present_cost_usd)
    if comparison[slug].broken_rules:
        return "ruled out"
    if slug == comparison.ranking[0]:
        return "cheapest"
    above = float(comparison[slug].net_present_cost_usd) - best
    return f"{percent(above / best)} more" if best > 0 else f"{usd(above)} more"


def cumulative(cost: OptionCost) -> np.ndarray:
    """The curve of an option: cumulative cash without what is sold at the end, USD by month."""
    return np.broadcast_to(cost.cumulative_usd, (cost.task.scenario.finance.horizon_months + 1,))


def groups(comparison: Comparison, slugs: Sequence[str]) -> dict[str, list[float]]:
    """Group of lines -> total of each of the options, USD, in the order of the line table."""
    found: dict[str, list[float]] = {}
    for position, slug in enumerate(slugs):
        for name, total in comparison[slug].line_totals().items():
            found.setdefault(LINES[name].group, [0.0] * len(slugs))[position] += float(total)
    return found
