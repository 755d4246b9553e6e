"""One measure, one base, one set of sums: what an option costs is the same figure wherever it is said."""

import io
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx import Presentation

from answers.pair import decision_pair, owned_and_rented
from answers.volume import VOLUME
from costmodel.break_even import Crossing
from costmodel.comparison import compare
from costmodel.lines import LINES
from costmodel.scenario import differences, has, values
from costmodel.uncertainty.montecarlo import monte_carlo
from dashboard import charts, uncertainty_charts
from pricing.documents import Opened, document, to_link
from pricing.presets import DEFAULT, preset, presets
from pricing.ranges import draws, ranges
from pricing.selectors import completed, picked_of, written
from reports.files.brief import brief_data
from reports.files.slides import slides
from reports.words import after_tax, chapters, order, parts, trade_offs, verdict
from reports.words.bridge import bridge
from reports.words.briefing import crossings, curves_title
from reports.words.changes import changes, differing
from reports.words.labels import lowered, path_name
from reports.words.measure import NOMINAL, PRESENT
from reports.words.palette import GROUP_COLOURS
from reports.words.plain import typeset
from reports.words.text import MINUS, percent, usd, usd_exact
from reports.words.titles import as_paid
from tests.as_typed import as_typed
from tests.briefings import briefing, deck_of
from tests.visitor import Visitor

SCENARIO = preset(DEFAULT).scenario
BOTH = [(slug, each) for slug in presets() for each in (PRESENT, NOMINAL)]
CLOSE = ("healthcare", "finance", "startup")
VOLUMES = st.floats(4, 10).map(lambda exponent: 10**exponent)


def told(slug: str, measure=PRESENT):
    """The briefing of a preset in one of the two measures."""
    opened = Opened(preset(slug).scenario, slug)
    return briefing(slug, comparison=compare((as_paid(opened) if measure is NOMINAL else opened).scenario))


def deck_in(slug: str, measure):
    return deck_of(slug) if measure is PRESENT else Presentation(io.BytesIO(slides(told(slug, measure))))


def figures(comparison) -> dict[str, float]:
    """Label -> what the option costs."""
    return {cost.label: float(cost.net_present_cost_usd) for cost in comparison.costs.values()}


@pytest.mark.parametrize(("slug", "measure"), BOTH)
def test_curves_bars_and_tables_of_screen_slides_and_brief_say_one_figure(slug, measure):
    comparison = told(slug, measure).comparison
    expected = figures(comparison)
    screen = charts.cumulative(comparison, crossings(comparison))["data"][: len(expected)]
    assert {trace["name"]: trace["y"][-1] for trace in screen} == pytest.approx(expected)
    bars = charts.cost_stack(comparison)
    ends = np.sum([trace["x"] for trace in bars["data"]], axis=0)
    assert dict(zip([comparison[name].label for name in bars["data"][0]["y"]], ends, strict=True)) == pytest.approx(
        expected
    )
    for cost in comparison.costs.values():
        by_month = charts.monthly_stack(cost, comparison.months)["data"]
        assert np.sum([trace["y"] for trace in by_month]) == pytest.approx(expected[cost.label])
    data = brief_data(told(slug, measure))
    assert data["options-head"][1] == measure.name
    assert {row["cells"][0]: row["cells"][1] for row in data["options"]} == {
        label: usd(amount) for label, amount in expected.items()
    }
    assert {curve["label"].rpartition(" ")[2] for curve in data["chart"]["curves"]} == set(map(usd, expected.values()))


@pytest.mark.parametrize(("slug", "measure"), BOTH)
def test_no_slide_says_another_figure_of_what_an_option_costs(slug, measure):
    deck, comparison = deck_in(slug, measure), told(slug, measure).comparison
    shown = {label: usd(amount) for label, amount in figures(comparison).items()}
    exact = {label: usd_exact(amount) for label, amount in figures(comparison).items()}
    seen = 0
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_table:
                head, *rows = [[as_typed(cell.text) for cell in row.cells] for row in shape.table.rows]
                for row in rows if head[0] == "Option" else ():
                    assert row[head.index(measure.name)] in {of[row[0].removeprefix("● ")] for of in (shown, exact)}
                    seen += 1
    assert seen == 2 * len(shown), "the answer and the bridge"
    found = {shape.name: shape.chart.plots[0] for slide in deck.slides for shape in slide.shapes if shape.has_chart}
    ends = [series.values[-1] for series in list(found["Cumulative cost"].series)[: len(shown)]]
    assert ends == pytest.approx(list(figures(comparison).values()))
    text = " ".join(
        as_typed(s.text_frame.text) for slide in list(deck.slides)[:3] for s in slide.shapes if s.has_text_frame
    )
    assert text.count(shown[comparison[comparison.ranking[0]].label]) >= 2
    assert measure.said in text


