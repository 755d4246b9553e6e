"""Tornado, switching values and heat map are what single runs, one after the other, would find."""

from functools import cache

import numpy as np
import pytest

from costmodel.break_even import along
from costmodel.errors import ScenarioError
from costmodel.uncertainty.heatmap import heat_map
from costmodel.uncertainty.metrics import break_even_month, cheapest, excess, levelized_cost, saving
from costmodel.uncertainty.ranges import Range
from costmodel.uncertainty.switching import switching_values
from costmodel.uncertainty.tornado import tornado
from tests.neutral import compare, neutral_option, neutral_scenario
from tests.strategies import drawable, scenario_at, sensible_range

VOLUME = "workload.requests_per_month"
SCENARIO = scenario_at(lambda: 0.5, ("token_api", "cloud_gpu", "on_prem")).vary({
    VOLUME: 2000,  # so few that the options cost about the same
    "options.token_api.provisioned.units": 0,
    "options.token_api.commitment.usd_per_year": 0,
    "options.token_api.cache.kept_tokens": 0,
    "people.service_hours": "office_hours",
    "people.sites": 1,
    "options.cloud_gpu.tuning.method": "none",
    "options.on_prem.tuning.method": "none",
})  # fmt: skip
TERMS = {
    "finance.horizon_months": Range(12, 33, 60, "not_drawn"),
    "options.on_prem.refresh_months": Range(12, 33, 60, "not_drawn"),
    "workload.start_month": Range(1, 6, 12, "not_drawn"),
}


def half_and_double(scenario):
    """A range of every number, as far as it is sensible, whole-number terms among them."""
    ranges = {}
    for path, number in drawable(scenario).items():
        low, high = sensible_range(path.rpartition(".")[2], number)
        today = scenario[path]
        ranges[path] = Range(max(low, min(today / 2, today)), today, min(high, max(2 * today, today)), "pert")
    known = {path: spread for path, spread in ranges.items() if spread.low <= spread.base <= spread.high}
    return {**known, VOLUME: Range(1000, scenario[VOLUME], 4000, "lognormal"), **TERMS}


RANGES = half_and_double(SCENARIO)
METRICS = {
    "saving": saving("token_api", "on_prem"),
    "excess": excess("cloud_gpu"),
    "levelized": levelized_cost("on_prem"),
    "month": break_even_month("cloud_gpu", "token_api"),
}


@cache
def single(path="", value=0):
    """All metrics of one single run, with one number changed."""
    found = compare(SCENARIO.vary({path: value} if path else {}))
    return {name: float(metric(found)) for name, metric in METRICS.items()}


@cache
def today():
    """The slug of the cheapest option as things are."""
    return winner({})


def winner(changes):
    """The slug of the cheapest option with some changes, marked where no option keeps to the rules."""
    found = compare(SCENARIO.vary(changes))
    return marked(found.ranking[0], found.allowed)


def marked(slug, kept):
    return slug if kept else f"{slug}, out of rules"


def values_with_another_winner(path, values):
    """Those of the values of one number at which the verdict is not today's."""
    if path in TERMS:
        return [value for value in values if winner({path: value}) != today()]
    found = compare(SCENARIO.vary({path: values[:, np.newaxis]}))
    costs = [np.where(found.contends[slug], found[slug].net_present_cost_usd, np.inf) for slug in found.costs]
    table = np.stack([np.broadcast_to(cost, values.shape) for cost in costs])
    kept = np.any([np.broadcast_to(cost.keeps_rules, values.shape) for cost in found.costs.values()], axis=0)
    named = [marked(list(found.costs)[place], keeps) for place, keeps in zip(table.argmin(axis=0), kept, strict=True)]
    return values[np.array(named) != today()]


