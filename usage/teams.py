"""Who used how much: shares of usage by model or team, which are shares of what it costs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import fsum

from usage.bill import sum_usd
from usage.division import MODEL, By
from usage.list_prices import at as cost_at
from usage.list_prices import by_day, has_tokens, price_of
from usage.names import listed, provider_name
from usage.row import added
from usage.tally import Cell, Key

NOBODY = "not said"


@dataclass(frozen=True)
class Share:
    """The usage of one team or model: `usd` at list price or, in files that count no tokens, as billed; `share` of what
    all of them cost, of tokens where a model has no list price."""

    name: str
    requests: float | None
    input_tokens: float
    output_tokens: float
    usd: float | None
    share: float


def label(by: By) -> Callable[[Key], str]:
    """What a cell is called under a division."""
    return _model if by.kind == MODEL else lambda key: key.team or NOBODY


def shares(cells: Iterable[Cell], by: By) -> list[Share]:
    """Usage by team or model, the dearest first; the shares add up to 1."""
    cells, groups = list(cells), {}
    used = [cell for cell in cells if has_tokens(cell)]
    name_of = label(by)
    for cell in used or [cell for cell in cells if cell.cost]:
        groups.setdefault(name_of(cell.key), []).append(cell)
    groups = {name: by_day(members) for name, members in groups.items()}
    costs = {name: _list_usd(members) if used else sum_usd(members) for name, members in groups.items()}
    sizes = {name: fsum(map(_tokens, members)) for name, members in groups.items()}
    weights = costs if all(cost is not None for cost in costs.values()) else sizes
    whole = fsum(weights.values())
    found = [
        Share(
            name,
            added(*(cell.requests for cell in members)),
            fsum(cell.input_tokens or 0 for cell in members),
            fsum(cell.output_tokens or 0 for cell in members),
            costs[name],
            weights[name] / whole if whole else 0.0,
        )
        for name, members in groups.items()
    ]
    return sorted(found, key=lambda share: -share.share)


def _tokens(cell: Cell) -> float:
    return (cell.input_tokens or 0.0) + (cell.output_tokens or 0.0)


def _list_usd(cells: Iterable[Cell]) -> float | None:
    """USD at the list prices of the days; None where a model has none."""
    total = 0.0
    for cell in cells:
        if (price := price_of(cell)) is None:
            return None
        parts = cost_at(cell, price)
        total += parts.total - parts.batch
    return total


def _model(key: Key) -> str:
    return _model_name(key.provider, key.model)


@lru_cache(maxsize=4096)
def _model_name(provider: str | None, model: str | None) -> str:
    """One name for a model that a bill and a usage report spell in two ways."""
    price = listed(provider, model)
    seller = provider_name(provider) if provider else ""
    return " · ".join(filter(None, (seller, price.name if price else model))) or NOBODY
