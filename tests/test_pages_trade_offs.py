"""The trade-offs page: what it says beside cost is what the engine says, and what nobody says is told."""

import re

import numpy as np
import pytest

from answers.trade_offs import PARTS, figures
from costmodel.comparison import compare
from costmodel.latency import LATENCY
from costmodel.scenario import Scenario, with_option
from dashboard import decision_charts
from pricing.documents import Opened, document, to_link
from pricing.presets import DEFAULT, preset, presets
from reports.words.sizing import facts_of, sized_options
from reports.words.trade_offs import MARK, MEASURES, against_note, against_title, nearest, unknown_home
from tests.strategies import ordinary_scenario
from tests.visitor import Visitor

SCENARIO = preset(DEFAULT).scenario
API = next(slug for slug, option in SCENARIO.options.items() if option.kind == "token_api")
LIMIT = f"options.{API}.rate_limit_tok_per_s"


def visit(scenario: Scenario = SCENARIO, slug: str = DEFAULT) -> Visitor:
    return Visitor(to_link(document(Opened(scenario, slug)))).go("trade_offs")


def shown(visitor: Visitor) -> dict[str, dict[str, str]]:
    """What the page's table says: option -> measure -> cell."""
    heading, *rows = visitor.tables[0]
    return {option: {row[0]: row[i] for row in rows} for i, option in enumerate(heading) if i}


def figures_of(scenario: Scenario):
    requests = scenario["workload.requests_per_month"]
    return figures(compare(scenario), requests / 2, requests * 2)


@pytest.mark.parametrize("slug", presets())
def test_every_matter_of_every_option_is_told_with_its_unit(slug):
    scenario = preset(slug).scenario
    table = shown(visit(scenario, slug))
    assert set(table) == {option.label for option in scenario.options.values()}
    for cells in table.values():
        assert {"In today's money", MARK, *(measure.name for measure in MEASURES.values()), "Rules broken"} == set(
            cells
        )
        for measure in MEASURES.values():
            cell = cells[measure.name]
            assert cell == measure.unknown or re.search(r"\d", cell), measure.name
            figure = cell.partition(", ")[0]
            assert cell == measure.unknown or cell.startswith("$") or not figure[-1].isdigit(), f"{cell} has no unit"


@pytest.mark.parametrize("slug", presets())
def test_the_time_to_the_first_token_is_written_as_it_is_on_sizing(slug):
    comparison = compare(preset(slug).scenario)
    sized = sized_options(comparison)
    facts = {what: told for what, *told in facts_of(comparison, sized)} if sized else {}
    found = figures_of(comparison.scenario)
    assert facts.get("Time to first token", []) == [
        MEASURES["first_token_s"].shown(found[option]["first_token_s"]) for option in sized
    ]


@pytest.mark.parametrize("slug", presets())
def test_the_parts_of_a_response_time_are_those_of_its_slowest_month(slug):
    comparison = compare(preset(slug).scenario)
    for option, found in figures_of(comparison.scenario).items():
        assert sum(found[part] for part in PARTS) == pytest.approx(found["response_s"])
        assert found["response_s"] == np.max(comparison[option].quantities[LATENCY[-1]])


def test_an_account_with_a_low_limit_does_not_carry_the_peak():
    visitor = visit(SCENARIO.vary({LIMIT: 100.0}))
    cell = shown(visitor)[SCENARIO.options[API].label]["Peak carried"]
    assert cell.endswith("% of the peak")
    (sentence,) = (text for text in visitor.texts("owning") if "busiest hour" in text)
    assert f"do not carry it: {SCENARIO.options[API].label} in 60 of 60 months." in sentence
    enough = visit(SCENARIO.vary({LIMIT: 1e6}))
    assert shown(enough)[SCENARIO.options[API].label]["Peak carried"].endswith(" times")
    assert "do not carry it" not in enough.html


def test_a_base_that_is_not_delivered_yet_is_not_asked_for_the_peak():
    """Until its servers arrive a hybrid is its overflow alone, and the months until it serves say so."""
    comparison = compare(preset("finance").scenario.vary({"options.open_api.rate_limit_tok_per_s": 1e5}))
    (hybrid,) = (slug for slug, cost in comparison.costs.items() if cost.option.kind == "hybrid")
    found, carried = figures_of(comparison.scenario)[hybrid], comparison[hybrid].quantities["peak_carried_ratio"]
    late = int(found["months"])
    assert late > 0
    assert found["peak_ratio"] == carried[1 + late :].min() > carried[1 : 1 + late].max()


def test_an_edge_fleet_says_what_its_devices_answer_and_how_soon():
    visitor = visit(preset("automotive").scenario, "automotive")
    (option,) = (each for each in preset("automotive").scenario.options.values() if each.kind == "edge")
    assert any(f"{option.label}: its devices answer" in text for text in visitor.texts("owning"))


def test_whoever_enters_into_a_term_or_buys_hardware_is_locked_in_for_so_long():
    automotive = preset("automotive").scenario
    (fleet,) = (slug for slug, each in automotive.options.items() if each.kind == "edge")
    option = automotive.options[fleet]
    life, own = f"options.{fleet}.device.life_months", automotive.options[option.fallback_option].refresh_months
    assert figures_of(automotive.vary({life: own + 12}))[fleet]["lock_in"] == own + 12
    assert figures_of(automotive.vary({life: own - 12}))[fleet]["lock_in"] == own
    units = {f"options.{API}.provisioned.units": 2.0, f"options.{API}.provisioned.term_months": 12}
    assert figures_of(SCENARIO)[API]["lock_in"] == 0
    assert figures_of(SCENARIO.vary(units))[API]["lock_in"] == 12


