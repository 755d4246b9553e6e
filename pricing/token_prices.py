"""Prices of tokens, from the genai-prices package as installed: one adapter, one fixed date, no network.

Prices are those of one request, since long-context tiers look at one request.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from importlib.metadata import version

from genai_prices.data import providers as _bundled
from genai_prices.types import ModelInfo, Provider, TieredPrices

from costmodel.errors import ScenarioError, nearest
from pricing.facts import Fact, RetiredModel, UsualModel, rows

PACKAGE = f"genai-prices {version('genai-prices')}"
PRICES_AS_OF = date(2026, 11, 10)  # the last day that the package's own notes speak of as verified
HOUR_OF_PRICE = time(12, tzinfo=UTC)  # prices that change by the hour are taken at noon, outside the night's rebates
PACKAGE = f"genai-prices {version('genai-prices')}"
NO_THRESHOLD_TOKENS = 1e9  # more input than any model takes: the long-context prices never apply
VERSION_IN_NAME = re.compile(r"(?<![\d.])(\d{1,2})(?:[.p-](\d{1,2})(?![\dbkx]))?(?!\d|\.?\d*[bkx])", re.IGNORECASE)
KINDS_OF_TOKENS = ("input", "cache_read", "cache_write", "output")


@dataclass(frozen=True)
class TokenPrice:
    """What one request to a model costs, USD per million tokens, in the terms of the token API option.

    Without a price for cached tokens they cost the full input price. `batch_discount_frac` is what the catalogue
    publishes for requests that may wait, else 0. Without a long-context tier its prices repeat the others.
    `context_window_tokens` is 0 where the package has none, `last_day` the last on which the model is or was sold, None
    where nobody announced one.
    """

    provider: str
    model: str
    input_usd_per_mtok: float
    cache_read_usd_per_mtok: float
    cache_write_usd_per_mtok: float
    output_usd_per_mtok: float
    long_context_tokens: float
    long_context_input_usd_per_mtok: float
    long_context_cache_read_usd_per_mtok: float
    long_context_cache_write_usd_per_mtok: float
    long_context_output_usd_per_mtok: float
    batch_discount_frac: float
    name: str
    context_window_tokens: float
    last_day: date | None
    fact: Fact


def providers() -> tuple[str, ...]:
    """Names of all providers that sell tokens of a text model."""
    return tuple(provider.id for provider in _bundled if _sold(provider.id))


def models(provider: str) -> tuple[str, ...]:
    """Names of a provider's models that are sold for text in and text out, newest first.

    Free ones are left out, and those that are retired. The package knows no date of a model, so newer is the higher
    version, and of equal ones the dearer; first of all stands the one that the catalogue holds for the usual choice.
    """
    return tuple(_sold(_provider(provider).id))


@cache
def listed() -> tuple[TokenPrice, ...]:
    """Price of every model that some provider sells for text in and text out; read once."""
    return tuple(price for seller in _bundled for price in _sold(seller.id).values())


def listing(provider: str, model: str) -> TokenPrice | None:
    """The entry of `listed` by the very names it has there."""
    return _sold(_provider(provider).id).get(model)


@cache
def _sold(provider: str) -> dict[str, TokenPrice]:
    seller = _provider(provider)
    priced = (_record(seller, model, PRICES_AS_OF) for model in seller.models if not _refusal(model, PRICES_AS_OF))
    usual = next((row.model for row in rows(UsualModel) if row.provider == seller.id), "")
    sold = [entry for entry in priced if entry.last_day is None or entry.last_day >= PRICES_AS_OF]
    sold.sort(key=lambda entry: (entry.model == usual, _version(entry.model), entry.output_usd_per_mtok), reverse=True)
    return {entry.model: entry for entry in sold}


def _version(model: str) -> tuple[int, int]:
    """The version that a name says, such as (5, 5) of claude-sonnet-5-5; (0, 0) where it says none."""
    found = VERSION_IN_NAME.search(model.rpartition("/")[2])
    return (int(found[1]), int(found[2] or 0)) if found else (0, 0)


def last_day(provider: str, model: str) -> date | None:
    """The last day on which a provider sells a model, by its name in the catalogue; None: none is announced."""
    return _last_days().get((provider, model))


@cache
def _last_days() -> dict[tuple[str, str], date]:
    return {(row.provider, row.model): row.last_day for row in rows(RetiredModel)}


@lru_cache(maxsize=1024)
def price(provider: str, model: str, on: date = PRICES_AS_OF) -> TokenPrice:
    """Price of a provider's model on a day; `model` may be any name that the provider's requests use.

    Raises ScenarioError with the nearest names when provider or model is unknown, and when the model has no price of
    its own per token (free tiers, fees per request, embeddings, speech).
    """
    seller = _provider(provider)
    known = {entry.id: entry for entry in seller.models}
    found = seller.find_model(model, all_providers=_bundled) or known.get(model)
    if not found:
        raise ScenarioError(f"{model!r:.80} is not a model of {seller.id}.{nearest(model, list(known))}")
    if reason := _refusal(found, on):
        raise ScenarioError(f"{found.id} of {seller.id} {reason}.")
    return _record(seller, found, on)


def _record(seller: Provider, model: ModelInfo, on: date) -> TokenPrice:
    moment, notes = datetime.combine(on, HOUR_OF_PRICE), []
    listed = model.get_prices(moment)
    own = {kind: getattr(listed, f"{kind}_mtok") for kind in KINDS_OF_TOKENS}
    tiers = sorted({t.start for value in own.values() if isinstance(value, TieredPrices) for t in value.tiers})
    threshold = tiers[0] if tiers else NO_THRESHOLD_TOKENS
    if len(tiers) > 1:
        notes.append(f"Requests above {tiers[1]:,} input tokens cost still more, which is left out.")
    short = {kind: _at(value, 0) for kind, value in own.items()}
    long = {kind: _at(value, threshold + 1) for kind, value in own.items()}
    for prices in (short, long):
        for kind in ("cache_read", "cache_write"):
            if prices[kind] is None:
                prices[kind] = prices["input"]
    missing = [kind.replace("_", " ") for kind in ("cache_read", "cache_write") if own[kind] is None]
    if missing:
        notes.append(f"No price for {' and '.join(missing)}: such tokens cost the full input price.")
    last = last_day(seller.id, model.id)
    if last:
        notes.append(f"The last day on which the provider {'sold' if last < PRICES_AS_OF else 'sells'} it is {last}.")
    elif model.deprecated:
        notes.append("The provider is going to withdraw this model, or no longer lists it.")
    fact = Fact(
        source=f"{PACKAGE}: {seller.name}, {model.id}",
        source_url=(seller.pricing_urls or ["https://github.com/pydantic/genai-prices"])[0],
        as_of=on,
        checked_on=PRICES_AS_OF,
        confidence="vendor",
        why=" ".join(notes),
    )
    return TokenPrice(
        provider=seller.id,
        model=model.id,
        **{f"{kind}_usd_per_mtok": short[kind] for kind in KINDS_OF_TOKENS},
        long_context_tokens=threshold,
        **{f"long_context_{kind}_usd_per_mtok": long[kind] for kind in KINDS_OF_TOKENS},
        batch_discount_frac=_batch_discount(seller, model, moment, short),
        name=model.name or model.id,
        context_window_tokens=float(model.context_window or 0),
        last_day=last,
        fact=fact,
    )


def _batch_discount(seller: Provider, model: ModelInfo, moment: datetime, short: dict[str, float]) -> float:
    """The smaller of the discounts on input and output; a model sold on behalf of another provider has none."""
    if model not in seller.models:
        return 0.0
    batch = model.get_prices(moment, {"processing": "batch"})
    return round(min(1 - _at(batch.input_mtok, 0) / short["input"], 1 - _at(batch.output_mtok, 0) / short["output"]), 6)


def _at(value, input_tokens: float) -> float | None:
    """A price for a request with that much input."""
    if isinstance(value, TieredPrices):
        reached = [tier.price for tier in value.tiers if input_tokens > tier.start]
        value = reached[-1] if reached else value.base
    return None if value is None else float(value)


def _refusal(model: ModelInfo, on: date) -> str:
    """Why the model cannot be priced by the token, or an empty text."""
    listed = model.get_prices(datetime.combine(on, HOUR_OF_PRICE))
    if not any(value is not None for value in vars(listed).values()):
        return "has no price in the catalogue (a free tier, or unpublished), and free is not a price to plan with"
    if not _at(listed.input_mtok, 0) or not _at(listed.output_mtok, 0):
        return "is not sold by text tokens in and out"
    if listed.requests_kcount is not None:
        return "also charges for each request, which a price per token would hide"
    return ""


@cache
def _provider(name: str) -> Provider:
    for provider in _bundled:
        if provider.id == name.strip().lower():
            return provider
    known = [provider.id for provider in _bundled]
    raise ScenarioError(f"{name!r:.80} is not a provider in the price catalogue.{nearest(name, known)}")
