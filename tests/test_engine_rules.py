"""Rules: each is told in a sentence, rules out whatever breaks it, and ranks it behind all that keep to them."""

import numpy as np
import pytest
from hypothesis import given

from costmodel.latency import LATENCY
from reports.words.order import ruling
from tests.neutral import compare, neutral_option, neutral_scenario
from tests.sentence import one_sentence
from tests.strategies import scenarios

RULES = {
    "sensitive": {"rules.sensitive_data_stays": True},
    "region": {"rules.data_must_stay_in_region": True, "rules.home_region": "eu"},
    "start": {"rules.latest_start_months": 2},
    "time": {"rules.response_time_limit_s": 5.5},
}


@pytest.fixture
def scenario():
    """An API far away and slow, GPUs in the home region, own servers that come late; the API is the cheapest."""
    options = {
        "api": neutral_option(
            "token_api", governance__data_leaves_frac=1, region="us-east-1", first_token_ms=1000, time_per_token_ms=50
        ),
        "gpus": neutral_option(
            "cloud_gpu", governance__data_leaves_frac=1, region="europe-west4", launch__migration_usd=10
        ),
        "own": neutral_option("on_prem", lead_time_months=3, launch__migration_usd=20),
    }
    workload = {"output_tokens_per_request": 100, "sensitive_frac": 0.3, "requests_per_month": 1e4}
    return neutral_scenario(options, **{f"workload__{name}": value for name, value in workload.items()})


def broken(scenario, rule, **changes):
    """Slug -> what it breaks, under one rule."""
    costs = compare(scenario.vary({**RULES[rule], **changes})).costs
    return {slug: cost.broken_rules for slug, cost in costs.items() if cost.broken_rules}


def test_without_rules_everything_is_allowed(scenario):
    comparison = compare(scenario)
    assert comparison.allowed == ("api", "gpus", "own")
    assert comparison.ranking == ("api", "gpus", "own")
    assert all(cost.broken_rules == () for cost in comparison.costs.values())


def test_sensitive_data_stays(scenario):
    sentence = "Sensitive data must stay, but 30 % of all requests take it elsewhere."
    assert broken(scenario, "sensitive") == {"api": (sentence,), "gpus": (sentence,)}
    assert broken(scenario, "sensitive", **{"workload.sensitive_frac": 0.0}) == {}


def test_a_bridge_exposes_what_the_servers_after_it_would_not(scenario):
    found = broken(scenario, "sensitive", **{"options.own.bridge_option": "api"})
    assert "own" in found
    at_once = {"options.own.bridge_option": "api", "options.own.lead_time_months": 0}
    assert "own" not in broken(scenario, "sensitive", **at_once)


def test_data_stays_in_its_region(scenario):
    home = "Data must stay in the home region, eu, but"
    assert broken(scenario, "region") == {"api": (f"{home} token_api processes it in us-east-1.",)}
    unknown = broken(scenario, "region", **{"options.api.region": " "})
    assert unknown == {"api": (f"{home} the region of token_api is not stated.",)}
    homeless = broken(scenario, "region", **{"rules.home_region": ""})
    assert set(homeless) == {"api", "gpus"}
    assert "own" in broken(scenario, "region", **{"options.own.bridge_option": "api"})


def test_users_are_served_in_time(scenario):
    assert broken(scenario, "start") == {"own": ("Users are served after 3 months, later than the 2 allowed.",)}
    assert broken(scenario, "start", **{"options.own.bridge_option": "api"}) == {}


def test_answers_come_in_time(scenario):
    asked = "its 100 tokens would have to come at 45 ms each instead of 50 ms."
    assert broken(scenario, "time") == {"api": (f"An answer takes 6 s, more than the 5.5 s allowed: {asked}",)}
    assert broken(scenario, "time", **{"options.api.time_per_token_ms": 45.0}) == {}


def test_a_response_is_the_network_the_first_token_and_the_rest(scenario):
    found = compare(scenario.vary({"options.api.network_latency_ms": 80.0}))["api"].quantities
    for name, seconds in zip(LATENCY, (0.08, 1, 5, 6.08), strict=True):
        np.testing.assert_allclose(found[name], [0] + [seconds] * 12, err_msg=name)


