"""Tokens rented by the million from a provider's API."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from costmodel.bands import Transfer, transfer_cost
from costmodel.demand import (
    attempts_per_s,
    input_tokens,
    input_tokens_each,
    month,
    output_tokens,
    output_tokens_each,
    peak_ratio,
    served_above,
    served_frac,
    serves_month,
    task_peak_ratio,
    token_quantities,
)
from costmodel.fields import Number, Record, Text
from costmodel.groups import ApiTuning
from costmodel.option import Deferred, Result, StandaloneOption, serves
from costmodel.overheads import overhead_lines, overhead_quantities
from costmodel.quantity import is_off, quantity
from costmodel.tuning import usage_price_ratio
from costmodel.units import HOURS_PER_MONTH, MS_PER_S, index, price_each, whole

USD_PER_MTOK = "USD/Mtok"
PER_THOUSAND_BELOW = 0.005  # USD/Mtok; no model sells input or output this cheaply


class Provisioned(Record):
    """Capacity reserved for one company (provisioned throughput), paid by the hour whether it is used or not."""

    units: Annotated[
        float,
        Number("units", 0, 1e6, "Units reserved, in whole numbers; with none every token is paid for by itself.",
               label="Reserved units"),
    ]  # fmt: skip
    usd_per_unit_hour: Annotated[float, Number("USD/unit-h", 0, 1e4, "Price of one unit for an hour.")]
    tok_per_s_per_unit: Annotated[
        float, Number("tok/s/unit", 0, 1e7, "Input tokens per second that one unit can process.")
    ]
    output_weight_ratio: Annotated[
        float, Number("ratio", 0.01, 1000, "Input tokens that one output token counts for in a unit.")
    ]
    term_months: Annotated[
        int, Number("months", 1, 120, "Months for which units are reserved at the price of the signing.", whole=True)
    ]


class TokenApi(StandaloneOption):
    """Tokens of one model from one provider: paid for as they are used, or through reserved units."""

    title: ClassVar[str] = "Token API"

    kind: Literal["token_api"]
    tuning: ApiTuning
    provider: Annotated[Text, Field(description="Who sells the tokens.")]
    model: Annotated[Text, Field(description="The provider's name of the model.")]
    input_usd_per_mtok: Annotated[
        float, Number(USD_PER_MTOK, 0, 10000, "Price of input tokens.", suspect_below=PER_THOUSAND_BELOW)
    ]
    cache_read_usd_per_mtok: Annotated[
        float, Number(USD_PER_MTOK, 0, 10000, "Price of input tokens that the provider's prompt cache holds.")
    ]
    cache_write_usd_per_mtok: Annotated[
        float, Number(USD_PER_MTOK, 0, 10000, "Price of input tokens that are written to the prompt cache.")
    ]
    output_usd_per_mtok: Annotated[
        float,
        Number(
            USD_PER_MTOK,
            0,
            10000,
            "Price of output tokens, hidden reasoning included.",
            suspect_below=PER_THOUSAND_BELOW,
        ),
    ]
    long_context_tokens: Annotated[
        float, Number("tokens", 1, 1e9, "Requests with more input than this are billed at the long-context prices.")
    ]
    long_context_input_usd_per_mtok: Annotated[
        float,
        Number(USD_PER_MTOK, 0, 10000, "Price of input tokens of a long request.", suspect_below=PER_THOUSAND_BELOW),
    ]
    long_context_cache_read_usd_per_mtok: Annotated[
        float, Number(USD_PER_MTOK, 0, 10000, "Price of cached input tokens of a long request.")
    ]
    long_context_cache_write_usd_per_mtok: Annotated[
        float, Number(USD_PER_MTOK, 0, 10000, "Price of tokens of a long request that are written to the cache.")
    ]
    long_context_output_usd_per_mtok: Annotated[
        float,
        Number(USD_PER_MTOK, 0, 10000, "Price of output tokens of a long request.", suspect_below=PER_THOUSAND_BELOW),
    ]
    batch_discount_frac: Annotated[float, Number("share", 0, 1, "Discount on requests that may wait.")]
    discount_frac: Annotated[
        float,
        Number("share", -1, 1, "Negotiated discount on all tokens; a negative one is a surcharge.",
               label="Discount on all tokens"),
    ]  # fmt: skip
    price_decline_per_year: Annotated[
        float, Number("per year", -1, 0.95, "Yearly fall of token prices for the same quality; negative is a rise.")
    ]
    rate_limit_tok_per_s: Annotated[
        float, Number("tok/s", 1, 1e12, "Tokens per second, input and output, that the account may use.")
    ]
    first_token_ms: Annotated[
        float, Number("ms", 0, 1e6, "Time from the request until the first token leaves the provider.")
    ]
    time_per_token_ms: Annotated[float, Number("ms", 0, 10000, "Time between two tokens of an answer.")]
    support_usd_per_month: Annotated[float, Number("USD/month", 0, 1e8, "Support plan of the provider.")]
    provisioned: Provisioned
    transfer: Transfer

    def bridges(self):
        """Tokens are paid by use, and so are units, which a bridge gives back when it ends."""
        return True


def _price(task, name):
    """USD per token of `name`, at the long-context price when one request is that long."""
    option = task.option
    short = getattr(option, f"{name}_usd_per_mtok")
    long = getattr(option, f"long_context_{name}_usd_per_mtok")
    is_long = input_tokens_each(task) > option.long_context_tokens
    return price_each(np.where(is_long, long, short))


@quantity("ratio", "Token price index")
def token_price_index(task):
    """Token prices of each month relative to the list of month 1, for the mix of waiting and other requests.

    Discounts are included, and so is the ratio of a tuned model's prices to the plain one's.
    """
    option, workload = task.option, task.scenario.workload
    discounts = (1 - option.discount_frac) * (1 - workload.batch_frac * option.batch_discount_frac)
    months = month(task.scenario)
    return (months >= 1) * index(-option.price_decline_per_year, months - 1) * (discounts * usage_price_ratio(task))


@quantity("ratio", "Capacity of the reserved units")
def unit_capacity(task):
    """Load that the reserved units carry in each month, in units of the mean load of the whole demand.

    Input counts but for what the cache holds, output at its weight. Assumes that cached input takes nothing of a unit,
    as at Azure; where it takes a tenth to a quarter of its tokens, units carry somewhat less.
    """
    terms, cached = task.option.provisioned, task.scenario.workload.cached_input_frac
    if is_off(terms.units):
        return 0.0
    tokens_each = input_tokens_each(task) * (1 - cached) + output_tokens_each(task) * terms.output_weight_ratio
    # ratio = units * tok/s/unit / (1/s * tokens)
    load = attempts_per_s(task) * tokens_each
    able = whole(terms.units) * terms.tok_per_s_per_unit
    return np.where(load > 0, able / np.where(load > 0, load, 1), 0)


@quantity("share", "Tokens beyond the reserved units")
def beyond_units_frac(task):
    """Share of the task's tokens that its reserved units do not carry, paid for by the token; 1 without units.

    Assumes that requests beyond the units go to the ordinary service at once, and that they are of the same mix of
    kinds as the rest.
    """
    beyond, served = served_above(task, unit_capacity(task)), served_frac(task)
    return np.where(served > 0, beyond / np.where(served > 0, served, 1), 1)


def _provisioned(task):
    """USD by month of the reserved units, for every hour of their term: the price of the month of signing holds."""
    terms, months, first = task.option.provisioned, month(task.scenario), task.first_month
    if is_off(terms.units):
        return 0 * months
    signed_at = months - 1 - (months - first) % terms.term_months  # column at which the running term was signed
    # USD/month = units * USD/unit-h * h/month
    price = terms.usd_per_unit_hour * index(-task.option.price_decline_per_year, signed_at)
    return serves_month(task) * price * (whole(terms.units) * HOURS_PER_MONTH)


@serves(TokenApi)
def costs(task):
    """Tokens x price by kind of token, with discounts and the yearly fall of prices, support and data transfer.

    Reserved units carry the load up to their capacity in every hour; what rises above it is paid for by the token.
    Discounts for waiting and for cached tokens multiply, and the former counts for the share of requests that may wait.
    Assumes the same price level for every month of a price year; written to the cache means billed as a cache write
    instead of plain input.
    """
    option, workload = task.option, task.scenario.workload
    quantities = Deferred(lambda: _quantities(task), peak_carried_ratio=lambda: limit_carried_ratio(task))
    prices = token_price_index(task) * beyond_units_frac(task)
    paid_in, paid_out = input_tokens(task) * prices, output_tokens(task) * prices
    read = workload.cached_input_frac
    written = np.minimum(workload.cache_write_frac, 1 - read)
    lines = {
        # USD = tokens * USD/token
        "input_tokens": paid_in * ((1 - read - written) * _price(task, "input")),
        "cache_reads": paid_in * (read * _price(task, "cache_read")),
        "cache_writes": paid_in * (written * _price(task, "cache_write")),
        "output_tokens": paid_out * _price(task, "output"),
        "provisioned": _provisioned(task),
        "support": serves_month(task) * option.support_usd_per_month,
        "transfer": transfer_cost(task),
    }
    return Result({**lines, **overhead_lines(task, servers=0)}, quantities)


def _quantities(task):
    option = task.option
    return {
        **token_quantities(task),
        "rate_limit_used": rate_limit_used(task),
        **overhead_quantities(task, 0, option.first_token_ms / MS_PER_S, option.time_per_token_ms),
    }


@quantity("share", "Rate limit used in the busiest hour")
def rate_limit_used(task):
    """Tokens per second of the busiest hour relative to the account's rate limit; above 1 the peak is refused.

    What reserved units carry does not count against the limit.
    """
    tokens_each = input_tokens_each(task) + output_tokens_each(task)
    peak = np.maximum(task_peak_ratio(task) - unit_capacity(task), 0)
    return attempts_per_s(task) * peak * (tokens_each / task.option.rate_limit_tok_per_s)


@quantity("ratio", "Peak carried within the rate limit")
def limit_carried_ratio(task):
    """Load that the account's rate limit and its reserved units carry, relative to the peak of the whole demand.

    Assumes that the provider has the capacity that its limit promises.
    """
    tokens_each = input_tokens_each(task) + output_tokens_each(task)
    mean, peak = attempts_per_s(task) * tokens_each, peak_ratio(task.scenario)
    # ratio = tok/s / (tok/s)
    within = np.where(mean > 0, task.option.rate_limit_tok_per_s / np.where(mean > 0, mean, 1), 0)
    return (within + unit_capacity(task)) / peak
