"""The best mix is what single runs, one after the other, would find."""

import numpy as np
import pytest

from costmodel.errors import ScenarioError
from costmodel.uncertainty.mix import Plan, best_mix
from costmodel.uncertainty.ranges import Range
from costmodel.uncertainty.sampling import Draws
from reports.words import mix
from tests.neutral import compare, neutral_option, neutral_scenario
from tests.strategies import ordinary_scenario, scenario_at

VOLUME = "workload.requests_per_month"
SCENARIO = scenario_at(lambda: 0.5, ("token_api", "cloud_gpu", "on_prem")).vary({
    VOLUME: 2000,  # so few that the options cost about the same
    "options.on_prem.tuning.method": "none",
})  # fmt: skip


def plans_of_own_servers():
    """Four plans: leased or bought, with and without a spare replica; and the API."""
    own = {
        f"{how}, {spare} spare": Plan("on_prem", {
            "options.on_prem.acquisition": how, "options.on_prem.serving.spare_replicas": spare
        })
        for how in ("buy", "lease")
        for spare in (0, 1)
    }  # fmt: skip
    return {**own, "tokens": Plan("token_api")}


def test_the_best_mix_is_that_of_single_runs():
    ranges = {
        VOLUME: Range(500, SCENARIO[VOLUME], 1e5, "lognormal"),
        "options.on_prem.serving.spare_replicas": Range(0, 2.5, 5, "uniform"),  # decided by the plans, so not drawn
        "options.cloud_gpu.on_demand_usd_per_gpu_hour": Range(1, 2, 4, "pert"),
    }
    draws, candidates, count = Draws(SCENARIO, ranges), plans_of_own_servers(), 12
    *_, found = best_mix(draws, candidates, count)
    drawn = draws.changes(next(draws.probabilities(count)))
    costs = {name: [] for name in candidates}
    for i in range(count):
        for name, plan in candidates.items():
            numbers = {path: float(values[i, 0]) for path, values in drawn.items() if path not in plan.changes}
            single = compare(SCENARIO.vary({**numbers, **plan.changes}))
            costs[name].append(float(single[plan.option].net_present_cost_usd))
    for name, expected in costs.items():
        if candidates[name].changes:
            np.testing.assert_allclose(found.cost_usd[name], expected, rtol=1e-11)
    table = np.array(list(found.cost_usd.values()))
    regret = table - table.min(axis=0)
    names = list(candidates)
    assert found.least_expected_regret() == (
        names[regret.mean(axis=1).argmin()],
        pytest.approx(regret.mean(axis=1).min()),
    )
    today = {
        name: float(compare(SCENARIO.vary(plan.changes))[plan.option].net_present_cost_usd)
        for name, plan in candidates.items()
    }
    assert found.base_cost_usd == pytest.approx(today)
    for name, plan in candidates.items():
        servers = compare(SCENARIO.vary(plan.changes))[plan.option].quantities.get("servers", np.zeros(1))
        assert found.servers[name] == servers.max()
    assert found.servers["tokens"] == 0 < found.servers["buy, 0 spare"] == int(found.servers["buy, 0 spare"])
    assert found.cheapest_today == min(today, key=today.get)


def test_the_least_regret_by_hand():
    scenario = neutral_scenario({
        "rent": neutral_option("token_api", support_usd_per_month=100),
        "own": neutral_option("token_api", launch__migration_usd=1000),
    })  # fmt: skip
    draws = Draws(scenario, {"options.own.launch.migration_usd": Range(0, 1000, 1800, "uniform")})
    *_, found = best_mix(draws, {"rent": Plan("rent"), "own": Plan("own")}, 4096)
    assert found.cheapest_today == "own"
    # own is dearer by outlay - 1200 from 1200 to 1800, rent by 1200 - outlay from 0 to 1200
    name, regret = found.least_expected_regret()
    assert (name, regret) == ("own", pytest.approx(600**2 / 2 / 1800, rel=1e-3))
    assert found.regret_usd()["rent"].mean() == pytest.approx(1200**2 / 2 / 1800, rel=1e-3)


