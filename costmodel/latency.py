"""Answering: how long a user waits for a whole answer, and what of that is the network, the prompt and the text."""

from costmodel.arrays import Value
from costmodel.demand import Task, output_tokens_each, serves_month
from costmodel.option import StandaloneOption
from costmodel.units import MS_PER_S

LATENCY = ("network_s", "first_token_s", "generation_s", "response_time_s")


def latency_quantities(
    task: Task[StandaloneOption], first_token_s: Value, time_per_token_ms: Value
) -> dict[str, Value]:
    """Response time of each month that the option serves and its parts, s: network + first token + the rest.

    Shapes (T+1,). `first_token_s` is the time until the first token leaves the model, `time_per_token_ms` that between
    two tokens. Assumes one attempt, no queue beyond those times and a reader who waits for the last token, hidden
    reasoning included; streamed answers feel quicker.
    """
    serves = serves_month(task)
    # s = ms / (ms/s);  s = tokens * ms/token / (ms/s)
    network = serves * (task.option.network_latency_ms / MS_PER_S)
    first_token = serves * first_token_s
    generation = serves * (output_tokens_each(task) * time_per_token_ms / MS_PER_S)
    return {
        "network_s": network,
        "first_token_s": first_token,
        "generation_s": generation,
        "response_time_s": network + first_token + generation,
    }
