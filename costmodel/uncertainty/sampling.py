"""Draws: numbers for every drawn path, from one seed, in slices, with rank correlations where they are known."""

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from costmodel.arrays import Array
from costmodel.caching import cached_property
from costmodel.comparison import Comparison, compare
from costmodel.errors import Amount, At, ScenarioError, nearest
from costmodel.fields import Number
from costmodel.numerals import numeral
from costmodel.scenario import Scenario, numbers, relied_on
from costmodel.uncertainty.ranges import Range, checked, quantile

SEED = 1
SLICE = 1024  # runs that the engine works on at once: more leave the processor's cache, fewer repeat its overhead
MOST_DRAWS = 1_000_000
FEW = 256  # draws whose points are remembered, half a megabyte: those of a band, asked for at each step of a lever
SOBOL_BITS = 30
HALF_STEP = 0.5**SOBOL_BITS / 2  # moves the sequence off 0: probabilities are then strictly between 0 and 1
RANKS_TO_NORMAL = 6  # correlation of normal scores = 2 sin(pi / 6 x rank correlation); Pearson, 1907


@dataclass(frozen=True, eq=False)
class Draws:
    """What chance draws from: a scenario, the ranges of some of its numbers, a seed, and rank correlations by pair.

    The points are a scrambled Sobol sequence (scipy.stats.qmc): the first n of them are a sample of their own for any
    n, so that a run can be stopped, watched and sliced. The same seed gives the same draws. ScenarioError with one
    sentence when a range or a correlation is not right.
    """

    scenario: Scenario
    ranges: Mapping[str, Range]
    seed: int = SEED
    correlations: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.ranges:
            raise ScenarioError("No number has a range to vary in: give at least one number a low and a high.")
        _ = (
            self._today,
            self._numbers,
            self._mixing,
        )  # refuses what is not right at once

    @cached_property
    def _today(self) -> Comparison:
        return compare(self.scenario)

    @cached_property
    def _numbers(self) -> dict[str, Number]:
        return checked(self.scenario, self.ranges, drawn=True)

    @cached_property
    def _mixing(self) -> tuple[list[int], Array]:
        return _mixing(self.paths, self.correlations)

    @property
    def paths(self) -> tuple[str, ...]:
        """The drawn paths, in the order of their columns."""
        return tuple(self.ranges)

    def probabilities(self, count: int, size: int = SLICE, start: int = 0) -> Iterator[Array]:
        """Slices of `count` draws but for the first `start`: each draw's place in the range of each path.

        Shape (up to `size`, paths), 0 to 1.
        """
        mixed, factor = self._mixing
        for points in self._points(count, size, start):
            if mixed:
                points = points.copy()
                points[:, mixed] = ndtr(ndtri(points[:, mixed]) @ factor.T)
            yield points

    def _points(self, count: int, size: int, start: int) -> Iterator[Array]:
        if start == 0 and count <= min(size, FEW):
            return iter([_few(len(self.ranges), self.seed, count)])
        return _sobol(deepcopy(_sequence(len(self.ranges), self.seed)), count, size, start)

    def changes(self, probabilities: Array, without: Collection[str] = ()) -> dict[str, Array]:
        """Path -> drawn values for `Scenario.vary`. Shape (draws, 1), within the bounds of the field.

        Those of the options in `without` are left out.
        """
        left_out = tuple(f"options.{slug}." for slug in without)
        changes: dict[str, Array] = {}
        for column, (path, spread) in enumerate(self.ranges.items()):
            moved = [each for each in (path, *spread.also) if not each.startswith(left_out)]
            if moved:
                values = _drawn(spread, self._numbers[path], probabilities[:, column].tobytes())
                changes |= dict.fromkeys(moved, values)
        return changes

    def compared(self, probabilities: Array, only: str = "") -> Comparison:
        """The comparison of these draws, one run each; ScenarioError when one breaks a rule between fields.

        With the slug of an option, `only` what its cost hangs on is drawn.
        """
        without = self.scenario.options.keys() - relied_on(self.scenario, only) if only else ()
        try:
            return compare(self.scenario.vary(self.changes(probabilities, without)), self._today, rise_from=self._today)
        except ScenarioError as refusal:
            raise ScenarioError("Not every simulation is possible, so narrow the ranges: {why}", why=refusal) from None