@pytest.mark.parametrize("slug", presets())
def test_the_bridge_leads_from_cash_to_cost(slug):
    comparison = compare(preset(slug).scenario)
    for row, option in zip(bridge(comparison).rows, comparison.ranking, strict=True):
        cost = comparison[option]
        sold = sum(cost.lines[name].sum() for name in cost.lines if LINES[name].nature == "end_credit")
        steps = tuple(int(told.translate({ord(MINUS): "-", ord("$"): None, ord(","): None})) for told in row[1:])
        total = cost.cash_usd.sum()
        assert steps[0] == round(total - sold)
        assert sum(steps[:2]) == round(total)
        assert steps[-1] == round(cost.net_present_cost_usd)
        assert sum(steps[:-1]) == steps[-1], "it adds up as it is printed"
    (_, paid, sold, *_, cost), headline = bridge(comparison).rows[0], bridge(comparison).headline
    between = "" if sold == usd_exact(0.0) else f", less {sold[1:]} sold at the end,"
    assert f": {paid} of cash paid{between} is {cost} " in headline


@pytest.mark.parametrize("slug", presets())
def test_undiscounted_is_the_plain_sum_everywhere(slug):
    opened = Opened(preset(slug).scenario, slug)
    plain, found = compare(opened.scenario), as_paid(opened)
    comparison = compare(found.scenario)
    for option, cost in comparison.costs.items():
        assert cost.net_present_cost_usd == pytest.approx(plain[option].tco_usd)
        assert cost.cumulative_present_usd == pytest.approx(plain[option].cumulative_usd)
    assert "finance.discount_rate_per_year" not in draws(found.scenario, found.ranges, {}).ranges
    assert NOMINAL.said in verdict.verdict(comparison).headline
    assert "today" not in verdict.verdict(comparison).headline


@pytest.mark.parametrize("slug", presets())
def test_the_title_names_the_part_that_the_bars_show_as_largest(slug):
    comparison = compare(preset(slug).scenario)
    best = comparison.ranking[0]
    bars = charts.cost_stack(comparison)["data"]
    at = list(bars[0]["y"]).index(best)
    largest = max(bars, key=lambda trace: trace["x"][at])
    title = parts.largest_part_title(comparison)
    amount, whole, group = re.fullmatch(r".*: (\S+) of (\S+) goes to ([^,]+)(?:, \S+ of it to .*)?", title).groups()
    assert group.lower() == largest["name"].lower()
    assert (amount, whole) == (usd(largest["x"][at]), usd(comparison[best].net_present_cost_usd))


def test_every_group_of_cost_lines_has_a_colour_and_so_a_bar():
    assert {line.group for line in LINES.values()} <= set(GROUP_COLOURS)


def test_draws_are_a_band_around_the_figure_and_none_beside_it():
    comparison = compare(SCENARIO)
    *_, run = monte_carlo(draws(SCENARIO, {}, {}), 256)
    rows = chapters.costs_table(comparison, run)
    assert rows.columns[1] == PRESENT.name
    expected = {label: usd(amount) for label, amount in figures(comparison).items()}
    assert {row[0]: row[1] for row in rows.rows} == expected
    figure = uncertainty_charts.cost_spread(run, comparison)
    assert {note["text"] for note in figure["layout"]["annotations"]} == {
        f"{label}  <b>{amount}</b>" for label, amount in expected.items()
    }
    assert figure["data"][-1]["x"] == [
        float(comparison[slug].net_present_cost_usd) for slug in comparison.ranking[::-1]
    ]
    low, high = figure["layout"]["xaxis"]["range"]
    assert all(low <= end < high for trace in figure["data"] for end in trace["x"]), "no band looks cut at the edge"


