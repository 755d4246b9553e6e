"""Monte Carlo: what the options cost over many draws, how often each is cheapest, and when one overtakes another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from costmodel.arrays import Array, Value
from costmodel.caching import cached_property
from costmodel.comparison import Comparison
from costmodel.demand import month
from costmodel.uncertainty.metrics import (
    NEVER,
    Metric,
    break_even_month,
    cheapest_shares,
    check_options,
    keeps_rules,
    net_present_cost,
    outgrown,
)
from costmodel.uncertainty.sampling import SLICE, Draws, check_count
from costmodel.units import rounded_up

QUANTILES = (0.1, 0.5, 0.9)
CONVERGENCE_POINTS = 60

Pair = tuple[str, str]


@dataclass(frozen=True)
class Estimate:
    """A figure estimated from draws and its standard error; single numbers, or arrays of the same shape."""

    value: Value
    standard_error: Value


@dataclass(frozen=True)
class Quantile:
    """A quantile estimated from draws; `low` and `high` are the order statistics one standard error to either side."""

    probability: float
    value: float
    low: float
    high: float

    @property
    def standard_error(self) -> float:
        """Half the distance from `low` to `high`; infinite where one of them is 'never', 0 where they are the same."""
        return 0.0 if self.low == self.high else (self.high - self.low) / 2


@dataclass(frozen=True, eq=False)
class MonteCarlo:
    """The draws done so far, of those wanted. A result of its own at every point: the page may stop at any.

    `net_present_cost_usd` maps slug to USD by draw, `keeps_rules` to 1 in draws in which the option keeps to the
    rules of the scenario and 0 in the others. `overtaken_after_months` maps a pair (A, B) to the month after
    which B stays ahead of A, by draw: 0 from the start, infinity never. `outgrown` maps slug to 1 in draws in which the
    option does not carry the peak that it must; where today it does, that rules nothing out, since limits can be
    raised. Shapes (done,). Standard errors are those of independent draws; a Sobol sequence errs less, so they are on
    the safe side.
    """

    draws: Draws
    wanted: int
    net_present_cost_usd: Mapping[str, Array]
    keeps_rules: Mapping[str, Array]
    overtaken_after_months: Mapping[Pair, Array]
    outgrown: Mapping[str, Array]

    @property
    def slugs(self) -> tuple[str, ...]:
        """The options, in the scenario's order."""
        return tuple(self.net_present_cost_usd)

    @property
    def done(self) -> int:
        """Number of draws so far."""
        return len(self.net_present_cost_usd[self.slugs[0]])

    @property
    def outcomes(self) -> "Outcomes":
        """All that is kept by draw."""
        return self.net_present_cost_usd, self.keeps_rules, self.overtaken_after_months, self.outgrown

    def first(self, count: int) -> "MonteCarlo":
        """The first of the draws, which are a sample of their own."""
        parts = ({name: array[:count] for name, array in outcome.items()} for outcome in self.outcomes)
        return MonteCarlo(self.draws, count, *parts)

    def known_within(self, error: float) -> bool:
        """Whether no probability of being the cheapest has a larger standard error."""
        return all(share.standard_error <= error for share in self.cheapest_probability.values())

    @cached_property
    def _shares(self) -> Array:
        costs, keeps = (np.stack(list(each.values())) for each in (self.net_present_cost_usd, self.keeps_rules))
        return cheapest_shares(np.where(keeps.astype(bool) | ~keeps.any(axis=0), costs, np.inf))

    @cached_property
    def cheapest_probability(self) -> dict[str, Estimate]:
        """Probability that each option is the cheapest of those that keep the rules, by slug. Adds up to 1.

        Of all where none keeps them. A tie is shared.
        """
        return {
            slug: _probability(share.sum(), self.done) for slug, share in zip(self.slugs, self._shares, strict=True)
        }

    def convergence(self, counts: Sequence[int] = ()) -> tuple[Array, dict[str, Estimate]]:
        """(numbers of draws, probability of being cheapest after so many by slug); at up to 60 places by default."""
        after = np.asarray(counts or np.unique(np.geomspace(1, self.done, CONVERGENCE_POINTS).astype(int)))
        won = np.cumsum(self._shares, axis=-1)[:, after - 1]
        return after, {slug: _probability(row, after) for slug, row in zip(self.slugs, won, strict=True)}

    def ruled_out_probability(self, *slugs: str) -> Estimate:
        """Probability that an option breaks a rule of the scenario; of several, that all of them do."""
        kept = np.any([self.keeps_rules[slug] for slug in slugs], axis=0)
        return _probability(self.done - kept.sum(), self.done)

    def outgrown_probability(self, slug: str) -> Estimate:
        """Probability that an option outgrows what it runs or its rate limit, and that rules it out not."""
        return _probability((self.outgrown[slug] * self.keeps_rules[slug]).sum(), self.done)

    def cost_quantiles(self, slug: str, probabilities: Sequence[float] = QUANTILES) -> tuple[Quantile, ...]:
        """Quantiles of the net present cost of an option, USD."""
        return _quantiles(self.net_present_cost_usd[slug], probabilities)

    def break_even_quantiles(self, a: str, b: str, probabilities: Sequence[float] = QUANTILES) -> tuple[Quantile, ...]:
        """Quantiles of the month after which B stays ahead of A; infinity is 'never within the horizon'."""
        return _quantiles(self.overtaken_after_months[a, b], probabilities)

    def overtaken_by(self, a: str, b: str) -> tuple[Array, Estimate]:
        """(months, probability that B has overtaken A for good by each month). Shape (T+1,).

        Column 0 is the probability that B is ahead from the start, 1 less the last column that it never overtakes.
        """
        months = month(self.draws.scenario)
        reached = np.searchsorted(np.sort(self.overtaken_after_months[a, b]), months, side="right")
        return months, _probability(reached, self.done)

    def never_probability(self, a: str, b: str) -> Estimate:
        """Probability that B does not overtake A within the horizon."""
        return _probability((self.overtaken_after_months[a, b] == NEVER).sum(), self.done)


