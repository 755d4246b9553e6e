"""The volume of requests: how far around today's a crossing is looked for, what options cost there, and who crosses."""

import numpy as np

from costmodel.arrays import Array
from costmodel.break_even import Crossing, Sweep, along, sweep
from costmodel.scenario import Scenario, numbers

VOLUME = "workload.requests_per_month"
VOLUME_BELOW, VOLUME_ABOVE = 100, 10_000  # how far from today's volume a crossing is looked for
VOLUME_POINTS = 121


def volume_grid(scenario: Scenario, points: int = VOLUME_POINTS) -> Array:
    """Requests a month from well below to well above today's, evenly spaced on a log axis."""
    today = scenario[VOLUME]
    bounds = numbers(scenario)[VOLUME]
    return np.geomspace(max(today / VOLUME_BELOW, bounds.low), min(today * VOLUME_ABOVE, bounds.high), points)


def by_volume(scenario: Scenario) -> Sweep:
    """Every option over these volumes."""
    return scenario.once("by volume", lambda: sweep(scenario, VOLUME, volume_grid(scenario)))


def crossings_by_volume(scenario: Scenario, a: str, b: str) -> tuple[Crossing, ...]:
    """Volumes at which the two options cost the same over the horizon."""
    return scenario.once(("crossings by volume", a, b), lambda: along(scenario, VOLUME, volume_grid(scenario), a, b))
