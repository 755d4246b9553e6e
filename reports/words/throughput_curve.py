"""The curve of an option's replica: what more requests at once give in tokens a second and cost in time per token."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

import numpy as np

from costmodel import replica
from costmodel.comparison import OptionCost
from costmodel.demand import input_tokens_each, output_tokens_each
from costmodel.measured import measured_rate_ratio
from costmodel.memory import sequences_in_memory
from costmodel.numerals import numeral
from costmodel.serving import Serving
from costmodel.sizing import concurrency, replica_tok_per_s, speed_ratio, time_per_token_ms
from costmodel.units import MS_PER_S
from pricing.dates import day
from pricing.facts import ServingPoint, rows
from reports.words.text import highest

STEPS = 160
SHOWN_TO = 2.2  # times the slower of limit and operating point, where memory allows so much
LEAST_SHOWN = 4  # times the fastest token, so that a curve is seen where the limit is near it


@dataclass(frozen=True)
class Point:
    """Time per token, ms, output tokens a second per GPU, and in words what it is."""

    time_per_token_ms: float
    tok_per_s_per_gpu: float
    told: str


@dataclass(frozen=True)
class ThroughputCurve:
    """A replica from one request to as many as memory holds: requests, ms per token, output tokens/s per GPU."""

    requests: np.ndarray
    time_per_token_ms: np.ndarray
    tok_per_s_per_gpu: np.ndarray

    def up_to(self, time_ms: float) -> "ThroughputCurve":
        """The part whose tokens come within `time_ms`, its first two steps in any case."""
        kept = max(int(np.sum(self.time_per_token_ms <= time_ms)), 2)
        return ThroughputCurve(self.requests[:kept], self.time_per_token_ms[:kept], self.tok_per_s_per_gpu[:kept])

    def split(self, requests: float) -> tuple["ThroughputCurve", "ThroughputCurve"]:
        """The part with up to so many requests at once, and the part beyond, which begins where the first ends."""
        at = int(np.sum(self.requests <= requests))
        columns = (self.requests, self.time_per_token_ms, self.tok_per_s_per_gpu)
        return ThroughputCurve(*(c[:at] for c in columns)), ThroughputCurve(*(c[max(at - 1, 0) :] for c in columns))


@dataclass(frozen=True)
class CurveView:
    """Everything that the curve of one option shows. `public_curve` is worked out at the lengths of `public`."""

    curve: ThroughputCurve
    operating: Point
    limit_ms: float
    lengths: tuple[float, float]
    public: Sequence[tuple[Point, bool]]  # with whether it ran on as many GPUs as a replica here
    public_curve: ThroughputCurve | None
    public_lengths: tuple[float, float] | None


def curve_view(cost: OptionCost) -> CurveView:
    """The curve of an option, its operating point, and public points of its model, precision and GPU."""
    task, serving = cost.task, cost.option.serving
    limit = float(task.scenario.workload.time_per_token_limit_ms)
    lengths = highest(input_tokens_each(task)), highest(output_tokens_each(task))
    speed = highest(speed_ratio(task))
    ratio = highest(measured_rate_ratio(serving, limit)) * serving.throughput_ratio
    whole = _curve(serving, lengths, task.scenario.workload.cached_input_frac, speed, ratio)
    now, at_once = highest(time_per_token_ms(task)), highest(concurrency(task))
    shown_to = max(SHOWN_TO * max(now, min(limit, 2 * now)), LEAST_SHOWN * whole.time_per_token_ms[0])
    public = nearest_points(serving, *lengths)
    their_lengths = (public[0].input_tokens, public[0].output_tokens) if public else None
    their_curve = _curve(serving, their_lengths, 0, 1, 1).up_to(shown_to) if their_lengths else None
    return CurveView(
        curve=whole.up_to(shown_to),
        operating=Point(
            now, highest(replica_tok_per_s(task)) / serving.gpus_per_replica, f"{numeral(at_once, ',.0f')} at once"
        ),
        limit_ms=limit,
        lengths=lengths,
        public=[(_public(row), _as_here(row, serving)) for row in public if row.time_per_token_ms <= shown_to],
        public_curve=their_curve,
        public_lengths=their_lengths,
    )


def _curve(serving: Serving, lengths: tuple[float, float], cached_frac: float, speed: float,
           ratio: float) -> ThroughputCurve:  # fmt: skip
    into, out = lengths
    held = max(highest(sequences_in_memory(serving, into + out)), 1)
    requests = np.geomspace(1, held, STEPS)
    time = replica.time_per_token_s(serving, requests, into, cached_frac, out) * MS_PER_S / speed
    rate = replica.tok_per_s(serving, requests, into, cached_frac, out) * ratio
    return ThroughputCurve(requests, time, rate / serving.gpus_per_replica)


def nearest_points(serving: Serving, input_tokens: float, output_tokens: float) -> list[ServingPoint]:
    """Public points of the model, precision and GPU, at the one pair of measured lengths that is nearest in ratio."""
    served = (serving.model, serving.precision, serving.gpu)
    found = [row for row in rows(ServingPoint) if (row.model, row.precision, row.gpu) == served]

    def apart(row: ServingPoint) -> float:
        return abs(log2(row.input_tokens / input_tokens)) + abs(log2(row.output_tokens / output_tokens))

    nearest = min(found, key=apart, default=None)
    return [r for r in found if (r.input_tokens, r.output_tokens) == (nearest.input_tokens, nearest.output_tokens)]


def _as_here(row: ServingPoint, serving: Serving) -> bool:
    return (row.gpus_per_replica, row.attention_parallel) == (serving.gpus_per_replica, serving.attention_parallel)


def _public(row: ServingPoint) -> Point:
    gpus = f"{row.gpus_per_replica} GPU{'s' if row.gpus_per_replica > 1 else ''}"
    engine = f"{row.engine} {row.engine_version}".strip()
    told = f"{numeral(row.concurrency, ',')} at once on {gpus}, {engine}, {day(row.as_of)}"
    return Point(row.time_per_token_ms, row.output_tok_per_s_per_gpu, told)
