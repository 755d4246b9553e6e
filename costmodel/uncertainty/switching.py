"""Switching values: for each number, where another option becomes the cheapest, and which leads along its range."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from costmodel.arrays import Array
from costmodel.comparison import compare
from costmodel.fields import Number
from costmodel.rules import RULES
from costmodel.scenario import Scenario
from costmodel.uncertainty.metrics import first_broken, leading
from costmodel.uncertainty.ranges import Range, checked
from costmodel.uncertainty.runs import outcomes

STEPS = 8  # from today's value to each end of the search, and again within the bracket of a switch
ROUNDS = 8  # of refinement; each divides the bracket by STEPS, together by 17 million
WIDE = 100  # an end further away than this factor is approached in equal ratios, not in equal steps


@dataclass(frozen=True)
class SwitchingValue:
    """The value nearest to `today` at which the cheapest option is another, searched from `low` to `high`.

    `at` is the first value found at which `cheapest`, a slug, leads; it keeps to the rules, or no option does there.
    `change_frac` is how far that is from today, relative to today's value (None when that is 0 or no limit),
    `range_frac` the same relative to the width of the range; both are negative below today. All four are None where the
    verdict never changes within the search.
    """

    path: str
    today: float
    low: float
    high: float
    at: float | None = None
    cheapest: str | None = None
    keeps_rules: bool = True
    change_frac: float | None = None
    range_frac: float | None = None

    @property
    def leader(self) -> str:
        """`cheapest`, or nobody where no option keeps to the rules, or the verdict never changes."""
        return self.cheapest if self.cheapest and self.keeps_rules else ""


@dataclass(frozen=True)
class Lead:
    """From `low` to `high` of a number the option `cheapest`, a slug, leads, all other numbers as today.

    It keeps to the rules, or no option does. `below` and `above` name the rule that it breaks beyond that end, empty
    where it is dearer alone.
    """

    low: float
    high: float
    cheapest: str
    keeps_rules: bool = True
    below: str = ""
    above: str = ""

    @property
    def leader(self) -> str:
        """`cheapest`, or nobody where no option keeps to the rules."""
        return self.cheapest if self.keeps_rules else ""


@dataclass(frozen=True)
class _Side:
    """The search of one number between two values; at `near` the option `leader` leads, at `far` perhaps another."""

    path: str
    number: Number
    spread: Range
    near: float
    far: float
    leader: int
    winner: int = 0

    def values(self) -> Array:
        """Values to try, from the nearest on: beyond `near`, up to and including `far`."""
        ratio = self.far / self.near if self.near else 0
        evenly = np.geomspace if ratio > WIDE or 0 < ratio < 1 / WIDE else np.linspace
        tried = np.append(evenly(self.near, self.far, STEPS + 1)[1:-1], self.far)
        if self.number.whole:
            tried = np.rint(tried)
            tried = tried[np.diff(tried, prepend=self.near) != 0]
        return tried


def switching_values(
    scenario: Scenario, ranges: Mapping[str, Range], *, within_bounds: bool = False
) -> tuple[SwitchingValue, ...]:
    """The nearest switching value of each path; the nearest in relation to its range first, those without last.

    The search goes from today's value to the ends of the range, or with `within_bounds` to those of the field: in 8
    steps, and then into the first step that has another verdict, each round for all paths together. Assumes that the
    verdict does not change and change back within one step, which would not be seen. Values that cannot be count as no
    change.
    """
    known = checked(scenario, ranges, drawn=False)
    ends = {
        path: (known[path].low, known[path].high) if within_bounds else (spread.low, spread.high)
        for path, spread in ranges.items()
    }
    leader = int(leading(compare(scenario)))
    sides = [
        _Side(path, known[path], ranges[path], scenario[path], end, leader)
        for path, (low, high) in ends.items()
        for end, lies_there in ((low, low < scenario[path]), (high, high > scenario[path]))
        if lies_there
    ]
    for _ in range(1 + ROUNDS):
        sides = _closer(scenario, sides)
    found = [
        _switching_value(scenario, path, known[path], ends[path], spread, sides) for path, spread in ranges.items()
    ]
    return tuple(sorted(found, key=lambda each: np.inf if each.range_frac is None else abs(each.range_frac)))


def _closer(scenario: Scenario, sides: Sequence[_Side]) -> list[_Side]:
    """The sides on which the verdict changes, each narrowed to the step in which it does so first."""
    tried = [side.values() for side in sides]
    closer = []
    for side, values, here in zip(sides, tried, _leaders(scenario, sides, tried), strict=True):
        if (changed := np.flatnonzero((here != side.leader) & ~np.isnan(here))).size:
            first = changed[0]
            near = values[first - 1] if first else side.near
            closer.append(replace(side, near=near, far=values[first], winner=int(here[first])))
    return closer


def _leaders(scenario: Scenario, sides: Sequence[_Side], tried: Sequence[Array]) -> list[Array]:
    """Who leads at each value tried of each side, by position; NaN where it cannot be."""
    cases = [side.spread.at(side.path, value) for side, values in zip(sides, tried, strict=True) for value in values]
    winners, _ = outcomes(scenario, cases, leading)
    return np.split(winners, np.cumsum([len(values) for values in tried])[:-1]) if tried else []


def leads(scenario: Scenario, ranges: Mapping[str, Range], grids: Mapping[str, Array]) -> dict[str, tuple[Lead, ...]]:
    """Path -> who is the cheapest along the values of its grid, in ascending order, one lead next to the other.

    Where no option keeps to the rules begins another lead. The ends between leads are found as switching values are,
    within the step of the grid in which they lie; a lead that begins and ends within one step is not seen. Values that
    cannot be belong to the lead before them.
    """
    known, slugs = checked(scenario, {path: ranges[path] for path in grids}, drawn=False), list(scenario.options)
    whole = [_Side(path, known[path], ranges[path], grid[0], grid[-1], -1) for path, grid in grids.items()]
    found = dict(zip(grids, _leaders(scenario, whole, list(grids.values())), strict=True))
    steps = []
    for side in whole:
        can_be = ~np.isnan(found[side.path])
        values, winners = grids[side.path][can_be], found[side.path][can_be].astype(int)
        steps += [
            replace(side, near=values[i], far=values[i + 1], leader=winners[i], winner=winners[i + 1])
            for i in np.flatnonzero(np.diff(winners))
        ]
    turns: list[_Side] = []
    for _ in slugs:  # between two values several may lead in turn
        closed = steps
        for _ in range(ROUNDS):
            closed = _closer(scenario, closed)
        turns += closed
        pairs = zip(steps, closed, strict=True)
        steps = [replace(step, near=turn.far, leader=turn.winner) for step, turn in pairs if turn.winner != step.winner]
    turns.sort(key=lambda turn: turn.far)
    ends = _broken(scenario, turns, slugs)
    return {path: tuple(_leads(grid, found[path], turns, ends, path, slugs)) for path, grid in grids.items()}


def _broken(scenario: Scenario, turns: Sequence[_Side], slugs: Sequence[str]) -> dict[tuple[int, bool], str]:
    """(place of a turn, whether above it) -> the rule that who leads on the other side of it breaks there."""
    beyond = [(i, True, turn.leader, turn.far) for i, turn in enumerate(turns)]
    beyond += [(i, False, turn.winner, turn.near) for i, turn in enumerate(turns)]
    found: dict[tuple[int, bool], str] = {}
    for leader in {leader for *_, leader, _ in beyond if leader >= 0}:
        asked = [(i, above, value) for i, above, who, value in beyond if who == leader]
        cases = [turns[i].spread.at(turns[i].path, value) for i, _, value in asked]
        rules, _ = outcomes(scenario, cases, first_broken(slugs[leader]))
        found |= {(i, above): name for (i, above, _), rule in zip(asked, rules, strict=True)
                  if (name := dict(enumerate(RULES)).get(rule))}  # fmt: skip
    return found


def _leads(
    grid: Array,
    winners: Array,
    turns: Sequence[_Side],
    broken: Mapping[tuple[int, bool], str],
    path: str,
    slugs: Sequence[str],
) -> Iterator[Lead]:
    low, leader, below = float(grid[0]), next((int(winner) for winner in winners if winner == winner), None), ""
    if leader is None:
        return

    for i, turn in enumerate(turns):
        if turn.path == path:
            yield _lead(low, turn.far, slugs, leader, below, broken.get((i, True), ""))
            low, leader, below = float(turn.far), turn.winner, broken.get((i, False), "")
    yield _lead(low, grid[-1], slugs, leader, below, "")


def _lead(low: float, high: float, slugs: Sequence[str], leader: int, below: str, above: str) -> Lead:
    return Lead(low, float(high), _option(leader, slugs), leader >= 0, below, above)


def _option(leader: int, slugs: Sequence[str]) -> str:
    return slugs[leader if leader >= 0 else ~leader]


def _switching_value(
    scenario: Scenario,
    path: str,
    number: Number,
    ends: tuple[float, float],
    spread: Range,
    sides: Sequence[_Side],
) -> SwitchingValue:
    today = scenario[path]
    relative = today and not (number.unlimited and today >= number.high)
    side = min((side for side in sides if side.path == path), key=lambda side: abs(side.far - today), default=None)
    if side is None:
        return SwitchingValue(path, today, *ends)
    change, at = side.far - today, float(side.far)
    return SwitchingValue(
        path=path,
        today=today,
        low=ends[0],
        high=ends[1],
        at=at,
        cheapest=_option(side.winner, list(scenario.options)),
        keeps_rules=side.winner >= 0,
        change_frac=float(change / today) if relative else None,
        range_frac=float(change / (spread.high - spread.low)) if spread.high > spread.low else np.inf,
    )
