"""Governance: what is paid once and every year, and the expected loss from what is sensitive and leaves."""

import numpy as np
import pytest
from hypothesis import given

from tests.neutral import compare, neutral_option, neutral_scenario
from tests.strategies import lead_time, scenarios

KINDS = ("token_api", "cloud_gpu", "on_prem")
LOSS = {"risk__incident_probability_per_year": 0.02, "risk__incident_impact_usd": 3e6}


def test_the_assessment_is_paid_today_and_the_rest_in_twelfths_that_follow_wages():
    option = neutral_option(
        "token_api",
        governance__assessment_usd=5000,
        governance__audit_usd_per_year=1200,
        governance__controls_usd_per_year=2400,
        governance__data_protection_usd_per_year=600,
    )
    scenario = neutral_scenario({"it": option}, finance__horizon_months=25, people__wage_growth_per_year=0.1)
    lines = compare(scenario)["it"].lines
    grown = 1.1 ** (np.arange(25) / 12)
    np.testing.assert_allclose(lines["assessment"], [5000] + [0] * 25)
    np.testing.assert_allclose(lines["controls"], [0, *(300 * grown)])
    np.testing.assert_allclose(lines["data_protection"], [0, *(50 * grown)])


def test_the_expected_loss_is_probability_by_impact_by_what_is_sensitive_and_leaves():
    option = neutral_option("token_api", governance__data_leaves_frac=0.5)
    scenario = neutral_scenario({"it": option}, workload__sensitive_frac=0.3, **LOSS)
    cost = compare(scenario)["it"]
    np.testing.assert_allclose(cost.lines["incident_loss"], [0] + [0.02 * 3e6 * 0.3 * 0.5 / 12] * 12)
    np.testing.assert_allclose(cost.quantities["sensitive_leaving_frac"], [0] + [0.15] * 12)


@pytest.mark.parametrize(
    "change",
    [
        {"workload.sensitive_frac": 0.0},
        {"risk.incident_probability_per_year": 0.0},
        {"risk.incident_impact_usd": 0.0},
        {"options.it.governance.data_leaves_frac": 0.0},
    ],
)
def test_without_one_of_them_there_is_no_loss(change):
    option = neutral_option("token_api", governance__data_leaves_frac=1)
    scenario = neutral_scenario({"it": option}, workload__sensitive_frac=0.3, **LOSS)
    assert compare(scenario)["it"].lines["incident_loss"].sum() > 0
    assert not compare(scenario.vary(change))["it"].lines["incident_loss"].any()


def own_and_api(**changes):
    options = {
        "api": neutral_option("token_api", governance__data_leaves_frac=1),
        "own": neutral_option("on_prem"),
    }
    return neutral_scenario(options, workload__sensitive_frac=0.3, workload__requests_per_month=1e6, **LOSS, **changes)


def test_until_own_servers_are_delivered_the_bridge_exposes_what_is_sensitive():
    scenario = own_and_api().vary({"options.own.lead_time_months": 3, "options.own.bridge_option": "api"})
    cost = compare(scenario)["own"]
    np.testing.assert_allclose(cost.lines["incident_loss"], [0] + [1500] * 3 + [0] * 9)
    np.testing.assert_allclose(cost.quantities["sensitive_leaving_frac"], [0] + [0.3] * 3 + [0] * 9)
    assert not cost.lines["bridge"].any()


def test_the_overflow_of_a_hybrid_takes_nothing_sensitive():
    scenario = own_and_api(workload__peak_to_mean_ratio=4, workload__busy_hours_frac=0.5)
    hybrid = neutral_option("hybrid", base_option="own", overflow_option="api", owned_capacity_frac=0.4)
    scenario = scenario.vary(
        {"options.own.serving.fractional_replicas": True}, options={**scenario.options, "both": hybrid}
    )
    cost = compare(scenario)["both"]
    assert np.all(cost.quantities["base_frac"][1:] < 0.95)
    assert not cost.lines["incident_loss"].any()
    assert not cost.quantities["sensitive_leaving_frac"].any()


def test_a_mix_exposes_the_share_that_goes_to_who_is_elsewhere():
    scenario = own_and_api()
    mix = neutral_option("multi_cloud", first_option="own", second_option="api", first_frac=0.75)
    cost = compare(scenario.vary({}, options={**scenario.options, "mix": mix}))["mix"]
    np.testing.assert_allclose(cost.quantities["sensitive_leaving_frac"], [0] + [0.075] * 12)
    np.testing.assert_allclose(cost.lines["incident_loss"], [0] + [375] * 12)


@given(scenarios(KINDS))
def test_governance_is_a_book_kept_month_by_month(scenario):
    risk, growth = scenario.risk, 1 + scenario.people.wage_growth_per_year
    for slug, cost in compare(scenario).costs.items():
        terms, horizon = cost.option.governance, scenario.finance.horizon_months
        expected = {
            name: np.zeros(horizon + 1) for name in ("assessment", "controls", "data_protection", "incident_loss")
        }
        expected["assessment"][0] = 0 if cost.option.runs_today else terms.assessment_usd
        for month in range(1, horizon + 1):
            index = growth ** ((month - 1) / 12) / 12
            expected["controls"][month] = (terms.audit_usd_per_year + terms.controls_usd_per_year) * index
            expected["data_protection"][month] = terms.data_protection_usd_per_year * index
            if slug == "on_prem" and month <= lead_time(cost.option):
                continue
            leaving = scenario.workload.sensitive_frac * terms.data_leaves_frac
            loss = risk.incident_probability_per_year * risk.incident_impact_usd * leaving / 12
            expected["incident_loss"][month] = loss
        if slug == "on_prem" and cost.option.bridge_option:
            bridge = compare(scenario)[cost.option.bridge_option].lines["incident_loss"]
            expected["incident_loss"][: lead_time(cost.option) + 1] += bridge[: lead_time(cost.option) + 1]
        for name, amounts in expected.items():
            np.testing.assert_allclose(cost.lines[name], amounts, rtol=1e-9, atol=1e-12, err_msg=f"{slug} {name}")
