"""The first sheet: what each option costs, when one overtakes another, and the two charts that show it."""

import numpy as np

from costmodel.comparison import Comparison
from costmodel.lines import LINES
from costmodel.units import ROUNDING_TOLERANCE
from reports.files.workbook.book import TOTAL_ROWS, Book
from reports.files.workbook.formulas import number_text
from reports.files.workbook.pages import FIRST, HEADER, column
from reports.files.workbook.sheets import YEAR_FORMAT, YEARS, write_formula
from reports.files.workbook.style import BAND, GREY, RULE, Style, number_format
from reports.words.dates import fiscal_year
from reports.words.fiscal import named_after
from reports.words.money import in_currency, rate_note, shown
from reports.words.order import MODEL_ERROR, TOO_CLOSE, leaders
from reports.words.palette import GROUP_COLOURS, option_colours
from reports.words.parts import parts
from reports.words.plain import typeset
from reports.words.text import percent

SHEET = "Summary"
METRICS = ("net_present_cost_usd", "tco_usd", "levelized_cost_usd_per_mtok", "levelized_cost_usd_per_mtok_output",
           "cash_before_first_month_usd")  # fmt: skip
RANKING = ("Keeps the rules of the scenario (as it was when this file was made)",
           "Cost in today's money if it keeps them (USD)", "More than the cheapest of these (USD)")  # fmt: skip
RULED_OUT = "ruled out"
DASHES = ("solid", "dash", "round_dot", "long_dash", "dash_dot", "long_dash_dot", "square_dot", "solid")
MILLION = 1_000_000
TOP = 5  # first row of the first table
AXIS_FORMAT = '[>=1000000]0.0,,"M";[>=1000]0,"k";0'
CHART_ROWS, CHART_SIZE = 20, {"width": 760, "height": 380}


def write(book, style: Style, content: Book, comparison: Comparison) -> None:
    """Write the tables and charts; every figure is a formula on the other sheets."""
    sheet = book.get_worksheet_by_name(SHEET)
    horizon = content.common.graph.horizon
    if rate_note():
        sheet.write_string(3, 0, f"{rate_note()}.", style(italic=True))
    sheet.write_string(0, 0, f"What each option costs over {horizon} months", style(bold=True, font_size=16))
    _metrics(sheet, style, content, comparison)
    _headline(sheet, style, content, comparison)
    y = _break_even(sheet, style, content, comparison, TOP + len(content.options) + 2)
    charts = y + 2
    groups = _by_group(sheet, style, content, comparison, charts + CHART_ROWS + 1)
    _by_year(sheet, style, content, comparison, groups[-1][1] + 3)
    _lines_chart(book, sheet, content, charts)
    _stack_chart(book, sheet, content, groups, charts)
    sheet.set_widths([44] + [20] * max(len(content.options), len(METRICS) + len(RANKING)))
    sheet.print_set_up(TOP - 1, pages=1)


def _heads(sheet, style, y, first, heads) -> None:
    line = {"bold": True, "bottom": 1, "bottom_color": RULE, "valign": "bottom"}
    sheet.set_row(y, 30 if max(map(len, heads)) > 20 else None)
    sheet.write_string(y, 0, first, style(**line))
    for x, head in enumerate(heads, start=1):
        sheet.write_string(y, x, head, style(**line, text_wrap=True, align="right"))


def _metrics(sheet, style, content: Book, comparison: Comparison) -> None:
    heads = [f"{TOTAL_ROWS[name][0]} ({shown().code})" for name in METRICS]
    _heads(sheet, style, TOP - 1, "Option", [*heads, *map(in_currency, RANKING)])
    sheet.set_row(TOP - 1, 44)
    last, more = TOP + len(content.options), more_than_the_cheapest(comparison)
    keeps, ranked = (f"${letter}${TOP + 1}:${letter}${last}" for letter in "GH")
    text = style(align="right")
    money = style(num_format=number_format("USD"), align="right")
    for i, (slug, rows) in enumerate(content.totals.items()):
        y = TOP + i
        cost, page = comparison[slug], content.options[slug]
        sheet.write_string(y, 0, cost.label, style())
        for x, name in enumerate(METRICS, start=1):
            value, formula = float(getattr(cost, name)), f"{page.reference}$C${rows[name].number}"
            unit = TOTAL_ROWS[name][1]
            if "levelized" in name:
                formula, value = f'IFERROR({formula},"n/a")', value if np.isfinite(value) else "n/a"
            write_formula(sheet, y, x, formula, style(num_format=number_format(unit), align="right"), value)
        x, row, least = len(METRICS) + 1, y + 1, f"MIN({ranked})"
        sheet.write_string(y, x, "no" if cost.broken_rules else "yes", text)
        formula = f'IF(OR(G{row}="yes",COUNTIF({keeps},"yes")=0),B{row},"{RULED_OUT}")'
        write_formula(
            sheet, y, x + 1, formula, money, RULED_OUT if slug not in more else float(cost.net_present_cost_usd)
        )
        beyond = f"IF(H{row}-{least}<={number_text(ROUNDING_TOLERANCE)}*ABS({least}),0,H{row}-{least})"
        formula = f'IF(ISNUMBER(H{row}),{beyond},"{RULED_OUT}")'
        write_formula(sheet, y, x + 2, formula, money, more.get(slug, RULED_OUT))
    sheet.data_validation(
        TOP, len(METRICS) + 1, last - 1, len(METRICS) + 1, {"validate": "list", "source": ["yes", "no"]}
    )
    sheet.conditional_format(TOP, 0, last - 1, len(METRICS) + len(RANKING), {
        "type": "formula", "criteria": f"=$I{TOP + 1}=0", "format": style(bold=True, bg_color=BAND),
    })  # fmt: skip


