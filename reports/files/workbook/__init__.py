"""The comparison as a spreadsheet with live formulas, derived from the engine's own equations by recording them.

Changing an assumption in the sheet gives what `vary` gives: no second model is kept by hand, and a new cost line or
kind of option appears without further work. No macros, functions of Excel 2007 only.
"""

import io
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import xlsxwriter

from costmodel.comparison import compare
from costmodel.option import COSTS
from costmodel.scenario import Scenario, numbers
from pricing.currency import USD, Currency
from reports.files.workbook import assumptions, sheets, summary
from reports.files.workbook import notes as notes_sheet
from reports.files.workbook.assumptions import Names, Source
from reports.files.workbook.book import Book, book
from reports.files.workbook.formulas import Formulas
from reports.files.workbook.style import PlainSheet, Style
from reports.files.workbook.words import Words
from reports.words.labels import label_of
from reports.words.local import localised
from reports.words.money import rate_note, shown_in

__all__ = ["Source", "workbook"]

NOTHING: Mapping[str, str] = MappingProxyType({})
COMMON_ABOUT = "Demand, load curve, wages and discounting: what all options share."
BREAK_EVEN_ABOUT = "Who is cheaper up to which month, by cumulative cost in today's money without credits at the end."
PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(
    scenario: Scenario,
    *,
    sources: Mapping[str, str | Source] = NOTHING,
    notes: Mapping[str, str] = NOTHING,
    currency: Currency = USD,
) -> bytes:
    """The scenario's comparison as an xlsx file.

    `sources` says of a path where its value comes from, as a text or as a `Source` with its plausible range; `notes`
    are facts for the last sheet, such as the versions of product and prices. Every amount, inputs included, is in
    `currency`. Raises ScenarioError for a scenario that holds arrays, and RecordingError when the engine does something
    that has no formula yet.
    """
    with shown_in(currency):
        return _workbook(localised(scenario, currency), sources, {**notes, **_rate()})


def _rate() -> dict[str, str]:
    return {"Exchange rate": rate_note()} if rate_note() else {}


def _workbook(scenario: Scenario, sources: Mapping[str, str | Source], notes: Mapping[str, str]) -> bytes:
    names = Names.of(scenario)
    comparison = compare(scenario)
    content = book(comparison, names)
    file = io.BytesIO()
    with np.errstate(all="ignore"), xlsxwriter.Workbook(file, PLAIN) as target:
        target.set_calc_mode("auto")
        style = Style(target)
        pages = (content.common, *content.options.values(), content.break_even)
        for title in (summary.SHEET, assumptions.SHEET, *(page.title for page in pages), notes_sheet.SHEET):
            target.add_worksheet(title, PlainSheet)
        summary.write(target, style, content, comparison)
        assumptions.write(target, style, scenario, content.recording.graph, used_inputs(content), names, sources)
        known = numbers(scenario)
        kinds = [notes_sheet.first_sentence(COSTS[option.kind]) for option in scenario.options.values()]
        abouts = [COMMON_ABOUT, *kinds, BREAK_EVEN_ABOUT]
        for page, about in zip(pages, abouts, strict=True):
            formulas = Formulas(page, names, content.recording.graph.fixed)
            words = Words(page, lambda path: label_of(path, known[path]))
            sheets.write(target, style, page, formulas, words, about, scenario)
        notes_sheet.write(target, style, content, scenario, notes)
    return file.getvalue()


def used_inputs(content: Book) -> set[str]:
    """Paths of the inputs on which some row depends."""
    pages = (content.common, *content.options.values(), content.break_even)
    seen, waiting, found = set(), [row.node for page in pages for row in page.rows], set()
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            waiting.extend(node.args)
            found |= {node.extra[0]} if node.op == "input" else set()
    return found
