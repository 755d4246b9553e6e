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
NUDGE = 1e-4  # of a transformed constant, for slopes
LONGEST_STEP, LEAST_DAMPING, MOST_DAMPING = 1.5, 1e-6, 1e6
ROUNDS, ENOUGH = 60, 1e-6  # most steps of a fit, and the relative gain below which it ends


@dataclass(frozen=True)
class Fit:
    """Transformed constants of each pair, shape (pairs, constants), and what they were fitted to.

    `pair` is the number of each row's pair; `prior` the precision of all constants together, pair by pair.
    """

    table: Table
    pairs: list[Pair]
    pair: np.ndarray
    noise: np.ndarray
    prior: np.ndarray
    values: np.ndarray

    @classmethod
    def of(cls, observed: tuple[Observation, ...]) -> "Fit":
        """The constants that fit all observations best."""
        keys = [pair_of(row.model, row.precision, row.gpu) for row in observed]
        pairs = list(dict.fromkeys(keys))
        number = {pair: index for index, pair in enumerate(pairs)}
        prior = np.zeros((len(pairs) * SIZE,) * 2)
        for constant, inverted in enumerate(np.linalg.inv(covariance(pairs, pairs))):
            prior[constant::SIZE, constant::SIZE] = inverted
        start = cls(
            table=Table.of(observed),
            pairs=pairs,
            pair=np.array([number[key] for key in keys]),
            noise=np.array([NOISE[row.question] for row in observed]),
            prior=prior,
            values=typical(pairs),
        )
        values = start.without(np.array([], dtype=int), ROUNDS)
        return cls(start.table, pairs, start.pair, start.noise, prior, values)

    def without(self, left_out: np.ndarray, rounds: int) -> np.ndarray:
        """Values of all pairs without those rows, by at most so many steps from the present ones."""
        kept = np.setdiff1d(np.arange(len(self.pair)), left_out)
        return _Problem(self, kept, self.pair[kept], typical(self.pairs), self.prior).solved(self.values, rounds)

    def cavities(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Of each pair the prior that all other pairs leave it: (mean, precision)."""
        everything = np.arange(len(self.pair))
        whole = _Problem(self, everything, self.pair, typical(self.pairs), self.prior)
        gradient, curvature = whole.data_terms(self.values)
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
        mean = cavity[0][None, :]
        if not len(kept):
            return mean
        return _Problem(self, kept, np.zeros(len(kept), dtype=int), mean, cavity[1]).solved(mean, ROUNDS)

    def errors(self, tested: np.ndarray, values: np.ndarray, asked: Table | None = None) -> np.ndarray:
        """Logarithm of predicted over measured rate of those rows; `values` one for all or one for each pair.

        `asked` are the same rows with another question, such as a limit in place of a concurrency.
        """
        each = values[np.zeros(len(tested), dtype=int) if len(values) == 1 else self.pair[tested]]
        part = (asked or self.table).take(tested)
        return part.predicted(constants_of(each)) - part.log_rate

    def elsewhere(self, pairs: list[Pair]) -> np.ndarray:
        """Values of pairs that were not measured, from what they share with those that were."""
        deviation = self.values - typical(self.pairs)
        between, among = covariance(pairs, self.pairs), covariance(self.pairs, self.pairs)
        columns = [between[c] @ np.linalg.solve(among[c], deviation[:, c]) for c in range(SIZE)]
        return typical(pairs) + np.stack(columns, axis=1)


class _Problem:
    """Rows of a table, each of a numbered pair, and a Gaussian prior of the pairs' values."""

    def __init__(self, fit: Fit, rows: np.ndarray, pair: np.ndarray, mean: np.ndarray, prior: np.ndarray) -> None:
        self.part, self.noise = fit.table.take(rows), fit.noise[rows]
        self.pair, self.mean, self.prior = pair, mean, prior

    def residuals(self, each: np.ndarray) -> np.ndarray:
        return (self.part.log_rate - self.part.predicted(constants_of(each))) / self.noise

    def loss(self, values: np.ndarray) -> float:
        flat = (values - self.mean).ravel()
        soft_l1 = 2 * (np.sqrt(1 + self.residuals(values[self.pair]) ** 2) - 1)
        return float(soft_l1.sum() + flat @ self.prior @ flat)

    def data_terms(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Gradient and curvature of the data by pair, at those values."""
        each = values[self.pair]
        base = self.residuals(each)
        slopes = np.empty_like(each)
        for constant in range(SIZE):
            moved = each.copy()
            moved[:, constant] += NUDGE
            slopes[:, constant] = (base - self.residuals(moved)) / NUDGE
        weight = 1 / np.sqrt(1 + base**2)
        gradient, curvature = np.zeros(values.shape), np.zeros((*values.shape, SIZE))
        np.add.at(gradient, self.pair, slopes * (weight * base)[:, None])
        np.add.at(curvature, self.pair, slopes[:, :, None] * slopes[:, None, :] * weight[:, None, None])
        return gradient, curvature

    def solved(self, start: np.ndarray, rounds: int) -> np.ndarray:
        """Values on which data and prior agree, by damped Gauss-Newton steps."""
        values, damping, loss = start.copy(), 1e-3, self.loss(start)
        for _ in range(rounds):
            gradient, curvature = self.data_terms(values)
            hessian = _with_blocks(self.prior, curvature)
            slope = gradient.ravel() - self.prior @ (values - self.mean).ravel()
            step, better = np.zeros_like(values), np.inf
            while better >= loss and damping < MOST_DAMPING:
                damped = hessian + damping * np.diag(np.diag(hessian))
                step = cho_solve(cho_factor(damped), slope).clip(-LONGEST_STEP, LONGEST_STEP).reshape(values.shape)
                better = self.loss(values + step)
                damping *= 10
            if better >= loss:
                break
            gain, loss, values, damping = loss - better, better, values + step, max(damping / 50, LEAST_DAMPING)
            if gain < ENOUGH * loss:
                break
        return values


def _with_blocks(prior: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    total = prior.copy()
    for number, block in enumerate(blocks):
        part = slice(number * SIZE, (number + 1) * SIZE)
        total[part, part] += block
    return total
