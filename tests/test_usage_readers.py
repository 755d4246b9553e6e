"""What each tool's file says: names, units, what holds what. Totals are worked out by hand from the fixtures."""

import pyarrow
import pytest

from tests import usage_files as files
from tests.usage_files import OCT_1, SECRET, SEP_30, as_csv, as_json, as_parquet, groups, only, opened, refusal, said
from usage.names import listed, provider_id

SEP, OCT = "2026-09", "2026-10"


def table(*rows: dict) -> bytes:
    return as_parquet(list(rows))


# OpenAI and Anthropic -------------------------------------------------------------------------------------------------


def test_openai_input_holds_cached_and_written_tokens():
    page = files.openai_page(
        files.openai_bucket(SEP_30, files.openai_result(), files.openai_result(batch=True)), files.openai_bucket(OCT_1)
    )
    assert groups(as_json(page)) == {
        (SEP, "openai", "gpt-5.4"): {
            "requests": 1_000, "input_total": 1_800_000, "cached_read": 600_000, "cache_write": 200_000,
            "output_total": 80_000, "batch_input": 900_000, "batch_output": 40_000,
        }
    }  # fmt: skip
    (terms,) = opened(as_json(page)).terms()["usage"].values()
    assert (terms["format"], terms["bucket"]) == ("openai usage completions page", "1d UTC")
    assert terms["cache_write_by_ttl"] == {"30m": 120_000, "12h": 80_000}


def test_openai_null_is_not_zero_and_an_absent_field_follows_from_the_others():
    unsaid = ("input_cache_write_tokens", "input_cache_write_30m_tokens", "input_cache_write_12h_tokens", "batch")
    null = files.openai_result(**dict.fromkeys(unsaid), model=None)
    assert only(as_json(files.openai_page(files.openai_bucket(SEP_30, null)))) == {
        "requests": 500, "input_total": 900_000, "cached_read": 300_000, "output_total": 40_000,
    }  # fmt: skip
    older = {k: v for k, v in files.openai_result().items() if "write" not in k}
    assert only(as_json(files.openai_page(files.openai_bucket(SEP_30, older))))["cache_write"] == 100_000
    oldest = {k: v for k, v in older.items() if "uncached" not in k}
    assert "cache_write" not in only(as_json(files.openai_page(files.openai_bucket(SEP_30, oldest))))


def test_openai_kinds_without_tokens():
    embedding = {"object": "organization.usage.embeddings.result", "input_tokens": 50, "num_model_requests": 2,
                 "model": "text-embedding-3-small"}  # fmt: skip
    store = {"object": "organization.usage.vector_stores.result", "usage_bytes": 10**9}
    page = as_json(files.openai_page(files.openai_bucket(SEP_30, embedding, store)))
    assert only(page) == {"requests": 2, "input_total": 50}
    assert "Usage of OpenAI's vector stores has no tokens and is left out." in said(page)


@pytest.mark.parametrize(
    "form", [lambda a, b: as_json([a, b]), lambda a, b: as_json(a, b), lambda a, b: as_json(a) * 2]
)
def test_pages_after_one_another_in_any_form(form):
    pages = [
        files.openai_page(files.openai_bucket(start, files.openai_result()), more=start == SEP_30)
        for start in (SEP_30, OCT_1)
    ]
    months = {month for month, *_ in groups(form(*pages))}
    assert months == ({SEP, OCT} if form(*pages) != as_json(pages[0]) * 2 else {SEP})


def test_openai_costs_are_whole_dollars_and_name_a_model_before_the_comma():
    page = files.openai_page(
        files.openai_bucket(
            SEP_30,
            files.openai_cost(1.8, "gpt-4.1-2025-04-14, input_tokens", quantity=900, quantity_unit="1000_tokens"),
            files.openai_cost(0.5, "gpt-6-astra, output_tokens", quantity=10_000, quantity_unit="tokens"),
            files.openai_cost(0.25, "web search tool calls, per call"),
        )
    )
    assert groups(as_json(page)) == {
        (SEP, "openai", "gpt-4.1-2025-04-14"): {"cost": 1.8},
        (SEP, "openai", "gpt-6-astra"): {"cost": 0.5},
        (SEP, "openai", None): {"cost": 0.25},
    }
    (terms,) = opened(as_json(page)).terms()["usage"].values()
    assert terms["currency"] == "USD"
    assert terms["quantities"] == {"gpt-4.1-2025-04-14, input_tokens": 900_000, "gpt-6-astra, output_tokens": 10_000}


TIMES = {"start_time": SEP_30, "end_time": SEP_30 + 3600, "start_time_iso": "2026-09-30T00:00:00+00:00",
         "end_time_iso": "2026-09-30T01:00:00"}  # fmt: skip


def test_openai_dashboard_usage():
    row = {**TIMES, "num_model_requests": "3.0", "user_email": SECRET, "model": "gpt-4o", "batch": "True",
           "input_tokens": "7162", "output_tokens": 9, "input_cached_tokens": 1280,
           "input_uncached_tokens": 5882}  # fmt: skip
    content = as_csv(row, row, {**dict.fromkeys(row), **TIMES})  # two keys did the same; then an empty bucket
    assert only(content) == {
        "requests": 6, "input_total": 14_324, "cached_read": 2_560, "cache_write": 0, "output_total": 18,
        "batch_input": 14_324, "batch_output": 18,
    }  # fmt: skip
    shuffled = {name: row[name] for name in sorted(row)}
    assert only(as_csv(shuffled)) == only(as_csv(row)) == only(as_json(row)), "whoever made JSON of it"


def test_openai_dashboard_without_usage_and_with_buckets_of_times_alone():
    assert "The export holds no usage: it has times alone." in said(as_csv(TIMES))
    row = {**TIMES, "model": "gpt-4o", "input_tokens": 5, "output_tokens": 1}
    short = as_csv(row) + f"{OCT_1},{OCT_1 + 3600},2026-10-01T00:00:00,2026-10-01T01:00:00\r\n".encode()
    assert only(short) == {"input_total": 5, "output_total": 1}


