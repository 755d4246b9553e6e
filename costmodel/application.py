"""The application: what users work with in front of a model, where the option does not bring it along."""

from typing import Any

from costmodel.arrays import Value
from costmodel.demand import Task, at_launch, month
from costmodel.people import wage_index
from costmodel.retrieval import requests_processed
from costmodel.units import REQUESTS_PER_THOUSAND


def application_lines(task: Task[Any]) -> dict[str, Value]:
    """Building, running and use of the application, USD by month, for an option that brings none of its own.

    It is the same whatever serves the model, so it moves no difference between options that all need it; for one that
    runs today it is built. Running it is mostly people's work and rises with wages. Each attempt at a request passes it
    again. Options that serve together share one application, and each pays for the use by its own requests.
    """
    application, months = task.scenario.application, month(task.scenario)
    if not application.application_included or task.option.brings_application:
        return {}
    return {
        "application_build": at_launch(task) * application.build_usd,
        "application_run": (months >= 1) * wage_index(task.scenario) * application.run_usd_per_month,
        # USD/month = requests/month * USD/request
        "application_use": requests_processed(task) * (application.use_usd_per_1000_requests / REQUESTS_PER_THOUSAND),
    }
