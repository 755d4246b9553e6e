"""Which is the cheapest of the models that the reader accepts, and how marks stand beside cost."""

import pytest

from answers.quality import accepted, points
from answers.trade_offs import figures
from costmodel.comparison import compare
from costmodel.scenario import with_option
from pricing.market import model_of
from pricing.marks import Mark
from pricing.presets import DEFAULT, preset
from reports.words.order import dearer
from reports.words.quality import cheapest_accepted, mark_words
from reports.words.trade_offs import MARK, table
from tests.strategies import ordinary_scenario

SCENARIO = preset(DEFAULT).scenario
COMPARISON = compare(SCENARIO)
FRONTIER = model_of(SCENARIO.options["frontier_api"])
OPEN = model_of(SCENARIO.options["open_api"])
YES, NO = Mark(accepted=True), Mark(accepted=False)


def test_nothing_is_said_as_long_as_nobody_marked_a_model():
    assert cheapest_accepted(COMPARISON, {}) == ""
    assert cheapest_accepted(COMPARISON, {OPEN: Mark(points=70)}) == ""


def test_the_cheapest_of_all_may_be_accepted():
    assert (
        cheapest_accepted(COMPARISON, {OPEN: YES})
        == "gpt-oss 120B by API is the cheapest of the models that you accept."
    )


@pytest.mark.parametrize(
    ("of_open", "why"), [(Mark(), "which you have not marked yet"), (NO, "which you did not accept")]
)
def test_the_cheapest_accepted_one_is_named_with_what_it_costs_more(of_open, why):
    told = cheapest_accepted(COMPARISON, {FRONTIER: YES, OPEN: of_open})
    more = dearer(*(float(COMPARISON[slug].net_present_cost_usd) for slug in ("frontier_api", "open_api")))
    assert told == (
        f"Cheapest of the models that you accept: GPT-6.1 Sol by API, $985k, {more} than gpt-oss 120B by API, {why}."
    )


def test_no_option_may_keep_to_accepted_models():
    told = cheapest_accepted(COMPARISON, {OPEN: NO})
    assert told.startswith("No option here keeps to models that you accept; gpt-oss 120B by API is the cheapest, ")


def test_an_option_is_as_good_as_the_worst_model_that_serves_in_it():
    parts = {"base_option": "own_servers", "overflow_option": "frontier_api", "owned_capacity_frac": 0.5}
    both = {**dict(ordinary_scenario().options["hybrid"]), **parts, "label": "Both"}
    mixed = compare(with_option(SCENARIO, "both", both))["both"]
    assert accepted(mixed, {OPEN: YES}) is None
    assert accepted(mixed, {OPEN: YES, FRONTIER: YES}) is True
    assert mark_words(mixed, {OPEN: YES, FRONTIER: NO}) == "not accepted"
    assert points(mixed, {OPEN: Mark(points=70.0), FRONTIER: Mark(points=90.0)}) == 70
    assert points(mixed, {FRONTIER: Mark(points=90.0)}) is None


def test_marks_stand_beside_cost():
    marks = {OPEN: Mark(accepted=True, points=71.5), FRONTIER: NO}
    told = table(COMPARISON, figures(COMPARISON, 1e5, 1e6, marks), marks)
    cells = {row[0]: dict(zip(told.columns, row, strict=True)) for row in told.rows}
    assert cells["gpt-oss 120B by API"][MARK] == "accepted"
    assert cells["gpt-oss 120B by API"]["Your evaluation"] == "71.5 points"
    assert cells["GPT-6.1 Sol by API"][MARK] == "not accepted"
    assert cells["GPT-6.1 Sol by API"]["Your evaluation"] == "not evaluated"
