"""The pages of a workbook, made from what was recorded: what is common, one page for each option, break-even."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from costmodel.break_even import lead
from costmodel.comparison import OptionCost
from costmodel.finance import LINES
from costmodel.units import UNITS
from reports.recorder import COMMON, Recording, record
from reports.recorder.arrays import Recorded, lifted
from reports.text import field_name
from reports.workbook.formulas import must_have_rows
from reports.workbook.pages import Page, Planner, Row

QUANTITIES, BY_LINE, TOTALS = "How much is needed", "Cost by line, USD", "Totals"
TOTAL_ROWS = {  # metrics of an option, in the order of the page: label and unit
    "cash_usd": ("All lines", "USD"),
    "running_cash_usd": ("All lines without credits at the end", "USD"),
    "cumulative_usd": ("Cumulative cost without credits at the end", "USD"),
    "present_cash_usd": ("Present value of all lines", "USD"),
    "cash_before_first_month_usd": ("Cash before month 1", "USD"),
    "tco_usd": ("Total cost of ownership", "USD"),
    "net_present_cost_usd": ("Net present cost", "USD"),
    "levelized_cost_usd_per_mtok": ("Levelised cost per million tokens", "USD/Mtok"),
    "levelized_cost_usd_per_mtok_output": ("Levelised cost per million output tokens", "USD/Mtok"),
}
COMMON_TITLE = "Common"
UNNAMED_UNITS = {"utilization": "share"}
RESERVED = ("Summary", "Assumptions", "Common", "Break-even", "Notes", "History")
NOISE = 1e-9  # of the largest difference: the tolerance of finance.last_crossing


@dataclass(frozen=True, eq=False)
class Pair:
    """Moving from option A to B: the row of what B saves, the row that marks where B is dearer, and the last such month."""

    a: str
    b: str
    saving: Row
    tolerance: Row
    dearer: Row
    last: Row


@dataclass(frozen=True, eq=False)
class Book:
    """Everything that the sheets show, with formulas still as expressions."""

    recording: Recording
    common: Page
    options: Mapping[str, Page]
    totals: Mapping[str, Mapping[str, Row]]
    break_even: Page
    cumulative: Mapping[str, Row]
    pairs: tuple[Pair, ...]


def book(scenario, names: Callable[[str], str]) -> Book:
    """Record the engine on the scenario and arrange what it did; `names` gives the cell name of a path."""
    recording = record(scenario)
    graph = recording.graph
    with np.errstate(all="ignore"):
        totals = {slug: _totals(recording, cost) for slug, cost in recording.costs.items()}
        common = Page(COMMON_TITLE, graph, names)
        titles = sheet_titles({slug: option.label for slug, option in scenario.options.items()})
        pages = {slug: Page(titles[slug], graph, names, (common,)) for slug in scenario.options}
        for named in recording.quantities:
            if named.node.op != "months":
                page = common if named.sheet == COMMON else pages[named.sheet]
                section = f"{QUANTITIES}: {named.part}" if named.part else QUANTITIES
                if not page.has(named.label, named.node):
                    page.add(section, named.label, named.unit, named.node, name=named.name, part=named.part)
        rows = {slug: _option_rows(pages[slug], cost, totals[slug]) for slug, cost in recording.costs.items()}
        break_even, cumulative, pairs = _break_even(recording, (common, *pages.values()), rows, names)
    for page in (common, *pages.values(), break_even):
        Planner(page, must_have_rows).plan()
    return Book(recording, common, pages, rows, break_even, cumulative, pairs)


def _totals(recording: Recording, cost: OptionCost) -> dict[str, Recorded]:
    return {name: lifted(recording.graph, getattr(cost, name)) for name in TOTAL_ROWS}


def _option_rows(page: Page, cost: OptionCost, totals: Mapping[str, Recorded]) -> dict[str, Row]:
    for name, value in cost.quantities.items():
        node = lifted(page.graph, value).node
        if not page.placed.get(id(node)):
            page.add(QUANTITIES, field_name(name, _unit(name)), _unit(name), node, name=name)
    for name in LINES:
        if name in cost.lines:
            node = lifted(page.graph, cost.lines[name]).node
            page.add(BY_LINE, LINES[name].label, "USD", node, monthly=True, kind="line", name=name)
    return {
        name: page.add(TOTALS, label, unit, totals[name].node, monthly=totals[name].ndim > 0, kind="total", name=name)
        for name, (label, unit) in TOTAL_ROWS.items()
    }


def _unit(name: str) -> str:
    by_suffix = (key for key, unit in UNITS.items() if unit.suffix and f"_{name}".endswith(unit.suffix))
    return UNNAMED_UNITS.get(name) or max(by_suffix, key=lambda key: len(UNITS[key].suffix), default="")


def _break_even(recording, referred, rows, names) -> tuple[Page, dict[str, Row], tuple[Pair, ...]]:
    graph = recording.graph
    page = Page("Break-even", graph, names, referred)
    columns = graph.months.value.shape
    labels = {slug: row["cumulative_usd"].page.title for slug, row in rows.items()}
    cumulative = {
        slug: page.add("Cumulative cost without credits at the end", label, "USD", rows[slug]["cumulative_usd"].node,
                       monthly=True, kind="total")
        for slug, label in labels.items()
    }  # fmt: skip
    months, pairs = Recorded(graph, graph.months, columns), []
    for i, a in enumerate(labels):
        for b in list(labels)[i + 1 :]:
            section = f"{labels[a]} or {labels[b]}"
            costs = (Recorded(graph, rows[slug]["cumulative_usd"].node, columns) for slug in (a, b))
            saving = lead(*costs)
            row = page.add(section, f"Saved by {labels[b]} against {labels[a]}", "USD", saving.node, monthly=True)
            largest = np.maximum(saving.max(axis=-1), -saving.min(axis=-1)) * NOISE
            tolerance = page.add(
                section, "Differences that count as none", "USD", lifted(graph, largest).node, monthly=False
            )
            for first, second, below in ((a, b, saving < -largest), (b, a, saving > largest)):
                marks = np.where(below, months, -1)
                last = lifted(graph, marks.max(axis=-1))
                dearer = page.add(
                    section, f"{labels[second]} is still dearer: the month, else -1", "months", lifted(graph, marks).node,
                    monthly=True,
                )  # fmt: skip
                shown = page.add(
                    section, f"Last month in which {labels[second]} is dearer", "months", last.node, monthly=False
                )
                pairs.append(Pair(first, second, row, tolerance, dearer, shown))
    return page, cumulative, tuple(pairs)


def sheet_titles(labels: Mapping[str, str]) -> dict[str, str]:
    """A sheet name for each option: its label without what Excel forbids, at most 31 characters, each name once."""
    taken, titles = {name.lower() for name in RESERVED}, {}
    for slug, label in labels.items():
        plain = "".join(letter if letter.isalnum() or letter in " -_.,+&()" else " " for letter in label)
        stem = " ".join(plain.split()) or slug
        title, number = _short(stem, 31), 2
        while title.lower() in taken:
            ending = f" ({number})"
            title, number = _short(stem, 31 - len(ending)) + ending, number + 1
        taken.add(title.lower())
        titles[slug] = title
    return titles


def _short(text: str, length: int) -> str:
    """At most `length` characters as Excel counts them, which is in pieces of 16 bits."""
    while len(text.encode("utf-16-le")) // 2 > length:
        text = text[:-1]
    return text.strip()
