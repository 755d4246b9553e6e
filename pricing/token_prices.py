"""Prices of tokens, from the genai-prices package as installed: one adapter, one fixed date, no network.

Prices are those of one request, since long-context tiers look at one request.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any

from genai_prices.data import providers as _bundled
from genai_prices.types import (
    ModelInfo,
    ModelPrice,
    Provider,
    StartDateConstraint,
    TieredPrices,
    TimeOfDateConstraint,
)

from costmodel.errors import ScenarioError, nearest
from costmodel.token_prices import (
    NEVER_TOKENS,
    NEVER_YEAR,
    AnnouncedPrices,
    HourlyPrices,
    LongestPriceList,
    LongPriceList,
    PriceList,
)
from pricing.dates import day
from pricing.facts import (
    BatchTerms,
    Fact,
    NotOffered,
    OpenModel,
    Own,
    RetiredModel,
    TokenContract,
    UsualModel,
    of_model,
    rows,
)
from pricing.same_model import plain_name

PACKAGE = f"genai-prices {version('genai-prices')}"
PRICES_AS_OF = date(2026, 11, 10)  # the last day that the package's own notes speak of as verified
NOON = time(12, tzinfo=UTC)
MID_MONTH = 15  # a change until this day holds for its month, a later one from the next
BATCH = {"processing": "batch"}
NO_BATCH = "No price for batches: requests that may wait cost the full price."
VERSION_IN_NAME = re.compile(r"(?<![\d.])(\d{1,2})(?:[.p-](\d{1,2})(?![\dbkx]))?(?!\d|\.?\d*[bkx])", re.IGNORECASE)
KINDS_OF_TOKENS = ("input", "cache_read", "cache_write", "output")
CACHE_KINDS, DISCOUNTED = KINDS_OF_TOKENS[1:3], ("input", "cache_read", "output")
LONGER = (LongPriceList, LongestPriceList)
# The package takes a host's price from a maker's list where the host has none of its own. Azure asks what OpenAI,
# Anthropic, xAI and Moonshot do, but at least twice DeepSeek's prices, at any hour (litellm 1.110.2).
ASKS_OTHERWISE = {"azure": ("deepseek",)}
NAMES_MAKERS = ("openrouter",)  # brokers that name each model with its maker
CLOSED = ("openai", "anthropic", "google", "x-ai")  # makers that keep to themselves what they end
SOLD_ON = timedelta(days=183)  # for that long at most a cloud has sold a model that its maker had ended
OF_BATCHES = re.compile(r" \(?batch\)?$", re.IGNORECASE)  # how a name ends that is sold to requests that may wait
NEWEST = "-latest"  # how a name ends that stands for whichever model is the newest
OF_A_BROKER = "Imported from OpenRouter pricing"  # how the package's remark on such a price begins
CONFIRMED = "Verified"  # and what it says once somebody looked at the seller


@dataclass(frozen=True)
class TokenPrice:
    """What a model costs at a provider, in the terms of the token API option.

    `seller` and `name` are the provider's and the model's for readers. `prices` are those outside of the hours with a
    price of their own. Cached tokens without a price cost the full input price; without longer lists `prices` hold at
    any length. `context_window_tokens` is 0 where the package has none, `last_day` the last on which the model is or
    was sold, None where nobody announced one; what `is_withdrawn` goes on a day that nobody says.
    """

    provider: str
    seller: str
    model: str
    name: str
    prices: PriceList
    long_prices: LongPriceList
    longest_prices: LongestPriceList
    announced: AnnouncedPrices
    hourly: HourlyPrices
    context_window_tokens: float
    last_day: date | None
    is_withdrawn: bool
    fact: Fact


def providers(own: Own = ()) -> tuple[str, ...]:
    """Names of all providers that sell tokens of a text model, those of the reader's contracts first."""
    mine = (price.provider for price in _contracts(own))
    return tuple(dict.fromkeys((*mine, *(provider.id for provider in _bundled if _sold(provider.id)))))


