"""Tokens by model: what was counted is what is written, each model has one family, and what is entered stays."""

import re

import pytest

from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from costmodel.fields import number_of
from costmodel.option import StandaloneOption
from costmodel.scenario import values, with_option
from costmodel.settings import CountedWith, KindOfText
from pricing import token_prices
from pricing.evidence import all_evidence
from pricing.facts import Reasoning, TokenizerFamily, TokenRatios, rows
from pricing.presets import preset
from pricing.ranges import ranges
from pricing.selectors import new_option
from pricing.tokens import counted_anew, family_of, figures
from tests.sentence import one_sentence

SCENARIO = preset("healthcare").scenario
KIND, COUNTED = "workload.kind_of_text", "workload.counted_with"
RATIO = "options.frontier_api.token_ratio"
OPEN_RATIO = "options.own_servers.token_ratio"
LISTED = sorted({model for provider in token_prices.providers() for model in token_prices.models(provider)})


def at(**text):
    """A scenario of the preset with another kind of text, or counted with other tokens."""
    return SCENARIO.vary(counted_anew(SCENARIO, {f"workload.{name}": value for name, value in text.items()}))


@pytest.mark.parametrize(("kind", "ratio"), [
    ("english", 1.42), ("german_and_the_like", 2.18), ("chinese_and_the_like", 1.39), ("code", 1.53),
    ("json_records", 1.26), ("tables_of_numbers", 1.25),
])  # fmt: skip
def test_another_kind_of_text_has_the_ratios_that_were_counted(kind, ratio):
    found = at(kind_of_text=kind)
    assert found[RATIO] == ratio
    assert found[OPEN_RATIO] == 1, "gpt-oss has the tokenizer that the workload is counted with"


def test_what_was_counted_with_a_models_own_tokens_is_that_models():
    found = at(kind_of_text="german_and_the_like", counted_with="claude_4.7_and_later")
    assert found[RATIO] == 1
    assert found[OPEN_RATIO] == pytest.approx(1 / 2.18, abs=0.001)
    assert not {RATIO, OPEN_RATIO} & counted_anew(found, {"workload.growth_per_year": 0.1}).keys()


def test_tokens_counted_otherwise_cost_otherwise_and_the_way_back_leads_back():
    german = at(kind_of_text="german_and_the_like")
    back = german.vary(counted_anew(german, {KIND: "english"}))
    assert values(back) == values(SCENARIO)
    cost = {slug: float(each.net_present_cost_usd) for slug, each in compare(german).costs.items()}
    usual = {slug: float(each.net_present_cost_usd) for slug, each in compare(SCENARIO).costs.items()}
    assert cost["frontier_api"] > usual["frontier_api"]
    assert cost["open_api"] == usual["open_api"]


def test_a_ratio_that_was_entered_is_the_readers():
    mine = SCENARIO.vary({RATIO: 1.3})
    assert RATIO not in counted_anew(mine, {KIND: "code"})
    assert counted_anew(SCENARIO, {KIND: "code", RATIO: 1.3})[RATIO] == 1.3


def test_a_kind_of_text_that_there_is_not_is_refused():
    with pytest.raises(ScenarioError) as caught:
        at(kind_of_text="latin")
    one_sentence(str(caught.value))


def test_a_new_option_counts_as_the_scenario_does():
    german = at(kind_of_text="german_and_the_like")
    picked = {"provider": "google", "model": "gemini-3.8-flash"}
    found = with_option(german, "new", new_option("token_api", "New", picked, german.workload))
    assert found["options.new.token_ratio"] == 0.98
    counted = found.vary(counted_anew(found, {COUNTED: "gemini"}))
    assert counted["options.new.token_ratio"] == 1
    assert counted[RATIO] == round(2.18 / 0.98, 3)


def test_a_ratio_lies_within_a_tenth_of_what_was_counted_and_is_drawn_once_for_a_family():
    found = ranges(at(kind_of_text="german_and_the_like"))
    assert (found[RATIO].low, found[RATIO].base, found[RATIO].high) == pytest.approx((2.08, 2.18, 2.28))
    finance = preset("finance").scenario
    second = new_option("token_api", "Haiku", {"provider": "anthropic", "model": "claude-haiku-5-5"}, finance.workload)
    both = ranges(with_option(finance, "third", second))
    assert both["options.second_api.token_ratio"].also == ("options.third.token_ratio",)
    assert ranges(SCENARIO)[OPEN_RATIO.replace("own_servers", "open_api")].distribution == "not_drawn"
    one_draw = ranges(SCENARIO)["options.open_api.reasoning_frac"]
    assert one_draw.also == ("options.cloud_on_demand.reasoning_frac", "options.own_servers.reasoning_frac")


def test_every_ratio_and_share_is_one_that_its_field_takes():
    own = {model: figures(model, SCENARIO.workload).values() for model in LISTED}
    alike = {tuple((row.low, row.base, row.high, row.why) for row in found): model for model, found in own.items()}
    for model in alike.values():  # models of one family and one way of thinking have the same rows for any text
        for kind in KindOfText.__args__:
            for counted in CountedWith.__args__:
                given = SCENARIO.workload.model_copy(update={"kind_of_text": kind, "counted_with": counted})
                for name, row in figures(model, given).items():
                    for end in (row.low, row.base, row.high):
                        number_of(StandaloneOption, name).check(end)


