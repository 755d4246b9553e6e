"""Charts: labels that do not cover each other, ticks that fit the horizon, GPUs as the engine counts them."""

import pytest

from answers.volume import VOLUME
from costmodel.break_even import Crossing, sweep
from costmodel.comparison import compare
from dashboard import charts, volume_charts
from dashboard.axes import month_axis
from pricing.presets import DEFAULT, preset
from reports.words.dates import short_month

SCENARIO = preset(DEFAULT).scenario
COMPARISON = compare(SCENARIO)


def test_only_crossings_that_stand_apart_are_labelled_and_all_are_marked():
    places = [0.4, 30.0, 1.2, 32.0]
    figure = charts.cumulative(COMPARISON, [Crossing(at, 1e6, next(iter(COMPARISON.costs))) for at in places])
    assert figure["data"][-1]["x"] == places
    labels = [note for note in figure["layout"]["annotations"] if note["text"].startswith("month ")]
    assert [note["text"] for note in labels] == ["month 1: $1.00M each", "month 30: $1.00M each"]
    assert labels[0]["xanchor"] == "left", "the axis' own figures stand to the left of the first month"
    assert "xanchor" not in labels[1]


@pytest.mark.parametrize("horizon", [6, 12, 24, 60, 96, 120, 240])
def test_about_ten_ticks_fit_any_horizon_and_name_its_months(horizon):
    dated = SCENARIO.vary({"finance.horizon_months": horizon, "workload.start_month": 8, "workload.start_year": 2028})
    axis = charts.cumulative(compare(dated), ())["layout"]["xaxis"]
    assert 4 <= len(axis["tickvals"]) - 1 <= 10
    assert axis["ticktext"][0] == "Jul 2028", "column 0 is the eve of month 1"
    assert axis["ticktext"] == [short_month(dated, month) for month in axis["tickvals"]]


@pytest.mark.parametrize("horizon", [6, 12, 24, 60, 96, 120, 240])
def test_a_telephone_names_the_last_month_and_another_that_is_drawn(horizon):
    lasting = compare(SCENARIO.vary({"finance.horizon_months": horizon}))
    lines = [("GPUs", lasting.months, charts.ACCENT)]
    axis = charts.over_time(lasting.months, lines, {}, month_axis(lasting.scenario, ""), str)["narrow"]["xaxis"]
    assert axis["tickvals"][-1] > horizon - 12
    assert sum(month >= 1 for month in axis["tickvals"]) >= 2
    assert axis["ticktext"] == [short_month(lasting.scenario, month) for month in axis["tickvals"]]


def test_servers_of_any_size_are_compared_by_their_gpus():
    today = float(SCENARIO[VOLUME])
    figure = volume_charts.staircase(sweep(SCENARIO, VOLUME, [today, 10 * today]), COMPARISON)
    drawn = {trace["name"]: trace["y"][0] for trace in figure["data"]}
    assert drawn == {
        cost.label: pytest.approx(cost.quantities["gpus"][-1])
        for cost in COMPARISON.costs.values()
        if "gpus" in cost.quantities
    }
