"""The last sheet: what the workbook is, how it is worked out, what it holds fixed, and what it was made from."""

import inspect
from collections.abc import Mapping

from costmodel.comparison import OptionCost
from costmodel.lines import LINES
from costmodel.option import COSTS
from costmodel.quantity import QUANTITIES
from costmodel.scenario import Scenario
from reports.files.workbook.book import TOTAL_ROWS, Book
from reports.files.workbook.style import RULE, Style, height, unit_label
from reports.words.method import for_readers, units
from reports.words.money import in_currency

SHEET, WIDTHS = "Notes", (44, 26, 120)
READING = (
    ("What this is", "Every formula was derived from the model's own equations. Change a blue cell of the sheet "
                     "Assumptions, and all sheets show what the model itself would answer."),
    ("Columns", "Column C holds totals and values that do not change with time; the months start in column E. Today is "
                "column 0: what month 1 needs is bought then. Months are month ends, money is nominal."),
    ("Signs", "Costs are positive, credits negative."),
    ("Rounding", "Nothing is rounded on the way; cells only show fewer digits. Things that can only be had whole are "
                 "rounded up by CEILING, which forgives noise of one in a thousand million."),
    ("Print", "Each sheet prints one page wide: of the options labels, totals and how they are worked out, of the "
              "assumptions all but what a cell allows. The months, which would be too small to read, are printed where "
              "the print area is taken off."),
    ("Grey rows", "Grey rows are steps on the way to the next black row; they can be folded away."),
    ("Fixed", "Choices (kind, model, contract, billing) and terms in whole months (horizon, lead time, life, warranty) "
              "shape the formulas: the sheet Assumptions lists them at its end. Another choice needs a new workbook."),
    ("Rules", "The program refuses a scenario that breaks a rule across fields, such as a model that does not fit into "
              "its GPUs; the sheet checks only the bounds of each cell."),
    ("Break-even", "Compares cumulative cost in today's money without credits at the end of the horizon, which would "
                   "fake a crossing in the last month. Between two months it is interpolated."),
)  # fmt: skip


def write(book, style: Style, content: Book, scenario: Scenario, notes: Mapping[str, str]) -> None:
    """Write the sheet."""
    sheet = book.get_worksheet_by_name(SHEET)
    sheet.set_widths(WIDTHS)
    sheet.write_string(0, 0, "Notes", style(bold=True, font_size=16))
    y = 2
    for heading, lines in (
        ("How to read it", [(name, "", about) for name, about in READING]),
        ("What it was made from", [(name, "", value) for name, value in notes.items()]),
        ("Rows and their meaning", _quantities(content)),
        ("Cost lines", _lines(content)),
        ("Kinds of option", _kinds(scenario)),
        ("Totals", _totals()),
    ):
        if not lines:
            continue
        sheet.set_row(y, None, style(bold=True, top=1, top_color=RULE))
        sheet.write_string(y, 0, heading, style(bold=True, top=1, top_color=RULE))
        for line in lines:
            y += 1
            sheet.set_row(y, height(*zip(line, WIDTHS, strict=True)))
            for x, part in enumerate(line):
                sheet.write_string(y, x, part, style(text_wrap=True))
        y += 2
    sheet.print_set_up(0)


def _quantities(content: Book) -> list[tuple[str, str, str]]:
    used = dict.fromkeys(named.name for named in content.recording.quantities)
    return [
        (QUANTITIES[name].label, unit_label(QUANTITIES[name].unit), first_sentence(QUANTITIES[name])) for name in used
    ]


def _lines(content: Book) -> list[tuple[str, str, str]]:
    """What each line of the options is: its label and group, and the units and documentation of its functions."""
    used = {name for cost in content.recording.costs.values() for name in cost.lines}
    return [
        (line.label, line.group, ". ".join(filter(None, (in_currency(units(function)), first_sentence(function)))))
        for name, line in LINES.items()
        for function in line.functions
        if name in used
    ]


def _kinds(scenario: Scenario) -> list[tuple[str, str, str]]:
    kinds = {option.kind: option.title for option in scenario.options.values()}
    return [(title, "", in_currency(" ".join(inspect.getdoc(COSTS[kind]).split()))) for kind, title in kinds.items()]


def _totals() -> list[tuple[str, str, str]]:
    return [
        (label, unit_label(unit), first_sentence(vars(OptionCost)[name])) for name, (label, unit) in TOTAL_ROWS.items()
    ]


def first_sentence(member: object) -> str:
    """First paragraph of a docstring, in one line, in the currency of the sheets, without shapes of arrays."""
    return in_currency(for_readers((inspect.getdoc(member) or "").split("\n\n")[0]))
