"""Amounts in the reader's currency: one dated rate on screen, in inputs and in every file; the model counts in USD."""

import csv
import io
import json
import re
from datetime import date

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation

from answers.analysis import Analysis
from cli import main
from costmodel.comparison import compare
from costmodel.scenario import numbers
from costmodel.units import UNITS
from dashboard import charts
from pricing.currency import USD, currency
from pricing.documents import Opened, document, from_json, from_link, to_json, to_link
from pricing.presets import DEFAULT, preset, presets
from reports.files import offered
from reports.files.brief import brief_data
from reports.files.slides import slides
from reports.words import chapters
from reports.words.fiscal import budget
from reports.words.local import localised
from reports.words.money import as_kept, as_shown, is_money, rate_note, shown_in
from reports.words.text import amount, unit_price, usd, with_unit
from tests.strategies import scenarios
from tests.visitor import PAGES, Visitor

ON = date(2026, 10, 30)
EURO, YEN, FRANC = (currency(code, ON) for code in ("EUR", "JPY", "CHF"))
SCENARIO = preset(DEFAULT).scenario
RESULT = compare(SCENARIO)
PRICE = "options.own_servers.server_price_usd"
OPENED = Opened(SCENARIO, DEFAULT, currency=EURO)
SOLD = re.compile(r"<details class=card>.*?</details>")  # a row of a catalogue, whose price is what is asked for
STAYS_IN_USD = ("prices", "method", "validation", "scenarios")  # what others published, how the model counts; no amount


def test_an_amount_is_written_with_the_sign_of_its_currency():
    for money, told in ((USD, "$1.00M"), (EURO, "\u20ac895k"), (FRANC, f"CHF\u00a0{1e6 * FRANC.per_usd / 1e3:.0f}k")):
        with shown_in(money):
            assert usd(1e6) == told
    with shown_in(EURO):
        assert with_unit(2.0, "USD/kWh") == "\u20ac1.79019 per kWh"
        assert with_unit(2.0, "kW") == "2 kW"
        assert with_unit(60_000, "USD/year") == f"\u20ac{60_000 * EURO.per_usd:,.0f} a year"  # no wrong cent
        assert with_unit(40_000, "USD") == f"\u20ac{40_000 * EURO.per_usd:,.0f}"
        assert with_unit(8_000, "USD") == f"\u20ac{8_000 * EURO.per_usd:,.2f}"
        assert (
            rate_note()
            == f"1 USD = {EURO.per_usd:.6g} EUR, reference rate of the European Central Bank, 30 October 2026"
        )
    assert rate_note() == ""


def test_an_amount_with_decimals_has_as_many_as_its_currency():
    for money, told in (
        (USD, ("$11.60", "$4.00", "$0.0432", "$528", "$4,320", "$12.3k")),
        (currency("JPY", ON), ("\u00a512", "\u00a54.00", "\u00a50.0432", "\u00a5528", "\u00a54,320", "\u00a512.3k")),
    ):
        with shown_in(money):
            assert tuple(map(amount, (11.6, 4.0, 0.0432, 528.2, 4320.4, 12_345))) == told
            assert amount(-11.6) == f"\u2212{told[0]}"
    with shown_in(YEN):
        assert unit_price(22.5 / YEN.per_usd) == "\u00a522.5"
        assert with_unit(22.5 / YEN.per_usd, "USD/kWh") == "\u00a522.5 per kWh"
    assert with_unit(22.5, "USD/kWh") == "$22.50 per kWh"


@given(st.integers(1, 10**9), st.integers(0, 6), st.sampled_from([EURO, YEN, FRANC]))
def test_what_is_typed_in_another_currency_is_shown_as_it_was_typed(digits, decimals, money):
    typed = digits / 10**decimals
    with shown_in(money):
        assert as_shown(as_kept(typed, "USD/month"), "USD/month") == typed
        assert as_shown(as_kept(typed, "months"), "months") == typed


def test_every_unit_of_money_says_so():
    assert {unit for unit in UNITS if is_money(unit)} == {unit for unit in UNITS if "USD" in unit}
    assert {unit for unit, known in UNITS.items() if "USD" in known.label} == {unit for unit in UNITS if is_money(unit)}


