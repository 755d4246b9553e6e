"""The strip of switching values: for each assumption that the verdict hangs on, who is the cheapest along it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

import numpy as np

from answers.grid import evenly, logarithmic
from costmodel.arrays import Array
from costmodel.fields import Number
from costmodel.scenario import Scenario, numbers
from costmodel.uncertainty.ranges import Range, drawable
from costmodel.uncertainty.switching import Lead, SwitchingValue, leads, switching_values

MOST = 10  # rows
STEPS = 40  # of a row, evenly along its axis


@dataclass(frozen=True)
class StripRow:
    """Who is the cheapest from `low` to `high` of the number at `path`, and of `also` with it; `likely` is its range.

    `leads` follow each other in ascending order. Of a `logarithmic` row equal ratios are equally far apart.
    """

    path: str
    also: tuple[str, ...]
    today: float
    low: float
    high: float
    likely: tuple[float, float]
    leads: tuple[Lead, ...]

    @property
    def logarithmic(self) -> bool:
        """Whether its ends are so far apart that only ratios can be seen."""
        return logarithmic(self.low, self.high)

    def share(self, value: float) -> float:
        """Where a value lies between the ends, 0 to 1."""
        return share(value, self.low, self.high)

    @property
    def now(self) -> Lead:
        """The lead of today."""
        return self.leads[self._now]

    @property
    def below(self) -> tuple[Lead, ...]:
        """The leads below, from the first on that has another leader than today, the next to it first."""
        return self._beyond(self.leads[: self._now][::-1])

    @property
    def above(self) -> tuple[Lead, ...]:
        """The same above."""
        return self._beyond(self.leads[self._now + 1 :])

    @property
    def distance(self) -> float:
        """From today to the nearest switching value as a share of the row; infinite without one."""
        ends = [lead.high for lead in self.below[:1]] + [lead.low for lead in self.above[:1]]
        return min((abs(self.share(end) - self.share(self.today)) for end in ends), default=np.inf)

    def _beyond(self, leads: Sequence[Lead]) -> tuple[Lead, ...]:
        return tuple(dropwhile(lambda lead: lead.leader == self.now.leader, leads))

    @property
    def _now(self) -> int:
        inside = (i for i, lead in enumerate(self.leads) if self.today <= lead.high)
        return next(inside, len(self.leads) - 1)


def share(value: float, low: float, high: float) -> float:
    """Where a value lies between two ends, 0 to 1; beyond them below or above."""
    if logarithmic(low, high):
        with np.errstate(divide="ignore"):
            low, high, value = np.log((low, high, value))
    return float((value - low) / (high - low))


def distance(scenario: Scenario, spread: Range, found: SwitchingValue) -> float:
    """From today to a switching value as a share of the row that the number has in the strip; infinite without one."""
    if found.at is None or spread.low == spread.high:
        return np.inf
    wide = _wide(spread, numbers(scenario)[found.path])
    ends = min(wide.low, found.today), max(wide.high, found.today)
    return abs(share(found.at, *ends) - share(found.today, *ends))


def strip(scenario: Scenario, ranges: Mapping[str, Range], levers: Sequence[str]) -> tuple[StripRow, ...]:
    """The rows, the nearest switching value first: of numbers that nobody decides, three times as wide as their ranges.

    The first of `levers`, the volume, is always one of them; where few switch, the other levers fill up. Rules count as
    they do in the verdict; a row moves one number alone, everything else as today.
    """
    known = numbers(scenario)
    judged = {path: spread for path, spread in drawable(scenario, ranges).items() if spread.low < spread.high}
    wide = {path: _wide(spread, known[path]) for path, spread in judged.items()}
    found = {each.path: each for each in switching_values(scenario, wide) if each.at is not None}
    movable = [path for path in levers if path in wide]
    chosen = [*dict.fromkeys((*movable[:1], *found, *movable))][:MOST]
    grids = {path: _grid(scenario[path], wide[path], found.get(path)) for path in chosen}
    rows = _rows(scenario, {path: wide[path] for path in chosen}, grids, judged)
    return tuple(sorted((row for row in rows if row.leads), key=lambda row: row.distance))


def anew(scenario: Scenario, rows: Sequence[StripRow]) -> tuple[StripRow, ...]:
    """The same rows in the same order with the same ends, of a scenario that they may have moved."""
    wide = {row.path: Range(row.low, row.low, row.high, "uniform", row.also) for row in rows}
    likely = {row.path: Range(row.likely[0], row.likely[0], row.likely[1], "uniform", row.also) for row in rows}
    grids = {path: _grid(scenario[path], spread, None) for path, spread in wide.items()}
    return tuple(row for row in _rows(scenario, wide, grids, likely) if row.leads)


def _rows(
    scenario: Scenario, wide: Mapping[str, Range], grids: Mapping[str, Array], likely: Mapping[str, Range]
) -> list[StripRow]:
    along = leads(scenario, wide, grids)
    return [
        StripRow(path, wide[path].also, scenario[path], float(grid[0]), float(grid[-1]),
                 (likely[path].low, likely[path].high), along[path])
        for path, grid in grids.items()
    ]  # fmt: skip


def _wide(spread: Range, number: Number) -> Range:
    if spread.low > 0:
        ratio = spread.high / spread.low
        low, high = spread.low / ratio, spread.high * ratio
    else:
        width = spread.high - spread.low
        low, high = spread.low - width, spread.high + width
    return replace(spread, low=max(low, number.low), high=min(high, number.high))


def _grid(today: float, spread: Range, found: SwitchingValue | None) -> Array:
    """Values evenly along the axis, with that of today and the nearest switching value."""
    low, high = min(spread.low, today), max(spread.high, today)
    inner = evenly(low, high, STEPS + 1)[1:-1]
    return np.unique([low, *inner, high, today, *([found.at] if found and found.at is not None else [])])