@pytest.mark.parametrize("metric", METRICS)
def test_every_bar_of_a_tornado_is_two_single_runs(metric):
    found = tornado(SCENARIO, RANGES, METRICS[metric])
    assert found.base == pytest.approx(single()[metric], rel=1e-12)
    assert {bar.path for bar in found.bars} == set(RANGES)
    assert [bar.swing for bar in found.bars] == sorted((bar.swing for bar in found.bars), reverse=True)
    for bar in found.bars:
        spread = RANGES[bar.path]
        assert bar.refusal is None
        for end, got in ((spread.low, bar.at_low), (spread.high, bar.at_high)):
            assert got == pytest.approx(single(bar.path, end)[metric], rel=1e-11), bar.path
        ends = {found.base, bar.at_low, bar.at_high}
        assert bar.swing == pytest.approx(0 if len(ends) == 1 else max(ends) - min(ends))


def test_what_does_not_matter_has_no_swing():
    swings = {bar.path: bar.swing for bar in tornado(SCENARIO, RANGES, saving("token_api", "cloud_gpu")).bars}
    assert swings["options.on_prem.server_price_usd"] == 0
    assert swings[VOLUME] > 0


def test_a_break_even_that_comes_at_one_end_only_has_an_endless_swing():
    scenario = neutral_scenario({
        "rent": neutral_option("token_api", support_usd_per_month=100),
        "own": neutral_option("token_api", launch__migration_usd=1000),
    })  # fmt: skip
    ranges = {
        "options.own.launch.migration_usd": Range(500, 1000, 2000, "pert"),
        "options.rent.support_usd_per_month": Range(100, 100, 200, "pert"),
    }
    first, second = tornado(scenario, ranges, break_even_month("rent", "own")).bars
    assert (first.path, first.at_low, first.at_high, first.swing) == (
        "options.own.launch.migration_usd",
        5,
        np.inf,
        np.inf,
    )
    assert (second.at_low, second.at_high, second.swing) == (10, 5, 5)


def test_numbers_that_are_the_same_move_together():
    a, b = (f"options.{slug}.serving.throughput_ratio" for slug in ("cloud_gpu", "on_prem"))
    (bar,) = tornado(SCENARIO, {a: Range(0.5, 1, 2, "pert", (b,))}, saving("cloud_gpu", "on_prem")).bars
    single = saving("cloud_gpu", "on_prem")(compare(SCENARIO.vary({a: 0.5, b: 0.5})))
    assert bar.at_low == pytest.approx(float(single))


def test_an_end_that_the_rules_refuse_is_said_and_the_others_are_kept():
    path = "options.on_prem.serving.total_params_b"
    ranges = {path: Range(1, SCENARIO[path], 20000, "not_drawn"), VOLUME: RANGES[VOLUME]}
    bars = {bar.path: bar for bar in tornado(SCENARIO, ranges, saving("token_api", "on_prem")).bars}
    assert np.isnan(bars[path].at_high)
    assert "take more GPUs" in bars[path].refusal
    assert bars[path].at_low == bars[path].at_low
    assert bars[VOLUME].refusal is None
    assert bars[VOLUME].swing > 0


def test_a_flip_is_the_nearest_value_with_another_verdict_by_brute_force():
    found = {switch.path: switch for switch in switching_values(SCENARIO, RANGES)}
    assert set(found) == set(RANGES)
    switched = [switch for switch in found.values() if switch.at is not None]
    assert len(switched) >= 3
    for path, switch in found.items():
        spread = RANGES[path]
        values = spread.high - spread.low + 1 if path in TERMS else 200
        changed = values_with_another_winner(path, np.linspace(spread.low, spread.high, int(values)))
        if switch.at is None:
            assert len(changed) == 0, path
            continue
        assert spread.low <= switch.at <= spread.high
        assert winner({path: switch.at}) == marked(switch.cheapest, switch.keeps_rules) != today()
        step = (switch.at - switch.today) * (1e-6 if path not in TERMS else 1 / abs(switch.at - switch.today))
        assert winner({path: switch.at - step}) == today(), path
        nearest = min(abs(value - switch.today) for value in changed)
        assert abs(switch.at - switch.today) <= nearest * (1 + 1e-9)
        assert switch.change_frac == pytest.approx((switch.at - switch.today) / switch.today)
        assert switch.range_frac == pytest.approx((switch.at - switch.today) / (spread.high - spread.low))