def check_correlations(scenario: Scenario, correlations: Mapping[tuple[str, str], float]) -> None:
    """Refuse correlations of what is no number of the scenario, and those that no numbers can all have."""
    known, named = numbers(scenario), {path for pair in correlations for path in pair}
    if unknown := sorted(named - known.keys()):
        raise ScenarioError(f"{unknown[0]!r:.120} is not a number of this scenario.{nearest(unknown[0], list(known))}")
    _mixing(tuple(sorted(named)), correlations)


def check_count(count: int) -> None:
    """Refuse a number of draws that is none or more than anybody waits for."""
    if not 1 <= count <= MOST_DRAWS:
        most = numeral(MOST_DRAWS, ",")
        raise ScenarioError(f"The number of simulations is {count}; it must lie between 1 and {most}.")


@lru_cache(maxsize=512)  # a scenario that was changed draws most of its numbers from the same ranges as before
def _drawn(spread: Range, number: Number, probabilities: bytes) -> Array:
    """Values of a range, read-only, at probabilities in the form that can be remembered. Shape (draws, 1)."""
    values = quantile(spread, number, np.frombuffer(probabilities))[:, np.newaxis]
    values.flags.writeable = False
    return values


@lru_cache(maxsize=4)  # a scenario that was changed has as many ranges as before
def _sequence(columns: int, seed: int) -> qmc.Sobol:
    """The sequence at its beginning: to scramble it takes as long as many draws."""
    return qmc.Sobol(columns, bits=SOBOL_BITS, rng=seed)


@lru_cache(maxsize=4)
def _few(columns: int, seed: int, count: int) -> Array:
    """The first points of the sequence, read-only. Shape (count, columns)."""
    (points,) = _sobol(deepcopy(_sequence(columns, seed)), count, count, 0)
    points.flags.writeable = False
    return points


def _sobol(engine: qmc.Sobol, count: int, size: int, begun: int) -> Iterator[Array]:
    first = engine.random(1)  # asked for on its own: scipy warns of any first number that is not a power of two
    if begun:
        engine.fast_forward(begun - 1)
        first = first[:0]
    for start in range(begun, count, size):
        rest = engine.random(min(size, count - start) - len(first))
        yield np.concatenate([first, rest]) + HALF_STEP
        first = first[:0]


def _mixing(paths: tuple[str, ...], correlations: Mapping[tuple[str, str], float]) -> tuple[list[int], Array]:
    """Columns that are correlated, and the factor that makes independent normal scores so (a Gaussian copula)."""
    named = {path for pair in correlations for path in pair}
    if unknown := sorted(named - set(paths)):
        raise ScenarioError(f"A correlation names {unknown[0]!r:.120}, which has no range to vary in.")
    mixed = [path for path in paths if path in named]
    matrix = np.eye(len(mixed))
    for (one, other), correlation in correlations.items():
        if one == other or not -1 < correlation < 1:
            raise ScenarioError(
                "The rank correlation of {one} with {other} is {value}; it must lie between -1 and 1, both excluded, "
                "and join two different numbers.",
                one=At(one),
                other=At(other),
                value=Amount(correlation, ""),
            )
        i, j = mixed.index(one), mixed.index(other)
        if matrix[i, j]:
            raise ScenarioError("The rank correlation of {one} with {other} is given twice.", one=At(one),
                                other=At(other))  # fmt: skip
        matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi / RANKS_TO_NORMAL * correlation)
    try:
        factor = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        parts = {f"path_{place}": At(path) for place, path in enumerate(mixed)}
        raise ScenarioError(
            f"The rank correlations of {', '.join(f'{{{name}}}' for name in parts)} contradict each other: no numbers "
            "can have them all; bring the largest of them closer to 0.",
            **parts,
        ) from None
    return [paths.index(path) for path in mixed], factor