@settings(max_examples=10)
@given(scenarios(), st.sampled_from([EURO, YEN]))
def test_the_model_counts_in_any_currency_alike(scenario, money):
    """The workbook rests on that: its inputs, formulas and results are in the reader's currency throughout."""
    local = compare(localised(scenario, money))
    for slug, cost in compare(scenario).costs.items():
        for name, amounts in cost.lines.items():
            assert local[slug].lines[name] == pytest.approx(amounts * money.per_usd, rel=1e-9, abs=1e-6), name
        for metric in ("net_present_cost_usd", "after_tax_net_present_cost_usd", "levelized_cost_usd_per_mtok"):
            expected = getattr(cost, metric) * money.per_usd
            assert getattr(local[slug], metric) == pytest.approx(expected, rel=1e-9, abs=1e-6, nan_ok=True)


def test_the_currency_is_kept_in_file_and_link():
    for found in (from_json(to_json(document(OPENED))), from_link(to_link(document(OPENED)))):
        assert found.currency == EURO
    assert document(OPENED)["currency"] == ["EUR", "2026-10-30"]
    assert "currency" not in document(Opened(SCENARIO, DEFAULT))


@pytest.mark.parametrize(
    "figure",
    [
        lambda found: charts.cumulative(found, ()),
        charts.cost_stack,
        lambda found: charts.monthly_stack(found["own_servers"], found.months),
    ],
)
def test_charts_draw_the_same_in_another_currency(figure):
    with shown_in(EURO):
        local = figure(RESULT)
    for before, after in zip(figure(RESULT)["data"], local["data"], strict=True):
        moved = [axis for axis in "xy" if np.array(before[axis]).dtype.kind == "f"
                 and not np.array_equal(before[axis], after[axis])]  # fmt: skip
        assert len(moved) == 1
        assert np.asarray(after[moved[0]]) == pytest.approx(np.asarray(before[moved[0]]) * EURO.per_usd)
    axes = [local["layout"][name] for name in ("xaxis", "yaxis")]
    assert [axis["tickprefix"] for axis in axes if "tickprefix" in axis] == ["\u20ac"]


def made(label: str) -> bytes:
    """A file that the export page offers for the scenario in euro."""
    (file,) = (file for file in (*offered.TABLES, *offered.PAPERS) if file.label == label)
    return file.make(offered.Wish(Analysis(OPENED)))


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize(("label", "column", "option"), [
    ("Tidy CSV", "cash (EUR)", "option"), ("FOCUS-shaped CSV", "BilledCost", "x_OptionId")])  # fmt: skip
def test_files_by_line_are_in_the_currency_of_the_scenario(label, column, option):
    sums: dict[str, float] = {}
    for row in rows_of(made(label)):
        sums[row[option]] = sums.get(row[option], 0) + float(row[column])
        assert row.get("currency", row.get("BillingCurrency")) == "EUR"
    for slug, total in sums.items():
        assert total == pytest.approx(float(RESULT[slug].tco_usd) * EURO.per_usd, rel=1e-9)


def test_the_side_file_has_inputs_and_results_in_it_with_rate_and_date():
    found = {row["path"] or row["what"]: row for row in rows_of(made("Inputs CSV"))}
    assert float(found["exchange rate (EUR per USD)"]["value"]) == EURO.per_usd
    assert found["exchange rate as of"]["value"] == "2026-10-30"
    price = found[PRICE]
    assert float(price["value"]) == pytest.approx(SCENARIO[PRICE] * EURO.per_usd)
    assert (price["what"], price["unit"]) == ("Server price", "EUR"), "a name says no other unit than the value has"
    assert found["workload.requests_per_month"]["value"] == "594000"
    assert not any("USD" in row["unit"] for row in found.values())


