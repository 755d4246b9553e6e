"""Usage as CSV for those who are charged: planned and paid by line, the shares of teams in the cost of a verdict."""

from collections.abc import Sequence

from costmodel.comparison import Comparison
from reports.files.csv_text import Cents, csv_bytes
from reports.words.decided import BESIDE
from reports.words.measure import measure
from reports.words.money import converted, shown
from reports.words.planned import Planned
from usage.teams import Share

CSV_COLUMNS = ("month", "line", "tokens planned", "tokens used", "planned ({})", "paid ({})", "difference ({})",
               "by volume ({})", "by price ({})", "basis")  # fmt: skip


def planned_and_paid(planned: Planned) -> bytes:
    """Every line of every month as CSV; the lines with a paid amount add up to the bill of their month."""
    code = shown().code
    rows = [
        [month.month, line.name, line.planned_tokens, line.used_tokens,
         *(None if usd is None else Cents(converted(usd)) for usd in (
             line.planned_usd, line.paid_usd, line.difference_usd, line.by_volume_usd, line.by_price_usd)),
         basis]
        for month in planned.months
        for lines, basis in ((month.lines, "bill" if month.is_billed else "list price"), (month.beside, BESIDE))
        for line in lines
    ]  # fmt: skip
    return csv_bytes([name.format(code) for name in CSV_COLUMNS], rows)


def chargeback(found: Sequence[Share], comparison: Comparison) -> bytes:
    """Share of each in the cost of every option, as CSV; the shares of an option add up to its cost."""
    code, said_as = shown().code, measure(comparison.scenario).name
    header = ["who", "share", "option", f"{said_as} ({code})", f"a month on average ({code})"]
    months = comparison.scenario.finance.horizon_months
    rows = [
        [share.name, share.share, cost.label, Cents(converted(float(cost.net_present_cost_usd) * share.share)),
         Cents(converted(float(cost.tco_usd) / months * share.share))]
        for share in found for cost in (comparison[slug] for slug in comparison.ranking)
    ]  # fmt: skip
    return csv_bytes(header, rows)