def models(provider: str, own: Own = ()) -> tuple[str, ...]:
    """Names of a provider's models that are sold for text in and text out: contracts, then newest first.

    Free ones are left out, those that are retired and those that do something else. The package knows no date of a
    model, so newer is the higher version, and of equal ones the dearer; first of all stands the one that the catalogue
    holds for the usual choice.
    """
    mine = tuple(price.model for price in _contracts(own) if price.provider == provider)
    return mine if mine and provider not in _ids() else (*mine, *_sold(_provider(provider).id))


@cache
def listed() -> tuple[TokenPrice, ...]:
    """Price of every model that some provider sells for text in and text out; read once."""
    return tuple(price for seller in _bundled for price in _sold(seller.id).values())


def listing(provider: str, model: str, own: Own = ()) -> TokenPrice | None:
    """The entry of `listed`, or of the reader's contracts, by the very names it has there."""
    if (mine := contract(provider, model, own)) or provider not in _ids():
        return mine
    return _sold(provider).get(model)


def model_name(provider: str, model: str) -> str:
    """What a model is called where it is sold: 'GPT-6.1 Sol' of 'gpt-6.1-sol'; one that is not listed as it is."""
    row = listing(provider, model)
    return (row.name if row else "") or model


def spelled(name: str) -> str:
    """A model's name in the one way in which it is written here: 'gpt-oss 120B' of GPT-OSS 120B and gpt-oss-120b."""
    whole = OF_BATCHES.sub("", name.strip())
    bare = whole if " " in whole else whole.rpartition("/")[2]  # an id has the maker as a folder
    return f"{_spellings().get(_letters(bare), bare)}{' (batch)' * (whole != name.strip())}"


@cache
def _spellings() -> dict[str, str]:
    """Letters of a name -> as the catalogue of open models writes it, else as most sellers do that write words."""
    written = Counter((model.name or model.id).strip() for provider in _bundled for model in provider.models)
    liked = sorted(written, key=lambda name: (name != name.lower(), " " in name, written[name]), reverse=True)
    return {_letters(name): name for name in (*reversed(liked), *(row.name for row in rows(OpenModel)))}


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9+]", "", name.lower())


def provider_name(provider: str) -> str:
    """What a provider calls itself: 'Together AI' of 'together'; whoever is known by no id has a name already."""
    return _ids().get(provider, provider)


@cache
def _ids() -> dict[str, str]:
    """Id -> name of every provider of the price list."""
    return {provider.id: provider.name for provider in _bundled}


@cache
def _sold(provider: str) -> dict[str, TokenPrice]:
    seller = _provider(provider)
    answering = [model for model in seller.models if answers(seller.id, model.id) and _is_of_today(seller, model)]
    priced = (_record(seller, model, PRICES_AS_OF) for model in answering if not _refusal(model, PRICES_AS_OF))
    usual = next((row.model for row in rows(UsualModel) if row.provider == seller.id), "")
    sold = [entry for entry in priced if entry.last_day is None or entry.last_day >= PRICES_AS_OF]
    sold.sort(
        key=lambda entry: (entry.model == usual, _version(entry.model), entry.prices.output_usd_per_mtok), reverse=True
    )
    return {entry.model: entry for entry in sold}


def answers(provider: str, model: str) -> bool:
    """Whether a workload of text can be given to what a provider lists under a name."""
    return not any(row.provider in ("", provider) for row in of_model(NotOffered, model))


def _version(model: str) -> tuple[int, int]:
    """The version that a name says, such as (5, 5) of claude-sonnet-5-5; (0, 0) where it says none."""
    found = VERSION_IN_NAME.search(model.rpartition("/")[2])
    return (int(found[1]), int(found[2] or 0)) if found else (0, 0)


def last_day(provider: str, model: str) -> date | None:
    """The last day on which a provider sells a model, by its name in the catalogue; None: none is announced."""
    return _last_days().get((provider, model))


