"""A fleet that follows the load: the closed form against sums over its units and a load simulated hour by hour."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costmodel.demand import (
    Task,
    busy_frac,
    curve_exponent,
    hours_above,
    mean_units_running,
    peak_ratio,
    variation_of_peak,
)
from tests.neutral import neutral_option, neutral_scenario

HOURS = 200_000
FLEETS = {
    "peak": st.floats(1.05, 12),
    "busy": st.floats(0.2, 1),
    "unit": st.floats(0.002, 1.5),  # rate of a unit relative to the peak
    "least": st.integers(0, 6),
    "wider": st.floats(0.5, 1.5),  # variation of the load relative to that which begins the curve at the peak
}


def whole_demand(peak, busy, wider=1.0):
    scenario = neutral_scenario({"api": neutral_option("token_api")})
    curve = {
        "workload.peak_to_mean_ratio": peak,
        "workload.busy_hours_frac": busy,
        "workload.load_variation_ratio": wider * variation_of_peak(peak, busy),
    }
    scenario = scenario.vary(curve)
    return Task(scenario, scenario.options["api"])


def summed_units(task, unit_rate, least):
    """`least` units round the clock, and every further unit in the hours in which the load reaches up to it."""
    top = peak_ratio(task.scenario) if task.high is None else min(task.high, peak_ratio(task.scenario))
    total, unit = float(least), least
    while task.low + unit * unit_rate / task.share < top * (1 - 1e-12):
        total += hours_above(task.scenario, task.low + unit * unit_rate / task.share)
        unit += 1
    return total


def simulated_units(task, unit_rate, least):
    """Mean over the hours of a simulated month of the units that its load needs."""
    scenario = task.scenario
    rank = (np.arange(HOURS) + 0.5) / HOURS
    load = peak_ratio(scenario) * rank ** (1 / curve_exponent(scenario))
    in_band = np.clip(load, task.low, np.inf if task.high is None else task.high) - task.low
    units = np.ceil(in_band * task.share / unit_rate * (1 - 1e-12))
    busy = busy_frac(scenario)
    return busy * np.maximum(units, least).mean() + (1 - busy) * least


@settings(max_examples=300)
@given(**FLEETS)
def test_units_running_equal_the_sum_over_the_units(peak, busy, unit, least, wider):
    task = whole_demand(peak, busy, wider)
    rate = unit * peak
    expected = summed_units(task, rate, least)
    assert mean_units_running(task, np.array([rate]), least)[0] == pytest.approx(expected, rel=1e-4)


@settings(max_examples=300)
@given(**FLEETS, low=st.floats(0, 0.9), height=st.floats(0.05, 1), share=st.floats(0.1, 1))
def test_units_running_in_a_band_equal_the_sum_over_the_units(peak, busy, unit, least, wider, low, height, share):
    whole = whole_demand(peak, busy, wider)
    task = whole.handed(whole.option, low=low * peak, high=(low + height) * peak, share=share)
    rate = unit * peak * share
    expected = summed_units(task, rate, least)
    assert mean_units_running(task, np.array([rate]), least)[0] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(("peak", "busy"), [(1.3, 1), (2, 0.6), (4.2, 0.3), (4.2, 1), (10, 0.25)])
@pytest.mark.parametrize("unit", [0.011, 0.07, 0.3, 1.2])
@pytest.mark.parametrize("least", [0, 2])
def test_units_running_equal_those_of_a_simulated_month(peak, busy, unit, least):
    whole = whole_demand(peak, busy)
    for task in (whole, whole.handed(whole.option, low=0.2 * peak, high=0.8 * peak, share=0.5)):
        rate = unit * peak * task.share
        expected = simulated_units(task, rate, least)
        assert mean_units_running(task, np.array([rate]), least)[0] == pytest.approx(expected, rel=1e-4)


def test_a_flat_load_keeps_its_whole_fleet_running():
    task = whole_demand(1, 1)
    assert mean_units_running(task, np.array([0.3]), 0)[0] == pytest.approx(4, rel=1e-4)


def test_one_unit_for_everything_runs_in_the_hours_with_traffic():
    task = whole_demand(4, 0.3)
    assert mean_units_running(task, np.array([5.0]), 0)[0] == pytest.approx(0.3)


def test_each_month_has_its_own_fleet():
    task = whole_demand(4, 0.3)
    rates = np.array([[0.5, 1.0], [2.0, 8.0]])
    expected = [[mean_units_running(task, np.array([rate]), 1)[0] for rate in row] for row in rates]
    np.testing.assert_allclose(mean_units_running(task, rates, 1), expected, rtol=1e-12)
