"""What usage costs at list price: tokens by kind times the price of their day, batch less its discount."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from pricing.token_prices import TokenPrice
from usage.names import listed
from usage.row import added
from usage.tally import Cell

KINDS = ("input", "cache_read", "cache_write", "output")


@dataclass(frozen=True)
class Parts:
    """Tokens of a cell, or USD of them, by kind: input that no cache holds, read, written; output; and of batch."""

    input: float
    cache_read: float
    cache_write: float
    output: float
    batch: float

    @property
    def total(self) -> float:
        """All of it; batch is a part."""
        return self.input + self.cache_read + self.cache_write + self.output


def tokens(cell: Cell) -> Parts:
    """Tokens by kind; what the file does not say counts as plain input and output that did not run as batch."""
    given, made = cell.input_tokens or 0.0, cell.output_tokens or 0.0
    read = min(cell.cached_read_tokens or 0.0, given)
    written = min(cell.cache_write_tokens or 0.0, given - read)
    batch = added(cell.batch_input_tokens, cell.batch_output_tokens) or 0.0
    return Parts(given - read - written, read, written, made, min(batch, given + made))


def at(cell: Cell, price: TokenPrice) -> Parts:
    """USD by kind before the discount on batch; `batch` is what this discount takes off.

    Where requests are counted, the price is that of an average one: whether it is long enough for another price.
    """
    of = tokens(cell)
    is_long = bool(cell.requests) and (cell.input_tokens or 0.0) / cell.requests > price.long_context_tokens
    each = {kind: getattr(price, f"{'long_context_' if is_long else ''}{kind}_usd_per_mtok") / 1e6 for kind in KINDS}
    cost = {kind: getattr(of, kind) * each[kind] for kind in KINDS}
    given, made = cost["input"] + cost["cache_read"] + cost["cache_write"], cost["output"]
    waiting = given * _share(cell.batch_input_tokens, cell.input_tokens)
    waiting += made * _share(cell.batch_output_tokens, cell.output_tokens)
    return Parts(**cost, batch=waiting * price.batch_discount_frac)


def price_of(cell: Cell) -> TokenPrice | None:
    """The list price of a cell's model on its day; None where none is known.

    Batch prices reached the catalogue later than customers, so a day before that has the discount of today.
    """
    return _price_of(cell.key.provider, cell.key.model, cell.key.start)


@lru_cache(maxsize=4096)
def _price_of(provider: str | None, model: str | None, start: datetime | None) -> TokenPrice | None:
    price = listed(provider, model, start)
    if price is None or price.batch_discount_frac:
        return price
    return replace(price, batch_discount_frac=listed(provider, model).batch_discount_frac)


def _share(part: float | None, whole: float | None) -> float:
    return min(max(part / whole, 0.0), 1.0) if part and whole else 0.0
