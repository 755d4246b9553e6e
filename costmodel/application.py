"""The application: what users work with in front of a model, where the option does not bring it along."""

from typing import Any

from costmodel.arrays import Value
from costmodel.demand import Task, at_launch, month
from costmodel.lines import CostLine, line
from costmodel.people import wage_index
from costmodel.retrieval import requests_processed
from costmodel.units import REQUESTS_PER_THOUSAND


@line("Building the application", "Application", "purchase")
def application_build_usd(task: Task[Any]) -> Value:
    """Building the application, once, for an option that brings none of its own and does not run yet."""
    # USD = times * USD
    return at_launch(task) * task.scenario.application.build_usd


@line("Running the application", "Application")
def application_run_usd(task: Task[Any]) -> Value:
    """Running it is mostly people's work and rises with wages. Options that serve together share one application."""
    # USD/month = ratio * USD/month
    return (month(task.scenario) >= 1) * wage_index(task.scenario) * task.scenario.application.run_usd_per_month


@line("Use of the application", "Application", usage=True)
def application_use_usd(task: Task[Any]) -> Value:
    """What each attempt at a request costs as it passes the application; each option pays for its own requests."""
    each = task.scenario.application.use_usd_per_1000_requests / REQUESTS_PER_THOUSAND
    # USD/month = requests/month * USD/request
    return requests_processed(task) * each


def application_lines(task: Task[Any]) -> tuple[CostLine, ...]:
    """What is paid for the application by an option that brings none of its own.

    It is the same whatever serves the model, so it moves no difference between options that all need it.
    """
    if not task.scenario.application.application_included or task.option.brings_application:
        return ()
    return application_build_usd, application_run_usd, application_use_usd