def more_than_the_cheapest(comparison: Comparison) -> dict[str, float]:
    """Slug -> net present cost beyond the lowest, USD; 0 for all that have the lowest but for noise.

    Only of those that keep the rules of the scenario, or of all where none does.
    """
    slugs = comparison.allowed or tuple(comparison.costs)
    costs = {slug: float(comparison[slug].net_present_cost_usd) for slug in slugs}
    least = min(costs.values())
    return {
        slug: 0.0 if cost - least <= ROUNDING_TOLERANCE * abs(least) else cost - least for slug, cost in costs.items()
    }


def _headline(sheet, style, content: Book, comparison: Comparison) -> None:
    last = TOP + len(content.options)
    labels, keeps, ranked, more = (f"${letter}${TOP + 1}:${letter}${last}" for letter in "AGHI")
    every, none, some = " costs least", " costs least; none keeps the rules", " costs least by the rules"
    says = f'IF(COUNTIF({keeps},"yes")=0,"{none}",IF(COUNTIF({keeps},"no")=0,"{every}","{some}"))'
    ending, error = typeset(" million in today's money."), percent(MODEL_ERROR)
    close, clear = f"Another option is within {error}: {TOO_CLOSE}.", f"No other option is within {error}."
    over = f": {shown().code} "
    best = next(slug for slug, more in more_than_the_cheapest(comparison).items() if not more)
    millions = f"ROUND(MIN({ranked})/{MILLION},3)"  # TEXT would need a format in the language of the reader's program
    least = f"{round(float(comparison[best].net_present_cost_usd) / MILLION, 3):.15g}"
    formula = f'INDEX({labels},MATCH(0,{more},0))&{says}&"{over}"&{millions}&"{ending}"'
    kept = {0: none, len(comparison.costs): every}.get(len(comparison.allowed), some)
    said = f"{comparison[best].label}{kept}{over}{least}{ending}"
    write_formula(sheet, 1, 0, formula, style(font_size=12), said)
    within = f"SMALL({more},2)<={number_text(MODEL_ERROR)}*ABS(MIN({ranked}))"
    warning = close if len(leaders(comparison)) > 1 else clear
    warned = f'IF(COUNT({more})>1,IF({within},"{close}","{clear}"),"{clear}")'
    write_formula(sheet, 2, 0, warned, style(italic=True), warning)


def _break_even(sheet, style, content: Book, comparison: Comparison, y: int) -> int:
    """The month after which the option of the column stays cheaper than that of the row."""
    sheet.write_string(y, 0, "Month after which the option of the column stays cheaper than that of the row",
                       style(bold=True))  # fmt: skip
    slugs = list(content.options)
    titles = [comparison[slug].label for slug in slugs]
    _heads(sheet, style, y + 1, "From", titles)
    cell = style(num_format="0.0", align="right")
    for i, a in enumerate(slugs):
        sheet.write_string(y + 2 + i, 0, titles[i], style())
        for x, b in enumerate(slugs, start=1):
            if a == b:
                sheet.write_string(y + 2 + i, x, "–", style(align="right"))
                continue
            row = content.overtaken[a, b]
            write_formula(sheet, y + 2 + i, x, f"{row.page.reference}$C${row.number}", cell, row.shown)
    end = y + 2 + len(slugs)
    sheet.write_string(end, 0, "By cumulative cost in today's money, without credits at the end; the sheet Break-even "
                               "shows the months.", style(italic=True))  # fmt: skip
    return end


