"""What a workbook shows when it is opened, before it is recalculated: values, room for them, and pages to print."""

import io
import re

import cellrune
import numpy as np
import openpyxl
import pytest

from costmodel.comparison import compare
from costmodel.lines import LINES
from pricing.presets import preset, presets
from reports.files.workbook import workbook
from reports.files.workbook.book import TOTAL_ROWS, sheet_titles
from reports.files.workbook.pages import FIRST, column
from reports.words.plain import typeset
from tests.briefings import workbook_of
from tests.test_workbook_tools import every_variant, values_of

PAGE = 141  # characters of width 1 on a landscape page of A4 within its margins, printed in full size


def assert_shows_the_engines_values(data, scenario):
    """What the file shows before any recalculation is the engine's own result, for every line, metric and quantity."""
    data, lasting = values_of(data), scenario.finance.horizon_months + 1
    titles = sheet_titles({slug: option.label for slug, option in scenario.options.items()})
    for slug, cost in compare(scenario).costs.items():
        title = titles[slug]
        rows = labelled_rows(data, title)
        for name, amounts in cost.lines.items():
            shown = [
                months(data, title, row, lasting)
                for row in rows[typeset(LINES[name].label)]
                if (title, f"{column(FIRST)}{row}") in data
            ]
            assert any(np.allclose(found, np.broadcast_to(amounts, lasting), rtol=1e-14, atol=0) for found in shown), (
                name
            )
        for name, (label, _) in TOTAL_ROWS.items():
            value, (row,) = getattr(cost, name), rows[typeset(label)]
            found = months(data, title, row, lasting) if np.ndim(value) else data[title, f"C{row}"]
            np.testing.assert_allclose(found, value, rtol=1e-14, err_msg=name)


def labelled_rows(data, title):
    rows = {}
    for (sheet, cell), label in data.items():
        if sheet == title and cell[0] == "A" and cell[1:].isdigit() and label:
            rows.setdefault(label, []).append(int(cell[1:]))
    return rows


def months(data, title, row, lasting):
    return [data[title, f"{column(FIRST + t)}{row}"] or 0.0 for t in range(lasting)]


def shown(value, code):
    """A number as a cell of this format shows it."""
    if code.startswith("["):
        large, middle, small = (part.rpartition("]")[2] for part in code.split(";"))
        code = large if value >= 1000 else middle if value >= 0.01 else small
    return cellrune.format_display_text({"kind": "number", "value": value}, code)


def widths(sheet):
    """Column -> its width in characters."""
    return {
        x: dimension.width for dimension in sheet.column_dimensions.values()
        for x in range(dimension.min, dimension.max + 1)
    }  # fmt: skip


@pytest.mark.parametrize(("months", "copies"), [(1, 3), (9, 3), (60, 1)])  # each choice, and all that comes late
def test_cached_values_are_the_engines(months, copies):
    scenario = every_variant(copies=copies)
    leads = [slug for slug, option in scenario.options.items() if hasattr(option, "lead_time_months")]
    scenario = scenario.vary({f"options.{slug}.lead_time_months": 0 for slug in leads})
    scenario = scenario.vary({"finance.horizon_months": months})
    assert_shows_the_engines_values(workbook(scenario), scenario)


@pytest.fixture(scope="module", params=presets())
def of_preset(request):
    """The scenario of a preset, its workbook as a file and as openpyxl reads it."""
    scenario, data = preset(request.param).scenario, workbook_of(request.param)
    return scenario, data, openpyxl.load_workbook(io.BytesIO(data))


def test_every_preset_has_a_workbook_with_the_engines_values(of_preset):
    scenario, data, _ = of_preset
    assert_shows_the_engines_values(data, scenario)


def test_the_summary_of_every_preset_states_the_engines_totals(of_preset):
    scenario, data, _ = of_preset
    data, names = values_of(data), {typeset(f"{label} (USD)"): name for name, (label, _) in TOTAL_ROWS.items()}
    (head,) = (int(cell[1:]) for (sheet, cell), text in data.items() if (sheet, text) == ("Summary", "Option"))
    stated = {letter: names[text] for letter in "BCDEFGHI" if (text := data["Summary", f"{letter}{head}"]) in names}
    assert {*stated.values()} >= {"tco_usd", "net_present_cost_usd", "cash_before_first_month_usd"}
    for row, cost in enumerate(compare(scenario).costs.values(), start=head + 1):
        assert data["Summary", f"A{row}"] == cost.label
        for letter, name in stated.items():
            assert data["Summary", f"{letter}{row}"] == pytest.approx(float(getattr(cost, name)), rel=1e-12), name


def test_the_largest_figures_of_every_preset_have_room_in_their_columns(of_preset):
    _, data, book = of_preset
    largest, sheets = {}, {sheet.title: sheet for sheet in book}
    for (title, cell), value in values_of(data).items():
        if isinstance(value, float):
            place = sheets[title][cell]
            key = title, place.column, place.number_format, value < 0
            largest[key] = max(value, largest.get(key, value), key=abs)
    cramped = [
        (title, column(x - 1), text, room)
        for (title, x, code, _), value in largest.items()
        if len(text := shown(value, code)) > (room := widths(book[title])[x])
    ]
    assert len(largest) > 1000
    assert not cramped, cramped


def test_every_sheet_prints_one_page_wide_with_its_headings_on_each_page(of_preset):
    for sheet in of_preset[2]:
        setup = sheet.page_setup
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        assert setup.fitToWidth in (None, 1), sheet.title  # 1 where nothing is said
        assert (setup.fitToHeight == 0) == (sheet.title != "Summary"), sheet.title
        assert (setup.orientation, setup.paperSize) == ("landscape", 9), sheet.title
        heading, last = re.fullmatch(r"\$(\d+):\$(\d+)", sheet.print_title_rows).groups()
        assert heading == last
        assert sheet[f"A{heading}"].value in ("Option", "Name", "Row", "Notes")
        printed = sheet.print_area.rpartition("!")[2] or sheet.calculate_dimension()
        columns = range(1, openpyxl.utils.range_boundaries(printed)[2] + 1)
        assert PAGE / sum(widths(sheet).get(x, 9) for x in columns) > 0.4, sheet.title  # as letters of 4 points
