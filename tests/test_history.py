"""What Undo and Redo bring back, and what they are said to change."""

from dataclasses import replace
from datetime import date

import pytest

from costmodel.scenario import Scenario, without_option
from costmodel.uncertainty.ranges import Range
from dashboard.history import MOST, History
from pricing.currency import Currency
from pricing.documents import Opened, document, to_link
from pricing.presets import DEFAULT, preset, presets
from reports.words.edits import edit_named
from reports.words.labels import path_name

REQUESTS, GROWTH = "workload.requests_per_month", "workload.growth_per_year"
OPENED = Opened(preset(DEFAULT).scenario, DEFAULT)
SCENARIO = OPENED.scenario
VOLUME = path_name(SCENARIO, REQUESTS)
APIS = [slug for slug, option in SCENARIO.options.items() if option.kind == "token_api"]


def with_requests(requests: float) -> Opened:
    return replace(OPENED, scenario=SCENARIO.vary({REQUESTS: requests}))


def test_the_opened_scenario_is_the_first_however_many_edits_follow():
    history = History((OPENED,))
    for requests in range(1, 2 * MOST):
        history = history.then(with_requests(requests))
    assert len(history.scenarios) == MOST + 1
    for _ in range(2 * MOST):
        history = history.moved(-1)
    assert history.now is OPENED
    assert history.before is None


def test_redo_brings_back_what_was_undone_until_another_edit():
    history = History((OPENED,)).then(with_requests(1)).then(with_requests(2))
    undone = history.moved(-1).moved(-1)
    assert (undone.before, undone.after) == (None, with_requests(1))
    assert undone.moved(1).moved(1) == history
    assert undone.moved(1).moved(1).moved(1) == history
    edited = undone.moved(1).then(with_requests(3))
    assert edited.after is None
    assert [opened.scenario[REQUESTS] for opened in edited.scenarios[1:]] == [1, 3]


def test_the_way_back_in_the_browser_moves_through_the_history():
    history = History((OPENED,)).then(with_requests(1)).then(with_requests(2)).then(with_requests(1))
    link = to_link(document(with_requests(1)))
    assert history.at(link).place == 3
    assert history.moved(-2).at(link).place == 1
    assert history.at(to_link(document(OPENED))).now is OPENED
    assert history.at("elsewhere") is None


def test_a_name_is_no_step_goes_with_no_undo_and_takes_no_redo():
    history = History((OPENED,)).then(with_requests(1)).then(with_requests(2)).moved(-1)
    link = history.now.link
    named = history.worded(name="Board", about="For March").worded(name="Board, March")
    assert (len(named.scenarios), named.place) == (3, 1)
    assert {(opened.name, opened.about) for opened in named.scenarios} == {("Board, March", "For March")}
    assert [opened.scenario for opened in named.scenarios] == [opened.scenario for opened in history.scenarios]
    assert named.moved(1).at(link).place == 1, "the address of before it was named"
    other = named.then(Opened(preset("media").scenario, "media")).worded(name="Another")
    assert [opened.name for opened in other.scenarios] == ["Board, March", "Board, March", "Another"]


def test_the_currency_of_amounts_is_named_as_such():
    assert edit_named(OPENED, replace(OPENED, currency=Currency("SEK", 10.5, date(2026, 11, 20)))) == "amounts in SEK"


CHANGES = {
    f"{VOLUME}: 594,000 requests a month → 600,000 requests a month": with_requests(6e5),
    "Growth: 25 % a year → 30 % a year": replace(OPENED, scenario=SCENARIO.vary({GROWTH: 0.3})),
    "Running costs at: month end → month start": replace(
        OPENED, scenario=SCENARIO.vary({"finance.running_costs_at": "month_start"})
    ),
    f"{VOLUME}: 594,000 requests a month → 1 request a month, and 1 more": replace(
        OPENED, scenario=SCENARIO.vary({REQUESTS: 1, GROWTH: 0})
    ),
    f"Option: {SCENARIO.options[APIS[0]].label}: Token API → not there": replace(
        OPENED, scenario=without_option(SCENARIO, APIS[0])
    ),
    "Range of Growth: 0 % a year to 50 % a year": replace(OPENED, ranges={GROWTH: Range(0, 0.25, 0.5, "pert")}),
    f"Rank correlation of Growth with {VOLUME}: +0.50": replace(OPENED, correlations={(GROWTH, REQUESTS): 0.5}),
    f"start from {presets()['batch']}": Opened(preset("batch").scenario, "batch"),
}


@pytest.mark.parametrize("words", CHANGES)
def test_an_edit_is_named_by_what_it_changes(words):
    assert edit_named(OPENED, CHANGES[words]) == words


def test_what_was_put_aside_keeps_nothing_of_what_undo_says(monkeypatch):
    number = replace(
        OPENED,
        ranges={
            REQUESTS: Range(1, SCENARIO[REQUESTS], 1e9, "triangular"),
            GROWTH: Range(0, SCENARIO[GROWTH], 1, "triangular"),
        },
        correlations={(GROWTH, REQUESTS): 0.5},
    )
    removed = replace(number, scenario=without_option(SCENARIO, APIS[0]))
    aside = [number, replace(number, scenario=SCENARIO.vary({REQUESTS: 5.0})), removed]
    keeping = []
    once = Scenario.once
    monkeypatch.setattr(Scenario, "once", lambda self, *asked: keeping.append(self) or once(self, *asked))
    for before in aside:
        assert edit_named(before, with_requests(7.0))
        assert not any(scenario is before.scenario for scenario in keeping)
