"""Ranges and draws: distributions are what they say, no draw leaves its bounds, the same seed gives the same draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from costmodel.errors import ScenarioError
from costmodel.fields import Number
from costmodel.scenario import numbers
from costmodel.uncertainty.ranges import Range, checked, drawable, quantile
from costmodel.uncertainty.sampling import Draws
from tests.strategies import drawable as drawable_numbers
from tests.strategies import ordinary_scenario

SCENARIO = ordinary_scenario()
NUMBERS = numbers(SCENARIO)
DRAWN = drawable_numbers(SCENARIO)
PLACES = np.concatenate([10.0 ** -np.arange(9, 1, -1), np.linspace(0.01, 0.99, 99), 1 - 10.0 ** -np.arange(2, 10)])
WIDE_OPEN = Number("USD", 0, 1e12, "Anything.")
VOLUME, GROWTH = "workload.requests_per_month", "workload.growth_per_year"


@pytest.mark.parametrize("base", [2.0, 2.5, 5.0, 9.0, 10.0])
def test_bounded_ranges_have_the_quantiles_of_their_distribution(base):
    low, high = 2.0, 10.0
    peak = (base - low) / (high - low)
    known = {
        "uniform": stats.uniform(low, high - low),
        "triangular": stats.triang(peak, low, high - low),
        "pert": stats.beta(1 + 4 * peak, 1 + 4 * (1 - peak), low, high - low),
    }
    for distribution, expected in known.items():
        values = quantile(Range(low, base, high, distribution), WIDE_OPEN, PLACES)
        np.testing.assert_allclose(values, expected.ppf(PLACES), rtol=0, atol=1e-6 * (high - low))
        assert np.all(np.diff(values) >= 0)


def test_a_lognormal_has_its_base_in_the_middle_and_its_ends_at_5_and_95_percent():
    places = np.array([0.05, 0.5, 0.95])
    np.testing.assert_allclose(quantile(Range(2, 10, 30, "lognormal"), WIDE_OPEN, places), [2, 10, 30], rtol=1e-12)
    even = quantile(Range(2, 6, 18, "lognormal"), WIDE_OPEN, PLACES)
    deviation = np.log(3) / stats.norm.ppf(0.95)
    np.testing.assert_allclose(even, stats.lognorm(deviation, scale=6).ppf(PLACES), rtol=1e-9)


def test_a_lognormal_is_cut_off_at_the_bounds_of_its_field_and_keeps_its_shape_within():
    number, spread = Number("share", 0.5, 1, "A share."), Range(0.6, 0.9, 1, "lognormal")
    values = quantile(spread, number, np.linspace(1e-9, 1 - 1e-9, 20001))
    assert values.min() >= 0.5
    assert values.max() <= 1
    uncut = quantile(spread, WIDE_OPEN, np.linspace(1e-9, 1 - 1e-9, 200001))
    within = uncut[(uncut >= 0.5) & (uncut <= 1)]
    np.testing.assert_allclose(np.quantile(values, PLACES[8:-8]), np.quantile(within, PLACES[8:-8]), rtol=1e-3)


@pytest.mark.parametrize("distribution", ["uniform", "triangular", "pert", "lognormal"])
@pytest.mark.parametrize(("low", "base", "high"), [(1, 1, 1), (1, 1, 3), (1, 3, 3), (2, 2, 2), (3, 3, 3)])
def test_a_range_may_be_empty_on_one_side_or_on_both(distribution, low, base, high):
    values = quantile(Range(low, base, high, distribution), Number("ratio", 1, 3, "A ratio."), PLACES)
    assert np.all((values >= low) & (values <= high))
    if distribution == "lognormal" and low < base:
        assert np.median(values) < base  # all of it lies below its base, where the field ends


@st.composite
def spreads(draw, number):
    """A range of any distribution somewhere in the bounds of a field, ends at the bounds and empty ranges included."""
    shares = sorted(draw(st.lists(st.sampled_from([0, 1e-9, 0.01, 0.3, 0.7, 1]), min_size=3, max_size=3)))
    low, base, high = (min(max(number.low + (number.high - number.low) * s, number.low), number.high) for s in shares)
    kinds = ["uniform", "triangular", "pert", *(["lognormal"] if low > 0 else [])]
    return Range(low, base, high, draw(st.sampled_from(kinds)))


@given(st.data(), st.sampled_from(sorted(DRAWN)))
def test_no_draw_leaves_the_bounds_of_its_field_or_of_a_bounded_range(data, path):
    number = DRAWN[path]
    spread = data.draw(spreads(number))
    checked(SCENARIO, {path: spread}, drawn=True)
    places = np.array([*data.draw(st.lists(st.floats(1e-10, 1 - 1e-10), max_size=20)), 1e-10, 0.5, 1 - 1e-10])
    values = quantile(spread, number, places)
    assert np.isfinite(values).all()
    least, most = (number.low, number.high) if spread.distribution == "lognormal" else (spread.low, spread.high)
    assert values.min() >= least
    assert values.max() <= most


@given(st.data(), st.sampled_from(sorted(NUMBERS)), st.floats(0, 1))
def test_a_range_moved_to_another_value_is_still_right(data, path, share):
    number = NUMBERS[path]
    spread = data.draw(spreads(number))
    today = number.low + (number.high - number.low) * share
    moved = spread.around(min(max(today, number.low), number.high), number)
    checked(SCENARIO, {path: moved}, drawn=False)
    assert moved.base == pytest.approx(today)


def test_a_range_keeps_its_relative_width_around_a_changed_number():
    assert Range(5, 10, 20, "pert").around(30, WIDE_OPEN) == Range(15, 30, 60, "pert")
    price_change = Number("per year", -0.5, 0.3, "A change.")
    moved = Range(-0.1, 0.0, 0.2, "uniform").around(0.2, price_change)
    assert (moved.low, moved.high) == (pytest.approx(0.1), 0.3)
    assert Range(36, 60, 72, "not_drawn").around(24, NUMBERS["finance.horizon_months"]).low == 24


@pytest.mark.parametrize(
    ("path", "spread", "complaint"),
    [
        ("workload.requests", Range(1, 2, 3, "uniform"), "not a number of this scenario"),
        ("options.on_prem.acquisition", Range(1, 2, 3, "uniform"), "not a number of this scenario"),
        (VOLUME, Range(3, 2, 4, "uniform"), "in this order"),
        (VOLUME, Range(1, float("nan"), 4, "uniform"), "in this order"),
        (VOLUME, Range(0, 2, 4, "uniform"), "itself must lie between 1 and 1e\\+12"),
        (VOLUME, Range(1, 2, 4, "normal"), "must be one of"),
        ("energy.electricity_usd_per_kwh", Range(0, 0.1, 0.2, "lognormal"), "needs a low above 0"),
        ("finance.horizon_months", Range(12, 36, 60, "uniform"), "whole-number term"),
        (VOLUME, Range(1, 2, 4, "not_drawn"), "of a decision"),
        (VOLUME, Range(1, 2, 4, "uniform", also=("workload.nothing",)), "not a number of this scenario"),
        (VOLUME, Range(1, 2, 4, "uniform", also=(VOLUME,)), "two ranges"),
    ],
)
def test_a_range_that_is_not_right_is_refused_in_one_sentence(path, spread, complaint):
    with pytest.raises(ScenarioError, match=complaint) as refusal:
        Draws(SCENARIO, {path: spread})
    assert str(refusal.value).endswith((".", "?"))


def test_what_chance_draws_leaves_out_terms_and_decisions():
    ranges = {
        VOLUME: Range(1, 2, 3, "pert"),
        GROWTH: Range(0, 0.1, 0.2, "not_drawn"),
        "finance.horizon_months": Range(12, 36, 60, "uniform"),
    }
    assert list(drawable(SCENARIO, ranges)) == [VOLUME]


def four_draws(**settings):
    """Draws of four numbers of the ordinary scenario."""
    ranges = {
        VOLUME: Range(1e5, 1e6, 1e7, "lognormal"),
        GROWTH: Range(0, 0.1, 0.5, "pert"),
        "energy.electricity_usd_per_kwh": Range(0.1, 0.2, 0.4, "triangular"),
        "finance.discount_rate_per_year": Range(0, 0.1, 0.2, "uniform"),
    }
    return Draws(SCENARIO, ranges, **settings)


def drawn(draws, count, size=1024):
    """Path -> all draws. Shape (count,)."""
    slices = [draws.changes(places) for places in draws.probabilities(count, size)]
    return {path: np.concatenate([part[path][:, 0] for part in slices]) for path in draws.paths}


@pytest.mark.parametrize("count", [1, 2, 1000, 1025])
def test_the_same_seed_gives_the_same_draws_in_slices_of_any_size(count):
    expected = drawn(four_draws(seed=3), count)
    for size in (1, 7, 512, 4096)[0 if count < 10 else 1 :]:
        again = drawn(four_draws(seed=3), count, size)
        for path, values in expected.items():
            np.testing.assert_array_equal(values, again[path])
            assert values.shape == (count,)
    other = drawn(four_draws(seed=4), count)
    assert all(np.any(other[path] != values) for path, values in expected.items())


def test_the_first_draws_of_a_longer_run_are_those_of_a_shorter_one():
    short, long = drawn(four_draws(), 300), drawn(four_draws(), 5000)
    for path, values in short.items():
        np.testing.assert_array_equal(values, long[path][:300])


def test_draws_are_spread_more_evenly_than_chance_would():
    for values in drawn(four_draws(), 1024).values():
        assert len(np.unique(values)) == 1024
    for places in four_draws().probabilities(1024):
        counts = np.stack([np.histogram(column, 64, (0, 1))[0] for column in places.T])
        assert np.all(counts == 16)


def test_one_number_in_several_places_is_drawn_once():
    also = ("options.cloud_gpu.serving.throughput_ratio",)
    ranges = {"options.on_prem.serving.throughput_ratio": Range(0.5, 1, 2, "lognormal", also)}
    draws = Draws(SCENARIO, ranges)
    changes = draws.changes(next(draws.probabilities(100)))
    assert set(changes) == {*ranges, *also}
    np.testing.assert_array_equal(changes[also[0]], changes["options.on_prem.serving.throughput_ratio"])


def test_rank_correlations_are_those_asked_for():
    wanted = {(VOLUME, GROWTH): 0.7, (GROWTH, "finance.discount_rate_per_year"): -0.4}
    values = drawn(four_draws(correlations=wanted), 8192)
    for one in values:
        for other in values:
            if one < other:
                expected = wanted.get((one, other), wanted.get((other, one), 0))
                got = stats.spearmanr(values[one], values[other]).statistic
                assert got == pytest.approx(expected, abs=0.015), (one, other)
    alone = drawn(four_draws(), 8192)
    for path in values:  # each number by itself is drawn as before
        np.testing.assert_allclose(
            np.quantile(values[path], PLACES[8:-8]), np.quantile(alone[path], PLACES[8:-8]), rtol=0.03, atol=0.002
        )


@pytest.mark.parametrize(
    ("correlations", "complaint"),
    [
        ({(VOLUME, GROWTH): 1.0}, "between -1 and 1"),
        ({(VOLUME, GROWTH): float("nan")}, "between -1 and 1"),
        ({(VOLUME, VOLUME): 0.5}, "two different numbers"),
        ({(VOLUME, "people.loading_ratio"): 0.5}, "has no range"),
        ({(VOLUME, GROWTH): 0.5, (GROWTH, VOLUME): 0.4}, "given twice"),
        (
            {
                (VOLUME, GROWTH): 0.9,
                (GROWTH, "finance.discount_rate_per_year"): 0.9,
                (VOLUME, "finance.discount_rate_per_year"): -0.9,
            },
            "contradict each other",
        ),
    ],
)
def test_correlations_that_cannot_be_are_refused_in_one_sentence(correlations, complaint):
    with pytest.raises(ScenarioError, match=complaint) as refusal:
        four_draws(correlations=correlations)
    assert str(refusal.value).endswith(".")


def test_nothing_to_draw_from_is_refused():
    with pytest.raises(ScenarioError, match="has a range to vary in"):
        Draws(SCENARIO, {})