@pytest.mark.parametrize("slug", presets())
def test_what_is_within_the_models_error_is_no_order(slug):
    comparison = compare(preset(slug).scenario)
    close = slug in CLOSE
    assert (len(order.leaders(comparison)) > 1) == close
    told = verdict.verdict(comparison)
    taxed = after_tax.amounts(comparison)
    assert told.headline.startswith("Too close to call") == (order.WITHIN_ERROR in told.owning) == close
    sentences = [trade_offs.headline(comparison), after_tax.headline(comparison, taxed)]
    owning = {*owned_and_rented(comparison)} >= {*order.leaders(comparison)}  # the title is about an owner and a renter
    for sentence in (*sentences, *([curves_title(comparison)] if owning else ())):
        assert (order.TOO_CLOSE in sentence or "the same cost" in sentence) == close, sentence
    first, second = (order.difference(comparison, option) for option in order.leaders(comparison)[:2]) if close else (
        order.difference(comparison, comparison.ranking[0]), "")  # fmt: skip
    assert first == ("least, too close to call" if close else "cheapest")
    assert second == "" or re.fullmatch(r"the same|[\d.]+ % more, too close to call", second)


def test_the_error_divides_what_is_close_from_what_is_not():
    assert order.close_to_least({"a": 105.0, "b": 100.0, "c": 105.1}) == ("b", "a")
    assert order.standing({"a": 100.0, "b": 103.0, "c": 124.0}) == {
        "a": "least, too close to call", "b": "3 % more, too close to call", "c": "24 % more"
    }  # fmt: skip
    assert order.standing({"a": 100.0, "b": 100.01})["b"] == "the same"
    assert order.standing({"a": 100.0, "b": 124.0}) == {"a": "cheapest", "b": "24 % more"}
    assert order.standing({"a": -100.0, "b": 50.0})["b"] == "$150 more"


@given(VOLUMES, st.sampled_from(list(presets())))
def test_marked_crossings_are_those_that_the_title_names(requests, slug):
    comparison = compare(preset(slug).scenario.vary({VOLUME: requests}))
    figure = charts.cumulative(comparison, crossings(comparison))
    named = re.findall(r"month \d+", curves_title(comparison))
    marked = [trace for trace in figure["data"] if trace["name"] == "Crossings"]
    assert [f"month {np.ceil(at):.0f}" for trace in marked for at in trace["x"]] == named
    a, b = decision_pair(comparison)
    for crossing in crossings(comparison):
        near = [comparison[option].cumulative_present_usd for option in (a, b)]
        before, after = (near[0][month] - near[1][month] for month in (int(crossing.at), int(np.ceil(crossing.at))))
        assert before * after <= 0


@pytest.mark.parametrize(("wins", "words", "marked"), [
    ("b5", "from 5.00 requests a month on", "5"),
    ("a5", "up to 5.00 requests a month", "5"),
    ("b5 a9", "from 5.00 to 9.00 requests a month", "59"),
    ("b5 a6 b9", "from 9.00 requests a month on, in places from 5.00", "59"),
    ("a2 b5 a6 b9", "from 9.00 requests a month on, in places from 5.00, and up to 2.00", "259"),
])  # fmt: skip
def test_volumes_marked_are_those_that_the_title_names(wins, words, marked):
    found = [Crossing(float(win[1]), 1.0, win[0]) for win in wins.split()]
    said, told = verdict.volumes_won(found, "b")
    assert said == words
    assert [crossing.at for crossing in told] == [float(at) for at in marked]


@pytest.mark.parametrize(("slug", "field", "value", "names"), [
    ("own_servers", "server", "Lenovo SR680a V3, 8 x B200",
     "Lenovo SR680a V3, 8 x H200 \u2192 Lenovo SR680a V3, 8 x B200"),
    ("frontier_api", "model", "gpt-5.4-mini", "GPT-6.1 Sol \u2192 GPT-5.4 mini"),
])  # fmt: skip
def test_what_was_chosen_is_one_change_and_not_the_figures_that_come_with_it(slug, field, value, names):
    option = SCENARIO.options[slug]
    picked = completed(option.kind, {**picked_of(option), field: value})
    prefix = f"options.{slug}"
    new = flat(written(option.kind, picked), prefix)
    after = SCENARIO.vary({path: each for path, each in new.items() if path in values(SCENARIO)})
    lines = changes(SCENARIO, after)
    brought = len(differences(SCENARIO, after)) - 1
    assert brought > 3
    assert lines == [f"{option.label}: {field}: {names}",
                     f"{option.label}: {brought} figures of the catalogue that come with it"]  # fmt: skip


