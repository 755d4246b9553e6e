"""Tables of how sure the verdict is say what the draws say, and slides have all that the what-if page has."""

import dataclasses
import io
from datetime import date
from types import SimpleNamespace

import pytest
from pptx import Presentation

from answers import analysis
from answers.analysis import Analysis
from answers.decision import decide
from costmodel.comparison import compare
from costmodel.uncertainty import metrics
from costmodel.uncertainty.drivers import sobol_drivers
from costmodel.uncertainty.montecarlo import monte_carlo
from costmodel.uncertainty.ranges import Range
from costmodel.uncertainty.sampling import Draws
from pricing.documents import Opened
from pricing.presets import preset
from reports.files.slides import slides
from reports.words import chapters, trade_offs, uncertainty
from reports.words.text import percent, usd
from tests.neutral import neutral_option, neutral_scenario

OUTLAY, SUPPORT = "options.own.launch.migration_usd", "options.rent.support_usd_per_month"


@pytest.fixture(scope="module")
def run():
    """`own` costs anything from 500 to 1,500 USD at once, `rent` 75 to 125 USD a month for a year."""
    scenario = neutral_scenario({
        "rent": neutral_option("token_api", label="Rent", support_usd_per_month=100),
        "own": neutral_option("token_api", label="Own", launch__migration_usd=1000),
    })  # fmt: skip
    spread = {OUTLAY: Range(500, 1000, 1500, "uniform"), SUPPORT: Range(75, 100, 125, "uniform")}
    *_, found = monte_carlo(Draws(scenario, spread), 4096)
    return found


def test_quantiles_of_each_cost_are_those_of_its_range(run):
    told = chapters.costs_table(compare(run.draws.scenario), run)
    assert told.columns == ("Option", "Undiscounted cash", *(f"{share} % cost less" for share in (5, 25, 75, 95)))
    assert told.rows[0] == ("Own", "$1,000", "$550", "$750", "$1,250", "$1,450")
    assert told.rows[1] == ("Rent", "$1,200", "$930", "$1,050", "$1,350", "$1,470")
    assert told.headline == "Own: $1,000 in undiscounted cash; $550 to $1,450 in nine of ten simulations"


def test_the_share_of_the_first_draws_stands_beside_that_of_all(run):
    told = chapters.convergence_table(compare(run.draws.scenario), run)
    assert told.columns == ("Option", "First 100", "First 1,000", "All 4,096")
    won = run.net_present_cost_usd["own"] < run.net_present_cost_usd["rent"]
    expected = [won[:count].mean() for count in (100, 1000, 4096)]
    assert [cell.split(" \u00b1")[0] for cell in told.rows[0][1:]] == [f"{100 * share:.1f} %" for share in expected]
    first, _, whole = map(percent, expected)
    assert told.headline == f"Own: cheapest in {first} of the first 100 simulations, in {whole} of all 4,096"


def test_of_simulations_that_agree_all_is_said_and_as_many_decimals_as_chance_moves():
    scenario = neutral_scenario({
        "rent": neutral_option("token_api", label="Rent", support_usd_per_month=100),
        "own": neutral_option("token_api", label="Own", launch__migration_usd=100),
    })  # fmt: skip
    *_, run = monte_carlo(Draws(scenario, {OUTLAY: Range(50, 100, 150, "uniform")}), 4096)
    told = chapters.convergence_table(compare(scenario), run)
    assert told.headline == "Own: cheapest in all of the first 100 simulations, in all 4,096"
    assert told.rows[0] == ("Own", "100.0 % \u00b1 1.0", "100.0 % \u00b1 0.1", "100.00 % \u00b1 0.03")