def test_openai_dashboard_costs():
    row = {**TIMES, "amount_value": "0.50" + "0" * 28, "amount_currency": "usd", "quantity": 300,
           "quantity_unit": "1000_tokens", "line_item": "gpt-5-nano, output_tokens", "user_email": SECRET}  # fmt: skip
    other = {**row, "line_item": None, "quantity": None, "amount_value": "0.003835980000000000000000000000"}
    assert groups(as_csv(row, other)) == {
        (SEP, "openai", "gpt-5-nano"): {"cost": 0.5}, (SEP, "openai", None): {"cost": 0.00383598},
    }  # fmt: skip
    assert groups(as_json(row, other)) == groups(as_csv(row, other))


def test_answers_of_both_apis():
    chat = {"id": "a", "object": "chat.completion", "created": SEP_30, "model": "gpt-4.1", "choices": [SECRET],
            "usage": {"prompt_tokens": 100, "completion_tokens": 30, "prompt_tokens_details": {"cached_tokens": 60},
                      "completion_tokens_details": {"reasoning_tokens": 10}}}  # fmt: skip
    message = {"id": "b", "type": "message", "model": "claude-sonnet-4-5", "content": [SECRET],
               "usage": {"input_tokens": 10, "cache_read_input_tokens": 70, "cache_creation_input_tokens": 20,
                         "output_tokens": 5}}  # fmt: skip
    assert groups(as_json(chat, message)) == {
        (SEP, None, "gpt-4.1"): {
            "requests": 1, "input_total": 100, "cached_read": 60, "output_total": 30, "reasoning": 10,
        },
        (None, "anthropic", "claude-sonnet-4-5"): {
            "requests": 1, "input_total": 100, "cached_read": 70, "cache_write": 20, "output_total": 5,
        },
    }  # fmt: skip


@pytest.mark.parametrize("time", ["created_at", "timestamp", "time"])
def test_answers_in_a_list_or_an_object_around_them(time):
    answer = {time: "2026-09-30T10:00:00Z", "model": "m", "usage": {"prompt_tokens": 100, "completion_tokens": 30}}
    for content in (as_json([answer, answer]), as_json({"data": [answer, answer]}), as_json(answer, answer)):
        assert groups(content) == {(SEP, None, "m"): {"requests": 2, "input_total": 200, "output_total": 60}}


def test_anthropic_input_is_the_sum_of_four_and_batch_is_a_tier():
    both = (files.anthropic_usage(), files.anthropic_usage(service_tier="batch"))
    buckets = [files.anthropic_bucket("2026-09-30", *both), files.anthropic_bucket("2026-10-01")]
    page = {"data": buckets, "has_more": False}
    assert groups(as_json(page)) == {
        (SEP, "anthropic", "claude-sonnet-4-5-20250929"): {
            "input_total": 200_000, "cached_read": 160_000, "cache_write": 20_000, "output_total": 4_000,
            "batch_input": 100_000, "batch_output": 2_000,
        }
    }  # fmt: skip
    ungrouped = files.anthropic_bucket("2026-09-30", files.anthropic_usage(service_tier=None, model=None))
    assert "batch_input" not in only(as_json({"data": [ungrouped], "has_more": False}))


@pytest.mark.parametrize(("where", "is_told"), [("us", True), ("global", False), (None, False)])
def test_what_anthropic_kept_in_one_country_is_said_to_cost_more_than_the_list(where, is_told):
    page = {"data": [files.anthropic_bucket("2026-09-30", files.anthropic_usage(inference_geo=where))],
            "has_more": False}  # fmt: skip
    analysed = analytics("usage", {**files.anthropic_usage(), "requests": 7}, inference_geo=where)
    for content in (as_json(page), as_json({"data": [analysed], "has_more": False})):
        assert any("a tenth more than its list" in sentence for sentence in said(content)) == is_told


def test_anthropic_costs_are_texts_in_cents():
    cost = {"amount": "123.45", "currency": "USD", "cost_type": "tokens", "model": "claude-haiku-4-5-20251001"}
    search = {"amount": "3", "currency": "USD", "cost_type": "web_search", "model": None}
    assert groups(as_json({"data": [files.anthropic_bucket("2026-09-30", cost, search)], "has_more": False})) == {
        (SEP, "anthropic", "claude-haiku-4-5-20251001"): {"cost": 1.2345}, (SEP, "anthropic", None): {"cost": 0.03},
    }  # fmt: skip


def analytics(what: str, values: dict, **group) -> dict:
    return {"starting_at": "2026-09-30T00:00:00Z", "ending_at": "2026-10-01T00:00:00Z",
            "group": {"model": "claude-opus-5-5", "actor": SECRET, **group}, what: values}  # fmt: skip


def test_anthropic_analytics():
    usage = analytics(
        "usage", {**files.anthropic_usage(), "requests": 7, "total_tokens": 102_000}, service_tier="batch"
    )
    assert only(as_json({"data": [usage], "has_more": False})) == {
        "requests": 7, "input_total": 100_000, "cached_read": 80_000, "cache_write": 10_000, "output_total": 2_000,
        "batch_input": 100_000, "batch_output": 2_000,
    }  # fmt: skip
    cost = analytics("cost", {"amount": "125.5", "list_amount": "150.25", "currency": "USD", "requests": 7})
    assert only(as_json({"data": [cost], "has_more": False})) == {"requests": 7, "cost": 1.255}
    both = only(as_json({"data": [usage], "has_more": False}), as_json({"data": [cost], "has_more": False}))
    assert (both["requests"], both["cost"]) == (7, 1.255)  # the bill counts the same calls again
    claude_code = as_json({"data": [analytics("cost", {"amount": "1"}, product="claude_code")], "has_more": False})
    assert any("'claude_code'" in told for told in said(claude_code))


