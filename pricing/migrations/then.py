"""What the catalogue and the presets wrote up to version 4, to tell it from what a reader entered."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from costmodel.errors import ScenarioError
from costmodel.units import BYTES_PER_GB, FLOP_PER_PARAMETER, GFLOP_PER_TFLOP, MS_PER_S
from pricing.facts import Gpu, OpenModel, named
from pricing.throughput import WEIGHT_BYTES

Document = dict[str, Any]
CONSTANTS = {"bandwidth_utilization_frac": 0.75, "compute_utilization_frac": 0.5, "step_overhead_ms": 4}
CEILING_FRAC = 0.5
OSS = ("gpt-oss 120B", "FP4")
_SHORT, _LONG = (3100.2, 1024, 1024, 50), (1478.8, 8192, 1024, 50)
PRESETS = {  # preset, option -> model, precision, GPU, GPUs per replica; anchor; basis
    ("assistant", "cloud_on_demand"): (*OSS, "H200 SXM 141GB", 1, _SHORT, "measured"),
    ("assistant", "cloud_committed"): (*OSS, "H200 SXM 141GB", 1, _SHORT, "measured"),
    ("assistant", "own_servers"): (*OSS, "H200 SXM 141GB", 1, _SHORT, "measured"),
    ("healthcare", "cloud_on_demand"): (*OSS, "H200 SXM 141GB", 1, _LONG, "measured"),
    ("healthcare", "own_servers"): (*OSS, "H200 SXM 141GB", 1, _LONG, "measured"),
    ("automotive", "own_servers"): ("Qwen3 32B", "FP8", "H100 SXM 80GB", 2, (478.2, 1024, 128, 20), "measured"),
    ("finance", "own_servers"): (*OSS, "B200 SXM 180GB", 1, (6961, 8192, 1024, 50), "measured"),
    ("media", "cloud_on_demand"): (*OSS, "H200 SXM 141GB", 1, _SHORT, "measured"),
    ("media", "own_servers"): (*OSS, "H200 SXM 141GB", 1, _SHORT, "measured"),
    ("startup", "cloud_on_demand"): (*OSS, "H200 SXM 141GB", 1, _LONG, "measured"),
    ("startup", "own_server"): (*OSS, "L40S 48GB", 4, (1154.9935464588755, 3000, 400, 50), "roofline"),
    ("batch", "cloud_committed"): (*OSS, "H200 SXM 141GB", 1, (3100.2, 1024, 1024, 100), "measured"),
    ("batch", "own_servers"): (*OSS, "B200 SXM 180GB", 1, (14367.7, 1024, 1024, 100), "measured"),
    ("batch", "own_h200"): (*OSS, "H200 SXM 141GB", 1, (3100.2, 1024, 1024, 100), "measured"),
}


@cache
def rates_then() -> frozenset[tuple[float, ...]]:
    """Anchors that the catalogue could write."""
    with Path(__file__).with_name("rates.csv").open(encoding="utf-8") as lines:
        return frozenset(tuple(map(float, row)) for row in list(csv.reader(lines))[1:])


def catalogue_then(names: Mapping[str, Any]) -> Document:
    """What the catalogue then wrote for a model on a GPU, and its assumptions; only the latter for others."""
    try:
        model, chip = named(OpenModel, names["model"]), named(Gpu, names["gpu"])
        weight_bytes = WEIGHT_BYTES[names["precision"]]
    except (ScenarioError, KeyError, AttributeError, TypeError):
        return dict(CONSTANTS)
    precision = names["precision"]
    cache_bytes = model.kv_fp16_bytes_per_token - model.index_bytes_per_token + model.window_kv_fp16_bytes_per_token
    native = {"FP8": chip.fp8_tflops, "FP4": chip.fp4_tflops}.get(precision)
    return {
        **CONSTANTS,
        "model": model.name,
        "gpu": chip.name,
        "total_params_b": model.total_params_b,
        "active_params_b": model.active_params_b,
        "weight_bytes_per_parameter": weight_bytes,
        "kv_bytes_per_token": cache_bytes / (2 if precision in ("FP8", "FP4") else 1),
        "gpu_memory_gb": chip.memory_gb,
        "gpu_bandwidth_gb_per_s": chip.bandwidth_gb_per_s,
        "gpu_tflops": native or chip.fp16_tflops,
    }


def roofline_then(before: Document, input_tokens: float, output_tokens: float, limit_ms: float) -> float:
    """Output tokens per second and GPU then worked out where nobody had measured; 0 where it could not be."""
    then, gpus = catalogue_then(before), before.get("gpus_per_replica")
    if "gpu_tflops" not in then or not isinstance(gpus, int) or gpus < 1:
        return 0.0
    kv_gb = then["kv_bytes_per_token"] / BYTES_PER_GB
    weights = then["total_params_b"] * then["weight_bytes_per_parameter"]
    bandwidth = gpus * then["gpu_bandwidth_gb_per_s"] * then["bandwidth_utilization_frac"]
    compute = gpus * then["gpu_tflops"] * GFLOP_PER_TFLOP * then["compute_utilization_frac"]
    each, cache_each = (
        FLOP_PER_PARAMETER * then["active_params_b"] / compute,
        kv_gb * (input_tokens + output_tokens / 2),
    )
    cache_each /= bandwidth
    room = gpus * (0.9 * then["gpu_memory_gb"] - 2) - weights
    budget = (limit_ms - then["step_overhead_ms"]) / MS_PER_S
    within = min((budget - weights / bandwidth) / cache_each, budget / (each + cache_each))
    batch = max(min(room / (kv_gb * (input_tokens + output_tokens)), within), 1)
    step = max(weights / bandwidth, batch * each) + batch * cache_each + then["step_overhead_ms"] / MS_PER_S
    return batch * output_tokens / (output_tokens * step + batch * each * input_tokens) / gpus
