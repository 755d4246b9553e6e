"""Several scenarios together: what the options of each cost, in amounts that can be held against each other."""

from collections.abc import Mapping
from dataclasses import dataclass

from answers.analysis import compared
from costmodel.caching import cached_property
from costmodel.comparison import Comparison
from costmodel.scenario import Scenario


@dataclass(frozen=True, eq=False)
class SideBySide:
    """The scenarios by name, the one that others are held against first."""

    scenarios: Mapping[str, Scenario]

    @cached_property
    def comparisons(self) -> dict[str, Comparison]:
        """What the options of each cost."""
        return {name: compared(scenario) for name, scenario in self.scenarios.items()}

    @property
    def per_year(self) -> bool:
        """Whether horizons differ, so that only costs a year can be compared."""
        return len({scenario.finance.horizon_months for scenario in self.scenarios.values()}) > 1

    @cached_property
    def costs_usd(self) -> dict[str, dict[str, float]]:
        """Name -> slug -> net present cost; where horizons differ, the level payment a year that is worth the same."""
        metric = "equivalent_annual_cost_usd" if self.per_year else "net_present_cost_usd"
        return {
            name: {slug: float(getattr(cost, metric)) for slug, cost in found.costs.items()}
            for name, found in self.comparisons.items()
        }

    @property
    def least_usd(self) -> dict[str, float]:
        """Name -> cost of its cheapest option."""
        return {name: self.costs_usd[name][found.ranking[0]] for name, found in self.comparisons.items()}
