"""From tokens to GPUs: how many replicas, servers and instances carry the peak, and how busy they are."""

import numpy as np

from costmodel.demand import (
    attempts_per_s,
    input_tokens_each,
    mean_units_running,
    output_tokens_each,
    peak_ratio,
    served_above,
    served_frac,
    task_peak_ratio,
)
from costmodel.quantity import quantity
from costmodel.serving import anchor_roofline, full_batch_tok_per_s, largest_batch, prefill_s, step_s
from costmodel.units import MS_PER_S, whole


@quantity("requests", "Requests at once")
def requests_at_once(task):
    """Requests that one replica serves at once at the workload's lengths, within memory and the limit on latency."""
    limit = task.scenario.workload.time_per_token_limit_ms
    return largest_batch(task.option.serving, input_tokens_each(task), output_tokens_each(task), limit)


@quantity("s", "Decode step")
def decode_step_s(task):
    """Time in which a full batch gets one token each, seconds, by the roofline."""
    return step_s(task.option.serving, requests_at_once(task), input_tokens_each(task), output_tokens_each(task))


@quantity("tok/s", "Output rate of one replica")
def replica_tok_per_s(task):
    """Output tokens per second of one replica at full batch within the latency limit.

    anchor x GPUs x roofline(workload's lengths) / roofline(anchor's lengths), times the band of uncertainty; a ceiling
    is first brought down to a serving rate. Lengths matter: 8,000 tokens in cost a 70B model four fifths of its rate.
    The anchor is a measurement of the whole model, so pruning raises the rate by what the roofline says.
    """
    serving, output_each = task.option.serving, output_tokens_each(task)
    now = full_batch_tok_per_s(requests_at_once(task), decode_step_s(task), time_to_first_token_s(task), output_each)
    derate = serving.serving_to_ceiling_frac if serving.anchor_basis == "ceiling" else 1
    # tok/s = tok/s/GPU * (tok/s) / (tok/s/GPU)
    return serving.anchor_tok_per_s_per_gpu * derate * serving.throughput_ratio * (now / anchor_roofline(serving))


@quantity("s", "Time to first token")
def time_to_first_token_s(task):
    """Prefill of one request on one replica, seconds. Assumes no queue: the ceiling on utilisation keeps it short."""
    return prefill_s(task.option.serving, input_tokens_each(task), task.scenario.workload.cached_input_frac)


@quantity("ms", "Time per output token")
def time_per_token_ms(task):
    """Time between two output tokens of a full batch, milliseconds, by the roofline."""
    return decode_step_s(task) * MS_PER_S


@quantity("tok/s", "Mean output rate of the whole demand")
def mean_tok_per_s(task):
    """Output tokens per second, mean over the hours of the month, of the demand that the task's band is cut from."""
    return attempts_per_s(task) * output_tokens_each(task)


@quantity("tok/s", "Peak output rate")
def peak_tok_per_s(task):
    """Output tokens per second in the busiest hour of each month."""
    return mean_tok_per_s(task) * task_peak_ratio(task)


@quantity("replicas", "Replicas for the peak")
def replicas_for_peak(task):
    """Replicas that carry the busiest hour of each month at the ceiling on utilisation, spare ones included."""
    serving = task.option.serving
    needed = peak_tok_per_s(task) / (replica_tok_per_s(task) * serving.utilization_ceiling_frac)
    needed = needed if serving.fractional_replicas else whole(needed)
    return needed + serving.spare_replicas * (needed > 0)


@quantity("servers", "Servers for the peak")
def servers_for_peak(task):
    """Servers or rented instances that hold the replicas for the peak, in whole units unless fractions are allowed."""
    servers = replicas_for_peak(task) * task.option.serving.gpus_per_replica / task.option.gpus_per_server
    return servers if task.option.serving.fractional_replicas else whole(servers)


def peak_carried_ratio(task, servers):
    """Load that `servers` carry at the ceiling on utilisation, relative to the peak of the whole demand. (..., T+1)

    From 1 on they carry the busiest hour by themselves. Spare replicas stand by and are no capacity.
    """
    serving, peak = task.option.serving, mean_tok_per_s(task) * peak_ratio(task.scenario)
    replicas = servers * (task.option.gpus_per_server / serving.gpus_per_replica) - serving.spare_replicas
    # ratio = replicas * tok/s / (tok/s)
    able = np.maximum(replicas, 0) * (replica_tok_per_s(task) * serving.utilization_ceiling_frac)
    return np.where(peak > 0, able / np.where(peak > 0, peak, 1), 0)


@quantity("servers", "Instances running on average")
def servers_running(task):
    """Instances that an autoscaled fleet runs, mean over the hours of the month; spare ones always run.

    Assumes that the fleet follows the load without delay; real ones start minutes late and cost a few percent more.
    """
    option, serving, mean = task.option, task.option.serving, mean_tok_per_s(task)
    per_replica = serving.gpus_per_replica / option.gpus_per_server
    usable = replica_tok_per_s(task) * serving.utilization_ceiling_frac / np.where(mean > 0, mean, 1)
    if serving.fractional_replicas:
        running = _fractions_running(task, usable / per_replica, serving.spare_replicas * per_replica)
        return np.where(task_peak_ratio(task) * mean > 0, running, 0)
    instances = np.maximum(per_replica, 1)  # that start and stop together: a replica may span several
    replicas = instances / per_replica
    running = mean_units_running(
        task,
        usable * replicas,
        least_units=whole(option.minimum_servers / instances),
        spare_units=serving.spare_replicas / replicas,
    )
    return np.where(task_peak_ratio(task) * mean > 0, running * instances, 0)


def _fractions_running(task, unit_rate, spare):
    """Instances of a fleet that follows the load without steps: the least, and what the load above their rate needs."""
    always = np.maximum(task.option.minimum_servers, spare)
    return always + served_above(task, (always - spare) * unit_rate) / unit_rate


def average_utilization(task, servers):
    """Work of each month relative to what `servers` could do round the clock; a result, never an input."""
    able = servers * replica_tok_per_s(task) * (task.option.gpus_per_server / task.option.serving.gpus_per_replica)
    work = mean_tok_per_s(task) * served_frac(task)
    return np.where(able > 0, work / np.where(able > 0, able, 1), 0)
