"""How well sizing predicts measurements that it has not seen, beside the nearest-point rule that it replaced.

Rows are left out by lengths, model, highest concurrency and audit; the constants are fitted to the rest; errors are
relative to the measured output rate. A point is asked at its own concurrency, a ceiling at what memory holds, an
audited result at its own time per token; so is the best point within each of four limits once more. `of version` adds
how much faster or slower the serving engine's version is than others by the rows that were kept; the product's
figures are the mean over versions. `inside` is the share within the band, whose width comes from other pairs' errors.
`--keep` writes the table for the Validation page.
"""

import csv
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from bench.nearest_point import BANDS, anchors, predicted
from pricing.calibration.fit import Fit
from pricing.calibration.left_out import AUDITED, band, band_errors, best_points, left_out
from pricing.calibration.observations import observations
from validation.sizing import FILE, FLOOR, SizingError

KINDS, FOLDS, INSIDE = ("dense", "mixture"), 5, 0.9
VERSIONED, NONE = ("lengths", "limits", "concurrency"), (None, None)
HEAD = ("left out", "rows", "kind", "n", "error %", "of version", "inside", "earlier rule", "inside", "goal")
TOLD = {
    "lengths": "lengths, one pair of them at a time",
    "limits": "lengths, asked by time per token",
    "model": "a model on one GPU",
    "anywhere": "a model on all GPUs",
    "concurrency": "concurrencies above half of the largest",
    "audited": "audited results, of one pair at a time",
    "all audited": "all audited results",
}
ASKED = (  # what is left out, which rows are tested, of which kinds; goals for median and 90th percentile, percent
    ("lengths", "points", "dense", 7, 25),
    ("lengths", "points", "mixture", 9, 30),
    ("limits", "best points", "dense", None, None),
    ("limits", "best points", "mixture", None, None),
    ("lengths", "ceilings", "all", 12, 35),
    ("lengths", "ceilings", "dense", None, None),
    ("lengths", "ceilings", "mixture", None, None),
    ("model", "points", "all", 18, 45),
    ("model", "points", "dense", None, None),
    ("model", "points", "mixture", None, None),
    ("anywhere", "points", "dense", None, None),
    ("anywhere", "points", "mixture", None, None),
    ("concurrency", "points", "all", 15, 40),
    ("concurrency", "points", "dense", None, None),
    ("concurrency", "points", "mixture", None, None),
    ("audited", "results", "all", 20, 45),
    ("audited", "results", "dense", None, None),
    ("audited", "results", "mixture", None, None),
    ("all audited", "results", "all", None, None),
)
QUESTIONS_OF = {
    "points": ("point",),
    "best points": ("point",),
    "ceilings": ("ceiling",),
    "results": ("Offline", "Server"),
}
BAND_OF = {  # whose errors make the band that the catalogue gives in such a case
    "lengths": "lengths",
    "limits": "lengths",
    "concurrency": "lengths",
    "model": "model",
    "audited": "model",
    "all audited": "model",
    "anywhere": "anywhere",
}
EARLIER = {"lengths": "lengths", "limits": "lengths", "audited": "audited"}  # what the earlier rule is asked alike


