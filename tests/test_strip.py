"""The strip of switching values: single runs of the engine find the same leader at every place of every row."""

import io
from datetime import date

import numpy as np
import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from answers.analysis import Analysis
from answers.strip import MOST, StripRow, distance, strip
from answers.volume import VOLUME
from costmodel.comparison import compare
from costmodel.rules import RULES
from costmodel.scenario import numbers
from costmodel.uncertainty.ranges import Range, unset
from costmodel.uncertainty.switching import Lead
from pricing.currency import Currency
from pricing.documents import Opened
from pricing.presets import preset
from reports.files.slides import slides
from reports.words.briefing import NONE_KEEPS, Turn
from reports.words.chapters import switching_table
from reports.words.labels import path_name, path_of_figures, roughly
from reports.words.money import shown_in
from reports.words.palette import option_colours
from reports.words.strip import BROKEN, drawn, drawn_rows, headline
from reports.words.text import YEAR, short_value, to_figures
from tests.briefings import full_briefing
from tests.neutral import neutral_option, neutral_scenario

PRESETS = ("batch", "automotive")


@pytest.fixture(scope="module", params=PRESETS)
def analysis(request):
    return Analysis(Opened(preset(request.param).scenario, request.param))


def places(row: StripRow, count: int) -> np.ndarray:
    """Values of a row, evenly between its ends."""
    return np.linspace(row.low, row.high, count)[1:-1]


def test_each_place_of_a_row_has_the_leader_that_a_single_run_has(analysis):
    scenario, runs = analysis.opened.scenario, 0
    for row in analysis.strip:
        for value in places(row, 9):
            found = compare(scenario.vary(dict.fromkeys((row.path, *row.also), value)))
            best = next(lead.cheapest for lead in row.leads if value <= lead.high)
            assert found.ranking[0] == best, (row.path, value)
            runs += 1
    assert runs > 25


def test_leads_are_next_to_each_other_and_end_where_the_leader_changes(analysis):
    scenario = analysis.opened.scenario
    for row in analysis.strip:
        assert (row.leads[0].low, row.leads[-1].high) == (row.low, row.high)
        for one, next_one in zip(row.leads, row.leads[1:], strict=False):
            assert one.high == next_one.low
            assert (one.cheapest, one.keeps_rules) != (next_one.cheapest, next_one.keeps_rules)
            sides = [one.high - 1e-6 * abs(one.high), one.high + 1e-6 * abs(one.high)]
            costs = [compare(scenario.vary(dict.fromkeys((row.path, *row.also), value))).ranking for value in sides]
            assert costs[0].index(one.cheapest) < costs[0].index(next_one.cheapest), row.path
            assert costs[1].index(one.cheapest) > costs[1].index(next_one.cheapest), row.path


def test_the_nearest_comes_first_levers_fill_up_and_all_agree_with_the_search(analysis):
    rows = analysis.strip
    assert len(rows) <= MOST
    levers = analysis.levers
    assert VOLUME in {row.path for row in rows}
    quiet = {row.path for row in rows if row.distance == np.inf}
    assert quiet <= levers.keys()
    assert len(rows) == MOST or levers.keys() <= {row.path for row in rows}
    assert [row.distance for row in rows] == sorted(row.distance for row in rows)
    found = {each.path: each.at for each in analysis.switching_within}
    for row in rows:
        if (at := found[row.path]) is not None:
            ends = {*(lead.high for lead in row.below[:1]), *(lead.low for lead in row.above[:1])}
            assert min(abs(end / at - 1) for end in ends) < 1e-6
        inside = next(lead for lead in row.leads if lead.low <= row.today <= lead.high)
        assert inside.cheapest == analysis.comparison.ranking[0]


def test_the_table_of_switching_values_is_in_the_order_that_it_tells(analysis):
    """Not by the change, which stands beside: 6 % of a number that hardly moves is far."""
    told = switching_table(analysis, 8)
    assert "in order of the way to go, as a share of three times the range" in told.note
    scenario, ways = analysis.scenario, {}
    for each in analysis.switching_within:
        spread, name = analysis.ranges[each.path], path_name(scenario, each.path, analysis.also.get(each.path, ()))
        ways[name] = unset(spread, each.today), distance(scenario, spread, each)
    rest = [ways[row[0]] for row in told.rows[1:]]
    assert rest == sorted(rest)


