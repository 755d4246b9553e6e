"""Tokens rented by the million from a provider's API."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from costmodel.arrays import Array, Value
from costmodel.cohorts import shifted
from costmodel.demand import (
    Task,
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
from costmodel.lines import line, lines_of
from costmodel.option import Deferred, Result, StandaloneOption, serves
from costmodel.overheads import overhead_lines, overhead_quantities
from costmodel.quantity import is_off, quantity, remembered
from costmodel.tiers import Transfer, support_usd, transfer_usd
from costmodel.token_prices import (
    AnnouncedPrices,
    Commitment,
    HourlyPrices,
    LongestPriceList,
    LongPriceList,
    PriceList,
    PromptCache,
    cache_read_frac,
    cache_read_price,
    cache_storage_usd,
    cache_write_frac,
    cache_write_price,
    committed_frac,
    input_price,
    output_price,
)
from costmodel.traits import PriceDecline
from costmodel.units import HOURS_PER_MONTH, MONTHS_PER_YEAR, MS_PER_S, index, price_each, rounded_up

BY_THE_TOKEN = ("input_tokens", "cache_reads", "cache_writes", "output_tokens")  # cost lines of the price list


class Provisioned(Record):
    """Capacity reserved for one company (provisioned throughput), paid by the hour whether it is used or not."""

    units: Annotated[
        float,
        Number("units", 0, 1e6, "Units reserved; with none every token is paid for by itself.",
               label="Reserved units"),
    ]  # fmt: skip
    least_units: Annotated[
        float, Number("units", 0, 1e6, "The fewest units that are sold.", label="Fewest reserved units")
    ]
    step_units: Annotated[
        float, Number("units", 0.001, 1e6, "Units beyond the fewest are sold by this many.", label="Step of the units")
    ]
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
    catalogues: ClassVar[tuple[str, ...]] = ("token_prices",)

    kind: Literal["token_api"]
    tuning: ApiTuning
    provider: Annotated[Text, Field(description="Who sells the tokens.")]
    model: Annotated[Text, Field(description="The provider's name of the model.")]
    prices: PriceList
    long_prices: LongPriceList
    longest_prices: LongestPriceList
    announced: AnnouncedPrices
    hourly: HourlyPrices
    cache: PromptCache
    discount_frac: Annotated[
        float,
        Number("share", -1, 1, "Negotiated discount on all tokens; a negative one is a surcharge.",
               label="Discount on all tokens"),
    ]  # fmt: skip
    region_surcharge_frac: Annotated[
        float,
        Number("share", -1, 20, "Surcharge on all tokens for processing in one region or data zone only.",
               label="Surcharge for the region"),
    ]  # fmt: skip
    price_decline_per_year: Annotated[
        float,
        Number("per year", -1, 0.95, "Yearly fall of token prices after the last that is known; negative is a rise."),
    ]
    rate_limit_tok_per_s: Annotated[
        float, Number("tok/s", 1, 1e12, "Tokens per second, input and output, that the account may use.")
    ]
    first_token_ms: Annotated[
        float, Number("ms", 0, 1e6, "Time from the request until the first token leaves the provider.")
    ]
    time_per_token_ms: Annotated[float, Number("ms", 0, 10000, "Time between two tokens of an answer.")]
    support_usd_per_month: Annotated[float, Number("USD/month", 0, 1e8, "Support plan of the provider.")]
    commitment: Commitment
    provisioned: Provisioned
    transfer: Transfer

    def bridges(self) -> bool:
        """Tokens are paid by use; units and committed spending are for the months of a bridge and end with it."""
        return True

    def model_name(self) -> str:
        """As the provider calls it."""
        return self.model

    def rents_tokens(self) -> bool:
        """By the million."""
        return True

    def rate_limits(self) -> Mapping[str, Value]:
        """Of the account."""
        return {"rate_limit_tok_per_s": self.rate_limit_tok_per_s}

    def lock_in_months(self) -> int:
        """The longest term of reserved units and of committed spending."""
        units = self.provisioned.term_months if self.provisioned.units else 0
        return max(units, self.commitment.term_months if self.commitment.usd_per_year else 0)

    def seller(self) -> str:
        """Who sells the tokens."""
        return self.provider

    def bought(self) -> str:
        """The model."""
        return self.model

    def priced_by(self) -> Mapping[str, str]:
        """Input and output."""
        return {"prices.input_usd_per_mtok": "in", "prices.output_usd_per_mtok": "out"}

    def negotiated_discount(self) -> Value:
        """On all of it."""
        return self.discount_frac

    def list_price_ratio(self, line: str) -> float:
        """Tokens are sold at a discount; units and committed spending at the price of the signing."""
        discounted = line in BY_THE_TOKEN and self.discount_frac < 1
        return 1 / (1 - self.discount_frac) if discounted else 1.0

    def price_decline(self) -> PriceDecline:
        """After the last price that is known."""
        return PriceDecline("price_decline_per_year", "token prices", self.price_decline_per_year)

    def has_announced_prices(self) -> bool:
        """Once a month is known from which they hold."""
        return self.announced.are_known


def units_reserved(task: Task[TokenApi]) -> Value:
    """Units that are reserved: as many as are wanted, but no less than the least and in whole steps above it."""
    terms = task.option.provisioned
    steps = rounded_up(np.maximum(terms.units - terms.least_units, 0) / terms.step_units)
    return (terms.units > 0) * (terms.least_units + steps * terms.step_units)


@quantity("ratio", "Capacity of the reserved units")
def unit_capacity(task: Task[TokenApi]) -> Value:
    """Load that the reserved units carry in each month, in units of the mean load of the whole demand.

    Input counts but for what the cache holds, output at its weight. Assumes that cached input takes nothing of a unit,
    as at Azure; where it takes a tenth to a quarter of its tokens, units carry somewhat less.
    """
    terms = task.option.provisioned
    if is_off(terms.units):
        return 0.0
    paid_in = input_tokens_each(task) * (1 - cache_read_frac(task))
    tokens_each = paid_in + output_tokens_each(task) * terms.output_weight_ratio
    # ratio = units * tok/s/unit / (1/s * tokens)
    load = attempts_per_s(task) * tokens_each
    able = units_reserved(task) * terms.tok_per_s_per_unit
    return np.where(load > 0, able / np.where(load > 0, load, 1), 0)


@quantity("share", "Tokens beyond the reserved units")
def beyond_units_frac(task: Task[TokenApi]) -> Value:
    """Share of the task's tokens that its reserved units do not carry, paid for by the token; 1 without units.

    Assumes that requests beyond the units go to the ordinary service at once, and that they are of the same mix of
    kinds as the rest.
    """
    if is_off(task.option.provisioned.units):
        return 1.0
    beyond, served = served_above(task, unit_capacity(task)), served_frac(task)
    return np.where(served > 0, beyond / np.where(served > 0, served, 1), 1)


@quantity("tokens/month", "Input tokens paid for by the token")
def paid_input_tokens(task: Task[TokenApi]) -> Array:
    """Input tokens beyond what reserved units carry, cached ones included."""
    return input_tokens(task) * beyond_units_frac(task)


@line("Input tokens", "Tokens", usage=True)
@remembered
def input_tokens_usd(task: Task[TokenApi]) -> Array:
    """Input tokens that no cache holds x the price of their month; those written to the cache have one of their own."""
    # USD = tokens * share * USD/token
    plain = paid_input_tokens(task) * (1 - cache_read_frac(task) - cache_write_frac(task))
    return plain * price_each(input_price(task))


@line("Cached input tokens", "Tokens", usage=True)
@remembered
def cache_reads_usd(task: Task[TokenApi]) -> Array:
    """Input tokens read from the provider's cache x the price of their month."""
    # USD = tokens * share * USD/token
    return paid_input_tokens(task) * cache_read_frac(task) * price_each(cache_read_price(task))


