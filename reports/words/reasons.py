"""Why a bill may differ from usage at list price: each likely reason one sentence, the surest first."""

from collections.abc import Iterator, Sequence

from costmodel.numerals import numeral
from reports.words.text import percent, usd_exact
from usage.bill import Bill, MonthBill

NOTHING = 0.005  # of the bill: below, rounding and days explain it
REGION, REGION_SPREAD = 1.10, 0.01  # what providers charge for processing in one region, relative to anywhere
FIRST, FIRST_MOST = 1.5, 2.6  # what they charge for being served first
ALIKE = 0.1  # how far apart monthly remainders are that do not follow usage
TOOLS = "searches, storage, tools and other lines without tokens"


def reasons(bill: Bill, at: MonthBill, discount_frac: float) -> list[str]:
    """What may explain the rest of a month's bill; nothing where it is met."""
    left = at.unexplained_usd(discount_frac)
    if abs(left) <= NOTHING * max(at.billed_usd, 0):
        return []
    found = [*_missing(at), *_fixed(bill.months, discount_frac), *_ratio(at, discount_frac)]
    found += _less(at, discount_frac, left) if left < 0 else []
    if not found and left > 0:
        found = [f"What costs more than list price: a region of one's own, being served first, or {TOOLS}."]
    return found


def _missing(at: MonthBill) -> Iterator[str]:
    if not at.is_whole:
        yield "Usage and bill may not cover the same days: one of them holds a part of the month."
    if at.unpriced:
        yield f"No list price is known for {', '.join(at.unpriced)}."
    if at.unmetered_usd:
        yield f"{usd_exact(at.unmetered_usd)} is for models of which no file counts tokens: give their usage too."


def _fixed(months: Sequence[MonthBill], discount_frac: float) -> Iterator[str]:
    """Seats: what is left is the same from month to month, though usage is not."""
    whole = [month for month in months if month.is_whole]
    left = [month.unexplained_usd(discount_frac) for month in whole]
    if len(whole) < 2 or min(left) <= 0:
        return
    spread, usage = (max(values) / min(values) - 1 for values in (left, [month.list_usd or 1 for month in whole]))
    if spread <= ALIKE < usage:
        yield "What is left hardly changes by month, and usage does: seats, a support plan or another fixed fee."


def _ratio(at: MonthBill, discount_frac: float) -> Iterator[str]:
    expected = at.expected_usd(discount_frac)
    ratio = at.billed_usd / expected if expected > 0 else 0.0
    if abs(ratio - REGION) <= REGION_SPREAD:
        yield "It is a tenth above: the surcharge for processing in one region."
    elif FIRST <= ratio <= FIRST_MOST:
        yield f"It is {numeral(ratio, '.1f')} times as much: the price of a tier that is served first, or {TOOLS}."


def _less(at: MonthBill, discount_frac: float, left: float) -> Iterator[str]:
    """What would bring the list price down to the bill, if that much of it had been so."""
    after = 1 - discount_frac
    cached = -left / ((at.parts.input - at.input_read_usd) * after) if at.parts.input > at.input_read_usd else 2.0
    if not at.says_cached and cached <= 1:
        yield f"The files do not say what a cache held: {percent(cached)} of input read from it would explain the rest."
    batch = -left / (at.batch_off_usd * after) if at.batch_off_usd else 2.0
    if not at.says_batch and batch <= 1:
        more = f"{percent(batch)} of usage at the discount for waiting"
        yield f"The files do not tell batch: {more} would explain the rest."
    if (found := at.found_discount_frac) is not None and found > 0:
        yield f"A discount of {percent(found)} would explain it: state it if that is what your contract says."