def test_on_gpus_the_first_token_waits_for_the_prompt_and_the_rest_for_the_batch(scenario):
    for slug in ("gpus", "own"):
        short, long = (
            compare(scenario.vary({"workload.input_tokens_per_request": tokens}))[slug].quantities
            for tokens in (100.0, 10_000.0)
        )
        assert long["first_token_s"][-1] == pytest.approx(100 * short["first_token_s"][-1], rel=0.3)
        assert long["first_token_s"][-1] > 100 * short["first_token_s"][-1], "each token attends to those before it"
        np.testing.assert_allclose(short["generation_s"][-1], 100 * 0.05, rtol=0.3)
        assert np.all(short["response_time_s"][-1] >= short["generation_s"][-1])


def test_what_breaks_a_rule_ranks_behind_all_that_keep_to_them(scenario):
    comparison = compare(scenario.vary(RULES["region"]))
    assert comparison.allowed == ("gpus", "own")
    assert comparison.ranking == ("gpus", "own", "api")
    nothing_left = compare(scenario.vary({"rules.response_time_limit_s": 0.01}))
    assert nothing_left.allowed == ()
    assert nothing_left.ranking == ("api", "gpus", "own")


def test_every_broken_rule_is_told_in_one_sentence(scenario):
    everything = {path: value for rule in RULES.values() for path, value in rule.items()}
    costs = compare(scenario.vary(everything)).costs
    assert len(costs["api"].broken_rules) == 3
    for cost in costs.values():
        for sentence in cost.broken_rules:
            one_sentence(sentence)


def test_combined_options_break_what_one_of_their_parts_breaks(scenario):
    hybrid = neutral_option("hybrid", base_option="own", overflow_option="api", owned_capacity_frac=0.5)
    mix = neutral_option("multi_cloud", first_option="own", second_option="api", first_frac=0.5)
    both = scenario.vary(
        {"workload.peak_to_mean_ratio": 4.0}, options={**scenario.options, "hybrid": hybrid, "mix": mix}
    )
    assert {"hybrid", "mix"} <= set(broken(both, "region"))
    assert {"hybrid", "mix"} <= set(broken(both, "start"))
    assert "hybrid" not in broken(both, "sensitive")  # the overflow takes nothing sensitive
    assert broken(both, "sensitive")["mix"] == (
        "Sensitive data must stay, but 15 % of all requests take it elsewhere.",
    )


def test_of_many_runs_an_option_must_keep_to_the_rules_in_all(scenario):
    many = scenario.vary({**RULES["time"], "options.api.time_per_token_ms": np.array([[10.0], [60.0]])})
    (told,) = compare(many)["api"].broken_rules
    assert told.startswith("An answer takes 7 s, more than the 5.5 s allowed: ")
    kept = scenario.vary({**RULES["time"], "options.api.time_per_token_ms": np.array([[10.0], [30.0]])})
    assert compare(kept)["api"].broken_rules == ()


def test_each_run_of_many_keeps_to_the_rules_or_not_by_itself(scenario):
    many = compare(
        scenario.vary({**RULES["time"], "options.api.time_per_token_ms": np.array([[10.0], [60.0], [45.0]])})
    )
    assert many["api"].keeps_rules.tolist() == [True, False, True]  # 2 s, 7 s and 5.5 s for an answer
    assert many.contends["api"].tolist() == [True, False, True]
    limits = compare(scenario.vary({"rules.response_time_limit_s": np.array([[5.9], [6.0], [3600.0]])}))
    assert limits["api"].keeps_rules.tolist() == [False, True, True]
    shares = {**RULES["sensitive"], "workload.sensitive_frac": np.array([[0.0], [0.1]])}
    assert compare(scenario.vary(shares))["api"].keeps_rules.tolist() == [True, False]
    abroad = {**RULES["region"], "options.api.governance.data_leaves_frac": np.array([[0.0], [1.0]])}
    assert compare(scenario.vary(abroad))["api"].keeps_rules.tolist() == [True, False]