def test_plans_that_cost_the_same_in_every_simulation_are_told_once():
    scenario = neutral_scenario({name: neutral_option("token_api", support_usd_per_month=usd)
                                 for name, usd in {"rent": 100, "other": 200}.items()})  # fmt: skip
    draws = Draws(scenario, {"options.other.support_usd_per_month": Range(150, 200, 250, "uniform")})
    plans = {"rent": Plan("rent"), "dear": Plan("other"), "rent, all of it": Plan("rent")}
    *_, found = best_mix(draws, plans, 16)
    assert [row[0] for row in mix.rows(found, 9)] == ["rent", "dear"]


def test_servers_are_told_in_whole_ones():
    assert [mix.whole(number) for number in (0, 0.4, 2, 2.0000000001, 24.29, 1234.5)] == [
        "0", "1", "2", "2", "25", "1,235"
    ]  # fmt: skip


def test_a_plan_may_add_a_mixture_of_options():
    mixed = {"mixture": {"kind": "hybrid", "label": "Both", "base_option": "on_prem", "overflow_option": "token_api",
                         "owned_capacity_frac": 0.5, "most_servers": 10_000}}  # fmt: skip
    draws = Draws(SCENARIO, {VOLUME: Range(500, SCENARIO[VOLUME], 1e5, "lognormal")})
    *_, found = best_mix(draws, {"both": Plan("mixture", added=mixed), "tokens": Plan("token_api")}, 8)
    varied = draws.changes(next(draws.probabilities(8)))[VOLUME]
    whole = SCENARIO.vary({}, options={**SCENARIO.options, **mixed})
    expected = [compare(whole.vary({VOLUME: float(value)}))["mixture"].net_present_cost_usd for value in varied[:, 0]]
    np.testing.assert_allclose(found.cost_usd["both"], expected, rtol=1e-11)


def test_a_plan_that_breaks_a_rule_is_left_out_unless_all_do():
    scenario = neutral_scenario(
        {
            "away": neutral_option("token_api", governance__data_leaves_frac=1),
            "home": neutral_option("token_api", launch__migration_usd=1000),
        },
        workload__sensitive_frac=0.3,
        rules__sensitive_data_stays=True,
    )
    draws = Draws(scenario, {"options.home.launch.migration_usd": Range(500, 1000, 1800, "uniform")})
    stays = {"options.away.governance.data_leaves_frac": 0.0}
    candidates = {"away": Plan("away"), "away, redacted": Plan("away", stays), "home": Plan("home")}
    *_, found = best_mix(draws, candidates, 8)
    assert list(found.base_cost_usd) == list(found.cost_usd) == ["away, redacted", "home"]
    assert found.refusals == {"away": "Sensitive data must stay, but 30 % of all requests take it elsewhere."}
    *_, found = best_mix(draws, {"away": candidates["away"]}, 8)
    assert (found.cheapest_today, found.refusals) == ("away", {})


def test_plans_that_cannot_be_are_left_out_with_the_reason():
    path = "options.on_prem.serving.total_params_b"
    draws = Draws(SCENARIO, {VOLUME: Range(1e5, 1e6, 1e7, "pert")})
    candidates = {"too large": Plan("on_prem", {path: 20000}), "tokens": Plan("token_api")}
    *_, found = best_mix(draws, candidates, 10)
    assert list(found.cost_usd) == list(found.base_cost_usd) == ["tokens"]
    assert "take more GPUs" in found.refusals["too large"]
    sometimes = Draws(SCENARIO, {path: Range(1, SCENARIO[path], 20000, "uniform")})
    *_, found = best_mix(sometimes, {"own": Plan("on_prem"), "tokens": Plan("token_api")}, 10)
    assert list(found.cost_usd) == ["tokens"]
    assert found.refusals["own"].startswith("Not in every simulation")
    with pytest.raises(ScenarioError, match="None of the plans can be"):
        best_mix(draws, {"too large": candidates["too large"]}, 10)
    with pytest.raises(ScenarioError, match="must be between 1 and"):
        best_mix(draws, {}, 10)


def test_other_terms_that_an_option_proposes_are_terms_that_it_can_have():
    proposed = set()
    for option in ordinary_scenario().options.values():
        for _, changes in option.variations():
            other = type(option)(**{**dict(option), **changes})
            assert {field: getattr(other, field) for field in changes} == changes
            proposed.add(option.kind)
    assert proposed == {"cloud_gpu", "hybrid", "multi_cloud"}
