"""Helicone: requests as the page or the API exports them."""

from intake.records import Record, Rows, at
from usage.fields import first_money, money, names, number, text, unwrapped
from usage.names import provider_id
from usage.row import Row, added
from usage.tally import Tally
from usage.times import moment

HELICONE_COLUMNS = (
    "request_id", "request_created_at", "response_status", "status", "model", "response_model", "request_model",
    "model_override", "provider", "prompt_tokens", "prompt_cache_write_tokens", "prompt_cache_read_tokens",
    "completion_tokens", "reasoning_tokens", "total_tokens", "costUSD", "cost", "cache_reference_id",
)  # fmt: skip
UNPROVED = (
    "The input was taken to leave out cached tokens, as Helicone's newer versions write it, which no row proves; rows "
    "of older versions would count them twice."
)


def read(rows: Rows, tally: Tally) -> None:
    """Requests of Helicone. Answers from its own cache are no demand; failures are left out.

    What never had an answer of the provider has a status below zero: out of time, pending, cancelled or stopped.
    """
    tally.formats.append("helicone requests export")
    if "costusd" not in names(rows):
        tally.note("This is a dump of Helicone's table: its cost is in a unit of its own and is left out.")
    cached = beside = False
    for record in unwrapped(rows, HELICONE_COLUMNS):
        status, reference = first_money(record, "response_status", "status"), text(record, "cache_reference_id")
        if status is not None and not 200 <= status < 300:
            tally.counts["failures"] += 1
            continue
        if reference and reference.strip("0-"):
            tally.counts["gateway_cache_hits"] += 1
            continue
        provider = provider_id(text(record, "provider"))
        row = _helicone_usage(record, provider)
        row.start, row.bucket_s = moment(at(record, "request_created_at"), "request_created_at"), 0.0
        row.provider, row.model = provider, text(record, "model_override", "response_model", "model", "request_model")
        row.requests, row.cost, row.currency = 1.0, money(record, "costUSD"), "USD"
        row.once = text(record, "request_id")
        tally.add(row)
        read, prompt = number(record, "prompt_cache_read_tokens"), number(record, "prompt_tokens")
        cached, beside = cached or bool(read), beside or (read or 0) > (prompt or 0)
    if cached and not beside:
        tally.note(UNPROVED)


def _helicone_usage(record: Record, provider: str | None) -> Row:
    """Input is without cached reads and output without reasoning, but in older rows and where all input was cached.

    An older row shows by its total: prompt and completion alone, with reasoning inside the latter.
    """
    prompt, completion = number(record, "prompt_tokens"), number(record, "completion_tokens")
    read, written = number(record, "prompt_cache_read_tokens"), number(record, "prompt_cache_write_tokens")
    reasoning, total = number(record, "reasoning_tokens"), number(record, "total_tokens")
    older = bool(reasoning) and total is not None and total == added(prompt, completion)
    anthropic = provider == "anthropic"
    whole = (
        not anthropic
        and prompt is not None
        and ((older and (read or 0) <= prompt) or (bool(read) and prompt in (read, read + (written or 0))))
    )
    return Row(
        None,
        input_tokens=prompt if whole or prompt is None else added(prompt, read, written if anthropic else None),
        cached_read_tokens=read,
        cache_write_tokens=written,
        output_tokens=completion if older else added(completion, reasoning),
        reasoning_tokens=reasoning,
    )
