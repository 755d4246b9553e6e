"""The cost after tax on profit: what deductions save, for every option, in words and as a table."""

from collections.abc import Mapping

from costmodel.comparison import Comparison
from reports.words.briefing import Table
from reports.words.measure import measure, note
from reports.words.order import TOO_CLOSE, close_to_least, listed, standing
from reports.words.text import usd

SCHEDULES = {  # names of the choices of finance.depreciation
    "straight_line": "Straight line over the life",
    "macrs_5_year": "MACRS, 5-year property",
    "first_year": "Whole price in the first year",
}
COLUMNS = ("Option", "Before tax", "Tax shield", "After tax", "Against the cheapest")
NOTE = (
    "Discounted alike before and after tax: the rate should be one after tax, as a weighted average cost of capital. "
    "A company without enough profit saves its tax later or not at all."
)
Amounts = Mapping[str, tuple[float, float]]


def amounts(comparison: Comparison) -> Amounts:
    """Slug -> (net present cost after tax, tax shield), USD; cheapest after tax first, what rules exclude last."""
    found = {
        slug: (float(cost.after_tax_net_present_cost_usd),
               float(cost.net_present_cost_usd - cost.after_tax_net_present_cost_usd))
        for slug, cost in comparison.costs.items()
    }  # fmt: skip
    order = sorted(found, key=lambda slug: (slug not in comparison.allowed, found[slug][0]))
    return {slug: found[slug] for slug in order}


def headline(comparison: Comparison, found: Amounts) -> str:
    """Which option is the cheapest after tax, and whether tax changes the answer."""
    if not comparison.scenario.finance.tax_rate_frac:
        return "At a tax rate of 0 % the cost after tax is the cost before it"
    best, before = next(iter(found)), comparison.ranking[0]
    close = close_to_least(_contending(comparison, found))
    if len(close) > 1:
        return f"{listed([comparison[slug].label for slug in close])} are {TOO_CLOSE} after tax"
    name, said, (after, saved) = comparison[best].label, measure(comparison.scenario).said, found[best]
    if best == before:
        return f"{name}: cheapest before and after tax; {usd(after)} after it, {usd(after + saved)} before it, {said}"
    return f"{name}: cheapest after tax, {usd(after)} {said}; before tax {comparison[before].label} is"


def table(comparison: Comparison, found: Amounts) -> Table:
    """Rows of options: net present cost before tax, what deductions save of it, what is left, how much more that is."""
    told = standing(_contending(comparison, found))
    rows = [
        (comparison[slug].label, usd(after + saved), usd(saved), usd(after), told.get(slug, "ruled out"))
        for slug, (after, saved) in found.items()
    ]  # fmt: skip
    return Table(headline(comparison, found), COLUMNS, rows, f"{note(comparison.scenario)} {NOTE}")


def _contending(comparison: Comparison, found: Amounts) -> dict[str, float]:
    return {slug: after for slug, (after, _) in found.items() if slug in (comparison.allowed or found)}