def test_a_rule_that_a_number_comes_to_break_flips_the_verdict():
    """The cheaper option takes some time for an answer, and is delivered after 3 months."""
    scenario = neutral_scenario(
        {
            "slow": neutral_option("on_prem", lead_time_months=3),
            "dear": neutral_option("token_api", launch__migration_usd=1000),
        },
        workload__output_tokens_per_request=100,
    )
    taken = float(compare(scenario)["slow"].quantities["response_time_s"].max())
    ranges = {
        "rules.response_time_limit_s": Range(taken / 2, 3600, 3600, "not_drawn"),
        "rules.latest_start_months": Range(1, 240, 240, "not_drawn"),
        "options.slow.lead_time_months": Range(0, 3, 12, "not_drawn"),
    }
    found = {switch.path: switch for switch in switching_values(scenario, ranges)}
    limit = found["rules.response_time_limit_s"]
    assert (limit.at, limit.cheapest, limit.change_frac) == (pytest.approx(taken, rel=1e-5), "dear", None)
    start = found["rules.latest_start_months"]
    assert (start.at, start.cheapest, start.change_frac) == (2, "dear", None)
    assert found["options.slow.lead_time_months"].at is None
    alone = scenario.vary({}, options={"slow": scenario.options["slow"]})
    (none,) = switching_values(alone, {"rules.latest_start_months": ranges["rules.latest_start_months"]})
    assert (none.at, none.cheapest, none.leader) == (2, "slow", "")
    sooner = scenario.vary({"rules.latest_start_months": 8})
    (late,) = switching_values(sooner, {"options.slow.lead_time_months": Range(0, 3, 12, "not_drawn")})
    assert (late.at, late.cheapest) == (9, "dear")


def test_a_limit_flips_the_verdict_where_it_suffices_and_where_volume_outgrows_it():
    """A peak of 2,000 tokens a second: too much for a limit of 1,000, and half of one of 4,000."""
    volume, limit = "workload.requests_per_month", "options.cheap.rate_limit_tok_per_s"
    today = 730 * 3600
    scenario = neutral_scenario(
        {
            "cheap": neutral_option("token_api", rate_limit_tok_per_s=1000),
            "dear": neutral_option("token_api", launch__migration_usd=1000),
        },
        workload__requests_per_month=today,
        workload__input_tokens_per_request=1500,
        workload__output_tokens_per_request=500,
        rules__peak_must_be_carried=True,
    )
    ranges = {
        limit: Range(500, 1000, 4000, "uniform"),
        volume: Range(today / 10, today, 10 * today, "uniform"),
    }
    found = {switch.path: switch for switch in switching_values(scenario, ranges)}
    assert {switch.cheapest for switch in found.values()} == {"cheap"}
    assert found[limit].at == pytest.approx(2000, rel=1e-6)
    assert found[volume].at == pytest.approx(today / 2, rel=1e-6)
    enough = scenario.vary({limit: 4000.0})
    (outgrown,) = switching_values(enough, {volume: ranges[volume]})
    assert (outgrown.at, outgrown.cheapest) == (pytest.approx(2 * today, rel=1e-6), "dear")
    found = heat_map(enough, volume, [today, 10 * today], limit, [1000.0, 4000.0])
    assert [found.slugs[i] for i in found.winner.ravel()] == ["dear", "dear", "cheap", "dear"]


def test_flips_come_nearest_first_and_those_that_never_happen_last():
    listed = [np.inf if switch.at is None else abs(switch.range_frac) for switch in switching_values(SCENARIO, RANGES)]
    assert listed == sorted(listed)
    assert np.isinf(listed[-1])


def test_a_flip_is_where_two_costs_cross():
    scenario = neutral_scenario({
        "rent": neutral_option("token_api", support_usd_per_month=100),
        "own": neutral_option("token_api", launch__migration_usd=1000),
    })  # fmt: skip
    path = "options.own.launch.migration_usd"
    (crossing,) = along(scenario, path, np.linspace(0, 5000, 50), "rent", "own")
    (switch,) = switching_values(scenario, {path: Range(0, 1000, 5000, "pert")})
    assert switch.at == pytest.approx(1200, rel=1e-7)
    assert switch.at == pytest.approx(crossing.at, rel=1e-3)
    assert (switch.cheapest, switch.change_frac, switch.range_frac) == ("rent", pytest.approx(0.2), pytest.approx(0.04))
    (near,) = switching_values(scenario, {path: Range(900, 1000, 1100, "pert")})
    assert (near.at, near.cheapest, near.low, near.high) == (None, None, 900, 1100)
    (beyond,) = switching_values(scenario, {path: Range(900, 1000, 1100, "pert")}, within_bounds=True)
    assert beyond.at == pytest.approx(1200, rel=1e-6)
    assert beyond.range_frac == pytest.approx(1, rel=1e-5)


