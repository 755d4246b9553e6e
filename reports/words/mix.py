"""What the best plan is, in sentences and rows."""

import math

import numpy as np

from costmodel.numerals import numeral
from costmodel.uncertainty.mix import BestMix
from reports.words.briefing import Table
from reports.words.text import usd

COLUMNS = ("Plan", "Most servers", "Cost today", "Mean regret", "Largest regret")


def table(found: BestMix, most: int) -> Table:
    """The plans that are regretted least."""
    return Table(title(found), COLUMNS, rows(found, most), about(found))


def rows(found: BestMix, most: int) -> list[tuple[str, ...]]:
    """(plan, servers, cost today, mean regret, largest regret) of the plans with the least mean regret.

    Of plans that cost the same in every simulation the first stands for all: a base of 100 % is no mixture.
    """
    regret, told = found.regret_usd(), list[str]()
    for name in sorted(regret, key=lambda name: float(regret[name].mean())):
        if len(told) < most and not any(np.array_equal(regret[name], regret[other]) for other in told):
            told.append(name)
    return [
        (
            name,
            whole(found.servers[name]),
            usd(found.base_cost_usd[name]),
            usd(regret[name].mean()),
            usd(regret[name].max()),
        )
        for name in told
    ]


def whole(servers: float) -> str:
    """A number of servers as one buys or rents them: in whole ones, rounded up but for the noise of fractions."""
    return numeral(math.ceil(round(servers, 6)), ",")


def about(found: BestMix) -> str:
    """What regret is, of how many draws, and how many plans are left out."""
    left_out = len(found.refusals)
    return (
        f"{numeral(found.done, ',')} simulations, the same for every plan. Regret is what a plan costs "
        "more than the plan that "
        "would have been best in that simulation. Servers are owned or rented ones in the busiest month, on average "
        "where they follow the load, rounded up."
    ) + (f" Left out: {left_out} that a rule of the scenario or a limit of the hardware forbids." if left_out else "")


def title(found: BestMix) -> str:
    """Which plan is the cheapest today, and which one is regretted least on average."""
    calm, _ = found.least_expected_regret()
    if calm == found.cheapest_today:
        return f"{calm}: the cheapest plan today and the one regretted least on average"
    return f"{found.cheapest_today}: the cheapest plan today; {calm}: the one regretted least on average"
