"""The market: every listed model priced at once costs what it costs alone; what a row does not say is said."""

from collections import Counter
from datetime import date

import pytest

from costmodel.comparison import compare
from costmodel.scenario import with_option
from costmodel.token_prices import NEVER_TOKENS, NEVER_YEAR
from pricing import token_prices
from pricing.market import AT_ONCE, LAST_DAY, REGION, RESPONSE, called, hosts, market, model_of, offers, rented
from pricing.presets import preset
from pricing.same_model import plain_name
from pricing.selectors import new_option
from pricing.tokens import figures

SCENARIO = preset("assistant").scenario
LONG = {"workload.input_tokens_per_request": 300_000}
WAITING = {
    "workload.batch_frac": 0.6,
    "workload.cached_input_frac": 0.5,
    "workload.kind_of_text": "german_and_the_like",
}


def places(wanted, most=4):
    return [place for place, row in enumerate(offers()) if wanted(row)][:most]


SPECIAL = [
    *places(lambda row: row.hourly.hours_utc),
    *places(lambda row: row.announced.from_year < NEVER_YEAR),
    *places(lambda row: row.long_prices.above_tokens < NEVER_TOKENS),
    *places(lambda row: row.longest_prices.above_tokens < NEVER_TOKENS),
    *places(lambda row: row.prices.batch_output_discount_frac),
    *range(0, len(offers()), 400),
]


@pytest.mark.parametrize("changes", [{}, LONG, WAITING])
def test_each_of_many_rows_costs_and_keeps_what_it_does_as_an_option(changes):
    scenario = SCENARIO.vary(changes)
    found = market(scenario, offers())
    assert len(found.rows) > 1200
    for place in SPECIAL:
        row = offers()[place]
        alone = compare(scenario.vary({}, options={"alone": rented(scenario, row)}))["alone"]
        assert found.usd[place] == pytest.approx(alone.net_present_cost_usd, rel=1e-12), row.model
        of_offer = {AT_ONCE, LAST_DAY} & set(found.breaks(place))
        assert found.keeps_rules[place] == (not alone.broken_rules and not of_offer), row.model


def test_some_rows_cost_what_they_cost_among_all():
    few = hosts("gpt-oss-120b")
    among = dict(zip(offers(), market(SCENARIO, offers()).usd, strict=True))
    assert [among[row] for row in few] == pytest.approx(market(SCENARIO, few).usd, rel=1e-12)


def test_a_row_comes_on_the_companys_own_terms_without_what_was_agreed_with_one_provider():
    scenario = SCENARIO.vary({
        "options.open_api.staff.ml_engineer_fte": 0.7,
        "options.open_api.attempts_ratio": 1.4,
        "options.open_api.discount_frac": 0.3,
        "options.open_api.governance.data_leaves_frac": 0.0,
        "options.frontier_api.rate_limit_tok_per_s": 5e4,
    })  # fmt: skip
    same, other = rented(scenario, hosts("gpt-oss-120b")[0]), rented(scenario, hosts("claude-haiku-5-5")[0])
    assert (same["staff"]["ml_engineer_fte"], same["attempts_ratio"], same["discount_frac"]) == (0.7, 1.4, 0)
    assert same["governance"]["data_leaves_frac"] == 1
    assert other["attempts_ratio"] == 1
    assert other["rate_limit_tok_per_s"] >= 5e4


def test_a_limit_carries_as_many_requests_in_whatever_tokens():
    """So no model is out because it makes more tokens of the same text."""
    short = SCENARIO.vary(
        {"options.open_api.rate_limit_tok_per_s": 10.0, "options.frontier_api.rate_limit_tok_per_s": 10.0}
    )
    assert market(SCENARIO, offers()).broken.get("peak") is None
    assert market(short, offers()).broken["peak"].all()


def test_a_row_is_counted_with_its_models_own_tokens_and_thinking_unless_the_reader_said_otherwise():
    german = SCENARIO.vary({"workload.kind_of_text": "german_and_the_like"})
    sonnet, other = hosts("claude-sonnet-5-5")[0], hosts("mistral-7b-instruct-v0-2")[0]
    row = rented(german, sonnet)
    known = figures("claude-sonnet-5-5", german.workload)
    assert (row["token_ratio"], row["reasoning_frac"]) == (known["token_ratio"].base, known["reasoning_frac"].base)
    assert row["token_ratio"] > rented(SCENARIO, sonnet)["token_ratio"] > 1
    assert rented(german, other)["reasoning_frac"] == 0
    own = german.vary({"options.open_api.token_ratio": 1.23, "options.open_api.reasoning_frac": 0.11})
    same = rented(own, hosts("gpt-oss-120b")[0])
    assert (same["token_ratio"], same["reasoning_frac"]) == (1.23, 0.11)


