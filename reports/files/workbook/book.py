"""The pages of a workbook, made from what was recorded: what is common, one page for each option, break-even."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np

from costmodel.break_even import TimeBreakEven, in_time, lead
from costmodel.comparison import Comparison, OptionCost
from costmodel.lines import LINES
from costmodel.units import ROUNDING_TOLERANCE, UNITS
from reports.files.workbook.formulas import must_have_rows
from reports.files.workbook.pages import FIRST, Page, Planner, Row, column
from reports.recorder import COMMON, Recording, record
from reports.recorder.arrays import Recorded, lifted
from reports.words.text import field_name

QUANTITIES, BY_LINE, TOTALS = "How much is needed", "Cost by line", "Totals"
PRESENT = "Cost by line in today's money"
TOTAL_ROWS = {  # metrics of an option, in the order of the page: label and unit
    "cash_usd": ("All lines, undiscounted", "USD"),
    "running_cash_usd": ("All lines without credits at the end, undiscounted", "USD"),
    "present_cash_usd": ("All lines, in today's money", "USD"),
    "cumulative_present_usd": ("Cumulative cost in today's money, without credits at the end", "USD"),
    "after_tax_cash_usd": ("All lines less the tax they save, undiscounted", "USD"),
    "cash_before_first_month_usd": ("Cash before month 1", "USD"),
    "tco_usd": ("Total, undiscounted", "USD"),
    "net_present_cost_usd": ("Cost in today's money", "USD"),
    "after_tax_net_present_cost_usd": ("Cost less the tax it saves, in today's money", "USD"),
    "levelized_cost_usd_per_mtok": ("Levelised cost per million tokens", "USD/Mtok"),
    "levelized_cost_usd_per_mtok_output": ("Levelised cost per million output tokens", "USD/Mtok"),
}
COMMON_TITLE = "Common"
CALENDAR = ("workload.start_month", "workload.start_year", "finance.fiscal_year_first_month")  # heads the months
START, NEVER, SAME = "from the start", "never", "the same"
UNNAMED_UNITS = {"utilization": "share"}
RESERVED = ("Summary", "Assumptions", "Common", "Break-even", "Notes", "History")


@dataclass(frozen=True, eq=False)
class Book:
    """Everything that the sheets show, with formulas still as expressions.

    `overtaken` has the month after which the second option of a pair stays cheaper than the first.
    """

    recording: Recording
    common: Page
    options: Mapping[str, Page]
    totals: Mapping[str, Mapping[str, Row]]
    break_even: Page
    cumulative: Mapping[str, Row]
    overtaken: Mapping[tuple[str, str], Row]


def book(comparison: Comparison, names: Callable[[str], str]) -> Book:
    """Record the engine on the scenario and arrange what it did; `names` gives the cell name of a path."""
    scenario = comparison.scenario
    recording = record(scenario)
    graph = recording.graph
    graph.fixed.update(CALENDAR)
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
        break_even = Page("Break-even", graph, names, (common, *pages.values()))
        cumulative = _cumulative(break_even, rows)
        overtaken = _overtaken(break_even, rows, comparison)
    for page in (common, *pages.values(), break_even):
        Planner(page, must_have_rows).plan()
    return Book(recording, common, pages, rows, break_even, cumulative, overtaken)


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
    for name, amounts in cost.present_lines().items():
        node = lifted(page.graph, amounts.sum(axis=-1)).node
        page.add(PRESENT, LINES[name].label, "USD", node, monthly=False, kind="present", name=name)
    return {
        name: page.add(TOTALS, label, unit, totals[name].node, monthly=totals[name].ndim > 0, kind="total", name=name)
        for name, (label, unit) in TOTAL_ROWS.items()
    }


def _unit(name: str) -> str:
    by_suffix = (key for key, unit in UNITS.items() if unit.suffix and f"_{name}".endswith(unit.suffix))
    return UNNAMED_UNITS.get(name) or max(by_suffix, key=lambda key: len(UNITS[key].suffix), default="")


def _cumulative(page: Page, rows: Mapping[str, Mapping[str, Row]]) -> dict[str, Row]:
    section = TOTAL_ROWS["cumulative_present_usd"][0]
    found = {slug: row["cumulative_present_usd"] for slug, row in rows.items()}
    return {
        slug: page.add(section, row.page.title, "USD", row.node, monthly=True, kind="total")
        for slug, row in found.items()
    }


def _overtaken(page: Page, rows: Mapping[str, Mapping[str, Row]], comparison: Comparison) -> dict[tuple[str, str], Row]:
    """For each pair: a row of what one saves, one that marks where it is dearer, and the month after the last mark."""
    graph, found = page.graph, {}
    months = Recorded(graph, graph.months, graph.months.value.shape)
    titles = {slug: row["cumulative_present_usd"].page.title for slug, row in rows.items()}
    costs = {slug: Recorded(graph, row["cumulative_present_usd"].node, months.shape) for slug, row in rows.items()}
    for a, b in combinations(titles, 2):
        section = f"{titles[a]} or {titles[b]}"
        saving = lead(costs[a], costs[b])
        noise = np.maximum(saving.max(axis=-1), -saving.min(axis=-1)) * ROUNDING_TOLERANCE
        saved = page.add(section, f"Saved by {titles[b]}", "USD", saving.node, monthly=True)
        least = page.add(section, "Differences that count as none", "USD", lifted(graph, noise).node, monthly=False)
        for before, after, dearer in ((a, b, saving < -noise), (b, a, saving > noise)):
            marks = lifted(graph, np.where(dearer, months, -1))
            mark = f"{titles[after]} still dearer: the month, else \u22121"
            page.add(section, mark, "months", marks.node, monthly=True)
            last = page.add(section, f"Last month of {titles[after]} dearer", "months", marks.max().node, monthly=False)
            stays = f"Month after which {titles[after]} stays cheaper"
            row = page.add(section, stays, "months", last.node, monthly=False, kind="total")
            row.written = partial(_after_last, saved, least, last)
            row.shown = _month_shown(in_time(comparison[before], comparison[after]))
            found[before, after] = row
    return found


def _after_last(saved: Row, least: Row, last: Row) -> str:
    """Where the saving crosses zero for good: between the last month in which it is below and the next."""
    horizon = saved.page.graph.horizon
    row = f"$E{saved.number}:${column(FIRST + horizon)}{saved.number}"
    month = f"$C{last.number}"
    before, after = f"INDEX({row},1,{month}+1)", f"INDEX({row},1,{month}+2)"
    return (
        f'IF($C{least.number}=0,"{SAME}",IF({month}<0,"{START}",IF({month}={horizon},"{NEVER}",'
        f"{month}+{before}/({before}-{after}))))"
    )


def _month_shown(found: TimeBreakEven) -> float | str:
    return found.month if found.outcome == "month" else {"start": START, "never": NEVER, "same": SAME}[found.outcome]


def sheet_titles(labels: Mapping[str, str]) -> dict[str, str]:
    """A sheet name for each option: its label without what Excel forbids, at most 31 characters, each name once.

    Also without brackets, since xlsxwriter would take a name like 'FILTER(2)' for a function, and without commas, on
    which other spreadsheet programs stumble.
    """
    taken, titles = {name.lower() for name in RESERVED}, {}
    for slug, label in labels.items():
        plain = "".join(letter if letter.isalnum() or letter in " -_.+&" else " " for letter in label)
        stem = " ".join(plain.split()) or slug
        title, number = _short(stem, 31), 2
        while title.lower() in taken:
            ending = f" {number}"
            title, number = _short(stem, 31 - len(ending)) + ending, number + 1
        taken.add(title.lower())
        titles[slug] = title
    return titles


def _short(text: str, length: int) -> str:
    """At most `length` characters as Excel counts them, which is in pieces of 16 bits."""
    while len(text.encode("utf-16-le")) // 2 > length:
        text = text[:-1]
    return text.strip()