def test_anthropic_console():
    usage = {"usage_date_utc": "2026-09-30", "model_version": "claude-sonnet-4-5-20250929", "api_key": SECRET,
             "usage_type": "batch", "context_window": "≤ 200k", "usage_input_tokens_no_cache": 10,
             "usage_input_tokens_cache_write_5m": 20, "usage_input_tokens_cache_write_1h": 30,
             "usage_input_tokens_cache_read": 40, "usage_output_tokens": 5}  # fmt: skip
    assert only(as_csv(usage)) == {
        "input_total": 100, "cached_read": 40, "cache_write": 50, "output_total": 5, "batch_input": 100,
        "batch_output": 5,
    }  # fmt: skip
    first = {"usage_date_utc": "2026-09-30", "model": "Claude Sonnet 4.5", "workspace": SECRET, "api_key": SECRET,
             "usage_type": "message", "context_window": "≤ 200k", "token_type": "output",
             "cost_usd": "0.38"}  # fmt: skip
    assert groups(as_csv(first)) == {(SEP, "anthropic", "Claude Sonnet 4.5"): {"cost": 0.38}}


# Clouds ---------------------------------------------------------------------------------------------------------------

CLAUDE = {"product": {"product_name": "Claude Sonnet 4.5 (Amazon Bedrock Edition)"}, "line_item_product_code": "x1"}
CUR = (
    files.aws_line("USE1-NovaLite-input-tokens", 500, "1K tokens", 0.03),
    files.aws_line("EU-NovaLite-input-tokens-batch", 2, "1M tokens", 0.06),
    files.aws_line("USE1-NovaLite-cache-write-input-token-count-1-hour", 8, "1K tokens", 0.001),
    files.aws_line("USE1-qwen.qwen3-32b-mantle-output-tokens-flex", 3, "1K tokens", 0.001),
    files.aws_line("USE1-MP:USE1_InputTokenCount_Global-Units", 1.5, "Units", 4.5, **CLAUDE),
    files.aws_line("USE1-MP:USE1_cache_read_tokens_standard-Units", 2, "Units", 0.6, **CLAUDE),
    files.aws_line("USE1-Guardrail-ContentPolicy", 9, "Units", 0.5),
    files.aws_line(
        "USE1-BoxUsage:g5.xlarge", 1, "Hrs", 1.0, product={"product_name": "EC2"}, line_item_product_code="EC2"
    ),
    files.aws_line("", 1, "", 0.04, line_item_line_item_type="Tax"),
)
CUR_GROUPS = {
    (SEP, "aws", "NovaLite"): {
        "input_total": 2_508_000, "cached_read": 0, "cache_write": 8_000, "output_total": 0, "cost": 0.091,
        "batch_input": 2_000_000, "batch_output": 0,
    },
    (SEP, "aws", "qwen.qwen3-32b"): {
        "input_total": 0, "cached_read": 0, "cache_write": 0, "output_total": 3_000, "cost": 0.001, "batch_input": 0,
        "batch_output": 0,
    },
    (SEP, "aws", "Claude Sonnet 4.5 (Amazon Bedrock Edition)"): {
        "input_total": 3_500_000, "cached_read": 2_000_000, "cache_write": 0, "output_total": 0, "cost": 5.1,
        "batch_input": 0, "batch_output": 0,
    },
    (SEP, "aws", None): {"cost": 0.5},
}  # fmt: skip


def test_an_empty_column_hides_no_map_that_has_the_name():
    line = files.aws_line("USE1-MP:USE1_InputTokenCount-Units", 1.5, "Units", 4.5, **CLAUDE, product_product_name="")
    assert groups(as_csv(line)).keys() == {(SEP, "aws", CLAUDE["product"]["product_name"])}


def test_aws_obeys_the_unit_of_each_row_and_finds_marketplace_lines():
    assert groups(as_csv(*CUR)) == CUR_GROUPS
    (terms,) = opened(as_csv(*CUR)).terms()["usage"].values()
    assert terms["excluded"] == {"Tax": 0.04, "not generative": 1}
    assert (terms["format"], terms["cache_write_by_ttl"]) == ("aws cur 2.0", {"1h": 8_000})


def test_aws_as_parquet_and_in_its_older_spelling():
    assert groups(table(*CUR)) == CUR_GROUPS
    mapped = pyarrow.array(
        [list(line["product"].items()) for line in CUR], pyarrow.map_(pyarrow.string(), pyarrow.string())
    )
    plain = pyarrow.Table.from_pylist([{k: v for k, v in line.items() if k != "product"} for line in CUR])
    assert groups(as_parquet(plain.append_column("product", mapped))) == CUR_GROUPS
    renamed = []
    for line in CUR:
        older = {name.replace("line_item_", "lineItem/", 1): value for name, value in line.items() if name != "product"}
        older = {
            f"lineItem/{name[9:].title().replace('_', '')}" if "/" in name else name: v for name, v in older.items()
        }
        renamed.append({**older, "product/ProductName": line["product"]["product_name"]})
    assert groups(as_csv(*renamed)) == CUR_GROUPS


def test_money_beside_usage_is_not_added_over_currencies():
    taxes = [files.aws_line("", 0, "", cost, line_item_line_item_type="Tax", line_item_currency_code=code)
             for cost, code in ((3, "USD"), (4, "USD"), (5, "EUR"))]  # fmt: skip
    (told,) = opened(as_csv(*taxes)).terms()["usage"].values()
    assert told["excluded"] == {"Tax (USD)": 7, "Tax (EUR)": 5}
    (told,) = opened(as_csv(*taxes[:2])).terms()["usage"].values()
    assert told["excluded"] == {"Tax": 7}


def test_aws_refuses_tokens_in_a_unit_it_does_not_know():
    assert "unit 'Hours'" in refusal(as_csv(files.aws_line("USE1-NovaLite-input-tokens", 1, "Hours", 1)))