def test_what_an_option_has_of_its_own_host_is_what_the_market_says_of_that_host():
    option, cost = SCENARIO.options["open_api"], compare(SCENARIO)["open_api"]
    rows = hosts(model_of(option))
    place = next(place for place, row in enumerate(rows) if row.provider == option.provider)
    assert market(SCENARIO, rows).usd[place] == pytest.approx(float(cost.net_present_cost_usd), rel=1e-9)


def test_a_model_has_one_name_wherever_it_is_sold():
    names = ("openai/gpt-oss-120b", "@cf/openai/gpt-oss-120b", "gpt-oss 120B", "openai.gpt-oss-120b-1:0",
             "databricks-gpt-oss-120b", "openai/gpt-oss-120b:batch")  # fmt: skip
    assert {plain_name(name) for name in names} == {"gpt-oss-120b"}


@pytest.mark.parametrize(("one", "other"), [
    ("llama-v3p3-70b-instruct", "Llama 3.3 70B"),
    ("meta-llama/Llama-3.3-70B-Instruct", "databricks-meta-llama-3-3-70b-instruct"),
    ("regional.anthropic.claude-opus-4-7-v1:0", "claude-opus-4-7"),
    ("glm-5p3", "zai-org/GLM-5.3"),
    ("qwen.qwen3-32b-v1:0", "Qwen/Qwen3-32B"),
    ("global.anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic/claude-haiku-4.5"),
    ("gemma-4-26b-a4b-it-maas", "google/gemma-4-26b-a4b-it"),
])  # fmt: skip
def test_hosts_write_one_name_in_many_ways(one, other):
    assert plain_name(one) == plain_name(other)


@pytest.mark.parametrize(("one", "other"), [
    ("gpt-oss-120b", "gpt-oss-20b"),
    ("deepseek-ai/DeepSeek-R1", "DeepSeek V3"),
    ("DeepSeek-R1-0528", "DeepSeek-R1"),
    ("gpt-4o-2024-05-13", "gpt-4o"),
    ("gpt-3.5-turbo-instruct", "gpt-3.5-turbo"),
    ("Llama 3.1 70B", "Llama 3.3 70B"),
    ("glm-5p3-fast", "glm-5p3"),
    ("Qwen/Qwen3-32B-FP8", "Qwen/Qwen3-32B"),
    ("deepseek-r1-distill-llama-70b", "llama-3.3-70b"),
    ("qwen-plus:thinking", "qwen-plus"),
])  # fmt: skip
def test_another_size_date_precision_or_speed_is_another_model(one, other):
    assert plain_name(one) != plain_name(other)


def test_a_plain_name_is_plain():
    assert [row.model for row in offers() if plain_name(plain_name(row.model)) != plain_name(row.model)] == []


@pytest.mark.parametrize(("provider", "model"), [
    ("aws", "regional.anthropic.claude-3-haiku-20240307-v1:0"), ("google", "claude-3-opus"), ("azure", "o1-mini"),
    ("openrouter", "anthropic/claude-3.5-haiku"),  # their makers ended them and keep them to themselves
    ("openrouter", "google/palm-2-chat-bison"), ("openrouter", "meta-llama/llama-2-13b-chat"),  # of a former list
    ("openrouter", "~deepseek/deepseek-v4-flash-latest"),  # whichever model is the newest
    ("openai", "gpt-4o-mini-2024-07-18.ft-"),  # sold only to those who tuned it
])  # fmt: skip
def test_what_nobody_can_rent_any_more_or_as_it_is_is_no_offer(provider, model):
    assert token_prices.price(provider, model), "its usage of former months has a price"
    assert (provider, model) not in {(row.provider, row.model) for row in offers()}


