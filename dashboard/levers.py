"""The sliders of what is on screen, kept while they are moved, and the steps of each."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import streamlit as st

from answers.grid import logarithmic
from costmodel.fields import Number
from costmodel.scenario import Scenario, differences
from costmodel.uncertainty.ranges import Range
from dashboard import state

FURTHEST = 1e9  # ends further apart than this are a number next to none: no steps lead to the smaller one
LINEAR_STEPS = 100
ROUND_STEPS = ((10, 20, 0.5), (20, 50, 1), (50, 100, 2))  # of a decade: from, to, by; 2 to 5 % each


def only_moved(before: Scenario, after: Scenario, also: Mapping[str, Sequence[str]]) -> bool:
    """Whether two scenarios are the same but for the numbers at these paths, and at those that move with each."""
    moved = {member for path, others in also.items() for member in (path, *others)}
    return after is before or differences(before, after).keys() <= moved


@dataclass(frozen=True)
class Levers:
    """The paths with the ranges they move over, as ranked for a scenario and the options that its headline names."""

    scenario: Scenario
    named: tuple[str, ...]
    spread: dict[str, Range]

    def moved(self, scenario: Scenario) -> bool:
        """Whether the scenario is the one that they were ranked for, but for what they moved themselves."""
        return only_moved(self.scenario, scenario, {path: spread.also for path, spread in self.spread.items()})


def levers() -> dict[str, Range]:
    """Path -> range of the levers of what is on screen.

    They stay while they are moved, so that none leaves or changes its ends under the reader's hand. Any other change
    has them ranked anew, which takes a tenth of a second, and so has a headline that then names other options.
    """
    kept: Levers | None = st.session_state.get(state.LEVERS)
    analysis = state.analysis()
    moved = kept is not None and kept.moved(analysis.scenario)
    if not moved or kept.named != analysis.named:
        ends = kept.spread if moved else {}
        spread = {path: ends.get(path, new) for path, new in analysis.levers.items()}
        kept = Levers(analysis.scenario, analysis.named, spread)
        st.session_state[state.LEVERS] = kept
    return kept.spread


def steps(spread: Range, number: Number, stops: Collection[float]) -> list[float]:
    """The values that a lever goes through, in order: round ones over its range, its ends, and all `stops`.

    Where a stop lies beyond the range, round ones lead to it as well, so that no step is a jump.
    """
    return list(_steps(spread, number, frozenset(stops)))


@lru_cache(maxsize=64)  # the same levers are drawn at every run
def _steps(spread: Range, number: Number, stops: Collection[float]) -> Sequence[float]:
    known = {spread.low, spread.high, *stops}
    ends = sorted({min(known), spread.low, spread.high, max(known)})
    between = (value for low, high in pairwise(ends) for value in _round_ones(low, high) if low < value < high)
    return tuple(sorted({*known, *map(number.check, between)}))


@lru_cache(maxsize=200)
def _round_ones(low: float, high: float) -> Sequence[float]:
    """Round values in equal ratios where the two ends are far apart, else in equal distances."""
    return _round_figures(low, high) if logarithmic(low, high) else _even_figures(low, high)


def _round_figures(low: float, high: float) -> Sequence[float]:
    decades = range(math.floor(math.log10(max(low, high / FURTHEST))) - 1, math.floor(math.log10(high)))
    digits = [float(digit) for start, end, by in ROUND_STEPS for digit in np.arange(start, end, by)]
    return [float(f"{digit:g}e{decade}") for decade in decades for digit in digits]


def _even_figures(low: float, high: float) -> Sequence[float]:
    """Multiples of the round number next to a hundredth of the distance."""
    fine = (high - low) / LINEAR_STEPS
    decade = math.floor(math.log10(fine))
    by = next(step for step in (1, 2, 5, 10) if step * 10.0**decade >= fine)
    first, last = (round(end / (by * 10.0**decade)) for end in (low, high))
    return [float(f"{multiple * by}e{decade}") for multiple in range(first, last + 1)]
