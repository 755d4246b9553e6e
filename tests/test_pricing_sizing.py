"""Sizing of all that the catalogues offer: more hardware never slows it, more work never speeds it, no cliffs."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from costmodel.memory import memory_left_gb, sequence_gb
from costmodel.replica import concurrency, least_limit_ms, tok_per_s
from costmodel.serving import assembled
from pricing import catalogue
from pricing.assumptions import base_option
from pricing.facts import Gpu, OpenModel, rows
from pricing.throughput import smallest_replica

MODELS = [row.name for row in rows(OpenModel)]
GPUS = [row.name for row in rows(Gpu)]
LIMIT, LENGTHS = 50.0, (1500.0, 0.2, 400.0)
MORE_IS_FASTER = ("gpu_bandwidth_gb_per_s", "gpu_memory_gb", "gpu_tflops", "gpu_link_gb_per_s")
MORE_IS_SLOWER = ("kv_bytes_per_token", "window_kv_bytes_per_token", "state_mb_per_sequence")
CHOICES = {
    "model": st.sampled_from(MODELS),
    "precision": st.sampled_from(["FP16", "FP8", "INT4", "FP4"]),
    "gpu": st.sampled_from(GPUS),
    "times": st.sampled_from([1, 2, 4]),
    "parallel": st.sampled_from(["tensor", "data"]),
    "limit": st.floats(5, 300),
    "tokens": st.floats(50, 20_000),
    "cached": st.floats(0, 1),
    "out": st.floats(20, 4000),
}
JUMP = 0.06  # of the rate, for one percent of a length or limit
MIXTURE_JUMP = 0.15  # of a mixture near its shortest time: once its experts are read, more requests share them


def served(model, precision, gpu, times, parallel):
    """A model on GPUs as the catalogue writes it, on its smallest replica or a multiple of it."""
    written = {
        path.removeprefix("serving."): value for path, (value, _) in catalogue.serving(model, precision, gpu).items()
    }
    gpus = times * smallest_replica(model, precision, gpu, 25_000)
    base = base_option("cloud_gpu")["serving"]
    return assembled({**base, **written, "gpus_per_replica": gpus, "attention_parallel": parallel})


def with_(serving, **changes):
    return assembled({**vars(serving), **changes})


def rate(serving, tokens, cached, out, limit):
    return float(tok_per_s(serving, concurrency(serving, tokens, cached, out, limit), tokens, cached, out))


def fits(serving, tokens):
    return memory_left_gb(serving) > sequence_gb(serving, tokens)


@settings(max_examples=400)
@given(**CHOICES, factor=st.floats(1, 3))
def test_more_hardware_never_slows_a_replica_and_more_work_never_speeds_it(
    model, precision, gpu, times, parallel, limit, tokens, cached, out, factor
):
    serving = served(model, precision, gpu, times, parallel)
    assume(fits(serving, factor * (tokens + out)))
    now, run = rate(serving, tokens, cached, out, limit), (tokens, cached, out, limit)
    is_kept = limit >= least_limit_ms(serving, tokens, out)  # else sizing goes on with what the replica keeps
    for field in MORE_IS_FASTER if is_kept else ():
        assert rate(with_(serving, **{field: factor * getattr(serving, field)}), *run) >= now * (1 - 1e-9), field
    for field in MORE_IS_SLOWER:
        assert rate(with_(serving, **{field: factor * getattr(serving, field)}), *run) <= now * (1 + 1e-9), field
    deeper = with_(serving, layers=serving.layers + 10)
    if limit >= least_limit_ms(deeper, tokens, out):  # where a replica keeps the limit
        assert rate(deeper, *run) <= now * (1 + 1e-9)
    assert rate(serving, tokens, cached, out, factor * limit) >= now * (1 - 1e-9)
    assert rate(serving, factor * tokens, cached, out, limit) <= now * (1 + 1e-9)


@settings(max_examples=400)
@given(**CHOICES, step=st.sampled_from([0.99, 1.01]))
def test_one_percent_of_a_length_or_limit_moves_the_rate_by_a_few_percent_at_most(
    model, precision, gpu, times, parallel, limit, tokens, cached, out, step
):
    serving = served(model, precision, gpu, times, parallel)
    assume(fits(serving, 1.01 * (tokens + out)))
    now = rate(serving, tokens, cached, out, limit)
    for moved in (
        rate(serving, step * tokens, cached, out, limit),
        rate(serving, tokens, cached, step * out, limit),
        rate(serving, tokens, cached, out, step * limit),
    ):
        assert moved == pytest.approx(now, rel=MIXTURE_JUMP if serving.experts else JUMP)


def test_four_cards_on_a_bus_do_not_beat_one_gpu_of_the_same_price():
    l40s = served("gpt-oss 120B", "FP4", "L40S 48GB", 1, "tensor")
    h200 = served("gpt-oss 120B", "FP4", "H200 SXM 141GB", 1, "tensor")
    assert l40s.gpus_per_replica > h200.gpus_per_replica == 1
    assert rate(l40s, *LENGTHS, LIMIT) < rate(h200, *LENGTHS, LIMIT)


def test_a_tight_limit_never_asks_for_a_fleet_of_thousands():
    """Qwen3 235B on four H100 at 512 tokens in and 256 out gave 208 tokens a second and GPU at 20 ms, 530 at 30."""
    serving = with_(served("Qwen3 235B-A22B", "FP8", "H100 SXM 80GB", 1, "tensor"), gpus_per_replica=4)
    tight, loose = (rate(serving, 512, 0, 256, limit) / 4 for limit in (20, 30))
    assert 208 / 2 < tight < loose < 530 * 2
    assert rate(serving, 512, 0, 256, 1) / 4 > 20
