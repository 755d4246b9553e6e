"""From numbered months to the calendar: column 0 is the eve of month 1, column t the end of month t."""

from datetime import date, timedelta

from costmodel.errors import ScenarioError
from costmodel.scenario import Scenario
from costmodel.units import MONTHS_PER_YEAR

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def next_start(scenario: Scenario, today: date) -> date:
    """The first day of month 1: of the next calendar month that the scenario starts in, this month included."""
    month = scenario.workload.start_month
    return date(today.year + (month < today.month), month, 1)


def checked_start(scenario: Scenario, start: date) -> date:
    """First day of the month of `start`; ScenarioError when the scenario's season starts in another month."""
    month = scenario.workload.start_month
    if start.month != month:
        raise ScenarioError(
            f"The forecast cannot start in {MONTHS[start.month - 1]} {start.year}: workload.start_month is {month}, "
            f"so month 1 is {_named(month)}. Start in {_named(month)}, or change workload.start_month."
        )
    return start.replace(day=1)


def month_begin(start: date, column: int) -> date:
    """First day of the calendar month of a column; column 0 lies in the month before month 1."""
    months = start.year * MONTHS_PER_YEAR + start.month - 1 + column - 1
    if not date.min.year <= months // MONTHS_PER_YEAR < date.max.year:
        raise ScenarioError(f"A forecast from {start.isoformat()} on leaves the calendar: start between 1900 and 2900.")
    return date(months // MONTHS_PER_YEAR, months % MONTHS_PER_YEAR + 1, 1)


def month_end(start: date, column: int) -> date:
    """Last day of the calendar month of a column: the day before month 1 for column 0."""
    return month_begin(start, column + 1) - timedelta(days=1)


def _named(month: int) -> str:
    return MONTHS[month - 1]
