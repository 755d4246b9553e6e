"""Prices of what runs today: those of its model's list, or means over all that was used, where it has several."""

from collections.abc import Iterable, Mapping
from math import fsum, isclose
from typing import Any

from costmodel.token_prices import NEVER_TOKENS, NEVER_YEAR
from pricing.token_prices import TokenPrice, provider_name
from usage.list_prices import BATCH, BATCH_OF, KINDS, LISTS, Parts, at, by_day, less_batch, of_length, tokens
from usage.names import listed
from usage.tally import Cell

SEVERAL = "{} models"
NO_OTHER_LIST = {
    "long_prices.above_tokens": NEVER_TOKENS,
    "longest_prices.above_tokens": NEVER_TOKENS,
    "announced.from_year": NEVER_YEAR,
    "hourly.hours_utc": "",
}


def prices_of(cells: list[Cell], told: Mapping[str, float]) -> tuple[TokenPrice | None, dict[str, Any]]:
    """(price of the model that costs most, fields of the option in which what was used differs from it).

    Prices are means over the tokens of each kind, so that a month costs what its usage costs at list price, of several
    models or of requests that have several lists. What was read from a cache was long enough for it.
    """
    known = [(cell, price) for cell in by_day(cells) if (price := listed(cell.key.provider, cell.key.model))]
    by_model: dict[str, list[tuple[Cell, TokenPrice]]] = {}
    for cell, price in known:
        by_model.setdefault(f"{price.provider} {price.model}", []).append((cell, price))
    if not by_model:
        return None, {}
    costs = {model: fsum(at(*pair).total for pair in pairs) for model, pairs in by_model.items()}
    dearest = [by_model[model][0][1] for model in sorted(costs, key=costs.get, reverse=True)]
    main = dearest[0]
    fields: dict[str, Any] = {"cache.least_tokens": 0.0} if told.get("cached_input_frac") else {}
    means = _means(known, told.get("batch_frac", 0.0))
    usual = of_length(main, told.get("input_tokens_per_request", 0.0))
    differing = {name: mean for name, mean in means.items() if not isclose(mean, getattr(usual, name), rel_tol=1e-9)}
    if len(dearest) > 1 or main.hourly.hours_utc or differing.keys() - {*BATCH}:
        fields |= {f"prices.{name}": means.get(name, price) for name, price in main.prices} | NO_OTHER_LIST
    else:
        fields |= {f"{of}.{name}": mean for name, mean in differing.items() for of in LISTS}
    if len(dearest) > 1:
        providers = dict.fromkeys(price.provider for price in dearest)
        named = " and ".join(map(provider_name, providers)) if len(providers) > 1 else main.provider
        fields |= {"model": SEVERAL.format(len(dearest)), "provider": named}
    return main, fields


def _means(known: list[tuple[Cell, TokenPrice]], waiting: float) -> dict[str, float]:
    """Field of a price list -> what usage has of it on average, where it has any. waiting: share of all that is batch.

    A discount on batch is what it took off, relative to that share of the whole; one that is more goes off the price.
    """
    held, gross = _sums(tokens(cell) for cell, _ in known), _sums(at(*pair) for pair in known)
    lower = [less_batch(*pair) for pair in known]
    net = {kind: fsum(each[kind] for each in lower) for kind in KINDS}
    found: dict[str, float] = {}
    for name in BATCH:
        kinds = [kind for kind in KINDS if BATCH_OF[kind] == name and getattr(held, kind)]
        full, paid = fsum(getattr(gross, kind) for kind in kinds), fsum(net[kind] for kind in kinds)
        off = min((full - paid) / full / waiting, 1.0) if full and waiting else 0.0
        beyond = paid / full / (1 - waiting * off) if full and waiting * off < 1 else 1.0
        prices = {f"{kind}_usd_per_mtok": getattr(gross, kind) / getattr(held, kind) * 1e6 * beyond for kind in kinds}
        found |= prices | ({name: off} if full and waiting else {})
    return found


def _sums(parts: Iterable[Parts]) -> Parts:
    parts = list(parts)
    return Parts(**{kind: fsum(getattr(part, kind) for part in parts) for kind in Parts.__annotations__})
