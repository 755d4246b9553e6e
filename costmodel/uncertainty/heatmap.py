"""Heat map: every option's cost over two numbers at once, the regions each wins, and where two break even."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from costmodel.arrays import Array
from costmodel.break_even import lead, sign_changes
from costmodel.comparison import compare
from costmodel.errors import At, ScenarioError
from costmodel.scenario import Scenario
from costmodel.uncertainty.metrics import cheapest


@dataclass(frozen=True, eq=False)
class HeatMap:
    """Net present cost, USD, by slug: a row for each value of y, a column for each of x. Shapes (rows, columns).

    `winner` is the position in `slugs` of the cheapest; of several that tie, the first.
    """

    x_path: str
    y_path: str
    x: Array
    y: Array
    net_present_cost_usd: Mapping[str, Array]
    winner: Array

    @property
    def slugs(self) -> tuple[str, ...]:
        """The options, in the scenario's order."""
        return tuple(self.net_present_cost_usd)

    def saving(self, a: str, b: str) -> Array:
        """What option B saves against A, USD; the break-even contour is where it is 0."""
        return lead(self.net_present_cost_usd[a], self.net_present_cost_usd[b])

    def contour(self, a: str, b: str) -> Array:
        """Points (x, y) at which A and B break even, interpolated along the grid lines. Shape (points, 2)."""
        saving = self.saving(a, b)
        along_rows = [(x, y) for y, row in zip(self.y, saving, strict=True) for x, _ in sign_changes(self.x, row)]
        along_columns = [
            (x, y) for x, column in zip(self.x, saving.T, strict=True) for y, _ in sign_changes(self.y, column)
        ]
        return np.array(sorted({*along_rows, *along_columns})).reshape(-1, 2)


def heat_map(
    scenario: Scenario,
    x_path: str,
    x: Sequence[float] | Array,
    y_path: str,
    y: Sequence[float] | Array,
    also: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> HeatMap:
    """All combinations of the values of two numbers, everything else as it is today, in one array run.

    `also` names, by path, further paths that are the same number and move with it. ScenarioError when a path is
    unknown, a whole-number term, the same twice, or a value out of its bounds.
    """
    across, up = ((path, *also.get(path, ())) for path in (x_path, y_path))
    if twice := set(across) & set(up):
        raise ScenarioError("{path} is on both axes; a heat map needs two different numbers.", path=At(min(twice)))
    columns, rows = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    changes = dict.fromkeys(across, columns[np.newaxis, :, np.newaxis])
    changes |= dict.fromkeys(up, rows[:, np.newaxis, np.newaxis])
    comparison = compare(scenario.vary(changes), compare(scenario))
    shape = (rows.size, columns.size)
    costs = {slug: np.broadcast_to(cost.net_present_cost_usd, shape) for slug, cost in comparison.costs.items()}
    return HeatMap(x_path, y_path, columns, rows, costs, np.broadcast_to(cheapest(comparison), shape))
