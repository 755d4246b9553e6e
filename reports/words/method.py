"""The method in words, read from the engine itself: quantities, the functions of cost lines, and what charts show."""

import csv
import inspect
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from costmodel import (
    application,
    break_even,
    combination,
    comparison,
    demand,
    federated,
    finance,
    governance,
    latency,
    measured,
    memory,
    people,
    replica,
    retrieval,
    rules,
    sizing,
    tax,
    tiers,
    tuning,
)
from costmodel.arrays import Array
from costmodel.lines import LINES, Line
from costmodel.numerals import MINUS
from costmodel.option import COSTS
from costmodel.quantity import QUANTITIES
from costmodel.units import UNITS
from reports.words.text import field_name, heading

MODULES = {
    demand: "Demand and its load curve",
    sizing: "Sizing: from tokens to GPUs",
    finance: "Finance",
    combination: "Options that serve together",
    federated: "Federated learning",
    memory: "A model on GPUs: what fits",
    replica: "A model on GPUs: how fast it runs",
    measured: "A model on GPUs: what was measured",
    tiers: "Prices by tiers",
    people: "People",
    tuning: "Tuning",
    retrieval: "Retrieval and guardrails",
    application: "The application",
    governance: "Governance",
    rules: "Rules",
    latency: "Latency",
    comparison: "Totals of an option",
    tax: "Taxes",
    break_even: "Break-even",
}
SECTIONS = {module.__name__: title for module, title in MODULES.items()}
FORMULAS = {  # chart -> what to find on the Method page
    "after_tax": "tax",
    "best_share": "capacity wanted on the base",
    "bill_steps": "cost lines",
    "by_volume": "levelised cost",
    "cheapest_probability": "net present cost",
    "compare": "cumulative present",
    "convergence": "net present cost",
    "cost_spread": "net present cost",
    "cumulative": "cumulative present",
    "frontier": "levelised cost",
    "gpus": "servers for the peak",
    "heat_map": "net present cost",
    "load_curve": "load curve",
    "months": "cost lines",
    "overtaken": "in time",
    "posts": "posts of each month",
    "price_path": "price of output",
    "response_parts": "response time",
    "stack": "cost lines",
    "staircase": "servers for the peak",
    "throughput": "output rate of one replica",
    "tokens": "tokens processed",
    "tornado": "net present cost",
    "trade_off_chart": "net present cost",
    "utilization": "average utilisation",
}
NATURES = {"running": "running", "purchase": "purchase", "credit": "credit", "end_credit": "credit at the end"}
Entry = tuple[str, str, str]
GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.csv"
SENTENCE = re.compile(r"(?<=\.) (?=[A-Z`])")
OF_ARRAYS = re.compile(r",? ?(?:\b(?:[Ss]ame s|S|s)hapes? )?\((?:\.\.\., )?T\+1,?\)")  # concerns who calls a function
OF_CALLERS = ("Shape", "Same shape", "Takes ", "`")  # how sentences, and texts, begin that concern them alone
IN_CODE = re.compile(r"`([^`]+)`")
AS_WRITTEN = {"sqrt(": "√(", "^2": "²", " - ": f" {MINUS} ", " -> ": " → "}  # signs that a keyboard lacks


def glossary() -> list[tuple[str, str, str]]:
    """(word, meaning, where it is known from) of the field's words that pages and papers use."""
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        return [(row["name"], row["meaning"], row["reference"]) for row in csv.DictReader(file) if row["readers"]]


def definitions() -> dict[str, list[Entry]]:
    """Section -> (name, unit, documentation) of everything that the engine computes."""
    sections: dict[str, list[Entry]] = {}
    lines = {function.__name__ for line in LINES.values() for function in line.functions}
    for function in QUANTITIES.values():
        unit = UNITS[function.unit].label
        sections.setdefault(_section(function), []).append((function.label, unit, _documentation(function)))
    for costs in COSTS.values():
        sections.setdefault(_section(costs), []).append(("Cost lines of the option", "USD", _documentation(costs)))
    for module, title in MODULES.items():
        sections[title] = sections.get(title, []) + [
            (heading(name), "", _documentation(member))
            for name, member in _public_members(module)
            if name not in QUANTITIES and name not in lines and not inspect.getdoc(member).startswith(OF_CALLERS)
        ]
    return sections


def with_units(entries: Sequence[Entry]) -> tuple[list[str], list[tuple[str, ...]]]:
    """Columns and rows of a table of entries, without units where none of them has one."""
    if any(unit for _, unit, _ in entries):
        return ["Quantity", "Unit", "Meaning and assumptions"], list(entries)
    return ["Quantity", "Meaning and assumptions"], [(name, told) for name, _, told in entries]


def cost_lines() -> list[tuple[str, ...]]:
    """(label, group, units, documentation, how it is booked) of every function of a cost line, in their order."""
    return [
        (
            ": ".join(filter(None, (line.label, function.way))),
            line.group,
            units(function),
            _documentation(function),
            _booked(line),
        )
        for line in LINES.values()
        for function in line.functions
    ]


def units(function: Callable) -> str:
    """The line of units in the source of a cost line: 'USD/month = kWh/month × USD/kWh'."""
    found = re.findall(r"^ +# (.+ = .+)$", inspect.getsource(inspect.unwrap(function)), re.MULTILINE)
    return "; ".join(found).replace(" * ", " × ")


def _booked(line: Line) -> str:
    over = f", over {field_name(line.spread_over).lower()}" if line.spread_over else ""
    return f"{NATURES[line.nature]}{over}{', by use' * line.usage}{', in advance' * line.in_advance}"


def _section(function: Callable) -> str:
    module = function.__module__
    if module in SECTIONS:
        return SECTIONS[module]
    return inspect.getdoc(sys.modules[module]).split(":")[0].rstrip(".")


def _documentation(member: object) -> str:
    return for_readers(inspect.getdoc(member))


def for_readers(told: str) -> str:
    """A docstring in one line, without what concerns who calls a function: shapes of arrays, names as code has them."""
    first, *others = SENTENCE.split(" ".join(told.split()))
    text = OF_ARRAYS.sub("", " ".join([first, *(each for each in others if not each.startswith(OF_CALLERS))]))
    text = IN_CODE.sub(lambda found: found[1].replace("_", " "), text)
    text = text.removesuffix("..") + "." * text.endswith("..")  # what ended with a shape
    for code, written in AS_WRITTEN.items():
        text = text.replace(code, written)
    return text[:1].upper() + text[1:] if text[1:2].islower() else text


def _public_members(module) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, member in vars(module).items():
        if name.startswith("_") or getattr(member, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(member) and name == "OptionCost":
            found += [(n, m) for n, m in vars(member).items() if not n.startswith("_") and _is_figure(m)]
        elif inspect.isfunction(member):
            found.append((name, member))
    return found


def _is_figure(member: object) -> bool:
    """Whether a property or method of a result gives numbers, and not what the engine itself needs of it."""
    function = getattr(member, "fget", None) or getattr(member, "func", member)
    return getattr(function, "__annotations__", {}).get("return") in (Array, "Array")