def _by_group(sheet, style, content: Book, comparison: Comparison, y: int) -> list[tuple[str, int]]:
    """Discounted totals by group of lines, which the stacked chart shows; returns the groups with their rows."""
    sheet.write_string(y, 0, in_currency("Cost in today's money by group of cost lines (USD)"), style(bold=True))
    _heads(sheet, style, y + 1, "Group", [comparison[slug].label for slug in content.options])
    lines = {page: [row for row in page.rows if row.kind == "present"] for page in content.options.values()}
    used = {LINES[row.name].group for rows in lines.values() for row in rows}
    groups = [group for group in dict.fromkeys(line.group for line in LINES.values()) if group in used]
    amount = style(num_format=number_format("USD"))
    for at, group in enumerate(groups, start=y + 2):
        sheet.write_string(at, 0, group, style())
        for x, (slug, (page, rows)) in enumerate(zip(content.options, lines.items(), strict=True), start=1):
            first, last = rows[0].number, rows[-1].number
            formula = f"SUMIF({page.reference}$B${first}:$B${last},$A{at + 1},{page.reference}$C${first}:$C${last})"
            value = parts(comparison[slug]).get(group, {})
            write_formula(sheet, at, x, formula, amount, float(sum(value.values())))
    end, total = y + 2 + len(groups), style(bold=True, top=1, top_color=RULE, num_format=number_format("USD"))
    sheet.write_string(end, 0, "All lines", total)
    for x, slug in enumerate(content.options, start=1):
        letter, value = column(x), float(content.totals[slug]["net_present_cost_usd"].values)
        write_formula(sheet, end, x, f"SUM({letter}{y + 3}:{letter}{end})", total, value)
    return list(zip(groups, range(y + 2, end), strict=True))


def _by_year(sheet, style, content: Book, comparison: Comparison, y: int) -> None:
    """Cash by fiscal year; today lies on the eve of month 1."""
    sheet.write_string(y, 0, in_currency("Cash by fiscal year (USD)"), style(bold=True))
    _heads(sheet, style, y + 1, "Fiscal year", [comparison[slug].label for slug in content.options])
    amount, last, scenario = style(num_format=number_format("USD")), content.common.graph.horizon, comparison.scenario
    years = np.array([fiscal_year(scenario, column) for column in range(last + 1)])
    for at, year in enumerate(np.unique(years).tolist(), start=y + 2):
        sheet.write_number(at, 0, year, style(num_format=YEAR_FORMAT, align="left"))
        for x, (slug, page) in enumerate(content.options.items(), start=1):
            row = content.totals[slug]["cash_usd"]
            where, summed = (f"{page.reference}$E${i}:${column(FIRST + last)}${i}" for i in (YEARS + 1, row.number))
            value = float(row.values[years == year].sum())
            write_formula(sheet, at, x, f"SUMIF({where},$A{at + 1},{summed})", amount, value)
    if note := named_after(scenario):
        sheet.write_string(y + 2 + np.unique(years).size, 0, note, style(italic=True))


def _lines_chart(book, sheet, content: Book, y: int) -> None:
    chart = book.add_chart({"type": "line"})
    name, last = content.break_even.title, FIRST + content.common.graph.horizon
    colours = option_colours(content.options)
    for i, (slug, row) in enumerate(content.cumulative.items()):
        chart.add_series({
            "name": [name, row.number - 1, 0],
            "categories": [name, HEADER - 1, FIRST, HEADER - 1, last],
            "values": [name, row.number - 1, FIRST, row.number - 1, last],
            "line": {"color": colours[slug], "width": 2, "dash_type": DASHES[i % len(DASHES)]},
        })  # fmt: skip
    step = 12 if last - FIRST > 24 else 3
    _dress(chart, in_currency("Cumulative cost in today's money without credits at the end (USD)"),
           {"name": "Month", "interval_unit": step, "interval_tick": step})  # fmt: skip
    sheet.insert_chart(y, 0, chart, {"description": "Cumulative cost of each option by month, as lines."})


def _stack_chart(book, sheet, content: Book, groups: list[tuple[str, int]], y: int) -> None:
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    heads, options = groups[0][1] - 1, len(content.options)
    for group, at in groups:
        chart.add_series({
            "name": [SHEET, at, 0],
            "categories": [SHEET, heads, 1, heads, options],
            "values": [SHEET, at, 1, at, options],
            "fill": {"color": GROUP_COLOURS.get(group, GREY)},
            "gap": 60,
        })  # fmt: skip
    _dress(chart, in_currency("Cost in today's money by group of lines (USD)"), {})
    sheet.insert_chart(y, 4, chart, {"description": "Total cost of each option, stacked by group of cost lines."})


def _dress(chart, title: str, x_axis: dict) -> None:
    font = {"name": "Calibri", "size": 9}
    chart.set_title(
        {"name": typeset(title), "name_font": {"name": "Calibri", "size": 11, "bold": True}, "overlay": False}
    )
    chart.set_x_axis({"name_font": font, "num_font": font, "label_position": "low", "num_format": "0", **x_axis})
    chart.set_y_axis({
        "num_font": font, "num_format": AXIS_FORMAT, "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": "#e4e7eb"}},
    })  # fmt: skip
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_size(CHART_SIZE)
