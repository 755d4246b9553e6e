"""The way from a figure to its formula: every cost line and every chart leads to its entry of the Method page."""

import ast
import re
from pathlib import Path

import pytest

from costmodel.lines import LINES
from reports.words.method import FORMULAS, MODULES, NAMES, _public_members, cost_lines, definitions, with_units
from reports.words.text import heading
from tests.visitor import Visitor

ROOT = Path(__file__).parent.parent
CALLS = [
    node
    for room in ("pages", "dashboard")
    for file in (ROOT / room).glob("*.py")
    for node in ast.walk(ast.parse(file.read_text()))
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "components.chart"
]
CHARTS = {keyword.value.value for node in CALLS for keyword in node.keywords if keyword.arg == "key"}


def entries():
    """What Find looks through, in small letters."""
    yield from (" ".join(entry).lower() for told in definitions().values() for entry in told)
    yield from (" ".join(["Cost lines", *line]).lower() for line in cost_lines())


def test_every_line_is_there_in_the_order_of_lines():
    told = [label for label, *_ in cost_lines()]
    assert list(dict.fromkeys(label.split(": ")[0] for label in told)) == [line.label for line in LINES.values()]
    assert len(set(told)) == len(told), "what is worked out in two ways says which"
    in_sections = {name for told in definitions().values() for name, *_ in told}
    assert not in_sections & {"Energy (USD)", "Staff (USD)", "Transfer (USD)"}


def test_a_line_says_its_units_and_what_it_assumes():
    electricity = next(line for line in cost_lines() if line[0] == "Electricity")
    assert electricity[1:3] == ("Site and upkeep", "USD/month = kWh/month × USD/kWh")
    assert electricity[3].startswith("kWh at the meter x the tariff of that month")
    servers = next(line for line in cost_lines() if line[0] == "Servers")
    assert servers[4] == "purchase, over the life of a server"


def test_texts_for_readers_have_no_names_as_code_has_them_and_signs_as_they_are_written():
    told = " ".join(
        [*(" ".join(entry) for entries in definitions().values() for entry in entries), *map(" ".join, cost_lines())]
    )
    signs = ("`", "sqrt", "^", " - ", " -> ", "..", "NaN", "OptionCost", "Deferred", "lugs")
    assert [sign for sign in signs if sign in told] == []
    assert re.findall(r"\b\w+_\w+\b|\b[a-z]+\.[a-z]\w+\b|\b\w+\(\w+ [+−]", told) == []
    assert "q = t + √(t² − t)" in told
    assert "known is the comparison" not in told, "nor what concerns who calls a function"


def test_what_only_the_engine_asks_for_is_no_quantity():
    """Told by how its text begins: with an argument of who calls it."""
    named = {name for entries in definitions().values() for name, *_ in entries}
    assert not named & {"Check members", "Standalone", "Parts", "Summed", "Sweep", "Result", "Option"}
    assert {"Accrual", "Break-even in time", "Net present cost (USD)", "Talent plan"} <= named


def test_names_of_functions_that_say_too_little_are_words():
    """A name alone in a table says what is worked out: no single word but those of the field, no half of a sentence."""
    members = {name for module in MODULES for name, _ in _public_members(module)}
    assert NAMES.keys() <= members
    named = [name for entries in definitions().values() for name, unit, _ in entries if not unit]
    assert {name for name in named if " " not in name} <= {"Accrual"}
    halves = re.compile(r"^(In|From|With|Along|By|To|Of) |\b(each|above|held|left|read)( \(|$)")
    assert [name for name in named if halves.search(name)] == []
    assert len({*named}) == len(named)


def test_a_table_without_any_unit_has_no_column_for_them():
    assert with_units([("Lines", "", "Cash."), ("Cash", "USD", "All.")])[0][1] == "Unit"
    columns, rows = with_units([("Lines", "", "Cash by line.")])
    assert (columns, rows) == (["Quantity", "Meaning and assumptions"], [("Lines", "Cash by line.")])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("usd_per_kwh", "Price (USD per kWh)"),
        ("usd_per_user_month", "Price (USD per user and month)"),
        ("gco2e_per_kwh", "Amount (g CO2e per kWh)"),
        ("tok_per_s", "Amount (tokens per second)"),
        ("output_usd_per_mtok", "Output (USD per million tokens)"),
        ("gpus", "GPUs"),
        ("term_months", "Term (months)"),
    ],
)
def test_a_column_that_is_all_unit_says_the_whole_of_it(name, told):
    assert heading(name) == told


def test_every_chart_leads_to_an_entry():
    assert set(FORMULAS) == CHARTS
    told = list(entries())
    assert [chart for chart, wanted in FORMULAS.items() if not any(wanted in entry for entry in told)] == []


@pytest.mark.parametrize(("wanted", "found"), [("electricity", "kWh at the meter"), ("cost lines", "Data transfer")])
def test_what_a_link_asks_for_is_what_the_page_shows(wanted, found):
    visitor = Visitor()
    visitor.at.query_params["find"] = wanted
    visitor.go("method")
    assert visitor.complaints == []
    assert found in visitor.html
    assert "Traffic in hours with a price of their own" not in visitor.html
