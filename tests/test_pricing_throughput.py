"""What a model needs, what a GPU offers, and how much of it serving achieves: measured, by model, or by class."""

import pytest

from costmodel.errors import ScenarioError
from costmodel.serving import Serving
from pricing.facts import Gpu, OpenModel, ServingConstants, named, rows
from pricing.throughput import WEIGHT_BYTES, achieved, constants, hardware, smallest_replica

SHARES = [name for name in ServingConstants.model_fields if name.endswith("_utilization_frac")]


def test_every_model_has_constants_on_every_gpu_and_they_are_physical():
    for model in rows(OpenModel):
        for gpu in rows(Gpu):
            row = achieved(model.name, "FP8", gpu.name)
            assert row.gpu == gpu.name
            assert row.kind == ("mixture" if model.experts else "dense")
            assert row.model in (model.name, "")
            assert all(0 < getattr(row, share) <= 1 for share in SHARES)
            assert row.low_ratio < 1 < row.high_ratio


def test_what_was_measured_comes_before_what_the_model_shows_elsewhere_and_that_before_its_class():
    measured = achieved("gpt-oss-120b", "FP4", "H200")
    assert (measured.basis, measured.model, measured.precision) == ("measured", "gpt-oss 120B", "FP4")
    elsewhere = achieved("gpt-oss-120b", "FP16", "Arc Pro B60")
    assert (elsewhere.basis, elsewhere.model, elsewhere.precision) == ("model", "gpt-oss 120B", "")
    by_class = achieved("Mistral Small 3.2 24B", "FP8", "L40S")
    assert (by_class.basis, by_class.model, by_class.kind) == ("class", "", "dense")
    width = [row.high_ratio / row.low_ratio for row in (measured, by_class)]
    assert width == sorted(width)


def test_models_of_one_architecture_share_their_measurements():
    assert constants("Llama 3.1 70B", "FP8", "H100") == constants("Llama 3.3 70B", "FP8", "H100")


def test_every_constant_is_a_field_of_a_served_model_with_its_row():
    found = constants("gpt-oss-120b", "FP4", "H200")
    assert set(found) == {*SHARES, "step_overhead_ms", "layer_sync_us", "sequence_overhead_us"}
    assert set(found) <= set(Serving.model_fields)
    assert {fact.basis for _, fact in found.values()} == {"measured"}


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


def test_the_cache_is_halved_beside_weights_in_8_bits_and_its_index_is_not():
    cache = {p: hardware("Llama 3.3 70B", p, "H100")["kv_bytes_per_token"][0] for p in WEIGHT_BYTES}
    assert cache == {"FP16": 327680, "INT4": 327680, "FP8": 163840, "FP4": 163840}
    sparse = hardware("DeepSeek V3.2", "FP8", "H100")
    assert sparse["kv_bytes_per_token"][0] == 70_272 / 2 + sparse["index_bytes_per_token"][0]


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
        hardware(*question)
