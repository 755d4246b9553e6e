"""People: wages, hiring outside against training inside, ramp-up, attrition, and the plan of posts over the years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from costmodel.arrays import Array, Value
from costmodel.cohorts import additions
from costmodel.demand import month
from costmodel.option import StandaloneOption
from costmodel.quantity import quantity
from costmodel.scenario import Scenario
from costmodel.settings import People
from costmodel.units import MONTHS_PER_YEAR, index

if TYPE_CHECKING:
    from costmodel.comparison import OptionCost
    from costmodel.demand import Task

ROLES = {
    "ml_engineer": "ML engineers",
    "data_scientist": "Data scientists",
    "infrastructure_engineer": "Infrastructure engineers",
}
POSTS = tuple(f"{role}_fte" for role in ROLES)


@quantity("ratio", "Wage index")
def wage_index(scenario: Scenario) -> Value:
    """Wages of each month relative to today's; today and month 1 are at today's wages. Shape (T+1,)."""
    return index(scenario.people.wage_growth_per_year, (month(scenario) - 1) * (month(scenario) > 0))


def covered_ratio(people: People) -> Value:
    """Posts that keep a position filled in the scenario's service hours, relative to office hours."""
    return getattr(people, f"{people.service_hours}_fte") / people.office_hours_fte


def sites_covered(task: Task[StandaloneOption]) -> float:
    """Sites at which the option needs staff of one's own: those of own servers; what is rented is operated from one."""
    return task.scenario.people.sites if task.option.owns_hardware(task.scenario.options) else 1


def operations_fte(task: Task[StandaloneOption]) -> Value:
    """Infrastructure engineers of an option whatever its volume, FTE: those of office hours x hours x sites.

    Assumes that the option keeps the same share of a position busy in all hours, and that each site needs as many. So
    who shares a night shift or a remote team with other services needs fewer.
    """
    # FTE = FTE * ratio * sites
    return task.option.staff.infrastructure_engineer_fte * covered_ratio(task.scenario.people) * sites_covered(task)


def posts(task: Task[StandaloneOption], servers: Value) -> dict[str, Array]:
    """Role -> posts of each month in FTE, from month 1 on, of an option that keeps `servers` servers. Shape (T+1,).

    Assumes that staff scales with servers without steps: the last fraction of a post is shared with other work, and
    what each further server takes is work of office hours.
    """
    staff, runs = task.option.staff, month(task.scenario) >= 1
    with_servers = operations_fte(task) + staff.infrastructure_engineer_fte_per_server * servers
    return {
        "ml_engineer": runs * staff.ml_engineer_fte,
        "data_scientist": runs * staff.data_scientist_fte,
        "infrastructure_engineer": runs * with_servers,
    }


def post_quantities(task: Task[StandaloneOption], servers: Value) -> dict[str, Value]:
    """Posts by role as every kind of option reports them."""
    return {f"{role}_fte": number for role, number in posts(task, servers).items()}


def filled(scenario: Scenario, number: Array, standing: bool = False) -> Array:
    """What is filled anew in each month of a `number` of posts. Shape (..., T+1).

    New posts as their number grows, and those of leavers, a twelfth of the yearly attrition each month. The posts of
    month 1 are new unless they are `standing` today. Assumes that a post is kept when traffic falls: nobody is let go,
    and nobody is hired when it comes back.
    """
    return new_posts(scenario, number, standing) + leavers(scenario, number)


def new_posts(scenario: Scenario, number: Array, standing: bool = False) -> Array:
    """What a `number` of posts grows by in each month; from month 2 on where those of month 1 are `standing` today."""
    return additions(number) * (1 - standing * (month(scenario) == 1))


def leavers(scenario: Scenario, number: Array) -> Array:
    """Who leaves a `number` of posts in each month and is replaced, a twelfth of the yearly attrition."""
    return number * (scenario.people.attrition_per_year / MONTHS_PER_YEAR)