def test_the_month_of_break_even_is_told_by_quantiles():
    scenario = neutral_scenario({
        "rent": neutral_option("token_api", support_usd_per_month=100),
        "own": neutral_option("token_api", launch__migration_usd=0),
    })  # fmt: skip
    for outlay, told in (
        (Range(0, 0, 1e-9, "uniform"), ("In each of 64 simulations", "from the start")),
        (Range(400, 500, 600, "uniform"), ("In 5 of 10 cases", "by month 5")),
        (Range(405, 425, 445, "uniform"), ("In 5 of 10 cases", "by month 5")),  # in the course of it, not by month 4
        (Range(2000, 2100, 2200, "uniform"), ("In each of 64 simulations", "not within the horizon")),
    ):
        today = scenario.vary({OUTLAY: outlay.base})
        *_, found = monte_carlo(Draws(today, {OUTLAY: outlay}), 64, [("rent", "own")])
        assert told in uncertainty.break_even_facts(found, "rent", "own")


@pytest.mark.parametrize(("outlay", "told", "odds"), [
    (Range(0, 0, 1e-9, "uniform"), "from the start in all 64 simulations", []),
    (Range(400, 500, 600, "uniform"), "by month 5 in 5 of 10 cases", ["1", "5", "9"]),
    (Range(0, 1700, 3000, "uniform"), "within the horizon in about 4 of 10 simulations", ["1"]),
    (Range(2000, 2100, 2200, "uniform"), "within the horizon in none of 64 simulations", []),
])  # fmt: skip
def test_break_even_that_does_not_come_is_told_once_and_never_as_odds(outlay, told, odds):
    """'In 9 of 10 cases: not within the horizon' would say of one in ten that it is nine."""
    options = {"rent": neutral_option("token_api", support_usd_per_month=100),
               "own": neutral_option("token_api", launch__migration_usd=0)}  # fmt: skip
    today = neutral_scenario(options).vary({OUTLAY: outlay.base})
    *_, found = monte_carlo(Draws(today, {OUTLAY: outlay}), 64, [("rent", "own")])
    assert uncertainty.overtaken(found, compare(today), "rent", "own").endswith(f": {told}")
    facts = uncertainty.break_even_facts(found, "rent", "own")
    assert [what[3] for what, _ in facts if what.endswith("cases")] == odds
    assert not any("not within" in when for what, when in facts if what.endswith("cases"))


def test_variances_of_a_difference_are_those_of_its_parts(run):
    """Var(outlay) = 1000^2 / 12, Var(12 x support) = 600^2 / 12: shares of 25 / 34 and 9 / 34."""
    *_, found = sobol_drivers(run.draws.scenario, run.draws.ranges, metrics.saving("rent", "own"))
    told = chapters.sobol_table(run.draws.scenario, found, {}, "what Own saves")
    assert [row[1:3] for row in told.rows] == [("74 %", "74 %"), ("26 %", "26 %")]
    assert told.headline.endswith("74 % of the variance of what Own saves")
    indices = dataclasses.replace(found.indices, first=-found.indices.first)
    noisy = chapters.sobol_table(run.draws.scenario, dataclasses.replace(found, indices=indices), {}, "")
    assert [row[1] for row in noisy.rows] == ["0 %", "0 %"], "no share is less than none, whatever its error"


@pytest.mark.parametrize(
    ("share", "of_few", "of_all"),
    [
        (1, "all 500 simulations", "all 2,000 simulations"),
        (0.97, "more than 9 of 10 simulations", "97 % of 2,000 simulations"),
        (0.62, "about 6 of 10 simulations", "62 % of 2,000 simulations"),
    ],
)
def test_a_share_of_few_draws_is_told_in_words_that_hold_of_all(monkeypatch, share, of_few, of_all):
    """Page and paper draw different numbers of them: 'nearly all' beside '100 %' would be two answers."""
    monkeypatch.setattr(analysis, "DRAWS", 2_000)
    comparison = compare(neutral_scenario({"a": neutral_option("token_api"), "b": neutral_option("on_prem")}))
    best, other = comparison.ranking
    for done, told in ((500, of_few), (2_000, of_all)):
        shares = {best: SimpleNamespace(value=share), other: SimpleNamespace(value=1 - share)}
        run = SimpleNamespace(cheapest_probability=shares, done=done)
        assert uncertainty.how_sure(run, comparison) == f"{comparison[best].label}: cheapest in {told}"
        shares[best], shares[other] = shares[other], shares[best]
        assert share < 1 or uncertainty.how_sure(run, comparison).endswith(
            f"cheapest in none of {done:,} simulations, {comparison[other].label} in all"
        )


