"""How fast a model runs on a GPU: the nearest measurement, else a ceiling, else a roofline, and how sure that is."""

from dataclasses import dataclass
from datetime import date
from math import log
from types import SimpleNamespace
from typing import Any, Literal

from costmodel.errors import ScenarioError
from costmodel.serving import UNLIMITED_MS, roofline
from costmodel.units import BYTES_PER_GB
from pricing.assumptions import base_option
from pricing.facts import Fact, Gpu, OpenModel, Throughput, named, rows

WEIGHT_BYTES = {"FP16": 2.0, "FP8": 1.0, "INT4": 0.5625, "FP4": 0.5625}
NUMBER_FORMATS = Fact(
    source="Definition of the number formats",
    source_url="",
    as_of=date(2026, 11, 23),
    checked_on=date(2026, 11, 23),
    confidence="estimate",
    why="Formats of four bits keep an 8-bit scale for each 16 weights: 4.5 bits. Larger blocks need a little less.",
)
DENSE_BAND, MIXTURE_BAND, ROOFLINE_BAND = (0.7, 1.4), (0.5, 2.0), (0.4, 2.0)


@dataclass(frozen=True)
class Anchor:
    """The measurement that sizing starts from, in the terms of `costmodel.serving.Serving`.

    `low_ratio` and `high_ratio` are the band of the truth around `tok_per_s_per_gpu`; `how` says how it was chosen.
    """

    tok_per_s_per_gpu: float
    input_tokens: float
    output_tokens: float
    time_per_token_ms: float
    basis: Literal["measured", "ceiling", "roofline"]
    low_ratio: float
    high_ratio: float
    fact: Fact
    how: str


def hardware(model: str, precision: str, gpu: str) -> dict[str, tuple[Any, Fact]]:
    """Field of `Serving` -> (value, row it is from): what the model needs and what the GPU offers.

    The attention cache has 8 bits beside weights in FP8 and FP4, as in the published runs, else 16. Compute is that of
    the precision where the GPU has it; INT4 weights, and any that the GPU cannot compute with, are unpacked to FP16.
    """
    architecture, chip = named(OpenModel, model), named(Gpu, gpu)
    if precision not in WEIGHT_BYTES:
        raise ScenarioError(f"{precision!r:.40} is not a precision; there are {', '.join(WEIGHT_BYTES)}.")
    short_cache = precision in ("FP8", "FP4")
    native = {"FP8": chip.fp8_tflops, "FP4": chip.fp4_tflops}.get(precision)
    cache = architecture.kv_fp16_bytes_per_token + architecture.window_kv_fp16_bytes_per_token
    cache = cache / 2 if short_cache else cache
    return {
        "model": (architecture.name, architecture),
        "gpu": (chip.name, chip),
        "total_params_b": (architecture.total_params_b, architecture),
        "active_params_b": (architecture.active_params_b, architecture),
        "weight_bytes_per_parameter": (WEIGHT_BYTES[precision], NUMBER_FORMATS),
        "kv_bytes_per_token": (cache, architecture),
        "gpu_memory_gb": (chip.memory_gb, chip),
        "gpu_bandwidth_gb_per_s": (chip.bandwidth_gb_per_s, chip),
        "gpu_tflops": (native or chip.fp16_tflops, chip),
    }


def smallest_replica(model: str, precision: str, gpu: str, tokens: float, pruned_frac: float = 0) -> int:
    """Least power of two of GPUs that holds the weights and the attention cache of one request of `tokens`."""
    needs = {field: value for field, (value, _) in hardware(model, precision, gpu).items()}
    judged = base_option("cloud_gpu")["serving"]
    weights_gb = needs["total_params_b"] * (1 - pruned_frac) * needs["weight_bytes_per_parameter"]
    cache_gb = needs["kv_bytes_per_token"] * tokens / BYTES_PER_GB
    each_gb = judged["usable_memory_frac"] * needs["gpu_memory_gb"] - judged["memory_reserve_gb"]
    gpus = 1
    while gpus * each_gb <= weights_gb + cache_gb:
        gpus *= 2
    return gpus


