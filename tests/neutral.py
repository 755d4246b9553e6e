"""Scenarios in which everything that is not named costs nothing and changes nothing: the ground that tests build on."""

from collections.abc import Mapping

import numpy as np

from costmodel.caching import cached_property
from costmodel.comparison import OptionCost, compare  # registers the kinds
from costmodel.fields import Record
from costmodel.option import KINDS
from costmodel.scenario import Scenario
from validation import neutral
from validation.neutral import silent

__all__ = ["METRICS", "compare", "figures", "generated", "neutral_option", "neutral_scenario", "plain"]

NO_FIGURES = {"result", "breaches", "broken_rules"}  # what the kind says, and sentences
METRICS = tuple(
    name for name, value in vars(OptionCost).items() if isinstance(value, cached_property) and name not in NO_FIGURES
)

SILENT = {**neutral.SILENT, "measured_input_tokens": 1000, "measured_output_tokens": 200, "rate_limit_tok_per_s": 1e12}
del SILENT["requests_per_month"]  # one request a month


def neutral_option(kind: str, **fields) -> dict:
    """An option of a kind that serves and costs nothing, with `fields` (dotted with __) set."""
    option = {**silent(KINDS[kind], SILENT), "kind": kind, "label": kind}
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
    scenario = Scenario.build({**silent(Scenario, SILENT), "options": options})
    return scenario.vary({path.replace("__", "."): value for path, value in changes.items()})


def generated(workload, option) -> float:
    """Tokens of an answer with all that is hidden, in the workload's tokens: h = share x (answer + h), and more."""
    answer, share = workload.output_tokens_per_request, option.reasoning_frac
    return answer + answer * share / (1 - share) + workload.reasoning_tokens_per_request


def figures(comparison, known=None) -> dict[str, np.ndarray]:
    """Every figure of a comparison: 'slug line|quantity|metric name' -> value; none of an option taken from `known`."""
    found = {}
    for slug, cost in comparison.costs.items():
        if known and known.costs.get(slug) is cost:
            continue
        metrics = {name: getattr(cost, name) for name in METRICS}
        for kind, values in ("line", cost.lines), ("quantity", cost.quantities), ("metric", metrics):
            found |= {f"{slug} {kind} {name}": np.asarray(value, dtype=float) for name, value in values.items()}
    return found


def plain(node):
    """A scenario, or a part of one, as nested plain values: to compare, to save, to build from."""
    if isinstance(node, Record):
        return {name: plain(getattr(node, name)) for name in type(node).model_fields}
    if isinstance(node, Mapping):
        return {name: plain(child) for name, child in node.items()}
    return node.tolist() if isinstance(node, np.ndarray) else node
