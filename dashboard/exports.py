"""Files that the export page offers, made when they are asked for, and the way back in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import streamlit as st

from costmodel import __version__
from costmodel.comparison import Comparison, compare
from costmodel.errors import ScenarioError
from costmodel.finance import LINES
from costmodel.scenario import numbers, paths
from costmodel.uncertainty.ranges import Range
from dashboard import blocks, state
from dashboard.levers import ranked
from pricing.currency import Currency
from pricing.documents import Opened, differences, document, from_json, to_json
from pricing.origins import Origin, origins
from pricing.presets import preset, presets
from pricing.ranges import ranges
from pricing.token_prices import PACKAGE, PRICES_AS_OF
from reports.brief import brief
from reports.csv_text import EUROPEAN, PLAIN, Layout
from reports.file_names import file_name
from reports.focus import focus
from reports.measure import as_paid
from reports.money import converted, shown_in
from reports.origins import source_line, source_of
from reports.slides import slides
from reports.tables import inputs, tidy, totals, wide
from reports.telling import story
from reports.titles import about, title, titled
from reports.workbook import Source, workbook

LAYOUTS: Mapping[str, Layout] = {"1,234.56 with commas": PLAIN, "1234,56 with semicolons": EUROPEAN}
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PRESENTATION = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@dataclass(frozen=True)
class Wish:
    """What is exported, and how amounts are written in the CSV files."""

    opened: Opened
    layout: Layout = PLAIN
    focus_version: str = "1.4"
    on: date = field(default_factory=date.today)
    undiscounted: bool = False

    @property
    def told(self) -> Opened:
        """What papers tell: the scenario in the measure that the pages are in."""
        return as_paid(titled(self.opened)) if self.undiscounted else self.opened

    @property
    def currency(self) -> Currency:
        """That of the scenario."""
        return self.opened.currency

    @property
    def origins(self) -> Mapping[str, Origin]:
        """Where every value of the scenario is from."""
        return origins(self.opened, list(paths(self.opened.scenario)))

    @property
    def comparison(self) -> Comparison:
        """The result of the scenario."""
        return compare(self.opened.scenario)


@dataclass(frozen=True)
class File:
    """A file on offer, named by the scenario, `what` and the day; `make` returns its bytes when it is asked for."""

    label: str
    what: str
    mime: str
    about: str
    make: Callable[[Wish], bytes]


def _matters(opened: Opened) -> list[str]:
    return list(ranked(opened, compare(opened.scenario)))


def versions() -> dict[str, str]:
    """What the figures rest on."""
    return {"Crossover": __version__, "token prices": f"{PACKAGE}, of {PRICES_AS_OF}"}


def _inputs(wish: Wish) -> bytes:
    scenario = wish.opened.scenario
    known = numbers(scenario)
    with shown_in(wish.currency):
        cited = {
            path: (source_of(origin, known.get(path)), origin.source_url, origin.as_of or "", origin.confidence)
            for path, origin in wish.origins.items()
        }
    facts = _facts(wish.opened)
    return inputs(scenario, cited, facts, results=wish.comparison, currency=wish.currency, layout=wish.layout)


def _workbook(wish: Wish) -> bytes:
    scenario = wish.opened.scenario
    spread = ranges(scenario, wish.opened.ranges)
    drawn = {member: each for path, each in spread.items() for member in (path, *each.also)}
    known = numbers(scenario)
    with shown_in(wish.currency):
        cited = {
            path: Source(source_line(origin, known.get(path)), *_ends(drawn.get(path)))
            for path, origin in wish.origins.items()
        }
    notes = {name.capitalize(): value for name, value in _facts(wish.opened).items()}
    return workbook(scenario, sources=cited, notes=notes, currency=wish.currency)


def _facts(opened: Opened) -> dict[str, str]:
    """What the file is of."""
    return {"scenario": title(opened), "about": about(opened), "preset": opened.preset, **versions()}


def _ends(spread: Range | None) -> tuple[float | None, float | None]:
    return (spread.low, spread.high) if spread else (None, None)


TABLES = (
    File("Tidy CSV", "tidy.csv", "text/csv", "One row for each option, month and line, unrounded.",
         lambda w: tidy(w.comparison, scenario=title(w.opened), currency=w.currency, layout=w.layout)),
    File("Wide CSV", "wide.csv", "text/csv", "Months across, lines down, with totals: to the cent.",
         lambda w: wide(w.comparison, currency=w.currency, layout=w.layout)),
    File("Inputs CSV", "inputs.csv", "text/csv", "Every input and result with unit, meaning, source, date.",
         _inputs),
    File("FOCUS-shaped CSV", "focus.csv", "text/csv", "The forecast with FOCUS column names.",
         lambda w: focus(w.comparison, version=w.focus_version, scenario=title(w.opened),
                         currency=w.currency)),
    File("Workbook", ".xlsx", SPREADSHEET, "Live formulas: change an assumption and see the model answer.",
         _workbook),
)  # fmt: skip
PAPERS = (
    File("Slides", ".pptx", PRESENTATION, "Editable slides: the verdict, curves, how sure, sources.",
         lambda w: slides(story(w.told, w.on, versions(), whole=True))),
    File("Brief", ".pdf", "application/pdf", "One page for the decision meeting.",
         lambda w: brief(story(w.told, w.on, versions()), matters=_matters(w.opened))),
)  # fmt: skip
SCENARIO = File("Scenario file", ".json", "application/json", "What differs from the preset.",
                lambda w: to_json(document(w.opened)).encode())  # fmt: skip


def offer(file: File, wish: Wish) -> None:
    """A button that makes the file on the click."""
    name = file_name(wish.opened.short_name, file.what, wish.on)
    st.download_button(file.label, lambda: file.make(wish), name, file.mime, key=f"file:{file.what}", help=file.about,
                       icon=":material/download:", on_click="ignore")  # fmt: skip


def preview(comparison: Comparison) -> tuple[list[str], list[tuple[str, ...]]]:
    """(columns, rows) of the totals by line and option."""
    costs = comparison.costs.values()
    by_line = [cost.line_totals() for cost in costs]
    rows = [
        (line.label, *(f"{converted(found[name]):,.2f}" if name in found else "" for found in by_line))
        for name, line in LINES.items()
        if any(name in found for found in by_line)
    ]
    sums = [totals(cost) for cost in costs]
    rows += [(title, *(f"{converted(found[title][0]):,.2f}" for found in sums)) for title in sums[0]]
    return ["Line", *(cost.label for cost in costs)], rows


def open_file(content: bytes) -> str:
    """Open an uploaded scenario and say so; ScenarioError with one sentence, and nothing changed, when it is none."""
    opened = from_json(content)
    state.open_up(lambda: opened)
    changed = len(differences(preset(opened.preset).scenario, opened.scenario))
    what = f"{changed} value{'' if changed == 1 else 's'} of it changed" if changed else "nothing of it changed"
    return f"Opened {opened.name or 'the scenario'}: {presets()[opened.preset]}, {what}. {state.WAY_BACK}"


def show_link() -> None:
    """The link to what is on screen, ready to be copied."""
    try:
        address = state.link()
        if f"?{state.REFERENCE}=" in address:
            st.markdown("It is long, so it names this state in the library of this server: who cannot reach that opens "
                        "the scenario file instead.")  # fmt: skip
        else:
            st.markdown("It carries what differs from the preset; nothing is stored anywhere.")
        st.code(address, language=None, wrap_lines=True)
    except ScenarioError as refusal:
        blocks.refused(refusal)
