"""What the fit says of rows that it has not seen: left out by lengths, concurrency, audit or model."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pricing.calibration.fit import Fit
from pricing.calibration.observations import Observation, Table

AUDITED = ("Offline", "Server", "Interactive")
SHRINK = 4  # rows that the mean of a release needs to count half
AGAIN = 4  # steps of the whole fit from its present values, after which nothing moves any more
LIMITS_MS, LATEST_FIRST_TOKEN_MS = (20, 30, 50, 100), 5000  # on the time per token, and on the first token's
LEAST_SWEEP = 6  # points of a pair below which leaving out the highest concurrencies leaves nothing


@dataclass(frozen=True)
class Errors:
    """Logarithm of predicted over measured rate; nan where a row was not asked.

    `of_release` is the same once the serving engine's version is known: rows of that version that were kept say how
    much faster or slower than the others it is. `by_limit` asks points by their time per token, not their concurrency.
    """

    plain: np.ndarray
    of_release: np.ndarray
    by_limit: np.ndarray
    of_release_by_limit: np.ndarray


def left_out(fit: Fit, question: str) -> Errors:
    """Errors of the rows that a question leaves out, group by group, each predicted from all that is kept.

    "lengths" leaves out one pair of lengths of a pair's points and ceilings at a time; "concurrency" a pair's points
    above half of its largest concurrency; "audited" a pair's audited results; "model" a model on one GPU in all
    precisions; "anywhere" a model on all GPUs; "all audited" all audited results at once.
    """
    errors = Errors(*np.full((4, len(fit.pair)), np.nan))
    timed = Table.of(tuple(replace(row, concurrency=None) for row in fit.table.rows))

    def ask(group: np.ndarray, values: np.ndarray, faster: np.ndarray | float) -> None:
        errors.plain[group], errors.by_limit[group] = fit.errors(group, values), fit.errors(group, values, timed)
        errors.of_release[group] = errors.plain[group] - faster
        errors.of_release_by_limit[group] = errors.by_limit[group] - faster

    if question in ("model", "anywhere", "all audited"):
        for group in _wide_groups(fit, question):
            ask(group, fit.without(group, AGAIN), 0)
        return errors
    for number, cavity in enumerate(fit.cavities()):
        rows = np.flatnonzero(fit.pair == number)
        for group in _groups(fit, rows, question):
            kept = np.setdiff1d(rows, group)
            values = fit.refitted(cavity, kept)
            ask(group, values, _of_release(fit, kept, group, values))
    return errors


def best_points(fit: Fit) -> np.ndarray:
    """Whether a row is the fastest point of its pair and lengths within one of the limits."""
    best: dict[tuple[float, ...], int] = {}
    for number, row in enumerate(fit.table.rows):
        first_ms, each_ms = row.first_token_ms, row.time_per_token_ms
        if (
            row.question == "point"
            and first_ms is not None
            and each_ms is not None
            and first_ms <= LATEST_FIRST_TOKEN_MS
        ):
            for limit in [each for each in LIMITS_MS if each_ms <= each]:
                key = (fit.pair[number], row.input_tokens, row.output_tokens, limit)
                rival = best.setdefault(key, number)
                if fit.table.rows[rival].output_tok_per_s_per_gpu < row.output_tok_per_s_per_gpu:
                    best[key] = number
    return np.isin(np.arange(len(fit.pair)), list(best.values()))


def band_errors(fit: Fit, errors: Errors) -> tuple[np.ndarray, np.ndarray]:
    """(rows, their errors) that a band is made of: half asked by concurrency, half the best points asked by limits."""
    asked, best = np.flatnonzero(~np.isnan(errors.plain)), np.flatnonzero(best_points(fit))
    often = np.repeat(best, max(len(asked) // len(best), 1))
    return np.concatenate([asked, often]), np.concatenate([errors.plain[asked], errors.by_limit[often]])


def band(errors: np.ndarray, inside: float) -> tuple[float, float]:
    """(low, high) of the true rate relative to the predicted, so that a share `inside` of the errors lies within."""
    outside = (1 - inside) / 2
    ratios = np.exp(-errors[~np.isnan(errors)])
    return float(np.quantile(ratios, outside)), float(np.quantile(ratios, 1 - outside))


def _by(fit: Fit, rows: Iterable[int], key: Callable[[Observation], Any]) -> list[np.ndarray]:
    groups: dict[Any, list[int]] = {}
    for row in rows:
        groups.setdefault(key(fit.table.rows[row]), []).append(row)
    return [np.array(group) for group in groups.values()]


def _wide_groups(fit: Fit, question: str) -> list[np.ndarray]:
    if question == "all audited":
        return [np.flatnonzero(np.isin([row.question for row in fit.table.rows], AUDITED))]
    return _by(fit, range(len(fit.pair)), lambda row: (row.model, question == "anywhere" or row.gpu))


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
    seen: dict[str, list[float]] = {}
    for row, error in zip(kept, fit.errors(kept, values), strict=True):
        seen.setdefault(fit.table.rows[row].release, []).append(error)
    shrunk = {release: sum(known) / (len(known) + SHRINK) for release, known in seen.items() if release}
    return np.array([shrunk.get(fit.table.rows[row].release, 0) for row in group])