Outcomes = tuple[Mapping[Any, Array], ...]  # what is kept by draw, in the order of the fields of MonteCarlo


class Slices:
    """Slices of the same draws, worked out one after the other, in any order; `pairs` (A, B) are followed by month.

    ScenarioError when a pair names an option that there is not.
    """

    def __init__(self, draws: Draws, pairs: Sequence[Pair] = ()) -> None:
        check_options(draws.scenario.options, *(slug for pair in pairs for slug in pair))
        slugs = draws.scenario.options
        self.draws = draws
        self._metrics: tuple[Mapping[Any, Metric], ...] = (
            {slug: net_present_cost(slug) for slug in slugs},
            {slug: keeps_rules(slug) for slug in slugs},
            {pair: break_even_month(*pair) for pair in pairs},
            {slug: outgrown(slug) for slug in slugs},
        )
        # Lives on through the next slice: else its memory goes back to the system and forth.
        self.before: Comparison | None = None

    def outcomes(self, probabilities: Array) -> Outcomes:
        """What is kept of each of these draws; ScenarioError when one breaks a rule between fields."""
        comparison, count = self.draws.compared(probabilities), len(probabilities)
        found = tuple(
            {name: np.array(np.broadcast_to(metric(comparison), count)) for name, metric in group.items()}
            for group in self._metrics
        )
        self.before = comparison
        return found


def monte_carlo(
    draws: Draws,
    count: int = 10_000,
    pairs: Sequence[Pair] = (),
    size: int = SLICE,
    known: MonteCarlo | None = None,
) -> Iterator[MonteCarlo]:
    """Run `count` draws in slices of `size`; yields all that is done after each slice, at last the whole.

    `pairs` (A, B) are those whose break-even month is kept by draw. Memory holds a few slices of cash flows and, by
    draw, one number for each option and pair. `known` are draws of the same, which are gone on from or, where they are
    enough, cut. ScenarioError when a number of draws or an option is not right, and
    while running when a draw breaks a rule between fields, such as a model that does not fit into memory.
    """
    check_count(count)
    slices = Slices(draws, tuple(known.overtaken_after_months) if known else pairs)
    if known is not None and known.done >= count:
        return iter([known.first(count)])
    return _snapshots(slices, count, size, known)


def _snapshots(slices: Slices, count: int, size: int, known: MonteCarlo | None) -> Iterator[MonteCarlo]:
    tally = Tally(slices.draws, count, known)
    for probabilities in slices.draws.probabilities(count, size, tally.done):
        yield tally.add(slices.outcomes(probabilities))


class Tally:
    """The draws done so far of those wanted, which begin with `known`."""

    def __init__(self, draws: Draws, wanted: int, known: MonteCarlo | None = None) -> None:
        self.draws, self.wanted, self.done = draws, wanted, 0
        self._arrays: list[dict[Any, Array]] = []
        if known is not None:
            self.add(known.outcomes)

    def add(self, more: Outcomes) -> MonteCarlo:
        """All draws so far, now that these have followed."""
        self._arrays = self._arrays or [
            {name: np.empty(self.wanted, array.dtype) for name, array in group.items()} for group in more
        ]
        start, self.done = self.done, self.done + len(next(iter(more[0].values())))
        for arrays, group in zip(self._arrays, more, strict=True):
            for name, array in group.items():
                arrays[name][start : self.done] = array
        so_far = ({name: _read_only(array[: self.done]) for name, array in each.items()} for each in self._arrays)
        return MonteCarlo(self.draws, self.wanted, *so_far)


def _read_only(view: Array) -> Array:
    view.flags.writeable = False
    return view


def _probability(hits: Value, of: Value) -> Estimate:
    """Share of hits and its binomial standard error, from one hit and one miss more: not 0 when nothing was hit."""
    smoothed = (hits + 1) / (of + 2)
    return Estimate(hits / of, np.sqrt(smoothed * (1 - smoothed) / of))


def _quantiles(values: Array, probabilities: Sequence[float]) -> tuple[Quantile, ...]:
    ordered, count = np.sort(values), len(values)

    def at(position: float) -> float:
        return float(ordered[int(np.clip(rounded_up(position) - 1, 0, count - 1))])

    return tuple(
        Quantile(probability, at(count * probability), at(count * probability - error), at(count * probability + error))
        for probability in probabilities
        for error in [np.sqrt(count * probability * (1 - probability))]
    )
