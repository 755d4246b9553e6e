"""The bill beside usage x dated list price, month by month, less the discount that the reader states."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import fsum

from pricing.same_model import plain_name
from usage.list_prices import Parts, at, by_day, has_tokens, less_batch, list_for, price_of, tokens
from usage.money import usd
from usage.periods import Period
from usage.reading import Reading
from usage.tally import Cell, Key, Tally
from usage.totals import month_of
from usage.workload import Found, whole_months

WORKED_OUT = ("litellm", "langfuse", "helicone", "opentelemetry", "generic request log")  # by a tool, from its own list


@dataclass(frozen=True)
class MonthBill:
    """What was billed for a month and what the usage that it covers costs at the list prices of its days, USD.

    `parts`: of the list price by kind of token. `unpriced`: models with tokens and no list price; `unmetered`: billed
    for what no file counts tokens of. `uncovered`: providers whose usage is on no bill, which costs `uncovered_usd` at
    list price. `is_whole`: no file has only a part of the month.
    """

    month: str
    billed_usd: float
    list_usd: float
    parts: Parts
    input_read_usd: float  # what all plain input would cost if it had been read from a cache
    batch_off_usd: float  # what a discount on batch would take off if all had run as batch
    says_cached: bool
    says_batch: bool
    unpriced: tuple[str, ...]
    unmetered_usd: float
    uncovered: tuple[str, ...]
    uncovered_usd: float
    is_whole: bool

    def expected_usd(self, discount_frac: float) -> float:
        """Usage at list price less a discount that the reader stated."""
        return self.list_usd * (1 - discount_frac)

    def unexplained_usd(self, discount_frac: float) -> float:
        """What is left of the bill; negative where it is less than expected."""
        return self.billed_usd - self.expected_usd(discount_frac)

    @property
    def found_discount_frac(self) -> float | None:
        """The discount at which nothing would be left: to compare with a contract, never to be applied by itself."""
        return 1 - self.billed_usd / self.list_usd if self.list_usd else None

    @property
    def name(self) -> str:
        """October 2026."""
        return Period.month(self.month).name


@dataclass(frozen=True)
class Bill:
    """Months in which something was billed and used. `is_invoice`: a provider charged it, no tool worked it out.

    `unrated`: currencies without an exchange rate, of which nothing is in the months.
    """

    months: tuple[MonthBill, ...]
    is_invoice: bool
    unrated: tuple[str, ...] = ()

    @property
    def last(self) -> MonthBill | None:
        """The last whole month that is billed."""
        return next((month for month in reversed(self.months) if month.is_whole), None)

    def of(self, found: Found) -> MonthBill | None:
        """The bill of the whole month that a workload is of; None where none is: another month's is no bill of it."""
        last = self.last
        return last if last and Period.month(last.month) == found.period else None


def bill(reading: Reading, keep: Callable[[Key], bool] = lambda _: True,
         stated_usd: dict[str, float] | None = None) -> Bill:  # fmt: skip
    """The bill that files hold beside the usage that it covers. stated_usd: what the reader says of all of a month."""
    files = [file for file in reading.files if any(map(_is_cost, file.cells.values()))]
    charged = [file for file in files if not _is_worked_out(file)]
    costs = [cell for file in charged or files for cell in reading.counted(file) if _is_cost(cell) and keep(cell.key)]
    paid = [cell for cell in costs if sum_usd([cell]) is not None]
    unrated = {cell.key.currency for cell in costs} - {cell.key.currency for cell in paid}
    used = [cell for cell in reading.cells if has_tokens(cell) and keep(cell.key)]
    stated = dict(stated_usd or {})
    whole = {*whole_months(reading, used, has_tokens)} & {*stated, *whole_months(reading, paid, _is_cost)}
    found = []
    used_in, paid_in = by_month(used), by_month(paid)
    for month, hours in sorted(used_in.items()):
        cells = by_day(hours)
        lines = paid_in.get(month, [])
        billed = stated.get(month, sum_usd(lines) if lines else None)
        if billed is not None:
            found.append(_month(month, billed, cells, [] if month in stated else lines, month in whole))
    return Bill(tuple(found), bool(charged or stated), () if stated else tuple(sorted(unrated)))


def by_month(cells: Iterable[Cell]) -> dict[str, list[Cell]]:
    """Cells by the month that they are in; those in none are left out."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        if month := month_of(cell):
            found.setdefault(month, []).append(cell)
    return found


def _covered(cells: list[Cell], lines: list[Cell]) -> list[Cell]:
    """Cells of a provider that is on the bill, or of a model that somebody else bills who counts no usage.

    A line, or usage, of which nobody knows a provider may be anybody's.
    """
    used, charged = {_seller(cell) for cell in cells}, {_seller(line) for line in lines}
    if not lines or None in charged:
        return cells
    resold = {_canonical(line) for line in lines if line.key.model and _seller(line) not in used}
    return [cell for cell in cells
            if _seller(cell) in {None, *charged} or _canonical(cell) in resold]  # fmt: skip


def _seller(cell: Cell) -> str | None:
    price = price_of(cell)
    return cell.key.provider or (price.provider if price else None)


def _list_usd(cells: Iterable[Cell]) -> float:
    return fsum(fsum(less_batch(cell, price).values()) for cell in cells if (price := price_of(cell)))


def _month(month: str, billed: float, used: list[Cell], lines: list[Cell], is_whole: bool) -> MonthBill:
    cells = _covered(used, lines)
    covered = {cell.key for cell in cells}
    beside = [cell for cell in used if cell.key not in covered]
    priced = [(cell, price) for cell in cells if (price := price_of(cell))]
    parts = [at(cell, price) for cell, price in priced]
    held = {_canonical(cell) for cell in cells}
    kinds = {kind: fsum(getattr(part, kind) for part in parts) for kind in Parts.__annotations__}
    read = fsum(tokens(cell).input * list_for(cell, price).cache_read_usd_per_mtok / 1e6 for cell, price in priced)
    return MonthBill(
        month=month,
        billed_usd=billed,
        list_usd=_list_usd(cells),
        parts=Parts(**kinds),
        input_read_usd=read,
        batch_off_usd=kinds["most_batch"],
        says_cached=any(cell.cached_read_tokens is not None for cell in cells),
        says_batch=any(cell.batch_input_tokens is not None or cell.batch_output_tokens is not None for cell in cells),
        unpriced=tuple(sorted({_named(cell) for cell in cells} - {_named(cell) for cell, _ in priced})),
        unmetered_usd=sum_usd(line for line in lines if _canonical(line) not in held and line.key.model),
        uncovered=tuple(sorted({_seller(cell) or "" for cell in beside})),
        uncovered_usd=_list_usd(beside),
        is_whole=is_whole,
    )


def _is_cost(cell: Cell) -> bool:
    return cell.cost is not None


def _is_worked_out(file: Tally) -> bool:
    return all(form.startswith(WORKED_OUT) for form in file.formats)


def sum_usd(cells: Iterable[Cell]) -> float | None:
    """USD at the reference rate of each day, None where a currency has none; an amount without a currency is in USD."""
    amounts = [usd(cell.cost, cell.key.currency or "USD", cell.key.start) for cell in cells]
    return None if None in amounts else fsum(amounts)


def _canonical(cell: Cell) -> str:
    """One name for a model that a bill and a usage report spell in two ways."""
    price = price_of(cell)
    return plain_name(price.model if price else cell.key.model or "")


def _named(cell: Cell) -> str:
    return cell.key.model or "a model without a name"
