"""What every option pays beside its technology: people, governance and the way there."""

from costmodel.demand import month
from costmodel.quantity import quantity
from costmodel.units import MONTHS_PER_YEAR, index


@quantity("ratio", "Wage index")
def wage_index(scenario):
    """Wages of each month relative to today's; today and month 1 are at today's wages. Shape (T+1,)."""
    return index(scenario.people.wage_growth_per_year, (month(scenario) - 1) * (month(scenario) > 0))


def overhead_lines(task, servers):
    """Staff, hiring, governance and one-time lines of an option that keeps `servers` servers, USD by month.

    Hiring pays for filling each post once and for replacing those who leave. Assumes that staff scales with servers
    without steps: the last fraction of a post is shared with other work.
    """
    return {**_people(task, servers), **_governance(task), **_launch(task)}


def _people(task, servers):
    people, staff, option_months = task.scenario.people, task.option.staff, month(task.scenario)
    wages = wage_index(task.scenario)
    infrastructure_fte = staff.infrastructure_engineer_fte + staff.infrastructure_engineer_fte_per_server * servers
    # USD/year of wages = FTE * USD/year
    wage_bill = wages * (
        staff.ml_engineer_fte * people.ml_engineer_usd_per_year
        + infrastructure_fte * people.infrastructure_engineer_usd_per_year
    )
    runs = option_months >= 1
    posts_filled = (option_months == 1) + runs * (people.attrition_per_year / MONTHS_PER_YEAR)
    return {
        "staff": runs * wage_bill * (people.loading_ratio / MONTHS_PER_YEAR),
        "hiring": wage_bill * posts_filled * people.recruiting_frac,
    }


def _governance(task):
    governance, months = task.option.governance, month(task.scenario)
    yearly = governance.audit_usd_per_year + governance.controls_usd_per_year
    return {
        "assessment": (months == 0) * governance.assessment_usd,
        "controls": (months >= 1) * wage_index(task.scenario) * (yearly / MONTHS_PER_YEAR),
    }


def _launch(task):
    start = month(task.scenario) == 0
    return {
        "migration": start * task.option.launch.migration_usd,
        "parallel_running": start * task.option.launch.parallel_running_usd,
    }
