"""What usage costs at list price: tokens by kind times the price of their day, batch less its discount."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from math import fsum

from costmodel.arrays import Array
from costmodel.hours import windows
from costmodel.token_prices import PriceList
from pricing.token_prices import TokenPrice
from usage.names import listed
from usage.tally import BATCH_OUTPUT, INPUT, OUTPUT, Cell, Key
from usage.times import DAY_S, HOUR_S

KINDS = ("input", "cache_read", "cache_write", "output")
LISTS = ("prices", "long_prices", "longest_prices")
BATCH = tuple(f"batch_{kind}_discount_frac" for kind in ("input", "cache_read", "output"))
BATCH_OF = dict(zip(KINDS, (BATCH[0], BATCH[1], BATCH[0], BATCH[2]), strict=True))


@dataclass(frozen=True)
class Parts:
    """Tokens of a cell, or USD of them, by kind: input that no cache holds, read, written; output; and of batch.

    `most_batch`: what batch would be if all had run so.
    """

    input: float
    cache_read: float
    cache_write: float
    output: float
    batch: float
    most_batch: float

    @property
    def total(self) -> float:
        """All of it; batch is a part."""
        return self.input + self.cache_read + self.cache_write + self.output


def tokens(cell: Cell) -> Parts:
    """Tokens by kind; what the file does not say counts as plain input and output that did not run as batch."""
    given, read, written, made, _, batch_in, batch_out = (value or 0.0 for value in cell.sums[INPUT : BATCH_OUTPUT + 1])
    read = min(read, given)
    written = min(written, given - read)
    return Parts(given - read - written, read, written, made, min(batch_in + batch_out, given + made), given + made)


def has_tokens(cell: Cell) -> bool:
    """Whether any went in or out."""
    return bool(cell.sums[INPUT] or cell.sums[OUTPUT])


def list_for(cell: Cell, price: TokenPrice) -> PriceList:
    """The price list of a cell's average request: of its length, as far as requests are counted, and of its hour."""
    each = (cell.input_tokens or 0.0) / cell.requests if cell.requests else 0.0
    return _of_its_hours(cell.key, price, of_length(price, each))


def of_length(price: TokenPrice, input_tokens: float) -> PriceList:
    """The price list of a request with so much input."""
    longer = [found for found in (price.longest_prices, price.long_prices) if input_tokens > found.above_tokens]
    return longer[0] if longer else price.prices


def _of_its_hours(key: Key | None, price: TokenPrice, prices: PriceList) -> PriceList:
    """Prices of the hour of a cell, or on average of the day, where some hours have prices of their own."""
    if not price.hourly.hours_utc:
        return prices
    inside = _inside(price.hourly.hours_utc)
    if key and key.start and key.bucket_s is not None and key.bucket_s <= HOUR_S:
        minute = key.start.hour * 60
        inside = inside[minute : minute + 60]
    share, fields = float(inside.mean()), [f"{kind}_usd_per_mtok" for kind in KINDS]
    relative = {name: getattr(price.hourly, name) / (getattr(price.prices, name) or 1) for name in fields}
    changed = {name: getattr(prices, name) * (1 + share * (relative[name] - 1)) for name in fields}
    return prices.model_copy(update=changed)


@lru_cache(maxsize=64)
def _inside(hours: str) -> Array:
    return windows(hours)


def at(cell: Cell, price: TokenPrice) -> Parts:
    """USD by kind before the discount on batch; `batch` is what this discount takes off."""
    cost, most, off = _costs(cell, price)
    return Parts(**cost, batch=fsum(off.values()), most_batch=fsum(most.values()))


def less_batch(cell: Cell, price: TokenPrice) -> dict[str, float]:
    """USD by kind after the discount on batch."""
    cost, _, off = _costs(cell, price)
    return {kind: cost[kind] - off[kind] for kind in KINDS}


def _costs(cell: Cell, price: TokenPrice) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """(USD by kind, what a discount on batch takes off if all runs as batch, what it takes off)."""
    of, prices = tokens(cell), list_for(cell, price)
    cost = {kind: getattr(of, kind) * getattr(prices, f"{kind}_usd_per_mtok") / 1e6 for kind in KINDS}
    most = {kind: usd * getattr(prices, BATCH_OF[kind]) for kind, usd in cost.items()}
    given, made = (
        _share(getattr(cell, f"batch_{side}_tokens"), getattr(cell, f"{side}_tokens")) for side in ("input", "output")
    )
    return cost, most, {kind: off * (made if kind == "output" else given) for kind, off in most.items()}


def price_of(cell: Cell) -> TokenPrice | None:
    """The list price of a cell's model on its day; None where none is known.

    Batch prices reached the catalogue later than customers, so a day before that has the discount of today.
    """
    start = cell.key.start
    return _price_of(cell.key.provider, cell.key.model, start and start.date())


@lru_cache(maxsize=8192)
def _price_of(provider: str | None, model: str | None, day: date | None) -> TokenPrice | None:
    price = listed(provider, model, day and datetime(day.year, day.month, day.day))
    if price is None or any(getattr(price.prices, name) for name in BATCH):
        return price
    today = listed(provider, model)
    discounts = {
        of: getattr(price, of).model_copy(update={name: getattr(getattr(today, of), name) for name in BATCH})
        for of in LISTS
    }
    return replace(price, **discounts)


def by_day(cells: Iterable[Cell]) -> list[Cell]:
    """The sums of each day and model, batch apart: prices change by the day, and a year of hours would take seconds.

    Where some hours of a model have prices of their own, its hours stay apart.
    """
    found: dict[tuple, Cell] = {}
    for cell in cells:
        key, price = cell.key, price_of(cell)
        start, bucket_s = key.start and key.start.replace(hour=0), DAY_S
        if price and price.hourly.hours_utc:
            start, bucket_s = key.start, key.bucket_s
        known = Key(start, bucket_s, key.provider, key.model, key.currency, batch=key.batch)
        if known not in found:
            found[known] = Cell(known, [None] * len(cell.sums))
        found[known].add(cell.sums)
    return list(found.values())


def _share(part: float | None, whole: float | None) -> float:
    return min(max(part / whole, 0.0), 1.0) if part and whole else 0.0