def test_where_no_option_keeps_to_the_rules_all_contend(scenario):
    nowhere = {**RULES["region"], "rules.home_region": "ch", "rules.latest_start_months": 2}
    nowhere["options.gpus.governance.data_leaves_frac"] = np.array([[0.0], [1.0]])
    found = compare(scenario.vary(nowhere))
    assert {slug: np.broadcast_to(may, 2).tolist() for slug, may in found.contends.items()} == {
        "api": [False, True],
        "gpus": [True, True],
        "own": [False, True],
    }


def test_what_passes_before_an_answer_begins_is_told_where_no_speed_of_its_tokens_would_do(scenario):
    (told,) = broken(scenario, "time", **{"rules.response_time_limit_s": 0.9})["api"]
    assert told == "An answer takes 6 s, more than the 0.9 s allowed: 1 s pass before it begins."


def test_of_parts_together_it_is_told_how_much_faster_the_slower_would_have_to_be(scenario):
    mix = neutral_option("multi_cloud", first_option="gpus", second_option="api", first_frac=0.5)
    both = scenario.vary({}, options={**scenario.options, "mix": mix})
    (told,) = broken(both, "time")["mix"]
    assert told.endswith("its tokens would have to come 1.11 times as fast.")  # 5 s of decoding in 4.5 s


def test_every_rule_that_is_broken_is_told_the_first_in_full(scenario):
    cost = compare(scenario.vary({**RULES["sensitive"], **RULES["region"], **RULES["time"]}))["api"]
    assert [breach.rule for breach in cost.breaches] == ["sensitive data", "response time", "region"]
    assert ruling(cost) == f"{cost.broken_rules[0]} Other rules broken: response time and region."
    assert ruling(compare(scenario)["api"]) == ""


def test_the_highest_limit_is_none(scenario):
    slow = {"options.api.time_per_token_ms": 10_000.0, "workload.output_tokens_per_request": 1000.0}
    assert compare(scenario.vary({**slow, "rules.response_time_limit_s": 3599.0}))["api"].broken_rules
    assert compare(scenario.vary({**slow, "rules.response_time_limit_s": 3600.0}))["api"].broken_rules == ()


def test_a_part_without_a_share_breaks_no_rule(scenario):
    hybrid = neutral_option("hybrid", base_option="own", overflow_option="api", owned_capacity_frac=1)
    mix = neutral_option("multi_cloud", first_option="gpus", second_option="api", first_frac=1)
    both = scenario.vary({}, options={**scenario.options, "hybrid": hybrid, "mix": mix})
    assert set(broken(both, "region")) == {"api"}
    some = {"options.hybrid.owned_capacity_frac": 0.9, "options.mix.first_frac": 0.9}
    assert set(broken(both.vary(some), "region")) == {"api", "hybrid", "mix"}


def streaming(limit_ms, **serving):
    """GPUs that serve a model of their own under a limit on the time per token."""
    fields = {"gpu_bandwidth_gb_per_s": 1000, "gpu_memory_gb": 80, "measured_tok_per_s_per_gpu": 0, **serving}
    gpus = neutral_option("cloud_gpu", **{f"serving__{name}": value for name, value in fields.items()})
    workload = {"requests_per_month": 1e6, "input_tokens_per_request": 500.0, "output_tokens_per_request": 200.0}
    return neutral_scenario(
        {"gpus": gpus},
        **{f"workload__{name}": value for name, value in workload.items()},
        workload__time_per_token_limit_ms=limit_ms,
    )


def test_a_limit_that_no_replica_keeps_is_a_broken_rule_with_its_remedy_and_no_fleet_of_thousands():
    kept, tight, hopeless = (compare(streaming(limit))["gpus"] for limit in (50.0, 12.0, 1.0))
    assert kept.broken_rules == ()
    (told,) = tight.broken_rules
    one_sentence(told)
    assert told.startswith("cloud_gpu cannot stream faster than")
    assert told.endswith("take 2 a replica.")
    assert compare(streaming(12.0).vary({"options.gpus.serving.gpus_per_replica": 2}))["gpus"].broken_rules == ()
    (told,) = hopeless.broken_rules
    assert "looser limit" in one_sentence(told)
    servers = [float(cost.quantities["servers"].max()) for cost in (kept, tight, hopeless)]
    assert servers[1] == servers[2] < 10 * servers[0]


