"""A replica as a machine: the batch within a limit is the root of its own time; nothing helps that should hurt."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costmodel.memory import sequences_in_memory
from costmodel.replica import (
    batch_within_limit,
    concurrency,
    floor_ms,
    least_limit_ms,
    period_parts_ms,
    prefill_s,
    step_s,
    time_per_token_s,
    tok_per_s,
    weights_read_gb,
)
from costmodel.serving import assembled

DENSE = {
    "total_params_b": 70.6,
    "active_params_b": 69.5,
    "pruned_frac": 0,
    "weight_bytes_per_parameter": 1,
    "wide_params_b": 0,
    "layers": 80,
    "full_attention_layers": 80,
    "hidden_size": 8192,
    "kv_heads": 8,
    "experts": 0,
    "experts_per_token": 0,
    "kv_bytes_per_token": 163840,
    "index_bytes_per_token": 0,
    "window_kv_bytes_per_token": 0,
    "window_tokens": 0,
    "window_kept_tokens": 0,
    "state_mb_per_sequence": 0,
    "sparse_read_tokens": 0,
    "gpu_memory_gb": 141,
    "gpu_bandwidth_gb_per_s": 4800,
    "gpu_tflops": 1978,
    "gpu_link_gb_per_s": 450,
    "gpus_per_replica": 2,
    "attention_parallel": "tensor",
    "usable_memory_frac": 0.9,
    "memory_reserve_gb": 2,
    "bandwidth_utilization_frac": 0.9,
    "cache_bandwidth_utilization_frac": 0.7,
    "compute_utilization_frac": 0.6,
    "prefill_utilization_frac": 0.5,
    "step_overhead_ms": 4,
    "layer_sync_us": 6,
    "sequence_overhead_us": 20,
}
MIXTURE = DENSE | {
    "total_params_b": 235.1,
    "active_params_b": 21.57,
    "layers": 94,
    "full_attention_layers": 94,
    "hidden_size": 4096,
    "kv_heads": 4,
    "experts": 128,
    "experts_per_token": 8,
    "kv_bytes_per_token": 96256,
    "gpus_per_replica": 4,
    "compute_utilization_frac": 0.3,
}
LENGTHS = (2000, 0.2, 500)  # tokens in, share of them cached, tokens out
BETTER = {
    "gpu_memory_gb": 1.2,
    "gpu_bandwidth_gb_per_s": 1.2,
    "gpu_tflops": 1.2,
    "gpu_link_gb_per_s": 1.2,
    "bandwidth_utilization_frac": 1.1,
    "kv_bytes_per_token": 0.8,
    "layer_sync_us": 0.8,
    "sequence_overhead_us": 0.8,
    "step_overhead_ms": 0.8,
}


def replica(kind, **changes):
    return assembled(kind | changes)


def rate(serving, lengths=LENGTHS, limit_ms=50.0):
    return tok_per_s(serving, concurrency(serving, *lengths, limit_ms), *lengths)


kinds = pytest.mark.parametrize("kind", [DENSE, MIXTURE], ids=["dense", "mixture"])
places = st.tuples(st.floats(100, 30000), st.sampled_from([0, 0.5]), st.floats(20, 5000))
parallel = st.sampled_from(["tensor", "data"])


@kinds
@settings(deadline=None, max_examples=60)
@given(lengths=places, limit_ms=st.floats(5, 400), gpus=st.sampled_from([2, 4, 8]), attention=parallel)
def test_the_largest_batch_takes_just_the_limit(kind, lengths, limit_ms, gpus, attention):
    serving = replica(kind, gpus_per_replica=gpus, attention_parallel=attention)
    batch = batch_within_limit(serving, *lengths, limit_ms)
    if batch >= 1:
        assert time_per_token_s(serving, batch, *lengths) * 1e3 == pytest.approx(limit_ms, rel=1e-9)
        assert floor_ms(serving, lengths[0], lengths[2]) <= limit_ms * (1 + 1e-9)
    else:
        assert floor_ms(serving, lengths[0], lengths[2]) > limit_ms * (1 - 1e-9)


@kinds
@settings(deadline=None, max_examples=60)
@given(lengths=places, limit_ms=st.floats(10, 400), name=st.sampled_from(sorted(BETTER)), attention=parallel)
def test_better_hardware_never_lowers_the_rate(kind, lengths, limit_ms, name, attention):
    now = replica(kind, gpus_per_replica=8, attention_parallel=attention)
    better = replica(kind, gpus_per_replica=8, attention_parallel=attention, **{name: kind[name] * BETTER[name]})
    assert rate(better, lengths, limit_ms) >= rate(now, lengths, limit_ms) * (1 - 1e-12)
    assert rate(now, lengths, limit_ms * 1.1) >= rate(now, lengths, limit_ms) * (1 - 1e-12)


@kinds
@settings(deadline=None, max_examples=60)
@given(lengths=places, limit_ms=st.floats(10, 400))
def test_longer_prompts_and_fewer_cached_tokens_never_raise_the_rate(kind, lengths, limit_ms):
    serving = replica(kind, gpus_per_replica=8)
    input_tokens, cached_frac, output_tokens = lengths
    now = rate(serving, lengths, limit_ms)
    assert rate(serving, (1.1 * input_tokens, cached_frac, output_tokens), limit_ms) <= now * (1 + 1e-12)
    assert rate(serving, (input_tokens, cached_frac + 0.1, output_tokens), limit_ms) >= now * (1 - 1e-12)


@kinds
def test_the_parts_of_a_token_are_its_whole_time(kind):
    serving = replica(kind)
    for batch in (1, 16, 500):
        parts = period_parts_ms(serving, batch, *LENGTHS)
        assert sum(parts.values()) == pytest.approx(batch / tok_per_s(serving, batch, *LENGTHS) * 1e3)


def test_a_mixture_reads_what_one_token_takes_at_first_and_everything_in_the_end():
    serving = replica(MIXTURE)
    assert weights_read_gb(serving, 1) == pytest.approx(21.57)
    assert weights_read_gb(serving, 1e9) == pytest.approx(235.1)
    assert weights_read_gb(replica(MIXTURE, experts=0, experts_per_token=0), 1) == pytest.approx(235.1)
    assert weights_read_gb(replica(MIXTURE, attention_parallel="data"), 1) > 21.57


def test_memory_bounds_the_batch_and_one_request_is_the_least():
    serving = replica(DENSE)
    assert concurrency(serving, *LENGTHS, 1e9) == pytest.approx(sequences_in_memory(serving, 2500))
    least = least_limit_ms(serving, 2000, 500)
    assert concurrency(serving, *LENGTHS, 1.0) == concurrency(serving, *LENGTHS, least)
    assert time_per_token_s(serving, concurrency(serving, *LENGTHS, 1.0), *LENGTHS) * 1e3 == pytest.approx(least)


def test_prefill_is_what_the_prompt_computes():
    serving = replica(DENSE, gpus_per_replica=1)
    attended = 4 * 80 * 8192 * 2000 / 2
    seconds = 2000 * (2 * 69.5e9 + attended) / (1978e12 * 0.5)
    assert prefill_s(serving, 2000, 0) == pytest.approx(seconds)
    assert prefill_s(serving, 2000, 1) == 0
    half = 1000 * (2 * 69.5e9 + 4 * 80 * 8192 * 1500) / (1978e12 * 0.5)
    assert prefill_s(serving, 2000, 0.5) == pytest.approx(half)


def test_four_gpus_on_a_bus_wait_for_each_other():
    nvlink, bus = replica(DENSE, gpus_per_replica=4), replica(DENSE, gpus_per_replica=4, gpu_link_gb_per_s=32)
    assert rate(bus) < 0.7 * rate(nvlink)
    assert step_s(bus, 64, 2000, 500) > step_s(nvlink, 64, 2000, 500)


def test_arrays_give_what_scalars_give():
    limits = np.array([[20.0], [50.0], [200.0]])
    serving = replica(MIXTURE)
    together = rate(serving, limit_ms=limits)
    assert together.shape == (3, 1)
    assert together[:, 0] == pytest.approx([rate(serving, limit_ms=limit) for limit in limits[:, 0]])