def test_bedrock_log():
    call = {"schemaType": "ModelInvocationLog", "timestamp": "2026-09-30T23:59:59Z", "requestId": "1",
            "modelId": "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "identity": {"arn": SECRET}, "input": {"inputBodyJson": SECRET, "inputTokenCount": 10,
            "cacheReadInputTokenCount": 70, "cacheWriteInputTokenCount": 20}, "output": {"outputBodyJson": SECRET,
            "outputTokenCount": 5}}  # fmt: skip
    plain = {**call, "requestId": "2", "modelId": "amazon.nova-lite-v1:0", "input": {"inputTokenCount": 3}}
    failed = {**call, "requestId": "3", "errorCode": "ThrottlingException"}
    assert groups(as_json(call, plain, failed)) == {
        (SEP, "aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"): {
            "requests": 1, "input_total": 100, "cached_read": 70, "cache_write": 20, "output_total": 5,
        },
        (SEP, "aws", "amazon.nova-lite-v1:0"): {
            "requests": 1, "input_total": 3, "cached_read": 0, "cache_write": 0, "output_total": 5,
        },
    }  # fmt: skip
    assert "cached_read" not in only(as_json(plain, plain))  # no line of the file speaks of caching


@pytest.mark.parametrize(("unit", "size"), [("1K", 1e3), ("1M", 1e6)])
def test_azure_quantity_in_tokens_or_in_blocks_of_them_gives_the_same(unit, size):
    tokens = 4_000_000
    for quantity in (tokens, tokens / size):
        content = as_csv(
            files.azure_line("gpt 4o 1120 Inp glbl Tokens", quantity, 10.0, unitOfMeasure=unit),
            files.azure_line("gpt 4o 1120 cached Inp glbl", quantity, 5.0, unitOfMeasure=unit),
            files.azure_line("PTU hours", 5, 2.0, unitOfMeasure="1 Hour"),
            files.azure_line(
                "D4 v5", 5, 3.0, meterCategory="Virtual Machines", meterSubCategory="D", unitOfMeasure="1 Hour"
            ),
            files.azure_line("Reservation", 1, 4.0, chargeType="Purchase"),
        )
        assert groups(content) == {
            (SEP, "azure", "gpt 4o 1120"): {
                "input_total": 8_000_000, "cached_read": 4_000_000, "cache_write": 0, "output_total": 0, "cost": 15,
            },
            (SEP, "azure", None): {"cost": 2},
        }  # fmt: skip
        (terms,) = opened(content).terms()["usage"].values()
        assert terms["excluded"] == {"not generative": 3, "Purchase": 4}
        assert any("2.5 USD per million" in told for told in terms["sentences"])


def test_azure_in_another_country():
    line = files.azure_line("gpt 4.1 Outp glbl Tokens", "1.000,00", "7,40", date="30.09.2026", billingCurrency="EUR")
    assert only(as_csv(line, delimiter=";")) == {"input_total": 0, "output_total": 1_000_000, "cost": 7.4}
    first = files.azure_line("gpt 4.1 Outp glbl Tokens", 1_000, 8, date="05/10/2026")
    assert set(groups(as_csv(first, {**first, "date": "30/09/2026"}))) == {
        (SEP, "azure", "gpt 4.1"), (OCT, "azure", "gpt 4.1"),
    }  # fmt: skip
    assert any("month first" in told for told in said(as_csv(first)))


def test_google_costs_are_net_of_their_credits_and_storage_has_no_tokens():
    credit = {"name": SECRET, "amount": -0.1}
    lines = (
        files.google_line("Gemini 2.5 Flash GA Text Input - Predictions", 4e6, 1.2),
        files.google_line("Gemini 2.5 Flash GA Text Input - Batch Predictions", 1e6, 0.15),
        files.google_line("Gemini 2.5 Flash Thinking Text Output - Predictions", 2e5, 0.5, credits=[credit]),
        files.google_line("Generate content cached input token count gemini 2.5 flash short input text", 5e5, 0.015,
                          service={"description": "Gemini API"}),
        files.google_line("Gemini 2.5 Flash Input Text Caching Storage", 7e9, 0.002,
                          usage={"amount": 7e9, "unit": "h"}),
        files.google_line("N1 Core", 3600, 0.03, service={"description": "Compute Engine"}),
        files.google_line("Tax", 0, 0.1, cost_type="tax"),
    )  # fmt: skip
    expected = {
        (SEP, "google", "gemini 2.5 flash"): {
            "input_total": 5_500_000, "cached_read": 500_000, "cache_write": 0, "output_total": 200_000,
            "reasoning": 200_000, "cost": 1.767, "batch_input": 1_000_000, "batch_output": 0,
        }
    }  # fmt: skip
    assert groups(as_json(*lines)) == groups(table(*lines)) == expected
    flat = [
        {"service.description": line["service"]["description"], "sku.description": line["sku"]["description"],
         "usage.amount": line["usage"]["amount"], "usage.unit": line["usage"]["unit"], **line}
        for line in lines
    ]  # fmt: skip
    flat = [{k: v for k, v in line.items() if k not in ("service", "sku", "usage", "labels")} for line in flat]
    assert groups(as_csv(*flat)) == expected
    (terms,) = opened(as_json(*lines)).terms()["usage"].values()
    assert terms["excluded"] == {"not generative": 0.03, "tax": 0.1}


def test_google_characters_are_no_tokens_and_partners_are_named_by_their_service():
    characters = files.google_line(
        "Gemini 1.5 Pro Text Input - Predictions", 9e3, 2, usage={"amount": 9e3, "unit": "k{char}"}
    )
    assert only(as_json(characters, characters)) == {"cost": 4}
    assert any("the character" in told for told in said(as_json(characters, characters)))
    partner = files.google_line(
        "Claude Sonnet 4.5 Output Tokens", 1e6, 15, service={"description": "Claude Sonnet 4.5"}
    )
    assert set(groups(as_json(partner, partner))) == {(SEP, "google", "Claude Sonnet 4.5")}


# FOCUS ----------------------------------------------------------------------------------------------------------------


def test_focus_keeps_what_is_no_usage_beside():
    content = as_csv(
        files.focus_line(2.4, 1_200, "1000 Tokens"),
        files.focus_line(0.64, 80_000, "tokens", ChargeDescription="gpt-4.1 output tokens"),
        files.focus_line(-0.24, -120_000, "Tokens", ChargeClass="Correction"),
        files.focus_line(50, 1, "Units", ChargeCategory="Purchase", EffectiveCost=0),
        files.focus_line(0, None, "NULL", ChargeCategory="Credit", EffectiveCost=-1),
    )
    assert groups(content) == {
        (SEP, "openai", "gpt-4.1"): {"input_total": 1_080_000, "output_total": 80_000, "cost": 2.8}
    }
    (terms,) = opened(content).terms()["usage"].values()
    assert terms["beside"] == {"Purchase BilledCost": 50, "Credit EffectiveCost": -1}


