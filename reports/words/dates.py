"""From numbered months to the calendar: column 0 is the eve of month 1, column t the end of month t."""

import math
from datetime import date, timedelta

from costmodel.scenario import Scenario
from costmodel.units import MONTHS_PER_YEAR
from pricing.dates import month

SHORT = 3  # letters of a month's name on an axis


def month_begin(scenario: Scenario, column: int) -> date:
    """First day of the calendar month of a column; column 0 lies in the month before month 1."""
    workload = scenario.workload
    months = workload.start_year * MONTHS_PER_YEAR + workload.start_month - 1 + column - 1
    return date(months // MONTHS_PER_YEAR, months % MONTHS_PER_YEAR + 1, 1)


def month_end(scenario: Scenario, column: int) -> date:
    """Last day of the calendar month of a column: the day before month 1 for column 0."""
    return month_begin(scenario, column + 1) - timedelta(days=1)


def fiscal_year(scenario: Scenario, column: int) -> int:
    """The fiscal year that the end of a column falls in, by the calendar year in which it ends."""
    first, day = scenario.finance.fiscal_year_first_month, month_end(scenario, column)
    return day.year + (1 < first <= day.month)


def month_name(scenario: Scenario, column: int) -> str:
    """The calendar month of a column: 'September 2027'."""
    return month(month_begin(scenario, column))


def short_month(scenario: Scenario, column: int) -> str:
    """The calendar month of a column where there is little room: 'Sep 2027'."""
    name, year = month_name(scenario, column).split()
    return f"{name[:SHORT]} {year}"


def numbered(scenario: Scenario, month: float) -> str:
    """The month in which a moment lies by its number and its name: 'month 9 (September 2027)'."""
    column = math.ceil(month)
    return f"month {column} ({month_name(scenario, column)})"


def month_step(last: int) -> int:
    """Months between two ticks of an axis, so that about ten fit the horizon of `last` months."""
    return next((step for step, longest in ((1, 6), (3, 24), (12, 96)) if last <= longest), 24)
