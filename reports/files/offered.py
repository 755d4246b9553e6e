"""The files that leave: what each is called and made from, when it is asked for, by a page or on the command line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from answers.analysis import Analysis
from costmodel import __version__
from costmodel.comparison import Comparison
from costmodel.numerals import ENGLISH, Marks, written_with
from costmodel.scenario import numbers
from costmodel.uncertainty.ranges import Range
from pricing.currency import Currency
from pricing.dates import day
from pricing.documents import Opened, document, to_json
from pricing.token_prices import PACKAGE, PRICES_AS_OF
from reports.files.brief import brief
from reports.files.csv_text import EUROPEAN, PLAIN, Layout
from reports.files.file_names import file_name
from reports.files.focus import focus
from reports.files.page import page
from reports.files.slides import slides
from reports.files.tables import inputs, tidy, wide, yearly
from reports.files.workbook import Source, workbook
from reports.words.briefing import Briefing
from reports.words.chapters import briefing
from reports.words.money import shown_in
from reports.words.origins import source_line, source_of
from reports.words.palette import shown_with
from reports.words.titles import about, title

LAYOUTS: Mapping[str, Layout] = {"1,234.56 with commas": PLAIN, "1234,56 with semicolons": EUROPEAN}
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PRESENTATION = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@dataclass(frozen=True)
class Wish:
    """What is exported, how amounts are written in the CSV files and numbers on papers, by whom, where that is said."""

    analysis: Analysis
    layout: Layout = PLAIN
    focus_version: str = "1.4"
    on: date = field(default_factory=date.today)
    by: str = ""
    marks: Marks = ENGLISH

    @property
    def opened(self) -> Opened:
        """The scenario."""
        return self.analysis.opened

    @property
    def currency(self) -> Currency:
        """That of the scenario."""
        return self.opened.currency

    @property
    def comparison(self) -> Comparison:
        """The result of the scenario."""
        return self.analysis.comparison

    def briefing(self, *, complete: bool = False) -> Briefing:
        """What papers tell."""
        with written_with(self.marks):
            return briefing(self.analysis, self.on, versions(), complete=complete)


@dataclass(frozen=True)
class File:
    """A file on offer, named by the scenario, `what` and the day; `make` returns its bytes when it is asked for."""

    label: str
    what: str
    mime: str
    about: str
    make: Callable[[Wish], bytes]


def versions() -> dict[str, str]:
    """What the figures rest on."""
    return {"Crossover": __version__, "token prices": f"{PACKAGE}, of {day(PRICES_AS_OF)}"}


def _page(wish: Wish) -> bytes:
    return page(wish.briefing(), wish.analysis, by=wish.by)


def _slides(wish: Wish) -> bytes:
    told = wish.briefing(complete=True)
    return slides(replace(told, model=file_name(wish.opened.short_name, ".html", wish.on)))


def _inputs(wish: Wish) -> bytes:
    scenario = wish.opened.scenario
    known = numbers(scenario)
    with shown_in(wish.currency):
        cited = {
            path: (source_of(origin, known.get(path)), origin.source_url, origin.as_of or "", origin.confidence)
            for path, origin in wish.analysis.origins.items()
        }
    facts = _facts(wish.opened)
    return inputs(scenario, cited, facts, results=wish.comparison, currency=wish.currency, layout=wish.layout)


def _workbook(wish: Wish) -> bytes:
    scenario = wish.opened.scenario
    drawn = {member: each for path, each in wish.analysis.ranges.items() for member in (path, *each.also)}
    known = numbers(scenario)
    with shown_in(wish.currency):
        cited = {
            path: Source(source_line(origin, known.get(path)), *_ends(drawn.get(path)))
            for path, origin in wish.analysis.origins.items()
        }
    notes = {name.capitalize(): value for name, value in _facts(wish.opened).items()}
    with shown_with(wish.opened.colours):
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
    File("Budget CSV", "budget.csv", "text/csv", "Fiscal years across, as paid and as booked: to the cent.",
         lambda w: yearly(w.comparison, currency=w.currency, layout=w.layout)),
    File("Inputs CSV", "inputs.csv", "text/csv", "Every input and result with unit, meaning, source, date.",
         _inputs),
    File("FOCUS-shaped CSV", "focus.csv", "text/csv", "The forecast with FOCUS column names.",
         lambda w: focus(w.comparison, version=w.focus_version, scenario=title(w.opened),
                         currency=w.currency)),
    File("Workbook", ".xlsx", SPREADSHEET, "Live formulas: change an assumption and see the model answer.",
         _workbook),
)  # fmt: skip
PAPERS = (
    File("The model", ".html", "text/html", "One file that moves: levers, charts, sources; opens anywhere, offline.",
         _page),
    File("Slides", ".pptx", PRESENTATION, "Editable slides: the verdict, curves, how sure, sources.",
         _slides),
    File("Brief", ".pdf", "application/pdf", "One page for the decision meeting.",
         lambda w: brief(w.briefing())),
)  # fmt: skip
SCENARIO = File("Scenario file", ".json", "application/json", "What differs from the preset.",
                lambda w: to_json(document(w.opened)).encode())  # fmt: skip
