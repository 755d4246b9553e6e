"""Points of one model, at the same lengths and on as many GPUs, as a curve, and the one that sizing may start from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.measurement import Measurement, rounded

SAME_LENGTH_FRAC = 0.1  # lengths are averages of what was sent, which differ a little from run to run
BEST = ("slo", "closed_loop", "open_loop", "ceiling")  # of two equal rates the one whose kind of load says more
MEASURED = ("output_tokens_per_second", "input_tokens_per_request", "output_tokens_per_request", "ttft_ms_median",
            "tpot_ms_median")  # fmt: skip


@dataclass(frozen=True)
class Targets:
    """What users are promised, medians in ms; None: no limit."""

    time_per_token_ms: float | None = None
    first_token_ms: float | None = None

    def kept(self, point: Measurement) -> bool:
        """Whether the point is known to keep them."""
        pairs = ((self.time_per_token_ms, point.time_per_token_ms), (self.first_token_ms, point.ttft_ms_median))
        return all(limit is None or (value is not None and value <= limit) for limit, value in pairs)


@dataclass(frozen=True)
class Anchor:
    """One point as the fields of the form "I measured"; None: the file does not say, so it is asked for."""

    point: Measurement
    sentences: tuple[str, ...]

    def fields(self) -> dict[str, Any]:
        """Name of the field -> value. The rate is as measured, also when it is a ceiling."""
        point = self.point
        return {
            "measured_tok_per_s_per_gpu": point.output_tokens_per_second_per_gpu,
            "measured_gpus": point.gpus,
            "measured_input_tokens": point.input_tokens_per_request,
            "measured_output_tokens": point.output_tokens_per_request,
            "measured_time_per_token_ms": point.time_per_token_ms,
            "measured_concurrency": point.concurrency,
            "measured_cached_frac": point.cached_input_share or 0.0,
        }


@dataclass(frozen=True)
class Curve:
    """Points that may be compared with one another, the slowest first, and what can be concluded from them."""

    points: tuple[Measurement, ...]
    anchor: Anchor | None
    sentences: tuple[str, ...]


def curves(points: Iterable[Measurement], targets: Targets) -> list[Curve]:
    """The points in curves: the same model (or tool, where no model is named), lengths and number of GPUs."""
    groups: list[list[Measurement]] = []
    for point in _once(points):
        group = next((group for group in groups if _alike(group[0], point)), None)
        if group is None:
            groups.append([point])
        else:
            group.append(point)
    return [_curve(sorted(group, key=lambda point: point.output_tokens_per_second), targets) for group in groups]


def _once(points: Iterable[Measurement]) -> list[Measurement]:
    """Each run once, though tools write the same one as JSON, YAML and CSV: that which says most of it."""
    found: dict[tuple, list[Measurement]] = {}
    for point in points:
        key = tuple(value and float(f"{value:.3g}") for value in (getattr(point, name) for name in MEASURED))
        same = found.setdefault(key, [])
        place = next((place for place, known in enumerate(same) if _one_run(known, point)), None)
        if place is None:
            same.append(point)
        elif _said(point) > _said(same[place]):
            same[place] = point
    return [point for same in found.values() for point in same]


def _one_run(one: Measurement, other: Measurement) -> bool:
    """Whether two points of equal measures are the same run in two files, of which one may say less."""
    return one.file != other.file and all(
        None in pair or pair[0] == pair[1] for pair in ((one.model, other.model), (one.gpus, other.gpus))
    )


def _said(point: Measurement) -> int:
    return sum(value is not None for value in vars(point).values())


def _alike(one: Measurement, other: Measurement) -> bool:
    def near(a: float | None, b: float | None) -> bool:
        return a == b or (a is not None and b is not None and abs(a - b) <= SAME_LENGTH_FRAC * max(a, b))

    return (
        (one.model or one.format) == (other.model or other.format)
        and one.gpus == other.gpus
        and near(one.input_tokens_per_request, other.input_tokens_per_request)
        and near(one.output_tokens_per_request, other.output_tokens_per_request)
    )


def _curve(points: list[Measurement], targets: Targets) -> Curve:
    usable = [point for point in points if not point.obstacles]
    fastest = max((point.output_tokens_per_second for point in usable), default=0)
    # The server kept up with an open loop: only a faster point shows that this one was near what it can carry.
    firm = [p for p in usable if p.basis != "open_loop" or p.output_tokens_per_second < fastest]
    within = [point for point in firm if targets.kept(point)]
    sentences = []
    if not usable:
        sentences.append("None of these runs shows a capacity.")
    elif not firm:
        sentences.append("The server kept up with every rate it was sent: send more until it no longer does.")
    elif not within:
        sentences.append(
            "No point that shows a capacity is known to keep the limits on time to the first token and per token."
        )
    if within and within[0].gpus is None:
        sentences.append("No file says on how many GPUs the model ran: enter their number.")
    if not within or within[0].gpus is None:
        return Curve(tuple(points), None, tuple(sentences))
    best = max(within, key=lambda point: (point.serving_tokens_per_second, -BEST.index(point.basis)))
    return Curve(tuple(points), Anchor(best, tuple(_about(best))), tuple(sentences))


def _about(best: Measurement) -> list[str]:
    told = [] if best.basis == "open_loop" else list(best.sentences)
    if best.basis == "open_loop":
        told += [
            "The server kept up here and a faster point shows where it no longer did: a lower bound.",
            *best.sentences[1:],
        ]
    if best.cached_input_share is None:
        told.append("The file does not say whether prompts came from a prefix cache: none is assumed.")
    return told


def terms(curve: Curve) -> Mapping[str, Any]:
    """The curve for `--json`."""
    first = curve.points[0]
    axes = ("file", "output_tokens_per_second_per_gpu", "tpot_ms_median", "ttft_ms_median", "concurrency", "basis")
    anchor = curve.anchor and {
        "file": curve.anchor.point.file,
        "basis": curve.anchor.point.basis,
        **{name: rounded(value) for name, value in curve.anchor.fields().items()},
        "serving_tok_per_s_per_gpu": rounded(curve.anchor.point.serving_tokens_per_second / curve.anchor.point.gpus),
        "sentences": list(curve.anchor.sentences),
    }
    return {
        "model": first.model,
        "gpus": first.gpus,
        "points": [{axis: rounded(getattr(point, axis)) for axis in axes} for point in curve.points],
        "anchor": anchor,
        "sentences": list(curve.sentences),
    }
