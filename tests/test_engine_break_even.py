"""Where one option overtakes another: in time, by curves drawn by hand; along a path, by crossings in closed form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.break_even import along, in_time
from costmodel.comparison import OptionCost
from costmodel.demand import Task
from costmodel.option import Result
from tests.neutral import compare, neutral_option, neutral_scenario
from tests.strategies import scenarios

API = neutral_option("token_api")


def curve(slug, *cash):
    """An option that costs `cash`, column by column."""
    scenario = neutral_scenario({slug: API}).vary({"finance.horizon_months": len(cash) - 1})
    return OptionCost(slug, Task(scenario, scenario.options[slug]), Result({"staff": np.array(cash, dtype=float)}))


RENT = curve("rent", 0, 10, 10, 10, 10, 10)


def test_an_investment_is_overtaken_in_the_month_in_which_it_has_been_saved():
    found = in_time(RENT, curve("own", 25, 0, 0, 0, 0, 0))
    assert (found.outcome, found.month) == ("month", pytest.approx(2.5))
    (crossing,) = found.crossings
    assert crossing.at == pytest.approx(2.5)
    assert crossing.usd == pytest.approx(25)
    assert crossing.cheaper == "own"


def test_an_option_that_is_never_dearer_is_ahead_from_the_start():
    found = in_time(RENT, curve("cheap", 0, 5, 5, 5, 5, 5))
    assert (found.outcome, found.month, found.crossings) == ("start", None, ())


def test_the_common_zero_today_is_no_crossing():
    found = in_time(RENT, curve("dear", 0, 15, 15, 15, 15, 15))
    assert (found.outcome, found.month, found.crossings) == ("never", None, ())


def test_an_investment_not_saved_within_the_horizon_is_never_overtaken():
    found = in_time(RENT, curve("own", 100, 0, 0, 0, 0, 0))
    assert (found.outcome, found.month, found.crossings) == ("never", None, ())


def test_equal_costs_are_the_same():
    found = in_time(RENT, curve("rent_too", 0, 10, 10, 10, 10, 10))
    assert (found.outcome, found.month, found.crossings) == ("same", None, ())


def test_costs_that_differ_by_rounding_are_the_same():
    found = in_time(curve("a", *[0.1] * 6), curve("b", *[0.3 / 3] * 6))
    assert found.outcome == "same"


def test_a_second_purchase_makes_two_more_crossings_and_the_last_one_counts():
    found = in_time(RENT, curve("own", 15, 0, 0, 20, 0, 0))
    assert [crossing.cheaper for crossing in found.crossings] == ["own", "rent", "own"]
    assert [crossing.at for crossing in found.crossings] == pytest.approx([1.5, 2.5, 3.5])
    assert (found.outcome, found.month) == ("month", pytest.approx(3.5))


def test_a_lead_that_is_lost_again_is_never_a_break_even():
    found = in_time(RENT, curve("own", 15, 0, 0, 30, 10, 10))
    assert [crossing.cheaper for crossing in found.crossings] == ["own", "rent"]
    assert (found.outcome, found.month) == ("never", None)


def test_a_lead_from_the_start_that_is_lost_for_a_while_counts_from_its_return():
    found = in_time(RENT, curve("own", 0, 5, 20, 0, 0, 0))
    assert [crossing.cheaper for crossing in found.crossings] == ["rent", "own"]
    assert (found.outcome, found.month) == ("month", pytest.approx(2.5))


def test_curves_that_touch_do_not_cross():
    found = in_time(RENT, curve("own", 20, 0, 0, 10, 5, 15))
    assert [crossing.cheaper for crossing in found.crossings] == ["own"]


def test_an_option_that_only_draws_level_is_not_cheaper():
    found = in_time(RENT, curve("own", 20, 0, 0, 10, 10, 10))
    assert (found.outcome, found.crossings) == ("never", ())


def test_a_crossing_at_which_the_curves_run_together_for_a_while_is_told_once():
    found = in_time(RENT, curve("own", 20, 0, 0, 10, 10, 0))
    assert [crossing.at for crossing in found.crossings] == [found.month]
    assert 2 <= found.month <= 4


@given(scenarios())
def test_break_even_in_time_looks_the_same_from_both_sides(scenario):
    comparison = compare(scenario)
    for a in comparison.costs.values():
        for b in comparison.costs.values():
            forth, back = in_time(a, b), in_time(b, a)
            assert [found.at for found in forth.crossings] == pytest.approx([found.at for found in back.crossings])
            assert {forth.outcome, back.outcome} <= {"same"} or {forth.outcome, back.outcome} & {"never", "start"}
            if forth.outcome == "month":
                assert forth.crossings[-1].at == pytest.approx(forth.month)
                assert b.cumulative_present_usd[-1] <= a.cumulative_present_usd[-1]


# Along a path: an API of 12 Mtok at a price against a fixed fee of 60 USD: they meet at 5 USD per million tokens.

PRICE = "options.api.prices.input_usd_per_mtok"
LINEAR = neutral_scenario(
    {"api": API, "fee": neutral_option("token_api", support_usd_per_month=5)}, workload__requests_per_month=1e6
)
GRIDS = {
    "linear": np.linspace(1, 20, 50),
    "logarithmic": np.geomspace(0.1, 1000, 60),
    "through the crossing": np.linspace(1, 9, 9),
    "coarse": np.array([1.0, 20, 40]),
    "two points": np.array([1.0, 20]),
    "falling": np.linspace(20, 1, 50),
}


@pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
def test_a_linear_crossing_is_found_on_any_grid(grid):
    (crossing,) = along(LINEAR, PRICE, grid, "api", "fee")
    assert crossing.at == pytest.approx(5, rel=1e-4)
    assert crossing.usd == pytest.approx(60, rel=1e-3)


@pytest.mark.parametrize("grid", ["linear", "logarithmic", "through the crossing", "coarse", "two points"])
@pytest.mark.parametrize(("a", "b"), [("api", "fee"), ("fee", "api")])
def test_beyond_a_linear_crossing_the_fee_is_cheaper(grid, a, b):
    (crossing,) = along(LINEAR, PRICE, GRIDS[grid], a, b)
    assert crossing.cheaper == "fee"


def test_costs_that_do_not_meet_within_the_grid_do_not_cross():
    assert along(LINEAR, PRICE, np.linspace(6, 20, 30), "api", "fee") == ()


def test_costs_that_are_the_same_everywhere_do_not_cross():
    assert along(LINEAR, PRICE, np.linspace(1, 20, 30), "api", "api") == ()
    assert along(LINEAR, "energy.electricity_usd_per_kwh", np.linspace(0, 1, 30), "api", "fee") == ()


@given(st.floats(0.5, 50), st.floats(0, 0.3), st.floats(-0.5, 1))
def test_any_linear_crossing_is_where_the_totals_are_equal(fee, rate, growth):
    changes = {"finance.discount_rate_per_year": rate, "workload.growth_per_year": growth}
    scenario = LINEAR.vary({"options.fee.support_usd_per_month": fee, **changes})
    for crossing in along(scenario, PRICE, np.geomspace(0.01, 1000, 60), "api", "fee"):
        there = compare(scenario.vary({PRICE: crossing.at}))
        api, flat = there["api"].net_present_cost_usd, there["fee"].net_present_cost_usd
        assert api == pytest.approx(flat, rel=1e-4)
        assert crossing.usd == pytest.approx(flat, rel=1e-4)


# Whole servers: 1,000 output tokens a second each, at 100 USD a month of space, against a fee of 250 USD a month.

VOLUME, SERVER_FULL = "workload.requests_per_month", 1000 * 3600 * 730 / 200
STAIRCASE = neutral_scenario(
    {
        "own": neutral_option("on_prem", colocation_usd_per_server_month=100),
        "fee": neutral_option("token_api", support_usd_per_month=250),
    },
    workload__input_tokens_per_request=1000,
    workload__output_tokens_per_request=200,
)


@pytest.mark.parametrize("points", [20, 57, 200])
def test_a_staircase_is_crossed_at_the_edge_of_its_step(points):
    grid = np.geomspace(SERVER_FULL / 100, SERVER_FULL * 100, points)
    (crossing,) = along(STAIRCASE, VOLUME, grid, "fee", "own")
    assert crossing.at == pytest.approx(2 * SERVER_FULL, rel=1e-4)  # the third server is the one too many
    assert crossing.cheaper == "fee"
    assert crossing.usd == pytest.approx(12 * 300)


def test_a_staircase_against_a_slope_is_crossed_once_for_each_step_that_rises_above_it():
    price_of_full_server = 100 / (SERVER_FULL / 1e6 * 200)
    scenario = STAIRCASE.vary({"options.fee.support_usd_per_month": 0})
    scenario = scenario.vary({"options.fee.prices.output_usd_per_mtok": 1.2 * price_of_full_server})
    found = along(scenario, VOLUME, np.linspace(0.5, 7.9, 750) * SERVER_FULL, "fee", "own")
    # n servers are cheaper than tokens from n / 1.2 of what one can do, until they are full at n
    expected = [1 / 1.2, 1, 2 / 1.2, 2, 3 / 1.2, 3, 4 / 1.2, 4, 5 / 1.2]
    assert [crossing.at / SERVER_FULL for crossing in found] == pytest.approx(expected, rel=1e-3)
    assert [crossing.cheaper for crossing in found] == ["own", "fee"] * 4 + ["own"]