@line("Cache writes", "Tokens", usage=True)
@remembered
def cache_writes_usd(task: Task[TokenApi]) -> Array:
    """Input tokens billed as a write to the cache, instead of plain input, x the price of their month."""
    # USD = tokens * share * USD/token
    return paid_input_tokens(task) * cache_write_frac(task) * price_each(cache_write_price(task))


@line("Output tokens", "Tokens", usage=True)
@remembered
def output_tokens_usd(task: Task[TokenApi]) -> Array:
    """Output tokens beyond what reserved units carry x the price of their month."""
    # USD = tokens * USD/token
    return output_tokens(task) * beyond_units_frac(task) * price_each(output_price(task))


@line("Reserved units of an API", "Tokens", usage=True)
@remembered
def provisioned_usd(task: Task[TokenApi]) -> Array:
    """The reserved units, for every hour of their term: the price of the month of signing holds."""
    terms, months, first = task.option.provisioned, month(task.scenario), task.first_month
    if is_off(terms.units):
        return 0 * months
    signed_at = months - 1 - (months - first) % terms.term_months  # column at which the running term was signed
    # USD/month = units * USD/unit-h * h/month
    price = terms.usd_per_unit_hour * index(-task.option.price_decline_per_year, signed_at)
    return serves_month(task) * price * (units_reserved(task) * HOURS_PER_MONTH)


