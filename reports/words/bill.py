"""Whether usage at list price meets the bill, in words: on the overview, the slides and the brief."""

from collections.abc import Sequence

from costmodel.comparison import Comparison
from pricing.documents import Opened
from reports.words.briefing import Step, Table
from reports.words.labels import lowered
from reports.words.palette import GROUP_COLOURS
from reports.words.parts import cash_by_group
from reports.words.text import percent, signed_usd, usd, usd_exact

BESIDE_NOTE = (
    "Averages over the whole horizon, as cash: with the growth of the workload, changes of prices, staff and all else "
    "that an option costs, so that they differ from a bill of today."
)
BILL, LEFT_OUT = "Your bill today", "What the bill leaves out"
STEPS_NOTE = (
    "Left out of the bill: usage that it does not cover, the growth and the prices of the months to come, staff and "
    "all else."
)
MET = 0.05  # of the bill: beyond, it is said what is left instead of that it is met


def badge(opened: Opened) -> str:
    """'Within 0.4 % of your bill of October 2026: its usage at list price.'; empty where no bill is known.

    The bill is compared with usage at the list prices of its days, less the discount that the option states, which its
    reader enters; no discount is fitted to the bill.
    """
    bill = opened.bill
    left = bill.unexplained_usd(opened.scenario) if bill else None
    if left is None:
        return ""
    discount = float(opened.scenario.options[bill.option].discount_frac)
    basis = f"usage at list price{f' less the {percent(discount)} that you state' if discount else ''}"
    whose = f"your bill of {bill.of}" if bill.of else f"your bill of {usd_exact(bill.billed_usd)} a month"
    off = abs(left) / bill.billed_usd
    more = (
        f" Further usage, {usd_exact(bill.uncovered_usd)} at list price, is on no bill." if bill.uncovered_usd else ""
    )
    if off <= MET:
        near = "Equal to" if percent(off) == percent(0) else f"Within {percent(off)} of"
        return f"{near} {whose}: {basis}.{more}"
    gap = f"{apart(left, bill.billed_usd - left)} {'above' if left > 0 else 'below'} {basis}"
    return f"{whose[:1].upper()}{whose[1:]} is {gap}; that is unexplained.{more}"


def apart(left_usd: float, expected_usd: float) -> str:
    """How far a bill is from what was expected, of which it is a share: $2,496 (9.1 %)."""
    return usd_exact(abs(left_usd)) + (f" ({percent(abs(left_usd) / expected_usd)})" if expected_usd > 0 else "")


def beside(opened: Opened, comparison: Comparison) -> Table | None:
    """Today's bill beside an average month of each option; None where no bill is known."""
    bill = opened.bill
    if bill is None or bill.option not in comparison.costs:
        return None
    months = comparison.scenario.finance.horizon_months
    average = {slug: float(cost.tco_usd) / months for slug, cost in comparison.costs.items()}
    now = average[bill.option]
    rows = [
        (comparison[slug].label, usd(average[slug]), "" if slug == bill.option else _against(average[slug], now))
        for slug in comparison.ranking
    ]
    paid = f"You paid {usd_exact(bill.billed_usd)} in {bill.of}" if bill.of else ""
    columns = ("Option", "A month, on average", f"Against {comparison[bill.option].label.lower()}")
    return Table(paid or f"You pay {usd_exact(bill.billed_usd)} a month", columns, rows, BESIDE_NOTE)


def steps(opened: Opened, comparison: Comparison, slug: str) -> tuple[Step, ...]:
    """Today's bill, what changes from it group by group, and last an average month of an option; without a bill none.

    The first change is what makes an average month of today's option another one than that of its bill.
    """
    bill, months = opened.bill, comparison.scenario.finance.horizon_months
    if bill is None or bill.option not in comparison.costs:
        return ()
    now, then = (cash_by_group(comparison[each]) for each in (bill.option, slug))
    changes = {group: (then.get(group, 0.0) - now.get(group, 0.0)) / months for group in GROUP_COLOURS}
    average, target = (float(comparison[each].tco_usd) / months for each in (bill.option, slug))
    return (
        Step(BILL, bill.billed_usd),
        Step(LEFT_OUT, average - bill.billed_usd),
        *(Step(group, change) for group, change in changes.items() if change),
        Step(comparison[slug].label, target),
    )


def steps_title(found: Sequence[Step]) -> str:
    """Between which amounts the steps lead, and which is the largest on the way."""
    first, *between, last = found
    largest = max(between, key=lambda step: abs(step.usd))
    return (
        f"From {usd(first.usd)} a month to {usd(last.usd)} with {last.name}; the largest step: "
        f"{lowered(largest.name)}, {signed_usd(largest.usd)}"
    )


def _against(amount: float, now: float) -> str:
    if not now:
        return ""
    return f"{percent(abs(amount / now - 1))} {'more' if amount > now else 'less'}"