@pytest.mark.parametrize(
    ("changes", "format"),
    [
        ({}, "focus 1.0"),
        ({"SkuMeter": None}, "focus 1.1"),
        ({"SkuMeter": None, "InvoiceId": "I"}, "focus 1.2"),
        ({"SkuMeter": None, "InvoiceId": "I", "HostProviderName": "AWS"}, "focus 1.3"),
        ({"SkuMeter": None, "ServiceProviderName": "OpenAI", "InvoiceDetailId": "I"}, "focus 1.4"),
    ],
)
def test_focus_versions(changes, format):
    line = files.focus_line(2.4, 1.2, "1M tokens", **changes)
    if format == "focus 1.4":
        del line["ProviderName"]
    assert opened(as_csv(line)).files[0].formats == [format]
    assert groups(as_csv(line)) == {
        (SEP, "openai", "gpt-4.1"): {"input_total": 1_200_000, "output_total": 0, "cost": 2.4}
    }


def test_focus_finds_model_and_kind_in_several_places():
    details = {"x_TokenType": "cached input", "x_Model": "gpt-4.1-mini"}
    line = files.focus_line(1, 5, "1M Tokens", ChargeDescription="API usage", SkuPriceDetails=details, SkuId="7X2ABC")
    assert groups(as_csv(line)) == {
        (SEP, "openai", "gpt-4.1-mini"): {
            "input_total": 5_000_000, "cached_read": 5_000_000, "cache_write": 0, "output_total": 0, "cost": 1,
        }
    }  # fmt: skip
    mute = files.focus_line(1, 5, "Tokens", ChargeDescription="API usage", SkuId=None)
    assert only(as_csv(mute)) == {"cost": 1}
    assert any("went in or came out" in told for told in said(as_csv(mute)))


def test_focus_of_azure_has_tokens_in_units_of_blocks():
    line = files.focus_line(
        2.16, 864_000, "Units", ProviderName="Microsoft", x_PricingBlockSize=1000, PricingQuantity=864,
        PricingUnit="Units",
        x_SkuMeterName="gpt 4o 1120 cached Inp glbl Tokens", ServiceName="Azure AI services", ChargeDescription="x",
    )  # fmt: skip
    expected = {"input_total": 864_000, "cached_read": 864_000, "cache_write": 0, "output_total": 0, "cost": 2.16}
    assert groups(as_csv(line)) == {(SEP, "azure", "gpt 4o 1120"): expected}
    assert groups(as_csv({**line, "ConsumedQuantity": None})) == {(SEP, "azure", "gpt 4o 1120"): expected}


def test_focus_of_litellm_counts_requests_and_no_tokens():
    line = files.focus_line(0.5, 10, "Requests", ProviderName="anthropic", ChargeDescription="claude-sonnet-4-5",
                            ResourceId="claude-sonnet-4-5",
                            Tags={"custom_llm_provider": "anthropic", "user_email": SECRET})  # fmt: skip
    assert groups(as_csv(line)) == {(SEP, "anthropic", "claude-sonnet-4-5"): {"requests": 10, "cost": 0.5}}
    assert opened(as_csv(line)).files[0].formats == ["litellm focus export"]


def test_focus_of_aws_and_google():
    line = files.focus_line(7.5, 2.5, "Units", ProviderName="AWS", x_UsageType="USE1-MP:USE1_InputTokenCount-Units",
                            ServiceName="Claude Sonnet 4.5 (Amazon Bedrock Edition)")  # fmt: skip
    nova = {
        **line,
        "ServiceName": "Amazon Bedrock",
        "x_UsageType": "EU-NovaLite-output-tokens",
        "ConsumedUnit": "1K tokens",
    }
    other = {**line, "ServiceName": "Amazon EC2", "x_UsageType": "BoxUsage", "ConsumedUnit": "Hrs"}
    assert groups(as_csv(line, nova, other)) == {
        (SEP, "aws", "Claude Sonnet 4.5 (Amazon Bedrock Edition)"): {
            "input_total": 2_500_000, "output_total": 0, "cost": 7.5,
        },
        (SEP, "aws", "NovaLite"): {"input_total": 0, "output_total": 2_500, "cost": 7.5},
    }  # fmt: skip
    line = files.focus_line(1.2, 4e6, "count", ProviderName="Google Cloud", ServiceName="Vertex AI",
                            ChargeDescription="Gemini 2.5 Flash GA Text Input - Predictions")  # fmt: skip
    assert groups(table(line)) == {
        (SEP, "google", "gemini 2.5 flash"): {"input_total": 4_000_000, "output_total": 0, "cost": 1.2}
    }


# Names ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("azure.ai.openai", "azure"), ("azure_ai", "azure"), ("Microsoft", "azure"), ("aws.bedrock", "aws"),
        ("bedrock_converse", "aws"), ("vertex_ai-language-models", "google"), ("gcp.gen_ai", "google"),
        ("Vertex", "google"),
        ("x_ai", "x-ai"), ("mistral_ai", "mistral"), ("moonshot_ai", "moonshotai"), ("fireworks_ai", "fireworks"),
        ("OpenAI", "openai"), ("Somebody New", "somebody new"), (" ", None), (None, None),
    ],
)  # fmt: skip
def test_providers_have_one_name(written, known):
    assert provider_id(written) == known


