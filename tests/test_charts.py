"""Charts: labels that do not cover each other, ticks that fit the horizon, GPUs as the engine counts them."""

import re
from dataclasses import replace
from html import unescape

import pytest

from answers.analysis import Analysis
from answers.volume import VOLUME, by_volume
from costmodel.break_even import Crossing, sweep
from costmodel.comparison import compare
from dashboard import charts, uncertainty_charts, volume_charts
from dashboard.axes import axis_ends, powers_of_ten
from dashboard.line_ends import end_labels
from pricing.documents import Opened
from pricing.presets import DEFAULT, preset, presets
from reports.files.page.told import rows
from reports.words.briefing import DOTTED, curve, curves_note, sale_note
from reports.words.dates import short_month
from reports.words.money import converted
from reports.words.parts import months_title
from reports.words.sizing import largest_fleet
from reports.words.text import compact

SCENARIO = preset(DEFAULT).scenario
COMPARISON = compare(SCENARIO)


def test_only_crossings_that_stand_apart_are_labelled_and_all_are_marked():
    places = [0.4, 30.0, 1.2, 32.0, 58.0]
    figure = charts.cumulative(COMPARISON, [Crossing(at, 1e6, next(iter(COMPARISON.costs))) for at in places])
    assert figure["data"][-1]["x"] == places
    labels = [note for note in figure["layout"]["annotations"] if note["text"].startswith("month ")]
    assert [note["text"] for note in labels] == [
        "month 1: $1.00M each",
        "month 30: $1.00M each",
        "month 58: $1.00M each",
    ]
    assert labels[0]["xanchor"] == "left", "the axis' own figures stand to the left of the first month"
    assert labels[1]["xanchor"] == "center"
    assert labels[2]["xanchor"] == "right", "the names of the curves stand to the right of the last month"


@pytest.mark.parametrize("count", [2, 3, 5])
def test_names_of_parts_stand_below_the_figures_of_the_axis_however_few_the_bars(count):
    few = replace(COMPARISON, costs=dict([*COMPARISON.costs.items()][:count]))
    layout = charts.cost_stack(few)["layout"]
    plot = charts.stack_height(few) - layout["margin"]["t"] - layout["margin"]["b"]
    assert -layout["legend"]["y"] * plot == pytest.approx(charts.LEGEND_GAP)


def test_a_long_name_above_a_bar_is_whole_and_the_bars_stay_as_high():
    slug = next(iter(SCENARIO.options))
    long = "Own servers in the second hall, leased, with a bridge by API until they are there"[:80]
    figures = [charts.cost_stack(compare(SCENARIO.vary({f"options.{slug}.label": label}))) for label in ("A", long)]
    short, tall = (figure["layout"] for figure in figures)
    (told,) = (note["text"] for note in tall["annotations"] if note["y"] == slug)
    assert " ".join(told.replace("<br>", " ").split()).startswith(long)
    rows = [layout["height"] - charts.LEGEND_HEIGHT for layout in (short, tall)]
    assert rows[0] < rows[1]
    bars = [(1 - layout["bargap"]) * row for layout, row in zip((short, tall), rows, strict=True)]
    assert bars[0] == pytest.approx(bars[1])


@pytest.mark.parametrize("slug", presets())
def test_no_curve_of_the_two_that_lead_is_cut_however_cheap_the_options_are_that_rules_exclude(slug):
    comparison = compare(preset(slug).scenario)
    _, high = charts.cumulative(comparison, ())["layout"]["yaxis"]["range"]
    assert all(high >= converted(curve(comparison[slug])[1]).max() for slug in comparison.ranking[:2])


@pytest.mark.parametrize("top", [1e-9, 0.07, 1.0, 3.3, 999.9, 1.0001e6, 7.3e11])
def test_an_axis_ends_at_the_preferred_number_next_beyond_its_values_on_either_side_of_nothing(top):
    low, high = axis_ends(-top / 3, top)
    assert low <= -top / 3
    assert top <= high <= 1.14 * top
    assert axis_ends(low, high) == (low, high), "within its ends it stays"
    assert axis_ends(0.0, top) == (0.0, high)
    assert axis_ends(-high, 0.0) == (-high, 0.0)
    assert axis_ends(0.0, 0.0) == (0.0, 1.0)


@pytest.mark.parametrize("label", ["A name of many words that somebody typed " * 2, "one-word-that-never-ends-" * 3])
def test_a_long_name_leaves_half_of_a_chart_to_its_curves(label):
    named = compare(SCENARIO.vary({"options.own_servers.label": label.strip()[:80]}))
    figure = charts.cumulative(named, ())
    for layout, letters, most in (("layout", 40, 310), ("narrow", 16, 120)):
        assert figure[layout]["margin"]["r"] <= most
        texts = [re.sub("<(?!br)[^>]*>", "", note["text"]) for note in figure[layout]["annotations"]]
        assert all(len(line.lstrip("\u25cf ")) <= letters for text in texts for line in text.split("<br>"))
    names = [note["text"] for note in charts.cost_stack(named)["layout"]["annotations"]]
    assert all(len(line) < 60 for name in names for line in name.split("<br>"))
    assert all(name.endswith("</b>") for name in names), "the amount is in sight"


