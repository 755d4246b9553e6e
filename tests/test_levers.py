"""The levers: what the gap in the headline hangs on most, of the scenario on screen; and the steps of each."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.analysis import Analysis
from answers.grid import LOG_FROM
from answers.levers import COUNT
from answers.volume import VOLUME
from costmodel.comparison import compare
from costmodel.fields import Number
from costmodel.scenario import numbers
from costmodel.uncertainty import metrics
from costmodel.uncertainty.ranges import Range, checked
from dashboard.levers import FURTHEST, Levers, steps
from dashboard.widgets import step_labels
from pricing.documents import Opened
from pricing.presets import DEFAULT, preset, presets
from pricing.ranges import ranges
from reports.words.verdict import verdict
from tests.visitor import Visitor

ANY = Number("requests/month", 0, 1e12, "Anything.")
COARSEST = 0.06  # step, as a share of a lever's range, or of its value where it moves in ratios


def gap(scenario, names) -> float:
    return float(metrics.saving(names[1], names[0])(compare(scenario)))


def least(opened: Opened, path: str, names) -> float:
    """The smallest gap of the headline over the range of one number, by the engine alone."""
    spread = ranges(opened.scenario, opened.ranges)[path]
    return min(gap(opened.scenario.vary(spread.at(path, end)), names) for end in (spread.low, spread.base, spread.high))


@pytest.mark.parametrize("slug", presets())
def test_the_levers_are_what_comes_nearest_to_closing_the_gap_between_the_options_of_the_headline(slug):
    opened = Opened(preset(slug).scenario, slug)
    analysis = Analysis(opened)
    comparison, names = analysis.comparison, analysis.named
    headline = verdict(comparison).headline
    assert comparison[names[0]].label in headline
    if len(comparison.allowed) > 1:
        assert comparison[names[1]].label in headline
    paths = list(analysis.levers)
    assert len(paths) == COUNT
    assert paths[0] == VOLUME
    gaps = [least(opened, path, names) for path in paths[1:]]
    assert gaps == pytest.approx(sorted(gaps))
    spread, known = ranges(opened.scenario), numbers(opened.scenario)
    others = [
        path
        for path, r in spread.items()
        if path not in paths
        and not known[path].whole
        and r.distribution != "not_drawn"
        and path.rpartition(".")[2] not in {p.rpartition(".")[2] for p in paths}
    ]
    for path in others[::9]:
        assert least(opened, path, names) >= gaps[-1] - 1e-9 * abs(gaps[-1]), path


def test_the_levers_are_those_of_the_scenario_and_not_of_its_preset():
    scenario = preset(DEFAULT).scenario
    other = scenario.vary({VOLUME: 5e8})
    before, after = (Analysis(Opened(one, DEFAULT)) for one in (scenario, other))
    assert before.named != after.named
    assert before.levers.keys() != after.levers.keys()


def test_a_price_at_the_edge_of_its_bounds_keeps_a_range_within_them():
    scenario = preset(DEFAULT).scenario
    known = numbers(scenario)
    dearest = scenario.vary({path: known[path].high for path in ranges(scenario) if "USD" in known[path].unit})
    checked(dearest, ranges(dearest), drawn=False)


def test_levers_stay_while_they_are_moved_and_are_ranked_anew_for_other_changes():
    scenario = preset(DEFAULT).scenario
    analysis = Analysis(Opened(scenario, DEFAULT))
    kept = Levers(scenario, analysis.named, analysis.levers)
    path, spread = list(kept.spread.items())[1]
    assert kept.moved(scenario)
    assert kept.moved(scenario.vary(spread.at(path, spread.high)))
    assert kept.moved(scenario.vary({VOLUME: 5e8}))
    assert not kept.moved(scenario.vary({"finance.horizon_months": 24}))


def test_a_moved_lever_that_makes_the_headline_name_others_brings_their_levers_and_keeps_its_ends():
    visitor = Visitor()
    before = [lever.key for lever in visitor.at.select_slider]
    (volume, *_) = visitor.at.select_slider
    first, last = volume.options[0], volume.options[-1]
    visitor.enter(f"typed:{VOLUME}", "500M")
    after = [lever.key for lever in visitor.at.select_slider]
    assert before[0] == after[0] == f"lever:{VOLUME}"
    assert before != after
    assert (visitor.at.select_slider[0].options[0], visitor.at.select_slider[0].options[-1]) == (first, last)
    opened = visitor.opened
    assert set(after) == {f"lever:{path}" for path in Analysis(opened).levers}


def test_the_levers_are_ranked_anew_when_something_else_changes():
    visitor = Visitor().enter(f"typed:{VOLUME}", "500M").go("workload")
    visitor.enter("field:finance.horizon_months", "6")
    shown = {lever.key for lever in visitor.at.select_slider}
    assert shown == {f"lever:{path}" for path in Analysis(visitor.opened).levers}


@given(st.floats(1e-3, 1e6), st.floats(1.01, 1e5), st.lists(st.floats(-1e9, 1e9), max_size=4))
def test_a_lever_moves_finely_over_its_range_and_to_every_value_that_was_entered(low, ratio, stops):
    high = low * ratio
    found = steps(Range(low, low, high, "uniform"), Number("ratio", -1e12, 1e12, "Anything."), stops)
    assert found == sorted(set(found))
    assert {low, high, *stops} <= set(found)
    ends = sorted({min(low, high, *stops), low, high, max(low, high, *stops)})
    for start, end in itertools.pairwise(ends):
        part = [value for value in found if start <= value <= end]
        if start > 0 and end / start >= LOG_FROM:
            assert all(b / a <= 1 + COARSEST for a, b in itertools.pairwise(part) if a > end / FURTHEST)
        else:
            assert np.diff(part).max() <= (end - start) * COARSEST


@given(st.floats(-0.9, 0.5), st.floats(0.01, 2))
def test_a_lever_over_shares_goes_through_zero_and_round_percentages(low, width):
    found = steps(Range(low, low, low + width, "uniform"), Number("per year", -1, 20, "M."), [])
    assert len(found) >= 40
    assert not low < 0 < low + width or 0 in found


@given(st.lists(st.floats(1, 1e9), min_size=1, max_size=5))
def test_no_two_steps_of_a_lever_have_the_same_label(stops):
    found = steps(Range(1e3, 1e5, 1e8, "lognormal"), ANY, stops)
    labels = step_labels(found, ANY)
    assert list(labels) == found
    assert len(set(labels.values())) == len(labels)