@pytest.mark.parametrize(
    ("provider", "written", "model", "input_usd_per_mtok"),
    [
        ("azure", "gpt 4o 1120", "gpt-4o", 2.5),
        ("azure", "GPT 5 Mini", "gpt-5-mini", 0.25),
        ("azure", "5.4", "gpt-5.4", 2.5),
        ("azure", "K2.6", "kimi-k2.6", 0.95),
        ("aws", "NovaLite", "amazon.nova-lite-v1:0", 0.06),
        ("google", "gemini 2.5 flash", "gemini-2.5-flash", 0.3),
        ("anthropic", "Claude Sonnet 4.5", "claude-sonnet-4-5", 3.0),
        (None, "gpt-4.1-2025-04-14", "gpt-4.1", 2.0),
    ],
)
def test_models_by_the_names_of_meters_and_displays_have_their_list_price(provider, written, model, input_usd_per_mtok):
    price = listed(provider, written)
    assert (price.model, price.prices.input_usd_per_mtok) == (model, input_usd_per_mtok)
    assert listed(provider, "nothing like that") is None


@pytest.mark.parametrize("model", ["R1", "DeepSeek-R1", "deepseek-v4-pro", "deepseek-v3.2", "gpt-oss-120b"])
def test_what_azure_asks_is_not_the_price_of_who_made_or_resells_an_open_model(model):
    assert listed("azure", model) is None


# Gateways and tools that watch ----------------------------------------------------------------------------------------

GENERATION = {
    "generation_id": "g1", "created_at": "2026-09-30 23:59:59.990", "cost_total": 0.02, "cost_cache": -0.01,
    "byok_usage_inference": 0.005, "tokens_prompt": 10_000, "tokens_completion": 500, "tokens_reasoning": 200,
    "tokens_cached": 6_000, "model_permaslug": "openai/gpt-5.4-20260305", "cancelled": "false", "user": SECRET,
}  # fmt: skip


def test_openrouter_generations():
    cancelled = {**GENERATION, "generation_id": "g2", "cost_total": 0, "byok_usage_inference": 0, "cancelled": "true",
                 "tokens_completion": 0, "tokens_reasoning": 0, "tokens_cached": 0}  # fmt: skip
    assert groups(as_csv(GENERATION, cancelled)) == {
        (SEP, "openrouter", "openai/gpt-5.4-20260305"): {
            "requests": 1, "input_total": 20_000, "cached_read": 6_000, "output_total": 500, "reasoning": 200,
            "cost": 0.025,
        }
    }  # fmt: skip
    replayed = {**GENERATION, "tokens_cached": 12_000}
    assert only(as_csv(replayed))["input_total"] == 22_000


def test_openrouter_days():
    api = {"date": "2026-09-30", "model": "openai/gpt-4.1", "model_permaslug": "openai/gpt-4.1-2025-04-14",
           "usage": 0.02, "byok_usage_inference": 0.3, "requests": 40, "prompt_tokens": 900, "completion_tokens": 90,
           "reasoning_tokens": 0, "cached_tokens": 100}  # fmt: skip
    assert groups(as_json({"data": [api]})) == {
        (SEP, "openrouter", "openai/gpt-4.1-2025-04-14"): {
            "requests": 40, "input_total": 900, "cached_read": 100, "output_total": 90, "reasoning": 0, "cost": 0.32,
        }
    }  # fmt: skip
    day = {"Date": "2026-09-30", "Slug": "openai/gpt-4.1", "Usage": 0.02, "BYOK Usage": 0.3, "Requests": 40,
           "Prompt Tokens": 900, "Completion Tokens": 90, "Reasoning Tokens": 0}  # fmt: skip
    assert groups(as_csv(day)) == {
        (SEP, "openrouter", "openai/gpt-4.1"): {
            "requests": 40, "input_total": 900, "output_total": 90, "reasoning": 0, "cost": 0.32,
        }
    }  # fmt: skip


@pytest.mark.parametrize("form", [lambda *rows: as_json(list(rows)), as_json, as_csv, table])
def test_litellm_spend_logs(form):
    openai = {"prompt_tokens_details": {"cached_tokens": 4_000}, "completion_tokens_details": {"reasoning_tokens": 0}}
    rows = (
        files.litellm_spend(),
        files.litellm_spend(request_id="2", model="openai/gpt-4.1", custom_llm_provider="openai",
                            startTime="2026-10-01 00:00:01", call_type="abatch_completion",
                            metadata={"usage_object": openai}),
        files.litellm_spend(request_id="3", cache_hit="True", spend=0),
        files.litellm_spend(request_id="4", status="failure", spend=0),
    )  # fmt: skip
    assert groups(form(*rows)) == {
        (SEP, "anthropic", "claude-sonnet-4-5"): {
            "requests": 1, "input_total": 9_000, "cached_read": 5_000, "cache_write": 1_000, "output_total": 300,
            "cost": 0.02, "batch_input": 0, "batch_output": 0,
        },
        (OCT, "openai", "gpt-4.1"): {
            "requests": 1, "input_total": 9_000, "cached_read": 4_000, "cache_write": 0, "output_total": 300,
            "reasoning": 0, "cost": 0.02, "batch_input": 9_000, "batch_output": 300,
        },
    }  # fmt: skip
    (terms,) = opened(form(*rows)).terms()["usage"].values()
    assert (terms["gateway_cache_hits"], terms["failures"]) == (1, 1)


DAILY = {"date": "2026-09-30", "entity_id": SECRET, "entity_alias": "'=" + SECRET, "user_email": SECRET,
         "model": "anthropic/claude-sonnet-4-5", "spend": 3.1, "flat_cost": 0, "prompt_tokens": 900,
         "completion_tokens": 60, "api_requests": 300, "successful_requests": 298, "failed_requests": 2,
         "cache_read_input_tokens": 600, "cache_creation_input_tokens": 100}  # fmt: skip


def test_litellm_days():
    expected = {
        "requests": 298,
        "input_total": 900,
        "cached_read": 600,
        "cache_write": 100,
        "output_total": 60,
        "cost": 3.1,
    }
    assert groups(as_csv(DAILY, {**DAILY, "model": "gpt-4.1"})) == {
        (SEP, "anthropic", "claude-sonnet-4-5"): expected, (SEP, "openai", "gpt-4.1"): expected,
    }  # fmt: skip
    assert any("variant with models" in told for told in said(as_csv({**DAILY, "model": None})))
    tagged = {**DAILY, "tag": "a", "custom_llm_provider": "anthropic"}
    assert any("two tags" in told for told in said(as_json([tagged, tagged])))


