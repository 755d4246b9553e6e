"""Prices of tokens as they are sold: by length, hour and region, as announced, with caches and commitments."""

from typing import Annotated, Any, ClassVar

import numpy as np

from costmodel.arrays import Array, Value
from costmodel.demand import Task, input_tokens_each, month, serves_month
from costmodel.fields import Number, Record
from costmodel.hours import Day, Windows, hours_inside
from costmodel.lines import line
from costmodel.quantity import is_off, quantity, remembered
from costmodel.tuning import usage_price_ratio
from costmodel.units import HOURS_PER_MONTH, MONTHS_PER_YEAR, ROUNDING_TOLERANCE, index, price_each

USD_PER_MTOK = "USD/Mtok"
MOST_USD_PER_MTOK, MOST_SURCHARGE = 10000, 100
PER_THOUSAND_BELOW = 0.005  # USD/Mtok; no model sells input or output this cheaply
NEVER_YEAR = 2100  # a change that is not announced
NEVER_TOKENS = 1e9  # more input than any model takes


def _price(meaning: str, **more: Any) -> Number:
    return Number(USD_PER_MTOK, 0, MOST_USD_PER_MTOK, meaning, **more)


class TokenPrices(Record):
    """What tokens of a request cost, by kind."""

    input_usd_per_mtok: Annotated[float, _price("Price of input tokens.", suspect_below=PER_THOUSAND_BELOW)]
    cache_read_usd_per_mtok: Annotated[float, _price("Price of input tokens that the provider's prompt cache holds.")]
    cache_write_usd_per_mtok: Annotated[float, _price("Price of input tokens that are written to the prompt cache.")]
    output_usd_per_mtok: Annotated[
        float, _price("Price of output tokens, hidden reasoning included.", suspect_below=PER_THOUSAND_BELOW)
    ]


def _discount(meaning: str, label: str) -> Number:
    return Number("share", -MOST_SURCHARGE, 1, f"{meaning}; a negative one is a surcharge.", label=label)


class PriceList(TokenPrices):
    """Prices of a request, and what is taken off them where it may wait."""

    batch_input_discount_frac: Annotated[
        float, _discount("Discount on input, and on writing it to the cache, of requests that may wait",
                         "Batch discount on input")]  # fmt: skip
    batch_cache_read_discount_frac: Annotated[
        float, _discount("Discount on cached input of requests that may wait", "Batch discount on cached input")
    ]
    batch_output_discount_frac: Annotated[
        float, _discount("Discount on output of requests that may wait", "Batch discount on output")
    ]


class LongPriceList(PriceList):
    """The price list of requests with much input."""

    aside: ClassVar[str] = "long requests"

    above_tokens: Annotated[
        float, Number("tokens", 1, NEVER_TOKENS, "Requests with more input than this have these prices.",
                      label="Long requests are above", unlimited=True)]  # fmt: skip


class LongestPriceList(PriceList):
    """The price list of requests with even more input."""

    aside: ClassVar[str] = "longest requests"

    above_tokens: Annotated[
        float, Number("tokens", 1, NEVER_TOKENS, "Requests with more input than this have these prices.",
                      label="Longest requests are above", unlimited=True)]  # fmt: skip


class AnnouncedPrices(TokenPrices):
    """Prices that the provider has announced, for requests of any length in proportion, and when they begin."""

    aside: ClassVar[str] = "announced"

    from_month: Annotated[
        int, Number("month of the year", 1, 12, "Calendar month in which they begin.", whole=True,
                    label="Announced prices begin in")]  # fmt: skip
    from_year: Annotated[
        int, Number("calendar year", 2000, NEVER_YEAR, "Calendar year in which they begin.", whole=True,
                    label="Announced prices begin in the year", unlimited=True)]  # fmt: skip

    @property
    def are_known(self) -> bool:
        """Whether anything is announced."""
        return self.from_year < NEVER_YEAR


class HourlyPrices(TokenPrices):
    """Prices of requests in certain hours of the day, of any length in proportion."""

    aside: ClassVar[str] = "by the hour"

    hours_utc: Windows


