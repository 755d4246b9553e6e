"""The assumption sheet: every number of the scenario in a named cell, with unit, bounds, meaning and source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from costmodel.fields import Number
from costmodel.scenario import Scenario, fields, numbers
from reports.files.workbook.pages import column
from reports.files.workbook.style import (
    BAND,
    INPUT_FILL,
    INPUT_INK,
    RULE,
    Style,
    height,
    input_format,
    unit_label,
)
from reports.recorder import Graph
from reports.words.labels import label_of
from reports.words.money import converted, in_currency
from reports.words.text import field_name, four_figures

SHEET = "Assumptions"
HEADINGS = ("Name", "What it is", "Value", "Unit", "Low", "High", "Least", "Most", "Meaning", "Source", "Note")
BOUNDS = {"Low", "High", "Least", "Most"}
INDENTED = {"Unit", "Meaning"}  # behind figures, which stand to the right
WIDTHS = (50, 32, 14, 24, 10, 10, 10, 14, 50, 50, 22)
VALUE, FIRST_ROW = 2, 4
LONGEST_SLUG, LONGEST_NAME = 60, 255
UNUSED = "no effect in this file"


class Source(NamedTuple):
    """Where a value comes from, and the range that it may plausibly take."""

    text: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Names:
    """The cell name of each path: the path itself, or with a shorter option name where that is too long for Excel."""

    shortened: Mapping[str, str]

    @classmethod
    def of(cls, scenario: Scenario) -> "Names":
        """Names for the numbers of a scenario."""
        slugs = scenario.options
        return cls({slug: f"option_{i + 1}" for i, slug in enumerate(slugs) if len(slug) > LONGEST_SLUG})

    def __call__(self, path: str) -> str:
        """Name of the cell of a path, or of the cells of a group."""
        parts = path.split(".")
        if parts[0] == "options" and parts[1] in self.shortened:
            parts[1] = self.shortened[parts[1]]
        return ".".join(parts)[:LONGEST_NAME]


def write(book, style: Style, scenario: Scenario, graph: Graph, used: set[str], names: Names,
          sources: Mapping[str, Any]) -> None:  # fmt: skip
    """Write the sheet and name its cells. What Python had to know stands apart, as fixed in this file."""
    sheet = book.get_worksheet_by_name(SHEET)
    sheet.write_string(0, 0, "Assumptions", style(bold=True, font_size=16))
    sheet.write_string(1, 0, "Blue cells may be changed: every figure of the workbook follows. Below them stands what "
                             "this file holds fixed.", style(italic=True))  # fmt: skip
    for i, heading in enumerate(HEADINGS):
        placed = {"align": "right" if i == VALUE or heading in BOUNDS else "left", "indent": int(heading in INDENTED)}
        sheet.write_string(FIRST_ROW - 1, i, heading, style(bold=True, bottom=1, bottom_color=RULE, **placed))
    known = numbers(scenario)
    open_paths = [path for path in graph.inputs if path not in graph.fixed]
    row, cells = FIRST_ROW, {}
    for group in dict.fromkeys(path.rpartition(".")[0] for path in open_paths):
        _heading(sheet, style, row, _title(scenario, group))
        row += 1
        for path in (path for path in open_paths if path.rpartition(".")[0] == group):
            _write_input(sheet, style, row, path, scenario[path], known[path], sources.get(path), names)
            if path not in used:
                sheet.write_string(row, 10, UNUSED, style(italic=True, text_wrap=True))
            cells[path] = row
            row += 1
    _define_names(book, names, cells, graph)
    _write_fixed(sheet, style, row + 1, scenario, known, set(open_paths))
    sheet.set_widths(WIDTHS)
    sheet.freeze_panes(FIRST_ROW, VALUE + 1)
    sheet.print_set_up(FIRST_ROW - 1)
    sheet.autofilter(FIRST_ROW - 1, 0, row - 1, len(HEADINGS) - 1)


def _write_input(sheet, style, row, path, value, spec: Number, source, names) -> None:
    cell = style(num_format=input_format(value, spec.unit), font_color=INPUT_INK, bg_color=INPUT_FILL, border=4,
                 border_color=RULE)  # fmt: skip
    least, most = converted(spec.low, spec.unit), converted(spec.high, spec.unit)
    bound = style(num_format=input_format(most, spec.unit))
    sheet.write_string(row, 0, names(path), style(font_name="Consolas", font_size=9))
    sheet.write_string(row, 1, label_of(path, spec), style())
    sheet.write_number(row, VALUE, value, cell)
    sheet.write_string(row, 3, unit_label(spec.unit), style(indent=1))
    cited = Source(source) if isinstance(source, str) else source
    sheet.set_row(row, height((spec.meaning, WIDTHS[8]), (cited.text if cited else "", WIDTHS[9])))
    for i, number in ((4, cited and cited.low), (5, cited and cited.high)):
        if number is not None:
            number = four_figures(converted(number, spec.unit))
            sheet.write_number(row, i, number, style(num_format=input_format(number, spec.unit)))
    sheet.write_number(row, 6, least, style(num_format=input_format(least, spec.unit)))
    sheet.write_number(row, 7, most, bound)
    sheet.write_string(row, 8, spec.meaning, style(text_wrap=True, indent=1))
    if cited:
        sheet.write_string(row, 9, cited.text, style(text_wrap=True))
    sheet.data_validation(row, VALUE, row, VALUE, {
        "validate": "integer" if spec.whole else "decimal", "criteria": "between", "minimum": least,
        "maximum": most, "error_title": "Out of bounds",
        "error_message": f"Must lie between {least:g} and {most:g} ({in_currency(spec.unit)})"
                         f"{', a whole number' if spec.whole else ''}.",
    })  # fmt: skip


def _define_names(book, names: Names, cells: Mapping[str, int], graph: Graph) -> None:
    letter = column(VALUE)
    for path, row in cells.items():
        book.define_name(names(path), f"={SHEET}!${letter}${row + 1}")
    for group in dict.fromkeys(path.rpartition(".")[0] for path in cells):
        rows = [cells.get(node.extra[0]) for node in graph.group(group)]
        if len(rows) > 1 and None not in rows:
            book.define_name(names(group), f"={SHEET}!${letter}${rows[0] + 1}:${letter}${rows[-1] + 1}")


def _heading(sheet, style, row: int, title: str) -> None:
    for i in range(len(HEADINGS)):
        sheet.write_string(row, i, title if i == 0 else "", style(bold=True, bg_color=BAND))


def _write_fixed(sheet, style, row, scenario, known, open_paths) -> None:
    _heading(sheet, style, row, "Fixed in this file: another choice or term needs a new workbook")
    for path, record, name in fields(scenario):
        if path in open_paths:
            continue
        row += 1
        value, spec = scenario[path], known.get(path)
        sheet.write_string(row, 0, path, style(font_name="Consolas", font_size=9))
        sheet.write_string(row, 1, label_of(path, spec), style())
        if spec:
            sheet.write_number(row, VALUE, value, style(num_format=input_format(value, spec.unit), align="right"))
        else:
            shown = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            sheet.write_string(row, VALUE, shown, style(align="right"))
        sheet.write_string(row, 3, unit_label(spec.unit) if spec else "", style(indent=1))
        meaning = spec.meaning if spec else record.model_fields[name].description or ""
        sheet.write_string(row, 8, meaning, style(text_wrap=True, indent=1))
        sheet.set_row(row, height((meaning, WIDTHS[8])))


def _title(scenario: Scenario, group: str) -> str:
    parts = group.split(".")
    if parts[0] == "options":
        parts = [scenario.options[parts[1]].label, *(field_name(part) for part in parts[2:])]
    else:
        parts = [field_name(part) for part in parts]
    return ": ".join(parts)