def _is_of_today(seller: Provider, model: ModelInfo) -> bool:
    """Whether a model is not left from a former list, nor ended long ago by a maker that keeps it to itself.

    A broker's former list had names without a maker, or nothing but an id; those of today that it has too say how long
    a request may be.
    """
    if seller.id in NAMES_MAKERS:
        name = model.id.removeprefix("~").partition("/")[2]
        if not name or (not model.context_window and (not model.name or name in _former_names(seller.id))):
            return False
    ended = _ended(model.id)
    return not ended or ended > PRICES_AS_OF - SOLD_ON


def _ended(model: str) -> date | None:
    """The last day on which the maker sells a model that none but it makes, by any name that sellers have for it."""
    plain = plain_name(model)
    maker = _makers().get(_family(plain))
    if maker is None:
        return None
    names = (model.removeprefix("~").rpartition("/")[2].partition(":")[0], plain)
    found = filter(None, map(_provider(maker).find_model, names))
    return next((last_day(maker, entry.id) for entry in found), None)


@cache
def _makers() -> dict[str, str]:
    """How the names of models begin that a maker has ended and none but it made -> maker: claude, gpt, gemini."""
    return {_family(plain_name(model)): maker
            for maker in reversed(CLOSED) for seller, model in _last_days() if seller == maker}  # fmt: skip


def _family(plain: str) -> str:
    return plain.partition("-")[0]


@cache
def _former_names(provider: str) -> frozenset[str]:
    return frozenset(model.id for model in _provider(provider).models if "/" not in model.id)


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
    if not found or any(
        found is each for other in ASKS_OTHERWISE.get(seller.id, ()) for each in _provider(other).models
    ):
        raise ScenarioError(f"{model!r:.80} is not a model of {seller.id}.{nearest(model, list(known))}")
    if reason := _refusal(found, on):
        raise ScenarioError(f"{found.id} of {seller.id} {reason}.")
    record = _record(seller, found, on)
    ended = record.is_withdrawn or (record.last_day is not None and record.last_day < on)
    if ended and model != found.id and model.strip().lower().endswith(NEWEST):
        raise ScenarioError(
            f"{model!r:.80} of {seller.id} stands for a model after {found.id}, which is no longer sold."
        )
    return record


def _record(seller: Provider, model: ModelInfo, on: date) -> TokenPrice:
    hours, outside, inside = _hours(model)
    moment, notes = datetime.combine(on, outside), []
    listed = model.get_prices(moment)
    of_its_own = any(model is each for each in seller.models)
    waiting = model.get_prices(moment, BATCH) if of_its_own else listed  # on another's behalf: no discount
    marks = sorted({mark for prices in (listed, waiting) for mark in _marks(prices)})
    if len(marks) > len(LONGER):
        notes.append(f"Requests above {marks[2]:,} input tokens cost still another price, which is left out.")
    terms = _batch_terms(seller.id, model.id) if waiting == listed else None
    if waiting == listed:
        notes.append(f"{terms.why} ({terms.source}, {terms.as_of})." if terms else NO_BATCH)
    lists = [_list(listed, waiting, mark + 1, terms.discount_frac if terms else 0) for mark in (0, *marks)]
    above = [*marks, NEVER_TOKENS, NEVER_TOKENS]
    longer = [{**lists[min(place, len(lists) - 1)], "above_tokens": above[place - 1]} for place in (1, 2)]
    missing = [kind.replace("_", " ") for kind in CACHE_KINDS if getattr(listed, f"{kind}_mtok") is None]
    if missing:
        notes.append(f"No price for {' and '.join(missing)}: such tokens cost the full input price.")
    hourly = HourlyPrices(**_fields(model.get_prices(datetime.combine(on, inside))), hours_utc=hours)
    if hours:
        notes.append(f"In the hours {hours} (UTC) the prices are those by the hour.")
    announced, told = _announced(model, on, outside, lists[0])
    notes += told
    last = last_day(seller.id, model.id)
    if last:
        verb = "sold" if last < PRICES_AS_OF else "sells"
        notes.append(f"The last day on which the provider {verb} it is {day(last)}.")
    elif model.deprecated:
        notes.append("The provider is going to withdraw this model, or no longer lists it.")
    fact = Fact(
        source=f"{PACKAGE}: {seller.name}, {model.id}",
        source_url=(seller.pricing_urls or ["https://github.com/pydantic/genai-prices"])[0],
        as_of=min(on, PRICES_AS_OF),
        checked_on=PRICES_AS_OF,
        confidence="vendor",
        why=" ".join(notes),
    )
    return TokenPrice(
        provider=seller.id,
        seller=seller.name,
        model=model.id,
        name=spelled(model.name or model.id),
        prices=PriceList(**lists[0]),
        long_prices=LongPriceList(**longer[0]),
        longest_prices=LongestPriceList(**longer[1]),
        announced=announced,
        hourly=hourly,
        context_window_tokens=float(model.context_window or 0),
        last_day=last,
        is_withdrawn=bool(model.deprecated and not last),
        fact=fact,
    )


