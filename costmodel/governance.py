"""Governance: what it costs to be allowed to run an option, and the loss to be expected from what it exposes."""

from costmodel.arrays import Array, Value
from costmodel.demand import Task, at_launch, month, sensitive_served_frac, serves_month
from costmodel.option import StandaloneOption
from costmodel.people import wage_index
from costmodel.quantity import quantity
from costmodel.units import MONTHS_PER_YEAR


@quantity("share", "Sensitive requests that leave the premises")
def sensitive_leaving_frac(task: Task[StandaloneOption]) -> Array:
    """Share of all requests that are sensitive and that the option has processed elsewhere, in each month it serves."""
    return serves_month(task) * (sensitive_served_frac(task) * task.option.governance.data_leaves_frac)


def governance_lines(task: Task[StandaloneOption]) -> dict[str, Value]:
    """Assessment, audits and controls, data protection, and the expected loss from incidents, USD by month.

    Yearly amounts are paid in twelfths and rise with wages: they are people's work.
    """
    governance, months = task.option.governance, month(task.scenario)
    year_parts = (months >= 1) * wage_index(task.scenario) / MONTHS_PER_YEAR
    return {
        "assessment": at_launch(task) * governance.assessment_usd,
        # USD/month = year/month * USD/year
        "controls": year_parts * (governance.audit_usd_per_year + governance.controls_usd_per_year),
        "data_protection": year_parts * governance.data_protection_usd_per_year,
        "incident_loss": incident_loss(task),
    }


def incident_loss(task: Task[StandaloneOption]) -> Array:
    """Expected loss from incidents: probability x impact x share of sensitive requests that leave, USD by month.

    Assumes that the loss grows in proportion to the sensitive requests exposed, so few but grave requests are
    underestimated, and that what stays on the premises is safe, so own servers look better than they are.
    """
    risk = task.scenario.risk
    # USD/month = share * 1/year * USD * year/month
    yearly = risk.incident_probability_per_year * risk.incident_impact_usd
    return sensitive_leaving_frac(task) * (yearly / MONTHS_PER_YEAR)
