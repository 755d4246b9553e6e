"""Which row stands where: named quantities, and the helpers that keep every formula short enough to read."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from costmodel.names import first_free
from reports.recorder.graph import CONDITIONS, Graph, Node
from reports.recorder.shapes import takes_turns
from reports.recorder.sites import assigned_name

HEADER = 4  # the row with the months
FIRST = 4  # the column of today, counted from 0: E
THIS, BEFORE = "\x01", "\x02"  # stand for the letters of a formula's column and of the one before
LONGEST = 150  # characters of a formula before its parts get rows of their own
SHARED = 30  # characters of a part used twice before it gets a row of its own
REFERENCE, INPUT, OTHER_SHEET, CALL = 5, 18, 12, 35  # characters of a cell, a name, another sheet's cell, a function


def column(index: int) -> str:
    """Letters of a column counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(eq=False)
class Row:
    """One row of a page: a value for each month, or a single one."""

    page: "Page"
    label: str
    unit: str
    node: Node
    monthly: bool
    kind: str = "quantity"  # or helper, line, total
    name: str = ""
    part: str = ""  # of the demand, when it is not the whole of it
    number: int = 0
    written: Callable[[], str] | None = None  # a formula of its own, where the expression is none
    shown: float | str | None = None  # and its value

    @property
    def values(self) -> np.ndarray:
        """The engine's values: one, or one for each column."""
        shape = self.page.graph.months.value.shape if self.monthly else ()
        return np.broadcast_to(self.node.value, shape).astype(float)


@dataclass(eq=False)
class Section:
    """Rows under one heading."""

    title: str
    rows: list[Row] = field(default_factory=list)


@dataclass(eq=False)
class Page:
    """One sheet of rows. Looks for the row of an expression on itself first, then on the pages that it may refer to."""

    title: str
    graph: Graph
    names: Callable[[str], str]
    refers_to: tuple["Page", ...] = ()
    sections: list[Section] = field(default_factory=list)
    placed: dict[int, Row] = field(default_factory=dict)
    lines: dict[int, Row] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """The sheet's name in a formula of another one."""
        if self.title.isascii() and self.title.isalpha() and len(self.title) > 3:  # cannot be taken for a cell
            return f"{self.title}!"
        return "'" + self.title.replace("'", "''") + "'!"

    @property
    def rows(self) -> list[Row]:
        """All rows from top to bottom."""
        return [row for section in self.sections for row in section.rows]

    def found(self, node: Node) -> Row | None:
        """The row that an expression has, if any."""
        for page in (self, *self.refers_to):
            if row := page.placed.get(id(node)):
                return row
        return None

    def section(self, title: str) -> Section:
        """The section of this title, new at the end when there is none."""
        for section in self.sections:
            if section.title == title:
                return section
        self.sections.append(Section(title))
        return self.sections[-1]

    def add(self, section: str, label: str, unit: str, node: Node, *, monthly: bool | None = None, **more) -> Row:
        """Put a named expression into the section; its row is referred to from now on."""
        rows = self.section(section).rows
        monthly = node.monthly if monthly is None else monthly
        row = Row(self, unused(label, rows), unit, node, monthly, **more)
        rows.append(row)
        self.place(row)
        return row

    def has(self, label: str, node: Node) -> bool:
        """Whether this very result already has a row with this label."""
        row = self.placed.get(id(node))
        return row is not None and row.label == label

    def positions(self, node: Node) -> Node:
        """The row of fixed numbers that says which value a choice takes in each column."""
        positions = node.extra if node.op == "choose" else node.extra[0]
        return self.graph.constants(np.array(positions) + 1.0)

    def group_name(self, node: Node) -> str:
        """Name of the range of inputs that a choice chooses from, when they are one group of the scenario."""
        if any(arg.op != "input" for arg in node.args):
            return ""
        group = node.args[0].extra[0].rpartition(".")[0]
        known = self.graph.group(group)
        is_group = len(known) > 1 and known == node.args and not any(arg.extra[0] in self.graph.fixed for arg in known)
        return self.names(group) if is_group else ""

    def place(self, row: Row) -> None:
        """Let the row stand for its expression, unless that is as short as a reference."""
        if row.kind == "line":
            self.lines.setdefault(id(row.node), row)
        if row.node.op not in ("number", "input", "months") and row.monthly == row.node.monthly:
            self.placed.setdefault(id(row.node), row)


