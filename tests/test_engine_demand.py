"""From requests to tokens; the load curve: its parts add up, its slope is its height, it resembles an office."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.demand import (
    Task,
    busy_frac,
    hours_above,
    input_tokens,
    output_tokens,
    overflow,
    peak_ratio,
    requests,
    served_frac,
    task_peak_ratio,
    tokens_processed,
)
from tests.neutral import compare, neutral_option, neutral_scenario
from tests.strategies import scenarios

CURVES = [(p, b) for p in (1.05, 1.3, 2, 4.2, 10) for b in (0.2, 0.3, 0.5, 0.8, 1)]
MIDPOINTS = (np.arange(100_000) + 0.5) / 100_000


def with_curve(peak, busy, **changes):
    """A neutral scenario with one token API and a load curve."""
    scenario = neutral_scenario({"api": neutral_option("token_api")}, **changes)
    return scenario.vary({"workload.peak_to_mean_ratio": peak, "workload.busy_hours_frac": busy})


@given(scenarios(("token_api",)), st.floats(0, 15))
def test_two_bands_of_the_curve_make_the_whole(scenario, cut):
    whole = Task(scenario, scenario.options["token_api"])
    base, rest = whole.handed(whole.option, high=cut), whole.handed(whole.option, low=cut)
    for quantity in (served_frac, input_tokens, output_tokens, tokens_processed):
        np.testing.assert_allclose(quantity(base) + quantity(rest), quantity(whole), rtol=1e-12)
    np.testing.assert_allclose(
        task_peak_ratio(base) + task_peak_ratio(rest), task_peak_ratio(whole), rtol=1e-12, atol=1e-12
    )
    assert served_frac(whole) == 1


@given(scenarios(("token_api",)), st.integers(1, 60))
def test_two_spans_of_months_make_the_whole(scenario, last):
    whole = Task(scenario, scenario.options["token_api"])
    first, rest = whole.handed(whole.option, last_month=last), whole.handed(whole.option, first_month=last + 1)
    np.testing.assert_array_equal(tokens_processed(first) + tokens_processed(rest), tokens_processed(whole))


@given(scenarios(("token_api",)), st.floats(0, 1))
def test_two_shares_make_the_whole(scenario, share):
    whole = Task(scenario, scenario.options["token_api"])
    one, other = whole.handed(whole.option, share=share), whole.handed(whole.option, share=1 - share)
    np.testing.assert_allclose(tokens_processed(one) + tokens_processed(other), tokens_processed(whole), rtol=1e-12)


@pytest.mark.parametrize(("peak", "busy"), CURVES)
def test_all_tokens_lie_above_zero_and_none_above_the_peak(peak, busy):
    scenario = with_curve(peak, busy)
    assert overflow(scenario, 0.0) == 1
    assert overflow(scenario, peak_ratio(scenario)) == 0
    assert overflow(scenario, 3 * peak) == 0
    assert hours_above(scenario, peak_ratio(scenario)) == 0
    assert hours_above(scenario, 0.0) == busy_frac(scenario)


@pytest.mark.parametrize(("peak", "busy"), CURVES)
def test_the_tokens_above_a_capacity_are_the_hours_above_it_summed_up(peak, busy):
    scenario = with_curve(peak, busy)
    for capacity in np.array([0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]) * peak:
        summed = hours_above(scenario, capacity + (peak - capacity) * MIDPOINTS).mean() * (peak - capacity)
        assert overflow(scenario, capacity) == pytest.approx(summed, abs=1e-4)


@given(st.floats(1, 20), st.floats(0.01, 1), st.floats(0, 0.99), st.floats(0, 25), st.floats(0, 25))
def test_more_capacity_never_overflows_more(peak, busy, batch, one, other):
    scenario = with_curve(peak, busy, workload__batch_frac=batch)
    low, high = sorted([one, other])
    assert 1 >= overflow(scenario, low) >= overflow(scenario, high) >= 0
    assert 1 >= hours_above(scenario, low) >= hours_above(scenario, high) >= 0


def test_work_that_may_wait_leaves_the_peak():
    assert peak_ratio(with_curve(5, 0.4, workload__batch_frac=0.25)) == 5 * 0.75 + 0.25


def office_week():
    """Load of 168 hours relative to their mean: five days of ten busy hours, a little at night; peak to mean 4.2."""
    working_day = [0.45, 0.70, 0.95, 1.00, 0.80, 0.65, 0.90, 0.95, 0.80, 0.50]
    quiet = (168 / 4.2 - 5 * sum(working_day)) / (168 - 50)
    load = np.array(5 * working_day + (168 - 50) * [quiet])
    return load / load.mean()


def test_the_curve_resembles_an_office_week():
    week = office_week()
    assert week.max() == pytest.approx(4.2)
    scenario = with_curve(4.2, 50 / 168)
    for part_of_peak in (0.1, 0.25, 0.5):
        capacity = part_of_peak * week.max()
        truth = np.maximum(week - capacity, 0).mean()
        assert 0 <= overflow(scenario, capacity) - truth <= 0.05
    truth = np.maximum(week - 0.75 * week.max(), 0).mean()
    assert overflow(scenario, 0.75 * week.max()) == pytest.approx(truth, abs=0.01)


def test_a_curve_without_idle_hours_would_flatter_owned_capacity():
    week, round_the_clock = office_week(), with_curve(4.2, 1)
    for part_of_peak in (0.1, 0.25, 0.5, 0.75):
        truth = np.maximum(week - part_of_peak * week.max(), 0).mean()
        assert overflow(round_the_clock, part_of_peak * week.max()) < truth - 0.05


def test_requests_grow_from_month_one_and_none_come_before():
    scenario = with_curve(2, 1, workload__requests_per_month=100, workload__growth_per_year=0.5)
    scenario = scenario.vary({"finance.horizon_months": 25})
    np.testing.assert_allclose(requests(scenario)[[0, 1, 13, 25]], [0, 100, 150, 225])


def test_the_season_starts_in_the_calendar_month_of_month_one():
    scenario = with_curve(2, 1, workload__start_month=11, workload__season__january_ratio=3)
    np.testing.assert_array_equal(np.flatnonzero(requests(scenario) == 3), [3])


def test_attempts_environments_and_the_tokenizer_multiply_tokens():
    option = neutral_option("token_api", token_ratio=1.2, attempts_ratio=2)
    scenario = neutral_scenario(
        {"api": option},
        workload__requests_per_month=10,
        workload__environments_ratio=1.5,
        workload__input_tokens_per_request=100,
        workload__output_tokens_per_request=20,
        workload__reasoning_tokens_per_request=30,
    )
    task = compare(scenario)["api"].task
    assert input_tokens(task)[1] == pytest.approx(10 * 1.5 * 2 * 1.2 * 100)
    assert output_tokens(task)[1] == pytest.approx(10 * 1.5 * 2 * 1.2 * (20 + 30))
