"""What the fit says of rows that it has not seen: left out by lengths, concurrency, audit or model."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from pricing.calibration.fit import Fit
from pricing.calibration.observations import Table

AUDITED = ("Offline", "Server", "Interactive")
SHRINK = 4  # rows that the mean of a release needs to count half
AGAIN = 4  # steps of the whole fit from its present values, after which nothing moves any more
LEAST_SWEEP = 6  # points of a pair below which leaving out the highest concurrencies leaves nothing


@dataclass(frozen=True)
class Errors:
    """Logarithm of predicted over measured rate; nan where a row was not asked.

    `of_release` is the same once the serving engine's version is known: rows of that version that were kept say how
    much faster or slower than the others it is.
    """

    plain: np.ndarray
    of_release: np.ndarray


def left_out(fit: Fit, question: str, asked: Table | None = None) -> Errors:
    """Errors of the rows that a question leaves out, group by group, each predicted from all that is kept.

    "lengths" leaves out one pair of lengths of a pair's points and ceilings at a time; "concurrency" a pair's points
    above half of its largest concurrency; "audited" a pair's audited results; "model" a model on one GPU in all
    precisions; "anywhere" a model on all GPUs. `asked` are the same rows where another question is put to the fit.
    """
    errors = Errors(np.full(len(fit.pair), np.nan), np.full(len(fit.pair), np.nan))
    if question in ("model", "anywhere"):
        for group in _by(fit, range(len(fit.pair)), lambda row: (row.model, question == "anywhere" or row.gpu)):
            errors.plain[group] = errors.of_release[group] = fit.errors(group, fit.without(group, AGAIN), asked)
        return errors
    for number, cavity in enumerate(fit.cavities()):
        rows = np.flatnonzero(fit.pair == number)
        for group in _groups(fit, rows, question):
            kept = np.setdiff1d(rows, group)
            values = fit.refitted(cavity, kept)
            errors.plain[group] = fit.errors(group, values, asked)
            errors.of_release[group] = errors.plain[group] - _of_release(fit, kept, group, values)
    return errors


def band(errors: np.ndarray, inside: float) -> tuple[float, float]:
    """(low, high) of the true rate relative to the predicted, so that a share `inside` of the errors lies within."""
    outside = (1 - inside) / 2
    ratios = np.exp(-errors[~np.isnan(errors)])
    return float(np.quantile(ratios, outside)), float(np.quantile(ratios, 1 - outside))


def _by(fit: Fit, rows: Iterable[int], key) -> list[np.ndarray]:
    groups: dict = {}
    for row in rows:
        groups.setdefault(key(fit.table.rows[row]), []).append(row)
    return [np.array(group) for group in groups.values()]


def _groups(fit: Fit, rows: np.ndarray, question: str) -> Iterator[np.ndarray]:
    asked = np.array([fit.table.rows[row].question for row in rows])
    audited, points = np.isin(asked, AUDITED), rows[asked == "point"]
    if question == "lengths":
        yield from _by(fit, rows[~audited], lambda row: (row.input_tokens, row.output_tokens))
    elif question == "audited" and audited.any():
        yield rows[audited]
    elif question == "concurrency" and len(points) >= LEAST_SWEEP:
        concurrency = np.array([fit.table.rows[row].concurrency for row in points])
        high = concurrency > concurrency.max() / 2
        if not high.all():
            yield points[high]


def _of_release(fit: Fit, kept: np.ndarray, group: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Log by which the predictions of a group fall short or exceed, judged by kept rows of the same release."""
    if not len(kept):
        return np.zeros(len(group))
    errors, seen = fit.errors(kept, values), {}
    for row, error in zip(kept, errors, strict=True):
        seen.setdefault(fit.table.rows[row].release, []).append(error)
    shrunk = {release: sum(known) / (len(known) + SHRINK) for release, known in seen.items() if release}
    return np.array([shrunk.get(fit.table.rows[row].release, 0) for row in group])
