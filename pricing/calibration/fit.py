"""The fit: constants of all pairs at once, and what they would be without some of the rows.

Least squares of the logarithm of the rate with soft-L1 weights, so that a run that went wrong does not count much, and
the hierarchy's prior. What is left out of a pair changes that pair's own constants most: its prior without its rows
(the cavity) follows from the whole fit in closed form, and seven constants are fitted anew.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from pricing.calibration.hierarchy import CONSTANTS, Pair, constants_of, covariance, pair_of, typical
from pricing.calibration.observations import Observation, Table

NOISE = {"point": 0.12, "ceiling": 0.12, "Offline": 0.2, "Server": 0.2, "Interactive": 0.25}  # sd of the log rate
SIZE = len(CONSTANTS)
STEP, LONGEST_STEP, ROUNDS, ENOUGH = 1e-4, 1.5, 60, 1e-6


@dataclass
class Fit:
    """Transformed constants of each pair, shape (pairs, constants), and the curvature around them."""

    table: Table
    pairs: list[Pair]
    pair: np.ndarray  # of each row, an index into pairs
    noise: np.ndarray
    prior: np.ndarray  # precision, shape (pairs x constants,) squared
    values: np.ndarray

    @classmethod
    def of(cls, observed: tuple[Observation, ...], rounds: int = ROUNDS) -> "Fit":
        """The constants that fit all observations best."""
        keys = [pair_of(row.model, row.precision, row.gpu) for row in observed]
        pairs = list(dict.fromkeys(keys))
        index = {pair: number for number, pair in enumerate(pairs)}
        size = len(pairs) * SIZE
        prior = np.zeros((size, size))
        for constant, inverted in enumerate(np.linalg.inv(covariance(pairs, pairs))):
            prior[constant::SIZE, constant::SIZE] = inverted
        noise = np.array([NOISE[row.question] for row in observed])
        values = np.tile(typical(), (len(pairs), 1))
        fit = cls(Table.of(observed), pairs, np.array([index[key] for key in keys]), noise, prior, values)
        fit.values = fit.without(np.array([], dtype=int), rounds)
        return fit

    def without(self, left_out: np.ndarray, rounds: int = ROUNDS) -> np.ndarray:
        """Values of all pairs without those rows, by the whole fit again."""
        kept = np.setdiff1d(np.arange(len(self.pair)), left_out)
        prior_mean = np.tile(typical(), (len(self.pairs), 1))
        return _descend(self, kept, self.pair[kept], self.values, prior_mean, self.prior, rounds)

    def cavities(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Of each pair the prior that all other pairs leave it: (mean, precision)."""
        _, gradient, curvature = _data_terms(self, np.arange(len(self.pair)), self.pair, self.values)
        inverse = np.linalg.inv(_with_blocks(self.prior, curvature))
        result = []
        for number in range(len(self.pairs)):
            block = slice(number * SIZE, (number + 1) * SIZE)
            precision = np.linalg.inv(inverse[block, block]) - curvature[number]
            precision = (precision + precision.T) / 2
            result.append((self.values[number] - np.linalg.solve(precision, gradient[number]), precision))
        return result

    def refitted(self, cavity: tuple[np.ndarray, np.ndarray], kept: np.ndarray) -> np.ndarray:
        """Values of one pair from its cavity and those of its rows alone, shape (1, constants)."""
        mean, precision = cavity[0][None, :], cavity[1]
        if not len(kept):
            return mean
        return _descend(self, kept, np.zeros(len(kept), dtype=int), mean, mean, precision, ROUNDS)

    def errors(self, tested: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Logarithm of predicted over measured rate of those rows; `values` one for all or one for each pair."""
        each = values[np.zeros(len(tested), dtype=int) if len(values) == 1 else self.pair[tested]]
        part = self.table.take(tested)
        return part.predicted(constants_of(each)) - part.log_rate

    def elsewhere(self, pairs: list[Pair]) -> np.ndarray:
        """Values of pairs that were not measured, from what they share with those that were."""
        deviation = self.values - typical()
        between, among = covariance(pairs, self.pairs), covariance(self.pairs, self.pairs)
        columns = [between[c] @ np.linalg.solve(among[c], deviation[:, c]) for c in range(SIZE)]
        return typical() + np.stack(columns, axis=1)


def _with_blocks(prior: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    total = prior.copy()
    for number, block in enumerate(blocks):
        part = slice(number * SIZE, (number + 1) * SIZE)
        total[part, part] += block
    return total


def _residuals(fit: Fit, rows: np.ndarray, part: Table, each: np.ndarray) -> np.ndarray:
    return (part.log_rate - part.predicted(constants_of(each))) / fit.noise[rows]


def _loss(residuals: np.ndarray, deviation: np.ndarray, prior: np.ndarray) -> float:
    flat = deviation.ravel()
    return float((2 * (np.sqrt(1 + residuals**2) - 1)).sum() + flat @ prior @ flat)


def _data_terms(fit: Fit, rows: np.ndarray, pair: np.ndarray, values: np.ndarray):
    """Residuals, gradient and curvature of the data by pair, at those values."""
    part = fit.table.take(rows)
    base = _residuals(fit, rows, part, values[pair])
    slopes = np.empty((len(rows), SIZE))
    for constant in range(SIZE):
        moved = values[pair]
        moved[:, constant] += STEP
        slopes[:, constant] = (base - _residuals(fit, rows, part, moved)) / STEP
    weight = 1 / np.sqrt(1 + base**2)
    gradient, curvature = np.zeros((len(values), SIZE)), np.zeros((len(values), SIZE, SIZE))
    np.add.at(gradient, pair, slopes * (weight * base)[:, None])
    np.add.at(curvature, pair, slopes[:, :, None] * slopes[:, None, :] * weight[:, None, None])
    return base, gradient, curvature


def _descend(fit: Fit, rows, pair, start, prior_mean, prior, rounds) -> np.ndarray:
    """Values that least squares and prior agree on, by damped Gauss-Newton steps."""
    values, damping, part = start.copy(), 1e-3, fit.table.take(rows)
    for _ in range(rounds):
        residuals, gradient, curvature = _data_terms(fit, rows, pair, values)
        loss = _loss(residuals, values - prior_mean, prior)
        hessian = _with_blocks(prior, curvature)
        slope = gradient.ravel() - prior @ (values - prior_mean).ravel()
        while damping < 1e6:
            damped = hessian + damping * np.diag(np.diag(hessian))
            step = np.clip(cho_solve(cho_factor(damped), slope), -LONGEST_STEP, LONGEST_STEP).reshape(values.shape)
            better = _loss(_residuals(fit, rows, part, (values + step)[pair]), values + step - prior_mean, prior)
            if better < loss:
                break
            damping *= 10
        else:
            break
        values, damping = values + step, max(damping / 5, 1e-6)
        if loss - better < ENOUGH * loss:
            break
    return values
