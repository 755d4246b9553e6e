"""All that is asked of one opened scenario: which pair is the question, on which grids, over how many draws."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from answers.band import band
from answers.grid import evenly
from answers.levers import levers
from answers.pair import Outcome, Pair, decision_pair, offered_pair
from answers.plans import candidates
from answers.simulation import simulate
from answers.strip import StripRow, distance, strip
from answers.trade_offs import Figures, figures
from answers.volume import VOLUME, volume_grid
from costmodel.arrays import Array
from costmodel.caching import cached_property
from costmodel.comparison import Comparison, compare
from costmodel.scenario import Scenario, numbers, paths
from costmodel.uncertainty import metrics
from costmodel.uncertainty.drivers import RankDrivers, SobolDrivers, rank_drivers, sobol_drivers
from costmodel.uncertainty.heatmap import HeatMap, heat_map
from costmodel.uncertainty.mix import BestMix, Plan, best_mix
from costmodel.uncertainty.montecarlo import MonteCarlo
from costmodel.uncertainty.ranges import Range, unset
from costmodel.uncertainty.sampling import SEED, Draws
from costmodel.uncertainty.switching import SwitchingValue, switching_values
from costmodel.uncertainty.tornado import Bar, Tornado, tornado
from pricing.documents import Opened
from pricing.origins import Origin, origins
from pricing.ranges import drawn, draws, ranges

DRAWS, PLAN_DRAWS = 10_000, 256
STRONGEST = 8  # numbers whose part of the variance is worked out
GROWTH = "workload.growth_per_year"
MAP_COLUMNS, MAP_ROWS = 7, 5
T = TypeVar("T")


def compared(scenario: Scenario) -> Comparison:
    """Cost of every option, worked out once for all who ask of this very scenario."""
    return scenario.once("comparison", lambda: compare(scenario))


@dataclass(frozen=True, eq=False)
class Analysis:
    """The answers of one opened scenario; each is worked out when first asked for, and once.

    `asked` are the two options that the reader wants to know of; None: those that the decision is between.
    """

    opened: Opened
    asked: Pair | None = None
    runs: dict[str, Any] = field(default_factory=dict, init=False, repr=False)  # that a page shows, as far as they are
    _known: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def scenario(self) -> Scenario:
        """What is asked of."""
        return self.opened.scenario

    @cached_property
    def comparison(self) -> Comparison:
        """Cost of every option."""
        return compared(self.scenario)

    @cached_property
    def origins(self) -> dict[str, Origin]:
        """Path -> where its value is from."""
        return origins(self.opened, list(paths(self.scenario)))

    @cached_property
    def ranges(self) -> dict[str, Range]:
        """Path -> range, the reader's own included."""
        return ranges(self.scenario, self.opened.ranges)

    @cached_property
    def drawable(self) -> dict[str, Range]:
        """The ranges that chance draws from."""
        return drawn(self.scenario, self.opened.ranges)

    @cached_property
    def also(self) -> dict[str, tuple[str, ...]]:
        """Path -> the further paths that are the same number and move with it."""
        return {path: spread.also for path, spread in self.ranges.items()}

    @cached_property
    def chosen(self) -> Pair | None:
        """The two that the reader asked for; None where there are none or one of them is gone."""
        return self.asked if self.asked and self.comparison.costs.keys() >= {*self.asked} else None

    @cached_property
    def pair(self) -> Pair | None:
        """The two options that are looked at: those chosen, else those that the decision is between."""
        return self.chosen or decision_pair(self.comparison)

    @cached_property
    def offered(self) -> Pair | None:
        """The two options that pages begin with; None where there is only one."""
        return self.chosen or offered_pair(self.comparison)

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The options that the headline names: the cheapest and, where there is one, the next."""
        return tuple(self.comparison.ranking[:2])

    @cached_property
    def outcome(self) -> Outcome:
        """What the pair saves, else what the cheapest costs beyond the best of the others."""
        saved = metrics.saving(*self.pair) if self.pair else metrics.excess(self.comparison.ranking[0])
        return Outcome(saved, self.pair)

    @cached_property
    def sensitivity(self) -> Tornado:
        """That outcome with each number at the ends of its range."""
        return self.tornado(self.outcome.metric)

    def tornado(self, metric: metrics.Metric) -> Tornado:
        """Another figure with each number at the ends of its range, but for what is not set: nothing hangs on that."""
        spread = {path: each for path, each in self.ranges.items() if not unset(each, self.scenario[path])}
        return tornado(self.scenario, spread, metric)

    @property
    def gap(self) -> Tornado:
        """The gap between the options of the headline with each number that chance draws at the ends of its range."""
        best, *others = self.named
        metric = metrics.saving(others[0], best) if others else metrics.net_present_cost(best)
        return self._of_ranges("gap", lambda: tornado(self.scenario, self.drawable, metric))

    @cached_property
    def levers(self) -> dict[str, Range]:
        """Path -> range of the volume, and of what comes nearest to closing that gap."""
        return levers(self.ranges, self.gap, numbers(self.scenario)[VOLUME], closing=len(self.named) > 1)

    @cached_property
    def guesses(self) -> list[Bar]:
        """What moves that gap and is not yet the reader's own, the strongest first; nothing without a gap."""
        moving = [bar for bar in self.gap.bars if bar.swing > 0] if len(self.named) > 1 else []
        whose = origins(self.opened, [bar.path for bar in moving])
        return [bar for bar in moving if not whose[bar.path].yours]

    @cached_property
    def guessed_limits(self) -> dict[str, str]:
        """Path of a rate limit that is not the reader's own -> slug of the option that it alone keeps from winning."""
        comparison = self.comparison
        found: dict[str, str] = {}
        least = float(comparison[comparison.ranking[0]].net_present_cost_usd)
        for slug, cost in comparison.costs.items():
            if len(cost.breaches) == 1 and not cost.carries_peak and cost.net_present_cost_usd < least:
                found |= {f"options.{slug}.{name}": slug for name in cost.option.rate_limits()}
        return {path: slug for path, slug in found.items() if not self.origins[path].yours}

    @cached_property
    def switching_within(self) -> tuple[SwitchingValue, ...]:
        """Values within the ranges at which another option becomes the cheapest: in the order of the strip."""
        found = lambda: self._nearest_first(switching_values(self.scenario, self.ranges))  # noqa: E731
        return self._of_ranges("switching within", found)

    @cached_property
    def switching_beyond(self) -> tuple[SwitchingValue, ...]:
        """The same, as far as the bounds of the fields."""
        found = lambda: self._nearest_first(  # noqa: E731
            switching_values(self.scenario, self.ranges, within_bounds=True)
        )
        return self._of_ranges("switching beyond", found)

    def _nearest_first(self, found: Iterable[SwitchingValue]) -> tuple[SwitchingValue, ...]:
        """What is not set comes last: a decision that nobody has taken is near to nothing."""
        spread = self.ranges

        def place(each: SwitchingValue) -> tuple[bool, float]:
            return unset(spread[each.path], each.today), distance(self.scenario, spread[each.path], each)

        return tuple(sorted(found, key=place))

    @cached_property
    def strip(self) -> tuple[StripRow, ...]:
        """Who is the cheapest along each assumption that the verdict hangs on; none where there is no choice."""
        found = lambda: strip(self.scenario, self.ranges, [*self.levers])  # noqa: E731
        return self._of_ranges("strip", found) if len(self.comparison.costs) > 1 else ()

    def _of_ranges(self, name: str, work: Callable[[], T], *also: Any) -> T:
        """What `work` gives for this scenario, the reader's own ranges and what is `also` named: by their values."""
        return self.scenario.once((name, *self.opened.ranges.items(), *also), work)

    @cached_property
    def is_drawn(self) -> bool:
        """Whether chance has options to choose between and numbers to draw."""
        return len(self.comparison.costs) > 1 and bool(self.drawable)

    @cached_property
    def band(self) -> Array | None:
        """How far the cost of the cheapest option may be off, month by month."""
        if not self.is_drawn:
            return None
        best, related = self.comparison.ranking[0], self.opened.correlations.items()
        return self._of_ranges("band", lambda: band(self.draws(), best), *related)

    def draws(self, seed: int = SEED) -> Draws:
        """What chance draws from."""
        ranges, related = self.opened.ranges, self.opened.correlations
        return self._of_ranges("draws", lambda: draws(self.scenario, ranges, related, seed), seed, *related.items())

    def simulate(self, count: int, seed: int = SEED, pair: Pair | None = None, **how: Any) -> Iterator[MonteCarlo]:
        """Draws in slices from the one store, with the months in which `pair`, else the one offered, crosses.

        `how` goes on to `simulation.simulate`: how many are enough, and what to do meanwhile.
        """
        asked = pair or self.offered
        return simulate(self.draws(seed), count, (asked,) if asked else (), **how)

    @cached_property
    def run(self) -> MonteCarlo:
        """All of the usual number of draws."""
        *_, run = self.simulate(DRAWS)
        return run

    def spread_of(self, run: MonteCarlo, pair: Pair | None = None) -> tuple[RankDrivers, Outcome]:
        """(drivers of the spread of an outcome over the draws, that outcome).

        It is what `pair`, else that of the decision, saves or, without one, what the cheapest costs.
        """
        pair, costs, best = pair or self.pair, run.net_present_cost_usd, self.comparison.ranking[0]
        outcome = Outcome(metrics.saving(*pair) if pair else metrics.net_present_cost(best), pair)
        spread = costs[pair.a] - costs[pair.b] if pair else costs[best]
        key = ("spread", run.done, run.draws.seed, pair)
        return self._once(key, lambda: rank_drivers(run, spread)), outcome

    def variance(self, run: MonteCarlo, pair: Pair | None = None) -> SobolDrivers:
        """How much of the variance of that outcome its strongest drivers explain, all drawn independently."""
        ranked, outcome = self.spread_of(run, pair)
        drawn = {driver.path: run.draws.ranges[driver.path] for driver in ranked.drivers[:STRONGEST]}

        def found() -> SobolDrivers:
            *_, whole = sobol_drivers(self.scenario, drawn, outcome.metric)
            return whole

        return self._once(("variance", tuple(drawn), outcome.pair), found)

    @cached_property
    def heat_map(self) -> HeatMap | None:
        """The cheapest over the volume and the fall of token prices, or growth where no option has one.

        None where that number has no range or there is nothing to choose between.
        """
        other = next((path for path in self.ranges if path.endswith("price_decline_per_year")), GROWTH)
        if self.ranges[other].low == self.ranges[other].high or len(self.comparison.costs) < 2:
            return None
        return self.map_of(VOLUME, other, MAP_COLUMNS, MAP_ROWS)

    def map_of(self, x_path: str, y_path: str, columns: int, rows: int) -> HeatMap:
        """The cheapest over any two numbers, each over its range, the volume as far as a crossing is looked for."""
        x, y = (self._values(path, points) for path, points in ((x_path, columns), (y_path, rows)))
        key = ("map", x_path, y_path, columns, rows)
        return self._once(key, lambda: heat_map(self.scenario, x_path, x, y_path, y, also=self.also))

    def _values(self, path: str, points: int) -> Array:
        if path == VOLUME:
            return volume_grid(self.scenario, points)
        return evenly(self.ranges[path].low, self.ranges[path].high, points)

    @cached_property
    def plans(self) -> dict[str, Plan]:
        """Name -> plan: what there is to choose from."""
        return candidates(self.comparison)

    def weigh_plans(self) -> Iterator[BestMix]:
        """The plans over the same draws, in slices; once all are done they are kept."""
        known = self._known.get("plans")
        for found in [known] if known else best_mix(self.draws(), self.plans, PLAN_DRAWS):
            if found.done == found.wanted:
                self._known["plans"] = found
            yield found

    @property
    def best_plan(self) -> BestMix | None:
        """The plans over all of these draws; None where there is no choice or nothing is drawn."""
        if len(self.plans) < 2 or not self.drawable:
            return None
        *_, found = self.weigh_plans()
        return found

    @cached_property
    def trade_offs(self) -> dict[str, Figures]:
        """Slug -> figure by matter beside cost, the bill over the range of the volume."""
        return figures(self.comparison, self.ranges[VOLUME].low, self.ranges[VOLUME].high, self.opened.marks)

    def _once(self, key: Any, work: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = work()
        known: T = self._known[key]
        return known