def test_a_limit_rules_out_run_by_run_and_whoever_serves():
    limits = {"workload.time_per_token_limit_ms": np.array([[12.0], [50.0]])}
    assert compare(streaming(50.0).vary(limits))["gpus"].keeps_rules.tolist() == [False, True]
    scenario = streaming(12.0)
    hybrid = neutral_option("hybrid", base_option="own", overflow_option="gpus")
    fast = neutral_option("on_prem", serving__measured_tok_per_s_per_gpu=0)
    both = scenario.vary({}, options={**scenario.options, "own": fast, "both": hybrid})
    (told,) = compare(both)["both"].broken_rules
    assert told.startswith("cloud_gpu cannot stream")


def test_gpus_stream_as_fast_as_a_response_time_asks_once_the_limit_per_token_does():
    late = streaming(50.0).vary({"rules.response_time_limit_s": 1.5, "workload.output_tokens_per_request": 50.0})
    (told,) = compare(late)["gpus"].broken_rules
    one_sentence(told)
    assert told.endswith("; set the limit on the time per token to that.")
    asked = float(told.partition(" at ")[2].partition(" ms")[0])
    assert compare(late.vary({"workload.time_per_token_limit_ms": asked}))["gpus"].broken_rules == ()
    assert compare(late.vary({"workload.time_per_token_limit_ms": asked * 1.02}))["gpus"].broken_rules


def test_where_only_the_bridge_is_too_slow_it_is_named(scenario):
    bridged = {"options.own.bridge_option": "api"}
    (told,) = broken(scenario, "time", **bridged)["own"]
    assert told.startswith("An answer takes 6 s until delivery, by its bridge, more than the 5.5 s allowed: its tokens")


LONG = {"workload.input_tokens_per_request": 400_000.0, "workload.time_per_token_limit_ms": 1e4}
WINDOWS = {"api": 131_072.0, "gpus": 1e6, "own": 0.0}


def windows(scenario, **changed):
    """The scenario with options of three windows, one of them not known."""
    return scenario.vary(
        {f"options.{slug}.context_window_tokens": size for slug, size in {**WINDOWS, **changed}.items()}
    )


def test_a_request_longer_than_the_model_takes_is_a_broken_rule(scenario):
    assert all(not cost.broken_rules for cost in compare(windows(scenario)).costs.values())
    found = compare(windows(scenario).vary(LONG))
    sentence = "A request has 400,100 tokens; the longest that token_api can take has 131,072."
    assert {slug: cost.broken_rules for slug, cost in found.costs.items()} == {
        "api": (sentence,), "gpus": (), "own": ()
    }  # fmt: skip
    assert found.ranking == ("gpus", "own", "api"), "the cheapest cannot take it"
    one_sentence(sentence)


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"workload.input_tokens_per_request": 900.0}, False),
        ({"workload.input_tokens_per_request": 901.0}, True),
        ({"workload.input_tokens_per_request": 800.0, "workload.reasoning_tokens_per_request": 101.0}, True),
        ({"workload.input_tokens_per_request": 600.0, "options.api.token_ratio": 1.5}, True),
    ],
)
def test_input_reasoning_and_answer_count_in_the_models_own_tokens(scenario, change, broken):
    cost = compare(windows(scenario, api=1000.0).vary(change))["api"]
    assert bool(cost.broken_rules) == broken


def test_every_part_must_take_the_request(scenario):
    """A hybrid by its overflow and by the bridge of its base, a mix by each provider, a fleet by its devices."""
    added = {
        "hybrid": neutral_option("hybrid", base_option="own", overflow_option="gpus", owned_capacity_frac=0.5),
        "mix": neutral_option("multi_cloud", first_option="gpus", second_option="api", first_frac=0.5),
        "edge": neutral_option("edge", fallback_option="gpus", edge_frac=0.5, device__context_window_tokens=8192),
    }
    both = windows(scenario.vary({"workload.peak_to_mean_ratio": 4.0}, options={**scenario.options, **added}))
    told = {slug: cost.broken_rules for slug, cost in compare(both.vary(LONG)).costs.items()}
    assert told["hybrid"] == ()
    assert told["mix"] == told["api"]
    assert told["edge"] == ("A request has 400,100 tokens; the longest that edge can take has 8,192.",)
    assert compare(both.vary({**LONG, "options.edge.edge_frac": 0.0}))["edge"].broken_rules == ()
    bridged = compare(both.vary({**LONG, "options.own.bridge_option": "api"}))
    assert bridged["hybrid"].broken_rules == bridged["own"].broken_rules == told["api"]


