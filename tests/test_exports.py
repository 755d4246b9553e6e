"""One walk through all exports of all presets: every total equals the engine's within the rounding the file states.

Those of the workbook are looked at where it is made, in test_workbook_values.py.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

import numpy as np
import pytest

from costmodel.comparison import Comparison, compare
from library import Library, Links
from library.database import Database
from library.place import file_url
from pricing.currency import currency
from pricing.documents import VERSION, Opened, document, from_json, from_link, to_json, to_link
from pricing.presets import preset, presets
from reports.files.brief import brief_data
from reports.files.csv_text import EUROPEAN
from reports.files.focus import focus
from reports.files.offered import versions
from reports.files.tables import PRESENT, UNDISCOUNTED, inputs, tidy, wide
from tests.as_typed import as_typed
from tests.briefings import briefing, deck_of

ON, NOW = date(2026, 11, 24), datetime(2026, 11, 24, tzinfo=UTC)
EXACT, TO_THE_CENT, THREE_FIGURES = {"rel": 1e-12, "abs": 0}, {"rel": 1e-12, "abs": 0.005}, {"rel": 5.1e-3, "abs": 0}
Total = tuple[str, str, float]  # option, metric of the engine, value in the file
METRICS = ("tco_usd", "net_present_cost_usd", "levelized_cost_usd_per_mtok", "cash_before_first_month_usd")
SCALES = {"k": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "": 1}


def rows_of(data: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=delimiter))


def amount(text: str) -> float:
    """An amount as slides and brief write it: $1.24M."""
    sign, figure, scale = re.fullmatch("(\u2212?)\\$([\\d,.]+)([kMBT]?)", text).groups()
    return (-1 if sign else 1) * float(figure.replace(",", "")) * SCALES[scale]


def summed(rows: Iterable[dict[str, str]], by: str, column: str, factor: float = 1) -> Iterable[Total]:
    """Totals of a column by option."""
    totals: dict[str, list[float]] = {}
    for row in rows:
        totals.setdefault(row[by], []).append(float(row[column].replace(",", ".")))
    return [(slug, "tco_usd", float(np.sum(found)) / factor) for slug, found in totals.items()]


def from_tidy(result: Comparison, _slug: str, _folder) -> Iterable[Total]:
    return summed(rows_of(tidy(result)), "option", "cash (USD)")


def from_european_tidy_in_euro(result: Comparison, _slug: str, _folder) -> Iterable[Total]:
    euro = currency("EUR", ON)
    data = tidy(result, layout=EUROPEAN, currency=euro)
    return summed(rows_of(data, ";"), "option", "cash (EUR)", euro.per_usd)


def from_wide(result: Comparison, _slug: str, _folder) -> Iterable[Total]:
    metrics = {UNDISCOUNTED: "tco_usd", PRESENT: "net_present_cost_usd"}
    slugs = {cost.label: slug for slug, cost in result.costs.items()}
    for row in rows_of(wide(result)):
        months = [float(value) for name, value in row.items() if name not in ("option", "line", "total (USD)")]
        assert float(row["total (USD)"]) == pytest.approx(sum(months), abs=0.005 * (len(months) + 1))
        if row["line"] in metrics:
            yield slugs[row["option"]], metrics[row["line"]], float(row["total (USD)"])


def from_side_file(result: Comparison, _slug: str, _folder) -> Iterable[Total]:
    for row in rows_of(inputs(result.scenario, {}, {}, results=result)):
        option, _, metric = row["path"].partition(".")
        if row["part"] == "result" and metric in METRICS:
            yield option, metric, float(row["value"])


def from_focus(version: str) -> Callable:
    def read(result: Comparison, _slug: str, _folder) -> Iterable[Total]:
        rows = rows_of(focus(result, version=version))
        return summed(rows, "x_OptionId", "BilledCost")

    return read


def from_slide_charts(_result: Comparison, slug: str, _folder) -> Iterable[Total]:
    told, deck = briefing(slug), deck_of(slug)
    charts = {shape.name: shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart}
    stack = np.sum([series.values for series in charts["Cost by group"].plots[0].series], axis=0)
    order = told.comparison.ranking[::-1]
    yield from ((option, "net_present_cost_usd", total) for option, total in zip(order, stack, strict=True))


def from_slide_table(_result: Comparison, slug: str, _folder) -> Iterable[Total]:
    told, deck = briefing(slug), deck_of(slug)
    (table,) = (shape.table for shape in deck.slides[0].shapes if shape.has_table)
    heading, *rows = ([as_typed(cell.text) for cell in row.cells] for row in table.rows)
    for option, cells in zip(told.comparison.ranking, rows, strict=True):
        row = dict(zip(heading, cells, strict=True))
        yield option, "net_present_cost_usd", amount(row["In today's money"])
        yield option, "cash_before_first_month_usd", amount(row["Before month 1"])
        yield option, "levelized_cost_usd_per_mtok", amount(row["Per million tokens"])


def from_brief(_result: Comparison, slug: str, _folder) -> Iterable[Total]:
    told = briefing(slug)
    for option, row in zip(told.comparison.ranking, brief_data(told)["options"], strict=True):
        yield option, "net_present_cost_usd", amount(row["cells"][1])
        yield option, "cash_before_first_month_usd", amount(row["cells"][3])
        yield option, "levelized_cost_usd_per_mtok", amount(row["cells"][4])


def reopened(way: Callable[[Opened, object], Opened]) -> Callable:
    """The totals of a scenario that went out and came back."""

    def read(result: Comparison, slug: str, folder) -> Iterable[Total]:
        again = compare(way(Opened(result.scenario, slug, slug), folder).scenario)
        return [(option, metric, float(getattr(again[option], metric))) for option in again.costs for metric in METRICS]

    return read


def by_library(opened: Opened, folder) -> Opened:
    shelves = Library(Database(file_url(folder / "l.sqlite")))
    return shelves.open(shelves.save(opened, at=NOW).slug).opened


def by_backup(opened: Opened, folder) -> Opened:
    shelves = Library(Database(file_url(folder / "l.sqlite")))
    shelves.save(opened, at=NOW)
    other = Library(Database(file_url(folder / "other.sqlite")))
    return other.open(other.bring(shelves.export_all(), at=NOW)[0].slug).opened


def by_reference(opened: Opened, folder) -> Opened:
    links = Links(Database(file_url(folder / "l.sqlite")))
    return links.open(links.keep(opened, at=NOW))


# name -> (totals that the file states, rounding that it states). A new export is a new line here.
EXPORTS: dict[str, tuple[Callable, dict[str, float]]] = {
    "tidy CSV": (from_tidy, EXACT),
    "European tidy CSV in euro": (from_european_tidy_in_euro, EXACT),
    "wide CSV": (from_wide, TO_THE_CENT),
    "side file": (from_side_file, TO_THE_CENT),
    "FOCUS 1.4": (from_focus("1.4"), EXACT),
    "FOCUS 1.2": (from_focus("1.2"), EXACT),
    "slides, charts": (from_slide_charts, EXACT),
    "slides, table": (from_slide_table, THREE_FIGURES),
    "brief": (from_brief, THREE_FIGURES),
    "scenario file": (reopened(lambda opened, _: from_json(to_json(document(opened)))), EXACT),
    "link": (reopened(lambda opened, _: from_link(to_link(document(opened)))), EXACT),
    "library": (reopened(by_library), EXACT),
    "library file": (reopened(by_backup), EXACT),
    "link by reference": (reopened(by_reference), EXACT),
}


@pytest.mark.parametrize("slug", presets())
@pytest.mark.parametrize("export", EXPORTS)
def test_every_total_equals_the_engine_s_within_the_rounding_that_the_file_states(export, slug, tmp_path):
    read, rounding = EXPORTS[export]
    result = compare(preset(slug).scenario)
    found = list(read(result, slug, tmp_path))
    assert {option for option, *_ in found} == set(result.costs), "every option is in the file"
    for option, metric, value in found:
        assert value == pytest.approx(float(getattr(result[option], metric)), **rounding), (option, metric)


def test_files_state_their_rounding():
    told = briefing()
    side = inputs(told.comparison.scenario, {}, {}).decode("utf-8-sig")
    assert "amounts to the cent" in side
    assert "three figures" in brief_data(told)["footer"]
    assert not re.search(r"\d{4}-\d\d", " ".join(versions().values())), "days in sentences are in words"
    deck = deck_of("assistant")
    assert "three figures" in deck.slides[0].notes_slide.notes_text_frame.text
    assert json.loads(to_json(document(Opened(told.comparison.scenario, "assistant"))))["version"] == VERSION