def observation(usage: dict, **changes) -> dict:
    return {"id": str(usage), "traceId": "t", "type": "GENERATION", "startTime": "2026-09-30T10:00:00.000Z",
            "providedModelName": "m-1", "usageDetails": usage, "totalCost": 0.01, "input": SECRET, "output": SECRET,
            "metadata": {"x": SECRET}, "userId": SECRET, **changes}  # fmt: skip


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"input": 40, "input_cached_tokens": 60, "output": 25, "output_reasoning_tokens": 5, "total": 999},
         {"input_total": 100, "cached_read": 60, "cache_write": 0, "output_total": 30, "reasoning": 5}),
        ({"input": 10, "input_cached_tokens": 70, "input_cache_creation": 20, "output": 30},
         {"input_total": 100, "cached_read": 70, "cache_write": 20, "output_total": 30}),
        ({"input": 10, "cache_read_input_tokens": 70, "cache_creation_input_tokens": 20, "output": 30},
         {"input_total": 100, "cached_read": 70, "cache_write": 20, "output_total": 30}),
        ({"input": 10, "input_cache_read": 70, "input_cache_creation": 0, "input_ephemeral_1h_input_tokens": 20,
          "output": 30, "total": 130},  # through LangChain, which tells a write with a lifetime under that alone
         {"input_total": 100, "cached_read": 70, "cache_write": 20, "output_total": 30}),
        ({"input": 10, "cache_read_input_tokens": 70, "cache_creation_input_tokens": 20, "output": 30,
          "cache_creation_ephemeral_5m_input_tokens": 0, "cache_creation_ephemeral_1h_input_tokens": 20},
         {"input_total": 100, "cached_read": 70, "cache_write": 20, "output_total": 30}),
        ({"input": 40, "input_text_tokens": 90, "input_cached_tokens": 60, "output": 30, "total": 130},
         {"input_total": 100, "cached_read": 60, "cache_write": 0, "output_total": 30}),
        ({"input": 100, "output": 30}, {"input_total": 100, "output_total": 30}),
    ],
)  # fmt: skip
def test_langfuse_usage_is_of_disjoint_parts(usage, expected):
    rows = (observation(usage), observation({}, id="span", type="SPAN", providedModelName=None))
    for content in (as_json(*rows), as_csv(*rows), as_json({"data": list(rows)})):
        assert only(content) == {"requests": 1, **expected, "cost": 0.01}


def test_langfuse_tells_how_long_a_cache_write_lives():
    row = observation({"input": 10, "input_ephemeral_5m_input_tokens": 5, "input_ephemeral_1h_input_tokens": 20})
    (terms,) = opened(as_json(row)).terms()["usage"].values()
    assert terms["cache_write_by_ttl"] == {"5m": 5, "1h": 20}


@pytest.mark.parametrize(
    "usage",
    [
        {"input": 100, "output": 30, "total": 130, "unit": "TOKENS", "inputCost": 2, "outputCost": 3, "totalCost": 5},
        {"promptTokens": 100, "completionTokens": 30, "totalTokens": 130},
    ],
)
def test_langfuse_before_its_usage_was_of_parts(usage):
    older = {**observation({}), "usageDetails": None, "usage": usage}
    assert only(as_json(older)) == {"requests": 1, "input_total": 100, "output_total": 30, "cost": 0.01}


def test_langfuse_in_its_older_spelling():
    older = {"id": "1", "trace_id": "t", "start_time": "2026-09-30T10:00:00Z", "provided_model_name": "m-1",
             "usage_details": {"input": 100, "output": 30}, "total_cost": 0.01}  # fmt: skip
    assert only(as_json(older, older)) == {"requests": 1, "input_total": 100, "output_total": 30, "cost": 0.01}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"input_total": 2_000, "cached_read": 1_300, "output_total": 150}),
        ({"prompt_tokens": 1_300}, {"input_total": 1_300, "cached_read": 1_300, "output_total": 150}),  # all cached
        ({"prompt_tokens": 2_000, "completion_tokens": 150, "total_tokens": 2_150},  # the provider's own counts
         {"input_total": 2_000, "cached_read": 1_300, "output_total": 150}),
    ],
)  # fmt: skip
def test_helicone_of_openai(changes, expected):
    row = files.helicone(**changes)
    hit = files.helicone(request_id="2", cache_reference_id="5d1c0a00-0000-4000-8000-000000000004", prompt_tokens=0)
    failed = [files.helicone(request_id=f"no {status}", response_status=status) for status in (429, -1, -2, -3, -4)]
    for content in (as_json(row, hit, *failed), as_csv(row, hit, *failed)):
        assert only(content) == {"requests": 1, **expected, "cache_write": 0, "reasoning": 40, "cost": 0.0005}


def test_helicone_says_when_no_row_proves_its_version():
    row = files.helicone()
    assert not any("no row proves" in told for told in said(as_json(row, row)))
    light = files.helicone(prompt_cache_read_tokens=200)
    assert any("which no row proves" in told for told in said(as_json(light, light)))


def test_helicone_of_anthropic_has_writes_beside_its_input():
    row = files.helicone(provider="ANTHROPIC", prompt_cache_write_tokens=100, reasoning_tokens=None)
    assert only(as_json(row, row)) == {
        "requests": 1, "input_total": 2_100, "cached_read": 1_300, "cache_write": 100, "output_total": 110,
        "cost": 0.0005,
    }  # fmt: skip
    dump = {k: v for k, v in row.items() if k != "costUSD"} | {"cost": 500_000}
    assert "cost" not in only(as_json(dump, dump))


