"""Spans in OpenTelemetry's words for generative AI, in older and parallel ones, and in those of OpenInference."""

from collections.abc import Iterator, Mapping
from typing import Any

from intake.fields import amount, short_name
from intake.records import Record, Rows, at, each, inner
from usage.fields import first, text
from usage.names import provider_id
from usage.row import Row
from usage.tally import Tally
from usage.times import moment

COUNTED = ("chat", "text_completion", "generate_content", "embeddings", "completion", "embedding", "llm")
OPERATION = ("gen_ai.operation.name", "llm.request.type", "openinference.span.kind")
PROVIDER = ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system")
MODEL = ("gen_ai.response.model", "gen_ai.request.model", "llm.model_name")
INPUT = ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens", "llm.token_count.prompt")
OUTPUT = (
    "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.usage.completion_tokens",
    "llm.token_count.completion",
)  # fmt: skip
READ = (
    "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens", "gen_ai.usage.cached_tokens",
    "gen_ai.usage.input_cached_tokens", "llm.token_count.prompt_details.cache_read",
    "llm.token_count.prompt_details.cache_input",
)  # fmt: skip
WRITE = (
    "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens",
    "llm.token_count.prompt_details.cache_write",
)  # fmt: skip
REASONING = (
    "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
)  # fmt: skip
ASKED = frozenset((*OPERATION, *PROVIDER, *MODEL, *INPUT, *OUTPUT, *READ, *WRITE, *REASONING, "llm.cost.total"))
START = ("startTimeUnixNano", "start_time", "timestamp")
SPAN, TRACE = ("spanId", "span_id", "context/span_id"), ("traceId", "trace_id", "context/trace_id")
STATUS = ("status/code", "status/status_code", "status_code")
WHERE = ("attributes", "span_attributes")
# Libraries whose spans are known to count wrong, and what is to be said of them.
WRONG = {
    "opentelemetry.instrumentation.anthropic": (
        "OpenLLMetry counts the first tokens of a streamed answer of Claude twice (seen in version 0.62.4): where "
        "answers were streamed, their output is less than this file says."
    ),
    "opentelemetry.instrumentation.langchain": (
        "OpenLLMetry does not see what Claude writes to a cache through LangChain unless the answer is streamed (seen "
        "in version 0.62.4): those tokens count as plain input here, and cost more than it."
    ),
}
COLUMNS = (
    *WHERE, *START, "spanId", "span_id", "traceId", "trace_id", "context", "context.span_id", "context.trace_id",
    "status", "status.code", "status_code",
    *ASKED, *(f"{where}.{name}" for where in WHERE for name in ASKED),
)  # fmt: skip


def read_spans(rows: Rows, tally: Tally) -> None:
    """Spans of calls to models. Agents, workflows and tools repeat the tokens of their children and are left out."""
    tally.formats.append(f"opentelemetry genai spans ({'otlp json' if not rows.columns else 'table'})")
    for span, scope in _spans(rows):
        told = Attributes(span)
        operation = told.text(*OPERATION)
        if operation and operation.lower() not in COUNTED:
            tally.counts["spans that repeat others or call no model"] += 1
            continue
        model, provider = told.text(*MODEL), provider_id(told.text(*PROVIDER))
        given, made = told.number(*INPUT), told.number(*OUTPUT)
        failed = str(first(span, *STATUS) or "").upper() in ("2", "STATUS_CODE_ERROR", "ERROR")
        tally.counts["failures"] += failed
        if given is None and made is None:
            continue
        if made and scope in WRONG and "claude" in (model or ""):
            tally.note(WRONG[scope])
        tally.add(
            Row(
                moment(first(span, *START), "startTimeUnixNano"),
                0.0,
                provider,
                model,
                requests=0.0 if failed else 1.0,
                input_tokens=given,
                cached_read_tokens=told.number(*READ),
                cache_write_tokens=told.number(*WRITE),
                output_tokens=made,
                reasoning_tokens=told.number(*REASONING),
                cost=(cost := told.number("llm.cost.total")),
                currency=None if cost is None else "USD",
                parts_rule=f"spans of {provider or 'a provider without a name'}{f' by {scope}' if scope else ''}",
                once=f"{text(span, *TRACE)}/{own}" if (own := text(span, *SPAN)) else None,
            )
        )


def _spans(rows: Rows) -> Iterator[tuple[Record, str | None]]:
    """Each span with the name of the library that wrote it."""
    for record in rows.records(COLUMNS):
        if at(record, "resourceSpans") is None:
            yield record, None
            continue
        for resource in each(at(record, "resourceSpans")):
            for name in ("scopeSpans", "instrumentationLibrarySpans"):
                for scoped in each(at(resource, name)):
                    for span in each(at(scoped, "spans")):
                        yield span, text(scoped, "scope/name", "instrumentationLibrary/name")


class Attributes:
    """The attributes of a span that are asked for by name: a list of keys and typed values, an object, or columns."""

    def __init__(self, span: Record):
        self._span = span
        self._own = next((found for name in WHERE if (found := at(span, name))), None)
        self._own = inner(self._own)
        self._listed = None

    def _value(self, name: str) -> Any:
        if isinstance(self._own, Mapping):
            return first(self._own, name, name.replace(".", "/"))
        if self._own is not None:
            return self._from_list().get(name)
        return first(self._span, name, *(f"{where}.{name}" for where in WHERE))

    def _from_list(self) -> dict[str, Any]:
        if self._listed is None:
            self._listed = {}
            for entry in each(self._own):
                if (key := at(entry, "key")) in ASKED:
                    value = at(entry, "value")
                    typed = (at(value, kind) for kind in ("stringValue", "intValue", "doubleValue", "boolValue"))
                    self._listed[key] = next((found for found in typed if found is not None), None)
        return self._listed

    def text(self, *names: str) -> str | None:
        """The first of several attributes that is given, as a short name."""
        return next((found for name in names if (found := short_name(self._value(name)))), None)

    def number(self, *names: str) -> float | None:
        """The first of several attributes that is given, as a number."""
        return next((found for name in names if (found := amount(self._value(name), name)) is not None), None)


def is_span(record: Record) -> bool:
    """Whether a record is a span with tokens, as an object or with its attributes in columns."""
    told = Attributes(record)
    has = any(where in name for name in record for where in ("genai.", "llm.tokencount", "llm.usage"))
    return has or told.number(*INPUT, *OUTPUT) is not None or told.text(*OPERATION) is not None
