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
from reports.words.money import in_currency
from reports.words.text import heading

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
NAMES = {  # function whose own name says too little to a reader -> what it works out
    "after_tax_cash_usd": "Cash after tax (USD)",
    "after_tax_net_present_cost_usd": "Net present cost after tax (USD)",
    "along": "Break-even along a number",
    "answer_tokens": "Tokens that readers get",
    "application_lines": "Cost lines of the application",
    "batch_within_limit": "Requests at once within the limit",
    "booked_usd": "A line as it is booked (USD)",
    "breaches": "Rules that an option breaks",
    "cache_copies": "Copies of the attention cache",
    "carries_peak": "Whether the peak is carried",
    "client_rounds": "Clients times rounds of a month",
    "combined": "Options that serve together, as one",
    "compare": "Comparison of all options",
    "covered_ratio": "Posts that cover the service hours (times)",
    "cumulative_present_usd": "Cumulative present cash (USD)",
    "cumulative_usd": "Cumulative cash (USD)",
    "dated_cash_usd": "Cash by the day of payment (USD)",
    "deductions": "Deductions from the taxable profit",
    "exchanged_gb": "Sent to clients and back (GB a month)",
    "filled": "Posts that are filled anew",
    "fixed_step_s": "Part of a step that no batch changes (s)",
    "floor_ms": "Shortest time per token (ms)",
    "from_use": "Cash from when it is in use",
    "guardrail_lines": "Cost lines of guardrails",
    "hours_above": "Hours above a capacity (share)",
    "idle_gpu_hours": "Idle GPU-hours (a month)",
    "in_bands": "An amount priced by bands",
    "in_time": "Break-even in time",
    "input_tokens_each": "Input tokens of an attempt",
    "keeps_rules": "Whether all rules are kept",
    "last_crossing": "Month of the last crossing",
    "latency_quantities": "Response time and its parts",
    "lead": "Saving of one option against another",
    "least_limit_ms": "Tightest limit on the time per token (ms)",
    "leavers": "People who leave",
    "levelized_cost_usd_per_mtok_output": "Levelised cost of output (USD per million tokens)",
    "lookups": "Requests that look something up",
    "mean_units_running": "Units that run on average",
    "measured_rate_ratio": "Measured rate against the one worked out (times)",
    "measured_speed": "Measured speed against the one worked out",
    "memory_left_gb": "Memory left for requests (GB)",
    "operations_fte": "Infrastructure engineers (full-time staff)",
    "output_tokens_each": "Output tokens of an attempt",
    "overflow": "Tokens above a capacity (share)",
    "pay_filled": "Pay of posts that are filled",
    "peak_carried_ratio": "Peak that is carried (times)",
    "period_parts_ms": "Time per token by cause (ms)",
    "posts": "Posts by role",
    "posts_filled": "Posts that are filled, by role",
    "posts_usd": "Cost of posts (USD)",
    "prefill_s": "Prefill of a request (s)",
    "present_after_tax_cash_usd": "Present cash after tax (USD)",
    "retrieval_lines": "Cost lines of retrieval",
    "routed_frac": "Weights in experts (share)",
    "sequence_gb": "Memory of a sequence (GB)",
    "sequence_read_gb": "What is read for the next token (GB)",
    "sequences_in_memory": "Sequences that memory holds",
    "served_above": "Tokens of the task above a capacity",
    "served_frac": "Tokens of the task (share)",
    "short_of_peak": "Months that fall short of the peak",
    "sites_covered": "Sites with staff of one's own",
    "spare_experts": "Experts that a token leaves untouched",
    "spare_replicas": "Spare replicas",
    "step_s": "A decode step (s)",
    "switch": "A switch from one option to another",
    "time_per_token_s": "Time per token under load (s)",
    "tok_per_s": "Output of a replica (tokens per second)",
    "tokens_each": "All tokens of an attempt",
    "training_kwh": "Energy of training (kWh a month)",
    "tuning_kwh": "Energy of tuning (kWh a month)",
    "tuning_lines": "Cost lines of tuning",
    "usage_cost": "Cost by use",
    "usage_price_ratio": "Token price once tuned (times)",
    "wages": "Wages by role",
    "weights_held_gb": "Weights, common and in experts (GB)",
    "weights_read_gb": "Weights that a step reads (GB)",
    "with_standby": "Servers with those that stand by",
    "worked_out_rate": "Rate worked out for a measurement",
    "year_parts": "Monthly parts of a yearly amount",
}
OVER = {  # field that a purchase is spread over -> what that is
    "refresh_months": "the life of a server",
    "life_months": "the life of a device",
    "term_months": "the term of the commitment",
    "prepaid_months": "the months that are paid in advance",
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
            (in_currency(NAMES.get(name, heading(name))), "", _documentation(member))
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
    over = f", over {OVER[line.spread_over]}" if line.spread_over else ""
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
