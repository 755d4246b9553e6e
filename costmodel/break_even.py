"""Where one option overtakes another: in time, and along any path of the scenario."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from costmodel.arrays import Array
from costmodel.comparison import Comparison, OptionCost, compare
from costmodel.finance import last_crossing
from costmodel.scenario import Scenario
from costmodel.units import ROUNDING_TOLERANCE

REFINEMENTS, REFINED_POINTS = 3, 101  # each round divides a bracket by the number of points less one


@dataclass(frozen=True)
class Crossing:
    """A place where two cost curves meet; `cheaper` names the one that is cheaper beyond it."""

    at: float
    usd: float
    cheaper: str


@dataclass(frozen=True)
class TimeBreakEven:
    """How B's cumulative cost compares with A's over the horizon, for a single scenario.

    Of discounted cash without the credits at the end of the horizon, so that the curves are those of the net present
    cost. `outcome` is 'start' (B is never dearer), 'month' (B stays cheaper after `month`), 'never' (B is dearer at
    the end) or 'same'.
    """

    outcome: str
    month: float | None
    crossings: tuple[Crossing, ...]


def lead(a: Array, b: Array) -> Array:
    """B's saving against A, with differences below the tolerance taken as none. Same shape as the inputs."""
    difference = a - b
    return np.where(np.abs(difference) <= ROUNDING_TOLERANCE * np.maximum(np.abs(a), np.abs(b)), 0, difference)


def in_time(a: OptionCost, b: OptionCost) -> TimeBreakEven:
    """Whether and when B overtakes A by cumulative discounted cash, without the credits at the end of the horizon."""
    saving = lead(a.cumulative_present_usd, b.cumulative_present_usd)
    if not saving.any():
        return TimeBreakEven("same", None, ())
    found = tuple(
        Crossing(at, float(np.interp(at, np.arange(saving.size), b.cumulative_present_usd)), b.slug if up else a.slug)
        for at, up in sign_changes(np.arange(saving.size, dtype=float), saving)
    )
    month = float(last_crossing(saving))
    if np.isnan(month) or (saving[-1] <= 0 and month > 0):
        return TimeBreakEven("never", None, found)
    return TimeBreakEven("month" if month > 0 else "start", month or None, found)


def sign_changes(positions: Array, values: Array) -> list[tuple[float, bool]]:
    """`values`' changes of sign as (position, whether they turn positive), interpolated; zeros are skipped."""
    known = np.flatnonzero(values)
    return [
        (float(_zero(positions[i], positions[i + 1], values[i], values[i + 1])), bool(values[j] > 0))
        for i, j in pairwise(known)
        if values[i] * values[j] < 0
    ]


def _zero(x0: float, x1: float, y0: float, y1: float) -> float:
    return x0 + (x1 - x0) * y0 / (y0 - y1)


@dataclass(frozen=True)
class Sweep:
    """Every option at many values of one path; curves have the shape of `values`."""

    path: str
    values: Array
    options: Comparison

    def present_cost_usd(self, slug: str) -> Array:
        """Net present cost at each value."""
        return self._curve(self.options[slug].net_present_cost_usd)

    def levelized_cost_usd_per_mtok(self, slug: str) -> Array:
        """Levelised cost per million tokens at each value."""
        return self._curve(self.options[slug].levelized_cost_usd_per_mtok)

    def gpus(self, slug: str) -> Array | None:
        """GPUs of its servers or instances in the last month at each value; None for an option without."""
        gpus = self.options[slug].quantities.get("gpus")
        return None if gpus is None else self._curve(gpus[..., -1])

    def _curve(self, metric: Array) -> Array:
        return np.broadcast_to(metric, self.values.shape)


def sweep(scenario: Scenario, path: str, values: Sequence[float] | Array) -> Sweep:
    """`scenario` with `path` at each of `values`: all its options, in one run of the engine."""
    points = np.asarray(values, dtype=float)
    return Sweep(path, points, compare(scenario.vary({path: points[:, np.newaxis]})))


def along(scenario: Scenario, path: str, grid: Sequence[float] | Array, a: str, b: str) -> tuple[Crossing, ...]:
    """Values of a number at which two options have the same net present cost, all else as today.

    Found on a grid, then refined; whole servers make steps, at which the refined value is the step's edge.
    """
    points = np.asarray(grid, dtype=float)
    coarse = sweep(scenario, path, points)
    saving = lead(coarse.present_cost_usd(a), coarse.present_cost_usd(b))
    known = np.flatnonzero(saving)
    brackets = [(points[i], points[j]) for i, j in pairwise(known) if saving[i] * saving[j] < 0]
    return tuple(_refined(scenario, path, bracket, a, b) for bracket in brackets)


def _refined(scenario: Scenario, path: str, bracket: tuple[float, float], a: str, b: str) -> Crossing:
    low, high = bracket
    for _ in range(REFINEMENTS):
        fine = sweep(scenario, path, np.linspace(low, high, REFINED_POINTS))
        cost_a, cost_b = fine.present_cost_usd(a), fine.present_cost_usd(b)
        signs = np.sign(lead(cost_a, cost_b))
        first = int(np.argmax(signs == signs[-1]))
        low, high = fine.values[first - 1], fine.values[first]
    return Crossing(float(high), float(cost_b[first]), b if signs[-1] > 0 else a)