class Planner:
    """Gives the rows of a page their helpers and numbers. `must_have_rows` says what can only be referred to."""

    def __init__(self, page: Page, must_have_rows: Callable[[Page, Node], list[Node]]) -> None:
        self.page, self.must_have_rows = page, must_have_rows
        self.uses: Counter[int] = Counter()
        self.settled: set[int] = set()

    def plan(self) -> None:
        """Split what is long or used twice, then number the rows from the top."""
        for row in self.page.rows:
            self._count(row.node, set())
        for section in self.page.sections:
            for row in list(section.rows):
                if self.page.found(row.node) in (row, None):
                    self._settle(row.node, section, row)
        number = HEADER + 1
        for section in self.page.sections:
            number += 1  # its heading
            for row in section.rows:
                row.number, number = number, number + 1
            number += 1  # a blank line

    def _count(self, node: Node, seen: set[int]) -> None:
        if id(node) not in seen:
            seen.add(id(node))
            for arg in node.args:
                self.uses[id(arg)] += not (node.op == arg.op == "add")  # terms of one sum are no parts of their own
                if not self.page.found(arg):
                    self._count(arg, seen)

    def _settle(self, node: Node, section: Section, row: Row) -> None:
        if id(node) in self.settled:
            return
        self.settled.add(id(node))
        for arg in node.args:
            if self.page.found(arg):
                continue
            self._settle(arg, section, row)
            if arg.op == "constants" or (not arg.is_leaf and self.uses[id(arg)] > 1 and self.length(arg) >= SHARED):
                self._help(arg, section, row)
        if node.op == "look" or (node.op == "choose" and not takes_turns(node.extra, len(node.args))):
            self._help(self.page.positions(node), section, row)
        for needed in self.must_have_rows(self.page, node):
            self._help(needed, section, row)
        while self._own_length(node) > LONGEST:
            parts = [arg for arg in node.args if not arg.is_leaf and not self.page.found(arg)]
            longest = max(parts, key=self.length, default=None)
            if longest is None or self.length(longest) <= OTHER_SHEET:
                break
            self._help(longest, section, row)

    def _help(self, node: Node, section: Section, row: Row) -> None:
        if self.page.found(node):
            return
        name = assigned_name(node.site).replace("_", " ") if node.site else ""
        label = unused(f"{row.label}: {name or 'part'}", section.rows)
        helper = Row(self.page, label, "", node, node.monthly, "helper", part=row.part)
        section.rows.insert(section.rows.index(row), helper)
        self.page.place(helper)

    def length(self, node: Node) -> int:
        """About how many characters an expression takes within a formula."""
        if row := self.page.found(node):
            return REFERENCE if row.page is self.page else OTHER_SHEET
        return self._own_length(node)

    def _own_length(self, node: Node) -> int:
        if node.op == "input":
            return REFERENCE if node.extra[0] in self.page.graph.fixed else INPUT
        if node.is_leaf:
            return REFERENCE
        if node.op in ("choose", "lag", "window"):
            return CALL
        if node.op == "add" and all(self.page.found(term) for term in _terms(node, self.page)):
            return CALL
        return sum(self.length(arg) for arg in node.args) + (1 if node.op not in CONDITIONS else 3) + REFERENCE


def unused(label: str, rows: list[Row]) -> str:
    """The label, with a number when a row of the section has it already."""
    return first_free(label, lambda number: f"{label} ({number})", {row.label for row in rows})


def _terms(node: Node, page: Page) -> list[Node]:
    if node.op != "add" or page.found(node):
        return [node]
    return [term for arg in node.args for term in _terms(arg, page)]