def test_names_in_charts_and_of_the_strip_are_set_as_those_in_sentences():
    comparison = compare(preset("startup").scenario)
    named = ("0.5 %", "November's traffic on 8 x H200")
    (end,) = end_labels({"one": 0.005}, {"one": named}, {"one": ""}, (0, 1))
    assert end["text"] == "<b>0.5\u00a0%</b> November\u2019s traffic on 8 \u00d7 H200"
    figure = uncertainty_charts.labelled_rows([], {"one": named[::-1]}, {})
    assert "November\u2019s" in figure["layout"]["annotations"][0]["text"]
    strip = Analysis(Opened(comparison.scenario, "startup")).strip
    labels = [row["label"] for row in rows(comparison.scenario, strip, lambda _: False)]
    assert "November\u2019s traffic" in labels


def test_names_above_bars_are_whole_in_lines_that_fit_a_telephone_and_rows_are_as_high_as_they_ask_for():
    label = "Wage of all own servers & clouds, of <two> sites and of gpt-oss 120B by API"
    figure = uncertainty_charts.labelled_rows([], {"long": (label, "16 %"), "short": ("Growth", "")}, {})
    long, short = (note["text"] for note in figure["narrow"]["annotations"])
    assert long.endswith("<b>16 %</b>")
    lines = re.sub("</?b>", "", long).split("<br>")
    assert unescape(" ".join(lines)).split() == [*label.split(), "16", "%"]
    assert all(len(unescape(line)) <= 38 for line in lines)
    assert short == "Growth"
    assert len(lines) == 3
    few = uncertainty_charts.labelled_rows([], {"short": ("Growth", ""), "other": ("Horizon", "")}, {})["narrow"]
    assert figure["narrow"]["height"] - few["height"] == 2 * 2 * uncertainty_charts.ROW_LINE


def test_the_note_below_the_curves_speaks_of_what_there_is():
    api = COMPARISON.scenario
    rented = compare(api.vary({}, options={slug: api.options[slug] for slug in ("frontier_api", "open_api")}))
    assert sale_note(rented, crosses=True) == ""
    assert "Crossings" not in sale_note(COMPARISON, crosses=False)
    assert sale_note(COMPARISON, crosses=True).startswith("Crossings")


@pytest.mark.parametrize("slug", presets())
def test_dotted_curves_are_explained_where_there_are_any(slug):
    comparison = compare(preset(slug).scenario)
    dashes = {trace["line"].get("dash") for trace in charts.cumulative(comparison, [])["data"] if "line" in trace}
    assert ("dot" in dashes) == (DOTTED in curves_note(comparison, crosses=True))
    assert sale_note(comparison, crosses=True) in curves_note(comparison, crosses=True)


@pytest.mark.parametrize("horizon", [6, 12, 24, 60, 96, 120, 240])
def test_about_ten_ticks_fit_any_horizon_and_name_its_months(horizon):
    dated = SCENARIO.vary({"finance.horizon_months": horizon, "workload.start_month": 8, "workload.start_year": 2028})
    axis = charts.cumulative(compare(dated), ())["layout"]["xaxis"]
    assert 4 <= len(axis["tickvals"]) - 1 <= 10
    assert axis["ticktext"][0] == "Jul 2028", "column 0 is the eve of month 1"
    assert axis["ticktext"] == [short_month(dated, month) for month in axis["tickvals"]]


def test_servers_of_any_size_are_compared_by_their_gpus():
    today = float(SCENARIO[VOLUME])
    figure = volume_charts.staircase(sweep(SCENARIO, VOLUME, [today, 10 * today]), COMPARISON)
    drawn = {trace["name"]: trace["y"][0] for trace in figure["data"]}
    assert drawn == {
        cost.label: pytest.approx(cost.quantities["gpus"][-1])
        for cost in COMPARISON.costs.values()
        if "gpus" in cost.quantities
    }


def test_whole_servers_make_steps_and_the_average_of_an_autoscaled_fleet_makes_none():
    found = by_volume(SCENARIO)
    figure = volume_charts.staircase(found, COMPARISON)
    shapes = {trace["name"]: trace["line"]["shape"] for trace in figure["data"]}
    assert shapes == {"Cloud GPUs on demand": "linear", "Cloud GPUs, 3-year commitment": "hv", "Own servers": "hv"}
    most = compact(found.gpus("own_servers")[-1])
    assert largest_fleet(found, COMPARISON) == (
        f"Own servers: 8 GPUs at today's volume, {most} at 5.94B requests a month"
    )


def test_powers_of_ten_on_an_axis_are_all_written_alike():
    assert powers_of_ten(2, 3e4)["ticktext"] == ["1", "10", "100", "1k", "10k", "100k"]
    assert powers_of_ten(0.001, 0.5, "$")["ticktext"] == ["$0.001", "$0.01", "$0.1", "$1"]


def test_the_title_of_the_months_says_what_is_paid_at_first_and_at_last():
    cost = COMPARISON["frontier_api"]
    assert months_title(cost) == "$60.0k before month 1, $43.8k in month 1, $12.1k in the last"
    alone = {"frontier_api": SCENARIO.options["frontier_api"]}
    short = compare(SCENARIO.vary({"finance.horizon_months": 1}, options=alone))["frontier_api"]
    assert months_title(short).startswith("$60.0k before month 1, ")
    assert months_title(short).endswith(" in month 1")