def test_what_is_drawn_says_the_same(analysis):
    for row, told in zip(analysis.strip, drawn(analysis), strict=True):
        assert told.leads[0][0] == 0
        assert told.leads[-1][1] == pytest.approx(1)
        assert [slug for *_, slug in told.leads] == [lead.cheapest for lead in row.leads]
        assert len(told.turns) == len([beyond for beyond in (row.below, row.above) if beyond])
        assert all(0 <= turn.share <= 1 for turn in told.turns)
        assert 0 <= told.at <= 1
    first = drawn(analysis)[0]
    assert (first.turns[0].option or "no option that keeps the rules") in headline(drawn(analysis))


def test_who_leads_beyond_a_switching_value_is_named_in_turn(analysis):
    assert Turn(0.5, "5 %", "above", "Own").led_by == "Own"
    assert Turn(0.5, "5 %", "above", "Own", then=("Rent",)).led_by == "Own, then Rent"
    assert Turn(0.5, "5 %", "above", "Own", "Rent", "peak not carried").says == "above 5 % (peak not carried): Own"
    assert Turn(0.5, "5 %", "above", "", then=("", "Own")).led_by == f"{NONE_KEEPS}, then Own", "and not twice"
    assert Turn(0.5, "5 %", "above", "", then=("Rent", "Own")).led_by == f"{NONE_KEEPS}, then Rent and others in turn"
    assert Turn(0.5, "5 %", "above", "Own", then=("Rent", "Own")).led_by == "Own, then Rent in turn", (
        "of two, no others"
    )
    told = {row.path: drawn_row.says for row, drawn_row in zip(analysis.strip, drawn(analysis), strict=True)}
    for row in analysis.strip:
        for beyond in (row.below, row.above):
            names = [
                analysis.scenario.options[lead.cheapest].label if lead.keeps_rules else NONE_KEEPS for lead in beyond
            ]
            assert ", then ".join(names[:2]) in told[row.path]


def test_a_switching_value_is_where_two_cost_the_same_and_an_option_that_a_rule_excludes_leads_nowhere():
    scenario = neutral_scenario({
        "rent": neutral_option("token_api", support_usd_per_month=100),
        "own": neutral_option("token_api", launch__migration_usd=1500),
        "late": neutral_option("on_prem", lead_time_months=3),
    })  # fmt: skip
    launch, start = "options.own.launch.migration_usd", "rules.latest_start_months"
    ranges = {launch: Range(750, 1500, 3000, "pert")}
    (free,) = strip(scenario, ranges, [launch])
    assert [lead.cheapest for lead in free.leads] == ["late"]
    (row,) = strip(scenario.vary({start: 1}), ranges, [])
    assert [lead.cheapest for lead in row.leads] == ["own", "rent"]
    assert row.below[0].high == pytest.approx(100 * scenario.finance.horizon_months, rel=1e-6)
    assert (row.above, row.today) == ((), 1500)


def test_a_lead_is_true_in_its_middle_and_says_whether_any_option_keeps_the_rules_there(analysis):
    for row in analysis.strip:
        for lead in row.leads:
            found = compare(
                analysis.opened.scenario.vary(dict.fromkeys((row.path, *row.also), (lead.low + lead.high) / 2))
            )
            assert (lead.cheapest, lead.keeps_rules) == (found.ranking[0], bool(found.allowed)), row.path
        for one, above in zip(row.leads, row.leads[1:], strict=False):
            within = 1e-6 * min(one.high - one.low, above.high - above.low)
            for leaver, rule, at in ((one, one.above, above.low + within), (above, above.below, above.low - within)):
                there = compare(analysis.opened.scenario.vary(dict.fromkeys((row.path, *row.also), at)))
                broken = [breach.rule for breach in there[leaver.cheapest].breaches]
                assert rule == (broken[0] if broken and leaver.keeps_rules else ""), (row.path, at)


def test_a_limit_that_volume_outgrows_turns_the_answer_in_the_strip_as_it_does_in_the_verdict_and_is_told():
    analysis = Analysis(Opened(preset("assistant").scenario, "assistant"))
    scenario, best = analysis.opened.scenario, analysis.comparison.ranking[0]
    volume = next(row for row in analysis.strip if row.path == VOLUME)
    thrice = compare(scenario.vary({VOLUME: 3 * scenario[VOLUME]}))
    assert thrice[best].broken_rules
    assert next(lead.cheapest for lead in volume.leads if 3 * volume.today <= lead.high) == thrice.ranking[0] != best
    (turn,) = drawn_rows(scenario, [volume])[0].turns
    assert turn.ruled_out == analysis.comparison[best].label
    why = f": {turn.ruled_out} breaks a rule there (peak not carried)"
    assert headline(drawn_rows(scenario, [volume])).endswith(why)
    assert drawn_rows(scenario, [volume])[0].says.startswith(f"above {turn.at} (peak not carried): ")
    costs = Analysis(Opened(preset("healthcare").scenario, "healthcare"))
    assert headline(drawn(costs)).endswith(" the cheapest"), "where cost alone turns it, no rule is named"