def contracted(row: TokenContract) -> TokenPrice:
    """The price that a contract has, in the same terms: at any length and hour, and announced for no later day."""
    cached = {name: getattr(row, f"{name}_usd_per_mtok") or row.input_usd_per_mtok for name in CACHE_KINDS}
    today = {"input": row.input_usd_per_mtok, **cached, "output": row.output_usd_per_mtok}
    prices = {f"{kind}_usd_per_mtok": value for kind, value in today.items()}
    listed = prices | {f"batch_{kind}_discount_frac": row.batch_discount_frac or 0.0 for kind in DISCOUNTED}
    return TokenPrice(
        provider=row.provider,
        seller=row.provider,
        model=row.model,
        name=row.model,
        is_withdrawn=False,
        prices=PriceList(**listed),
        long_prices=LongPriceList(**listed, above_tokens=NEVER_TOKENS),
        longest_prices=LongestPriceList(**listed, above_tokens=NEVER_TOKENS),
        announced=AnnouncedPrices(**prices, from_month=1, from_year=NEVER_YEAR),
        hourly=HourlyPrices(**prices, hours_utc=""),
        context_window_tokens=float(row.context_window_tokens or 0),
        last_day=None,
        fact=row,
    )


def contract(provider: str, model: str, own: Own) -> TokenPrice | None:
    """The price of a model under a contract of the reader's; None where there is none."""
    wanted = (provider.casefold(), model)
    return next((price for price in _contracts(own) if (price.provider.casefold(), price.model) == wanted), None)


def _contracts(own: Own) -> tuple[TokenPrice, ...]:
    return tuple(contracted(row) for row in own if isinstance(row, TokenContract))


def _conditions(model: ModelInfo, kind: type) -> list[Any]:
    conditional = model.prices if isinstance(model.prices, list) else []
    return [price.constraint for price in conditional if isinstance(price.constraint, kind)]


