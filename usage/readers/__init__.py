"""One reader for each format, and the list by which a file is recognised."""

from collections.abc import Callable
from dataclasses import dataclass

from intake.errors import Beside, Unknown
from intake.records import Record, Rows, at, each, spelled
from usage.fields import unwrapped
from usage.hints import Hints
from usage.readers import (
    anthropic,
    aws,
    azure,
    deepseek,
    focus,
    google,
    helicone,
    langfuse,
    litellm,
    openai,
    openrouter,
    opentelemetry,
    request_log,
    vercel,
)
from usage.tally import Tally


@dataclass(frozen=True)
class Sample:
    """What a file is recognised by: its first object, the first record in it, and the names that one has."""

    page: Record
    record: Record
    names: frozenset[str]

    def has(self, *names: str) -> bool:
        """Whether the record has all of the names."""
        return self.names >= {spelled(name) for name in names}


@dataclass(frozen=True)
class Reader:
    """How a file is recognised, and what adds it to a tally."""

    recognises: Callable[[Sample], bool]
    read: Callable[[Rows, Tally], None]


def _with(*names: str) -> Callable[[Sample], bool]:
    return lambda sample: sample.has(*names)


def _any(*alternatives: tuple[str, ...]) -> Callable[[Sample], bool]:
    return lambda sample: any(sample.has(*names) for names in alternatives)


READERS = (  # the first that recognises a file reads it: what has a name of its own comes before what has fewer
    Reader(lambda s: openai.is_bucket(s.record) or openai.is_bucket(s.page), openai.read_pages),
    Reader(lambda s: at(s.page, "object") == "page", openai.read_pages),
    Reader(lambda s: anthropic.is_page(s.page) or _is_empty(s.page), anthropic.read_pages),
    Reader(lambda s: at(s.page, "resourceSpans") is not None, opentelemetry.read_spans),
    Reader(lambda s: aws.is_log(s.record), aws.read_log),
    Reader(_with("line_item_usage_type", "line_item_unblended_cost"), aws.read_bill),
    Reader(_with("ChargeCategory", "ChargePeriodStart"), focus.read),
    Reader(_with("meter_name", "unit_of_measure"), azure.read_bill),
    Reader(lambda s: s.has("cost") and s.has("usage_start_time"), google.read_bill),
    Reader(_any(("start_time_iso", "type", "amount"), ("start_time_iso", "wallet_type", "cost")), deepseek.read),
    Reader(lambda s: s.has("start_time", "end_time", "start_time_iso"), openai.read_csv),
    Reader(_with("usage_date_utc", "usage_input_tokens_no_cache"), anthropic.read_usage_csv),
    Reader(_with("usage_date_utc", "cost_usd"), anthropic.read_cost_csv),
    Reader(_any(("tokens_prompt", "generation_id"), ("tokens_prompt", "native_tokens_prompt"),
                ("tokens_prompt", "model_permaslug")), openrouter.read_generations),
    Reader(_any(("date", "usage", "model_permaslug"), ("date", "usage", "byok_usage_inference"),
                ("date", "usage", "slug")), openrouter.read_activity),
    Reader(_any(("spend", "startTime", "prompt_tokens"), ("spend", "startTime", "request_id")), litellm.read_spend),
    Reader(_any(("spend", "date", "api_requests"), ("spend", "date", "flat_cost")), litellm.read_daily),
    Reader(_any(("startTime", "usageDetails"), ("startTime", "providedModelName"), ("traceId", "usage", "startTime"),
                ("traceId", "promptTokens", "startTime")), langfuse.read),
    Reader(_with("request_created_at"), helicone.read),
    Reader(lambda s: s.has("total_cost") and (s.has("market_cost") or "results" in s.page), vercel.read),
    Reader(lambda s: opentelemetry.is_span(s.record), opentelemetry.read_spans),
    Reader(lambda s: openai.is_answer(s.record), openai.read_answers),
)  # fmt: skip
BESIDE = (
    (("resourceMetrics",), "holds OpenTelemetry's metrics; give the spans, which have times, models and every call."),
    (("resourceLogs",), "holds OpenTelemetry's logs; give the spans, which have times, models and every call."),
)
LOOKED_AT = 50  # pages, of which the first may be empty
KNOWN = (
    "exports of OpenAI, Anthropic, AWS, Azure, Google Cloud, OpenRouter, LiteLLM, Langfuse, Helicone, OpenTelemetry, "
    "Vercel and DeepSeek, FOCUS, or a log with columns for time, model, input and output tokens"
)


def _is_empty(page: Record) -> bool:
    """Whether this is a page without an entry, as reports give it where nothing happened."""
    return "data" in page and "hasmore" in page and next(each(at(page, "data")), None) is None


def recognise(rows: Rows, hints: Hints) -> Callable[[Rows, Tally], None]:
    """What reads a file, or a Refusal (`Beside` for a known kind without usage) that says what the file is."""
    pages = rows.first(LOOKED_AT)
    page = next((page for page in pages if not _is_empty(page)), pages[0] if pages else {})
    record = next(iter(unwrapped(rows, tuple(rows.columns or ()))), page)
    sample = Sample(page, record, frozenset(rows.columns or record))
    if not hints.columns:
        for reader in READERS:
            if reader.recognises(sample):
                return reader.read
        for names, told in BESIDE:
            if frozenset(map(spelled, names)) <= set(page):
                raise Beside(told)
    if request_log.is_log(sample.names, hints):
        return lambda rows, tally: request_log.read(rows, tally, hints)
    raise Unknown(f"is nothing that is known here: {KNOWN}.")
