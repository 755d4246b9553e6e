"""What every option pays and reports beside its technology: people, governance, tuning, retrieval, the way there."""

from costmodel.application import application_lines
from costmodel.arrays import Value
from costmodel.demand import Task, at_launch
from costmodel.governance import GOVERNANCE, sensitive_leaving_frac
from costmodel.latency import LATENCY, latency_quantities
from costmodel.lines import CostLine, line
from costmodel.option import StandaloneOption
from costmodel.people import PEOPLE, post_quantities
from costmodel.retrieval import guardrail_lines, retrieval_lines
from costmodel.tuning import tuning_lines

CARRIED = "peak_carried_ratio"
EXPERIENCED = (*LATENCY, CARRIED, "sensitive_leaving_frac")  # what users meet, whoever serves


@line("Migration", "One-time", "purchase")
def migration_usd(task: Task[StandaloneOption]) -> Value:
    """Moving there, once at the start of what does not run yet."""
    # USD = times * USD
    return at_launch(task) * task.option.launch.migration_usd


@line("Parallel running", "One-time", "purchase")
def parallel_running_usd(task: Task[StandaloneOption]) -> Value:
    """Old and new side by side, once at the start of what does not run yet."""
    # USD = times * USD
    return at_launch(task) * task.option.launch.parallel_running_usd


def overhead_lines(task: Task[StandaloneOption]) -> tuple[CostLine, ...]:
    """People, governance, tuning, retrieval, guardrails, application and launch of an option."""
    return (
        *PEOPLE,
        *GOVERNANCE,
        *tuning_lines(task),
        *retrieval_lines(task),
        *guardrail_lines(task),
        *application_lines(task),
        migration_usd,
        parallel_running_usd,
    )


def overhead_quantities(
    task: Task[StandaloneOption], first_token_s: Value, time_per_token_ms: Value
) -> dict[str, Value]:
    """Posts by role, response time with its parts and the sensitive share that leaves, by month, of any option."""
    return {
        **post_quantities(task),
        **latency_quantities(task, first_token_s, time_per_token_ms),
        "sensitive_leaving_frac": sensitive_leaving_frac(task),
    }