def test_what_the_rules_exclude_in_some_draws_only_is_said():
    """Answers of 100 tokens at 10 to 30 ms each, 2.25 s at most: `slow` breaks that in 37.5 % of the draws."""
    scenario = neutral_scenario(
        {
            "slow": neutral_option("token_api", label="Slow", time_per_token_ms=20),
            "dear": neutral_option("token_api", label="Dear", time_per_token_ms=1, launch__migration_usd=1000),
        },
        workload__output_tokens_per_request=100,
        rules__response_time_limit_s=2.25,
    )
    spread = {"options.slow.time_per_token_ms": Range(10, 20, 30, "uniform")}
    *_, run = monte_carlo(Draws(scenario, spread), 4096)
    assert uncertainty.how_sure(run, compare(scenario)) == "Slow: cheapest in 62 % of 4,096 simulations"
    less = compare(scenario.vary({"options.slow.launch.migration_usd": 1001}))
    assert uncertainty.how_sure(run, less) == "Dear: cheapest in 38 % of 4,096 simulations, Slow in 62 %"
    assert "Otherwise" not in uncertainty.likely_rivals(run, less), "who is named is not named again"
    assert (
        uncertainty.likely_rivals(run, compare(scenario))
        == "Otherwise: Dear in 38 %. Ruled out in some simulations: Slow in 38 %."
    )
    both_slow = scenario.vary({"options.dear.time_per_token_ms": 22.0})
    *_, run = monte_carlo(Draws(both_slow, spread), 4096)
    told = uncertainty.likely_rivals(run, compare(both_slow))
    assert told == "Otherwise: Dear in 38 %. Ruled out in some simulations: Slow in 38 %."
    neither = scenario.vary({"options.dear.time_per_token_ms": 29.0, "rules.response_time_limit_s": 1.5})
    *_, run = monte_carlo(Draws(neither, spread), 4096)
    assert uncertainty.how_sure(run, compare(neither)).startswith(
        "No option keeps the rules today. Slow: cheapest in all 4,096 simulations"
    )
    assert uncertainty.likely_rivals(run, compare(neither)).endswith(
        "In 75 % no option keeps the rules, and the cheapest of all counts."
    )


def test_a_limit_that_is_outgrown_in_some_draws_is_told_as_a_probability_and_rules_nothing_out():
    """2,000 tokens a second for a peak of 1,000 to 3,000: outgrown in half of the draws, and the cheapest in all."""
    scenario = neutral_scenario(
        {
            "cheap": neutral_option("token_api", label="Cheap", rate_limit_tok_per_s=2000),
            "dear": neutral_option("token_api", label="Dear", launch__migration_usd=1000),
        },
        workload__requests_per_month=730 * 3600,
        workload__input_tokens_per_request=1000,
        workload__output_tokens_per_request=1000,
        rules__peak_must_be_carried=True,
    )
    volume = {"workload.requests_per_month": Range(365 * 3600, 730 * 3600, 1095 * 3600, "uniform")}
    *_, run = monte_carlo(Draws(scenario, volume), 4096)
    assert run.outgrown_probability("cheap").value == pytest.approx(0.5, abs=1 / 4096)
    assert run.ruled_out_probability("cheap").value == 0
    assert run.cheapest_probability["cheap"].value == 1
    told = uncertainty.likely_rivals(run, compare(scenario))
    assert told.endswith("Some simulations outgrow a limit, which is then raised: Cheap in 50 %.")
    too_small = scenario.vary({"options.cheap.rate_limit_tok_per_s": 500.0})
    *_, run = monte_carlo(Draws(too_small, volume), 4096)
    assert run.cheapest_probability["dear"].value == 1, "what does not suffice today is out"
    off = too_small.vary({"rules.peak_must_be_carried": False})
    *_, run = monte_carlo(Draws(off, volume), 4096)
    assert (run.outgrown_probability("cheap").value, run.cheapest_probability["cheap"].value) == (0, 1)


