"""The engine, run on recorded inputs: the same functions, a scenario whose numbers keep their names.

A quantity's memo is where its result becomes a row, so a new quantity needs no further work here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from pydantic import PrivateAttr

from costmodel.comparison import OptionCost
from costmodel.demand import Task
from costmodel.errors import At, ScenarioError
from costmodel.fields import Record
from costmodel.option import costs
from costmodel.quantity import QUANTITIES
from costmodel.scenario import Scenario, numbers
from reports.recorder.arrays import Recorded, RecordingError, lifted
from reports.recorder.graph import Graph, Node
from reports.recorder.sites import assigned_name

COMMON = ""  # where the rows of the scenario itself are kept; those of an option under its slug


@dataclass(frozen=True, eq=False)
class Named:
    """A result that is worth a row: where it is kept, what it is, and its expression."""

    sheet: str
    name: str
    label: str
    unit: str
    node: Node
    part: str = ""  # of the demand, when it is not the whole of it


@dataclass(eq=False)
class Recording:
    """What was recorded: every named result in the order of its making, and the costs of each option."""

    scenario: Scenario
    graph: Graph
    quantities: list[Named] = field(default_factory=list)
    costs: dict[str, OptionCost] = field(default_factory=dict)

    def keep(self, sheet: str, part: str, name: str, result: Any) -> Any:
        """Make a quantity's result a row and hand back what the engine goes on with; nothing else is a row here."""
        if name not in QUANTITIES:
            return result
        if isinstance(result, tuple):
            return tuple(self._kept(sheet, part, name, value, _member(value, i)) for i, value in enumerate(result))
        return self._kept(sheet, part, name, result, "")

    def _kept(self, sheet, part, name, result, member):
        if isinstance(result, str | None):
            return result
        recorded, quantity = lifted(self.graph, result), QUANTITIES[name]
        if recorded.node is None:
            raise RecordingError(f"The quantity {name} is a part of the months: make it one value for each column.")
        label = f"{quantity.label}: {member}" if member else quantity.label
        self.quantities.append(Named(sheet, name, label, quantity.unit, recorded.node, part))
        return recorded


def _member(value: Any, i: int) -> str:
    node = value.node if isinstance(value, Recorded) else None
    name = assigned_name(node.site).replace("_", " ") if node is not None and node.site else ""
    return name or f"part {i + 1}"


class Rows(dict):
    """The memo of a scenario or task that is recorded: what is put in becomes a row of the workbook."""

    def __init__(self, recording: Recording, sheet: str, main: Task | None = None) -> None:
        super().__init__()
        self.recording, self.sheet, self.main, self.part = recording, sheet, main, ""

    def __setitem__(self, name: str, result: Any) -> None:
        super().__setitem__(name, self.recording.keep(self.sheet, self.part, name, result))


class RecordedScenario(Scenario):
    """A scenario whose open numbers are recorded. Built without validation: it is a copy of one that passed."""

    _rows: Rows = PrivateAttr()

    @property
    def memo(self) -> dict:
        """Where quantities of the scenario are kept."""
        return self._rows


@dataclass(frozen=True, eq=False)
class RecordedTask(Task):
    """A task whose quantities become rows, and whose parts handed to other options do so too."""

    def handed(self, option, **changes):
        """As in the engine; the rows stay with the option that hands on, and say which part they are of."""
        rows = Rows(self.memo.recording, self.memo.sheet, self.memo.main or self)
        task = replace(self, option=option, memo=rows, **changes)
        rows.part = _part(task, rows.main)
        return task


def _part(task: Task, main: Task) -> str:
    words = [task.option.label] if task.option is not main.option else []
    first, last = _months(task)
    if (first, last) != _months(main):
        words.append(f"months {first} to {last}")
    if task.low is not main.low or task.high is not main.high:
        words.append("its band of the load")
    if task.share is not main.share:
        words.append("its share")
    return ", ".join(words)


def _months(task: Task) -> tuple[int, int]:
    last = task.scenario.finance.horizon_months if task.last_month is None else task.last_month
    return int(task.first_month), int(last)


def record(scenario: Scenario) -> Recording:
    """Run the engine once on the scenario with its numbers recorded.

    Whole numbers that Python itself asks for (a horizon, a life in months) set the shape of the arrays: the graph
    notes them as fixed. Raises ScenarioError for a scenario of many runs, RecordingError when the engine does
    something that has no formula.
    """
    known = numbers(scenario)
    graph = Graph(scenario.finance.horizon_months)
    open_inputs = {}
    for path, spec in known.items():
        value = scenario[path]
        if np.ndim(value):
            raise ScenarioError("{path} holds {count} values; a workbook is made of one scenario, not of many.",
                                path=At(path), count=np.size(value))  # fmt: skip
        open_inputs[path] = Recorded(graph, graph.input(path, value, spec.whole), ())
    recording = Recording(scenario, graph)
    recorded = _recorded_group(scenario, "", open_inputs, RecordedScenario)
    recorded._rows = Rows(recording, COMMON)
    with np.errstate(all="ignore"):
        for slug, option in recorded.options.items():
            task = RecordedTask(recorded, option, memo=Rows(recording, slug))
            recording.costs[slug] = OptionCost(slug, task, costs(task))
    return recording


def _recorded_group(group: Record, prefix: str, inputs: Mapping[str, Recorded], kind: type[Record] | None = None):
    values = {}
    for name in type(group).model_fields:
        value, path = getattr(group, name), prefix + name
        if isinstance(value, Record):
            values[name] = _recorded_group(value, f"{path}.", inputs)
        elif isinstance(value, Mapping):
            values[name] = MappingProxyType(
                {key: _recorded_group(member, f"{path}.{key}.", inputs) for key, member in value.items()}
            )
        else:
            values[name] = inputs.get(path, value)
    return (kind or type(group)).model_construct(**values)
