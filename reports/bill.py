"""Whether usage at list price meets the bill, in words: on the overview, the slides and the brief."""

from pricing.documents import Opened
from reports.text import percent, usd_exact

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
    if off <= MET:
        return f"Within {percent(off)} of {whose}: {basis}."
    gap = f"{usd_exact(abs(left))} ({percent(off)}) {'above' if left > 0 else 'below'} {basis}"
    return f"{whose[:1].upper()}{whose[1:]} is {gap}; that is unexplained."
