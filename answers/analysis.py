"""All that is asked of one opened scenario: which pair is the question, on which grids, over how many draws."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from answers.levers import ranked
from answers.pair import Outcome, Pair, decision_pair
from answers.simulation import simulate
from answers.strip import StripRow, strip
from answers.volume import VOLUME, VOLUME_POINTS, volume_grid
from costmodel.comparison import Comparison, compare
from costmodel.uncertainty import metrics
from costmodel.uncertainty.drivers import RankDrivers, rank_drivers
from costmodel.uncertainty.heatmap import HeatMap, heat_map
from costmodel.uncertainty.montecarlo import MonteCarlo
from costmodel.uncertainty.ranges import Range, drawable
from costmodel.uncertainty.sampling import SEED, Draws
from costmodel.uncertainty.switching import SwitchingValue, switching_values
from costmodel.uncertainty.tornado import Tornado, tornado
from pricing.documents import Opened
from pricing.ranges import draws, ranges

DRAWS = 10_000
GROWTH = "workload.growth_per_year"
MAP_COLUMNS, MAP_ROWS = 6, 5
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Analysis:
    """The answers of one opened scenario; each is worked out when first asked for, and once."""

    opened: Opened

    @cached_property
    def comparison(self) -> Comparison:
        """Cost of every option, worked out once for all who ask of this very scenario."""
        scenario = self.opened.scenario
        return scenario.once("comparison", lambda: compare(scenario))

    @cached_property
    def ranges(self) -> dict[str, Range]:
        """Path -> range, the reader's own included."""
        return ranges(self.opened.scenario, self.opened.ranges)

    @cached_property
    def also(self) -> dict[str, tuple[str, ...]]:
        """Path -> the further paths that are the same number and move with it."""
        return {path: spread.also for path, spread in self.ranges.items()}

    @cached_property
    def pair(self) -> Pair | None:
        """The two options that the decision is between."""
        return decision_pair(self.comparison)

    @cached_property
    def outcome(self) -> Outcome:
        """What the pair saves, else what the cheapest costs beyond the best of the others."""
        saved = metrics.saving(*self.pair) if self.pair else metrics.excess(self.comparison.ranking[0])
        return Outcome(saved, self.pair)

    @cached_property
    def sensitivity(self) -> Tornado:
        """That outcome with each number at the ends of its range."""
        return tornado(self.opened.scenario, self.ranges, self.outcome.metric)

    @cached_property
    def switching_within(self) -> tuple[SwitchingValue, ...]:
        """Values within the ranges at which another option becomes the cheapest, the nearest first."""
        return self._of_ranges("switching within", lambda: switching_values(self.opened.scenario, self.ranges))

    @cached_property
    def switching_beyond(self) -> tuple[SwitchingValue, ...]:
        """The same, as far as the bounds of the fields."""
        return self._of_ranges(
            "switching beyond", lambda: switching_values(self.opened.scenario, self.ranges, within_bounds=True)
        )

    def _of_ranges(self, name: str, work: Callable[[], T]) -> T:
        """What `work` gives for this scenario and the reader's own ranges, whatever else is asked anew of them."""
        own = tuple(self.opened.ranges.items())
        return self.opened.scenario.once((name, own), work)

    @cached_property
    def strip(self) -> tuple[StripRow, ...]:
        """Who is the cheapest along each assumption that the verdict hangs on; none where there is no choice."""
        if len(self.comparison.costs) < 2:
            return ()
        return strip(self.opened.scenario, self.ranges, [*ranked(self.opened, self.comparison)])

    @cached_property
    def is_drawn(self) -> bool:
        """Whether chance has options to choose between and numbers to draw."""
        return len(self.comparison.costs) > 1 and bool(drawable(self.opened.scenario, self.ranges))

    def draws(self, seed: int = SEED) -> Draws:
        """What chance draws from."""
        return draws(self.opened.scenario, self.opened.ranges, self.opened.correlations, seed)

    def simulate(self, count: int, seed: int = SEED, pair: Pair | None = None, **how: Any) -> Iterator[MonteCarlo]:
        """Draws in slices from the one store, with the months in which `pair`, else that of the decision, crosses.

        `how` goes on to `simulation.simulate`: how many are enough, and what to do meanwhile.
        """
        asked = pair or self.pair
        return simulate(self.draws(seed), count, (asked,) if asked else (), **how)

    @cached_property
    def run(self) -> MonteCarlo:
        """All of the usual number of draws."""
        *_, run = self.simulate(DRAWS)
        return run

    def spread_of(self, run: MonteCarlo) -> tuple[RankDrivers, Outcome]:
        """(drivers of the spread of what the pair saves or, without one, of what the cheapest costs; that outcome)."""
        costs, best = run.net_present_cost_usd, self.comparison.ranking[0]
        if self.pair:
            return rank_drivers(run, costs[self.pair.a] - costs[self.pair.b]), self.outcome
        return rank_drivers(run, costs[best]), Outcome(metrics.net_present_cost(best), None)

    @cached_property
    def heat_map(self) -> HeatMap | None:
        """The cheapest over the volume and the fall of token prices, or growth where no option has one.

        None where that number has no range or there is nothing to choose between.
        """
        other = next((path for path in self.ranges if path.endswith("price_decline_per_year")), GROWTH)
        low, high = self.ranges[other].low, self.ranges[other].high
        if low == high or len(self.comparison.costs) < 2:
            return None
        scenario, also = self.opened.scenario, self.also
        volumes = volume_grid(scenario)[:: VOLUME_POINTS // MAP_COLUMNS]
        return heat_map(scenario, VOLUME, volumes, other, np.linspace(low, high, MAP_ROWS), also=also)
