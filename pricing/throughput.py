"""What a model needs, what a GPU offers, and how much of that serving achieves: measured, or as others of its class."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from costmodel.errors import ScenarioError
from costmodel.memory import memory_left_gb, sequence_gb, sequences_in_memory
from costmodel.replica import concurrency, tok_per_s
from costmodel.serving import Serving, assembled
from pricing.assumptions import base_groups, base_option
from pricing.facts import Fact, Gpu, OpenModel, ServingConstants, named, rows

WEIGHT_BYTES = {"FP16": 2.0, "FP8": 1.0, "INT4": 0.5625, "FP4": 0.5625}
SHORT_CACHE = ("FP8", "FP4")  # beside such weights the attention cache has 8 bits, as in the published runs
AS_THEY_ARE = (  # what a served model takes over from its row
    "total_params_b",
    "active_params_b",
    "wide_params_b",
    "layers",
    "full_attention_layers",
    "hidden_size",
    "experts",
    "experts_per_token",
    "kv_heads",
    "index_bytes_per_token",
    "sparse_read_tokens",
    "window_tokens",
    "window_kept_tokens",
    "state_mb_per_sequence",
)
NUMBER_FORMATS = Fact(
    source="Definition of the number formats",
    source_url="",
    as_of=date(2026, 11, 23),
    checked_on=date(2026, 11, 23),
    confidence="estimate",
    why="Formats of four bits keep an 8-bit scale for each 16 weights: 4.5 bits. Larger blocks need a little less.",
)
OF_THEIR_OWN = Fact(
    source="vLLM documentation, data parallel deployment",
    source_url="https://docs.vllm.ai/en/latest/serving/data_parallel_deployment/",
    as_of=date(2026, 11, 29),
    checked_on=date(2026, 11, 29),
    confidence="estimate",
    why="A compressed cache is one for all heads, so GPUs that split sequences each keep the whole of it; with "
    "sequences of their own they keep it once. Chosen where sizing serves more tokens so at the default workload and "
    "limit; a much tighter limit may ask for the other.",
)
NAMES = ("model", "precision", "gpu")  # what a row of constants is about
LARGEST_DOUBLINGS = 10  # a replica has at most 1,024 GPUs
MEASURED_BAND = (
    0.8,
    1.25,
)  # runs of one configuration that somebody repeated, and lengths other than the measured ones


def hardware(model: str, precision: str, gpu: str) -> dict[str, tuple[Any, Fact]]:
    """Field of `Serving` -> (value, row it is from): what the model needs and what the GPU offers.

    The attention cache has 8 bits beside weights in FP8 and FP4, else 16; index and states keep their own. Compute is
    that of the precision where the GPU has it; INT4 weights, and any that the GPU cannot compute with, are unpacked to
    FP16.
    """
    of_model, chip = named(OpenModel, model), named(Gpu, gpu)
    if precision not in WEIGHT_BYTES:
        raise ScenarioError(f"{precision!r:.40} is not a precision; there are {', '.join(WEIGHT_BYTES)}.")
    native = {"FP8": chip.fp8_tflops, "FP4": chip.fp4_tflops}.get(precision)
    narrow = 0.5 if precision in SHORT_CACHE else 1
    index = of_model.index_bytes_per_token
    weights = (of_model.fp4_bytes_per_parameter, of_model) if precision == "FP4" else (WEIGHT_BYTES[precision], None)
    return {
        "model": (of_model.name, of_model),
        "gpu": (chip.name, chip),
        **{name: (getattr(of_model, name), of_model) for name in AS_THEY_ARE},
        "weight_bytes_per_parameter": (weights[0], weights[1] or NUMBER_FORMATS),
        "kv_bytes_per_token": ((of_model.kv_fp16_bytes_per_token - index) * narrow + index, of_model),
        "window_kv_bytes_per_token": (of_model.window_kv_fp16_bytes_per_token * narrow, of_model),
        "gpu_memory_gb": (chip.memory_gb, chip),
        "gpu_bandwidth_gb_per_s": (chip.bandwidth_gb_per_s, chip),
        "gpu_link_gb_per_s": (chip.link_gb_per_s, chip),
        "gpu_tflops": (native or chip.fp16_tflops, chip),
    }


def smallest_replica(
    model: str, precision: str, gpu: str, tokens: float, pruned_frac: float = 0, attention_parallel: str = "tensor"
) -> int:
    """Least power of two of GPUs that holds the weights and the attention cache of one request of `tokens`."""
    served = {"pruned_frac": pruned_frac, "attention_parallel": attention_parallel}
    replicas = (
        _replica(hardware(model, precision, gpu), gpus_per_replica=2**doublings, **served)
        for doublings in range(LARGEST_DOUBLINGS + 1)
    )
    fitting = (one.gpus_per_replica for one in replicas if memory_left_gb(one) > sequence_gb(one, tokens))
    return next(fitting, 2**LARGEST_DOUBLINGS)


@cache
def attention_parallel(model: str, precision: str, gpu: str, gpus: int) -> str:
    """How so many GPUs share the attention of a model, "tensor" or "data": what serves more at the default workload.

    Engines split sequences unless told otherwise, and are told so for models whose compressed cache would lie on each.
    """
    if gpus == 1 or named(OpenModel, model).kv_heads > 1:
        return "tensor"
    figures = hardware(model, precision, gpu) | constants(model, precision, gpu)
    return max(("tensor", "data"), key=lambda way: _usual_tok_per_s(
        _replica(figures, gpus_per_replica=gpus, attention_parallel=way, pruned_frac=0)
    ))  # fmt: skip


def _replica(figures: Mapping[str, tuple[Any, Fact]], **fields: Any) -> Serving:
    """A replica of these figures, and of the judgements that every option starts from."""
    judged = base_option("cloud_gpu")["serving"]
    return assembled({**judged, **{name: value for name, (value, _) in figures.items()}, **fields})


def _usual_tok_per_s(replica: Serving) -> float:
    """Output rate of a replica at the default workload; 0 where not even one of its requests fits."""
    usual = base_groups()["workload"]
    output = usual["output_tokens_per_request"] + usual["reasoning_tokens_per_request"]
    lengths = usual["input_tokens_per_request"], usual["cached_input_frac"], output
    if sequences_in_memory(replica, usual["input_tokens_per_request"] + output) < 1:
        return 0.0
    batch = concurrency(replica, *lengths, usual["time_per_token_limit_ms"])
    return float(tok_per_s(replica, batch, *lengths))


def achieved(model: str, precision: str, gpu: str) -> ServingConstants:
    """What serving achieves of a GPU: as measured for the pair, as the model shows elsewhere, or as its class does."""
    of_model, chip = named(OpenModel, model), named(Gpu, gpu)
    kind = "mixture" if of_model.experts else "dense"
    return next(filter(None, map(_constants().get, (
        (of_model.name, precision, chip.name, kind), (of_model.name, "", chip.name, kind), ("", "", chip.name, kind)
    ))))  # fmt: skip


@cache
def _constants() -> Mapping[tuple[str, ...], ServingConstants]:
    return {(row.model, row.precision, row.gpu, row.kind): row for row in rows(ServingConstants)}


def constants(model: str, precision: str, gpu: str) -> dict[str, tuple[Any, Fact]]:
    """Field of `Serving` -> (value, row it is from): the shares and times that make a replica of the hardware."""
    row = achieved(model, precision, gpu)
    fields = [name for name in ServingConstants.model_fields if name in Serving.model_fields and name not in NAMES]
    return {name: (getattr(row, name), row) for name in fields}


def is_measured(model: str, precision: str, gpu: str) -> bool:
    """Whether somebody measured the model in that precision on that GPU."""
    return achieved(model, precision, gpu).basis == "measured"


def band(serving: Serving) -> tuple[float, float]:
    """(low, high) of the true throughput of a model on a GPU relative to what sizing works out.

    Raises ScenarioError when the catalogue does not know them, unless the reader measured the rate.
    """
    if np.any(serving.measured_tok_per_s_per_gpu > 0):
        return MEASURED_BAND
    row = achieved(serving.model, serving.precision, serving.gpu)
    return row.low_ratio, row.high_ratio


def origin(serving: Serving) -> str:
    """On what the constants of a served model rest, in words."""
    row = achieved(serving.model, serving.precision, serving.gpu)
    subject = f"{serving.model} in {serving.precision} on {serving.gpu}"
    if row.basis == "class":
        return f"Nobody measured {serving.model}: by class, from {row.kind} models on this GPU or its generation."
    if row.basis == "model":
        return f"Nobody measured {subject}: from what the model shows on other GPUs and this GPU with other models."
    return f"{row.source}, of {subject}."
