"""What runs today: the way there costs nothing and takes no time; from then on it costs what anything new would."""

import numpy as np
import pytest
from hypothesis import given

from costmodel.cohorts import additions
from costmodel.comparison import compare
from costmodel.people import ROLES, talent_plan
from costmodel.rules import breaches
from tests.neutral import neutral_option, neutral_scenario
from tests.strategies import scenarios

KINDS = ("token_api", "cloud_gpu", "on_prem", "seats")
AT_THE_START = {
    "launch.migration_usd": 7.0, "launch.parallel_running_usd": 5.0, "governance.assessment_usd": 3.0,
}  # fmt: skip
FILLING = ("hiring", "training", "ramp_up")


def of_all(path, value):
    return {f"options.{kind}.{path}": value for kind in KINDS}


@given(scenarios(KINDS, options__on_prem__bridge_option=""))
def test_it_costs_what_is_new_costs_without_the_way_there(scenario):
    free = dict.fromkeys((*AT_THE_START, "retrieval.corpus_tokens"), 0.0)
    at_once = {"options.on_prem.lead_time_months": 0, "application.build_usd": 0.0}
    at_once |= {path: value for name, zero in free.items() for path, value in of_all(name, zero).items()}
    new = compare(scenario.vary({**at_once, **of_all("runs_today", False)}))
    runs = compare(scenario.vary(of_all("runs_today", True)))
    for kind in KINDS:
        lines, expected = runs[kind].lines, new[kind].lines
        assert lines.keys() == expected.keys()
        for name in lines.keys() - {*FILLING, "installation"}:
            np.testing.assert_allclose(lines[name], expected[name], rtol=1e-12, err_msg=f"{kind} {name}")
        for name in FILLING:
            np.testing.assert_allclose(lines[name][2:], expected[name][2:], rtol=1e-12, err_msg=f"{kind} {name}")
        if kind == "on_prem":
            np.testing.assert_allclose(lines["installation"], [0, *expected["installation"][1:]], rtol=1e-12)
        posts = {role: new[kind].quantities[f"{role}_fte"] for role in ROLES}
        leavers = scenario.people.attrition_per_year / 12
        paid = {role: getattr(scenario.people, f"{role}_usd_per_year") for role in ROLES}
        kept = sum(paid[role] * number[1] * leavers for role, number in posts.items())
        fee = scenario.people.recruiting_frac * (1 - scenario.people.trained_inside_frac)
        np.testing.assert_allclose(lines["hiring"][1], kept * fee, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_none_of_what_is_paid_once_at_the_start_is_paid(kind):
    scenario = neutral_scenario({"it": neutral_option(kind)})
    scenario = scenario.vary({f"options.it.{path}": usd for path, usd in AT_THE_START.items()})
    assert compare(scenario)["it"].tco_usd == sum(AT_THE_START.values())
    assert compare(scenario.vary({"options.it.runs_today": True}))["it"].tco_usd == 0


def own_and_api(**changes):
    """Own servers that are delivered after three months, bridged by an API, and a hybrid of the two."""
    options = {
        "api": neutral_option("token_api", prices__input_usd_per_mtok=10),
        "own": neutral_option("on_prem", lead_time_months=3, bridge_option="api", server_price_usd=100),
        "both": neutral_option("hybrid", base_option="own", overflow_option="api", owned_capacity_frac=1),
    }
    return neutral_scenario(options).vary(changes)


def test_nobody_waits_and_nothing_bridges():
    new, runs = (compare(own_and_api(**{"options.own.runs_today": today}))["own"] for today in (False, True))
    assert new.lines["bridge"].sum() > 0
    assert "bridge" not in runs.lines
    assert runs.quantities["servers"].tolist() == [0] + [1] * 12
    assert runs.lines["servers"].tolist() == [100] + [0] * 12, "what stands is charged as if bought today"
    unbridged = own_and_api(**{"options.own.bridge_option": "", "rules.latest_start_months": 0})
    late = {breach.sentence for breach in breaches(compare(unbridged)["own"])}
    assert any("after 3 months" in sentence for sentence in late)
    assert not list(breaches(compare(unbridged.vary({"options.own.runs_today": True}))["own"]))


def test_what_hands_its_demand_on_runs_when_all_of_its_parts_do():
    for own, api in ((False, False), (True, False), (False, True), (True, True)):
        scenario = own_and_api(**{"options.own.runs_today": own, "options.api.runs_today": api})
        options = scenario.options
        assert options["both"].runs_already(options) == (own and api)
        assert options["own"].runs_already(options) == own


def test_devices_are_bought_whatever_runs_behind_them():
    options = {
        "api": neutral_option("token_api", runs_today=True),
        "fleet": neutral_option("edge", fallback_option="api"),
    }
    options = neutral_scenario(options).options
    assert options["api"].runs_already(options)
    assert not options["fleet"].runs_already(options)


def test_those_who_work_there_are_not_hired_and_those_who_leave_are_replaced():
    option = neutral_option("token_api", staff__ml_engineer_fte=2, runs_today=True)
    scenario = neutral_scenario({"it": option}, people__attrition_per_year=0.25, people__recruiting_frac=0.2)
    (year,) = talent_plan(compare(scenario)["it"])
    assert (year.posts, year.leavers, year.hired) == (2, pytest.approx(0.5), pytest.approx(0.5))


def test_whoever_comes_with_growth_is_hired():
    option = neutral_option("on_prem", staff__infrastructure_engineer_fte_per_server=1, runs_today=True)
    grown = {
        "workload.requests_per_month": 1e9,
        "workload.output_tokens_per_request": 100.0,
        "workload.growth_per_year": 3.0,
        "people.recruiting_frac": 0.2,
        "people.infrastructure_engineer_usd_per_year": 100.0,
    }
    cost = compare(neutral_scenario({"it": option}).vary(grown))["it"]
    posts = cost.quantities["infrastructure_engineer_fte"]
    assert posts[-1] > posts[1] > 1
    np.testing.assert_allclose(cost.lines["hiring"][1:], [0, *(20 * additions(posts)[2:])])
