"""One code path for one scenario, many draws and a heat map: each run of many is the single run of its numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.neutral import METRICS, compare, figures
from tests.strategies import drawable, levels, ordinary_scenario, scenarios, value_at, variations

HORIZON = 23  # a number of months that no other axis has


def assert_runs_equal(scenario, changes, leading):
    """Every figure of each cell of a run of many, of shape `leading`, equals that of the single run of its numbers."""
    many = figures(compare(scenario.vary(changes)))
    for cell in np.ndindex(*leading):
        numbers = {path: float(np.broadcast_to(array, (*leading, 1))[cell][0]) for path, array in changes.items()}
        single = figures(compare(scenario.vary(numbers)))
        assert many.keys() == single.keys()
        for name, expected in single.items():
            got = np.broadcast_to(many[name], leading + expected.shape)[cell]
            if not np.array_equal(got, expected):
                scale = np.max(np.abs(expected), initial=0)
                np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12 * scale, err_msg=f"{name} {numbers}")


@given(st.data(), scenarios(finance__horizon_months=HORIZON))
def test_each_of_many_draws_equals_its_single_run(data, scenario):
    assert_runs_equal(scenario, data.draw(variations(scenario, (4, 1))), (4,))


@given(st.data(), scenarios(finance__horizon_months=HORIZON))
def test_each_cell_of_a_heat_map_equals_its_single_run(data, scenario):
    rows, columns = (
        data.draw(variations(scenario, (3, 1, 1), most=1)),
        data.draw(variations(scenario, (1, 2, 1), most=1)),
    )
    changes = rows | columns
    leading = np.broadcast_shapes(*(array.shape[:-1] for array in changes.values()))
    assert_runs_equal(scenario, changes, leading)


@pytest.mark.parametrize("billing", ["always_on", "autoscaled", "reserved"])
@pytest.mark.parametrize("acquisition", ["buy", "lease"])
def test_every_number_at_once_can_be_an_array(billing, acquisition):
    scenario = ordinary_scenario().vary({
        "finance.horizon_months": HORIZON,
        "options.cloud_gpu.billing": billing,
        "options.on_prem.acquisition": acquisition,
        "options.on_prem.bridge_option": "token_api",
    })  # fmt: skip
    drawn = levels(np.random.default_rng(7).bytes(10_000))
    changes = {
        path: np.array([[value_at(next(drawn), path.rpartition(".")[2], number)] for _ in range(5)])
        for path, number in drawable(scenario).items()
    }
    assert_runs_equal(scenario, changes, (5,))


def test_what_is_off_as_a_number_costs_the_same_as_drawn_zeros():
    scenario = ordinary_scenario().vary({"finance.horizon_months": HORIZON})
    off = [
        path
        for path in drawable(scenario)
        if path.endswith(".provisioned.units") or (".transfer.band_" in path and path.endswith("_usd_per_gb"))
        or (".support.band_" in path and path.endswith("_frac"))
    ]  # fmt: skip
    assert len(off) > 10
    for some in (off, off[::2], off[1::2]):
        zeros = {path: np.zeros((2, 1)) for path in some}
        assert_runs_equal(scenario.vary(dict.fromkeys(some, 0.0)), zeros, (2,))


def test_a_heat_map_has_a_row_for_each_value_of_one_path_and_a_column_for_each_of_the_other():
    requests, discount = np.geomspace(1e4, 1e8, 40), np.linspace(0, 0.3, 30)
    scenario = ordinary_scenario()
    changes = {
        "workload.requests_per_month": requests[:, np.newaxis, np.newaxis],
        "finance.discount_rate_per_year": discount[np.newaxis, :, np.newaxis],
    }
    many = compare(scenario.vary(changes))
    for slug, cost in many.costs.items():
        found = np.broadcast_to(cost.net_present_cost_usd, (40, 30))  # seats cost the same at any volume
        for row, column in [(0, 0), (39, 29), (0, 29), (17, 3)]:
            numbers = {
                "workload.requests_per_month": requests[row],
                "finance.discount_rate_per_year": discount[column],
            }
            single = compare(scenario.vary(numbers))[slug]
            np.testing.assert_allclose(found[row, column], single.net_present_cost_usd, rtol=1e-12)


def test_the_metrics_compared_are_all_there_are():
    assert {"tco_usd", "net_present_cost_usd", "levelized_cost_usd_per_mtok", "cumulative_usd"} <= set(METRICS)


@given(st.data(), scenarios(finance__horizon_months=HORIZON))
def test_costs_that_are_taken_from_a_known_comparison_are_those_worked_out_anew(data, scenario):
    known, changes = compare(scenario), data.draw(variations(scenario, (3, 1), most=2))
    varied = scenario.vary(changes)
    anew, taken = figures(compare(varied)), figures(compare(varied, known))
    assert anew.keys() == taken.keys()
    for name, expected in anew.items():
        np.testing.assert_array_equal(taken[name], expected, err_msg=name)


def test_only_what_no_change_concerns_is_taken_from_a_known_comparison():
    scenario = ordinary_scenario()
    known = compare(scenario)

    def same(path):
        found = compare(scenario.vary({path: scenario[path] / 2}), known)
        return {slug for slug in scenario.options if found[slug] is known[slug]}

    relying = {slug for slug, option in scenario.options.items() if "on_prem" in option.relies_on().values()}
    assert same("options.on_prem.server_price_usd") == set(scenario.options) - relying - {"on_prem"}
    assert same("workload.requests_per_month") == same("rules.response_time_limit_s") == set()
