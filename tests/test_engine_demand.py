"""From requests to tokens; the load curve: its parts add up, its slope is its height, it resembles an office."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.demand import (
    Task,
    above_peak,
    answer_tokens,
    busy_frac,
    busy_mean_square,
    curve_height,
    hours_above,
    input_tokens,
    output_tokens,
    overflow,
    peak_ratio,
    requests,
    served_frac,
    task_peak_ratio,
    tokens_processed,
    variation_of_peak,
)
from tests.neutral import compare, neutral_option, neutral_scenario
from tests.strategies import scenarios

CURVES = [(p, b) for p in (1.05, 1.3, 2, 4.2, 10) for b in (0.2, 0.3, 0.5, 0.8, 1)]
MIDPOINTS = (np.arange(100_000) + 0.5) / 100_000


HOURLY = pd.read_csv(Path(__file__).parent / "hourly_loads.csv")
"""A week of measured hourly loads, in units of their mean: the first two from the Azure LLM inference trace 2024
(CC BY 4.0), the others single customers of ServeGen (Apache-2.0)."""


def with_curve(peak, busy, variation=None, **changes):
    """A neutral scenario with one token API and a load curve, by default that which begins at the busiest hour."""
    scenario = neutral_scenario({"api": neutral_option("token_api")}, **changes)
    variation = variation_of_peak(peak, busy) if variation is None else variation
    return scenario.vary(
        {
            "workload.peak_to_mean_ratio": peak,
            "workload.busy_hours_frac": busy,
            "workload.load_variation_ratio": variation,
        }
    )


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
    assert hours_above(scenario, 0.0) == pytest.approx(busy_frac(scenario), rel=1e-12)


@pytest.mark.parametrize(("peak", "busy"), CURVES)
@pytest.mark.parametrize("wider", [0.8, 1, 1.2])
def test_the_tokens_above_a_capacity_are_the_hours_above_it_summed_up(peak, busy, wider):
    scenario = with_curve(peak, busy, wider * variation_of_peak(peak, busy))
    if busy_frac(scenario) > 1 - above_peak(scenario):
        return  # the month has no more hours to take in what the curve has above the busiest one
    for capacity in np.array([0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]) * peak:
        summed = hours_above(scenario, capacity + (peak - capacity) * MIDPOINTS).mean() * (peak - capacity)
        assert overflow(scenario, capacity) == pytest.approx(summed, abs=1e-4)


@given(st.floats(1, 20), st.floats(0.01, 1), st.floats(0, 20), st.floats(0, 0.99), st.floats(0, 25), st.floats(0, 25))
def test_more_capacity_never_overflows_more(peak, busy, variation, batch, one, other):
    scenario = with_curve(peak, busy, variation, workload__batch_frac=batch)
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


@pytest.mark.parametrize("name", HOURLY.columns)
def test_the_curve_follows_measured_hours_whatever_the_busiest_of_them(name):
    load = HOURLY[name].to_numpy()
    peak, busy, variation = load.max(), (load > 0).mean(), load.std()
    error = by_peak_alone = 0.0
    for capacity in np.array([0.25, 0.5, 0.75]) * peak:
        truth = np.maximum(load - capacity, 0).mean()
        error += abs(overflow(with_curve(peak, busy, variation), capacity) - truth) / 3
        by_peak_alone += abs(overflow(with_curve(peak, busy), capacity) - truth) / 3
    assert error <= 0.04
    assert error < by_peak_alone or by_peak_alone < 0.04


@given(st.floats(1, 50), st.floats(0.02, 1))
def test_a_curve_of_the_peak_alone_begins_at_the_peak(peak, busy):
    scenario = with_curve(peak, busy)
    assert curve_height(scenario) == pytest.approx(peak_ratio(scenario) * busy_frac(scenario), rel=1e-6)
    assert above_peak(scenario) == pytest.approx(0, abs=1e-6)


def test_the_busiest_hour_sizes_and_the_variation_shapes():
    spiky, calm = with_curve(10, 0.5, 1.2), with_curve(5, 0.5, 1.2)
    assert peak_ratio(spiky) == 2 * peak_ratio(calm)
    assert overflow(spiky, 1.5) == pytest.approx(overflow(calm, 1.5))
    assert overflow(with_curve(5, 0.5, 2), 1.5) > overflow(calm, 1.5)


def test_work_that_may_wait_takes_its_share_off_the_variation():
    rng = np.random.default_rng(5)
    load = rng.gamma(0.5, 2, 100_000)
    load /= load.mean()
    levelled = 0.6 * load + 0.4
    scenario = with_curve(load.max(), 1, load.std(), workload__batch_frac=0.4)
    assert busy_mean_square(scenario) == pytest.approx((levelled**2).mean(), rel=1e-9)


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
    thinking = compare(scenario.vary({"options.api.reasoning_frac": 0.6}))["api"].task
    assert output_tokens(thinking)[1] == pytest.approx(10 * 1.5 * 2 * 1.2 * (20 + 30 + 30)), "30 of 50 are hidden"
    assert answer_tokens(thinking)[1] == pytest.approx(10 * 1.5 * 2 * 1.2 * 20), "readers get the answer alone"
    assert input_tokens(thinking)[1] == input_tokens(task)[1]


def test_a_model_that_hides_seven_tenths_writes_as_published_of_one_that_always_thinks():
    """ServeGen, one day of DeepSeek-R1: 1,527 tokens of output on average, 70.2 % of them hidden."""
    option = neutral_option("token_api", reasoning_frac=0.702)
    scenario = neutral_scenario({"api": option}, workload__output_tokens_per_request=1527 * (1 - 0.702))
    assert output_tokens(compare(scenario)["api"].task)[1] == pytest.approx(1527)