SPENDING = (  # what counts towards a commitment to spend
    input_tokens_usd,
    cache_reads_usd,
    cache_writes_usd,
    cache_storage_usd,
    output_tokens_usd,
    provisioned_usd,
)


@line("Committed spending not used", "Tokens", usage=True)
def shortfall_usd(task: Task[TokenApi]) -> Array:
    """Committed spending that was not used, billed at the end of each year of the commitment.

    Where the term, the horizon or what it stands in for ends within such a year, the year's months so far are billed
    there: they commit to their part of the year's amount. Assumes that the rest of the year would spend in proportion.
    """
    commitment, months, running = task.option.commitment, month(task.scenario), committed_frac(task)
    if is_off(commitment.usd_per_year):
        return 0 * months
    month_of_year = (months - task.first_month) % MONTHS_PER_YEAR + 1
    ends = (month_of_year == MONTHS_PER_YEAR) | (running > shifted(running, -1))
    so_far = np.cumsum(sum(spent(task) for spent in SPENDING), axis=-1)
    before = np.maximum.accumulate((month_of_year == 1) * shifted(so_far, 1), axis=-1)  # the running year
    # USD = USD/year * months / (months/year)
    committed = commitment.usd_per_year * month_of_year / MONTHS_PER_YEAR
    return running * ends * np.maximum(committed - (so_far - before), 0)


@serves(TokenApi)
def costs(task: Task[TokenApi]) -> Result:
    """Tokens x the price of their month by kind, reserved units, storage of caches, shortfall, support and transfer.

    Reserved units carry the load up to their capacity in every hour; what rises above it is paid for by the token.
    Assumes the same price level for every month of a price year; written to the cache means billed as a cache write
    instead of plain input.
    """
    lines = lines_of(task, *SPENDING, shortfall_usd, support_usd, transfer_usd, *overhead_lines(task))
    return Result(lines, Deferred(lambda: _quantities(task), peak_carried_ratio=lambda: limit_carried_ratio(task)))


def _quantities(task: Task[TokenApi]) -> dict[str, Value]:
    option = task.option
    return {
        **token_quantities(task),
        "rate_limit_used": rate_limit_used(task),
        **overhead_quantities(task, option.first_token_ms / MS_PER_S, option.time_per_token_ms),
    }


@quantity("share", "Rate limit used in the busiest hour")
def rate_limit_used(task: Task[TokenApi]) -> Array:
    """Tokens per second of the busiest hour relative to the account's rate limit; above 1 the peak is refused.

    What reserved units carry does not count against the limit.
    """
    tokens_each = input_tokens_each(task) + output_tokens_each(task)
    peak = np.maximum(task_peak_ratio(task) - unit_capacity(task), 0)
    return attempts_per_s(task) * peak * (tokens_each / task.option.rate_limit_tok_per_s)


@quantity("ratio", "Peak carried within the rate limit")
def limit_carried_ratio(task: Task[TokenApi]) -> Array:
    """Load that the account's rate limit and its reserved units carry, relative to the peak of the whole demand.

    Assumes that the provider has the capacity that its limit promises.
    """
    tokens_each = input_tokens_each(task) + output_tokens_each(task)
    mean, peak = attempts_per_s(task) * tokens_each, peak_ratio(task.scenario)
    # ratio = tok/s / (tok/s)
    within = np.where(mean > 0, task.option.rate_limit_tok_per_s / np.where(mean > 0, mean, 1), 0)
    return (within + unit_capacity(task)) / peak
