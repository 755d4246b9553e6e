"""One analysis answers for all who tell of a scenario, and the same draws are drawn once."""

from datetime import date

import numpy as np
import pytest

from answers import analysis, simulation
from answers.analysis import Analysis
from answers.pair import Pair, decision_pair, offered_pair
from answers.simulation import digest, simulate
from costmodel.comparison import compare
from costmodel.uncertainty import montecarlo
from costmodel.uncertainty.montecarlo import monte_carlo
from dashboard.components import plain
from pricing.documents import Opened
from pricing.presets import DEFAULT, preset
from reports.files.page.told import told as model_file
from reports.words.briefing import curves_title
from reports.words.chapters import briefing
from tests.neutral import neutral_option, neutral_scenario
from tests.visitor import Visitor

OPENED = Opened(preset(DEFAULT).scenario, DEFAULT)
ANALYSIS = Analysis(OPENED)
LABEL = f"options.{next(iter(OPENED.scenario.options))}.label"


@pytest.fixture(autouse=True)
def empty_store(monkeypatch):
    monkeypatch.setattr(simulation, "_store", type(simulation._store)())


@pytest.fixture
def drawn(monkeypatch):
    """Numbers of draws that the engine works on, in the order in which it does."""
    counts, snapshots = [], montecarlo._snapshots

    def counted(slices, count, size, known):
        for run in snapshots(slices, count, size, known):
            counts.append(run.done)
            yield run

    monkeypatch.setattr(montecarlo, "_snapshots", counted)
    return counts


def same(one, other) -> bool:
    return all(
        np.array_equal(first[name], second[name])
        for first, second in zip(one.outcomes, other.outcomes, strict=True)
        for name in first
    )


def test_a_run_that_goes_on_is_the_run_that_was_never_stopped():
    *_, first = monte_carlo(ANALYSIS.draws(), 300, (ANALYSIS.pair,))
    *_, gone_on = monte_carlo(ANALYSIS.draws(), 700, (ANALYSIS.pair,), known=first)
    *_, whole = monte_carlo(ANALYSIS.draws(), 700, (ANALYSIS.pair,))
    assert same(gone_on, whole)
    assert same(gone_on.first(300), first)
    assert gone_on.cheapest_probability == whole.cheapest_probability


def test_the_same_draws_are_drawn_once_whoever_asks(drawn):
    *_, run = ANALYSIS.simulate(400)
    renamed = Analysis(Opened(OPENED.scenario.vary({LABEL: "Another name"}), DEFAULT))
    (again,) = renamed.simulate(400)
    (fewer,) = simulate(ANALYSIS.draws(), 100)
    assert drawn == [400]
    assert same(again, run)
    assert fewer.done == 100
    assert again.draws.scenario[LABEL] == "Another name"
    *_, more = ANALYSIS.simulate(500)
    assert drawn == [400, 500]
    assert same(more.first(400), run)


def test_other_numbers_ranges_seeds_and_correlations_are_other_draws():
    scenario, path = OPENED.scenario, "workload.growth_per_year"
    spread = ANALYSIS.ranges[path]
    others = [
        Analysis(Opened(scenario.vary({path: 0.26}), DEFAULT)).draws(),
        Analysis(Opened(scenario, DEFAULT, ranges={path: type(spread)(0.1, spread.base, 0.3, "uniform")})).draws(),
        Analysis(Opened(scenario, DEFAULT, correlations={(path, "workload.requests_per_month"): 0.5})).draws(),
        ANALYSIS.draws(seed=2),
    ]
    assert len({digest(draws) for draws in (ANALYSIS.draws(), *others)}) == 5


def test_a_pair_that_was_not_followed_is_drawn_with_those_that_were(drawn):
    *_, _ = ANALYSIS.simulate(50)
    other = Pair(ANALYSIS.pair.b, ANALYSIS.pair.a)
    *_, run = ANALYSIS.simulate(50, pair=other)
    (first,) = ANALYSIS.simulate(50)
    assert drawn == [50, 50]
    assert set(run.overtaken_after_months) == {ANALYSIS.pair, other} == set(first.overtaken_after_months)


