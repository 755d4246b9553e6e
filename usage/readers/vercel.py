"""Vercel's AI Gateway: the spend report, grouped by one thing."""

from intake.records import Rows
from usage.fields import first, number, text, unwrapped
from usage.names import split
from usage.row import Row
from usage.tally import Tally
from usage.times import DAY_S, HOUR_S, is_day, moment

VERCEL_COLUMNS = (
    "day", "hour", "model", "provider", "tag", "total_cost", "market_cost", "input_tokens", "output_tokens",
    "cached_input_tokens", "cache_creation_input_tokens", "reasoning_tokens", "request_count",
)  # fmt: skip


def read(rows: Rows, tally: Tally) -> None:
    """Vercel's spend report, by one thing only. Whether its input holds cached tokens, its own rows have to show."""
    tally.formats.append("vercel ai gateway spend report")
    for record in unwrapped(rows, VERCEL_COLUMNS):
        charged, worth = number(record, "total_cost"), number(record, "market_cost")
        if worth and charged is not None and charged < worth / 2:
            tally.note(
                "Some of it ran under keys of your own, whose provider sends its own bill: the cost is Vercel's."
            )
        if "tag" in record:
            tally.note("This report is by tag: a request with two tags counts twice in it.")
        day, at_hour = first(record, "day"), first(record, "hour")
        if day and at_hour is not None and is_day(day):
            when = str(at_hour) if "-" in str(at_hour) else f"{day}T{int(number(record, 'hour') or 0):02d}:00:00Z"
        else:
            when = first(record, "hour", "day")
        provider, model = split(text(record, "model"), text(record, "provider"))
        tally.add(
            Row(
                moment(when, "day"),
                None if when is None else DAY_S if is_day(when) else HOUR_S,
                provider,
                model,
                requests=number(record, "request_count"),
                input_tokens=number(record, "input_tokens"),
                cached_read_tokens=number(record, "cached_input_tokens"),
                cache_write_tokens=number(record, "cache_creation_input_tokens"),
                output_tokens=number(record, "output_tokens"),
                reasoning_tokens=number(record, "reasoning_tokens"),
                cost=charged,
                currency="USD",
                list_cost=worth,
                parts_rule="the report",
            )
        )
