"""People: wages, hiring outside against training inside, ramp-up, attrition, and the plan of posts over the years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from costmodel.arrays import Array, Value
from costmodel.cohorts import additions
from costmodel.demand import month
from costmodel.lines import line
from costmodel.option import StandaloneOption
from costmodel.quantity import quantity, remembered
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


@remembered
def posts(task: Task[StandaloneOption]) -> dict[str, Array]:
    """Posts of each month by role, in FTE, from month 1 on, of the task's option. Shape (T+1,).

    Assumes that staff scales with servers without steps: the last fraction of a post is shared with other work, and
    what each further server takes is work of office hours.
    """
    staff, runs = task.option.staff, month(task.scenario) >= 1
    servers = task.option.servers_kept(task)
    with_servers = operations_fte(task) + staff.infrastructure_engineer_fte_per_server * servers
    return {
        "ml_engineer": runs * staff.ml_engineer_fte,
        "data_scientist": runs * staff.data_scientist_fte,
        "infrastructure_engineer": runs * with_servers,
    }


def post_quantities(task: Task[StandaloneOption]) -> dict[str, Value]:
    """`task`'s posts by role, as every kind of option reports them."""
    return {f"{role}_fte": number for role, number in posts(task).items()}


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
    """USD a year, at today's wages, for the people of each role. Same shape as their numbers."""
    # USD/year = FTE * USD/year
    return sum(number * getattr(scenario.people, f"{role}_usd_per_year") for role, number in by_role.items())


@remembered
def posts_filled(task: Task[StandaloneOption]) -> dict[str, Array]:
    """Posts by role that are filled in each month, at first or after somebody left."""
    standing = task.option.runs_today
    return {role: filled(task.scenario, number, standing) for role, number in posts(task).items()}


@remembered
def pay_filled(task: Task[StandaloneOption]) -> Value:
    """USD a year, at today's wages, of the posts that are filled in each month."""
    return wages(task.scenario, posts_filled(task))


@quantity("ratio", "Wages with all that comes on top")
def loaded_wage_ratio(scenario: Scenario) -> Value:
    """What a month of work costs in each month relative to a year's wage of today."""
    return wage_index(scenario) * (scenario.people.loading_ratio / MONTHS_PER_YEAR)


@quantity("ratio", "Recruiting fees")
def recruiting_ratio(scenario: Scenario) -> Value:
    """Fees for the posts that are filled from outside, relative to a year's wage of today."""
    people = scenario.people
    return wage_index(scenario) * (people.recruiting_frac * (1 - people.trained_inside_frac))


@quantity("USD", "Courses for a filled post")
def course_usd(scenario: Scenario) -> Value:
    """USD of courses for one post that is filled, the mean of those filled from inside and others."""
    # USD/FTE = ratio * share * USD/FTE
    return wage_index(scenario) * (scenario.people.trained_inside_frac * scenario.people.training_usd_per_fte)


@quantity("ratio", "Pay until new staff is ramped up")
def ramp_up_ratio(scenario: Scenario) -> Value:
    """Pay of a filled post that brings no work, relative to a year's wage of today."""
    people = scenario.people
    unproductive_years = people.ramp_up_months * (1 - people.ramp_up_productivity_frac) / MONTHS_PER_YEAR
    return wage_index(scenario) * (people.loading_ratio * unproductive_years)


@line("Staff", "People")
def staff_usd(task: Task[StandaloneOption]) -> Value:
    """Wages of all posts of the month, with what comes on top of them."""
    # USD/month = USD/year * year/month
    return wages(task.scenario, posts(task)) * loaded_wage_ratio(task.scenario)


@line("Hiring", "People")
def hiring_usd(task: Task[StandaloneOption]) -> Value:
    """Recruiting fees for the posts that are filled from outside, in the month in which they are filled."""
    # USD/month = USD/year * year/month
    return pay_filled(task) * recruiting_ratio(task.scenario)


@line("Training of own staff", "People")
def training_usd(task: Task[StandaloneOption]) -> Value:
    """Courses for the posts that are filled from inside."""
    # USD/month = FTE/month * USD/FTE
    return sum(posts_filled(task).values()) * course_usd(task.scenario)


@line("Ramp-up of new staff", "People")
def ramp_up_usd(task: Task[StandaloneOption]) -> Value:
    """Pay that brings no work: who fills a post works at a part of the pace until ramped up.

    Booked in the month in which the post is filled, so up to its own length too early.
    """
    # USD/month = USD/year * year/month
    return pay_filled(task) * ramp_up_ratio(task.scenario)


PEOPLE = (staff_usd, hiring_usd, training_usd, ramp_up_usd)


def posts_usd(scenario: Scenario, pay: Value, pay_filled: Value, posts_filled: Value) -> Value:
    """Staff, hiring, training and ramp-up together, USD by month, of posts by what they are paid a year."""
    filling = (pay_filled * recruiting_ratio(scenario), posts_filled * course_usd(scenario))
    return sum((*filling, pay_filled * ramp_up_ratio(scenario)), pay * loaded_wage_ratio(scenario))


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
        paid: Any = posts_usd(scenario, number * wage, new * wage, new)
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
