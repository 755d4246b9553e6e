"""What usage files say, in tables and sentences: by month and model, as a workload, beside the bill."""

from collections.abc import Callable, Sequence
from datetime import date

from costmodel.numerals import numeral
from costmodel.scenario import Scenario, declared
from costmodel.scenario import number_at as spec_at
from pricing.dates import MONTHS
from pricing.dates import month as named_month
from pricing.token_prices import provider_name
from reports.words.briefing import Table
from reports.words.labels import field_title, roughly, said
from reports.words.order import listed
from reports.words.reasons import reasons
from reports.words.text import MINUS, compact, percent, usd_exact
from usage import Reading
from usage.bill import Bill
from usage.division import BY_MODEL, KEY, MODEL, PROJECT, TAG, By
from usage.row import MEASURES
from usage.tally import Cell, Key
from usage.teams import Share, label
from usage.totals import by_month, currencies
from usage.workload import DAY, SEASON, Found

NOT_SAID = "not said"
COUNTED = {  # measure -> heading
    "requests": "Requests",
    "input_tokens": "Input tokens",
    "cached_read_tokens": "Of it from a cache",
    "output_tokens": "Output tokens",
    "cost": "Billed",
}
EMPTY = "Start from what you use and pay"


def title(found: Found | None, bill: Bill | None) -> str:
    """The headline of the page."""
    if found is None:
        return EMPTY
    volume = found.values.get("requests_per_month")
    used = f"{compact(volume)} requests a month" if volume else "Usage without a count of requests"
    paid = f", {usd_exact(bill.last.billed_usd)} billed in {bill.last.name}" if bill and bill.last else ""
    return f"{used}{paid}"


def totals_table(reading: Reading, keep: Callable[[Key], bool]) -> Table:
    """Sums by month and model, under one name where a bill and a report write two; null is not zero."""
    name_of, kept = label(BY_MODEL), [cell for cell in reading.cells if keep(cell.key)]
    cells = [Cell(cell.key._replace(provider=None, model=name_of(cell.key)), cell.sums) for cell in kept]
    known = currencies(cells)
    rows = []
    for (month, _, model, currency), sums in by_month(cells).items():
        counted = [
            _counted(name, sums[MEASURES.index(name)], currency or (known[0] if known else "")) for name in COUNTED
        ]
        rows.append((named_month(date.fromisoformat(f"{month}-01")) if month else "no month", model, *counted))
    return Table("Usage by month and model", ("Month", "Model", *COUNTED.values()), rows)


def _counted(name: str, value: float | None, currency: str) -> str:
    if value is None:
        return NOT_SAID
    return f"{currency} {numeral(value, ',.2f')}".strip() if name == "cost" else numeral(value, ",.0f")


def workload_table(found: Found, scenario: Scenario) -> Table:
    """Each number that the files give, what it is from, and what the scenario has today."""
    rows = []
    for finding in found.findings:
        if finding.value is None or finding.field in (*SEASON, *DAY):
            continue
        path = f"workload.{finding.field}"
        spec, name = spec_at(scenario, path), field_title(*declared(scenario, path))
        number, today = roughly(finding.value, spec), said(scenario[path], spec)
        rows.append((name, number, today, finding.told, numeral(finding.rows, ",")))
    season = [(found.values[path], month) for path, month in zip(SEASON, MONTHS, strict=True) if path in found.values]
    if season:
        (low, quiet), (high, busy) = min(season), max(season)
        told = next(finding for finding in found.findings if finding.field == SEASON[0])
        rows.append(
            (
                "Season",
                f"{numeral(low, '.2f')} in {quiet} to {numeral(high, '.2f')} in {busy}",
                "",
                told.told,
                numeral(told.rows, ","),
            )
        )
    day = [(found.values[path], f"{hour:02d}:00") for hour, path in enumerate(DAY) if path in found.values]
    if day:
        (low, quiet), (high, busy) = min(day), max(day)
        told = next(finding for finding in found.findings if finding.field == DAY[0])
        between = f"{numeral(low, '.2f')} at {quiet} to {numeral(high, '.2f')} at {busy}, UTC"
        rows.append(("Hours of the day", between, "", told.told, numeral(told.rows, ",")))
    return Table(f"The workload, {found.source}", ("What", "Your files", "Scenario today", "From", "Rows"), rows)


def unknown(found: Found) -> list[str]:
    """What the files cannot tell, one sentence each."""
    told = [finding.told for finding in found.unknown]
    if found.elsewhere:
        told.append(f"Not in the workload, since used outside {found.period.name} alone: {', '.join(found.elsewhere)}.")
    return list(dict.fromkeys(told))


