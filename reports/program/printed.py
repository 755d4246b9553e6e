"""The recorded engine printed for a browser: which operation is applied to what, and which results are wanted.

A program holds for every scenario that differs from the recorded one in open numbers only. It has none of their
values, so it may be shared; `values` gives those of a scenario. What Python had to know (whole numbers that shape the
arrays, choices) is fixed in it: who moves such a number asks the engine.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from costmodel.comparison import OptionCost
from costmodel.lines import LINES
from costmodel.rules import RULES
from costmodel.scenario import Scenario
from reports.recorder import Graph, Node, Recorded, Recording, record
from reports.recorder.arrays import lifted
from reports.recorder.graph import is_number
from reports.words.palette import GROUP_COLOURS

HERE = Path(__file__).parent
SCRIPT = "".join(
    HERE.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in ("model", "results", "words", "verdict")
)  # the interpreter, what is asked of it and its words: one module without imports
QUANTITIES = ("gpus", "utilization")  # what charts show beside cost, where an option has it


def program(scenario: Scenario) -> dict[str, Any]:
    """Node numbers count inputs first, then numbers, then `nodes`: [verb, argument, ..., fixed term, ...].

    `options` has the nodes of what is told of each, in USD: its net present `cost`, `levelized` cost, `cumulative`
    present cost without credits at the end, the parts of its cost by `groups` and monthly by `lines`, `cash` by line as
    it is paid, monthly `quantities`; of `rules`, in their order, those are above 0 that it breaks. `groups` has the
    names of the lines of each.
    Raises what `record` raises.
    """
    recording = record(scenario)
    with np.errstate(all="ignore"):
        wanted = {slug: _results(recording, cost) for slug, cost in recording.costs.items()}
    return printed(recording.graph, wanted)


def printed(graph: Graph, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The part of a graph that these results are made of; `wanted` has nodes by option and name."""
    needed = _needed(graph, _leaves(wanted))
    inputs = [node for node in needed if node.op == "input" and node.extra[0] not in graph.fixed]
    numbers = [node for node in needed if node.op == "number" or (node.op == "input" and node.extra[0] in graph.fixed)]
    rest = [node for node in needed if node.op not in ("input", "number")]
    verbs = sorted({node.op for node in rest})
    at = {node: i for i, node in enumerate([*inputs, *numbers, *rest])}
    return {
        "columns": graph.horizon + 1,
        "inputs": [node.extra[0] for node in inputs],
        "numbers": [float(node.value) for node in numbers],
        "verbs": verbs,
        "nodes": [[verbs.index(node.op), *(at[arg] for arg in node.args), *_terms(node)] for node in rest],
        "fixed": sorted(graph.fixed),
        "options": _numbered(wanted, at),
        "groups": {group: [name for name, line in LINES.items() if line.group == group] for group in GROUP_COLOURS},
    }


def values(printed: Mapping[str, Any], scenario: Scenario) -> list[float]:
    """What the inputs of a program are in a scenario."""
    return [scenario[path] for path in printed["inputs"]]


def _results(recording: Recording, cost: OptionCost) -> dict[str, Any]:
    graph = recording.graph
    present = {name: lifted(graph, amounts) for name, amounts in cost.present_lines().items()}
    lines = {name: _monthly(amounts) for name, amounts in present.items() if not is_number(amounts.node, 0)}
    groups = {}
    for group in GROUP_COLOURS:
        parts = [amounts.sum(axis=-1) for name, amounts in lines.items() if LINES[name].group == group]
        if parts:
            groups[group] = sum(parts[1:], parts[0])
    told = {
        "cost": cost.net_present_cost_usd,
        "levelized": cost.levelized_cost_usd_per_mtok,
        "cumulative": cost.cumulative_present_usd,
    }
    cash = {name: _monthly(lifted(graph, cost.lines[name])) for name in lines}
    needs = {name: cost.quantities[name] for name in QUANTITIES if name in cost.quantities}
    tokens = {"tokens": cost.quantities["input_tokens"] + cost.quantities["output_tokens"]}
    quantities = {name: _monthly(lifted(graph, value)) for name, value in {**tokens, **needs}.items()}
    broken = {name: [breach.where * 1 for breach in rule(cost)] for name, rule in RULES.items()}
    rules = {name: lifted(graph, sum(where[1:], where[0])) for name, where in broken.items() if where}
    by_name = {"rules": rules, "groups": groups, "lines": lines, "cash": cash, "quantities": quantities}
    single = {name: lifted(graph, value).node for name, value in told.items()}
    return single | {
        name: {key: lifted(graph, value).node for key, value in members.items()} for name, members in by_name.items()
    }


def _monthly(amounts: Recorded) -> Recorded:
    """The same with a value for each column, also where all are one."""
    graph, node = amounts.graph, amounts.node
    return Recorded(graph, node if node.monthly else graph.make("spread", node), graph.months.value.shape)


def _leaves(tree: Mapping[str, Any]) -> list[Node]:
    return [leaf for branch in tree.values() for leaf in (_leaves(branch) if isinstance(branch, dict) else [branch])]


def _numbered(tree: Mapping[str, Any], at: Mapping[Node, int]) -> dict[str, Any]:
    return {name: _numbered(branch, at) if isinstance(branch, dict) else at[branch] for name, branch in tree.items()}


def _needed(graph: Graph, wanted: Iterable[Node]) -> list[Node]:
    """The nodes that these are made of and themselves, in the order of their making."""
    found = set(wanted)
    for node in reversed(graph.nodes):
        if node in found:
            found.update(node.args)
    return [node for node in graph.nodes if node in found]


def _terms(node: Node) -> list[float]:
    return np.ravel(node.extra).tolist()