def test_servers_that_are_bridged_say_for_how_long():
    (own,) = (slug for slug, option in SCENARIO.options.items() if option.kind == "on_prem")
    months, label = SCENARIO.options[own].lead_time_months, SCENARIO.options[own].label
    serves = MEASURES["months"].name
    assert shown(visit())[label][serves] == f"0 months, by a bridge for {months} months"
    unbridged = SCENARIO.vary({f"options.{own}.bridge_option": ""})
    assert shown(visit(unbridged))[label][serves] == f"{months} months"


@pytest.mark.parametrize("key", MEASURES)
def test_cost_is_drawn_against_each_measure_for_the_options_that_say_it(key):
    scenario = SCENARIO.vary({}, options={**SCENARIO.options, **ordinary_scenario().options})
    found = figures_of(scenario)
    figure = decision_charts.cost_against(compare(scenario), found, key)
    assert len(figure["data"]) == sum(each[key] is not None for each in found.values())
    assert MEASURES[key].unit in figure["layout"]["xaxis"]["title"]["text"]
    best, told = compare(scenario).ranking[0], against_title(compare(scenario), found, key)
    cell = MEASURES[key].unknown if found[best][key] is None else MEASURES[key].shown(found[best][key])
    assert told.startswith(f"{MEASURES[key].name}: {cell} with "), "the title says what the cheapest option means"
    visit(scenario).enter("trade_off", key)


def test_beside_options_that_a_rule_excludes_the_cheapest_is_that_which_keeps_the_rules_and_hollow_is_explained():
    for slug in DEFAULT, "finance":
        comparison = compare(preset(slug).scenario)
        title = against_title(comparison, figures_of(comparison.scenario), "response_s")
        is_any_out = slug != DEFAULT
        assert ("the cheapest that keeps the rules;" in title) == is_any_out
        assert ("Hollow" in against_note(comparison, "response_s")) == is_any_out


@pytest.mark.parametrize("slug", presets())
def test_no_name_of_a_point_covers_another_point(slug):
    comparison = compare(preset(slug).scenario)
    figure = decision_charts.cost_against(comparison, figures_of(comparison.scenario), "response_s")
    points = [(trace["x"][0], trace["y"][0]) for trace in figure["data"]]
    right, top = max(x for x, _ in points), figure["layout"]["yaxis"]["range"][1]
    wide, high = decision_charts.POINTS_WIDTH / right, decision_charts.POINTS_HEIGHT / top
    for label in figure["layout"]["annotations"]:
        length, up = 7 * len(label["text"]), label["y"] * high - label["ay"]
        start = label["x"] * wide + label["ax"] - (length if label["xanchor"] == "right" else 0)
        covered = [(x, y) for x, y in points if start < x * wide < start + length and abs(y * high - up) < 14]
        assert not covered, label["text"]


def test_the_quickest_option_stands_on_top_and_its_bar_is_as_long_as_its_parts():
    found = figures_of(SCENARIO)
    figure = decision_charts.response_parts(compare(SCENARIO), found)
    order = figure["data"][0]["y"]
    assert [found[slug]["response_s"] for slug in order] == sorted(
        (f["response_s"] for f in found.values()), reverse=True
    )
    for position, slug in enumerate(order):
        assert sum(trace["x"][position] for trace in figure["data"]) == pytest.approx(found[slug]["response_s"])


@pytest.mark.parametrize(
    ("home", "is_known"), [("us", True), ("Germany", True), ("eu", True), ("Nonsense", False), ("mine-1", True)]
)
def test_a_home_that_is_no_place_and_begins_no_region_is_said_to_be_unknown(home, is_known):
    held = {"rules.data_must_stay_in_region": True, "rules.home_region": home, "options.own_servers.region": "mine-1a"}
    told = unknown_home(compare(SCENARIO.vary(held)))
    assert (told == "") == is_known
    assert unknown_home(compare(SCENARIO.vary({**held, "rules.data_must_stay_in_region": False}))) == ""


def test_where_the_rules_leave_no_option_the_nearest_and_the_quickest_are_told():
    late = SCENARIO.vary({"rules.response_time_limit_s": 3.0, LIMIT.replace(API, "open_api"): 100.0})
    told, found = nearest(compare(late)), figures_of(late)
    quickest = min(late.options, key=lambda slug: found[slug]["response_s"])
    assert told.endswith(f"The quickest, {late.options[quickest].label}, takes {found[quickest]['response_s']:.2f} s.")
    assert (
        nearest(compare(SCENARIO.vary({"rules.response_time_limit_s": 3.0}))).count(late.options[quickest].label) == 1
    )
    fewest = min(len(cost.breaches) for cost in compare(late).costs.values())
    first = next(cost for cost in compare(late).costs.values() if f"Nearest to the rules: {cost.label}." in told)
    assert len(first.broken_rules) == fewest
    assert all(sentence in told for sentence in first.broken_rules)
    assert nearest(compare(SCENARIO.vary({"rules.response_time_limit_s": found[quickest]["response_s"]}))) == ""


@pytest.fixture
def silent(monkeypatch):
    """The default scenario, whose first token API says neither how long it takes nor what it carries or lets leave."""
    from costmodel import option

    kind = SCENARIO.options[API].kind
    full = option.COSTS[kind]

    def without(task):
        result = full(task)
        kept = {name: result.quantities[name] for name in ("input_tokens", "output_tokens")}
        return type(result)(result.lines, kept, result.parts)

    monkeypatch.setitem(option.COSTS, kind, without)
    return with_option(SCENARIO, "silent", SCENARIO.options[API])


def test_what_a_kind_does_not_say_is_told_as_not_said(silent):
    table = shown(visit(silent))[silent.options[API].label]
    for key in ("response_s", *PARTS, "peak_ratio", "leaving"):
        assert table[MEASURES[key].name] == "not said", key
