"""The method in words, read from the engine itself: quantities, cost functions and the table of lines."""

import inspect
import sys
from collections.abc import Callable

from costmodel import (
    answering,
    application,
    bands,
    break_even,
    combination,
    comparison,
    demand,
    federated,
    finance,
    governance,
    measured,
    memory,
    people,
    replica,
    retrieval,
    rules,
    sizing,
    tax,
    tuning,
)
from costmodel.lines import LINES
from costmodel.option import COSTS
from costmodel.quantity import QUANTITIES
from costmodel.units import UNITS
from reports.text import field_name, heading

SECTIONS = {
    "costmodel.demand": "Demand and its load curve",
    "costmodel.sizing": "Sizing: from tokens to GPUs",
    "costmodel.finance": "Finance",
}
MODULES = {
    demand: SECTIONS["costmodel.demand"],
    sizing: SECTIONS["costmodel.sizing"],
    finance: SECTIONS["costmodel.finance"],
    combination: "Options that serve together",
    federated: "Federated learning",
    memory: "A model on GPUs: what fits",
    replica: "A model on GPUs: how fast it runs",
    measured: "A model on GPUs: what was measured",
    bands: "Prices by bands",
    people: "People",
    tuning: "Tuning",
    retrieval: "Retrieval and guardrails",
    application: "The application",
    governance: "Governance",
    rules: "Rules",
    answering: "Answering",
    comparison: "Totals of an option",
    tax: "Taxes",
    break_even: "Break-even",
}
NATURES = {"running": "running", "purchase": "purchase", "credit": "credit", "end_credit": "credit at the end"}
Entry = tuple[str, str, str]


def definitions() -> dict[str, list[Entry]]:
    """Section -> (name, unit, documentation) of everything that the engine computes."""
    sections: dict[str, list[Entry]] = {}
    for function in QUANTITIES.values():
        unit = UNITS[function.unit].label
        sections.setdefault(_section(function), []).append((function.label, unit, _documentation(function)))
    for costs in COSTS.values():
        sections.setdefault(_section(costs), []).append(("Cost lines of the option", "USD", _documentation(costs)))
    for module, title in MODULES.items():
        sections[title] = sections.get(title, []) + [
            (heading(name), "", _documentation(member))
            for name, member in _public_members(module)
            if member.__doc__ and name not in QUANTITIES
        ]
    return sections


def cost_lines() -> list[tuple[str, ...]]:
    """(label, group, nature, booked over, paid by use) of every cost line."""
    return [
        (
            line.label,
            line.group,
            NATURES[line.nature],
            field_name(line.spread_over) if line.spread_over else "as paid",
            "yes" if line.usage else "",
        )
        for line in LINES.values()
    ]


def _section(function: Callable) -> str:
    module = function.__module__
    if module in SECTIONS:
        return SECTIONS[module]
    return inspect.getdoc(sys.modules[module]).split(":")[0].rstrip(".")


def _documentation(member: object) -> str:
    return " ".join(inspect.getdoc(member).split())


def _public_members(module) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, member in vars(module).items():
        if name.startswith("_") or getattr(member, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(member) and name == "OptionCost":
            found += [(n, m) for n, m in vars(member).items() if not n.startswith("_") and inspect.getdoc(m)]
        elif inspect.isfunction(member):
            found.append((name, member))
    return found