def test_every_rule_that_can_turn_the_answer_has_its_few_words():
    assert list(BROKEN) == list(RULES)


def test_neighbours_of_whom_none_keeps_the_rules_say_the_same_and_are_no_switching_value():
    ruled = [Lead(0, 1, "a"), Lead(1, 2, "a", keeps_rules=False), Lead(2, 3, "b", keeps_rules=False), Lead(3, 4, "b")]
    row = StripRow(VOLUME, (), 1.5, 0, 4, (0, 4), tuple(ruled))
    assert [lead.low for lead in row.above] == [3]
    assert [lead.low for lead in row.below] == [0]


def test_the_headline_calls_no_option_the_cheapest_that_breaks_a_rule_like_all_others():
    scenario = preset("automotive").scenario
    analysis = Analysis(Opened(scenario, "automotive"))
    row = analysis.strip[0]
    assert [lead.keeps_rules for lead in row.leads] == [False, True, False]
    assert "would leave no option that keeps the rules" in headline(drawn(analysis))
    assert "no option keeps the rules" in drawn(analysis)[0].says


def test_a_slide_draws_every_row_within_the_page_in_the_colours_of_the_options():
    told = full_briefing()
    deck = Presentation(io.BytesIO(slides(told)))
    drawn_on = [s for s in deck.slides if any(box.name == "Today" for box in s.shapes)]
    colours = {colour.lstrip("#").upper() for colour in option_colours(told.comparison.costs).values()}
    boxes = [box for slide in drawn_on for box in slide.shapes]
    assert colours & {str(box.fill.fore_color.rgb) for box in boxes if box.shape_type == 1}
    drawn_handles = [box for box in boxes if box.name == "Today" and box.shape_type == MSO_SHAPE_TYPE.AUTO_SHAPE]
    assert len(drawn_handles) == len(told.strip)
    for box in boxes:
        assert box.left >= 0
        assert box.top + box.height <= deck.slide_height
        assert box.left + box.width <= deck.slide_width


def test_a_figure_that_shows_no_unit_has_it_in_its_name():
    scenario = preset("automotive").scenario
    assert path_of_figures(scenario, "workload.time_per_token_limit_ms") == "Longest time per token (ms)"
    assert path_of_figures(scenario, "workload.growth_per_year") == "Growth"
    assert path_of_figures(scenario, "workload.requests_per_month") == "Requests in an average month"


def test_amounts_are_rounded_as_they_are_shown_and_what_was_entered_is_told_as_entered():
    euro, rate = Currency("EUR", 0.8957, date(2026, 11, 20)), 0.8957
    wage, count = "people.infrastructure_engineer_usd_per_year", "workload.input_tokens_per_request"
    scenario = preset("assistant").scenario.vary({wage: 95_000 / rate, count: 1_234})
    lead = (Lead(94_900 / rate, 95_250 / rate, "own_servers"), Lead(95_250 / rate, 2e5, "open_api"))
    rows = [StripRow(path, (), scenario[path], lead[0].low, 2e5, (95_000 / rate, 1e5), lead) for path in (wage, count)]
    with shown_in(euro):
        first, second = drawn_rows(scenario, rows)
        said = roughly(95_000 / rate, numbers(scenario)[wage])
    assert (first.today, first.spread[:6], second.today) == ("€95.0k", "€95.0k", "1,234")
    assert [turn.at for turn in first.turns] == ["€95.2k"]
    assert said == "€95,000 a year"


def test_a_table_has_the_figures_of_the_headline_and_a_year_is_whole():
    known = numbers(preset("assistant").scenario)
    growth, volume = known["workload.growth_per_year"], known["workload.requests_per_month"]
    assert [roughly(0.585312, growth), short_value(0.585, growth.unit)] == ["58.5 % a year", "58.5 %"]
    assert roughly(49_487_123, volume) == "49,500,000 requests a month"
    assert to_figures(2027.4, YEAR, 3) == 2027
