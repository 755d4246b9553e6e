"""Where a throughput comes from: the nearest measurement, a ceiling, a roofline, and the band around each."""

import pytest

from costmodel.errors import ScenarioError
from costmodel.serving import UNLIMITED_MS
from pricing.facts import Gpu, OpenModel, Throughput, named, rows
from pricing.throughput import WEIGHT_BYTES, anchor, hardware, smallest_replica

LLAMA = ("Llama 3.3 70B", "FP8", "H100 SXM 80GB")


@pytest.mark.parametrize(
    ("lengths", "gpus", "limit_ms", "rate"),
    [
        ((1000, 1000), 2, 50, 1097.9),
        ((1000, 1000), 4, 20, 810.3),
        ((8000, 1000), 4, 50, 236.4),
        ((8000, 1000), 4, 100, 290.1),
        ((1000, 8000), 4, 50, 682.7),
    ],
)
def test_a_measurement_near_the_workload_is_taken_as_it_is(lengths, gpus, limit_ms, rate):
    best = anchor(*LLAMA, gpus, *lengths, limit_ms)
    assert (best.tok_per_s_per_gpu, best.basis) == (rate, "measured")
    assert (best.low_ratio, best.high_ratio) == (0.7, 1.4)


@pytest.mark.parametrize("row", rows(Throughput)[::17], ids=lambda row: f"{row.model} {row.precision} {row.gpu}")
def test_every_row_is_the_anchor_of_its_own_question(row):
    measured = any(
        other.basis == "measured"
        for other in rows(Throughput)
        if (other.model, other.precision, other.gpu) == (row.model, row.precision, row.gpu)
    )
    best = anchor(
        row.model, row.precision, row.gpu, row.gpus_per_replica, row.input_tokens, row.output_tokens, row.limit_ms
    )
    assert best.fact is row or (row.basis == "ceiling" and measured)


def test_a_limit_looser_than_asked_is_taken_only_where_nothing_else_is():
    assert anchor(*LLAMA, 2, 1024, 1024, 45).time_per_token_ms == 30
    assert anchor(*LLAMA, 2, 1024, 1024, 5).time_per_token_ms == 20


def test_a_ceiling_is_taken_where_nothing_is_measured_at_a_limit():
    best = anchor("Llama 3.1 8B", "FP8", "H100", 1, 2500, 350, 50)
    assert (best.basis, best.time_per_token_ms) == ("ceiling", UNLIMITED_MS)
    assert "without a limit on latency" in best.how


def test_a_roofline_is_taken_where_nothing_is_known_and_is_the_least_sure():
    best = anchor("Mistral Small 3.2 24B", "FP8", "L40S", 1, 2500, 350, 50)
    assert (best.basis, best.input_tokens, best.output_tokens, best.time_per_token_ms) == ("roofline", 2500, 350, 50)
    assert best.fact.confidence == "estimate"
    assert (best.low_ratio, best.high_ratio) == (0.4, 2.0)
    assert best.how.startswith("Nothing is measured")


def test_rooflines_are_of_the_order_of_what_is_measured():
    compared = 0
    for row in rows(Throughput):
        if row.basis != "measured" or named(OpenModel, row.model).experts or row.limit_ms != 50:
            continue
        twin = anchor(row.model, "FP16", row.gpu, 2 * row.gpus_per_replica, row.input_tokens, row.output_tokens, 50)
        assert twin.basis == "roofline"
        assert 0.1 < twin.tok_per_s_per_gpu / row.output_tok_per_s_per_gpu < 1.5
        compared += 1
    assert compared > 10


def test_mixtures_of_experts_are_less_sure_than_dense_models():
    best = anchor("gpt-oss-120b", "FP4", "H100", 1, 1000, 1000, 50)
    assert (best.basis, best.low_ratio, best.high_ratio) == ("measured", 0.5, 2.0)


def test_models_of_one_architecture_share_their_measurements():
    assert anchor("Llama 3.1 70B", *LLAMA[1:], 2, 1024, 1024, 50) == anchor(*LLAMA, 2, 1024, 1024, 50)


@pytest.mark.parametrize(
    ("model", "precision", "gpu", "gpus"),
    [
        ("Llama 3.3 70B", "FP16", "H100", 4),
        ("Llama 3.3 70B", "FP8", "H100", 2),
        ("Llama 3.3 70B", "FP8", "H200", 1),
        ("Llama 3.3 70B", "INT4", "H100", 1),
        ("Llama 3.1 8B", "FP16", "L4", 1),
        ("DeepSeek R1", "FP8", "H200", 8),
        ("gpt-oss-120b", "FP4", "H100", 1),
    ],
)
def test_the_smallest_replica_is_the_least_power_of_two_that_fits(model, precision, gpu, gpus):
    assert smallest_replica(model, precision, gpu, 3000) == gpus


def test_compute_is_that_of_the_precision_where_the_gpu_has_it():
    h100, a100 = named(Gpu, "H100"), named(Gpu, "A100")
    tflops = {
        (precision, gpu.name): hardware("Llama 3.3 70B", precision, gpu.name)["gpu_tflops"][0]
        for precision in WEIGHT_BYTES
        for gpu in (h100, a100)
    }
    assert tflops["FP8", h100.name] == h100.fp8_tflops
    assert {tflops[p, h100.name] for p in ("FP16", "INT4", "FP4")} == {h100.fp16_tflops}
    assert {tflops[p, a100.name] for p in WEIGHT_BYTES} == {a100.fp16_tflops}


def test_the_cache_is_halved_beside_weights_in_8_bits():
    cache = {p: hardware("Llama 3.3 70B", p, "H100")["kv_bytes_per_token"][0] for p in WEIGHT_BYTES}
    assert cache == {"FP16": 327680, "INT4": 327680, "FP8": 163840, "FP4": 163840}


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        (("Llama 3.3 71B", "FP8", "H100"), r"Did you mean Llama 3\.3 70B"),
        (("Llama 3.3 70B", "FP8", "H100 SXM"), "Did you mean H100 SXM 80GB"),
        (("Llama 3.3 70B", "FP6", "H100"), "is not a precision"),
    ],
)
def test_an_unknown_model_gpu_or_precision_is_refused(question, complaint):
    with pytest.raises(ScenarioError, match=complaint):
        anchor(*question, 2, 1000, 1000, 50)
