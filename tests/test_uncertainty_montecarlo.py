"""Monte Carlo against cases that can be worked out by hand, and against single runs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from costmodel.break_even import in_time
from costmodel.errors import ScenarioError
from costmodel.uncertainty.metrics import break_even_month, cheapest, excess, levelized_cost, net_present_cost, saving
from costmodel.uncertainty.montecarlo import MonteCarlo, monte_carlo
from costmodel.uncertainty.ranges import Range
from costmodel.uncertainty.sampling import FEW, Draws
from tests.neutral import compare, neutral_option, neutral_scenario
from tests.strategies import drawable, levels, ordinary_scenario, scenarios, value_at

MONTHS = 12
HIGHEST_OUTLAY = 2400.0
MONTHLY = 100.0
OUTLAY = "options.own.launch.migration_usd"
SEEDS = range(40)


def last(steps) -> MonteCarlo:
    """The finished run."""
    *_, result = steps
    return result


def pay_monthly_or_at_once():
    """`rent` costs 100 USD a month over 12 months, `own` an outlay today: they break even after outlay / 100 months."""
    return neutral_scenario({
        "rent": neutral_option("token_api", support_usd_per_month=MONTHLY),
        "own": neutral_option("token_api", launch__migration_usd=1000),
    })  # fmt: skip


def uniform_outlay(seed=1) -> Draws:
    """The outlay is anything from 0 to 2,400 USD."""
    return Draws(pay_monthly_or_at_once(), {OUTLAY: Range(0, 1000, HIGHEST_OUTLAY, "uniform")}, seed)


def test_the_probability_of_having_broken_even_by_each_month_is_that_worked_out_by_hand():
    run = last(monte_carlo(uniform_outlay(), 4096, [("rent", "own")]))
    months, probability = run.overtaken_by("rent", "own")
    expected = MONTHLY * months / HIGHEST_OUTLAY  # the outlay is below 100 USD x months
    np.testing.assert_allclose(probability.value, expected, atol=1 / 4096)
    never = run.never_probability("rent", "own")
    assert never.value == pytest.approx(1 - MONTHLY * MONTHS / HIGHEST_OUTLAY, abs=1 / 4096)
    assert run.cheapest_probability["own"].value == pytest.approx(0.5, abs=1 / 4096)


def test_months_of_break_even_are_quantiles_and_never_is_one_of_them():
    run = last(monte_carlo(uniform_outlay(), 4096, [("rent", "own"), ("own", "rent")]))
    p10, p40, p90 = run.break_even_quantiles("rent", "own", (0.1, 0.4, 0.9))
    assert p10.value == pytest.approx(0.1 * HIGHEST_OUTLAY / MONTHLY, abs=0.01)
    assert p40.value == pytest.approx(0.4 * HIGHEST_OUTLAY / MONTHLY, abs=0.01)
    assert p10.low < p10.value < p10.high
    assert (p90.value, p90.high, p90.standard_error) == (np.inf, np.inf, 0)
    back = run.overtaken_by("own", "rent")[1].value
    np.testing.assert_allclose(
        back[0], 0.5, atol=1 / 4096
    )  # rent is ahead from the start, and in half of the draws for good
    assert np.all(back == back[0])


def test_a_linear_model_has_the_mean_the_spread_and_the_quantiles_of_its_parts():
    parts = {
        "options.a.governance.assessment_usd": Range(100, 200, 500, "uniform"),
        "options.a.launch.migration_usd": Range(0, 600, 1000, "triangular"),
        "options.a.launch.parallel_running_usd": Range(100, 300, 900, "pert"),
    }
    scenario = neutral_scenario({"a": neutral_option("token_api", support_usd_per_month=10)})
    run = last(monte_carlo(Draws(scenario, parts), 16384))
    known = [stats.uniform(100, 400), stats.triang(0.6, 0, 1000), stats.beta(2, 4, 100, 800)]
    cost = run.net_present_cost_usd["a"]
    assert cost.mean() == pytest.approx(10 * MONTHS + sum(part.mean() for part in known), rel=1e-4)
    assert cost.var() == pytest.approx(sum(part.var() for part in known), rel=2e-3)
    alone = last(monte_carlo(Draws(scenario, {OUTLAY.replace("own", "a"): Range(0, 600, 1000, "triangular")}), 16384))
    for quantile in alone.cost_quantiles("a", (0.05, 0.5, 0.95)):
        assert quantile.value == pytest.approx(10 * MONTHS + known[1].ppf(quantile.probability), abs=0.2)


def test_options_that_tie_share_a_draw_equally():
    twins = {name: neutral_option("token_api", support_usd_per_month=10) for name in ("a", "b")}
    scenario = neutral_scenario({**twins, "dearer": neutral_option("token_api", support_usd_per_month=20)})
    draws = Draws(scenario, {"options.dearer.launch.migration_usd": Range(0, 1, 2, "uniform")})
    run = last(monte_carlo(draws, 100))
    assert [probability.value for probability in run.cheapest_probability.values()] == [0.5, 0.5, 0]
    assert all(0 < probability.standard_error < 0.1 for probability in run.cheapest_probability.values())


def test_standard_errors_cover_the_truth():
    truth = MONTHLY * MONTHS / HIGHEST_OUTLAY
    errors, quantiles = [], []
    for seed in SEEDS:
        run = last(monte_carlo(uniform_outlay(seed), 200))
        estimate = run.cheapest_probability["own"]
        assert estimate.standard_error == pytest.approx(np.sqrt(truth * (1 - truth) / 200), rel=0.05)
        errors.append(abs(estimate.value - truth) / estimate.standard_error)
        (median,) = run.cost_quantiles("own", (0.5,))
        quantiles.append(median.low <= HIGHEST_OUTLAY / 2 <= median.high)
    assert max(errors) < 3
    assert np.mean(quantiles) >= 0.68


def test_standard_errors_are_those_of_independent_draws():
    rng = np.random.default_rng(5)
    covered = []
    for _ in range(400):
        outlays = rng.uniform(0, HIGHEST_OUTLAY, 300)
        run = MonteCarlo(uniform_outlay(), 300, {"own": outlays}, {"own": np.ones(300)}, {}, {})
        (p90,) = run.cost_quantiles("own", (0.9,))
        covered.append(p90.low <= 0.9 * HIGHEST_OUTLAY <= p90.high)
    assert np.mean(covered) == pytest.approx(0.68, abs=0.07)


def test_a_probability_converges_to_that_of_the_whole_run():
    run = last(monte_carlo(uniform_outlay(), 1000))
    counts, running = run.convergence()
    assert (counts[0], counts[-1]) == (1, 1000)
    assert np.all(np.diff(counts) > 0)
    for slug, estimate in running.items():
        assert estimate.value[-1] == pytest.approx(run.cheapest_probability[slug].value)
        assert estimate.standard_error[-1] == pytest.approx(run.cheapest_probability[slug].standard_error)
        assert estimate.value.shape == estimate.standard_error.shape == counts.shape
    won = run.net_present_cost_usd["own"] < run.net_present_cost_usd["rent"]
    np.testing.assert_allclose(running["own"].value, [won[:count].mean() for count in counts])


def random_ranges(scenario, seed):
    """Ranges of a dozen numbers of the scenario, within what is sensible."""
    known, rng = drawable(scenario), np.random.default_rng(seed)
    drawn = levels(rng.bytes(1000))
    ranges = {}
    for path in rng.choice(sorted(known), 12, replace=False):
        ends = sorted(value_at(next(drawn), path.rpartition(".")[2], known[path]) for _ in range(3))
        ranges[str(path)] = Range(*ends, "pert")
    return ranges


@given(scenarios(), st.integers(0, 100))
def test_each_draw_costs_what_its_single_run_costs(scenario, seed):
    draws = Draws(scenario, random_ranges(scenario, seed), seed)
    slugs = list(scenario.options)
    run = last(monte_carlo(draws, 5, [(slugs[0], slugs[1])]))
    changes = draws.changes(next(draws.probabilities(5)))
    for i in range(5):
        single = compare(scenario.vary({path: float(values[i, 0]) for path, values in changes.items()}))
        for slug, costs in run.net_present_cost_usd.items():
            np.testing.assert_allclose(costs[i], single[slug].net_present_cost_usd, rtol=1e-11)
        expected = in_time(single[slugs[0]], single[slugs[1]])
        month = run.overtaken_after_months[slugs[0], slugs[1]][i]
        known = {"start": 0, "never": np.inf, "same": np.inf}.get(expected.outcome, expected.month)
        assert month == pytest.approx(known, rel=1e-9)


def test_of_the_others_those_count_that_the_rules_let_win():
    scenario = neutral_scenario({
        "dear": neutral_option("token_api", launch__migration_usd=1000),
        "cheap": neutral_option("token_api", launch__migration_usd=700),
        "late": neutral_option("on_prem", launch__migration_usd=100, lead_time_months=3),
    })  # fmt: skip
    assert excess("dear")(compare(scenario)) == 900
    rule = {"rules.latest_start_months": 0}
    assert excess("dear")(compare(scenario.vary(rule))) == 300
    assert excess("late")(compare(scenario.vary(rule))) == -600
    none_keeps_it = {**rule, **{f"options.{slug}.network_latency_ms": 20.0 for slug in ("dear", "cheap")}}
    none_keeps_it["rules.response_time_limit_s"] = 0.01
    assert excess("dear")(compare(scenario.vary(none_keeps_it))) == 900


def test_an_option_wins_only_the_draws_in_which_the_rules_let_it():
    """Answers of 100 tokens at 10 to 30 ms each, 2.5 s at most: a quarter of the draws rules the cheaper out."""
    scenario = neutral_scenario(
        {
            "slow": neutral_option("token_api", time_per_token_ms=20),
            "dear": neutral_option("token_api", launch__migration_usd=1000),
        },
        workload__output_tokens_per_request=100,
        rules__response_time_limit_s=2.5,
    )
    speed = {"options.slow.time_per_token_ms": Range(10, 20, 30, "uniform")}
    run = last(monte_carlo(Draws(scenario, speed), 4096))
    assert run.cheapest_probability["slow"].value == pytest.approx(0.75, abs=1 / 4096)
    assert run.cheapest_probability["dear"].value == pytest.approx(0.25, abs=1 / 4096)
    assert run.ruled_out_probability("slow").value == pytest.approx(0.25, abs=1 / 4096)
    assert run.ruled_out_probability("dear").value == 0
    assert np.isfinite(run.net_present_cost_usd["slow"]).all()


def test_results_do_not_depend_on_the_size_of_the_slices():
    scenario = ordinary_scenario()
    draws = Draws(scenario, random_ranges(scenario, 1))
    pairs = [("token_api", "on_prem")]
    expected = last(monte_carlo(draws, 300, pairs))
    for size in (1, 7, 64, 299):
        again = last(monte_carlo(draws, 300 if size > 1 else 20, pairs, size))
        for slug, costs in again.net_present_cost_usd.items():
            np.testing.assert_allclose(costs, expected.net_present_cost_usd[slug][: again.done], rtol=1e-12)
        months = again.overtaken_after_months[pairs[0]]
        np.testing.assert_allclose(months, expected.overtaken_after_months[pairs[0]][: again.done], rtol=1e-9)


@pytest.mark.parametrize("count", [1, 100, FEW])
def test_few_points_are_the_first_of_many(count):
    few, many = (next(uniform_outlay().probabilities(number)) for number in (count, 1024))
    assert np.array_equal(few, many[:count])


def test_a_run_can_be_watched_and_stopped_at_any_slice():
    steps = monte_carlo(uniform_outlay(), 1000, [("rent", "own")], size=256)
    first, second = next(steps), next(steps)
    steps.close()
    assert [first.done, second.done, second.wanted] == [256, 512, 1000]
    whole = last(monte_carlo(uniform_outlay(), 512, [("rent", "own")]))
    np.testing.assert_array_equal(second.net_present_cost_usd["own"], whole.net_present_cost_usd["own"])
    assert second.break_even_quantiles("rent", "own") == whole.break_even_quantiles("rent", "own")
    assert first.cheapest_probability["own"].value == np.mean(first.net_present_cost_usd["own"] < MONTHLY * MONTHS)
    with pytest.raises(ValueError, match="read-only"):
        second.net_present_cost_usd["own"][0] = 0


def test_metrics_say_what_their_names_say():
    comparison = compare(ordinary_scenario())
    costs = {slug: float(cost.net_present_cost_usd) for slug, cost in comparison.costs.items()}
    assert net_present_cost("on_prem")(comparison) == costs["on_prem"]
    assert saving("on_prem", "token_api")(comparison) == costs["on_prem"] - costs["token_api"]
    assert list(costs)[int(cheapest(comparison))] == comparison.ranking[0]
    best, next_best = comparison.ranking[:2]
    assert excess(best)(comparison) == pytest.approx(costs[best] - costs[next_best])
    assert excess(next_best)(comparison) == pytest.approx(costs[next_best] - costs[best])
    assert levelized_cost(best)(comparison) == comparison[best].levelized_cost_usd_per_mtok
    same = neutral_scenario({name: neutral_option("token_api") for name in ("a", "b")})
    assert break_even_month("a", "b")(compare(same)) == np.inf


@pytest.mark.parametrize("count", [0, -1, 10_000_000])
def test_a_number_of_draws_that_nobody_can_want_is_refused(count):
    with pytest.raises(ScenarioError, match="number of simulations"):
        monte_carlo(uniform_outlay(), count)


def test_an_unknown_option_is_refused_with_the_nearest_name():
    with pytest.raises(ScenarioError, match=r"'rents' is not an option.*Did you mean rent"):
        monte_carlo(uniform_outlay(), 10, [("rents", "own")])


def test_a_draw_that_breaks_a_rule_between_fields_is_said():
    scenario = neutral_scenario({"own": neutral_option("on_prem")})
    draws = Draws(scenario, {"options.own.serving.total_params_b": Range(8, 8, 200, "uniform")})
    with pytest.raises(ScenarioError, match=r"Not every simulation is possible.*take more GPUs"):
        last(monte_carlo(draws, 10))
