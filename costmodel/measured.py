"""What a measurement of one's own says of a replica: how fast it is beside what is worked out for the same run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from costmodel.arrays import Value
from costmodel.memory import sequences_in_memory
from costmodel.quantity import is_off
from costmodel.replica import concurrency, time_per_token_s, tok_per_s
from costmodel.units import MS_PER_S

if TYPE_CHECKING:
    from costmodel.serving import Serving


def measured_speed(serving: Serving, limit_ms: Value) -> Value:
    """Speed of a replica relative to what is worked out for it, as far as a measurement says; 1 without one.

    It is that of the time per token where requests at once were given with it, else that of the rate. Rate and time
    say how many requests ran at once where that was not given; a run of which neither is known counts as one at the
    workload's limit on the time per token.
    """
    if is_off(serving.measured_tok_per_s_per_gpu):
        return 1
    rate = serving.measured_tok_per_s_per_gpu * serving.measured_gpus
    # requests = tok/s * ms/token / (ms/s)
    by_time = rate * _time_ms(serving, limit_ms) / MS_PER_S
    given, run, lengths = serving.measured_concurrency_requests, _run(serving), _lengths(serving)
    batch = _held(serving, np.where(given > 0, given, by_time))
    timed = time_per_token_s(run, batch, *lengths) * MS_PER_S / _time_ms(serving, limit_ms)
    told_both = (given > 0) & (serving.measured_time_per_token_ms > 0)
    return np.where(rate > 0, np.where(told_both, timed, rate / tok_per_s(run, batch, *lengths)), 1)


def measured_rate_ratio(serving: Serving, limit_ms: Value) -> Value:
    """Rate that was measured relative to what is worked out for the same run at that speed; 1 without a measurement.

    With the workload, the GPUs and the limit of the measurement, sizing therefore gives its rate back exactly.
    """
    if is_off(serving.measured_tok_per_s_per_gpu):
        return 1
    rate = serving.measured_tok_per_s_per_gpu * serving.measured_gpus
    worked_out = worked_out_rate(serving, measured_speed(serving, limit_ms), limit_ms)
    return np.where(rate > 0, rate / worked_out, 1)


def worked_out_rate(serving: Serving, speed: Value, limit_ms: Value) -> Value:
    """Output tokens a second that are worked out for the run of the measurement, on a replica of that `speed`."""
    lengths, given = _lengths(serving), serving.measured_concurrency_requests
    within = concurrency(_run(serving), *lengths, _time_ms(serving, limit_ms) * speed)
    return tok_per_s(_run(serving), np.where(given > 0, _held(serving, given), within), *lengths)


def _run(serving: Serving) -> Serving:
    return serving.model_copy(update={"gpus_per_replica": serving.measured_gpus})


def _lengths(serving: Serving) -> tuple[float, float, float]:
    return serving.measured_input_tokens, serving.measured_cached_frac, serving.measured_output_tokens


def _time_ms(serving: Serving, limit_ms: Value) -> Value:
    return np.where(serving.measured_time_per_token_ms > 0, serving.measured_time_per_token_ms, limit_ms)


def _held(serving: Serving, batch: Value) -> Value:
    room = sequences_in_memory(_run(serving), serving.measured_input_tokens + serving.measured_output_tokens)
    return np.maximum(np.minimum(batch, room), 1)
