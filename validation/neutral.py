"""A scenario in which everything that is not named costs nothing and changes nothing; publications name few things."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin

import costmodel.options  # noqa: F401  (registers the kinds)
from costmodel.fields import Record, number_of
from costmodel.option import KINDS
from costmodel.scenario import Scenario
from costmodel.units import SECONDS_PER_HOUR

NO_LIMIT = 1e9
SILENT = {  # fields that are silent at a value which is neither zero nor one nor their lower bound
    "requests_per_month": 1e4,
    "busy_hours_frac": 1,
    "load_variation_ratio": 0,
    "cached_requests_frac": 1,
    "time_per_token_limit_ms": 50,
    "horizon_months": 12,
    "hours_per_month": 730,
    "refresh_months": 240,
    "colocation_load_factor_frac": 1,
    "response_time_limit_s": 3600,
    "latest_start_months": 240,
    "time_zone": "UTC",
    "step_units": 1,
    "most_servers": 10_000,
    "rate_limit_tok_per_s": NO_LIMIT,
    # a model of 8 billion parameters on a GPU that holds it with ease
    "total_params_b": 8,
    "active_params_b": 8,
    "weight_bytes_per_parameter": 1,
    "layers": 32,
    "full_attention_layers": 32,
    "hidden_size": 4096,
    "kv_bytes_per_token": 1e5,
    "gpu_memory_gb": 80,
    "gpu_bandwidth_gb_per_s": 3000,
    "gpu_link_gb_per_s": 450,
    "gpu_tflops": 1000,
    "bandwidth_utilization_frac": 0.75,
    "cache_bandwidth_utilization_frac": 0.75,
    "compute_utilization_frac": 0.5,
    "prefill_utilization_frac": 0.5,
    "step_overhead_ms": 4,
    "usable_memory_frac": 0.9,
    "memory_reserve_gb": 2,
    "measured_tok_per_s_per_gpu": 1000,
    "utilization_ceiling_frac": 1,
}


@cache
def neutral(**kinds: str) -> Scenario:
    """A year of a few small requests, with an option of the given kind under each name: neutral(own="on_prem")."""
    options = {slug: {**silent(KINDS[kind]), "kind": kind, "label": slug} for slug, kind in kinds.items()}
    return Scenario.build({**silent(Scenario), "options": options})


def silent(record: type[Record], known: Mapping[str, Any] = SILENT) -> dict[str, Any]:
    """Every field of a record, options and labels apart, at the value that does nothing; `known` are named values."""
    fields = {name: field for name, field in record.model_fields.items() if name not in {"options", "label"}}
    return {name: _silent_value(record, name, field.annotation, known) for name, field in fields.items()}


def _silent_value(record, name, annotation, known):
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return silent(annotation, known)
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if name in known:
        return known[name]
    number = number_of(record, name)
    if number is None:
        return {bool: False, str: ""}[annotation]
    if number.unlimited:
        return number.high
    if number.unit == "ratio":
        return 1
    return 0 if number.low <= 0 <= number.high else number.low


def traffic(tok_per_s: float, hours: float, input_tokens: float = 1, output_tokens: float = 1) -> dict[str, float]:
    """Settings of a workload that generates `tok_per_s` output tokens a second, evenly over `hours` a month."""
    return {
        "finance.hours_per_month": hours,
        # requests/month = tok/s * s/h * h/month / (tokens/request)
        "workload.requests_per_month": tok_per_s * SECONDS_PER_HOUR * hours / output_tokens,
        "workload.input_tokens_per_request": input_tokens,
        "workload.output_tokens_per_request": output_tokens,
    }


def measured(
    slug: str, tok_per_s: float, gpus: int, input_tokens: float = 1, output_tokens: float = 1
) -> dict[str, Any]:
    """Settings of an option whose server holds one replica on `gpus` GPUs, measured at the workload's own lengths."""
    serving = f"options.{slug}.serving"
    return {
        f"options.{slug}.gpus_per_server": gpus,
        f"{serving}.gpus_per_replica": gpus,
        f"{serving}.measured_tok_per_s_per_gpu": tok_per_s / gpus,
        f"{serving}.measured_gpus": gpus,
        f"{serving}.measured_input_tokens": input_tokens,
        f"{serving}.measured_output_tokens": output_tokens,
    }
