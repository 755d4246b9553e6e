"""The default scenario: low, base, high and the reason for every number that no catalogue writes.

Scenario-wide rows of assumptions.csv are named by their path (`workload.growth_per_year`), rows of an option by its
kind and the path within it (`on_prem.serving.step_overhead_ms`). switches.csv holds what is not a number. Fields that
a catalogue writes have no row, so that an option without a choice from the catalogue is refused by the engine.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

import costmodel.options  # noqa: F401  (registers the kinds)
from costmodel.errors import ScenarioError, nearest
from costmodel.option import KINDS
from costmodel.units import UNITS
from pricing.facts import FOLDER, Fact, Text
from pricing.reading import read

GROUPS = ("workload", "application", "people", "energy", "risk", "rules", "finance")


class Assumption(Fact):
    """Low, base and high of one number.

    Low and high are the least and the most that one would defend; of a lognormal they are its 5 % and 95 % points and
    base is its median. `not_drawn` marks terms of contracts, whole numbers and decisions of the reader: they can be
    varied one by one, but are not a matter of chance.
    """

    path: Text
    low: float
    base: float
    high: float
    unit: Text
    distribution: Literal["triangular", "pert", "uniform", "lognormal", "not_drawn"]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.base <= self.high:
            raise ValueError(f"low {self.low:g}, base {self.base:g} and high {self.high:g} are not in order")
        if self.distribution not in ("not_drawn", "uniform") and self.low == self.high:
            raise ValueError("low equals high: there is nothing to draw")
        if self.distribution == "lognormal" and self.low <= 0:
            raise ValueError("a lognormal needs a low above 0")
        if self.unit not in UNITS:
            raise ValueError(f"unit {self.unit!r} is not in units.UNITS")
        if not self.why:
            raise ValueError("every assumption says why")
        return self


class Switch(BaseModel):
    """Base of a field that is not a number: a choice, a text, or true / false."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    path: Text
    value: str
    why: Text

    @property
    def typed(self) -> str | bool:
        """The value as the field takes it."""
        return {"true": True, "false": False}.get(self.value, self.value)


Entry = TypeVar("Entry", Assumption, Switch)


@cache
def assumptions() -> Mapping[str, Assumption]:
    """Path -> row, in the order of the file."""
    return _by_path(read(Assumption, FOLDER.parent / "assumptions.csv"))


@cache
def switches() -> Mapping[str, Switch]:
    """Path -> row, in the order of the file."""
    return _by_path(read(Switch, FOLDER.parent / "switches.csv"))


def assumption(path: str, kind: str = "") -> Assumption | None:
    """Row behind a path of a scenario; `kind` is that of the option the path lies in. None: a catalogue writes it."""
    if path.startswith("options."):
        _, _, within = path.split(".", 2)
        return assumptions().get(f"{kind}.{within}")
    return assumptions().get(path)


def base_groups() -> dict[str, Any]:
    """Workload, application, people, energy, risk, rules and finance of the default scenario, as nested groups."""
    return {group: _nested(group) for group in GROUPS}


def base_option(kind: str) -> dict[str, Any]:
    """What every option of a kind starts from, as nested groups; a choice from the catalogue supplies the rest."""
    if kind not in KINDS:
        raise ScenarioError(f"{kind!r:.60} is not a kind of option.{nearest(kind, list(KINDS))}")
    return {"kind": kind, **_nested(kind)}


def _nested(head: str) -> dict[str, Any]:
    groups: dict[str, Any] = {}
    for middle, last, value in _below().get(head, ()):
        group = groups
        for name in middle:
            group = group.setdefault(name, {})
        group[last] = value
    return groups


@cache
def _below() -> Mapping[str, list[tuple[list[str], str, Any]]]:
    """Head -> (groups below it, name, base) of each row, in the order of the files."""
    values: dict[str, Any] = {path: row.base for path, row in assumptions().items()}
    values |= {path: row.typed for path, row in switches().items()}
    found: dict[str, list[tuple[list[str], str, Any]]] = {}
    for path, value in values.items():
        head, *middle, last = path.split(".")
        found.setdefault(head, []).append((middle, last, value))
    return found


def _by_path(rows: tuple[Entry, ...]) -> dict[str, Entry]:
    by_path = {row.path: row for row in rows}
    if len(by_path) != len(rows):
        raise ValueError("two rows have the same path")
    return by_path
