"""The yardstick of `bench.sizing`: the product's earlier rule, a nearest measurement scaled by a roofline.

The rate of the nearest run of the same model, precision and GPU, times what bandwidth and compute say of the lengths
asked over what they say of that run's. Runs at a limit are the best within 20, 30, 50 and 100 ms; a ceiling counts
half; where there is neither, the roofline itself. All experts are read at any batch, prefill is outside the limit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, log

from pricing.calibration.left_out import LATEST_FIRST_TOKEN_MS, LIMITS_MS
from pricing.calibration.observations import Observation, machine

UNLIMITED_MS = 1e4
BANDWIDTH, COMPUTE, OVERHEAD_S, CEILING = (
    0.75,
    0.5,
    0.004,
    0.5,
)  # shares achieved, seconds of a step, share of a ceiling
BANDS = {"dense": (0.7, 1.4), "mixture": (0.5, 2.0), "roofline": (0.4, 2.0)}


@dataclass(frozen=True)
class Anchor:
    """A run that the rule starts from."""

    gpus: int
    input_tokens: float
    output_tokens: float
    limit_ms: float
    tok_per_s_per_gpu: float
    basis: str


def anchors(kept: Iterable[Observation]) -> list[Anchor]:
    """What the rule may start from, of the points and ceilings of one pair."""
    best: dict[tuple, Anchor] = {}
    for row in kept:
        is_point = row.question == "point"
        if is_point and row.first_token_ms > LATEST_FIRST_TOKEN_MS:
            continue
        basis = "measured" if is_point else "ceiling"
        for limit in [each for each in LIMITS_MS if row.time_per_token_ms <= each] if is_point else [UNLIMITED_MS]:
            lengths, rate = (row.input_tokens, row.output_tokens), row.output_tok_per_s_per_gpu
            if (lengths, limit) not in best or best[lengths, limit].tok_per_s_per_gpu < rate:
                best[lengths, limit] = Anchor(row.gpus_per_replica, *lengths, limit, rate, basis)
    return list(best.values())


def predicted(row: Observation, candidates: list[Anchor]) -> tuple[float, str]:
    """Output tokens per second and GPU at a row's lengths within its time per token, and the basis it rests on."""
    limit_ms = row.time_per_token_ms or UNLIMITED_MS
    here = _roofline(row, row.gpus_per_replica, row.input_tokens, row.output_tokens, limit_ms)
    measured = [anchor for anchor in candidates if anchor.basis == "measured"]
    tightest = min((anchor.limit_ms for anchor in measured), default=limit_ms)
    usable = [anchor for anchor in measured if anchor.limit_ms <= max(limit_ms, tightest)] or candidates
    if not usable:
        return here / row.gpus_per_replica, "roofline"
    asked = (row.input_tokens, row.output_tokens, row.gpus_per_replica, limit_ms)

    def distance(anchor: Anchor) -> float:
        offered = (anchor.input_tokens, anchor.output_tokens, anchor.gpus, anchor.limit_ms)
        return sum(abs(log(a / b)) for a, b in zip(asked, offered, strict=True))

    near = min(usable, key=distance)
    there = _roofline(row, row.gpus_per_replica, near.input_tokens, near.output_tokens, near.limit_ms)
    derate = CEILING if near.basis == "ceiling" else 1
    return near.tok_per_s_per_gpu * derate * here / there, near.basis


def _roofline(row: Observation, gpus: int, input_tokens: float, output_tokens: float, limit_ms: float) -> float:
    """Output tokens per second of a replica of a row's model and GPU from bandwidth and compute alone."""
    chip = machine(row.model, row.precision, row.gpu)
    weights = chip["total_params_b"] * chip["weight_bytes_per_parameter"]
    cache_gb = (chip["kv_bytes_per_token"] + chip["window_kv_bytes_per_token"]) / 1e9
    bandwidth = gpus * chip["gpu_bandwidth_gb_per_s"] * BANDWIDTH
    compute = 2 * chip["active_params_b"] / (gpus * chip["gpu_tflops"] * 1e3 * COMPUTE)
    each = cache_gb * (input_tokens + output_tokens / 2) / bandwidth
    room = gpus * (chip["usable_memory_frac"] * chip["gpu_memory_gb"] - chip["memory_reserve_gb"]) - weights
    if room <= 0:
        room = chip["usable_memory_frac"] * (gpus * chip["gpu_memory_gb"] - weights)
    held = room / (cache_gb * (input_tokens + output_tokens))
    budget = limit_ms / 1e3 - OVERHEAD_S if limit_ms < UNLIMITED_MS else inf
    batch = max(min(held, (budget - weights / bandwidth) / each, budget / (compute + each)), 1)
    step = max(weights / bandwidth, batch * compute) + batch * each + OVERHEAD_S
    return batch * output_tokens / (output_tokens * step + batch * compute * input_tokens)
