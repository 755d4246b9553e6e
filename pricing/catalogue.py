"""The figures that a choice in a catalogue stands for: field of the option -> (value, row that it is from)."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from costmodel.errors import ScenarioError, nearest
from costmodel.units import SECONDS_PER_HOUR, TOKENS_PER_MTOK
from pricing import token_prices
from pricing.assumptions import Assumption
from pricing.facts import (
    Fact,
    Gpu,
    GpuInstance,
    GpuPower,
    OpenModel,
    Own,
    PromptCaching,
    ProvisionedTerm,
    SeatPrice,
    Server,
    SupportPlan,
    TransferPrice,
    find,
    named,
    offered,
    rows,
)
from pricing.gpu_prices import commitments, with_second
from pricing.throughput import constants, hardware

Cited = dict[str, tuple[Any, Fact]]  # dotted path within the option -> value and row
USUAL_TERM = "Reserved for a month"
ANY_OTHER = "any other"  # provider of the row that holds where there is none of its own
PRICE_LISTS = ("prices", "long_prices", "longest_prices", "announced", "hourly")


def token_api(provider: str, model: str, term: str = USUAL_TERM, own: Own = ()) -> Cited:
    """Prices of a model, in every field that the option has of them, and of units reserved for it under a term."""
    return listed_api(token_prices.contract(provider, model, own) or token_prices.price(provider, model), term)


def listed_api(price: token_prices.TokenPrice, term: str = USUAL_TERM) -> Cited:
    """The same of an entry of the price catalogue."""
    row = named(ProvisionedTerm, term)
    # tok/s = USD/h / (s/h) / (USD/tok)
    rate = row.tokens_usd_per_unit_hour / SECONDS_PER_HOUR / (price.prices.input_usd_per_mtok / TOKENS_PER_MTOK)
    unit = {
        "usd_per_unit_hour": row.usd_per_unit_hour,
        "tok_per_s_per_unit": rate,
        "output_weight_ratio": price.prices.output_usd_per_mtok / price.prices.input_usd_per_mtok,
        "term_months": row.term_months,
        "least_units": row.least_units,
        "step_units": row.step_units,
    }
    groups = {name: dict(getattr(price, name)) for name in PRICE_LISTS}
    return {
        "provider": (price.provider, price.fact),
        "model": (price.model, price.fact),
        "context_window_tokens": _longest_request(price),
        **{
            f"{group}.{name}": (value, price.fact) for group, fields in groups.items() for name, value in fields.items()
        },
        **_prompt_cache(price),
        **{f"provisioned.{name}": (value, row) for name, value in unit.items()},
    }


def least_cached_tokens(price: token_prices.TokenPrice) -> float:
    """Shortest beginning that the cache of a model holds; 0 where nobody says."""
    least, _ = _prompt_cache(price)["cache.least_tokens"]
    return float(least)


def _prompt_cache(price: token_prices.TokenPrice) -> Cited:
    """Shortest input that the provider caches and what keeping it costs; 0 where nobody says."""
    row = next(
        (row for row in rows(PromptCaching) if row.provider == price.provider and price.model.startswith(row.model)),
        None,
    )
    values = (row.least_tokens, row.storage_usd_per_mtok_hour) if row else (0.0, 0.0)
    names = ("cache.least_tokens", "cache.storage_usd_per_mtok_hour")
    return {name: (value, row or price.fact) for name, value in zip(names, values, strict=True)}


def _longest_request(price: token_prices.TokenPrice) -> tuple[float, Fact]:
    """Tokens of the longest request: what the host says, else what an open model takes at most, else 0, not known."""
    if price.context_window_tokens:
        return price.context_window_tokens, price.fact
    row = _open_models().get(price.model.strip().lower())
    return (float(row.max_context_tokens), row) if row else (0.0, price.fact)


@cache
def _open_models() -> dict[str, OpenModel]:
    """Open models by every name that they are known by, in small letters; of two with one name the first."""
    return {name.lower(): row for row in reversed(rows(OpenModel)) for name in (row.name, *row.aliases)}


def longest_request_of(model: str, provider: str = "") -> float:
    """Tokens of the longest request that a model takes, of a provider or served by oneself; 0 where nobody knows."""
    try:
        if provider:
            return _longest_request(token_prices.price(provider, model))[0]
        return float(named(OpenModel, model).max_context_tokens)
    except ScenarioError:
        return 0.0


def served(model: str, precision: str, gpu: str) -> Cited:
    """Field of `Serving` -> architecture, hardware, and what serving achieves of it; the same for any use of it."""
    return hardware(model, precision, gpu) | constants(model, precision, gpu)


def serving(model: str, precision: str, gpu: str) -> Cited:
    """A model on a GPU, and the longest request that it takes."""
    row = named(OpenModel, model)
    longest = {"context_window_tokens": (float(row.max_context_tokens), row)}
    return longest | {f"serving.{name}": cite for name, cite in served(model, precision, gpu).items()}


def cited(figures: Mapping[str, Assumption]) -> Cited:
    """Rows by field of the option, each with its base as the value."""
    return {field: (row.base, row) for field, row in figures.items()}


def instance_row(provider: str, name: str, region: str = "", price: float | None = None, own: Own = ()) -> GpuInstance:
    """The instance in that region, else the one of that on-demand price, else the first that the catalogue lists."""
    listed = offered(GpuInstance, own)
    of_provider = tuple(row for row in listed if row.provider.lower() == provider.strip().lower())
    if not of_provider:
        known = list(dict.fromkeys(row.provider for row in listed))
        raise ScenarioError(f"{provider!r:.80} is not a provider in the GPU catalogue.{nearest(provider, known)}")
    offers = tuple(row for row in of_provider if row.name == find(of_provider, name).name)
    if not region:
        return next((row for row in offers if row.on_demand_usd_per_gpu_hour == price), offers[0])
    for row in offers:
        if row.region == region:
            return row
    raise ScenarioError(f"{name} is not listed in {region!r:.40}; it is in {', '.join(row.region for row in offers)}.")


def instance(row: GpuInstance, term_months: int, own: Own = ()) -> Cited:
    """Prices of an instance and of what leaves it, and its power.

    The on-demand price stands where no commitment or no spot offer is known.
    """
    listed, row = row.on_demand_usd_per_gpu_hour, with_second(row)
    commitment = commitments(row, own).get(term_months)
    no_term = _remarked(row, f"No price for {term_months} months is published here: the on-demand price stands.")
    no_spot = _remarked(row, "No spot offer is known: the on-demand price stands.")
    return {
        "provider": (row.provider, row),
        "instance": (row.name, row),
        "gpus_per_server": (row.gpus, row),
        "on_demand_usd_per_gpu_hour": (listed, row),
        "reserved_usd_per_gpu_hour": (commitment.usd_per_gpu_hour, commitment) if commitment else (listed, no_term),
        "spot_usd_per_gpu_hour": (row.spot_usd_per_gpu_hour, row) if row.spot_usd_per_gpu_hour else (listed, no_spot),
        **_tuning(row.gpu),
        "tuning.rented_usd_per_gpu_hour": (listed, row),
        **_power(row.gpu, row.gpus),
        **_transfer(row.provider),
    }


def _transfer(provider: str) -> Cited:
    """What the provider asks for data that leaves it; of one that is not listed, what is usual."""
    listed = {row.provider: row for row in rows(TransferPrice)}
    row = listed.get(provider, listed[ANY_OTHER])
    return {f"transfer.{name}": (getattr(row, name), row) for name in TransferPrice.model_fields if name[:5] == "band_"}


def server(name: str, own: Own = ()) -> Cited:
    """Price and power of a server."""
    row = named(Server, name, own)
    return {
        "server": (row.name, row),
        "gpus_per_server": (row.gpus, row),
        "server_price_usd": (row.price_usd, row),
        **_tuning(row.gpu),
        **_power(row.gpu, row.gpus),
    }


def seats(provider: str, product: str, own: Own = ()) -> Cited:
    """Price, billing and term of a seat, the least number of them and what is included, as far as it is published."""
    listed = offered(SeatPrice, own)
    of_provider = tuple(row for row in listed if row.provider.lower() == provider.strip().lower())
    row = next((row for row in of_provider if row.name.lower() == product.strip().lower()), None)
    if row is None:
        near = nearest(product, [row.name for row in listed])
        raise ScenarioError(f"{product!r:.80} of {provider!r:.80} is not in the catalogue of seats.{near}")
    return {
        "provider": (row.provider, row),
        "product": (row.name, row),
        "seat_usd_per_user_month": (row.usd_per_user_month, row),
        "billing": (row.billing, row),
        "term_months": (row.term_months, row),
        "least_seats": (row.least_seats, row),
        "limit_requests_per_user_month": (row.limit_requests_per_user_month or 0.0, row),
    }


def support_plan(row: SupportPlan) -> Cited:
    """Minimum, bands and shares of a support plan."""
    fields = [name for name in SupportPlan.model_fields if name.endswith(("_usd_per_month", "_frac"))]
    return {f"support.{name}": (getattr(row, name), row) for name in fields}


def _tuning(gpu: str) -> Cited:
    row = named(Gpu, gpu)
    return {"tuning.gpu_tflops": (row.fp16_tflops, row)}


def _power(gpu: str, gpus: int) -> Cited:
    row = next(row for row in rows(GpuPower) if row.gpu == gpu)
    return {
        "power.server_max_kw": (row.max_kw_per_gpu * gpus, row),
        "power.server_idle_kw": (row.idle_kw_per_gpu * gpus, row),
    }


def _remarked(row: GpuInstance, remark: str) -> GpuInstance:
    confidence = row.confidence if row.confidence == "yours" else "estimate"
    return row.model_copy(update={"confidence": confidence, "why": f"{remark} {row.why}".strip()})
