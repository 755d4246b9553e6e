"""Tuning: worked jobs by hand, GPU-hours from the FLOPs, own idle hours before rented ones, and who may do what."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from costmodel.errors import ScenarioError
from costmodel.tuning import idle_gpu_hours, tuning_gpu_hours
from tests.neutral import compare, neutral_option, neutral_scenario
from tests.sentence import one_sentence
from tests.strategies import lead_time, scenarios

TUNED = {  # two runs a year of 10 million tokens, three times each, for a model of 8 billion parameters
    "tuning__runs_per_year": 2,
    "tuning__training_tokens": 1e7,
    "tuning__epochs": 3,
}
ON_GPUS = {
    **TUNED,
    "tuning__trained_compute_frac": 1,
    "tuning__gpu_tflops": 1000,
    "tuning__compute_utilization_frac": 0.4,
    "tuning__rented_usd_per_gpu_hour": 3,
}
HOURS_PER_RUN = 6 * 8e9 * 3e7 / (1000e12 * 0.4) / 3600  # one GPU-hour


def cost_of(kind, method, **fields):
    option = neutral_option(kind, tuning__method=method, **fields)
    return compare(neutral_scenario({"it": option}, workload__requests_per_month=1e4))["it"]


def test_a_published_job_costs_what_was_published():
    job = {"tuning__runs_per_year": 1, "tuning__training_tokens": 100_000, "tuning__epochs": 3}
    cost = cost_of("token_api", "hosted", **job, tuning__hosted_usd_per_mtok=8)  # USD 0.008 for 1,000 tokens
    assert cost.tco_usd == pytest.approx(2.40, rel=1e-12)


@pytest.mark.parametrize("kind", ["token_api", "cloud_gpu", "on_prem"])
def test_a_hosted_run_is_tokens_by_epochs_by_price_beside_a_fee_for_keeping_the_model(kind):
    cost = cost_of(kind, "hosted", **TUNED, tuning__hosted_usd_per_mtok=5, tuning__hosting_usd_per_month=100)
    np.testing.assert_allclose(cost.lines["tuning"], [0] + [2 / 12 * 30 * 5 + 100] * 12)


def test_data_and_evaluation_are_paid_for_each_run_and_follow_wages():
    option = neutral_option(
        "token_api",
        tuning__method="hosted",
        tuning__runs_per_year=6,
        tuning__data_preparation_usd_per_run=700,
        tuning__evaluation_usd_per_run=300,
    )
    cost = compare(neutral_scenario({"it": option}, people__wage_growth_per_year=0.1, finance__horizon_months=13))["it"]
    np.testing.assert_allclose(cost.lines["tuning_data"], [0, *(500 * 1.1 ** (np.arange(13) / 12))])


def test_gpu_hours_are_the_flops_over_what_a_gpu_does():
    assert pytest.approx(1) == HOURS_PER_RUN
    cost = cost_of("cloud_gpu", "rented_gpus", **ON_GPUS)
    np.testing.assert_allclose(tuning_gpu_hours(cost.task), [0] + [2 / 12] * 12)
    np.testing.assert_allclose(cost.lines["tuning"], [0] + [2 / 12 * 3] * 12)


def test_adapters_take_their_share_of_the_compute_and_pruned_models_theirs():
    full, adapters, pruned = (
        cost_of("cloud_gpu", "rented_gpus", **ON_GPUS | change).lines["tuning"].sum()
        for change in ({}, {"tuning__trained_compute_frac": 0.6}, {"serving__pruned_frac": 0.25})
    )
    assert adapters == pytest.approx(0.6 * full)
    assert pruned == pytest.approx(0.75 * full)


def test_a_mixture_of_experts_trains_what_one_token_computes_with():
    mixture = cost_of("cloud_gpu", "rented_gpus", **ON_GPUS, serving__active_params_b=2)
    np.testing.assert_allclose(
        mixture.lines["tuning"], cost_of("cloud_gpu", "rented_gpus", **ON_GPUS).lines["tuning"] / 4
    )


SERVERS = {
    "gpus_per_server": 8,
    "power__server_max_kw": 10,
    "power__server_idle_kw": 2,
    "power__pue_ratio": 1.5,
}


def test_own_gpus_tune_in_idle_hours_for_their_electricity():
    plain, tuned = (cost_of("on_prem", method, **ON_GPUS, **SERVERS) for method in ("none", "own_gpus"))
    assert not tuned.lines["tuning"].any()
    more = tuned.quantities["energy_kwh"] - plain.quantities["energy_kwh"]
    np.testing.assert_allclose(more, [0] + [2 / 12 * (10 - 2) / 8 * 1.5] * 12)


def test_the_electricity_of_tuning_is_on_the_bill_and_in_the_carbon():
    options = {m: neutral_option("on_prem", tuning__method=m, **ON_GPUS, **SERVERS) for m in ("none", "own_gpus")}
    energy = {"energy__electricity_usd_per_kwh": 0.2, "energy__carbon_gco2e_per_kwh": 500}
    costs = compare(neutral_scenario(options, workload__requests_per_month=1e4, **energy)).costs
    paid = costs["own_gpus"].lines["energy"] - costs["none"].lines["energy"]
    np.testing.assert_allclose(paid, [0] + [2 / 12 * 1.5 * 0.2] * 12)
    carbon = costs["own_gpus"].quantities["carbon_kgco2e"] - costs["none"].quantities["carbon_kgco2e"]
    np.testing.assert_allclose(carbon, [0] + [2 / 12 * 1.5 * 0.5] * 12)


def test_what_does_not_fit_into_idle_hours_is_rented():
    fields = {**ON_GPUS, **SERVERS, "tuning__training_tokens": 1e12}  # 100,000 GPU-hours a run
    own, rented = (cost_of("on_prem", method, **fields) for method in ("own_gpus", "rented_gpus"))
    idle = idle_gpu_hours(own.task)
    assert np.all(idle[1:] > 0.9 * 8 * 730)
    np.testing.assert_allclose(rented.lines["tuning"] - own.lines["tuning"], idle * 3)


def test_until_servers_are_delivered_nothing_is_tuned():
    fields = {**ON_GPUS, "tuning__data_preparation_usd_per_run": 100, "lead_time_months": 4}
    cost = cost_of("on_prem", "rented_gpus", **fields)
    for name in ("tuning", "tuning_data"):
        assert not cost.lines[name][:5].any()
        assert np.all(cost.lines[name][5:] > 0)


def test_a_tuned_model_sells_its_tokens_at_its_own_price():
    prices = {"prices__input_usd_per_mtok": 2, "prices__output_usd_per_mtok": 8, "tuning__usage_price_ratio": 1.5}
    plain, tuned = (cost_of("token_api", method, **prices) for method in ("none", "hosted"))
    for name in ("input_tokens", "output_tokens"):
        np.testing.assert_allclose(tuned.lines[name], 1.5 * plain.lines[name])


@pytest.mark.parametrize("kind", ["token_api", "cloud_gpu", "on_prem"])
def test_without_tuning_there_is_no_line_of_it(kind):
    assert cost_of(kind, "none", **TUNED).lines.keys().isdisjoint({"tuning", "tuning_data"})


@pytest.mark.parametrize(
    ("kind", "method"), [("token_api", "rented_gpus"), ("token_api", "own_gpus"), ("cloud_gpu", "own_gpus")]
)
def test_who_has_no_model_or_no_gpus_cannot_tune_on_them(kind, method):
    scenario = neutral_scenario({"it": neutral_option(kind)})
    with pytest.raises(ScenarioError) as caught:
        scenario.vary({"options.it.tuning.method": method})
    assert one_sentence(str(caught.value)).startswith("options.it.tuning.method must be 'none'")


@given(scenarios(("on_prem",)), st.sampled_from(["hosted", "rented_gpus", "own_gpus"]))
def test_tuning_is_a_line_for_each_run_kept_by_hand(scenario, method):
    scenario = scenario.vary({"options.on_prem.tuning.method": method})
    cost, option = compare(scenario)["on_prem"], scenario.options["on_prem"]
    tuning, serving, utilization = option.tuning, option.serving, cost.quantities["utilization"]
    flops = 6 * serving.active_params_b * 1e9 * (1 - serving.pruned_frac) * tuning.trained_compute_frac
    expected = np.zeros(scenario.finance.horizon_months + 1)
    for month in range(lead_time(option) + 1, scenario.finance.horizon_months + 1):
        runs, tokens = tuning.runs_per_year / 12, tuning.training_tokens * tuning.epochs
        hours = runs * tokens * flops / (tuning.gpu_tflops * 1e12 * tuning.compute_utilization_frac) / 3600
        gpus = cost.quantities["servers"][month] * option.gpus_per_server
        free = (
            gpus * scenario.finance.hours_per_month * max(1 - utilization[month] / serving.utilization_ceiling_frac, 0)
        )
        expected[month] = {
            "hosted": runs * tokens * tuning.hosted_usd_per_mtok / 1e6 + tuning.hosting_usd_per_month,
            "rented_gpus": hours * tuning.rented_usd_per_gpu_hour,
            "own_gpus": max(hours - free, 0) * tuning.rented_usd_per_gpu_hour,
        }[method]
    np.testing.assert_allclose(cost.lines["tuning"], expected, rtol=1e-9, atol=1e-9 * (1 + expected.max()))


@given(scenarios(("on_prem",), options__on_prem__tuning__method="own_gpus"))
def test_own_idle_hours_never_make_tuning_dearer_than_renting_all_of_it(scenario):
    own = compare(scenario)["on_prem"]
    rented = compare(scenario.vary({"options.on_prem.tuning.method": "rented_gpus"}))["on_prem"]
    assert np.all(own.lines["tuning"] <= rented.lines["tuning"] * (1 + 1e-12))
    assert np.all(own.quantities["energy_kwh"] >= rented.quantities["energy_kwh"] * (1 - 1e-12))
    untouched = own.lines.keys() - {"tuning", "energy"}
    assert all(np.array_equal(own.lines[name], rented.lines[name]) for name in untouched)


@given(
    scenarios(("token_api", "cloud_gpu", "on_prem")),
    st.sampled_from(["runs_per_year", "training_tokens", "epochs", "data_preparation_usd_per_run"]),
)
def test_more_tuning_never_costs_less(scenario, field):
    before = compare(scenario)
    for slug, option in scenario.options.items():
        assume(option.tuning.method != "none")
        path = f"options.{slug}.tuning.{field}"
        after = compare(scenario.vary({path: scenario[path] * 1.5}))[slug]
        for name in ("tuning", "tuning_data"):
            assert np.all(after.lines[name] >= before[slug].lines[name] * (1 - 1e-12)), name