def test_families_are_those_that_a_workload_may_be_counted_with():
    assert {row.family for row in rows(TokenRatios)} == {*CountedWith.__args__, "not_known"}
    assert {row.family for row in rows(TokenizerFamily)} == {*CountedWith.__args__, "not_known"}


@pytest.mark.parametrize(("model", "family"), [
    ("gpt-6.1-sol", "openai_o200k"), ("openai/gpt-oss-120b", "openai_o200k"), ("gpt-oss 120B", "openai_o200k"),
    ("gpt-4o", "openai_o200k"), ("gpt-4", "not_known"), ("gpt-4-1106-preview", "not_known"),
    ("gpt-4.1-mini", "openai_o200k"), ("o3", "openai_o200k"),
    ("claude-sonnet-5-5", "claude_4.7_and_later"), ("claude-opus-4-7", "claude_4.7_and_later"),
    ("claude-opus-4-6", "claude_3_to_4.6"), ("claude-3-5-haiku", "claude_3_to_4.6"), ("claude-2", "not_known"),
    ("global.anthropic.claude-haiku-5-5", "claude_4.7_and_later"),
    ("regional.anthropic.claude-sonnet-4-20250514-v1:0", "claude_3_to_4.6"),
    ("Llama 3.3 70B", "llama"), ("meta-llama/llama-4-scout", "not_known"), ("llama2-70b-4096", "not_known"),
    ("codellama-34b-instruct-hf", "not_known"), ("deepseek-r1-distill-llama-70b", "llama"),
    ("Qwen3 8B", "qwen"), ("qwen/qwen3-32b", "qwen"), ("qwen3.5-9b", "not_known"), ("qwen3.8-27b", "not_known"),
    ("databricks-qwen35-122b-a10b", "not_known"), ("qwen2.5-72b-instruct", "qwen"),
    ("DeepSeek V3.2", "deepseek"), ("deepseek-v4-pro", "deepseek"), ("Gemma 3 27B", "gemma"),
    ("gemini-3.8-flash", "gemini"), ("Mistral Small 3.2 24B", "mistral"), ("Mixtral 8x7B", "not_known"),
    ("mistral-small-2402", "not_known"), ("Mistral Large 2", "not_known"), ("mistral-large-2512", "mistral"),
    ("Kimi K2.6", "not_known"), ("GLM-5", "not_known"), ("MiniMax M2.5", "not_known"), ("", "not_known"),
])  # fmt: skip
def test_a_model_belongs_to_the_family_whose_tokenizer_it_has(model, family):
    assert family_of(model).family == family


@pytest.mark.parametrize(("model", "thinks", "share"), [
    ("gpt-oss 120B", "always", (0.05, 0.2, 0.6)), ("deepseek-r1", "always", (0.6, 0.702, 0.8)),
    ("gpt-6.1-sol", "always", (0.1, 0.3, 0.7)), ("claude-sonnet-5-5", "by_default", (0, 0.3, 0.7)),
    ("claude-sonnet-4-5", "on_request", (0, 0, 0)), ("Llama 3.3 70B", "never", (0, 0, 0)),
    ("qwen3-30b-a3b-instruct-2507", "never", (0, 0, 0)), ("Qwen3 32B", "by_default", (0, 0.3, 0.7)),
    ("gpt-5.4-mini", "on_request", (0, 0, 0)), ("somebody/new", "not_known", (0, 0, 0.5)), ("", "never", (0, 0, 0)),
])  # fmt: skip
def test_whether_a_model_thinks_is_a_fact_of_its_name(model, thinks, share):
    row = figures(model)["reasoning_frac"]
    assert (row.low, row.base, row.high) == share
    plain = re.sub(r"[^a-z0-9]+", "-", model.rpartition("/")[2].lower())
    assert next(each for each in rows(Reasoning) if re.search(each.pattern, plain)).thinks == thinks


def test_only_what_was_measured_is_called_measured():
    assert [row.base for row in rows(Reasoning) if row.confidence == "measured"] == [0.702]
    assert figures("claude-opus-4-7")["token_ratio"].confidence == "estimate"
    assert figures("claude-sonnet-5-5")["token_ratio"].confidence == "estimate"
    assert figures("Llama 3.1 8B")["token_ratio"].confidence == "measured"
    assert figures("Kimi K2")["token_ratio"].confidence == "judgement"


def test_ratio_and_share_say_where_they_are_from_and_how_far_they_may_lie_off():
    share = "options.frontier_api.reasoning_frac"
    found = all_evidence(SCENARIO, [RATIO, share])
    assert (found[RATIO].low, found[RATIO].value, found[RATIO].high) == (1.32, 1.42, 1.52)
    assert "ctok 1.3.0" in found[RATIO].fact.source
    assert (found[share].low, found[share].value, found[share].high) == (0, 0.3, 0.7)
    assert all(evidence.unchanged for evidence in found.values())