def test_the_horizon_at_which_the_verdict_flips_is_a_whole_number_of_months():
    scenario = neutral_scenario({
        "rent": neutral_option("token_api", support_usd_per_month=100),
        "own": neutral_option("token_api", launch__migration_usd=1050),
    })  # fmt: skip
    (switch,) = switching_values(scenario, {"finance.horizon_months": Range(1, 12, 240, "not_drawn")})
    assert (switch.at, switch.cheapest) == (10, "rent")


def test_every_cell_of_a_heat_map_is_a_single_run():
    x, y = np.geomspace(1e4, 1e9, 40), np.linspace(0, 0.3, 30)
    found = heat_map(SCENARIO, VOLUME, x, "finance.discount_rate_per_year", y)
    assert found.slugs == tuple(SCENARIO.options)
    assert found.winner.shape == (30, 40)
    for row, column in [(0, 0), (29, 39), (29, 0), (0, 39), (11, 17), (20, 25)]:
        single = compare(SCENARIO.vary({VOLUME: x[column], "finance.discount_rate_per_year": y[row]}))
        for slug, costs in found.net_present_cost_usd.items():
            assert costs.shape == (30, 40)
            np.testing.assert_allclose(costs[row, column], single[slug].net_present_cost_usd, rtol=1e-12)
        assert found.slugs[found.winner[row, column]] == single.ranking[0]
        expected = single["token_api"].net_present_cost_usd - single["on_prem"].net_present_cost_usd
        assert found.saving("token_api", "on_prem")[row, column] == pytest.approx(float(expected), rel=1e-9)


def test_the_contour_of_a_heat_map_is_where_both_options_cost_the_same():
    x, y = np.linspace(1, 301, 31), np.linspace(0, 2950, 30)
    scenario = neutral_scenario({
        "rent": neutral_option("token_api", support_usd_per_month=100),
        "own": neutral_option("token_api", launch__migration_usd=1000),
    })  # fmt: skip
    found = heat_map(scenario, "options.rent.support_usd_per_month", x, "options.own.launch.migration_usd", y)
    points = found.contour("rent", "own")
    np.testing.assert_allclose(points[:, 1], 12 * points[:, 0], rtol=1e-9)
    assert len(points) > 30
    assert found.contour("rent", "rent").shape == (0, 2)


def test_what_is_the_same_number_moves_along_an_axis():
    a, b = (f"options.{slug}.serving.throughput_ratio" for slug in ("cloud_gpu", "on_prem"))
    found = heat_map(SCENARIO, a, [0.5, 2], VOLUME, [1e6, 1e7], also={a: (b,)})
    single = compare(SCENARIO.vary({a: 2, b: 2, VOLUME: 1e7}))
    np.testing.assert_allclose(found.net_present_cost_usd["on_prem"][1, 1], single["on_prem"].net_present_cost_usd)
    with pytest.raises(ScenarioError, match="on both axes"):
        heat_map(SCENARIO, a, [1, 2], b, [1, 2], also={a: (b,)})


def test_a_heat_map_of_a_whole_number_term_is_refused():
    with pytest.raises(ScenarioError, match="takes one value"):
        heat_map(SCENARIO, "finance.horizon_months", [12, 24], VOLUME, [1e5, 1e6])


def test_the_verdict_of_many_is_that_of_one():
    assert list(SCENARIO.options)[int(cheapest(compare(SCENARIO)))] == winner({})
    costs = [cost.net_present_cost_usd for cost in compare(SCENARIO).costs.values()]
    assert max(costs) < 2 * min(costs)  # so that the tests above see verdicts change