class PromptCache(Record):
    """The provider's prompt cache: what it takes, and what it asks for keeping."""

    least_tokens: Annotated[
        float, Number("tokens", 0, 1e6, "Shortest beginning of a request that the cache takes.", unknown=True,
                      label="Shortest input that is cached")]  # fmt: skip
    kept_tokens: Annotated[
        float, Number("tokens", 0, 1e12, "Tokens that are kept in the cache on purpose, on average over the month.",
                      label="Tokens kept in the cache")]  # fmt: skip
    storage_usd_per_mtok_hour: Annotated[
        float, Number("USD/Mtok-h", 0, 1000, "Price of keeping a million tokens in the cache for an hour.")
    ]


class Commitment(Record):
    """An agreement to spend so much with the provider each year for a discount; what is not spent is paid as well."""

    usd_per_year: Annotated[
        float, Number("USD/year", 0, 1e10, "Spending on tokens and units that is committed for each year; for a part "
                      "of one in proportion.", label="Committed spending")]  # fmt: skip
    discount_frac: Annotated[
        float, Number("share", -1, 1, "Discount on all tokens while the commitment runs.",
                      label="Discount of the commitment")]  # fmt: skip
    term_months: Annotated[
        int, Number("months", 1, 120, "Months for which it runs; list prices hold afterwards.",
                    whole=True, label="Term of the commitment")]  # fmt: skip


def _at_length(task: Task[Any], name: str) -> Value:
    """The number of that name in the price list of one request: long requests have their own."""
    option, price = task.option, getattr(task.option.prices, name)
    for longer in (option.long_prices, option.longest_prices):
        if not is_off(longer.above_tokens, NEVER_TOKENS):
            price = np.where(input_tokens_each(task) > longer.above_tokens, getattr(longer, name), price)
    return price


def announced_month(task: Task[Any]) -> int:
    """The month of the horizon in which announced prices begin; 1 or less: from the start."""
    start, change = task.scenario.workload, task.option.announced
    return (change.from_year - start.start_year) * MONTHS_PER_YEAR + change.from_month - start.start_month + 1


def _relative(option: Any, group: str, name: str) -> Value:
    """A price of another list, relative to that of the ordinary list."""
    today, other = getattr(option.prices, name), getattr(getattr(option, group), name)
    return np.where(today > 0, other / np.where(today > 0, today, 1), 1)


def _announced_ratio(task: Task[Any], name: str) -> Value:
    """Price of each month relative to the list of today: 1 until announced prices begin."""
    if not task.option.announced.are_known:
        return 1
    is_then = month(task.scenario) >= announced_month(task)
    return np.where(is_then, _relative(task.option, "announced", name), 1)


def _hourly_ratio(task: Task[Any], name: str) -> Value:
    """Mean price over the hours of the day relative to that outside of the hours with a price of their own."""
    if not task.option.hourly.hours_utc:
        return 1
    return 1 + hourly_frac(task) * (_relative(task.option, "hourly", name) - 1)


@quantity("ratio", "Token price path")
def token_price_path(task: Task[Any]) -> Value:
    """Prices of each month relative to the last that is known: the list, with the change that is announced of it.

    The yearly fall or rise begins in the month from which no later price is known, month 1 or that of the change.
    """
    option, months = task.option, month(task.scenario)
    last_known = np.maximum(announced_month(task), 1) if option.announced.are_known else 1
    return index(-option.price_decline_per_year, np.maximum(months - last_known, 0))


@quantity("share", "Traffic in hours with a price of their own")
def hourly_frac(task: Task[Any]) -> Array:
    """Share of each month's traffic that comes in the hours with a price of their own. Shape (..., T+1).

    Assumes that every day is an average one, so where weekends are cheaper it is on the high side, and that requests
    that may wait come in the same hours as the rest. Summer time counts.
    """
    workload, months = task.scenario.workload, task.scenario.finance.horizon_months
    start = (workload.start_year, workload.start_month)
    inside = hours_inside(task.option.hourly.hours_utc, workload.time_zone, start, months)
    weights = [getattr(workload.day, name) for name in Day.model_fields]
    total = sum(weights)
    within = sum(weights[hour] * share for hour, share in inside.items())
    return np.where(total > 0, within / np.where(total > 0, total, 1), 0)


