"""Governance: what it costs to be allowed to run an option, and the loss to be expected from what it exposes."""

from costmodel.arrays import Array, Value
from costmodel.demand import Task, at_launch, month, sensitive_served_frac, serves_month
from costmodel.lines import line
from costmodel.option import StandaloneOption
from costmodel.people import wage_index
from costmodel.quantity import quantity, remembered
from costmodel.units import MONTHS_PER_YEAR


@quantity("share", "Sensitive requests that leave the premises")
def sensitive_leaving_frac(task: Task[StandaloneOption]) -> Array:
    """Share of all requests that are sensitive and that the option has processed elsewhere, in each month it serves."""
    return serves_month(task) * (sensitive_served_frac(task) * task.option.governance.data_leaves_frac)


@remembered
def year_parts(task: Task[StandaloneOption]) -> Value:
    """Part of a yearly amount of today that is paid in each month: a twelfth, which rises with wages."""
    return (month(task.scenario) >= 1) * wage_index(task.scenario) / MONTHS_PER_YEAR


@line("Assessment", "Governance", "purchase")
def assessment_usd(task: Task[StandaloneOption]) -> Value:
    """What it takes to be allowed to begin, once, before what does not run yet."""
    # USD = times * USD
    return at_launch(task) * task.option.governance.assessment_usd


@line("Audits and controls", "Governance")
def controls_usd(task: Task[StandaloneOption]) -> Value:
    """Audits and controls, in twelfths of a year's. They rise with wages: they are people's work."""
    governance = task.option.governance
    # USD/month = year/month * USD/year
    return year_parts(task) * (governance.audit_usd_per_year + governance.controls_usd_per_year)


@line("Data protection", "Governance")
def data_protection_usd(task: Task[StandaloneOption]) -> Value:
    """Data protection, in twelfths of a year's. It rises with wages: it is people's work."""
    # USD/month = year/month * USD/year
    return year_parts(task) * task.option.governance.data_protection_usd_per_year


@line("Expected loss from incidents", "Risk")
def incident_loss_usd(task: Task[StandaloneOption]) -> Array:
    """Expected loss from incidents: probability x impact x share of sensitive requests that leave.

    Assumes that the loss grows in proportion to the sensitive requests exposed, so few but grave requests are
    underestimated, and that what stays on the premises is safe, so own servers look better than they are.
    """
    risk = task.scenario.risk
    # USD/month = share * 1/year * USD * year/month
    yearly = risk.incident_probability_per_year * risk.incident_impact_usd
    return sensitive_leaving_frac(task) * (yearly / MONTHS_PER_YEAR)


GOVERNANCE = (assessment_usd, controls_usd, data_protection_usd, incident_loss_usd)
