"""Scenarios in which everything that is not named costs nothing and changes nothing: the ground that tests build on."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, get_args, get_origin

import numpy as np

from costmodel.comparison import OptionCost, compare  # registers the kinds
from costmodel.fields import Record, number_of
from costmodel.option import KINDS
from costmodel.scenario import Scenario

__all__ = ["METRICS", "compare", "figures", "neutral_option", "neutral_scenario", "plain"]

METRICS = tuple(name for name, value in vars(OptionCost).items() if isinstance(value, cached_property))

SERVING = {  # an 8B model on one 80 GB GPU
    "total_params_b": 8,
    "active_params_b": 8,
    "weight_bytes_per_parameter": 1,
    "kv_bytes_per_token": 1e5,
    "gpu_memory_gb": 80,
    "gpu_bandwidth_gb_per_s": 3000,
    "gpu_tflops": 1000,
    "anchor_tok_per_s_per_gpu": 1000,
    "anchor_input_tokens": 1000,
    "anchor_output_tokens": 200,
    "anchor_time_per_token_ms": 50,
    "bandwidth_utilization_frac": 0.75,
    "compute_utilization_frac": 0.5,
    "step_overhead_ms": 4,
    "usable_memory_frac": 0.9,
    "utilization_ceiling_frac": 1,
    "serving_to_ceiling_frac": 1,
}
SILENT = {  # fields whose silent value is neither zero nor one nor their lower bound
    **SERVING,
    "busy_hours_frac": 1,
    "time_per_token_limit_ms": 50,
    "horizon_months": 12,
    "hours_per_month": 730,
    "refresh_months": 240,
    "colocation_load_factor_frac": 1,
    "response_time_limit_s": 3600,
    "latest_start_months": 240,
    "long_context_tokens": 1e9,
    "rate_limit_tok_per_s": 1e12,
}


def _neutral(annotation, record, name):
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return neutral_group(annotation)
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    number = number_of(record, name)
    if number is None:
        return {bool: False, str: ""}[annotation]
    if name in SILENT:
        return SILENT[name]
    if number.unit == "ratio":
        return 1
    return 0 if number.low <= 0 <= number.high else number.low


def neutral_group(record: type[Record]) -> dict:
    """Every field of a record at the value that does nothing."""
    fields = record.model_fields.items()
    return {
        name: _neutral(field.annotation, record, name) for name, field in fields if name not in {"label", "options"}
    }


def neutral_option(kind: str, **fields) -> dict:
    """An option of a kind that serves and costs nothing, with `fields` (dotted with __) set."""
    option = {**neutral_group(KINDS[kind]), "kind": kind, "label": kind}
    for path, value in fields.items():
        *groups, last = path.split("__")
        target = option
        for group in groups:
            target = target[group]
        if last not in target:
            raise KeyError(f"{kind} has no field {path}")
        target[last] = value
    return option


def neutral_scenario(options: dict, **changes) -> Scenario:
    """One request a month over 12 months with these options, then varied by `changes` (dotted with __)."""
    scenario = Scenario.build({**neutral_group(Scenario), "options": options})
    return scenario.vary({path.replace("__", "."): value for path, value in changes.items()})


def figures(comparison) -> dict:
    """Every figure of a comparison: 'slug line|quantity|metric name' -> value."""
    found = {}
    for slug, cost in comparison.costs.items():
        found |= {f"{slug} line {name}": value for name, value in cost.lines.items()}
        found |= {f"{slug} quantity {name}": value for name, value in cost.quantities.items()}
        found |= {f"{slug} metric {name}": getattr(cost, name) for name in METRICS}
    return {name: np.asarray(value, dtype=float) for name, value in found.items()}


def plain(node):
    """A scenario, or a part of one, as nested plain values: to compare, to save, to build from."""
    if isinstance(node, Record):
        return {name: plain(getattr(node, name)) for name in type(node).model_fields}
    if isinstance(node, Mapping):
        return {name: plain(child) for name, child in node.items()}
    return node.tolist() if isinstance(node, np.ndarray) else node
