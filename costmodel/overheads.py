"""What every option pays and reports beside its technology: people, governance, tuning, retrieval, the way there."""

from costmodel.answering import ANSWERING, answering_quantities
from costmodel.application import application_lines
from costmodel.arrays import Value
from costmodel.demand import Task, at_launch
from costmodel.governance import governance_lines, sensitive_leaving_frac
from costmodel.option import StandaloneOption
from costmodel.people import people_lines, post_quantities
from costmodel.retrieval import guardrail_lines, retrieval_lines
from costmodel.tuning import tuning_lines

CARRIED = "peak_carried_ratio"
EXPERIENCED = (*ANSWERING, CARRIED, "sensitive_leaving_frac")  # what users meet, whoever serves


def overhead_lines(task: Task[StandaloneOption], servers: Value, idle_gpu_hours: Value = 0) -> dict[str, Value]:
    """People, governance, tuning, retrieval, guardrails, application and launch of an option with `servers` servers.

    USD by month. `idle_gpu_hours` of one's own GPUs may be used for tuning.
    """
    return {
        **people_lines(task, servers),
        **governance_lines(task),
        **tuning_lines(task, idle_gpu_hours),
        **retrieval_lines(task),
        **guardrail_lines(task),
        **application_lines(task),
        **launch_lines(task),
    }


def overhead_quantities(
    task: Task[StandaloneOption], servers: Value, first_token_s: Value, time_per_token_ms: Value
) -> dict[str, Value]:
    """Posts by role, response time with its parts and the sensitive share that leaves, by month, of any option."""
    return {
        **post_quantities(task, servers),
        **answering_quantities(task, first_token_s, time_per_token_ms),
        "sensitive_leaving_frac": sensitive_leaving_frac(task),
    }


def launch_lines(task: Task[StandaloneOption]) -> dict[str, Value]:
    """Migration and parallel running, USD, once at the start of what does not run yet."""
    start = at_launch(task)
    return {
        "migration": start * task.option.launch.migration_usd,
        "parallel_running": start * task.option.launch.parallel_running_usd,
    }
