"""What is recommended, and when: doubts, models and dates are the same wherever they are told."""

import dataclasses
import io
from types import SimpleNamespace

import pytest
from pptx import Presentation

from answers.analysis import Analysis
from answers.trade_offs import figures
from costmodel.comparison import compare
from costmodel.uncertainty.ranges import unset
from pricing.documents import Opened
from pricing.presets import preset
from reports.files.brief import brief_data
from reports.files.slides import slides
from reports.words import chapters, strip, trade_offs, uncertainty
from reports.words.behind import all_behind
from reports.words.recommended import LONGEST, decisions, recommendation
from reports.words.text import odds
from reports.words.verdict import verdict
from tests.briefings import briefing, full_briefing

FULL = full_briefing()
BATCH = briefing("batch")  # own servers, until whose delivery another option serves
BRIDGE = "in service from {}; until then gpt-oss 120B by API serves, from {}"


def test_all_is_said_only_of_all_and_none_of_none():
    shares = (1, 0.9998, 0.9994, 0.5, 0.0006, 0.0002, 0)
    assert [odds(share) for share in shares] == [
        "100 %", "more than 99.9 %", "99.9 %", "50 %", "0.1 %", "less than 0.1 %", "0 %"
    ]  # fmt: skip


@pytest.mark.parametrize(("wins", "sure", "others"), [
    (0.9998, "more than 99.9 % of", "Otherwise: GPT-6.1 Sol by API in less than 0.1 %."),
    (1.0, "all", ""),
])  # fmt: skip
def test_how_sure_the_answer_is_leaves_no_simulation_out(wins, sure, others):
    comparison = FULL.comparison
    best = comparison.ranking[0]
    shares = {slug: SimpleNamespace(value=wins if slug == best else 0) for slug in comparison.costs}
    shares["frontier_api"] = SimpleNamespace(value=1 - wins)
    never = lambda *_: SimpleNamespace(value=0)  # noqa: E731
    run = SimpleNamespace(cheapest_probability=shares, done=10_000, slugs=list(shares), ruled_out_probability=never,
                          outgrown_probability=never)  # fmt: skip
    assert uncertainty.how_sure(run, comparison).endswith(f": cheapest in {sure} 10,000 simulations")
    assert uncertainty.likely_rivals(run, comparison) == others


def test_who_leans_does_not_choose_in_the_same_paper():
    best = FULL.comparison[FULL.comparison.ranking[0]].label
    unsure = dataclasses.replace(FULL.how_sure, shares=dict.fromkeys(FULL.how_sure.shares, 0.2))
    for told, what in (
        (dataclasses.replace(FULL, how_sure=None), f"Choose {best}"),
        (dataclasses.replace(FULL, how_sure=unsure), f"Commit to {best}, or do not yet"),
    ):
        rows = [row[0] for row in decisions(told).rows]
        assert what in rows
        assert rows[0].startswith("Settle: ")
        assert [row[0] for row in brief_data(told)["decisions"]] == rows, "the brief decides as the deck does"
        assert recommendation(told).startswith("Choose" if told.how_sure is None else "Lean to")


def test_what_serves_until_delivery_is_told_with_both_dates():
    comparison = BATCH.comparison
    own = comparison[comparison.ranking[0]]
    assert own.option.bridged_months() == 4
    assert (
        f"{own.label}: {BRIDGE.format('month 5 (May 2027)', 'month 1 (January 2027)')}." in verdict(comparison).owning
    )
    (why,) = (row[2] for row in decisions(BATCH).rows if row[0] == f"Choose {own.label}")
    assert why.startswith(f"Begun then, it is {BRIDGE.format('May 2027', 'January 2027')}; ")
    found = figures(comparison, 1e8, 1e9)
    (months,) = (row[-3] for row in trade_offs.means(comparison, found).rows if row[0] == own.label)
    assert months == "0 months, by a bridge for 4 months"
    waits = compare(comparison.scenario.vary({f"options.{own.slug}.bridge_option": ""}))
    assert f"{own.label}: in service from month 5 (May 2027); doing without until then is not costed." in (
        verdict(waits).owning
    )