def _hours(model: ModelInfo) -> tuple[str, time, time]:
    """(hours with a price of their own, a time outside of them, one inside), in UTC."""
    windows = [(each.start_time, each.end_time) for each in _conditions(model, TimeOfDateConstraint)]
    if not windows:
        return "", NOON, NOON
    minutes = [time(minute // 60, minute % 60, tzinfo=UTC) for minute in range(24 * 60)]
    outside = next(clock for clock in minutes if not any(_is_within(clock, *window) for window in windows))
    text = " ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in windows)
    return text, outside, windows[0][0]


def _is_within(clock: time, start: time, end: time) -> bool:
    return start <= clock < end if start <= end else clock >= start or clock < end


def _marks(prices: ModelPrice) -> set[int]:
    """Input tokens above which another price holds."""
    tiered = (getattr(prices, f"{kind}_mtok") for kind in KINDS_OF_TOKENS)
    return {tier.start for value in tiered if isinstance(value, TieredPrices) for tier in value.tiers}


def _kinds(prices: ModelPrice, input_tokens: float) -> dict[str, float]:
    """Kind of token -> price in a request with that much input; cached tokens without one cost that of input."""
    found: dict[str, Any] = {kind: _at(getattr(prices, f"{kind}_mtok"), input_tokens) for kind in KINDS_OF_TOKENS}
    return {kind: found["input"] if value is None else value for kind, value in found.items()}


def _fields(prices: ModelPrice) -> dict[str, float]:
    """Fields of token prices: those of a short request."""
    return {f"{kind}_usd_per_mtok": value for kind, value in _kinds(prices, 1).items()}


def _batch_terms(provider: str, model: str) -> BatchTerms | None:
    """What the provider says of batches beside its price list."""
    return next((row for row in rows(BatchTerms) if row.provider == provider and row.model in (model, "")), None)


def _list(listed: ModelPrice, waiting: ModelPrice, input_tokens: float, discount_frac: float) -> dict[str, float]:
    """Fields of a price list: prices of a request with that much input, and discounts where it may wait.

    `discount_frac` is what is taken off the prices of waiting requests besides.
    """
    prices, batch = _kinds(listed, input_tokens), _kinds(waiting, input_tokens)
    paid = {kind: batch[kind] * (1 - discount_frac) for kind in DISCOUNTED}
    discounts = {kind: round(1 - paid[kind] / prices[kind], 9) if prices[kind] else 0.0 for kind in DISCOUNTED}
    return {f"{kind}_usd_per_mtok": value for kind, value in prices.items()} | {
        f"batch_{kind}_discount_frac": value for kind, value in discounts.items()
    }


def _announced(
    model: ModelInfo, on: date, clock: time, today: Mapping[str, float]
) -> tuple[AnnouncedPrices, list[str]]:
    """Prices that hold from a later day on, and what is to be said of them; without any, those of today, never."""
    days = sorted(each.start_date for each in _conditions(model, StartDateConstraint) if each.start_date > on)
    if not days:
        prices = {name: value for name, value in today.items() if name in AnnouncedPrices.model_fields}
        return AnnouncedPrices(**prices, from_month=1, from_year=NEVER_YEAR), []
    first = days[0]
    month = first if first.day <= MID_MONTH and (first.year, first.month) != (on.year, on.month) else _next_month(first)
    change = model.get_prices(datetime.combine(first, clock))
    then = _kinds(change, 1)
    told = [f"From {first} on: {then['input']:g} USD for a million input tokens, {then['output']:g} for output."]
    told += [f"It changes again on {day}, which is left out." for day in days[1:]]
    return AnnouncedPrices(**_fields(change), from_month=month.month, from_year=month.year), told


def _next_month(day: date) -> date:
    return day.replace(day=1) + timedelta(days=31)


def _at(value: Any, input_tokens: float) -> float | None:
    """A price for a request with that much input."""
    if isinstance(value, TieredPrices):
        reached = [tier.price for tier in value.tiers if input_tokens > tier.start]
        value = reached[-1] if reached else value.base
    return None if value is None else float(value)


def _refusal(model: ModelInfo, on: date) -> str:
    """Why the model cannot be priced by the token, or an empty text."""
    listed = model.get_prices(datetime.combine(on, _hours(model)[1]))
    if not any(value is not None for value in vars(listed).values()):
        return "has no price in the catalogue (a free tier, or unpublished), and free is not a price to plan with"
    if not _at(listed.input_mtok, 0) or not _at(listed.output_mtok, 0):
        return "is not sold by text tokens in and out"
    remark = model.price_comments or ""
    if remark.startswith(OF_A_BROKER) and CONFIRMED not in remark:
        return "has no price of its seller in the catalogue, only that of a broker"
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
