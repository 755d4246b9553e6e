"""Pages on sheets: labels, units, words and one formula for each row, with the engine's values as the cached ones."""

import math

from costmodel.lines import LINES
from costmodel.scenario import Scenario
from reports.files.workbook.formulas import Formulas
from reports.files.workbook.pages import BEFORE, FIRST, HEADER, THIS, Page, Row, column
from reports.files.workbook.style import BAND, GREY, RULE, Style, height, number_format, unit_label
from reports.files.workbook.words import Words
from reports.words.dates import fiscal_year, month_end

HEADINGS = {  # and where each stands, as what is below it does
    "Row": {},
    "Unit or group": {},
    "Total or constant": {"align": "right"},
    "How it is worked out": {"indent": 1},
}
WIDTHS, WIDEST_LABEL = (46, 22, 16, 76), 76
MONTH_WIDTH = 13
YEARS = HEADER - 3  # the row with the fiscal years, counted from 0; that with the month ends follows
END_FORMAT, YEAR_FORMAT = "yyyy-mm-dd", '"FY "0'
MONTH_FORMAT = '"Month "0;;"Today"'
INTERPOLATED = "Between that month and the next, in proportion to what is saved"
WITHOUT_SUM = {"cumulative_present_usd"}  # totals whose sum over months would mean nothing


def write(book, style: Style, page: Page, formulas: Formulas, words: Words, about: str, scenario: Scenario) -> None:
    """Write all rows of a page to its sheet."""
    sheet = book.get_worksheet_by_name(page.title)
    sheet.write_string(0, 0, page.title, style(bold=True, font_size=16))
    sheet.write_string(1, 0, about, style(italic=True))
    _head(sheet, style, page, scenario)
    for section in page.sections:
        if not section.rows:
            continue
        sheet.set_row(section.rows[0].number - 2, None, style(bg_color=BAND))
        sheet.write_string(section.rows[0].number - 2, 0, section.title, style(bold=True, bg_color=BAND))
        for row in section.rows:
            _write_row(sheet, style, row, formulas, words)
    months = range(FIRST, FIRST + page.graph.horizon + 1)
    labels = min(WIDEST_LABEL, max(len(row.label) for row in page.rows) + 2)
    sheet.set_widths((max(WIDTHS[0], labels), *WIDTHS[1:]))
    sheet.set_widths([max(MONTH_WIDTH, *(sheet.characters[x] for x in months))] * len(months), FIRST)
    sheet.freeze_panes(HEADER, FIRST - 1)
    sheet.print_set_up(HEADER - 1)
    sheet.print_area(0, 0, page.rows[-1].number - 1, FIRST - 1)


def _head(sheet, style, page: Page, scenario: Scenario) -> None:
    for i, (name, place) in enumerate(HEADINGS.items()):
        sheet.write_string(HEADER - 1, i, name, style(bold=True, bottom=1, bottom_color=RULE, **place))
    ends, years = (style(num_format=shape, align="right") for shape in (END_FORMAT, YEAR_FORMAT))
    months = style(bold=True, bottom=1, bottom_color=RULE, num_format=MONTH_FORMAT, align="right")
    for t in range(page.graph.horizon + 1):
        sheet.write_number(HEADER - 1, FIRST + t, t, months)
        sheet.write_datetime(HEADER - 2, FIRST + t, month_end(scenario, t), ends)
        sheet.write_number(YEARS, FIRST + t, fiscal_year(scenario, t), years)


def _write_row(sheet, style, row: Row, formulas: Formulas, words: Words) -> None:
    look = {"helper": {"font_color": GREY, "italic": True}, "total": {"bold": True}}.get(row.kind, {})
    y, plain = row.number - 1, style(**look)
    sheet.write_string(y, 0, row.label, plain)
    sheet.write_string(y, 1, LINES[row.name].group if row.kind in ("line", "present") else unit_label(row.unit), plain)
    how = INTERPOLATED if row.written else words.of_row(row)
    sheet.set_row(y, height((how, WIDTHS[-1])), None, {"level": int(row.kind == "helper")})
    sheet.write_string(y, FIRST - 1, how, style(font_color=GREY, align="left", indent=1, text_wrap=True))
    cell = style(**look, num_format=number_format(row.unit))
    if row.written:
        write_formula(sheet, y, FIRST - 2, row.written(), style(**look, num_format="0.0", align="right"), row.shown)
        return
    first, every = formulas.of_row(row)
    if not row.monthly:
        write_formula(sheet, y, FIRST - 2, every, cell, float(row.values))
        return
    values = row.values.tolist()
    if not every:
        for t, value in enumerate(values):
            sheet.write_number(y, FIRST + t, value, cell)
        return
    letters = [column(FIRST + t) for t in range(len(values))]
    for t, value in enumerate(values):
        formula = every if t else first
        formula = formula.replace(THIS, letters[t]).replace(BEFORE, letters[t - 1])
        write_formula(sheet, y, FIRST + t, formula, cell, value)
    if row.kind in ("line", "total") and row.name not in WITHOUT_SUM and row.name:
        total = f"SUM(E{row.number}:{letters[-1]}{row.number})"
        write_formula(sheet, y, FIRST - 2, total, style(**look, num_format=number_format(row.unit)), sum(values))


def write_formula(sheet, y: int, x: int, formula: str, cell_format, value) -> None:
    """A formula with the engine's value, or what a sheet shows where the engine has none."""
    if isinstance(value, float):
        value = value + 0.0 if math.isfinite(value) else "#DIV/0!"
    sheet.write_formula(y, x, f"={formula}", cell_format, value)
