"""The data of a chart, as the browser writes them from the figure that it draws."""

import csv
import io
import re

import numpy as np
import pytest
from pydantic_core import to_json

from costmodel.comparison import compare
from costmodel.uncertainty.heatmap import heat_map
from dashboard import charts, uncertainty_charts
from dashboard.scripts import MODULES
from tests.test_reports import HOSTILE, RENTED, SCENARIO, formulas, renamed

SCRIPTS = re.sub(r"^import .*\n|^export ", "", MODULES["csv.js"] + MODULES["plot_data.js"], flags=re.MULTILINE)


@pytest.fixture(scope="module")
def written(browser):
    """`written(figure)` is its CSV."""
    page = browser.new_page()
    page.add_script_tag(content=SCRIPTS)
    told = lambda figure: to_json(figure, inf_nan_mode="null", fallback=np.ndarray.tolist).decode()  # noqa: E731
    yield lambda figure: page.evaluate("told => figureCsv(JSON.parse(told))", told(figure)).encode()
    page.close()


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("label", HOSTILE)
def test_no_name_becomes_a_formula(written, label):
    comparison = compare(renamed(f"{label} <b>&amp;"))
    for figure in (charts.cumulative(comparison, ()), charts.cost_stack(comparison)):
        content = written(figure)
        assert content.startswith(b"\xef\xbb\xbf")
        assert formulas(content) == []
    names = {row["series"].removeprefix("'") for row in read(written(charts.cumulative(comparison, ())))}
    assert {cost.label for cost in comparison.costs.values()} <= names, "as they are, not as markup"


def test_they_are_what_is_drawn_to_the_cent(written):
    comparison = compare(SCENARIO)
    rows = read(written(charts.cumulative(comparison, ())))
    for cost in comparison.costs.values():
        drawn = [float(row["y"]) for row in rows if row["series"] == cost.label]
        amounts = (*cost.cumulative_present_usd, cost.net_present_cost_usd)
        assert drawn == [round(float(amount), 2) for amount in amounts]
    stack = written(charts.cost_stack(comparison)).decode("utf-8-sig")
    assert re.search(r",\d+\.\d\d,", stack)
    assert not re.search(r"\.\d{3}", stack)


def test_those_of_a_map_are_its_places_with_the_cheapest_option_of_each(written):
    growth, decline = "workload.growth_per_year", f"options.{RENTED[0]}.price_decline_per_year"
    found = heat_map(SCENARIO, growth, np.array([0, 0.5, 2]), decline, np.array([0, 0.4]))
    comparison = compare(SCENARIO)
    rows = read(written(uncertainty_charts.winners(found, comparison, *list(SCENARIO.options)[:2], {})))
    labels = [comparison[slug].label for slug in found.slugs]
    places = sorted((float(row["x"]), float(row["y"]), row["series"]) for row in rows if row["series"] in labels)
    assert places == sorted(
        (x, y, labels[found.winner[i, j]]) for i, y in enumerate(found.y) for j, x in enumerate(found.x)
    )


def test_gaps_are_empty_and_numbers_have_no_exponent(written):
    figure = {"data": [{"type": "scatter", "name": "A", "x": [5e-7, 2.5e21], "y": [-0.001, np.nan]}],
              "layout": {"yaxis": {"tickprefix": "$"}}}  # fmt: skip
    assert written(figure).decode("utf-8-sig").splitlines()[1:] == ["A,0.0000005,0.00", "A,2500000000000000000000,"]