def test_the_workbook_has_inputs_and_results_in_it():
    book = openpyxl.load_workbook(io.BytesIO(made("Workbook")), data_only=True)
    summary, inputs = book["Summary"], book["Assumptions"]
    rows = list(summary.iter_rows(values_only=True))
    (heading,) = (row for row in rows if row[0] == "Option")
    column = heading.index("Cost in today\u2019s money (EUR)")
    for cost, row in zip(RESULT.costs.values(), rows[rows.index(heading) + 1 :], strict=False):
        assert row[column] == pytest.approx(float(cost.net_present_cost_usd) * EURO.per_usd)
    (price,) = (row for row in inputs.iter_rows(values_only=True) if row[0] == PRICE)
    high = numbers(SCENARIO)[PRICE].high
    assert price[2:4] == (pytest.approx(SCENARIO[PRICE] * EURO.per_usd), "EUR")
    assert price[10] == pytest.approx(high * EURO.per_usd)
    shown = [
        cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str)
    ]
    assert any("30 October 2026" in cell for cell in shown)
    assert [cell for cell in shown if "USD" in cell.replace("1 USD = ", "")] == []


def test_slides_and_brief_are_in_it_with_rate_and_date_at_the_foot():
    told = chapters.briefing(Analysis(OPENED), ON, {}, complete=True)
    deck = Presentation(io.BytesIO(slides(told)))
    cheapest = RESULT[RESULT.ranking[0]]
    for slide in deck.slides:
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        cells = [
            cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells
        ]
        assert any("30 October 2026" in text and "EUR" in text for text in texts)
        assert not [text for text in (*texts, *cells) if "$" in text]
    stack = next(shape.chart for slide in deck.slides for shape in slide.shapes if shape.name == "Cost by group")
    totals = np.sum([series.values for series in stack.plots[0].series], axis=0)
    assert totals[-1] == pytest.approx(float(cheapest.net_present_cost_usd) * EURO.per_usd)
    page = json.dumps(brief_data(told), ensure_ascii=False)
    assert "$" not in page
    assert "30 October 2026" in page
    with shown_in(EURO):
        assert usd(cheapest.net_present_cost_usd) in page
        assert budget(RESULT).headline in [table.headline for table in told.chapters.values()]


def test_no_page_has_a_dollar_left():
    visitor = Visitor().enter("currency", "EUR")
    for page in (page for page in PAGES if page not in STAYS_IN_USD):
        visitor.go(page)
        shown = [*visitor.markdown, SOLD.sub("", visitor.html)]
        told = [text for text in shown if "30 October 2026" in text and "1 USD = " in text]
        assert told, page
        assert not [text for text in shown if "$" in text or ("USD" in text and text not in told)], page


def test_an_input_takes_the_currency_shown_and_refuses_in_it():
    visitor = Visitor().go("people")
    wage = "people.ml_engineer_usd_per_year"
    before = visitor.scenario[wage]
    visitor.enter("currency", "EUR")
    rate = visitor.opened.currency.per_usd
    assert float(visitor.widget(f"field:{wage}").value.replace(",", "")) == pytest.approx(before * rate)
    assert "EUR" in visitor.widget(f"field:{wage}").label
    for typed, meant in (("150000", 150_000), ("160k", 160_000), ("90,000.5", 90_000.5)):
        visitor.enter(f"field:{wage}", typed)
        assert visitor.scenario[wage] == pytest.approx(meant / rate, rel=1e-12)
        assert visitor.widget(f"field:{wage}").value == f"{meant:,}"
    visitor.enter(f"field:{wage}", "1e9")
    assert f"{2e6 * rate:,.0f} EUR" in visitor.complaints[0]
    assert visitor.go("overview").go("export").opened.currency.code == "EUR"
    again = Visitor(visitor.link)
    assert again.opened.currency.code == "EUR"
    assert again.press("Reset").opened.currency.code == "EUR"
    assert again.choose_preset(list(presets())[-1]).opened.currency.code == "EUR"


def test_the_command_line_tells_it_too(tmp_path, capsys):
    file = tmp_path / "scenario.json"
    file.write_text(to_json(document(OPENED)), encoding="utf-8")
    assert main([str(file)]) == 0
    printed = capsys.readouterr().out
    assert f"{float(RESULT[RESULT.ranking[0]].tco_usd) * EURO.per_usd:,.2f}" in printed
    assert "EUR over 60 months from January 2027 on. 1 USD = " in printed
    assert main([str(file), "--csv"]) == 0
    assert "cash (EUR)" in capsys.readouterr().out
