"""Drivers: which numbers explain the spread of an outcome."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from costmodel.arrays import Array
from costmodel.errors import ScenarioError
from costmodel.scenario import Scenario
from costmodel.uncertainty.metrics import Metric
from costmodel.uncertainty.montecarlo import MonteCarlo
from costmodel.uncertainty.ranges import Range
from costmodel.uncertainty.sampling import HALF_STEP, SEED, SLICE, Draws

BASE_DRAWS = 1024  # a power of two, as Sobol sequences are even
CONFIDENCE = 0.95
NARROW = 0.05  # half-width of a confidence interval at which an index is known well enough to rank by
CENTRE = 0.5


@dataclass(frozen=True)
class Driver:
    """How the outcome follows one number.

    `rank_correlation` is Spearman's, -1 to 1. `rank_share` is the squared standardised coefficient of a linear
    regression of ranks on ranks: the share of the spread that this number explains while the others are held.
    """

    path: str
    rank_correlation: float
    rank_share: float


@dataclass(frozen=True)
class RankDrivers:
    """Drivers by rank, the strongest first.

    `explained_frac` is the share of the ranks' spread that the regression explains (R²); when it is low, the outcome
    is not monotone in its numbers and only Sobol indices tell. `noise` is the standard error of a rank correlation
    that is truly 0, 1 / sqrt(draws - 1).
    """

    drivers: tuple[Driver, ...]
    explained_frac: float
    noise: float


def rank_drivers(result: MonteCarlo, outcome: Array) -> RankDrivers:
    """Rank correlations and squared standardised rank regression coefficients, from a Monte Carlo run itself.

    `outcome` has one value for each draw done, such as a cost or the difference of two. A draw's place in its range
    (0 to 1) stands for its rank, so that nothing is sorted but the outcome; both differ by 1 / draws. ScenarioError
    when there are not more draws than numbers.
    """
    paths, count = result.draws.paths, result.done
    if count <= len(paths) + 1:
        raise ScenarioError(
            f"{count} simulations are too few to tell {len(paths)} numbers apart; take ten times as many."
        )
    ranks = rankdata(outcome)
    target = (ranks - ranks.mean()) / count
    products, with_target, start = np.zeros((len(paths), len(paths))), np.zeros(len(paths)), 0
    for places in result.draws.probabilities(count):
        centred = places - CENTRE
        products += centred.T @ centred
        with_target += centred.T @ target[start : start + len(places)]
        start += len(places)
    widths, spread = np.sqrt(np.diag(products)), np.sqrt(target @ target)
    varies = np.ptp(ranks) > 0
    correlations = with_target / (widths * spread) if varies else np.zeros(len(paths))
    coefficients = np.linalg.lstsq(products / np.outer(widths, widths), correlations)[0]
    drivers = [
        Driver(path, float(correlation), float(coefficient**2))
        for path, correlation, coefficient in zip(paths, correlations, coefficients, strict=True)
    ]
    return RankDrivers(
        drivers=tuple(sorted(drivers, key=lambda driver: -abs(driver.rank_correlation))),
        explained_frac=float(coefficients @ correlations),
        noise=float(1 / np.sqrt(count - 1)),
    )


@dataclass(frozen=True, eq=False)
class Indices:
    """Sobol indices by dimension, with the half-widths of their 95 % confidence intervals. Shapes (dimensions,).

    `first` is the share of the variance that a number explains by itself, `total` with all it does together with
    others; about 0 in total means that the number may be fixed.
    """

    first: Array
    first_half_width: Array
    total: Array
    total_half_width: Array


def sobol_runs(numbers: int, base_draws: int = BASE_DRAWS) -> int:
    """Runs of the engine that the Sobol indices of so many numbers take: base_draws x (numbers + 2)."""
    return base_draws * (numbers + 2)


@dataclass(frozen=True, eq=False)
class SobolDrivers:
    """Runs done of those wanted; `indices`, in the order of `paths`, once all are done."""

    paths: tuple[str, ...]
    done: int
    wanted: int
    indices: Indices | None = None

    def runs_needed(self, half_width: float = NARROW) -> int:
        """Runs after which every confidence interval is about as narrow as `half_width`: it shrinks with their root."""
        assert self.indices is not None, "known once all runs are done"
        widest = max(self.indices.first_half_width.max(), self.indices.total_half_width.max())
        return int(np.ceil(self.wanted * (widest / half_width) ** 2))


def sobol_drivers(
    scenario: Scenario, ranges: Mapping[str, Range], metric: Metric, base_draws: int = BASE_DRAWS, seed: int = SEED
) -> Iterator[SobolDrivers]:
    """Sobol indices of a metric over the ranges, all drawn independently; yields progress, at last the indices.

    Takes base_draws x (numbers + 2) runs: choose the numbers by rank correlation first. The metric must be finite: of a
    break-even month, which may never come, take the ranks of the Monte Carlo instead.
    """
    draws = Draws(scenario, ranges, seed)
    return _sobol_progress(draws, metric, base_draws)


def _sobol_progress(draws: Draws, metric: Metric, base_draws: int) -> Iterator[SobolDrivers]:
    rows = sobol_sample(len(draws.paths), base_draws, draws.seed)
    values = np.empty(len(rows))
    for start in range(0, len(rows), SLICE):
        if start:
            yield SobolDrivers(draws.paths, start, len(rows))
        part = slice(start, start + SLICE)
        values[part] = metric(draws.compared(rows[part]))
    yield SobolDrivers(draws.paths, len(rows), len(rows), sobol_indices(values, len(draws.paths), draws.seed))


def _problem(dimensions: int) -> dict[str, object]:
    return {"num_vars": dimensions, "names": list(range(dimensions)), "bounds": [[0, 1]] * dimensions}


def sobol_sample(dimensions: int, base_draws: int, seed: int) -> Array:
    """Points of the unit cube for Sobol indices. Shape (base_draws x (dimensions + 2), dimensions)."""
    from SALib.sample import sobol  # takes a third of a second to import, and only this needs it

    return sobol.sample(_problem(dimensions), base_draws, calc_second_order=False, seed=seed) + HALF_STEP


def sobol_indices(values: Array, dimensions: int, seed: int) -> Indices:
    """First-order and total Sobol indices (SALib: Saltelli 2010, Jansen's total) of the values at those points."""
    from SALib.analyze import sobol

    if not np.isfinite(values).all():
        raise ScenarioError("Sobol indices need an outcome that is a finite number in every simulation.")
    if np.ptp(values) == 0:
        nothing = np.zeros(dimensions)
        return Indices(nothing, nothing, nothing, nothing)
    found = sobol.analyze(
        _problem(dimensions), values, calc_second_order=False, conf_level=CONFIDENCE, seed=seed + 1
    )  # SALib takes a seed of 0 for none
    return Indices(found["S1"], found["S1_conf"], found["ST"], found["ST_conf"])
