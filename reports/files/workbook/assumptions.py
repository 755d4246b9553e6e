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
from reports.words.changes import told
from reports.words.labels import label_of
from reports.words.money import converted, in_currency
from reports.words.text import field_name, four_figures

SHEET = "Assumptions"
WIDTHS = {  # of a column in characters; those after the note are not printed
    "Name": 36, "What it is": 28, "Value": 14, "Unit": 20, "Low": 10, "High": 10, "Meaning": 46, "Source": 42,
    "Note": 12, "Least allowed": 14, "Most allowed": 14,
}  # fmt: skip
AT = {heading: i for i, heading in enumerate(WIDTHS)}
RIGHT = {"Value", "Low", "High", "Least allowed", "Most allowed"}  # figures
INDENTED = {"Unit", "Meaning"}  # texts next to figures that stand to the right
VALUE, FIRST_ROW = AT["Value"], 4
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
    for heading, x in AT.items():
        sheet.write_string(FIRST_ROW - 1, x, heading, style(bold=True, bottom=1, bottom_color=RULE, **_place(heading)))
    known = numbers(scenario)
    open_paths = [path for path in graph.inputs if path not in graph.fixed]
    row, cells = FIRST_ROW, {}
    for group in dict.fromkeys(path.rpartition(".")[0] for path in open_paths):
        _heading(sheet, style, row, _title(scenario, group))
        row += 1
        for path in (path for path in open_paths if path.rpartition(".")[0] == group):
            note = "" if path in used else UNUSED
            _write_input(sheet, style, row, path, scenario[path], known[path], sources.get(path), names, note)
            cells[path] = row
            row += 1
    _define_names(book, names, cells, graph)
    last = _write_fixed(sheet, style, row + 1, scenario, known, set(open_paths))
    sheet.set_widths([*WIDTHS.values()])
    sheet.freeze_panes(FIRST_ROW, VALUE + 1)
    sheet.print_set_up(FIRST_ROW - 1)
    sheet.print_area(0, 0, last, AT["Note"])
    sheet.autofilter(FIRST_ROW - 1, 0, row - 1, len(AT) - 1)


def _place(heading: str) -> dict[str, Any]:
    """Where what a column holds stands."""
    return {"align": "right"} if heading in RIGHT else {"indent": int(heading in INDENTED)}


def _write_texts(sheet, style, row: int, texts: Mapping[str, str]) -> None:
    """The texts of a row by the headings of their columns, each whole on as many lines as it takes."""
    sheet.set_row(row, height(*((text, WIDTHS[heading]) for heading, text in texts.items())))
    for heading, text in texts.items():
        look = {"Name": {"font_name": "Consolas", "font_size": 9}, "Note": {"italic": True}}.get(heading, {})
        sheet.write_string(row, AT[heading], text, style(text_wrap=True, **look, **_place(heading)))


def _write_input(sheet, style, row, path, value, spec: Number, source, names, note) -> None:
    cell = style(num_format=input_format(value, spec.unit), font_color=INPUT_INK, bg_color=INPUT_FILL, border=4,
                 border_color=RULE)  # fmt: skip
    least, most = converted(spec.low, spec.unit), converted(spec.high, spec.unit)
    cited = Source(source) if isinstance(source, str) else source
    _write_texts(sheet, style, row, {
        "Name": names(path), "What it is": label_of(path, spec), "Unit": unit_label(spec.unit),
        "Meaning": spec.meaning, "Source": cited.text if cited else "", "Note": note,
    })  # fmt: skip
    sheet.write_number(row, VALUE, value, cell)
    ends = {"Low": cited.low, "High": cited.high} if cited else {}
    ends = {end: four_figures(converted(number, spec.unit)) for end, number in ends.items() if number is not None}
    for heading, number in {**ends, "Least allowed": least, "Most allowed": most}.items():
        sheet.write_number(row, AT[heading], number, style(num_format=input_format(number, spec.unit)))
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
    for x in AT.values():
        sheet.write_string(row, x, title if x == 0 else "", style(bold=True, bg_color=BAND))


def _write_fixed(sheet, style, row, scenario, known, open_paths) -> int:
    """The choices and terms that stay as they are, from a row on; the last of their rows."""
    _heading(sheet, style, row, "Fixed in this file: another choice or term needs a new workbook")
    for path, record, name in fields(scenario):
        if path in open_paths:
            continue
        row += 1
        value, spec = scenario[path], known.get(path)
        texts = {
            "Name": path, "What it is": label_of(path, spec), "Unit": unit_label(spec.unit) if spec else "",
            "Meaning": spec.meaning if spec else record.model_fields[name].description or "",
        }  # fmt: skip
        _write_texts(sheet, style, row, texts if spec else {**texts, "Value": told(scenario, path, value)})
        if spec:
            sheet.write_number(row, VALUE, value, style(num_format=input_format(value, spec.unit), align="right"))
    return row


def _title(scenario: Scenario, group: str) -> str:
    parts = group.split(".")
    if parts[0] == "options":
        parts = [scenario.options[parts[1]].label, *(field_name(part) for part in parts[2:])]
    else:
        parts = [field_name(part) for part in parts]
    return ": ".join(parts)
