"""From tokens to GPUs: how many replicas, servers and instances carry the peak, and how busy they are."""

from typing import Any

import numpy as np

from costmodel import replica
from costmodel.arrays import Array, Value
from costmodel.demand import (
    HALF,
    Task,
    attempts_per_s,
    input_tokens_each,
    mean_units_running,
    output_tokens_each,
    peak_ratio,
    served_above,
    served_frac,
    task_peak_ratio,
)
from costmodel.measured import measured_rate_ratio, measured_speed
from costmodel.quantity import quantity
from costmodel.units import MS_PER_S, rounded_up


def _lengths(task: Task[Any]) -> tuple[Value, Value, Value]:
    return input_tokens_each(task), task.scenario.workload.cached_input_frac, output_tokens_each(task)


@quantity("ratio", "Speed by the measurement")
def speed_ratio(task: Task[Any]) -> Value:
    """How fast the replica is by a measurement of one's own, relative to what is worked out for it; 1 without one."""
    return measured_speed(task.option.serving, task.scenario.workload.time_per_token_limit_ms)


@quantity("requests", "Requests at once")
def concurrency(task: Task[Any]) -> Value:
    """Requests that one replica serves at once at the workload's lengths, within memory and the limit on latency."""
    limit_ms = task.scenario.workload.time_per_token_limit_ms * speed_ratio(task)
    return replica.concurrency(task.option.serving, *_lengths(task), limit_ms)


@quantity("s", "Decode step")
def decode_step_s(task: Task[Any]) -> Value:
    """Time of a full replica in which each request gets one token while no prompt is read, seconds."""
    step = replica.step_s(task.option.serving, concurrency(task), input_tokens_each(task), output_tokens_each(task))
    return step / speed_ratio(task)


@quantity("s", "Prefill")
def time_to_first_token_s(task: Task[Any]) -> Value:
    """Time in which one replica reads the prompt of one request, seconds: the time to its first token.

    Assumes no queue: the ceiling on utilisation keeps it short.
    """
    input_tokens, cached_frac, _ = _lengths(task)
    return replica.prefill_s(task.option.serving, input_tokens, cached_frac) / speed_ratio(task)


@quantity("ms", "Time per output token")
def time_per_token_ms(task: Task[Any]) -> Value:
    """Time between two output tokens under load, milliseconds: a decode step, and its share of the others' prefill."""
    others = np.maximum(concurrency(task) - 1, 0) * time_to_first_token_s(task) / output_tokens_each(task)
    return (decode_step_s(task) + others) * MS_PER_S


@quantity("tok/s", "Output rate of one replica")
def replica_tok_per_s(task: Task[Any]) -> Value:
    """Output tokens per second of one full replica, times what was measured and the band of uncertainty.

    Its places are taken by new requests as they come free: requests / (step + requests x prefill / output tokens).
    """
    serving, batch = task.option.serving, concurrency(task)
    period = decode_step_s(task) + batch * time_to_first_token_s(task) / output_tokens_each(task)
    by_measurement = measured_rate_ratio(serving, task.scenario.workload.time_per_token_limit_ms) / speed_ratio(task)
    return batch / period * by_measurement * serving.throughput_ratio


@quantity("tok/s", "Mean output rate of the whole demand")
def mean_tok_per_s(task: Task[Any]) -> Array:
    """Output tokens per second, mean over the hours of the month, of the demand that the task's band is cut from."""
    return attempts_per_s(task) * output_tokens_each(task)


@quantity("tok/s", "Peak output rate")
def peak_tok_per_s(task: Task[Any]) -> Array:
    """Output tokens per second in the busiest hour of each month."""
    return mean_tok_per_s(task) * task_peak_ratio(task)


@quantity("replicas", "Replicas for the peak")
def replicas_for_peak(task: Task[Any]) -> Array:
    """Replicas that carry the busiest hour of each month at the ceiling on utilisation, spare ones included."""
    serving = task.option.serving
    needed = peak_tok_per_s(task) / (replica_tok_per_s(task) * serving.utilization_ceiling_frac)
    needed = needed if serving.fractional_replicas else rounded_up(needed)
    return needed + spare_replicas(task) * (needed > 0)


