"""Tornado: each number at its low and at its high, everything else as it is today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from costmodel.scenario import Scenario
from costmodel.uncertainty.metrics import Metric
from costmodel.uncertainty.ranges import Range, checked
from costmodel.uncertainty.runs import outcomes


@dataclass(frozen=True)
class Bar:
    """The metric with one number at its low and at its high; NaN, and the reason in `refusal`, where that cannot be."""

    path: str
    low: float
    high: float
    at_low: float
    at_high: float
    swing: float
    refusal: str | None


@dataclass(frozen=True)
class Tornado:
    """`base` is the metric today; bars come with the widest swing first."""

    base: float
    bars: tuple[Bar, ...]


def tornado(scenario: Scenario, ranges: Mapping[str, Range], metric: Metric) -> Tornado:
    """Swing of the metric over each range, all numbers in one array run; whole-number terms in runs of their own.

    The swing is the distance between the largest and the smallest of the metric at low, today and high: infinite when
    a break-even happens at one of them and not at another. Numbers are varied one at a time: what two of them do
    together is not seen.
    """
    checked(scenario, ranges, drawn=False)
    cases = [{}, *(spread.at(path, end) for path, spread in ranges.items() for end in (spread.low, spread.high))]
    values, refusals = outcomes(scenario, cases, metric)
    base, *ends = values.tolist()
    bars = [
        Bar(
            path=path,
            low=spread.low,
            high=spread.high,
            at_low=ends[2 * i],
            at_high=ends[2 * i + 1],
            swing=_swing([base, *ends[2 * i : 2 * i + 2]]),
            refusal=refusals.get(2 * i + 1) or refusals.get(2 * i + 2),
        )
        for i, (path, spread) in enumerate(ranges.items())
    ]
    return Tornado(base, tuple(sorted(bars, key=lambda bar: -bar.swing)))


def _swing(values: Sequence[float]) -> float:
    known = [value for value in values if value == value]  # a refused end is NaN
    least, most = min(known, default=0.0), max(known, default=0.0)
    return 0.0 if least == most else most - least  # two that never happen are not infinitely far apart