def main() -> None:
    """Fit, leave out, print; keep the table if asked to."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--keep", action="store_true", help=f"write the table to {FILE.name}")
    asked = parser.parse_args()
    fit = Fit.of(observations())
    table = [*_table(fit), _floor(fit)]
    print(_told(*HEAD))
    for line in table:
        print(_told(*_cells(line)))
    if asked.keep:
        with FILE.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(SizingError.model_fields), lineterminator="\n")
            writer.writeheader()
            writer.writerows(line.model_dump() for line in table)


def _table(fit: Fit) -> Iterator[SizingError]:
    asked = np.array([row.question for row in fit.table.rows])
    kinds = np.array([pair.kind for pair in fit.pairs])[fit.pair]
    errors = {question: left_out(fit, question) for question in TOLD if question != "limits"}
    widths = {question: band_errors(fit, errors[question]) for question in set(BAND_OF.values())}
    errors["limits"] = replace(
        errors["lengths"], plain=errors["lengths"].by_limit, of_release=errors["lengths"].of_release_by_limit
    )
    inside = {
        question: _inside(fit, kinds, each.plain, *widths[BAND_OF[question]]) for question, each in errors.items()
    }
    earlier = {question: _earlier(fit, question, kinds) for question in set(EARLIER.values())}
    best = best_points(fit)
    for question, rows, kind, goal, goal_p90 in ASKED:
        tested = np.isin(asked, QUESTIONS_OF[rows]) & ((kinds == kind) | (kind == "all"))
        tested &= ~np.isnan(errors[question].plain) & (best | (rows != "best points"))
        median, p90 = _percent(errors[question].plain[tested])
        version = (
            _percent(errors[question].of_release[tested]) if question in VERSIONED and rows != "ceilings" else NONE
        )
        old, held = earlier[EARLIER[question]] if question in EARLIER else (None, None)
        old_median, old_p90 = NONE if old is None else _percent(old[tested])
        yield SizingError(
            left_out=TOLD[question],
            rows=rows,
            kind=kind,
            count=int(tested.sum()),
            median=median,
            p90=p90,
            version_median=version[0],
            version_p90=version[1],
            inside=_share(inside[question][tested]),
            earlier_median=old_median,
            earlier_p90=old_p90,
            earlier_inside=None if held is None else _share(held[tested]),
            goal_median=goal,
            goal_p90=goal_p90,
            measured_on=date.today(),
        )


def _share(inside: np.ndarray) -> float:
    return round(100 * float(inside.mean()), 1)


def _percent(errors: np.ndarray) -> tuple[float, float]:
    """Median and 90th percentile of the error relative to the measured rate."""
    off = np.abs(np.expm1(errors))
    return round(100 * float(np.median(off)), 1), round(100 * float(np.quantile(off, 0.9)), 1)


def _inside(fit: Fit, kinds: np.ndarray, errors: np.ndarray, rows: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Whether each row's truth lies in the band of its kind that the errors `widths` of other folds' pairs give."""
    inside, fold = np.zeros(len(errors), dtype=bool), fit.pair % FOLDS
    for kind in KINDS:
        for number in range(FOLDS):
            low, high = band(widths[(kinds[rows] == kind) & (fold[rows] != number)], INSIDE)
            mine = (kinds == kind) & (fold == number)
            ratio = np.exp(-errors[mine])
            inside[mine] = (low <= ratio) & (ratio <= high)
    return inside


def _earlier(fit: Fit, question: str, kinds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Errors of the nearest-point rule with the same rows left out, and whether its bands hold them."""
    observed, errors, inside = fit.table.rows, np.full(len(fit.pair), np.nan), np.zeros(len(fit.pair), dtype=bool)
    for number in range(len(fit.pairs)):
        mine = list(np.flatnonzero(fit.pair == number))
        usable = [observed[row] for row in mine if observed[row].question not in AUDITED]
        known: dict = {}
        for row in mine:
            here = observed[row]
            lengths = (here.input_tokens, here.output_tokens)
            if lengths not in known:
                known[lengths] = anchors(
                    r for r in usable if question == "audited" or (r.input_tokens, r.output_tokens) != lengths
                )
            rate, basis = predicted(here, known[lengths])
            errors[row] = np.log(rate / here.output_tok_per_s_per_gpu)
            low, high = BANDS["roofline" if basis == "roofline" else kinds[row]]
            inside[row] = low <= here.output_tok_per_s_per_gpu / rate <= high
    return errors, inside


def _floor(fit: Fit) -> SizingError:
    """How far repeats of one configuration are off their median: no prediction can be nearer to all of them."""
    groups: dict[tuple, list[float]] = {}
    for row in fit.table.rows:
        if row.question == "point":
            key = (row.model, row.precision, row.gpu, row.gpus_per_replica, row.attention_parallel)
            key += (row.input_tokens, row.output_tokens, row.concurrency)
            groups.setdefault(key, []).append(np.log(row.output_tok_per_s_per_gpu))
    off = np.concatenate([np.array(each) - np.median(each) for each in groups.values() if len(each) > 1])
    median, p90 = _percent(off)
    return SizingError(
        left_out=FLOOR, rows="points", kind="all", count=len(off), median=median, p90=p90, measured_on=date.today()
    )


def _cells(line: SizingError) -> tuple[str, ...]:
    def pair(first: float | None, second: float | None, form: str = ".1f") -> str:
        return "" if first is None else f"{first:{form}} {second:{form}}"

    return (
        line.left_out,
        line.rows,
        line.kind,
        str(line.count),
        pair(line.median, line.p90),
        pair(line.version_median, line.version_p90),
        "" if line.inside is None else f"{line.inside:.0f} %",
        pair(line.earlier_median, line.earlier_p90),
        "" if line.earlier_inside is None else f"{line.earlier_inside:.0f} %",
        pair(line.goal_median, line.goal_p90, ".0f"),
    )


def _told(*cells: str) -> str:
    words = zip(cells[:3], (53, 12, 8), strict=True)
    numbers = zip(cells[3:], (5, 11, 11, 8, 14, 8, 7), strict=True)
    return "".join(f"{word:{width}}" for word, width in words) + "".join(f"{n:>{width}}" for n, width in numbers)


if __name__ == "__main__":
    main()
