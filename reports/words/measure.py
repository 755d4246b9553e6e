"""The one measure in which costs are told: present value; without discounting it is the cash as it is paid.

Every figure of what an option costs is its net present cost, on every page and paper. The reader's other choice is the
same scenario at a discount rate of 0, so that verdict, curves, bars and draws change together.
"""

from dataclasses import dataclass

from costmodel.scenario import Scenario
from reports.words.money import shown
from reports.words.text import percent

RATE = "finance.discount_rate_per_year"


@dataclass(frozen=True)
class Measure:
    """How amounts of different months are added up: as the name of a column, and within a sentence."""

    name: str
    said: str


PRESENT = Measure("In today's money", "in today's money")
NOMINAL = Measure("Undiscounted cash", "in undiscounted cash")


def measure(scenario: Scenario) -> Measure:
    """What the net present cost of a scenario is: at a discount rate of 0 it is the plain sum."""
    return PRESENT if scenario[RATE] else NOMINAL


def undiscounted(scenario: Scenario) -> Scenario:
    """The same scenario at a discount rate of 0."""
    return scenario.vary({RATE: 0.0})


def discounting(scenario: Scenario) -> str:
    """'discounted at 8.5 % a year' or 'undiscounted'."""
    rate = scenario[RATE]
    return f"discounted at {percent(rate)} a year" if rate else "undiscounted"


def note(scenario: Scenario) -> str:
    """How the measure comes about, in a sentence."""
    return f"In today's money: {discounting(scenario)}." if scenario[RATE] else "Undiscounted: plain sums of cash."


def measured(scenario: Scenario) -> str:
    """The same as what a chart is measured in: 'USD in today's money, discounted at 8.5 % a year'."""
    return f"{shown().code} {note(scenario)[0].lower()}{note(scenario)[1:].rstrip('.')}".replace(": ", ", ", 1)
