"""Which is the cheapest of the models that the reader accepts, and how marks stand beside cost."""

from dataclasses import replace
from datetime import date

from answers.analysis import Analysis
from answers.quality import accepted, points
from answers.trade_offs import figures
from cli import main
from costmodel.comparison import compare
from costmodel.scenario import with_option
from pricing.documents import Opened, document, opened
from pricing.market import model_of
from pricing.marks import Mark
from pricing.presets import DEFAULT, preset
from reports.words import chapters, trade_offs
from reports.words.edits import edit_named
from reports.words.order import dearer
from reports.words.quality import cheapest_accepted, mark_words
from reports.words.recommended import recommendation
from reports.words.trade_offs import MARK, table
from reports.words.verdict import verdict
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


def test_the_cheapest_accepted_one_is_named_beside_one_that_is_not_marked():
    told = cheapest_accepted(COMPARISON, {FRONTIER: YES})
    more = dearer(*(float(COMPARISON[slug].net_present_cost_usd) for slug in ("frontier_api", "open_api")))
    assert told == (
        "You have not marked the model of gpt-oss 120B by API yet. "
        f"Cheapest of the models that you accept: GPT-6.1 Sol by API, $985k, {more}."
    )


def test_an_option_whose_model_is_refused_wins_nowhere():
    opened = Opened(SCENARIO, DEFAULT, marks={OPEN: NO})
    analysis = Analysis(opened)
    comparison = analysis.comparison
    told = verdict(comparison)
    assert comparison.allowed == ("frontier_api",)
    assert told.headline.startswith(
        "The only option that the rules leave over 5 years without models that you refused: "
    )
    assert "gpt-oss 120B by API: ruled out by the scenario, though it would cost $734k. You refused" in told.owning
    assert trade_offs.headline(comparison).startswith("The rules leave 1 of 5 options")
    assert cheapest_accepted(comparison, opened.marks) == "You have not marked the model of GPT-6.1 Sol by API yet."
    *_, run = analysis.simulate(64)
    assert run.cheapest_probability["frontier_api"].value == 1
    told = chapters.briefing(analysis, date(2026, 11, 30), {})
    assert recommendation(told).startswith("Choose GPT-6.1 Sol by API.")


def test_refusing_goes_with_the_model_and_not_with_the_option():
    refused = Opened(SCENARIO, DEFAULT, marks={OPEN: NO})
    taken = replace(refused, marks={OPEN: Mark()})
    assert taken.scenario == SCENARIO
    path = "options.open_api.model"
    other = replace(refused, scenario=refused.scenario.vary({path: SCENARIO["options.frontier_api.model"]}))
    assert "open_api" in compare(other.scenario).allowed
    again = opened(document(refused))
    assert again.scenario == refused.scenario
    assert "changes" not in document(refused), "the mark alone says it"
    assert edit_named(Opened(SCENARIO, DEFAULT), refused) == "mark of gpt-oss 120B"


def test_a_refusal_that_a_document_or_a_command_line_sets_is_a_mark(capsys):
    path = "options.open_api.model_refused"
    after = opened({**document(Opened(SCENARIO, DEFAULT)), "changes": {path: True}})
    assert after.marks == {OPEN: NO}
    assert compare(after.scenario).allowed == ("frontier_api",)
    assert main(["--set", f"{path}=true"]) == 0
    assert "You refused the model of Own servers." in capsys.readouterr().out


def test_an_option_is_as_good_as_the_worst_model_that_serves_in_it():
    parts = {"base_option": "own_servers", "overflow_option": "frontier_api", "owned_capacity_frac": 0.5}
    both = {**dict(ordinary_scenario().options["hybrid"]), **parts, "label": "Both"}
    mixed = compare(with_option(SCENARIO, "both", both))["both"]
    assert accepted(mixed, {OPEN: YES}) is None
    assert accepted(mixed, {OPEN: YES, FRONTIER: YES}) is True
    assert mark_words(mixed, {OPEN: YES, FRONTIER: NO}) == "refused"
    assert points(mixed, {OPEN: Mark(points=70.0), FRONTIER: Mark(points=90.0)}) == 70
    assert points(mixed, {FRONTIER: Mark(points=90.0)}) is None


def test_marks_stand_beside_cost():
    marks = {OPEN: Mark(accepted=True, points=71.5), FRONTIER: NO}
    told = table(COMPARISON, figures(COMPARISON, 1e5, 1e6, marks), marks)
    cells = {row[0]: dict(zip(told.columns, row, strict=True)) for row in told.rows}
    assert cells["gpt-oss 120B by API"][MARK] == "accepted"
    assert cells["gpt-oss 120B by API"]["Your evaluation"] == "71.5 points"
    assert cells["GPT-6.1 Sol by API"][MARK] == "refused"
    assert cells["GPT-6.1 Sol by API"]["Your evaluation"] == "not evaluated"