def test_spans_that_repeat_others_are_left_out():
    tokens = {"gen_ai.usage.input_tokens": 16_500, "gen_ai.usage.cache_read.input_tokens": 12_000,
              "gen_ai.usage.output_tokens": 400, "gen_ai.response.model": "claude-sonnet-4-5"}  # fmt: skip
    agent = files.span({**tokens, "gen_ai.operation.name": "invoke_agent"})
    tool = files.span({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.result": SECRET})
    assert groups(files.otlp(files.span(tokens), agent, tool)) == {
        (SEP, "anthropic", "claude-sonnet-4-5"): {
            "requests": 1, "input_total": 16_500, "cached_read": 12_000, "output_total": 400,
        }
    }  # fmt: skip


def test_a_span_with_more_cached_than_input_shows_that_its_library_leaves_them_out():
    model = {"gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.usage.output_tokens": 1}
    heavy = {**model, "gen_ai.usage.input_tokens": 1_000, "gen_ai.usage.cache_read.input_tokens": 12_000,
             "gen_ai.usage.cache_creation.input_tokens": 3_000}  # fmt: skip
    light = {**model, "gen_ai.usage.input_tokens": 1_000, "gen_ai.usage.cache_read.input_tokens": 500}
    assert only(files.otlp(files.span(light)))["input_total"] == 1_000
    assert only(files.otlp(files.span(light), files.span(heavy)))["input_total"] == 1_500 + 16_000
    assert any("leaves them out" in told for told in said(files.otlp(files.span(heavy))))
    assert any("none proves" in told for told in said(files.otlp(files.span(light))))


@pytest.mark.parametrize(
    "names",
    [
        ("gen_ai.usage.prompt_tokens", "gen_ai.usage.completion_tokens", "gen_ai.usage.cache_read_input_tokens"),
        ("llm.token_count.prompt", "llm.token_count.completion", "llm.token_count.prompt_details.cache_read"),
    ],
)
def test_older_and_parallel_names_of_spans(names):
    told = dict(zip(names, (100, 20, 60), strict=True)) | {"llm.model_name": "m-1", "gen_ai.system": "az.ai"}
    expected = {"requests": 1, "input_total": 100, "cached_read": 60, "output_total": 20}
    assert only(files.otlp(files.span(told))) == expected
    flat = {
        "span_id": "1",
        "start_time": "2026-09-30T00:00:00Z",
        "attributes": {**told, "gen_ai.input.messages": SECRET},
    }
    assert only(as_json(flat, flat)) == expected
    columns = {"span_id": "1", "start_time": "2026-09-30T00:00:00Z", **{f"attributes.{k}": v for k, v in told.items()},
               "attributes.gen_ai.input.messages": SECRET}  # fmt: skip
    assert only(as_csv(columns)) == expected == only(table(columns))


def test_a_span_that_was_sent_twice_counts_once():
    told = {"gen_ai.response.model": "m-1", "gen_ai.usage.input_tokens": 5, "gen_ai.usage.output_tokens": 1}
    one, other = files.span(told, traceId="1"), files.span(told, traceId="2")
    assert only(files.otlp(one, one, other))["requests"] == 2


def test_a_library_that_is_known_to_count_wrong_is_named():
    told = files.span({"gen_ai.response.model": "claude-opus-4-8", "gen_ai.usage.output_tokens": 17})
    other = files.span({"gen_ai.response.model": "gpt-5.4", "gen_ai.usage.output_tokens": 17})
    for library, wrong in (("anthropic", "twice"), ("langchain", "writes to a cache")):
        library = f"opentelemetry.instrumentation.{library}"
        assert any(wrong in sentence for sentence in said(files.otlp(told, library=library)))
        assert not any(wrong in sentence for sentence in said(files.otlp(told)))
        assert not any(wrong in sentence for sentence in said(files.otlp(other, library=library)))


def test_failed_spans_are_no_requests():
    told = {"gen_ai.response.model": "m-1", "gen_ai.usage.input_tokens": 5, "gen_ai.usage.output_tokens": 1}
    assert only(files.otlp(files.span(told, status={"code": 2}))) == {
        "requests": 0,
        "input_total": 5,
        "output_total": 1,
    }


@pytest.mark.parametrize("snake", [True, False])
def test_vercel(snake):
    names = {"totalCost": 1.0, "marketCost": 3.0, "inputTokens": 500, "outputTokens": 40, "cachedInputTokens": 200,
             "requestCount": 12}  # fmt: skip
    if snake:
        names = {"".join(f"_{s.lower()}" if s.isupper() else s for s in name): value for name, value in names.items()}
    expected = {"requests": 12, "input_total": 500, "cached_read": 200, "output_total": 40, "cost": 1}
    assert groups(as_json({"results": [{"day": "2026-09-30", **names}]})) == {(SEP, None, None): expected}
    least = {name: value for name, value in names.items() if "arket" not in name}
    assert groups(as_json({"results": [{"day": "2026-09-30", **least}]})) == {(SEP, None, None): expected}
    by_model = as_json({"results": [{"model": "anthropic/claude-sonnet-4-5", **names}]})
    assert groups(by_model) == {(None, "anthropic", "claude-sonnet-4-5"): expected}
    told = said(by_model)
    assert any("say which period" in sentence for sentence in told)
    assert any("keys of your own" in sentence for sentence in told)


def test_deepseek_days_are_converted_and_its_two_files_belong_together():
    times = {"user_id": SECRET, "start_time_iso": "2026-10-01T00:00:00+08:00",
             "end_time_iso": "2026-10-01T01:00:00+08:00", "model": "deepseek-chat", "api_key": SECRET}  # fmt: skip
    kinds = {"request_count": 12, "input_cache_hit_tokens": 70, "input_cache_miss_tokens": 30, "output_tokens": 9}
    amounts = [{**times, "type": kind, "price": None, "amount": amount} for kind, amount in kinds.items()]
    cost = {**times, "wallet_type": "x", "cost": "0.25", "currency": "CNY"}
    for written in (as_csv, as_json):
        content = written(*amounts)
        assert groups(b"\xef\xbb\xbf" + content, written(cost)) == {
            (SEP, "deepseek", "deepseek-chat"): {"requests": 12, "input_total": 100, "cached_read": 70,
                                                 "cache_write": 0, "output_total": 9, "cost": 0.25}
        }  # fmt: skip
