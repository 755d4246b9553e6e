"""The best mix: of many plans the cheapest today, and the one that is least regretted whatever the draws bring."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from costmodel.arrays import Array
from costmodel.comparison import OptionCost, compare
from costmodel.errors import ScenarioError
from costmodel.option import Option
from costmodel.scenario import Scenario
from costmodel.uncertainty.metrics import check_options
from costmodel.uncertainty.sampling import Draws, check_count

MOST_PLANS = 1000


@dataclass(frozen=True)
class Plan:
    """An option, and what is decided about it: changes by path, choices and numbers alike.

    `added` are options, by slug, that the plan adds to those of the scenario, such as a mixture of two of them.
    """

    option: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    added: Mapping[str, Any] = field(default_factory=dict)

    def of(self, scenario: Scenario) -> Scenario:
        """The scenario under this plan. ScenarioError when that cannot be."""
        return scenario.vary(self.changes, options={**scenario.options, **self.added})


@dataclass(frozen=True, eq=False)
class BestMix:
    """Costs of each plan, today and by draw, USD of net present cost; of the draws done so far of those wanted.

    `servers` are the most servers, owned or rented, that a plan has at once today: 0 where it has none.

    The regret of a plan in a draw is its cost above that of the plan that would have been best in it. `refusals` says
    why plans are left out: those that break a rule of the scenario today, and those that cannot be, today or in a draw.
    """

    wanted: int
    base_cost_usd: Mapping[str, float]
    servers: Mapping[str, float]
    cost_usd: Mapping[str, Array]
    refusals: Mapping[str, str]

    @property
    def done(self) -> int:
        """Number of draws so far."""
        return len(next(iter(self.cost_usd.values())))

    @property
    def cheapest_today(self) -> str:
        """The plan with the least cost today; of several that tie, the first."""
        return min(self.base_cost_usd, key=self.base_cost_usd.__getitem__)

    def regret_usd(self) -> dict[str, Array]:
        """Regret of each plan by draw, USD, not negative. Shape (done,)."""
        best = np.min(list(self.cost_usd.values()), axis=0)
        return {name: cost - best for name, cost in self.cost_usd.items()}

    def least_expected_regret(self) -> tuple[str, float]:
        """The plan whose mean regret is least, and that regret, USD."""
        return _least({name: float(regret.mean()) for name, regret in self.regret_usd().items()})


def _least(values: Mapping[str, float]) -> tuple[str, float]:
    name = min(values, key=values.__getitem__)
    return name, values[name]


def best_mix(draws: Draws, candidates: Mapping[str, Plan], count: int = 1000) -> Iterator[BestMix]:
    """Cost of each plan today and over the same `count` draws; yields what is done after each slice, at last all.

    What a plan decides is not drawn: a range of a path that the plan changes is left out for that plan. Where every
    plan breaks a rule of the scenario, all are compared. ScenarioError when none of them can be.
    """
    if not 1 <= len(candidates) <= MOST_PLANS:
        raise ScenarioError(f"There are {len(candidates)} plans; there must be between 1 and {MOST_PLANS}.")
    check_count(count)
    for plan in candidates.values():
        check_options({**draws.scenario.options, **plan.added}, plan.option)
    today: dict[str, OptionCost] = {}
    refusals: dict[str, str] = {}
    for name, plan in candidates.items():
        try:
            today[name] = compare(_alone(plan.of(draws.scenario), plan.option))[plan.option]
        except ScenarioError as refusal:
            refusals[name], why = str(refusal), refusal
    if not today:
        raise ScenarioError("None of the plans can be: {why}", why=why)
    if any(not cost.broken_rules for cost in today.values()):
        refusals |= {name: cost.broken_rules[0] for name, cost in today.items() if cost.broken_rules}
    base = {name: float(cost.net_present_cost_usd) for name, cost in today.items() if name not in refusals}
    servers = {name: float(np.max(today[name].quantities.get("servers", 0))) for name in base}
    varied = {name: today[name].task.scenario for name in base}
    return _costs_by_slice(draws, candidates, count, varied, base, servers, refusals)


def _alone(scenario: Scenario, slug: str) -> Scenario:
    """The scenario with one option and those it relies on: the others need not be worked out."""
    kept: dict[str, Option] = {}
    open_slugs = [slug]
    while open_slugs:
        name = open_slugs.pop()
        if name not in kept:
            kept[name] = scenario.options[name]
            open_slugs += scenario.options[name].relies_on().values()
    return scenario.vary({}, options=kept)


def _costs_by_slice(
    draws: Draws,
    candidates: Mapping[str, Plan],
    count: int,
    varied: Mapping[str, Scenario],
    base: dict[str, float],
    servers: Mapping[str, float],
    refusals: dict[str, str],
) -> Iterator[BestMix]:
    kept, done = {name: np.empty(count) for name in varied}, 0
    for probabilities in draws.probabilities(count):
        drawn = draws.changes(probabilities)
        for name in list(kept):
            try:
                kept[name][done : done + len(probabilities)] = _cost(varied[name], candidates[name], drawn)
            except ScenarioError as refusal:
                refusals[name], why = f"Not in every simulation: {refusal}", refusal
                del kept[name], base[name]
        if not kept:
            raise ScenarioError("None of the plans can be in every simulation: {why}", why=why)
        done += len(probabilities)
        yield BestMix(count, dict(base), servers, {name: array[:done] for name, array in kept.items()}, dict(refusals))


def _cost(scenario: Scenario, plan: Plan, drawn: Mapping[str, Array]) -> Array:
    gone = tuple(f"options.{slug}." for slug in scenario.options)
    changes = {
        path: values
        for path, values in drawn.items()
        if path not in plan.changes and (not path.startswith("options.") or path.startswith(gone))
    }
    return compare(scenario.vary(changes))[plan.option].net_present_cost_usd