def test_the_store_forgets_what_was_drawn_first(monkeypatch, drawn):
    monkeypatch.setattr(simulation, "MOST_RUNS", 1)
    for seed in (1, 2, 1):
        *_, _ = ANALYSIS.simulate(100, seed)
    assert drawn == [100, 100, 100]


def test_the_store_keeps_no_more_bytes_than_it_may_however_runs_grow(monkeypatch):
    monkeypatch.setattr(simulation, "MOST_BYTES", 100 * 8)
    store = simulation.Store()
    for key, count in (("a", 10), ("b", 30), ("a", 60), ("a", 40), ("c", 30)):  # a, which grew and shrank, asked last
        store.keep(key, ({"cost": np.zeros(count)},))
    assert [len(store.get(key)[0]["cost"]) for key in "bac"] == [30, 40, 30], "all of the room, and no more"
    store.keep("d", ({"cost": np.zeros(1)},))
    assert [store.get(key) is None for key in "bacd"] == [True, False, False, False], "asked of longest ago"
    store.keep("e", ({"cost": np.zeros(500)},))
    assert [store.get(key) is None for key in "acde"] == [True, True, True, False], "the last one stays"


def test_without_owners_there_is_no_pair_and_pages_begin_with_the_cheapest():
    support = {"dear": 30, "cheap": 10, "middle": 20}
    scenario = neutral_scenario({
        slug: neutral_option("token_api", support_usd_per_month=usd) for slug, usd in support.items()
    })  # fmt: skip
    comparison = compare(scenario)
    assert decision_pair(comparison) is None
    assert offered_pair(comparison) == Pair("cheap", "dear"), "the first of the others instead of the cheapest"


def test_two_options_that_the_reader_chose_are_those_of_every_page_and_paper_until_one_is_gone():
    slugs = list(OPENED.scenario.options)
    chosen = next(Pair(a, b) for a in slugs for b in slugs if a != b and {a, b}.isdisjoint(ANALYSIS.pair))
    names = [OPENED.scenario.options[slug].label for slug in chosen]
    visitor = Visitor().go("break_even").enter("break_even_a", chosen.a).enter("break_even_b", chosen.b)
    for page, key in (("what_if", "risk"), ("break_even", "break_even")):
        visitor.go(page)
        assert [visitor.widget(f"{key}_{end}").value for end in "ab"] == [*chosen]
    asked = visitor.analysis
    assert (asked.pair, asked.offered) == (chosen, chosen)
    told = briefing(asked, date(2026, 11, 30), {})
    title = curves_title(told.comparison, told.chosen)
    assert all(name in title for name in names)
    assert f"## {plain(title)}" in visitor.go("overview").raw
    assert model_file(asked, "")["chosen"] == chosen
    visitor.go("break_even").enter("break_even_a", chosen.b)
    assert visitor.analysis.pair == chosen[::-1], "the two change places"
    visitor.go("break_even").enter("break_even_a", ANALYSIS.pair.a).enter("break_even_b", ANALYSIS.pair.b)
    assert visitor.analysis.chosen is None, "those of the decision follow the verdict"
    alone = OPENED.scenario.vary({}, options={slug: OPENED.scenario.options[slug] for slug in ANALYSIS.pair})
    assert Analysis(Opened(alone, DEFAULT), chosen).pair == decision_pair(compare(alone))


def test_what_if_after_the_overview_draws_nothing_anew(drawn):
    visitor = Visitor().run()
    assert (before := list(drawn))
    visitor.go("what_if")
    assert visitor.complaints == []
    assert drawn == before


def test_slides_after_what_if_draw_nothing_anew(monkeypatch, drawn):
    monkeypatch.setattr(analysis, "DRAWS", 300)
    monkeypatch.setattr(analysis, "PLAN_DRAWS", 8)
    shown = Analysis(OPENED)
    *_, run = shown.simulate(300, pair=shown.offered)
    *_, _ = shown.weigh_plans()
    shown.variance(run, shown.offered)
    before = list(drawn)
    for name in ("best_mix", "sobol_drivers", "rank_drivers"):
        monkeypatch.delattr(analysis, name)
    told = briefing(shown, date(2026, 11, 30), {}, complete=True)
    assert drawn == before
    assert {"What would be best", "What explains the variance"} <= told.chapters.keys()