def bill_table(bill: Bill, discount_frac: float) -> Table:
    """Each month's bill beside its usage at list price, less the stated discount, and what is left."""
    rows = []
    for month in bill.months:
        left = month.unexplained_usd(discount_frac)
        share = f"{MINUS if left < 0 else ''}{percent(abs(left) / month.billed_usd)}" if month.billed_usd > 0 else ""
        found = month.found_discount_frac
        rows.append((
            month.name + ("" if month.is_whole else ", in part"), usd_exact(month.billed_usd),
            usd_exact(month.list_usd), usd_exact(month.expected_usd(discount_frac)), usd_exact(left), share,
            percent(found) if found and found > 0 else "none",
        ))  # fmt: skip
    columns = ("Month", "Your bill", "Usage at list price", "Less your discount", "Left over", "Of the bill",
               "Discount that would meet it")  # fmt: skip
    return Table(bill_title(bill, discount_frac), columns, rows, _bill_note(bill))


BILL_NOTE = "List prices are those of each day of use. The last column is to compare with a contract; it is not used."


def _bill_note(bill: Bill) -> str:
    """What the columns are, and whose usage is in none of them."""
    uncovered = sorted({provider_name(provider) for month in bill.months for provider in month.uncovered})
    if not uncovered:
        return BILL_NOTE
    amount = usd_exact(sum(month.uncovered_usd for month in bill.months))
    told = f"No bill here covers usage of {listed(uncovered)}, {amount} at list price in these months"
    return f"{told}, so bills are compared without it. {BILL_NOTE}"


def bill_title(bill: Bill, discount_frac: float) -> str:
    """How near the last whole month comes, and from which side."""
    last = bill.last
    if last is None or last.billed_usd <= 0:
        return "No whole month is in both the bill and the usage"
    left = last.unexplained_usd(discount_frac)
    what = "bill" if bill.is_invoice else "cost that a tool worked out"
    share = percent(abs(left) / last.billed_usd)
    if left < 0 and share != percent(0):
        less = " less your discount" if discount_frac else ""
        return f"{last.name}: usage at list price{less} is {share} above the {what}"
    return f"{last.name}: {'nothing' if share == percent(0) else share} of the {what} is left over"


def no_bill(bill: Bill) -> str:
    """Why there is no bill to compare with."""
    if bill.unrated:
        return f"{_unrated(bill)} enter the bill in another currency."
    return "No file here holds a bill for a month of which another holds the usage."


def another_month(bill: Bill, found: Found | None) -> str:
    """That the month which the scenario takes its usage of is on no bill, where another one is; else empty."""
    if found is None or not bill.months or bill.of(found):
        return ""
    return (
        f"No bill here is of the whole of {found.period.name}, whose usage the scenario takes: those of other "
        "months are compared here alone and do not go along."
    )


def _unrated(bill: Bill) -> str:
    return f"No exchange rate is known for {listed(list(bill.unrated))}:"


def likely(bill: Bill, discount_frac: float) -> Sequence[str]:
    """Why something is left over in the last month."""
    last = bill.last or (bill.months[-1] if bill.months else None)
    found = reasons(bill, last, discount_frac) if last else []
    if bill.unrated:
        found.append(f"{_unrated(bill)} what was billed in that is not in your bill.")
    if bill.months and not bill.is_invoice:
        found.append("The cost in these files was worked out by a tool from its own price list: it is no bill.")
    return found


MOST_BARS, MOST_ROWS = 12, 200


def shares_table(found: Sequence[Share], by: By) -> Table:
    """Who used how much, the dearest first."""
    first = found[0]
    rows = [
        (
            share.name,
            NOT_SAID if share.requests is None else numeral(share.requests, ",.0f"),
            numeral(share.input_tokens, ",.0f"),
            numeral(share.output_tokens, ",.0f"),
            NOT_SAID if share.usd is None else usd_exact(share.usd),
            percent(share.share),
        )
        for share in found[:MOST_ROWS]
    ]
    columns = (WHO[by.kind], "Requests", "Input tokens", "Output tokens", "Cost at list price", "Share")
    basis = "cost" if all(share.usd is not None for share in found) else "tokens: not all of them have a list price"
    return Table(f"{first.name}: {percent(first.share)} of the usage", columns, rows, f"Shares are of {basis}.")


WHO = {MODEL: "Model", PROJECT: "Project", KEY: "Key", TAG: "Tag"}