def test_a_model_that_its_maker_ended_lately_is_sold_on_by_the_clouds():
    assert {("aws", "regional.anthropic.claude-opus-4-1-20250805-v1:0"), ("azure", "o1")} <= {
        (row.provider, row.model) for row in offers()
    }


def test_what_a_seller_has_twice_of_one_model_says_what_tells_it_apart():
    told = {row.model: called(row) for row in offers() if row.seller == "AWS Bedrock"}
    assert told["global.anthropic.claude-opus-5"] == "Claude Opus 5 (global)"
    assert told["regional.anthropic.claude-opus-5"] == "Claude Opus 5 (regional)"
    listed = [(called(row), row.seller) for name in map(plain_name, told) for row in hosts(name)]
    assert len(set(listed)) == len({(row.model, row.seller) for name in map(plain_name, told) for row in hosts(name)})
    names = Counter((row.seller, called(row)) for row in offers())
    assert [name for name, count in names.items() if count > 1] == []


def test_a_seller_offers_a_model_once_at_one_price():
    bare = Counter((row.seller, row.model.rpartition("/")[2], repr(row.prices)) for row in offers())
    differ = [key for key, count in bare.items() if count > 1]
    assert differ == []
    kept = {row.model for row in offers() if row.seller == "OpenRouter"}
    assert "z-ai/glm-5v-turbo" in kept, "it says how long a request may be"
    assert not {"glm-5v-turbo", "claude-3.7-sonnet", "lfm-7b", "liquid/lfm-7b"} & kept, "left from a former list"


def test_a_request_that_is_too_long_rules_out_who_says_so_and_leaves_open_who_does_not():
    found = market(SCENARIO.vary({"workload.input_tokens_per_request": 200_000}), offers())
    for place, row in enumerate(offers()):
        known = rented(SCENARIO, row)["context_window_tokens"] if place % 200 == 0 else None
        if known is not None:
            assert ("longest request" in found.breaks(place)) == (0 < known < 200_000)
            assert ("longest request" in found.leaves_open(place)) == (known == 0)


def test_who_serves_only_requests_that_may_wait_serves_no_others():
    batch = [place for place, row in enumerate(offers()) if row.model.endswith(":batch")]
    assert all(AT_ONCE in market(SCENARIO, offers()).breaks(place) for place in batch)
    waiting = market(SCENARIO.vary({"workload.batch_frac": 0.99}), offers())
    assert not any(AT_ONCE in waiting.breaks(place) for place in batch)


def test_who_stops_selling_within_the_horizon_is_out():
    soon = {"workload.start_year": 2026, "workload.start_month": 11, "finance.horizon_months": 2}
    scenario = SCENARIO.vary(soon, options={"open_api": SCENARIO.options["open_api"]})
    found, end = market(scenario, offers()), date(2027, 1, 1)
    ending = {place for place, row in enumerate(offers()) if row.last_day and row.last_day < end}
    assert {place for place in range(len(offers())) if LAST_DAY in found.breaks(place)} == ending
    withdrawn = next(place for place, row in enumerate(offers()) if row.is_withdrawn)
    assert LAST_DAY in found.leaves_open(withdrawn)


def test_sensitive_data_that_must_stay_leaves_no_model_that_is_rented():
    scenario = SCENARIO.vary({"rules.sensitive_data_stays": True, "workload.sensitive_frac": 0.1})
    assert not market(scenario, offers()).keeps_rules.any()


def test_no_row_says_where_and_how_fast_it_is():
    scenario = SCENARIO.vary({"rules.data_must_stay_in_region": True, "rules.response_time_limit_s": 60.0})
    found = market(scenario, hosts("gpt-oss-120b"))
    assert found.keeps_rules.any()
    assert all({REGION, RESPONSE} <= set(found.leaves_open(place)) for place in range(len(found.rows)))


def test_without_an_option_that_rents_tokens_rows_come_on_the_usual_terms():
    alone = SCENARIO.vary({"options.own_servers.bridge_option": ""}).options["own_servers"]
    scenario, row = SCENARIO.vary({}, options={"own": alone}), hosts("claude-haiku-5-5")[0]
    usual = new_option("token_api", "usual", {"provider": row.provider, "model": row.model})
    cost = compare(with_option(scenario, "usual", usual))["usual"].net_present_cost_usd
    assert market(scenario, [row]).usd[0] == pytest.approx(float(cost), rel=1e-12)