def test_slides_have_all_that_the_what_if_page_has():
    told = chapters.briefing(
        Analysis(Opened(preset("assistant").scenario, "assistant")), date(2026, 11, 28), {}, complete=True
    )
    assert list(told.chapters) == [
        "By fiscal year",
        "Are the simulations enough",
        "What it hangs on",
        "What explains the spread",
        "What explains the variance",
        "What would change the answer",
        "Over two numbers",
        "What would be best",
        "Trade-offs",
    ]
    assert all(table.rows and table.headline for table in told.chapters.values())
    for name, table in told.chapters.items():
        sentences = table.note.rstrip(".").split(". ")
        assert sorted(set(sentences)) == sorted(sentences), f"{name} says nothing twice"
    best = told.comparison[told.comparison.ranking[0]]
    (row,) = (row for row in told.chapters["What would be best"].rows if row[0] == best.label)
    assert row[2] == usd(best.net_present_cost_usd)
    deck = Presentation(io.BytesIO(slides(told)))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert sorted(set(titles)) == sorted(titles), "no two slides have the same title"


def test_without_anything_to_compare_slides_tell_what_one_option_does():
    scenario = preset("assistant").scenario
    alone = scenario.vary({}, options={"open_api": scenario.options["open_api"]})
    told = chapters.briefing(Analysis(Opened(alone, "assistant")), date(2026, 11, 28), {}, complete=True)
    assert [name for name, table in told.chapters.items() if table.rows] == ["By fiscal year", "Trade-offs"]


def test_a_number_beyond_which_no_option_keeps_the_rules_names_none_as_the_cheapest_there():
    asked = Analysis(Opened(preset("automotive").scenario, "automotive"))
    rows = {row[0]: row[-1] for row in chapters.switching_table(asked, 8, beyond=True).rows}
    assert rows["Latest start"] == "no option keeps the rules", "own hardware serves later and tokens leave the plant"
    assert rows["Sensitive requests"] == "Qwen3 32B by API"
    assert "rules.latest_start_months" not in {
        post.path for post in decide(asked, "own_servers", "", date.max).signposts
    }


def test_a_map_of_one_winner_says_its_name_once_and_what_it_costs_at_each_point():
    asked = Analysis(Opened(preset("healthcare").scenario, "healthcare"))
    found, told = asked.heat_map, chapters.map_table(asked)
    assert len({*found.winner.ravel()}) == 1
    assert told.headline.startswith("Own servers is the cheapest at all 35 points")
    cost = found.net_present_cost_usd["own_servers"]
    assert [row[1:] for row in told.rows] == [tuple(usd(value) for value in row) for row in cost[::-1]]
    batch = chapters.map_table(Analysis(Opened(preset("batch").scenario, "batch")))
    assert {cell for row in batch.rows for cell in row[1:]} >= {"Own servers", "GPT-6 Luna by API"}


def test_a_trade_off_is_where_options_differ_and_the_rest_is_told_below():
    asked = Analysis(Opened(preset("healthcare").scenario, "healthcare"))
    whole = trade_offs.table(asked.comparison, asked.trade_offs).transposed()
    told = trade_offs.apart(asked.comparison, asked.trade_offs)
    assert all(len({*row[1:]}) > 1 for row in told.rows)
    assert told.note == "The same for all: your mark of its model, not marked yet; your evaluation, not evaluated."
    assert len(told.rows) == len(whole.rows) - 2
    assert told.rows[-1] == ("Rules broken", "none", "none", *["sensitive data leaves"] * 3), "in few words, on a slide"
    assert whole.rows[-1][-1] == "Sensitive data must stay, but 70 % of all requests take it elsewhere."
