"""Drivers: indices and rank correlations of models for which they are known."""

import numpy as np
import pytest
from scipy import stats

from costmodel.errors import ScenarioError
from costmodel.uncertainty.drivers import rank_drivers, sobol_drivers, sobol_indices, sobol_runs, sobol_sample
from costmodel.uncertainty.metrics import break_even_month, net_present_cost, saving
from costmodel.uncertainty.montecarlo import monte_carlo
from costmodel.uncertainty.ranges import Range
from costmodel.uncertainty.sampling import Draws
from tests.neutral import compare, neutral_option, neutral_scenario

ASSESSMENT, MIGRATION, PARALLEL, OTHER = (
    "options.a.governance.assessment_usd",
    "options.a.launch.migration_usd",
    "options.a.launch.parallel_running_usd",
    "options.b.launch.migration_usd",
)


def linear():
    """Cost of `a` = assessment + migration + parallel running, of `b` = its migration; widths 100, 300 and 0."""
    scenario = neutral_scenario({"a": neutral_option("token_api"), "b": neutral_option("token_api")})
    ranges = {
        ASSESSMENT: Range(0, 50, 100, "uniform"),
        MIGRATION: Range(0, 150, 300, "uniform"),
        PARALLEL: Range(20, 20, 20, "uniform"),
        OTHER: Range(0, 50, 100, "uniform"),
    }
    return scenario, ranges


def test_the_indices_of_the_ishigami_function_are_the_known_ones():
    a, b = 7, 0.1

    def ishigami(places):
        x = np.pi * (2 * places - 1)
        return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])

    one, two, both = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, 8 * b**2 * np.pi**8 / 225
    variance = one + two + both
    found = sobol_indices(ishigami(sobol_sample(3, 4096, seed=1)), 3, seed=1)
    np.testing.assert_allclose(found.first, [one / variance, two / variance, 0], atol=0.01)
    np.testing.assert_allclose(found.total, [(one + both) / variance, two / variance, both / variance], atol=0.01)
    assert np.all(np.abs(found.first - [one / variance, two / variance, 0]) <= 2 * found.first_half_width)
    assert np.all(found.total_half_width < 0.05)


def test_the_indices_of_a_linear_model_are_its_shares_of_the_variance():
    scenario, ranges = linear()
    *steps, found = sobol_drivers(scenario, ranges, net_present_cost("a"))
    assert all(step.indices is None for step in steps)
    assert [step.done for step in steps] == sorted({step.done for step in steps})
    assert found.done == found.wanted == sobol_runs(4)
    np.testing.assert_allclose(found.indices.first, [0.1, 0.9, 0, 0], atol=0.01)
    np.testing.assert_allclose(found.indices.total, [0.1, 0.9, 0, 0], atol=0.01)
    assert found.paths == tuple(ranges)
    widest = max(found.indices.first_half_width.max(), found.indices.total_half_width.max())
    assert found.runs_needed(widest / 2) == pytest.approx(4 * found.wanted, abs=1)


def test_the_same_seed_gives_the_same_indices():
    scenario, ranges = linear()
    runs = [list(sobol_drivers(scenario, ranges, saving("a", "b"), 64, seed))[-1].indices for seed in (0, 0, 1)]
    for name in ("first", "first_half_width", "total", "total_half_width"):
        np.testing.assert_array_equal(getattr(runs[0], name), getattr(runs[1], name))
    assert np.any(runs[0].first != runs[2].first)


def test_an_outcome_that_never_changes_has_no_drivers():
    scenario, ranges = linear()
    *_, found = sobol_drivers(scenario, {OTHER: ranges[OTHER]}, net_present_cost("a"), 64)
    assert (found.indices.total, found.indices.total_half_width) == (0, 0)
    *_, run = monte_carlo(Draws(scenario, {OTHER: ranges[OTHER]}), 100)
    ranked = rank_drivers(run, run.net_present_cost_usd["a"])
    assert (ranked.drivers[0].rank_correlation, ranked.explained_frac) == (0, 0)


def test_indices_of_a_month_that_never_comes_are_refused():
    scenario, ranges = linear()
    with pytest.raises(ScenarioError, match="finite number in every simulation"):
        list(sobol_drivers(scenario, ranges, break_even_month("a", "b"), 64))


def test_rank_correlations_are_spearmans_and_shares_those_of_the_regression_of_ranks():
    scenario, ranges = linear()
    draws = Draws(scenario, ranges)
    *_, run = monte_carlo(draws, 4096)
    outcome = run.net_present_cost_usd["a"] - run.net_present_cost_usd["b"]
    ranked = rank_drivers(run, outcome)
    places = np.concatenate(list(draws.probabilities(4096)))
    ranks = stats.zscore(np.stack([stats.rankdata(column) for column in [*places.T, outcome]]), axis=1)
    coefficients = np.linalg.lstsq(ranks[:-1].T, ranks[-1])[0]
    for driver in ranked.drivers:
        column = draws.paths.index(driver.path)
        expected = stats.spearmanr(places[:, column], outcome).statistic
        assert driver.rank_correlation == pytest.approx(expected, abs=1e-3)
        assert driver.rank_share == pytest.approx(coefficients[column] ** 2, abs=1e-3)
    assert ranked.explained_frac == pytest.approx(1 - np.var(ranks[-1] - coefficients @ ranks[:-1]), abs=1e-3)
    assert ranked.drivers[0].path == MIGRATION
    strengths = [abs(driver.rank_correlation) for driver in ranked.drivers]
    assert strengths == sorted(strengths, reverse=True)
    assert ranked.noise == pytest.approx(1 / np.sqrt(4095))
    assert next(d for d in ranked.drivers if d.path == PARALLEL).rank_share < 4 * ranked.noise**2


def test_a_single_driver_is_followed_rank_by_rank():
    scenario, ranges = linear()
    *_, run = monte_carlo(Draws(scenario, {MIGRATION: ranges[MIGRATION]}), 500)
    ranked = rank_drivers(run, -run.net_present_cost_usd["a"])
    assert ranked.drivers[0].rank_correlation == pytest.approx(-1, abs=1e-4)
    assert ranked.explained_frac == pytest.approx(1, abs=1e-3)


def test_correlated_numbers_share_the_correlation_but_not_the_regression():
    scenario, ranges = linear()
    draws = Draws(scenario, ranges, correlations={(MIGRATION, OTHER): 0.9})
    *_, run = monte_carlo(draws, 4096)
    found = {driver.path: driver for driver in rank_drivers(run, run.net_present_cost_usd["a"]).drivers}
    assert found[OTHER].rank_correlation > 0.8
    assert found[OTHER].rank_share < 0.01


def test_too_few_draws_are_refused():
    scenario, ranges = linear()
    *_, run = monte_carlo(Draws(scenario, ranges), 4)
    with pytest.raises(ScenarioError, match="too few"):
        rank_drivers(run, run.net_present_cost_usd["a"])


def test_the_model_of_these_tests_is_linear():
    scenario, _ = linear()
    costs = compare(scenario.vary({ASSESSMENT: 1, MIGRATION: 20, PARALLEL: 300, OTHER: 7}))
    assert (costs["a"].net_present_cost_usd, costs["b"].net_present_cost_usd) == (321, 7)
