"""Bad input is refused with one sentence that names the path, the value and the bound, and changes nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.errors import ScenarioError
from costmodel.scenario import Scenario, paths, without_option
from tests.neutral import neutral_option, neutral_scenario, plain
from tests.sentence import one_sentence
from tests.strategies import drawable, ordinary_scenario, scenario_at

SCENARIO = ordinary_scenario().vary({"options.on_prem.bridge_option": "token_api"})
REQUESTS = "workload.requests_per_month"


def refusal(changes) -> str:
    """The sentence with which the changes are refused; one line, one sentence and at most one question after it."""
    before = plain(SCENARIO)
    with pytest.raises(ScenarioError) as caught:
        SCENARIO.vary(changes)
    assert plain(SCENARIO) == before
    return one_sentence(str(caught.value))


UNKNOWN = {
    "workload.request_per_month": "workload.requests_per_month",
    "workload.requests": "workload.requests_per_month",
    "Workload.Requests_Per_Month": "workload.requests_per_month",
    "requests_per_month": "workload.requests_per_month",
    "options.on_prem.server_price": "options.on_prem.server_price_usd",
    "options.onprem.server_price_usd": "options.on_prem.server_price_usd",
    "finance.discount_rate": "finance.discount_rate_per_year",
}


@pytest.mark.parametrize("path", UNKNOWN)
def test_an_unknown_path_is_refused_with_the_nearest_ones(path):
    message = refusal({path: 1})
    assert path in message
    assert UNKNOWN[path] in message


HOSTILE = [
    "",
    " ",
    ".",
    "..",
    "." * 5000,
    "a" * 100_000,
    "workload." * 3000,
    "workload." + "x" * 100_000,
    "workload..requests_per_month",
    "workload.requests_per_month ",
    "workload.requests_per_month\n",
    "\x00",
    "x\ny",
    "workload.\u202erequests",
    "workload.\ud800",
    "<script>alert(1)</script>",
    "%s%n{0}{path}",
    "__class__",
    "_memo",
    "memo",
    "workload.model_fields",
    "options.token_api.__dict__",
    "options.token_api.memo",
    5,
    None,
    ("workload", "batch_frac"),
]


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: ascii(path)[:40])
def test_a_hostile_path_is_refused_in_one_short_sentence(path):
    assert "is not a path of this scenario." in refusal({path: 1})


@given(st.one_of(st.text(), st.lists(st.sampled_from(["workload", "options", "on_prem", "", "x"])).map(".".join)))
def test_any_text_for_a_path_is_refused_in_one_sentence(path):
    refusal({path: 1})


@pytest.mark.parametrize(
    "path", ["workload", "workload.season", "options", "options.on_prem", "options.on_prem.serving"]
)
def test_a_group_is_refused_with_one_of_its_fields(path):
    message = refusal({path: 1})
    assert f"{path} is a group of fields" in message
    assert message.removesuffix(".").split()[-1] in set(paths(SCENARIO, under=path))


def test_a_group_with_a_dot_too_many_is_refused():
    assert ".." not in refusal({"workload.": 1})


@pytest.mark.parametrize("path", [f"{REQUESTS}.x", f"{REQUESTS}.x.y", "options.on_prem.label.text"])
def test_a_path_below_a_field_is_refused(path):
    assert "nothing below it" in refusal({path: 1})


@pytest.mark.parametrize("value", [0, -1, 1.1e12, float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize(
    "form", [float, np.float64, np.float32, lambda x: np.array([[2.0], [x]]), lambda x: np.array(x)]
)
def test_a_value_out_of_bounds_is_refused_with_path_value_and_bounds(value, form):
    message = refusal({REQUESTS: form(value)})
    assert message.startswith(f"{REQUESTS} must lie between 1 and 1e+12")
    assert f"{value:g}".replace("-", "\u2212") in message


NO_NUMBERS = [
    True,
    False,
    np.True_,
    "5",
    "five",
    b"5",
    None,
    [1, 2],
    (1,),
    {"low": 1},
    1 + 2j,
    np.complex128(5),
    np.datetime64("2026-01-01"),
    10**400,
    -(10**400),
    np.array("abc"),
    np.array(True),
    np.array([]),
    np.array([True]),
    np.array(["5"]),
    np.array([5 + 0j]),
    np.array([5], dtype=object),
    np.array([10**400], dtype=object),
    np.ma.array([5.0, 6.0], mask=[False, True]),
    "x\n" * 100_000,
    object(),
]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda value: type(value).__name__)
def test_what_is_not_a_number_is_refused(value):
    assert refusal({REQUESTS: value}).startswith(REQUESTS)


def test_every_number_refuses_what_lies_just_beyond_its_bounds():
    for path, number in drawable(SCENARIO).items():
        for beyond in (np.nextafter(number.low, -np.inf), np.nextafter(number.high, np.inf)):
            assert refusal({path: beyond}).startswith(f"{path} must lie between")
            assert refusal({path: np.array([[number.low], [beyond]])}).startswith(f"{path} must lie between")


def test_a_percentage_where_a_share_is_meant_is_recognised():
    assert "write 0.5" in refusal({"workload.batch_frac": 50})
    assert "write 0.5" in refusal({"workload.batch_frac": np.array([[0.1], [50]])})


def test_a_percentage_where_a_yearly_rate_is_meant_is_recognised():
    assert "write 0.08" in refusal({"finance.discount_rate_per_year": 8})


def test_a_price_per_thousand_tokens_is_recognised():
    path = "options.token_api.prices.input_usd_per_mtok"
    message = refusal({path: 0.0025})
    assert message.startswith(path)
    assert "per thousand" in message
    assert "write 2.5" in message
    assert refusal({path: np.array([[0.001], [0.0025]])}).startswith(path)
    assert SCENARIO.vary({path: 0})[path] == 0


def test_the_cheapest_prices_on_sale_are_admitted():
    prices = {  # USD per million tokens in the catalogue of genai-prices
        "options.token_api.prices.cache_read_usd_per_mtok": 0.0028,  # deepseek-v4-flash at DeepSeek
        "options.token_api.prices.input_usd_per_mtok": 0.005,  # llama-3.2-1b-instruct at OpenRouter
    }
    assert {path: SCENARIO.vary(prices)[path] for path in prices} == prices


WHOLE = ["finance.horizon_months", "options.on_prem.refresh_months", "options.cloud_gpu.term_months"]


@pytest.mark.parametrize("path", WHOLE)
def test_a_whole_number_takes_one_whole_value(path):
    assert "whole" in refusal({path: np.array([[12], [24]])})
    assert "whole" in refusal({path: 12.5})
    assert SCENARIO.vary({path: 12.0})[path] == 12
    assert isinstance(SCENARIO.vary({path: np.int64(12)})[path], int)


CHOICES = {
    "options.cloud_gpu.billing": ["sometimes", 5, None, ""],
    "finance.running_costs_at": ["noon"],
    "options.on_prem.acquisition": ["steal", "x" * 10_000],
    "options.cloud_gpu.serving.fractional_replicas": ["perhaps", 5, None, 0.5],
    "options.on_prem.bridge_option": ["nobody", "on_prem", 5, "x" * 10_000, "x\ny"],
    "options.token_api.label": ["", " ", "x" * 81, "two\nlines", 5, "\x00"],
    "options.token_api.model": ["x" * 10_000, "two\nlines", 5, None],
    "options.token_api.kind": ["on_prem", "else", 5, None, "x" * 10_000],
}
WRONG_CHOICES = [(path, value) for path, wrong in CHOICES.items() for value in wrong]


@pytest.mark.parametrize(("path", "value"), WRONG_CHOICES, ids=lambda part: repr(part)[:30])
def test_a_wrong_choice_is_refused_with_its_path_said_once(path, value):
    message = refusal({path: value})
    assert message.startswith(path.removesuffix(".kind"))


RULES = {
    "too late a delivery": {"options.on_prem.lead_time_months": 60, "finance.horizon_months": 12},
    "a bridge with a term": {"options.on_prem.bridge_option": "cloud_gpu", "options.cloud_gpu.billing": "reserved"},
    "a model too large": {"options.on_prem.serving.total_params_b": 2000},
    "a model too large for one of many draws": {"options.cloud_gpu.serving.total_params_b": np.array([[1], [2000]])},
    "replicas that do not fit servers": {"options.on_prem.serving.gpus_per_replica": 3},
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_across_fields_is_refused_in_one_sentence(rule):
    assert refusal(RULES[rule]).startswith("options.")


MISSHAPEN = {
    "nothing": {},
    "no options": plain(SCENARIO) | {"options": {}},
    "a number for a group": plain(SCENARIO) | {"workload": 3},
    "a number for the options": plain(SCENARIO) | {"options": 3},
    "a number for an option": plain(SCENARIO) | {"options": {"api": 3}},
    "an unusable slug": plain(SCENARIO) | {"options": {"A B": plain(SCENARIO)["options"]["token_api"]}},
    "a number for a slug": plain(SCENARIO) | {"options": {5: plain(SCENARIO)["options"]["token_api"]}},
    "a keyword for a kind": plain(SCENARIO) | {"options": {"api": {"kind": "else"}}},
    "an option without fields": plain(SCENARIO) | {"options": {"api": {"kind": "token_api"}}},
    "one field too many": plain(SCENARIO) | {"wrkload": {}},
    "one field too many in an option": plain(SCENARIO)
    | {"options": {"api": plain(SCENARIO)["options"]["token_api"] | {"x" * 10_000: 1}}},
    "a list": [],
    "a text": "scenario",
    "null": None,
}


@pytest.mark.parametrize("groups", MISSHAPEN.values(), ids=MISSHAPEN)
def test_misshapen_groups_are_refused_in_one_sentence(groups):
    with pytest.raises(ScenarioError) as caught:
        Scenario.build(groups)
    one_sentence(str(caught.value))


def test_reading_an_unknown_path_is_refused_in_one_sentence():
    for path in ("workload.request_per_month", f"{REQUESTS}.x", "a" * 100_000):
        with pytest.raises(ScenarioError) as caught:
            SCENARIO[path]
        one_sentence(str(caught.value))


def test_an_option_that_another_relies_on_and_the_last_option_stay():
    bridged = scenario_at(lambda: 1.0, ("on_prem", "token_api"))
    assert bridged["options.on_prem.bridge_option"] == "token_api"
    with pytest.raises(ScenarioError) as caught:
        without_option(bridged, "token_api")
    own, api = (bridged.options[slug].label for slug in ("on_prem", "token_api"))
    assert f"{own} uses {api} as its bridge option" in one_sentence(str(caught.value))
    alone = neutral_scenario({"api": neutral_option("token_api")})
    with pytest.raises(ScenarioError) as caught:
        without_option(alone, "api")
    one_sentence(str(caught.value))
    with pytest.raises(ScenarioError) as caught:
        without_option(SCENARIO, "tokn_api")
    assert "token_api" in one_sentence(str(caught.value))