def flat(groups, prefix: str) -> dict:
    """Nested groups by dotted path."""
    found = {}
    for name, each in groups.items():
        found |= flat(each, f"{prefix}.{name}") if isinstance(each, dict) else {f"{prefix}.{name}": each}
    return found


def test_what_changed_is_the_text_of_the_comparison_without_paths():
    other = preset("batch").scenario
    lines = changes(SCENARIO, other)
    rows = [row for group in differing({"a": SCENARIO, "b": other}).values() for row in group]
    assert all(len(row) == 3 and all(row[1:]) for row in rows), "every row says what each has"
    told = [line for line in lines if "figures of the catalogue" not in line]
    assert len(told) == len(rows) < len(lines) < 40
    assert all(line.startswith(row[0]) for line, row in zip(told, rows, strict=True))
    paths = set(values(SCENARIO)) | set(values(other))
    assert not [line for line in lines if paths & set(re.findall(r"[\w.]+", line)) or "\\" in line]


def tiles(visitor: Visitor) -> list[str]:
    return visitor.texts("value")


def test_one_switch_changes_the_measure_on_every_page_and_paper():
    visitor = Visitor()
    plain, shown = (compare(scenario) for scenario in (as_paid(visitor.opened).scenario, SCENARIO))
    assert tiles(visitor) == [usd(shown[slug].net_present_cost_usd) for slug in shown.ranking]
    assert PRESENT.said in visitor.texts("answer")[0]
    rival = shown[shown.ranking[1]].net_present_cost_usd / shown[shown.ranking[0]].net_present_cost_usd - 1
    assert f"{percent(rival)} more" in visitor.texts("answer")[0]
    assert f"{percent(rival)} more" in visitor.texts("detail"), "one base for every difference"
    visitor.enter("undiscounted", True)
    for page in ("overview", "present"):
        visitor.go(page)
        assert tiles(visitor) == [usd(plain[slug].net_present_cost_usd) for slug in plain.ranking], page
        assert NOMINAL.said in visitor.texts("answer")[0]
    visitor.go("break_even").open("bridge")
    assert visitor.scenario == SCENARIO, "the scenario itself is as it was"
    assert visitor.tables[0][0][-1] == NOMINAL.name
    visitor.enter("undiscounted", False)
    assert visitor.tables[0][0][-1] == PRESENT.name


def test_the_side_bar_tells_changes_as_the_comparison_does():
    other = preset("batch").scenario
    visitor = Visitor(to_link(document(Opened(SCENARIO.vary({VOLUME: other[VOLUME]}), DEFAULT)))).open("changes")
    (box,) = (box for box in visitor.at.sidebar.expander if box.label.startswith("What changed"))
    assert box.label == "What changed (1)"
    assert [text.value for text in box.markdown] == [
        "- Requests in an average month: 594,000 requests a month \u2192 1,200,000,000 requests a month"
    ]


@pytest.mark.parametrize("slug", presets())
def test_a_number_is_said_to_be_of_all_options_of_a_kind_only_where_it_is(slug):
    scenario = preset(slug).scenario
    for path, spread in ranges(scenario).items():
        told, within = path_name(scenario, path, spread.also), path.split(".", 2)[-1]
        named = {member.split(".")[1] for member in (path, *spread.also) if spread.also}
        for kind in {scenario.options[one].kind for one in named}:
            alike = {one for one, option in scenario.options.items() if option.kind == kind}
            title = lowered(scenario.options[next(iter(alike))].title).rstrip("s")
            if there := {one for one in alike if has(scenario, f"options.{one}.{within}")} - named:
                assert f" all {title}" not in told, f"{told}: not {there}"
            else:
                assert title in told.partition(" of all ")[2].partition(" and of ")[0], told


def test_an_apostrophe_is_curled_and_a_quotation_has_marks_of_one_kind():
    assert typeset("today's money, companies' bills") == "today\u2019s money, companies\u2019 bills"
    assert typeset("column '%PDF-1.4' is not one") == "column \u201c%PDF-1.4\u201d is not one"
    assert typeset("'Own servers' and 'p5' stand") == "\u201cOwn servers\u201d and \u201cp5\u201d stand"
    assert typeset("'' stands there") == "\u201c\u201d stands there"
    assert typeset("the bill's 'p5'") == "the bill\u2019s \u201cp5\u201d"
