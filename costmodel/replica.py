"""A replica as a small machine: how long a token takes with so many requests at once, and how many a limit allows.

    step   = max(weights touched / bandwidth, batch x compute) + batch x (cache / bandwidth + messages + sequence)
             + fixed time + synchronising
    period = step + batch x prefill of a request / its output tokens          tokens a second = batch / period

Seven constants say what share of the hardware's figures is achieved and what time is fixed; they belong to a model, a
precision and a GPU, not to lengths or limits. Everything rises with the batch, so the largest batch within a limit is
the root of one quadratic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from costmodel.arrays import Value
from costmodel.memory import sequence_read_gb, sequences_in_memory, weights_held_gb
from costmodel.quantity import remembered
from costmodel.units import BYTES_PER_GB, FLOP_PER_PARAMETER, GFLOP_PER_TFLOP, MS_PER_S, US_PER_S

if TYPE_CHECKING:
    from costmodel.serving import Serving

MESSAGES_PER_LAYER = 2  # after attention and after the feed-forward part
BYTES_PER_ACTIVATION = 2  # activations travel in 16 bits
SENDS_PER_SUM = 2  # a sum over GPUs sends each activation twice: parts to be added, then the result
FLOP_PER_ATTENDED = 4  # scores and weighted values: a multiplication and an addition each
FLOP_PER_GFLOP = 1e9
PREFILL_MEAN = 0.5  # a token of a prompt attends to half of it on average
LEAST_LIMIT_RATIO = 1.25  # of the shortest time: nearer to it each request more costs all others their speed


@remembered
def spare_experts(serving: Serving) -> Value:
    """Experts that one token leaves untouched for each that it takes; 0 for a dense model."""
    return np.where(serving.experts > 0, serving.experts / np.maximum(serving.experts_per_token, 1) - 1, 0)


def weights_read_gb(serving: Serving, batch: Value) -> Value:
    """Weights that one step of a batch reads, GB: what all tokens share, and the experts that they touch.

    Of the experts a batch touches batch / (batch + spare experts for each taken one): all of what one token takes at
    batch 1, nearly all at large batches. Slower than evenly drawn experts would be, since some are drawn more often.
    """
    shared, routed = weights_held_gb(serving)
    return shared + routed * batch / (batch + spare_experts(serving))


def _bandwidth(serving: Serving) -> Value:
    """GB/s at which a replica reads weights."""
    return serving.gpus_per_replica * serving.gpu_bandwidth_gb_per_s * serving.bandwidth_utilization_frac


def _gflop_per_token(serving: Serving) -> Value:
    return FLOP_PER_PARAMETER * serving.active_params_b * (1 - serving.pruned_frac)


def _compute_each_s(serving: Serving) -> Value:
    """Seconds of a replica's compute for one token of one sequence."""
    gflops = serving.gpus_per_replica * serving.gpu_tflops * GFLOP_PER_TFLOP * serving.compute_utilization_frac
    return _gflop_per_token(serving) / gflops


def _message_each_s(serving: Serving) -> Value:
    """Seconds in which one token's activations cross the links of a replica."""
    others = (serving.gpus_per_replica - 1) / serving.gpus_per_replica
    sent = MESSAGES_PER_LAYER * SENDS_PER_SUM * BYTES_PER_ACTIVATION * serving.layers * serving.hidden_size * others
    return sent / BYTES_PER_GB / serving.gpu_link_gb_per_s


def _cache_each_s(serving: Serving, input_tokens: Value, output_tokens: Value) -> Value:
    """Seconds in which a replica reads what one sequence keeps, half of its output written on average."""
    bandwidth = serving.gpus_per_replica * serving.gpu_bandwidth_gb_per_s * serving.cache_bandwidth_utilization_frac
    return sequence_read_gb(serving, input_tokens + output_tokens / 2) / bandwidth


def fixed_step_s(serving: Serving) -> Value:
    """Seconds of a step that no batch changes: launches and scheduling, and GPUs waiting for each other.

    The wait grows with the root of the other GPUs: one unit for two GPUs, 1.7 for four, 2.6 for eight.
    """
    waits = serving.layers * serving.layer_sync_us * (serving.gpus_per_replica - 1) ** 0.5
    return serving.step_overhead_ms / MS_PER_S + waits / US_PER_S


def _each_s(serving: Serving, input_tokens: Value, output_tokens: Value) -> Value:
    """Seconds that each sequence adds to a step beside its compute."""
    own = serving.sequence_overhead_us / US_PER_S
    return _cache_each_s(serving, input_tokens, output_tokens) + _message_each_s(serving) + own


def step_s(serving: Serving, batch: Value, input_tokens: Value, output_tokens: Value) -> Value:
    """Seconds of one decode step of a batch: it reads the weights it touches, or computes longer than that takes."""
    weights = weights_read_gb(serving, batch) / _bandwidth(serving)
    busy = np.maximum(weights, batch * _compute_each_s(serving))
    return fixed_step_s(serving) + busy + batch * _each_s(serving, input_tokens, output_tokens)