def band(model: str, basis: str) -> tuple[float, float]:
    """(low, high) of the true throughput of a model relative to what sizing works out from an anchor of that basis."""
    if basis == "roofline":
        return ROOFLINE_BAND
    return MIXTURE_BAND if named(OpenModel, model).experts else DENSE_BAND


def anchor(
    model: str,
    precision: str,
    gpu: str,
    gpus_per_replica: int,
    input_tokens: float,
    output_tokens: float,
    limit_ms: float,
) -> Anchor:
    """The best known rate of a model on a GPU for these lengths and this limit on the time per token.

    A measurement of the same model, precision and GPU comes first, then a ceiling, then a roofline. Among rows the
    nearest wins, by the sum of the logarithms of the ratios of lengths, GPUs and limit; none with a looser limit than
    asked or, where all are looser, than the tightest. Models of the same architecture are one model here: Llama 3.1
    and 3.3 70B.
    """
    architecture, chip = named(OpenModel, model), named(Gpu, gpu)
    same = [r for r in rows(Throughput) if (r.model, r.precision, r.gpu) == (architecture.name, precision, chip.name)]
    measured = [row for row in same if row.basis == "measured"]
    tightest = min((row.limit_ms for row in measured), default=limit_ms)
    candidates = [row for row in measured if row.limit_ms <= max(limit_ms, tightest)] or same
    asked = (input_tokens, output_tokens, gpus_per_replica, limit_ms)
    wish = f"{input_tokens:,.0f} tokens in and {output_tokens:,.0f} out within {limit_ms:g} ms a token"
    if not candidates:
        return _roofline(architecture, chip, precision, asked, wish)

    def distance(row: Throughput) -> float:
        offered = (row.input_tokens, row.output_tokens, row.gpus_per_replica, row.limit_ms)
        return sum(abs(log(a / b)) for a, b in zip(asked, offered, strict=True))

    row = min(candidates, key=distance)
    low, high = band(architecture.name, row.basis)
    limit = "without a limit on latency" if row.limit_ms >= UNLIMITED_MS else f"within {row.limit_ms:g} ms a token"
    how = (
        f"{row.basis.capitalize()} for {row.model} in {row.precision} on {row.gpus_per_replica} x {row.gpu} with "
        f"{row.input_tokens:,} tokens in and {row.output_tokens:,} out {limit}: the nearest of {len(candidates)} rows "
        f"to {wish} on {gpus_per_replica}."
    )
    return Anchor(
        tok_per_s_per_gpu=row.output_tok_per_s_per_gpu,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        time_per_token_ms=row.limit_ms,
        basis=row.basis,
        low_ratio=low,
        high_ratio=high,
        fact=row,
        how=how,
    )


def _roofline(architecture: OpenModel, chip: Gpu, precision: str, asked: tuple, wish: str) -> Anchor:
    input_tokens, output_tokens, gpus, limit_ms = asked
    fields = {name: value for name, (value, _) in hardware(architecture.name, precision, chip.name).items()}
    serving = SimpleNamespace(
        **base_option("cloud_gpu")["serving"], **fields, gpus_per_replica=gpus, anchor_basis="roofline"
    )
    rate = roofline(serving, input_tokens, 0, output_tokens, limit_ms)
    low, high = band(architecture.name, "roofline")
    how = (
        f"Nothing is measured for {architecture.name} in {precision} on {chip.name}: worked out from memory bandwidth "
        f"and compute for {wish} on {gpus}."
    )
    fact = Fact(
        source="Roofline from the GPU's bandwidth and compute",
        source_url=chip.source_url,
        as_of=chip.as_of,
        checked_on=chip.checked_on,
        confidence="estimate",
        why=how,
    )
    return Anchor(float(rate) / gpus, input_tokens, output_tokens, limit_ms, "roofline", low, high, fact, how)
