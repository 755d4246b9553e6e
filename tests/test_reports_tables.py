"""CSV files: every digit of the engine's amounts, numbers as numbers, and nothing that a spreadsheet would run."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from pricing.currency import USD, currency
from pricing.presets import preset
from pricing.rates import rate
from reports.files.csv_text import EUROPEAN, PLAIN, Cents, csv_bytes, guarded, number_text
from reports.files.tables import SIDE_FILE, UNDISCOUNTED, booked, inputs, paid, tidy, wide
from reports.words.dates import fiscal_year, month_begin, month_end, numbered, short_month

ASSISTANT = preset("assistant").scenario
RESULT = compare(ASSISTANT)


def rows_of(data: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a CSV by heading."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=delimiter))


def european(text: str) -> float:
    """A number with a decimal comma."""
    assert "." not in text
    return float(text.replace(",", "."))


def test_tidy_has_every_amount_to_its_last_digit():
    rows = rows_of(tidy(RESULT))
    for slug, cost in RESULT.costs.items():
        for name in cost.line_totals():
            own = [row for row in rows if (row["option"], row["line"]) == (slug, name)]
            assert [int(row["month"]) for row in own] == list(range(RESULT.months.size))
            assert [float(row["cash (USD)"]) for row in own] == paid(cost, name).tolist()
            assert [float(row["accrual (USD)"]) for row in own] == booked(cost, name).tolist()


def test_wide_has_the_months_across_and_the_totals_of_the_engine():
    rows = rows_of(wide(RESULT))
    for cost in RESULT.costs.values():
        total = next(row for row in rows if (row["option"], row["line"]) == (cost.label, UNDISCOUNTED))
        assert total["total (USD)"] == f"{float(cost.tco_usd):.2f}"
        assert total["2026-12-31 (USD)"] == f"{float(cost.cash_usd[0]):.2f}"


def test_the_european_variant_says_the_same_with_semicolons_and_commas():
    plain, local = rows_of(tidy(RESULT)), rows_of(tidy(RESULT, layout=EUROPEAN), ";")
    assert [european(row["cash (USD)"]) for row in local] == [float(row["cash (USD)"]) for row in plain]
    assert b'"' not in tidy(RESULT, layout=EUROPEAN), "no number is quoted"


def test_files_for_spreadsheets_begin_with_the_mark_and_headings_carry_the_unit():
    for data in (tidy(RESULT), wide(RESULT), inputs(ASSISTANT, {}, {})):
        assert data.startswith(b"\xef\xbb\xbf")
    assert "cash (USD)" in rows_of(tidy(RESULT))[0]


def test_dates_are_month_ends_in_iso_form_and_column_0_is_the_eve_of_month_1():
    rows = rows_of(tidy(RESULT))
    assert [row["month end"] for row in rows[:3]] == ["2026-12-31", "2027-01-31", "2027-02-28"]
    assert "2027-01-31 (USD)" in rows_of(wide(RESULT))[0]


def test_the_months_of_a_file_are_those_of_the_scenario():
    later = compare(ASSISTANT.vary({"workload.start_year": 2029, "workload.start_month": 8}))
    assert [row["month end"] for row in rows_of(tidy(later))[:3]] == ["2029-07-31", "2029-08-31", "2029-09-30"]
    assert "2029-08-31 (USD)" in rows_of(wide(later))[0]


def test_a_season_falls_on_the_months_that_the_file_names():
    august = {"workload.season.august_ratio": 0.5, "workload.start_month": 8}
    found = {row["month end"]: float(row["cash (USD)"]) for row in rows_of(tidy(compare(ASSISTANT.vary(august))))
             if (row["option"], row["line"]) == ("frontier_api", "input_tokens")}  # fmt: skip
    assert found["2027-08-31"] < 0.6 * found["2027-09-30"]


@given(st.integers(2000, 2100), st.integers(1, 12), st.integers(1, 12), st.integers(0, 240))
def test_each_column_has_a_calendar_month_and_a_fiscal_year_of_its_own(year, month, fiscal, column):
    dated = ASSISTANT.vary({
        "workload.start_year": year, "workload.start_month": month, "finance.fiscal_year_first_month": fiscal
    })  # fmt: skip
    assert (month_begin(dated, column + 1) - month_end(dated, column)).days == 1
    assert month_begin(dated, 1) == date(year, month, 1)
    ends = month_end(dated, column)
    begin = date(ends.year - (ends.month < fiscal), fiscal, 1)
    assert fiscal_year(dated, column) == (begin.year if fiscal == 1 else begin.year + 1)


def test_fiscal_years_are_named_after_the_year_in_which_they_end():
    dated = ASSISTANT.vary({"workload.start_month": 9, "finance.fiscal_year_first_month": 10})
    assert [fiscal_year(dated, column) for column in (0, 1, 2, 13, 14)] == [2027, 2027, 2028, 2028, 2029]
    assert rows_of(tidy(compare(dated)))[2]["fiscal year"] == "2028"


def test_a_month_is_told_by_number_and_name():
    assert numbered(ASSISTANT, 1) == "month 1 (January 2027)"
    assert numbered(ASSISTANT, 8.2) == "month 9 (September 2027)"
    assert short_month(ASSISTANT, 0) == "Dec 2026"


def test_another_currency_multiplies_by_one_dated_rate_which_the_side_file_names():
    euro = currency("eur", date(2026, 11, 21))  # a Saturday: the rate of the Friday stands
    per_usd, day = rate("EUR", date(2026, 11, 21))
    plain, local = rows_of(tidy(RESULT)), rows_of(tidy(RESULT, currency=euro))
    for a, b in zip(plain, local, strict=True):
        assert float(b["cash (EUR)"]) == float(a["cash (USD)"]) * per_usd
        assert b["currency"] == "EUR"
    side = {row["what"]: row["value"] for row in rows_of(inputs(ASSISTANT, {}, {}, currency=euro))}
    assert float(side["exchange rate (EUR per USD)"]) == per_usd
    assert side["exchange rate as of"] == day.isoformat()
    assert currency("USD", date(2026, 11, 21)) is USD
    with pytest.raises(ScenarioError, match="no reference rate"):
        currency("XXX", date(2026, 11, 21))


def test_the_side_file_has_every_input_beside_every_output():
    side = rows_of(inputs(ASSISTANT, {"finance.horizon_months": ("A book", "https://x", "2026-01-01", "official")},
                          {"token prices": "of today"}, results=RESULT))  # fmt: skip
    assert list(side[0]) == SIDE_FILE
    by_path = {row["path"]: row for row in side}
    assert by_path["finance.horizon_months"]["source"] == "A book"
    assert float(by_path["workload.requests_per_month"]["value"]) == ASSISTANT["workload.requests_per_month"]
    for slug, cost in RESULT.costs.items():
        for metric in ("tco_usd", "net_present_cost_usd"):
            assert by_path[f"{slug}.{metric}"]["value"] == f"{float(getattr(cost, metric)):.2f}"
        unit_cost = "levelized_cost_usd_per_mtok"
        assert float(by_path[f"{slug}.{unit_cost}"]["value"]) == float(getattr(cost, unit_cost))
    assert any(row["what"] == "rounding" and row["value"].startswith("amounts to the cent") for row in side)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1",
            "﹦1", "＋1", "－1", "\u22121", "＠SUM(A1)", " \u2060 @x", "|calc"]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_a_spreadsheet_might_run_is_made_inert(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "GPT-6.1", "a=b", "3 x", "Größe", "日本", "(=1)", "'=1", "\u2022 -1", "²="])
def test_ordinary_text_is_left_alone(text):
    assert guarded(text) == text


@given(TEXT, TEXT, st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_and_number_come_back_from_any_layout(first, second, number):
    for layout in (PLAIN, EUROPEAN):
        data = csv_bytes(["a", "b", "n"], [[first, second, number]], layout).decode("utf-8-sig")
        _, cells = csv.reader(io.StringIO(data, newline=""), delimiter=layout.delimiter)
        assert [cell.removeprefix("'") for cell in cells[:2]] == [text.removeprefix("'") for text in (first, second)]
        assert float(cells[2].replace(",", ".")) == number


def test_amounts_for_people_are_written_to_the_cent():
    amounts = [Cents(value) for value in (1234.5, 0.005000001, -0.001, 1e15, -7)]
    (_, cells) = csv_bytes(["n"] * 5, [amounts]).decode("utf-8-sig").splitlines()
    assert cells == "1234.50,0.01,0.00,1000000000000000.00,-7.00"
    assert "1234,50;0,01" in csv_bytes(["n"] * 5, [amounts], EUROPEAN).decode("utf-8-sig")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_has_no_exponent_and_reads_back_the_same(number):
    text = number_text(number)
    assert float(text) == number
    assert not set(text) - set("-0123456789.")
    assert text != "-0"


def test_half_a_character_does_not_keep_a_file_from_being_made():
    assert b"?x" in csv_bytes(["a"], [["\ud800x"]])


def test_a_hostile_label_is_inert_in_every_cell():
    hostile = compare(ASSISTANT.vary({"options.open_api.label": '=HYPERLINK("http://evil","x")'}))
    for data in (tidy(hostile), wide(hostile), inputs(hostile.scenario, {}, {}, results=hostile)):
        cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
        assert any("HYPERLINK" in cell for cell in cells)
        assert not any(cell.startswith("=") for cell in cells)
