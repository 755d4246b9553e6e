"""The budget by fiscal year holds every amount once, on screen, in the tidy file and in the workbook."""

import csv
import io
from collections import defaultdict
from datetime import date

import openpyxl
import pytest

from costmodel.comparison import compare
from pricing.currency import Currency
from pricing.presets import preset, presets
from reports.files.csv_text import EUROPEAN
from reports.files.tables import tidy, yearly
from reports.files.workbook import workbook
from reports.words.fiscal import budget, by_year, cash, named_after

DATED = preset("assistant").scenario.vary({
    "workload.start_year": 2028, "workload.start_month": 8, "finance.fiscal_year_first_month": 4,
    "finance.horizon_months": 20,
})  # fmt: skip
RESULT = compare(DATED)


@pytest.mark.parametrize("slug", presets())
def test_the_years_add_up_to_the_cost_of_the_horizon(slug):
    for cost in compare(preset(slug).scenario).costs.values():
        found = by_year(cost)
        assert sum(cash for cash, _ in found.values()) == pytest.approx(float(cost.tco_usd), rel=1e-9)


def test_they_are_the_tidy_file_s_by_its_fiscal_years():
    sums = defaultdict(lambda: [0.0, 0.0])
    for row in csv.DictReader(io.StringIO(tidy(RESULT).decode("utf-8-sig"))):
        for i, name in enumerate(("cash (USD)", "accrual (USD)")):
            sums[row["option"], int(row["fiscal year"])][i] += float(row[name])
    for slug, cost in RESULT.costs.items():
        for year, amounts in by_year(cost).items():
            assert amounts == pytest.approx(sums[slug, year], rel=1e-9, abs=1e-6)
    assert {year for _, year in sums} == {2029, 2030}


def test_the_file_has_them_to_the_cent_in_the_currency_of_the_scenario():
    euro = Currency("EUR", 0.9, date(2026, 11, 20))
    rows = list(csv.DictReader(io.StringIO(yearly(RESULT, currency=euro).decode("utf-8-sig"))))
    assert [row["option"] for row in rows[::2]] == [RESULT[slug].label for slug in RESULT.ranking]
    for slug, *both in zip(RESULT.ranking, rows[::2], rows[1::2], strict=True):
        for i, row in enumerate(both):
            assert row["amounts"] == ("paid", "booked")[i]
            written = [float(row[f"{column} (EUR)"]) for column in ("FY 2029", "FY 2030", "total")]
            years = [amounts[i] * 0.9 for amounts in by_year(RESULT[slug]).values()]
            assert written == pytest.approx([*years, sum(years)], abs=0.00501)
    first = yearly(RESULT, layout=EUROPEAN).decode("utf-8-sig").splitlines()[1]
    assert first.startswith(f"{RESULT[RESULT.ranking[0]].label};paid;")
    assert first.count(",") == 3


def test_the_table_has_a_column_for_each_year_and_says_when_the_first_cash_is_dated():
    told = budget(RESULT)
    assert told.columns[2:] == ("FY 2029", "FY 2030")
    assert "is dated 31 July 2028; what is sold at the end is taken off what is paid" in told.note


def test_a_fiscal_year_that_is_no_calendar_year_says_what_it_is():
    says = "A fiscal year begins in April and has the name of the year in which it ends."
    assert all(says in told.note for told in (budget(RESULT), cash(RESULT, RESULT.ranking)))
    assert "A fiscal year" not in budget(compare(preset("assistant").scenario)).note


def test_the_workbook_has_the_years_and_their_cash():
    book = openpyxl.load_workbook(io.BytesIO(workbook(DATED)), data_only=True)
    rows = list(book["Summary"].iter_rows(values_only=True))
    (heading,) = (i for i, row in enumerate(rows) if row[0] == "Fiscal year")
    for year, row in zip((2029, 2030), rows[heading + 1 :], strict=False):
        assert row[0] == year
        assert row[1 : 1 + len(RESULT.costs)] == pytest.approx(
            [by_year(cost)[year][0] for cost in RESULT.costs.values()]
        )
    assert rows[heading + 3][0] == named_after(DATED)
    page = book[book.sheetnames[3]]
    assert (page["E2"].value, page["E3"].value.date().isoformat()) == (2029, "2028-07-31")
    assert page["F3"].value.date().isoformat() == "2028-08-31"
