"""Ranges: the least and the most that one would defend of a number, and how chance is spread between them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, get_args

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import betaincinv, expit, logit, ndtr, ndtri

from costmodel.arrays import Array
from costmodel.errors import Amount, At, Fault, ScenarioError, nearest
from costmodel.fields import Number
from costmodel.scenario import Scenario, numbers

Distribution = Literal["triangular", "pert", "uniform", "lognormal", "not_drawn"]
DISTRIBUTIONS = get_args(Distribution)

LOGNORMAL_TAIL = 0.05  # share of a lognormal that lies below low, and again above high
LOGNORMAL_REACH = ndtri(1 - LOGNORMAL_TAIL)  # standard deviations of the logarithm from the base to low or high
PERT_WEIGHT = 4  # of the base against each end, in the mean of a PERT distribution
CURVE_POINTS, CURVE_REACH = 257, 24  # of the PERT curve: its points, and the log-odds of a probability at its ends


@dataclass(frozen=True)
class Range:
    """Low, base and high of a number, in the unit of its field.

    - triangular and pert lie between low and high and are densest at base; pert (Malcolm and others, 1959: mean
      (low + 4 base + high) / 6) gives less to the ends;
    - uniform lies between low and high, evenly;
    - lognormal, for factors and sizes, has base as its median, low and high as its 5 % and 95 % points, each side with
      a spread of its own, and is cut off at the bounds of the field;
    - not_drawn is a decision or a whole-number term of a contract: it is varied on its own, never by chance.

    `also` names further paths that are the same number in other places, such as one judgement about two options: they
    always take the value of the path that has the range, in a draw as in a tornado.
    """

    low: float
    base: float
    high: float
    distribution: Distribution
    also: tuple[str, ...] = ()

    def at(self, path: str, value: Any) -> dict[str, Any]:
        """The changes that give `path`, and what is the same number, a value."""
        return dict.fromkeys((path, *self.also), value)

    def around(self, today: float, number: Number) -> "Range":
        """The range of a number that the reader changed to `today`: just as wide in relation to it, within the bounds.

        Where the base is zero or a side negative the width itself is kept; a range that is not drawn only widens to
        include `today`. A lognormal around a number that is not above 0 becomes a triangular one.
        """
        if self.distribution == "not_drawn":
            return replace(self, low=min(self.low, today), base=today, high=max(self.high, today))
        if self.low >= 0 and self.base > 0 and today > 0:
            low, high = (end * (today / self.base) for end in (self.low, self.high))
        else:
            low, high = (end + (today - self.base) for end in (self.low, self.high))
        low, high = max(min(low, today), number.low), min(max(high, today), number.high)
        distribution = "triangular" if self.distribution == "lognormal" and low <= 0 else self.distribution
        return replace(self, low=low, base=today, high=high, distribution=distribution)


def unset(spread: Range, today: float) -> bool:
    """Whether a number is a decision that nobody has taken: it stands at 0, and chance does not draw from its range."""
    return spread.distribution == "not_drawn" and today == 0


def checked(scenario: Scenario, ranges: Mapping[str, Range], *, drawn: bool) -> dict[str, Number]:
    """Path -> metadata of every number that has a range; ScenarioError with one sentence when a range is not right.

    With `drawn`, whole-number terms and ranges that are not drawn are refused too.
    """
    known, seen = numbers(scenario), set()
    for path, spread in ranges.items():
        for named in (path, *spread.also):
            if named not in known:
                raise ScenarioError(f"{named!r:.120} is not a number of this scenario.{nearest(named, list(known))}")
            if named in seen:
                raise ScenarioError("{path} has two ranges: its own, or as one that moves with another number.",
                                    path=At(named))  # fmt: skip
            seen.add(named)
        if fault := _fault(spread, known[path], drawn):
            raise ScenarioError(f"The range of {{path}} {fault.sentence}.", path=At(path), **fault.parts)
    return {path: known[path] for path in ranges}


def _fault(spread: Range, number: Number, drawn: bool) -> Fault | None:
    low, base, high = spread.low, spread.base, spread.high
    if spread.distribution not in DISTRIBUTIONS:
        return Fault("is {distribution}; it must be one of {known}", distribution=f"{spread.distribution!r:.40}",
                     known=", ".join(DISTRIBUTIONS))  # fmt: skip
    if not low <= base <= high:
        return Fault("runs from {low} over {base} to {high}: low, base and high must be numbers in this order",
                     **_told(number, low=low, base=base, high=high))  # fmt: skip
    if low < number.low or high > number.high:
        return Fault("runs from {low} to {high}, but the field itself must lie {bounds}", bounds=number.bounds,
                     **_told(number, low=low, high=high))  # fmt: skip
    if spread.distribution == "lognormal" and low <= 0:
        return Fault("starts at {low}: a lognormal needs a low above 0", **_told(number, low=low))
    if drawn and number.whole:
        return Fault("belongs to a whole-number term, which a tornado can show but no simulation varies")
    if drawn and spread.distribution == "not_drawn":
        return Fault("is one of a decision, which a tornado can show but no simulation varies")
    return None


def _told(number: Number, **ends: float) -> dict[str, Amount]:
    """Ends of a range as parts of a sentence."""
    return {name: Amount(end, number.unit) for name, end in ends.items()}


def drawable(scenario: Scenario, ranges: Mapping[str, Range]) -> dict[str, Range]:
    """The ranges that chance draws from: neither whole-number terms nor those marked not_drawn."""
    known = checked(scenario, ranges, drawn=False)
    return {
        path: spread for path, spread in ranges.items() if spread.distribution != "not_drawn" and not known[path].whole
    }


def quantile(spread: Range, number: Number, probability: Array) -> Array:
    """Values below which a draw falls with each `probability` (0 < p < 1): the inverse cumulative distribution.

    Same shape as `probability`, in the field's unit, never outside the field's bounds; apart from lognormals, never
    outside low and high.
    """
    low, high = spread.low, spread.high
    match spread.distribution:
        case "uniform":
            values = low + (high - low) * probability
        case "triangular":
            values = _triangular(spread, probability)
        case "pert":
            values = low + (high - low) * _pert(spread, probability)
        case "lognormal":
            values, low, high = _lognormal(spread, number, probability), number.low, number.high
    return np.clip(values, low, high)  # rounding may leave them by the last digit


def _triangular(spread: Range, probability: Array) -> Array:
    width, below, above = spread.high - spread.low, spread.base - spread.low, spread.high - spread.base
    rising = spread.low + np.sqrt(probability * width * below)
    falling = spread.high - np.sqrt((1 - probability) * width * above)
    return np.where(probability * width < below, rising, falling)


def _pert(spread: Range, probability: Array) -> Array:
    width = spread.high - spread.low
    peak = (spread.base - spread.low) / width if width else 0.0
    return expit(_pert_curve(1 + PERT_WEIGHT * peak, 1 + PERT_WEIGHT * (1 - peak))(logit(probability)))


@cache
def _pert_curve(alpha: float, beta: float) -> CubicSpline:
    """Log-odds of the beta quantile over the log-odds of its probability.

    Almost straight at both ends, so that a spline through few points is right to 1e-6 of the width of the range, at a
    twentieth of the time of the exact inverse.
    """
    odds = np.linspace(-CURVE_REACH, CURVE_REACH, CURVE_POINTS)
    upper_half = -logit(betaincinv(beta, alpha, expit(-odds)))  # from its own end: 1 - x would lose its digits
    lower_half = logit(betaincinv(alpha, beta, expit(odds)))
    return CubicSpline(odds, np.where(odds < 0, lower_half, upper_half))


def _lognormal(spread: Range, number: Number, probability: Array) -> Array:
    down, up = (np.log(part) / LOGNORMAL_REACH for part in (spread.base / spread.low, spread.high / spread.base))
    least, most = (ndtr(_score(bound, spread, down, up)) for bound in (number.low, number.high))
    score = ndtri(least + probability * (most - least))
    return spread.base * np.exp(score * np.where(score < 0, down, up))


def _score(bound: float, spread: Range, down: float, up: float) -> float:
    """Standard deviations of the logarithm at which a bound of the field cuts the distribution."""
    side, deviation = (-1, down) if bound < spread.base else (1, up)
    if bound == spread.base:
        return 0
    if bound <= 0 or deviation == 0:
        return side * np.inf
    return np.log(bound / spread.base) / deviation