def spare_replicas(task: Task[Any]) -> Any:
    """Replicas beyond the load's, in whole ones unless fractions are allowed."""
    serving = task.option.serving
    return serving.spare_replicas if serving.fractional_replicas else rounded_up(serving.spare_replicas)


@quantity("servers", "Servers for the peak")
def servers_for_peak(task: Task[Any]) -> Array:
    """Servers or rented instances that hold the replicas for the peak, at least the least number, and what stands by.

    In whole units unless fractions are allowed.
    """
    servers = replicas_for_peak(task) * task.option.serving.gpus_per_replica / task.option.gpus_per_server
    servers = servers if task.option.serving.fractional_replicas else rounded_up(servers)
    return with_standby(task, np.maximum(servers, task.option.minimum_servers * (servers > 0)))


def with_standby(task: Task[Any], servers: Array) -> Array:
    """Servers of the peak with those that stand by: none, one more where there are any, or as many elsewhere."""
    match task.option.serving.standby:
        case "server":
            return servers + (servers > 0)
        case "site":
            return servers + servers
    return servers


def _without_standby(task: Task[Any], servers: Array) -> Array:
    match task.option.serving.standby:
        case "server":
            return np.maximum(servers - 1, 0)
        case "site":
            return servers * HALF
    return servers


def peak_carried_ratio(task: Task[Any], servers: Array) -> Array:
    """Load that `servers` carry at the ceiling on utilisation, relative to the peak of the whole demand. (..., T+1)

    From 1 on they carry the busiest hour by themselves. What stands by is no capacity.
    """
    serving, peak = task.option.serving, mean_tok_per_s(task) * peak_ratio(task.scenario)
    working = _without_standby(task, servers)
    replicas = working * (task.option.gpus_per_server / serving.gpus_per_replica) - spare_replicas(task)
    # ratio = replicas * tok/s / (tok/s)
    able = np.maximum(replicas, 0) * (replica_tok_per_s(task) * serving.utilization_ceiling_frac)
    return np.where(peak > 0, able / np.where(peak > 0, peak, 1), 0)


@quantity("servers", "Instances running on average")
def servers_running(task: Task[Any]) -> Array:
    """Instances that an autoscaled fleet runs, mean over the hours of the month; spare ones always run.

    Assumes that the fleet follows the load without delay; real ones start minutes late and cost a few percent more.
    """
    option, serving, mean = task.option, task.option.serving, mean_tok_per_s(task)
    per_replica = serving.gpus_per_replica / option.gpus_per_server
    usable = replica_tok_per_s(task) * serving.utilization_ceiling_frac / np.where(mean > 0, mean, 1)
    if serving.fractional_replicas:
        running = _fractions_running(task, usable / per_replica, spare_replicas(task) * per_replica)
        return with_standby(task, np.where(task_peak_ratio(task) * mean > 0, running, 0))
    instances = np.maximum(per_replica, 1)  # that start and stop together: a replica may span several
    replicas = instances / per_replica
    running = mean_units_running(
        task,
        usable * replicas,
        least_units=rounded_up(option.minimum_servers / instances),
        spare_units=spare_replicas(task) / replicas,
    )
    return with_standby(task, np.where(task_peak_ratio(task) * mean > 0, running * instances, 0))


def _fractions_running(task: Task[Any], unit_rate: Value, spare: Value) -> Array:
    """Instances of a fleet that follows the load without steps: the least, and what the load above their rate needs."""
    always = np.maximum(task.option.minimum_servers, spare)
    return always + served_above(task, (always - spare) * unit_rate) / unit_rate


def average_utilization(task: Task[Any], servers: Value) -> Array:
    """Work of each month relative to what `servers` could do round the clock; a result, never an input."""
    able = servers * replica_tok_per_s(task) * (task.option.gpus_per_server / task.option.serving.gpus_per_replica)
    work = mean_tok_per_s(task) * served_frac(task)
    return np.where(able > 0, work / np.where(able > 0, able, 1), 0)