def test_models_behind_options_are_named_where_they_differ():
    own, other = "gpt-oss 120B on 8 x B200 SXM 180GB", "GPT-6 Luna by API"
    assert recommendation(BATCH).startswith(f"Choose Own servers ({own})")
    unlike = f"Not like for like: Own servers ({own}) and {other} serve different models, and their quality"
    assert unlike in verdict(BATCH.comparison).owning
    assert unlike in brief_data(BATCH)["owning"]
    assert brief_data(BATCH)["options"][0]["behind"] == own
    deck = Presentation(io.BytesIO(slides(BATCH)))
    words = [shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame]
    assert any("Not like for like: Own servers (gpt-oss" in text for text in words)
    (table,) = (shape.table for shape in deck.slides[0].shapes if shape.has_table)
    assert [cell.text for cell in table.rows[0].cells][1] == "What stands behind it"
    finance = compare(preset("finance").scenario)
    assert all_behind(finance) == {
        "own_servers": "gpt-oss 120B on 8 x B200 SXM 180GB", "frontier_api": "from OpenAI", "open_api": "from Groq",
        "second_api": "from Anthropic", "hybrid": "a mix of 2 options", "multi_cloud": "a mix of 2 options",
    }  # fmt: skip
    assert all_behind(compare(preset("automotive").scenario))["edge"] == "with Own servers in the plant"
    alike = compare(BATCH.comparison.scenario.vary({"options.frontier_api.model": "openai/gpt-oss-120b"}))
    assert "Not like for like" not in verdict(alike).owning


@pytest.mark.parametrize("slug", ["assistant", "finance"])
def test_what_the_answer_hangs_on_first_is_one_everywhere_and_no_decision_that_nobody_took(slug):
    analysis = Analysis(Opened(preset(slug).scenario, slug))
    first = strip.headline(strip.drawn(analysis))
    for beyond in (False, True):
        assert chapters.switching_table(analysis, 8, beyond=beyond).headline == first
    idle = [unset(analysis.ranges[each.path], each.today) for each in analysis.switching_beyond if each.at is not None]
    assert any(idle)
    assert idle == sorted(idle), "what is not set stands last"
    bars = {bar.path for bar in analysis.sensitivity.bars}
    assert "options.frontier_api.commitment.usd_per_year" in analysis.ranges
    assert not [path for path in bars if unset(analysis.ranges[path], analysis.scenario[path])]


def test_a_term_that_outlasts_the_horizon_is_told_wherever_it_is_named():
    scenario = preset("assistant").scenario
    scenario = scenario.vary({"finance.horizon_months": 24})
    slug = next(slug for slug, option in scenario.options.items() if option.lock_in_months() == 36)
    comparison = compare(scenario)
    means = trade_offs.means(comparison, figures(comparison, 1e8, 1e9))
    told = {row[0]: row for row in means.rows}[comparison[slug].label]
    assert "36 months, 12 of them beyond the horizon" in told
    alone = scenario.vary({}, options={slug: scenario.options[slug]})
    *_, (_, _, why) = decisions(briefing(comparison=compare(alone))).rows
    assert why == f"The time that is compared ends; {LONGEST} runs 12 months longer"


def test_a_cell_names_the_rules_that_an_option_breaks_in_few_words_and_a_table_of_options_stays_short():
    comparison = compare(preset("finance").scenario.vary({"rules.response_time_limit_s": 0.2}))
    means = trade_offs.means(comparison, figures(comparison, 1e8, 1e9))
    told = {row[0]: row[-1] for row in means.rows}
    assert told[comparison["open_api"].label] == "sensitive data leaves, response too slow"
    assert max(map(len, told.values())) < 60
