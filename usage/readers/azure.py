"""Azure: cost details, a line for each day, resource and meter, whose abbreviated name alone tells the model."""

import re

from costmodel.numerals import numeral
from intake.errors import Refusal
from intake.records import Record, Rows
from usage.fields import currency, first, first_money, text
from usage.meters import NO_TOKENS, OTHER, Meter, azure, block
from usage.money import usd
from usage.names import listed
from usage.tally import Tally
from usage.times import AMBIGUOUS, DAY_S, moment, writes_day_first

COLUMNS = (
    "date", "usage_date", "usage_date_time", "meter_category", "meter_sub_category", "meter_name", "product",
    "product_name", "unit_of_measure", "quantity", "usage_quantity", "cost_in_billing_currency", "pre_tax_cost", "cost",
    "cost_in_pricing_currency", "billing_currency", "billing_currency_code", "currency", "charge_type",
)  # fmt: skip
DATES, QUANTITIES = ("date", "usage_date", "usage_date_time"), ("quantity", "usage_quantity")
COSTS = ("cost_in_billing_currency", "pre_tax_cost", "cost")
CODES = ("billing_currency", "billing_currency_code", "currency")
MODELS = re.compile(r"openai|foundry models|azure (?:deepseek|grok|llama|mistral|kimi|phi|cohere|xai)", re.I)
NEAR = 30.0  # readings lie a factor of 1,000 or more apart: between them in proportion
PLAUSIBLE_USD_PER_MTOK = (0.01, 300.0)  # where no list price is known: below the cheapest cached, above the dearest


def read_bill(rows: Rows, tally: Tally) -> None:
    """Cost details. Whether the quantity counts tokens or blocks of them, the prices that follow decide."""
    tally.formats.append("azure cost details")
    tally.silent_parts = True
    day_first = writes_day_first(rows, *DATES)
    if day_first is None:
        tally.note(AMBIGUOUS)
    in_blocks = _in_blocks(rows, tally, day_first)
    for record in rows.records(COLUMNS):
        kind, cost, code = text(record, "charge_type") or "Usage", first_money(record, *COSTS), currency(record, *CODES)
        meter = _meter(record)
        if kind.lower() != "usage":
            tally.aside(kind, cost, code)
        elif meter is None:
            tally.aside(OTHER, cost, code)
        else:
            size, quantity = block(text(record, "unit_of_measure")), first_money(record, *QUANTITIES)
            tokens = None if meter.kind is None or size is None or quantity is None else quantity
            if tokens is None:
                tally.note(NO_TOKENS.format("Azure", "the hour or another unit"))
            elif in_blocks:
                tokens *= size
            start = moment(first(record, *DATES), "date", day_first=bool(day_first))
            known = {"start": start, "bucket_s": DAY_S, "provider": "azure", "cost": cost, "currency": code}
            tally.add(meter.row(tokens, **known))


def _meter(record: Record) -> Meter | None:
    """The meter of a line for a model; None for a line of another service."""
    name = text(record, "meter_name") or ""
    where = " ".join(
        filter(None, (text(record, c) for c in ("meter_category", "meter_sub_category", "product", "product_name")))
    )
    meter = azure(name)
    tokens = meter.kind is not None and (block(text(record, "unit_of_measure")) or 0) > 1
    if not MODELS.search(where) and not (tokens and re.search("cognitive|foundry", where, re.I)):
        return None
    return meter if tokens else Meter(None, None)


def _in_blocks(rows: Rows, tally: Tally, day_first: bool | None) -> bool:
    """Whether quantities are blocks: by which reading the prices lie near the list, over all meters by their cost."""
    votes, sums = {True: 0.0, False: 0.0}, {}
    for record in rows.records(COLUMNS):
        meter, size = _meter(record), block(text(record, "unit_of_measure"))
        quantity, cost = first_money(record, *QUANTITIES), first_money(record, *COSTS)
        if meter and meter.kind and size and quantity and cost and cost > 0 < quantity:
            when = moment(first(record, *DATES), "date", day_first=bool(day_first))
            known = sums.setdefault((meter, size, currency(record, *CODES)), [when, 0.0, 0.0])
            known[1] += quantity
            known[2] += cost
    told = ""
    for (meter, size, code), (when, quantity, cost) in sums.items():
        for blocks in votes:
            each_usd = (usd(cost, code, when) or cost) / (quantity * (size if blocks else 1)) * 1e6
            if _near_list(meter, each_usd, when):
                votes[blocks] += cost
                told = told or f"{meter.model} then costs {numeral(each_usd, ',.4g')} USD per million"
    if not sums:
        return True
    if votes[True] == votes[False]:
        raise Refusal(
            "does not show whether its quantity counts tokens or blocks of them: neither or both readings give prices "
            "near a list price."
        )
    blocks = votes[True] > votes[False]
    tally.note(f"Its quantity was read as {'blocks of tokens' if blocks else 'tokens'}: {told}, near a list price.")
    return blocks


def _near_list(meter: Meter, usd_per_mtok: float, when) -> bool:
    price = listed("azure", meter.model, when)
    if price is None:
        low, high = PLAUSIBLE_USD_PER_MTOK
        return low <= usd_per_mtok <= high
    kinds = {"cached_read": "cache_read", "reasoning": "output"}
    wanted = getattr(price.prices, f"{kinds.get(meter.kind, meter.kind)}_usd_per_mtok")
    return wanted / NEAR <= usd_per_mtok <= wanted * NEAR