def prefill_s(serving: Serving, input_tokens: Value, cached_frac: Value) -> Value:
    """Seconds of a replica for the input of one request: weights, attention to what stands before, and messages.

    What the prompt cache holds is neither computed nor sent, yet attended to. Sparse layers attend to what they pick.
    """
    gflops = serving.gpus_per_replica * serving.gpu_tflops * GFLOP_PER_TFLOP * serving.prefill_utilization_frac
    before = PREFILL_MEAN * input_tokens * (1 + cached_frac)
    before = np.where(serving.sparse_read_tokens > 0, np.minimum(before, serving.sparse_read_tokens), before)
    attended = FLOP_PER_ATTENDED * serving.full_attention_layers * serving.hidden_size * before / FLOP_PER_GFLOP
    each = (_gflop_per_token(serving) + attended) / gflops + _message_each_s(serving)
    return input_tokens * (1 - cached_frac) * each


def time_per_token_s(
    serving: Serving, batch: Value, input_tokens: Value, cached_frac: Value, output_tokens: Value
) -> Value:
    """Seconds between two tokens of a request under load: a step, and its share of the others' prefill."""
    others = np.maximum(batch - 1, 0) * prefill_s(serving, input_tokens, cached_frac) / output_tokens
    return step_s(serving, batch, input_tokens, output_tokens) + others


def tok_per_s(serving: Serving, batch: Value, input_tokens: Value, cached_frac: Value, output_tokens: Value) -> Value:
    """Output tokens a second of one replica whose places are taken by new requests as they come free."""
    prefill = batch * prefill_s(serving, input_tokens, cached_frac) / output_tokens
    return batch / (step_s(serving, batch, input_tokens, output_tokens) + prefill)


def batch_within_limit(
    serving: Serving, input_tokens: Value, cached_frac: Value, output_tokens: Value, limit_ms: Value
) -> Value:
    """Most requests at once whose tokens stay within the limit, fractions included; below 1: not even one alone.

    The lesser of two roots: where compute takes longer than weights the time is linear in the batch, else quadratic
    after multiplying with batch + spare experts. 0 where the fixed time alone exceeds the limit.
    """
    prefill = prefill_s(serving, input_tokens, cached_frac) / output_tokens
    slope = _each_s(serving, input_tokens, output_tokens) + prefill
    left = np.maximum(limit_ms / MS_PER_S + prefill - fixed_step_s(serving), 0)
    by_compute = left / (slope + _compute_each_s(serving))
    spare, bandwidth = spare_experts(serving), _bandwidth(serving)
    shared, routed = weights_held_gb(serving)
    left = np.maximum(left - shared / bandwidth, 0)
    half = (left - routed / bandwidth - slope * spare) / 2
    by_weights = (half + (half**2 + slope * left * spare) ** 0.5) / slope
    return np.minimum(by_compute, by_weights)


def concurrency(
    serving: Serving, input_tokens: Value, cached_frac: Value, output_tokens: Value, limit_ms: Value
) -> Value:
    """Requests that one replica serves at once: what memory holds within what the limit allows, at least one.

    Where the limit is tighter than a replica can keep, what it can keep counts: the time per token then exceeds the
    limit.
    """
    held = sequences_in_memory(serving, input_tokens + output_tokens)
    kept_ms = np.maximum(limit_ms, least_limit_ms(serving, input_tokens, output_tokens))
    allowed = batch_within_limit(serving, input_tokens, cached_frac, output_tokens, kept_ms)
    return np.maximum(np.minimum(held, allowed), 1)


def floor_ms(serving: Serving, input_tokens: Value, output_tokens: Value) -> Value:
    """Shortest time per token that a replica keeps, for one request alone, milliseconds."""
    return step_s(serving, 1, input_tokens, output_tokens) * MS_PER_S


def least_limit_ms(serving: Serving, input_tokens: Value, output_tokens: Value) -> Value:
    """Tightest limit on the time per token at which a replica still serves several requests, milliseconds.

    A quarter above what one request alone takes; below, the rate would fall by many percent for each percent of limit.
    """
    return LEAST_LIMIT_RATIO * floor_ms(serving, input_tokens, output_tokens)


def period_parts_ms(
    serving: Serving, batch: Value, input_tokens: Value, cached_frac: Value, output_tokens: Value
) -> dict[str, Value]:
    """What a full batch's token takes, milliseconds by cause; their sum is batch / tokens a second.

    Weights and compute overlap: the one that takes longer counts, the other is 0.
    """
    weights = weights_read_gb(serving, batch) / _bandwidth(serving)
    compute = batch * _compute_each_s(serving)
    parts = {
        "weights": np.where(weights >= compute, weights, 0),
        "compute": np.where(weights >= compute, 0, compute),
        "cache": batch * _cache_each_s(serving, input_tokens, output_tokens),
        "prefill": batch * prefill_s(serving, input_tokens, cached_frac) / output_tokens,
        "messages": batch * _message_each_s(serving),
        "fixed": fixed_step_s(serving) + batch * serving.sequence_overhead_us / US_PER_S,
    }
    return {name: part * MS_PER_S for name, part in parts.items()}
