"""Writes the constants of replicas: `python -m pricing.calibration`.

The same facts give the same file. It takes a minute; one thread of linear algebra is faster than several.
"""

import csv
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from pricing.calibration.fit import Fit
from pricing.calibration.hierarchy import CONSTANTS, Pair, constants_of, kind_of
from pricing.calibration.left_out import AUDITED, band, band_errors, left_out
from pricing.calibration.observations import observations
from pricing.facts import FILES, FOLDER, Fact, Gpu, ServingConstants, rows

INSIDE = 0.9
CHECKED_ON = date(2026, 11, 29)
DIGITS = 4
URL = "https://github.com/ai-dynamo/aiconfigurator"
QUESTIONS = {"measured": "lengths", "model": "model", "class": "anywhere"}
WHY = {
    "measured": "Mean over the versions of serving engines that were measured.",
    "model": "Not measured on this GPU in this precision: what the model shows on others and the GPU with others.",
    "class": "The model is not measured: what models of its kind show on this GPU, or on its generation.",
}


def main() -> None:
    """Fit, and write a row for each pair, each measured model on each other GPU, and each kind on each GPU."""
    ArgumentParser("python -m pricing.calibration", description=__doc__).parse_args()
    lines = list(_rows(Fit.of(observations())))
    with (FOLDER / FILES[ServingConstants][0]).open("w", encoding="utf-8", newline="") as file:
        evidence = list(Fact.model_fields)
        own = [name for name in ServingConstants.model_fields if name not in evidence]
        writer = csv.DictWriter(file, own + evidence, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def _rows(fit: Fit) -> Iterator[dict[str, Any]]:
    bands, counts = _bands(fit), _counts(fit)
    gpus = sorted(row.name for row in rows(Gpu))
    models = sorted({pair.model for pair in fit.pairs})
    by_model = [Pair(model, "", gpu, kind_of(model)) for model in models for gpu in gpus]
    by_class = [Pair("", "", gpu, kind) for kind in ("dense", "mixture") for gpu in gpus]
    order = sorted(range(len(fit.pairs)), key=lambda number: (fit.pairs[number].model, fit.pairs[number].gpu))
    for number in order:
        pair, basis = fit.pairs[number], "measured" if counts[number]["rows"] else "model"
        yield _row(pair, "measured", fit.values[number], counts[number], bands[basis, pair.kind])
    for basis, pairs in (("model", by_model), ("class", by_class)):
        for pair, values in zip(pairs, fit.elsewhere(pairs), strict=True):
            yield _row(pair, basis, values, Counter(), bands[basis, pair.kind])


def _bands(fit: Fit) -> dict[tuple[str, str], tuple[float, float]]:
    kinds = np.array([pair.kind for pair in fit.pairs])[fit.pair]
    behind = {basis: band_errors(fit, left_out(fit, question)) for basis, question in QUESTIONS.items()}
    return {
        (basis, kind): band(errors[kinds[rows] == kind], INSIDE)
        for basis, (rows, errors) in behind.items()
        for kind in ("dense", "mixture")
    }


def _counts(fit: Fit) -> list[Counter[str]]:
    """Rows behind each pair; `rows` of them are swept over lengths or concurrency, so that its own band is known."""
    counts: list[Counter[str]] = [Counter() for _ in fit.pairs]
    for number, row in zip(fit.pair, fit.table.rows, strict=True):
        counts[number]["results" if row.question in AUDITED else f"{row.question}s"] += 1
        counts[number]["rows"] += row.question not in AUDITED
        if row.concurrency:
            counts[number]["largest"] = max(counts[number]["largest"], row.concurrency)
    return counts


def _row(
    pair: Pair, basis: str, values: np.ndarray, count: Counter[str], ratios: tuple[float, float]
) -> dict[str, Any]:
    constants = {name: f"{value:.{DIGITS}g}" for name, value in constants_of(values).items()}
    names = {name: number for name, number in ((n, count[n]) for n in ("points", "ceilings", "results")) if number}
    behind = ", ".join(f"{number} {name if number > 1 else name[:-1]}" for name, number in names.items())
    return {
        "model": pair.model,
        "precision": pair.precision,
        "gpu": pair.gpu,
        "kind": pair.kind,
        "basis": basis,
        "points": count["points"],
        "ceilings": count["ceilings"],
        "results": count["results"],
        "largest_concurrency": count["largest"],
        **{name: constants[name] for name in CONSTANTS},
        "low_ratio": f"{ratios[0]:.2f}",
        "high_ratio": f"{ratios[1]:.2f}",
        "source": f"Fitted to public measurements: {behind}" if behind else "Fitted to public measurements of others",
        "source_url": URL,
        "as_of": CHECKED_ON,
        "checked_on": CHECKED_ON,
        "confidence": "estimate",
        "why": WHY[basis],
    }


if __name__ == "__main__":
    main()
