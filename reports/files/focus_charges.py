"""What a cost line is in the words of FOCUS: its service, who charges it, how it is measured, whether it covers others.

Category and frequency of a charge follow from the line's nature; only what the line table cannot know stands here.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from costmodel.comparison import OptionCost
from costmodel.lines import LINES
from costmodel.tiers import answers_gb
from costmodel.units import HOURS_PER_MONTH, TOKENS_PER_MTOK

OWN, SEVERAL = "Own organisation", "Several providers"
OF_PRODUCTS = frozenset({"input tokens", "cache reads", "cache writes", "output tokens", "seats", "prepaid seats",
                         "GPU-hours", "server-months"})  # fmt: skip


@dataclass(frozen=True)
class Charge:
    """Service category and subcategory of FOCUS; `sold` by the option's provider or done by the company itself.

    `measure` names what is consumed; `commits` marks fees for a term, which cover later use.
    """

    service: str
    subcategory: str
    sold: bool = False
    measure: str = ""
    commits: bool = False


GENERATIVE = Charge("AI and Machine Learning", "Generative AI", sold=True)
MACHINES = Charge("Compute", "Virtual Machines", sold=True)
GPU_HOURS = replace(MACHINES, measure="GPU-hours")
HARDWARE = Charge("Compute", "Other (Compute)")
OTHER = Charge("Other", "Other (Other)")
GROUPS: Mapping[str, Charge] = {
    "Tokens": GENERATIVE,
    "Seats": GENERATIVE,
    "GPU rental": MACHINES,
    "Hardware": HARDWARE,
    "Site and upkeep": OTHER,
    "Network and storage": Charge("Networking", "Network Connectivity", sold=True),
    "Support and licences": Charge("Management and Governance", "Support", sold=True),
    "Tuning": Charge("AI and Machine Learning", "Machine Learning"),
    "Retrieval and guardrails": Charge("AI and Machine Learning", "Other (AI and Machine Learning)"),
    "Application": Charge("Business Applications", "Other (Business Applications)"),
    "People": OTHER,
    "Governance": Charge("Management and Governance", "Compliance"),
    "One-time": Charge("Migration", "Other (Migration)"),
    "Risk": OTHER,
}
EXCEPTIONS: Mapping[str, Charge] = {
    "input_tokens": replace(GENERATIVE, measure="input tokens"),
    "cache_reads": replace(GENERATIVE, measure="cache reads"),
    "cache_writes": replace(GENERATIVE, measure="cache writes"),
    "output_tokens": replace(GENERATIVE, measure="output tokens"),
    "provisioned": replace(GENERATIVE, commits=True),
    "shortfall": replace(GENERATIVE, commits=True),
    "seats": replace(GENERATIVE, measure="seats"),
    "seats_upfront": replace(GENERATIVE, measure="prepaid seats", commits=True),
    "gpu_hours": GPU_HOURS,
    "commitment": replace(GPU_HOURS, commits=True),
    "commitment_upfront": replace(GPU_HOURS, commits=True),
    "servers": replace(HARDWARE, measure="server-months"),
    "installation": replace(HARDWARE, measure="server-months"),
    "storage": Charge("Storage", "Other (Storage)", sold=True, measure="storage"),
    "transfer": Charge("Networking", "Network Connectivity", sold=True, measure="transfer"),
    "network_and_storage": Charge("Networking", "Network Infrastructure", measure="server-months"),
    "energy": replace(OTHER, measure="energy"),
    "licences": Charge("AI and Machine Learning", "AI Platforms"),
}


def charge(name: str) -> Charge:
    """The charge of a cost line: its own entry, else that of its group."""
    return EXCEPTIONS.get(name) or GROUPS.get(LINES[name].group, OTHER)


def seller(cost: OptionCost, name: str) -> str:
    """Who charges the line: for what is sold the provider, of the option or of those that it hands on to."""
    if not charge(name).sold:
        return OWN
    options = cost.task.scenario.options
    asked = [cost.option, *(options[slug] for slug in cost.option.relies_on().values())]
    providers = {provider for option in asked if (provider := option.seller())}
    return providers.pop() if len(providers) == 1 else SEVERAL if providers else OWN


def product(cost: OptionCost, name: str) -> str:
    """What is bought: the model, instance or server that the option names where the line is about it, else the line."""
    about_it = charge(name).measure in OF_PRODUCTS
    return (about_it and cost.option.bought()) or LINES[name].label


def _cached(cost: OptionCost) -> tuple[Any, Any]:
    workload = cost.task.scenario.workload
    read = workload.cached_input_frac
    return read, np.minimum(workload.cache_write_frac, 1 - read)


def _plain_input(cost: OptionCost) -> Any:
    return cost.quantities["input_tokens"] * (1 - sum(_cached(cost)))


def _gpu_hours(cost: OptionCost) -> Any:
    every_hour = cost.option.paid_round_the_clock()
    return cost.quantities["gpus"] * (HOURS_PER_MONTH if every_hour else cost.task.scenario.finance.hours_per_month)


@dataclass(frozen=True)
class Measure:
    """What is counted, in which unit, and the unit that prices are quoted in with its size."""

    unit: str
    amount: Callable[[OptionCost], Any]
    pricing_unit: str = ""
    per: float = 1.0


def _tokens(amount: Callable[[OptionCost], Any]) -> Measure:
    return Measure("Tokens", amount, f"{TOKENS_PER_MTOK:.0f} Tokens", TOKENS_PER_MTOK)


MEASURES: Mapping[str, Measure] = {
    "input tokens": _tokens(_plain_input),
    "cache reads": _tokens(lambda cost: cost.quantities["input_tokens"] * _cached(cost)[0]),
    "cache writes": _tokens(lambda cost: cost.quantities["input_tokens"] * _cached(cost)[1]),
    "output tokens": _tokens(lambda cost: cost.quantities["output_tokens"]),
    "seats": Measure("Seat-Months", lambda cost: cost.quantities["seats"] - cost.quantities["prepaid_seats"]),
    "prepaid seats": Measure("Seat-Months", lambda cost: cost.quantities["prepaid_seats"]),
    "GPU-hours": Measure("GPU-Hours", _gpu_hours),
    "server-months": Measure("Server-Months", lambda cost: cost.quantities["servers"]),
    "energy": Measure("kW-Hours", lambda cost: cost.quantities["energy_kwh"]),
    "storage": Measure("GB-Months", lambda cost: cost.option.stored_gb()),
    "transfer": Measure("GB", lambda cost: answers_gb(cost.task)),
}


def consumed(cost: OptionCost, name: str, months: int) -> tuple[Measure | None, np.ndarray]:
    """(measure, amount by month) of what a line pays for; (None, zeros) where nothing is counted.

    Options that hand their demand on report tokens and servers of all their parts together, so nothing is counted.
    """
    measure = MEASURES.get(charge(name).measure)
    amount = None
    if measure is not None and cost.option.serves_itself():
        with suppress(KeyError):  # an option that reports no such quantity
            amount = measure.amount(cost)
    if amount is None:
        return None, np.zeros(months)
    return measure, np.broadcast_to(np.asarray(amount, dtype=float), (months,))


def pricing(cost: OptionCost, name: str, category: str) -> str:
    """FOCUS's PricingCategory: what is covered by a commitment is 'Committed', interruptible capacity 'Dynamic'."""
    if charge(name).commits and category == "Usage":
        return "Committed"
    return "Dynamic" if cost.option.interruptible(name) else "Standard"
