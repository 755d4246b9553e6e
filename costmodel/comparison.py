"""All options of a scenario, side by side, from one set of assumptions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy_financial

import costmodel.options  # noqa: F401  (registers the kinds)
from costmodel.arrays import Array
from costmodel.caching import cached_property
from costmodel.cohorts import shifted
from costmodel.demand import Task, month
from costmodel.finance import (
    accrual,
    annuity_factor,
    discount_factors,
    last_crossing,
    running_discount_factors,
    summed,
)
from costmodel.lines import LINES
from costmodel.option import Option, Result, costs
from costmodel.rules import Breach, breaches, short_of_peak
from costmodel.scenario import Scenario, unchanged_options
from costmodel.tax import deductions
from costmodel.units import MONTHS_PER_YEAR, TOKENS_PER_MTOK


@dataclass(frozen=True, eq=False)
class OptionCost:
    """What one option costs over the horizon, worked out when somebody asks: an analysis of two options costs no third.

    Amounts in USD; metrics have the shape that the caller varied. `given` stands for what the option's kind would say,
    `today` is the same option in the scenario that this one was varied from, where that is known.
    """

    slug: str
    task: Task[Any]
    given: Result | None = None
    today: "OptionCost | None" = None

    @cached_property
    def result(self) -> Result:
        """Everything that the option's kind says of the task."""
        return costs(self.task) if self.given is None else self.given

    @property
    def lines(self) -> Mapping[str, Any]:
        """Cash by cost line. Shapes (..., T+1)."""
        return self.result.lines

    @property
    def quantities(self) -> Mapping[str, Any]:
        """What it needs and does beside cost, in units of their own. Shapes (..., T+1)."""
        return self.result.quantities

    @property
    def parts(self) -> Sequence[tuple[Any, Mapping[str, Any]]]:
        """(record whose contract terms hold, lines) of every part; of an option without parts, of itself."""
        return self.result.parts or ((self.option, self.lines),)

    @property
    def option(self) -> Option:
        """The option itself."""
        return self.task.option

    @property
    def label(self) -> str:
        """Its name for readers."""
        return self.option.label

    @cached_property
    def breaches(self) -> tuple[Breach, ...]:
        """The rules of the scenario that the option breaks, of many runs in any."""
        return tuple(breaches(self))

    @property
    def broken_rules(self) -> tuple[str, ...]:
        """One sentence for each rule that the option breaks, with the marks of who asks; else empty."""
        return tuple(breach.sentence for breach in self.breaches)

    @cached_property
    def keeps_rules(self) -> Array:
        """Whether the option keeps to every rule of the scenario, by run; a limit that today suffices can be raised."""
        return ~np.any(np.broadcast_arrays(False, *(breach.where for breach in self.breaches)), axis=0)

    @cached_property
    def carries_peak(self) -> Array:
        """Whether the option carries the busiest hour of every month that it serves, by run, whatever the rules say."""
        return ~np.any(short_of_peak(self), axis=-1)

    @cached_property
    def cash_usd(self) -> Array:
        """Cash of each column, all lines together, nominal. Shape (..., T+1)."""
        return self._sum_of(set(self.lines))

    @cached_property
    def running_cash_usd(self) -> Array:
        """Cash without residual value and other credits at the end, which would fake a crossing in the last month."""
        return self._sum_of({name for name in self.lines if LINES[name].nature != "end_credit"})

    @cached_property
    def tco_usd(self) -> Array:
        """Total cost of ownership: the undiscounted sum of all lines over the horizon."""
        return self.cash_usd.sum(axis=-1)

    @cached_property
    def present_cash_usd(self) -> Array:
        """Cash of each column discounted to today: purchases and credits at their column, running costs when paid."""
        return self._discounted_cash(self.cash_usd)

    @cached_property
    def dated_cash_usd(self) -> Array:
        """Cash by the column on whose day it is paid: running costs may be due at the start of their month."""
        if self.task.scenario.finance.running_costs_at == "month_end":
            return self.cash_usd
        running, today = self._running_usd, month(self.task.scenario) == 0
        return self.cash_usd - running + shifted(running, -1) + today * running

    @cached_property
    def net_present_cost_usd(self) -> Array:
        """Sum of the discounted cash of all lines."""
        return self.present_cash_usd.sum(axis=-1)

    @cached_property
    def equivalent_annual_cost_usd(self) -> Array:
        """Level payment at the end of each year with the same present value, for horizons that differ."""
        finance = self.task.scenario.finance
        years = finance.horizon_months / MONTHS_PER_YEAR
        by_run = self.net_present_cost_usd[..., np.newaxis]  # as rates that are drawn have a last axis too
        return (by_run / annuity_factor(finance.discount_rate_per_year, years)).sum(axis=-1)

    @cached_property
    def after_tax_cash_usd(self) -> Array:
        """Cash of each column less the tax that its deductions save; at a tax rate of 0 it is the cash itself."""
        return self.cash_usd - self.task.scenario.finance.tax_rate_frac * self._deductible_usd

    @cached_property
    def present_after_tax_cash_usd(self) -> Array:
        """Cash of each column less the tax that its deductions save, discounted alike.

        Assumes that the discount rate is one after tax, as a weighted cost of capital usually is.
        """
        saved = self.task.scenario.finance.tax_rate_frac * self._discounted_cash(self._deductible_usd)
        return self.present_cash_usd - saved

    @cached_property
    def after_tax_net_present_cost_usd(self) -> Array:
        """Sum of the discounted cash of all lines after tax."""
        return self.present_after_tax_cash_usd.sum(axis=-1)

    @cached_property
    def levelized_cost_usd_per_mtok(self) -> Array:
        """Net present cost / discounted tokens processed: the price per million tokens that would just pay for it.

        Without any tokens there is none: infinite, or not a number.
        """
        return self._levelized(self.quantities["input_tokens"] + self.quantities["output_tokens"])

    @cached_property
    def levelized_cost_usd_per_mtok_output(self) -> Array:
        """Net present cost / discounted output tokens."""
        return self._levelized(self.quantities["output_tokens"])

    @cached_property
    def cumulative_usd(self) -> Array:
        """Running sum of cash without end credits, nominal. Shape (..., T+1)."""
        return np.cumsum(self.running_cash_usd, axis=-1)

    @cached_property
    def cumulative_present_usd(self) -> Array:
        """Running sum of discounted cash without end credits: the curve of break-even in time. Shape (..., T+1)."""
        return np.cumsum(self._discounted_cash(self.running_cash_usd), axis=-1)

    @cached_property
    def cash_before_first_month_usd(self) -> Array:
        """Cash to be laid out at column 0, before the first token."""
        return self.cash_usd[..., 0]

    def booked_usd(self, name: str) -> Array:
        """One line as finance books it: purchases in equal parts over the life that their own contract gives them."""
        return summed(accrual(name, lines[name], terms) for terms, lines in self.parts if name in lines)

    def line_totals(self) -> dict[str, Any]:
        """USD over the horizon by line, in the order of the line table, without lines that are zero throughout."""
        totals = {name: np.sum(self.lines[name], axis=-1) for name in LINES if name in self.lines}
        return {name: total for name, total in totals.items() if np.any(total)}

    def present_lines(self) -> dict[str, Any]:
        """Discounted cash by line, in the order of the line table: the parts of the net present cost. (..., T+1)."""
        scenario = self.task.scenario
        on_its_day, in_month = discount_factors(scenario), running_discount_factors(scenario)
        return {
            name: self.lines[name] * (in_month if LINES[name].due_in_month else on_its_day)
            for name in LINES
            if name in self.lines
        }

    def _levelized(self, tokens: Array) -> Array:
        discounted = (tokens * running_discount_factors(self.task.scenario)).sum(axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.net_present_cost_usd / discounted * TOKENS_PER_MTOK

    @cached_property
    def _running_usd(self) -> Array:
        """Cash for the month it stands in; what is paid in advance is not, since it is due on the day of its column."""
        return self._sum_of({name for name in self.lines if LINES[name].due_in_month})

    @cached_property
    def _deductible_usd(self) -> Array:
        """What all lines together take off the taxable profit of each month."""
        scenario = self.task.scenario
        return summed(
            deductions(name, cash, terms, scenario) for terms, lines in self.parts for name, cash in lines.items()
        )

    def _discounted_cash(self, cash: Array) -> Array:
        """`cash`, of which the running part is discounted from when running costs are paid, the rest as it stands."""
        scenario = self.task.scenario
        if scenario.finance.running_costs_at == "month_end":
            return cash * discount_factors(scenario)
        rest = cash - self._running_usd
        return rest * discount_factors(scenario) + self._running_usd * running_discount_factors(scenario)

    def _sum_of(self, names: Collection[str]) -> Array:
        zero = np.zeros(self.task.scenario.finance.horizon_months + 1)
        lines = self.lines
        return summed([zero, *(lines[name] for name in LINES if name in names)])


@dataclass(frozen=True, eq=False)
class Comparison:
    """Every option of one scenario; `costs` maps slug to what it costs."""

    scenario: Scenario
    costs: Mapping[str, OptionCost]

    def __getitem__(self, slug: str) -> OptionCost:
        return self.costs[slug]

    @cached_property
    def months(self) -> Array:
        """0 for today, then month ends. Shape (T+1,)."""
        return month(self.scenario)

    @cached_property
    def allowed(self) -> tuple[str, ...]:
        """Slugs of the options that keep to every rule of the scenario, in its order."""
        return tuple(slug for slug, cost in self.costs.items() if not cost.breaches)

    @cached_property
    def contends(self) -> dict[str, Any]:
        """By slug and run, whether the option may win: those that keep to every rule may, or all where none does."""
        keeps = {slug: cost.keeps_rules for slug, cost in self.costs.items()}
        none_does = ~np.any(np.broadcast_arrays(*keeps.values()), axis=0)
        return {slug: kept | none_does for slug, kept in keeps.items()}

    @cached_property
    def ranking(self) -> tuple[str, ...]:
        """Slugs from the cheapest to the dearest by net present cost, those ruled out last; for a single scenario."""
        costs, allowed = self.costs, self.allowed
        return tuple(sorted(costs, key=lambda slug: (slug not in allowed, float(costs[slug].net_present_cost_usd))))


def compare(scenario: Scenario, known: Comparison | None = None, *, rise_from: Comparison | None = None) -> Comparison:
    """Cost of every option of the scenario for its whole demand.

    `known` is the comparison of the scenario that this one was varied from: options that no change concerns are taken
    from it as they are. A limit that suffices today is raised where a change outgrows it: it rules nothing out.
    `rise_from` is the comparison of today.
    """
    same, before = (set(), {}) if known is None else (unchanged_options(scenario, known.scenario), known.costs)
    today = {} if rise_from is None else rise_from.costs
    return Comparison(
        scenario,
        {
            slug: before[slug] if slug in same else OptionCost(slug, Task(scenario, option), today=today.get(slug))
            for slug, option in scenario.options.items()
        },
    )


@dataclass(frozen=True)
class Switch:
    """Moving from option A to option B, for a single scenario.

    `irr_per_year` is None unless outlays come first and savings after them; `payback_months` is by discounted cash, and
    0 for a switch that is never behind.
    """

    npv_usd: float
    irr_per_year: float | None
    payback_months: float | None


def switch(a: OptionCost, b: OptionCost) -> Switch:
    """What is gained by B instead of A: net present value, internal rate of return, discounted payback."""
    flows = a.dated_cash_usd - b.dated_cash_usd
    months = float(last_crossing(a.cumulative_present_usd - b.cumulative_present_usd))
    signs = np.sign(flows[np.abs(flows) > 0])
    is_investment = np.count_nonzero(np.diff(signs)) == 1 and signs[0] < 0
    monthly = numpy_financial.irr(flows) if is_investment else np.nan
    return Switch(
        npv_usd=float(a.net_present_cost_usd - b.net_present_cost_usd),
        irr_per_year=None if np.isnan(monthly) else float((1 + monthly) ** MONTHS_PER_YEAR - 1),
        payback_months=None if np.isnan(months) else months,
    )