def test_each_run_has_its_own_length(scenario):
    lengths = np.array([[1000.0], [400_000.0]])
    many = compare(windows(scenario).vary({**LONG, "workload.input_tokens_per_request": lengths}))
    assert many.contends["api"].tolist() == [True, False]
    assert many.contends["own"].tolist() == [True, True], "not known is no rule"


PEAK = {"rules.peak_must_be_carried": True, "workload.peak_to_mean_ratio": 4.0, "workload.requests_per_month": 2.628e6}
LIMIT = "options.api.rate_limit_tok_per_s"  # the busiest hour asks for 4 requests of 101 tokens a second


def test_the_peak_must_be_carried(scenario):
    assert compare(scenario.vary({**PEAK, LIMIT: 404.0}))["api"].broken_rules == (), "it carries the peak to the token"
    comparison = compare(scenario.vary({**PEAK, LIMIT: 13.8}))
    (sentence,) = comparison["api"].broken_rules
    assert sentence == (
        "The peak must be carried, but its rate limit carries 3.4 % of the busiest hour in month 1; "
        "404 tokens per second would carry it."
    )
    one_sentence(sentence)
    assert comparison.ranking[0] != "api"
    assert compare(scenario.vary({**PEAK, LIMIT: 13.8, "rules.peak_must_be_carried": False})).ranking[0] == "api"


def test_the_peak_counts_from_the_first_month_that_is_served(scenario):
    """Own servers that come late carry nothing until then; with a bridge they serve at once, within its limit."""
    late = {"options.own.lead_time_months": 3, LIMIT: 13.8}
    assert compare(scenario.vary({**PEAK, **late}))["own"].broken_rules == ()
    bridged = compare(scenario.vary({**PEAK, **late, "options.own.bridge_option": "api"}))["own"].broken_rules
    assert bridged == (
        "The peak must be carried, but until delivery its bridge carries 3.4 % of the busiest hour in month 1.",
    )
    mix = neutral_option("multi_cloud", first_option="gpus", second_option="api", first_frac=0.9)
    mixed = scenario.vary({**PEAK, LIMIT: 40.0}, options={**scenario.options, "mix": mix})
    told = ("The peak must be carried, but only 99 % of the busiest hour in month 1 is.",)
    assert compare(mixed)["mix"].broken_rules == told, "a tenth of 404 tokens a second goes to the account"
    at_last = {LIMIT: 500.0, "workload.growth_per_year": 1.0}
    assert "month 12" in compare(scenario.vary({**PEAK, **at_last}))["api"].broken_rules[0]


def test_a_month_without_traffic_asks_for_nothing(scenario):
    quiet = {"workload.season.march_ratio": 0.0}
    assert all(cost.carries_peak for cost in compare(scenario.vary({**PEAK, **quiet})).costs.values())


@given(scenarios(rules__peak_must_be_carried=True))
def test_what_is_sized_for_the_peak_carries_it(scenario):
    for slug in ("cloud_gpu", "on_prem"):
        assert compare(scenario.vary({"options.on_prem.bridge_option": ""}))[slug].carries_peak


def test_a_limit_that_is_outgrown_in_a_run_rules_nothing_out_but_one_too_small_today_does(scenario):
    volumes = PEAK["workload.requests_per_month"] * np.array([[0.1], [1.0], [10.0]])
    for limit, keeps in ((404.0, [True, True, True]), (100.0, [True, False, False])):
        today = compare(scenario.vary({**PEAK, LIMIT: limit}))
        many = today.scenario.vary({"workload.requests_per_month": volumes})
        assert np.broadcast_to(compare(many, today, rise_from=today)["api"].keeps_rules, 3).tolist() == keeps
    many = compare(many, today)
    assert many["api"].keeps_rules.tolist() == [True, False, False], "as a reader has it who enters the volume"
    assert many["api"].carries_peak.tolist() == [True, False, False]
