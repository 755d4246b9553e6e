"""Usage and cost files in the shapes of the tools, with numbers of our own; days around the turn of September 2026."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pyarrow
import pyarrow.parquet

from tests.sentence import one_sentence
from usage import read
from usage.hints import Hints
from usage.totals import terms

SECRET = "a text that nobody may read"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
SEP_30, OCT_1, OCT_2 = (int(datetime(2026, *day, tzinfo=UTC).timestamp()) for day in ((9, 30), (10, 1), (10, 2)))
DAY_S = 86_400


def opened(*contents: bytes, name: str = "file", hints: Hints | None = None):
    """The reading of files that must all be readable."""
    reading = read([(f"{name} {place}", content) for place, content in enumerate(contents)], hints, NOW)
    assert reading.refusals == ()
    assert SECRET not in json.dumps(reading.terms())
    return reading


def groups(*contents: bytes, hints: Hints | None = None) -> dict[tuple, dict[str, Any]]:
    """(month, provider, model) -> what is known of it, over all files."""
    found = terms(opened(*contents, hints=hints).cells)["by_month_and_model"]
    return {
        (group.pop("month"), group.pop("provider"), group.pop("model")): {
            name: value for name, value in group.items() if value is not None
        }
        for group in found
    }


def only(*contents: bytes, hints: Hints | None = None) -> dict[str, Any]:
    """What is known of the one group there is."""
    ((_, values),) = groups(*contents, hints=hints).items()
    return values


def said(*contents: bytes, hints: Hints | None = None) -> list[str]:
    """Every sentence about the files, together and each alone."""
    reading = opened(*contents, hints=hints)
    found = [*reading.sentences(), *(told for file in reading.files for told in reading.about(file))]
    return [one_sentence(told) for told in found]


def refusal(content: bytes, name: str = "some file", hints: Hints | None = None) -> str:
    """The one sentence about a file that cannot be read, of which nothing is kept."""
    reading = read([(name, content)], hints, NOW)
    assert (reading.files, reading.cells, reading.aside) == ((), [], ())
    (told,) = reading.refusals
    assert SECRET not in told
    return one_sentence(told)


def as_json(*objects: Any) -> bytes:
    """One object as a document, several as JSON lines."""
    if len(objects) == 1:
        return json.dumps(objects[0], indent=1).encode()
    return b"".join(json.dumps(one).encode() + b"\n" for one in objects)


def as_csv(*rows: dict[str, Any], delimiter: str = ",") -> bytes:
    """Rows under the names of the first one; a cell that holds the delimiter or a quote is quoted."""

    def cell(value: Any) -> str:
        text = "" if value is None else json.dumps(value) if isinstance(value, dict | list) else str(value)
        return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in (delimiter, '"', "\n")) else text

    lines = [list(rows[0]), *([row.get(name) for name in rows[0]] for row in rows)]
    return b"".join(delimiter.join(map(cell, line)).encode() + b"\r\n" for line in lines)


def as_parquet(columns: pyarrow.Table | list[dict[str, Any]]) -> bytes:
    """Columns, or rows with their objects as structs."""
    out = io.BytesIO()
    made = columns if isinstance(columns, pyarrow.Table) else pyarrow.Table.from_pylist(columns)
    pyarrow.parquet.write_table(made, out)
    return out.getvalue()


def openai_result(**changes: Any) -> dict[str, Any]:
    """500 calls: 900,000 in, of which 300,000 were cached and 100,000 written; 40,000 out."""
    return {
        "object": "organization.usage.completions.result", "input_tokens": 900_000, "output_tokens": 40_000,
        "input_cached_tokens": 300_000, "input_uncached_tokens": 500_000, "input_cache_write_tokens": 100_000,
        "input_cache_write_30m_tokens": 60_000, "input_cache_write_12h_tokens": 40_000, "input_audio_tokens": 7,
        "num_model_requests": 500, "project_id": SECRET, "user_id": SECRET, "api_key_id": SECRET,
        "model": "gpt-5.4", "batch": False, "service_tier": "default", **changes,
    }  # fmt: skip


def openai_bucket(start: int, *results: dict[str, Any], width: int = DAY_S) -> dict[str, Any]:
    return {"object": "bucket", "start_time": start, "end_time": start + width, "results": list(results)}


def openai_page(*buckets: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return {"object": "page", "data": list(buckets), "has_more": more, "next_page": "page_x" if more else None}


def openai_cost(value: float, item: str | None, **changes: Any) -> dict[str, Any]:
    amount = {"value": value, "currency": "usd"}
    return {"object": "organization.costs.result", "amount": amount, "line_item": item, "project_id": SECRET, **changes}


def anthropic_usage(**changes: Any) -> dict[str, Any]:
    """10,000 uncached, 80,000 read, 6,000 written for five minutes and 4,000 for an hour; 2,000 out."""
    return {
        "uncached_input_tokens": 10_000, "cache_read_input_tokens": 80_000, "output_tokens": 2_000,
        "cache_creation": {"ephemeral_5m_input_tokens": 6_000, "ephemeral_1h_input_tokens": 4_000},
        "server_tool_use": {"web_search_requests": 3}, "api_key_id": SECRET, "workspace_id": SECRET,
        "model": "claude-sonnet-4-5-20250929", "service_tier": "standard", **changes,
    }  # fmt: skip


def anthropic_bucket(day: str, *results: dict[str, Any]) -> dict[str, Any]:
    end = datetime.fromtimestamp(datetime.fromisoformat(f"{day}+00:00").timestamp() + DAY_S, UTC)
    return {"starting_at": f"{day}T00:00:00Z", "ending_at": f"{end:%Y-%m-%dT%H:%M:%SZ}", "results": list(results)}


def aws_line(usage_type: str, amount: float, unit: str, cost: float, **changes: Any) -> dict[str, Any]:
    return {
        "identity_line_item_id": SECRET, "bill_billing_entity": "AWS", "line_item_line_item_type": "Usage",
        "line_item_product_code": "AmazonBedrock", "line_item_usage_start_date": "2026-09-30 23:00:00.000",
        "line_item_usage_end_date": "2026-10-01 00:00:00.000", "line_item_usage_type": usage_type,
        "line_item_usage_amount": amount, "pricing_unit": unit, "line_item_unblended_cost": cost,
        "line_item_currency_code": "USD", "line_item_resource_id": SECRET,
        "product": {"product_name": "Amazon Bedrock"}, **changes,
    }  # fmt: skip


def azure_line(meter: str, quantity: float, cost: float, **changes: Any) -> dict[str, Any]:
    return {
        "date": "09/30/2026", "meterCategory": "Foundry Models", "meterSubCategory": "Azure OpenAI", "meterName": meter,
        "unitOfMeasure": "1K", "quantity": quantity, "costInBillingCurrency": cost, "billingCurrency": "USD",
        "chargeType": "Usage", "resourceId": SECRET, "tags": SECRET, **changes,
    }  # fmt: skip


def google_line(sku: str, amount: float, cost: float, **changes: Any) -> dict[str, Any]:
    return {
        "billing_account_id": SECRET, "service": {"id": "S", "description": "Vertex AI"},
        "sku": {"id": "K", "description": sku}, "usage_start_time": "2026-09-30 22:00:00 UTC",
        "usage_end_time": "2026-09-30 22:59:59 UTC", "project": {"id": SECRET}, "labels": [{"key": SECRET}],
        "cost": cost, "currency": "USD", "usage": {"amount": amount, "unit": "count"}, "credits": [],
        "cost_type": "regular", **changes,
    }  # fmt: skip


def focus_line(cost: float, quantity: float | None, unit: str | None, **changes: Any) -> dict[str, Any]:
    return {
        "BilledCost": cost, "EffectiveCost": cost, "ListCost": cost, "BillingCurrency": "USD",
        "ChargeCategory": "Usage", "ChargeClass": None, "ChargeDescription": "gpt-4.1 input tokens",
        "ChargePeriodStart": "2026-09-30T00:00:00Z", "ChargePeriodEnd": "2026-10-01T00:00:00Z",
        "ConsumedQuantity": quantity, "ConsumedUnit": unit, "ProviderName": "OpenAI", "ServiceName": "OpenAI API",
        "ServiceCategory": "AI and Machine Learning", "SkuId": "gpt-4.1", "Tags": {"user_email": SECRET}, **changes,
    }  # fmt: skip


def litellm_spend(**changes: Any) -> dict[str, Any]:
    """9,000 in, of which 5,000 were read and 1,000 written; 300 out."""
    usage = {"cache_read_input_tokens": 5_000, "cache_creation_input_tokens": 1_000}
    return {
        "request_id": "1", "call_type": "acompletion", "api_key": SECRET, "spend": 0.02, "prompt_tokens": 9_000,
        "completion_tokens": 300, "total_tokens": 9_300, "startTime": "2026-09-30T23:59:59.500Z",
        "model": "claude-sonnet-4-5", "custom_llm_provider": "anthropic", "user": SECRET, "cache_hit": "None",
        "metadata": {"usage_object": usage, "user_api_key_alias": SECRET}, "status": "success",
        "messages": {"text": SECRET}, "response": SECRET, **changes,
    }  # fmt: skip


def helicone(**changes: Any) -> dict[str, Any]:
    """700 uncached and 1,300 cached in; 150 out, of which 40 were reasoning."""
    return {
        "request_id": "1", "request_created_at": "2026-09-30T22:00:00.000Z", "response_status": 200,
        "model": "gpt-5-mini", "provider": "OPENAI", "prompt_tokens": 700, "prompt_cache_read_tokens": 1_300,
        "prompt_cache_write_tokens": 0, "completion_tokens": 110, "reasoning_tokens": 40, "total_tokens": 850,
        "costUSD": 0.0005, "cache_reference_id": "00000000-0000-0000-0000-000000000000", "request_body": SECRET,
        "signed_body_url": f"https://example.invalid/{SECRET}", "properties": {"team": SECRET}, **changes,
    }  # fmt: skip


def span(attributes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A span as OTLP writes it: times in nanoseconds and integers as texts."""

    def typed(value: Any) -> dict[str, Any]:
        return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}

    told = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic", "gen_ai.input.messages": SECRET}
    listed = [{"key": key, "value": typed(value)} for key, value in {**told, **attributes}.items()]
    return {
        "spanId": str(len(str(attributes))),
        "startTimeUnixNano": f"{SEP_30}000000001",
        "attributes": listed,
        **changes,
    }


def otlp(*spans: dict[str, Any], library: str = "library") -> bytes:
    return as_json({"resourceSpans": [{"scopeSpans": [{"scope": {"name": library}, "spans": list(spans)}]}]})


def log_row(**changes: Any) -> dict[str, Any]:
    return {
        "timestamp": "2026-09-30T10:00:00Z", "model": "gpt-4.1", "prompt_tokens": 1_000, "completion_tokens": 100,
        "prompt": SECRET, **changes,
    }  # fmt: skip
