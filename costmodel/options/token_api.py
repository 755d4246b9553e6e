"""Tokens rented by the million from a provider's API."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from costmodel.demand import (
    attempts_per_s,
    input_tokens,
    input_tokens_each,
    month,
    output_tokens,
    output_tokens_each,
    serves_month,
    task_peak_ratio,
    token_quantities,
    tokens_processed,
)
from costmodel.fields import Number
from costmodel.option import Result, StandaloneOption, serves
from costmodel.overheads import overhead_lines
from costmodel.quantity import quantity
from costmodel.units import BYTES_PER_GB, index, price_each

USD_PER_MTOK = "USD/Mtok"
PER_THOUSAND_BELOW = 0.005  # USD/Mtok; no model sells input or output this cheaply


class TokenApi(StandaloneOption):
    """Pay-as-you-go tokens of one model from one provider."""

    title: ClassVar[str] = "Token API"

    kind: Literal["token_api"]
    provider: Annotated[str, Field(description="Who sells the tokens.")]
    model: Annotated[str, Field(description="The provider's name of the model.")]
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
    discount_frac: Annotated[float, Number("share", 0, 1, "Negotiated discount on all tokens.")]
    price_decline_per_year: Annotated[
        float, Number("per year", -1, 0.95, "Yearly fall of token prices for the same quality; negative is a rise.")
    ]
    rate_limit_tok_per_s: Annotated[
        float, Number("tok/s", 1, 1e12, "Tokens per second, input and output, that the account may use.")
    ]
    support_usd_per_month: Annotated[float, Number("USD/month", 0, 1e8, "Support plan of the provider.")]
    transfer_usd_per_gb: Annotated[float, Number("USD/GB", 0, 10, "Network transfer to and from the provider.")]

    def bridges(self):
        """Tokens are paid by use."""
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
    """Token prices of each month relative to month 1, discounts included, for the mix of waiting and other requests."""
    option, workload = task.option, task.scenario.workload
    discounts = (1 - option.discount_frac) * (1 - workload.batch_frac * option.batch_discount_frac)
    months = month(task.scenario)
    return (months >= 1) * index(-option.price_decline_per_year, months - 1) * discounts


@serves(TokenApi)
def costs(task):
    """Tokens x price by kind of token, with discounts and the yearly fall of prices, support and data transfer.

    Assumes the same price level for every month of a price year; written to the cache means billed as a cache write
    instead of plain input.
    """
    option, workload = task.option, task.scenario.workload
    tokens_in, prices = input_tokens(task), token_price_index(task)
    read = workload.cached_input_frac
    written = np.minimum(workload.cache_write_frac, 1 - read)
    transferred_gb = tokens_processed(task) * (workload.transfer_bytes_per_token / BYTES_PER_GB)
    lines = {
        # USD = tokens * USD/token
        "input_tokens": tokens_in * prices * ((1 - read - written) * _price(task, "input")),
        "cache_reads": tokens_in * prices * (read * _price(task, "cache_read")),
        "cache_writes": tokens_in * prices * (written * _price(task, "cache_write")),
        "output_tokens": output_tokens(task) * prices * _price(task, "output"),
        "support": serves_month(task) * option.support_usd_per_month,
        "transfer": transferred_gb * option.transfer_usd_per_gb,
    }
    return Result(
        {**lines, **overhead_lines(task, servers=0)},
        {**token_quantities(task), "rate_limit_used": rate_limit_used(task)},
    )


@quantity("share", "Rate limit used in the busiest hour")
def rate_limit_used(task):
    """Tokens per second of the busiest hour relative to the account's rate limit; above 1 the peak is refused."""
    tokens_each = input_tokens_each(task) + output_tokens_each(task)
    return attempts_per_s(task) * (tokens_each * task_peak_ratio(task) / task.option.rate_limit_tok_per_s)