def wages(scenario: Scenario, by_role: Mapping[str, Array]) -> Value:
    """USD a year, at today's wages, for the numbers of people in `by_role`. Same shape as the numbers."""
    # USD/year = FTE * USD/year
    return sum(number * getattr(scenario.people, f"{role}_usd_per_year") for role, number in by_role.items())


def people_lines(task: Task[StandaloneOption], servers: Value) -> dict[str, Value]:
    """Staff, hiring, training and ramp-up of an option that keeps `servers` servers, USD by month."""
    return post_lines(task.scenario, posts(task, servers), task.option.runs_today)


def post_lines(scenario: Scenario, by_role: Mapping[str, Array], standing: bool = False) -> dict[str, Value]:
    """Staff, hiring, training and ramp-up for the posts of each month in `by_role`, USD by month.

    Each post that is filled, at first or after somebody left, is filled from outside for a recruiting fee or from
    inside for a course, and works at a part of its pace until it is ramped up: that pay brings no work. Ramp-up is
    booked in the month in which the post is filled, so up to its own length too early.
    """
    new = {role: filled(scenario, number, standing) for role, number in by_role.items()}
    return _lines(scenario, wages(scenario, by_role), wages(scenario, new), sum(new.values()))


def _lines(scenario: Scenario, pay: Value, pay_filled: Value, posts_filled: Value) -> dict[str, Value]:
    people, wage = scenario.people, wage_index(scenario)
    unproductive_years = people.ramp_up_months * (1 - people.ramp_up_productivity_frac) / MONTHS_PER_YEAR
    return {
        # USD/month = USD/year * year/month
        "staff": pay * (wage * (people.loading_ratio / MONTHS_PER_YEAR)),
        "hiring": pay_filled * (wage * (people.recruiting_frac * (1 - people.trained_inside_frac))),
        # USD = FTE * USD/FTE
        "training": posts_filled * (wage * (people.trained_inside_frac * people.training_usd_per_fte)),
        # USD = USD/year * year
        "ramp_up": pay_filled * (wage * (people.loading_ratio * unproductive_years)),
    }


@dataclass(frozen=True)
class PlannedRole:
    """One role in one year of a talent plan: posts at its end and leavers, people hired and trained over it, in FTE."""

    year: int
    role: str
    posts: Any
    leavers: Any
    hired: Any
    trained: Any
    cost_usd: Any


def talent_plan(cost: OptionCost) -> tuple[PlannedRole, ...]:
    """The talent plan behind the cost of an option: a row for each role that it has and each year of the horizon.

    What staff, hiring, training and ramp-up of a role cost in USD; the rows of an option that serves by itself add up
    to its lines of people. An option made of others is planned as one team: who is not needed in one part works in
    another. The last year may be a part of one. Takes an `OptionCost` of one scenario or of many.
    """
    scenario, horizon = cost.task.scenario, cost.task.scenario.finance.horizon_months
    inside, plan = scenario.people.trained_inside_frac, []
    standing = cost.option.runs_already(scenario.options)
    for role, label in ROLES.items():
        number: Any = cost.quantities.get(f"{role}_fte", 0)
        if not np.any(number):
            continue
        wage = getattr(scenario.people, f"{role}_usd_per_year")
        new, left = filled(scenario, number, standing), leavers(scenario, number)
        paid: Any = sum(_lines(scenario, number * wage, new * wage, new).values())
        for first in range(1, horizon + 1, MONTHS_PER_YEAR):
            year = slice(first, min(first + MONTHS_PER_YEAR, horizon + 1))
            plan.append(PlannedRole(
                year=(first - 1) // MONTHS_PER_YEAR + 1,
                role=label,
                posts=number[..., year][..., -1],
                leavers=left[..., year].sum(axis=-1),
                hired=(new * (1 - inside))[..., year].sum(axis=-1),
                trained=(new * inside)[..., year].sum(axis=-1),
                cost_usd=paid[..., year].sum(axis=-1),
            ))  # fmt: skip
    return tuple(plan)