@quantity("share", "Traffic under the commitment")
def committed_frac(task: Task[Any]) -> Array:
    """1 in the months in which a commitment to spend runs, 0 elsewhere. Shape (T+1,)."""
    months = month(task.scenario)
    return serves_month(task) * (months < task.first_month + task.option.commitment.term_months)


@quantity("ratio", "Token price index")
def token_price_index(task: Task[Any]) -> Array:
    """Token prices of each month relative to the price list that holds then. Shape (..., T+1).

    Discounts and surcharges are included, and so is the ratio of a tuned model's prices to the plain one's.
    """
    option, commitment = task.option, task.option.commitment
    ratio = (1 - option.discount_frac) * (1 + option.region_surcharge_frac) * usage_price_ratio(task)
    if not is_off(commitment.discount_frac):
        ratio = ratio * (1 - committed_frac(task) * commitment.discount_frac)
    return (month(task.scenario) >= 1) * token_price_path(task) * ratio


def _paid(task: Task[Any], name: str, batch_name: str) -> Array:
    """USD for a million tokens of one kind by month, for the mix of requests that may wait and others. (..., T+1)"""
    waiting = task.scenario.workload.batch_frac * _at_length(task, f"batch_{batch_name}_discount_frac")
    price = _at_length(task, f"{name}_usd_per_mtok") * (1 - waiting)
    changing = _announced_ratio(task, f"{name}_usd_per_mtok") * _hourly_ratio(task, f"{name}_usd_per_mtok")
    return token_price_index(task) * (changing * price)


@quantity(USD_PER_MTOK, "Price of input")
def input_price(task: Task[Any]) -> Array:
    """Price of a million input tokens that no cache holds, each month, with all discounts and surcharges. (..., T+1)"""
    return _paid(task, "input", "input")


@quantity(USD_PER_MTOK, "Price of cached input")
def cache_read_price(task: Task[Any]) -> Array:
    """Price of a million input tokens read from the cache, each month, with all discounts and surcharges. (..., T+1)"""
    return _paid(task, "cache_read", "cache_read")


@quantity(USD_PER_MTOK, "Price of input written to the cache")
def cache_write_price(task: Task[Any]) -> Array:
    """Price of a million input tokens written to the cache each month, with discounts and surcharges. (..., T+1)"""
    return _paid(task, "cache_write", "input")


@quantity(USD_PER_MTOK, "Price of output")
def output_price(task: Task[Any]) -> Array:
    """Price of a million output tokens, each month, with all discounts and surcharges. (..., T+1)"""
    return _paid(task, "output", "output")


def _is_cached(task: Task[Any]) -> Array:
    """Whether what requests have in common is long enough for the provider's cache.

    Assumes that the shares read and written are those of one common beginning of all requests that have one.
    """
    workload = task.scenario.workload
    common = workload.cached_input_frac + workload.cache_write_frac
    # tokens a request = tokens a request that has a common beginning * share of such requests
    least = task.option.cache.least_tokens * workload.cached_requests_frac
    return input_tokens_each(task) * common >= least * (1 - ROUNDING_TOLERANCE)


@quantity("share", "Input read from the provider's cache")
def cache_read_frac(task: Task[Any]) -> Array:
    """Share of input tokens that the provider's cache holds: none where the common beginning is too short for it."""
    return _is_cached(task) * task.scenario.workload.cached_input_frac


@quantity("share", "Input written to the provider's cache")
def cache_write_frac(task: Task[Any]) -> Array:
    """Share of input tokens billed as cache writes instead of plain input."""
    workload = task.scenario.workload
    return _is_cached(task) * np.minimum(workload.cache_write_frac, 1 - workload.cached_input_frac)


@line("Storage of kept caches", "Tokens", usage=True)
@remembered
def cache_storage_usd(task: Task[Any]) -> Array:
    """What is kept in the cache on purpose, for every hour of the month."""
    cache = task.option.cache
    # USD/month = tokens * USD/token-h * h/month
    price = price_each(cache.storage_usd_per_mtok_hour) * token_price_path(task)
    return serves_month(task) * price * (cache.kept_tokens * HOURS_PER_MONTH)
