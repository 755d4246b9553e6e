"""LiteLLM: spend logs, tables of days and the CSV of its usage page. Its FOCUS export is read as FOCUS."""

from intake.records import Rows, at
from usage.fields import first_number, money, names, number, text, unwrapped, yes
from usage.names import maker, split
from usage.row import Row
from usage.tally import Tally
from usage.times import DAY_S, moment

SPEND_COLUMNS = (
    "request_id", "call_type", "spend", "prompt_tokens", "completion_tokens", "startTime", "model",
    "custom_llm_provider", "metadata", "cache_hit", "status",
)  # fmt: skip
DAILY_COLUMNS = (
    "date", "model", "custom_llm_provider", "spend", "prompt_tokens", "completion_tokens", "api_requests",
    "successful_requests", "failed_requests", "cache_read_input_tokens", "cache_creation_input_tokens", "tag",
)  # fmt: skip
OWN_PRICES = "LiteLLM works out what is spent from its own price list: it is no invoice."


def read_spend(rows: Rows, tally: Tally) -> None:
    """Spend logs. Of `metadata` the counts of usage alone are read; input holds reads and writes everywhere."""
    tally.formats.append("litellm spend logs")
    tally.note(OWN_PRICES)
    tally.parts_documented = True
    for record in unwrapped(rows, SPEND_COLUMNS):
        if (text(record, "status", "metadata/status") or "success").lower() == "failure":
            tally.counts["failures"] += 1
            continue
        if yes(at(record, "cache_hit")):
            tally.counts["gateway_cache_hits"] += 1
            continue
        usage = at(record, "metadata", "usage_object")
        read = first_number(usage, "cache_read_input_tokens", "prompt_tokens_details/cached_tokens")
        written = first_number(usage, "cache_creation_input_tokens", "prompt_tokens_details/cache_creation_tokens",
                               "prompt_tokens_details/cache_write_tokens")  # fmt: skip
        if read is not None or written is not None:
            read, written = read or 0.0, written or 0.0
        provider, model = split(text(record, "model"), text(record, "custom_llm_provider"))
        call = text(record, "call_type")
        tally.add(
            Row(
                moment(at(record, "startTime"), "startTime"),
                0.0,
                provider,
                model,
                requests=1.0,
                input_tokens=number(record, "prompt_tokens"),
                cached_read_tokens=read,
                cache_write_tokens=written,
                output_tokens=number(record, "completion_tokens"),
                reasoning_tokens=number(usage, "completion_tokens_details", "reasoning_tokens"),
                batch=None if call is None else "batch" in call.lower(),
                cost=money(record, "spend"),
                currency="USD",
                parts_rule=f"LiteLLM's rows of {provider or 'a provider without a name'}",
                once=text(record, "request_id"),
            )
        )


def read_daily(rows: Rows, tally: Tally) -> None:
    """LiteLLM's tables of days, or the CSV of its usage page; the days are those of UTC."""
    rows.identity = ("id",)
    tally.formats.append(f"litellm {'usage export csv' if 'entityid' in names(rows) else 'daily table'}")
    tally.note(OWN_PRICES)
    tally.parts_documented = True
    nameless = False
    for record in unwrapped(rows, DAILY_COLUMNS):
        if "tag" in record:
            tally.note("This is the table by tag: a request with two tags counts twice in it.")
        provider, model = split(text(record, "model"), text(record, "custom_llm_provider"))
        nameless = nameless or model is None
        tally.counts["failures"] += int(number(record, "failed_requests") or 0)
        tally.add(
            Row(
                moment(at(record, "date"), "date"),
                DAY_S,
                provider or maker(model),
                model,
                requests=first_number(record, "successful_requests"),
                input_tokens=number(record, "prompt_tokens"),
                cached_read_tokens=number(record, "cache_read_input_tokens"),
                cache_write_tokens=number(record, "cache_creation_input_tokens"),
                output_tokens=number(record, "completion_tokens"),
                cost=money(record, "spend"),
                currency="USD",
                parts_rule=f"LiteLLM's rows of {provider or maker(model) or 'a provider without a name'}",
            )
        )
    if nameless:
        tally.note("Some rows name no model: choose the variant with models when exporting.")
