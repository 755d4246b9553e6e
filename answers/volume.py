"""The volume of requests: how far around today's a crossing is looked for, and which there are."""

import numpy as np

from costmodel.break_even import Crossing, along
from costmodel.scenario import Scenario, numbers

VOLUME = "workload.requests_per_month"
VOLUME_BELOW, VOLUME_ABOVE = 100, 10_000  # how far from today's volume a crossing is looked for
VOLUME_POINTS = 121


def volume_grid(scenario: Scenario) -> np.ndarray:
    """Requests a month from well below to well above today's, evenly spaced on a log axis."""
    today = scenario[VOLUME]
    bounds = numbers(scenario)[VOLUME]
    return np.geomspace(max(today / VOLUME_BELOW, bounds.low), min(today * VOLUME_ABOVE, bounds.high), VOLUME_POINTS)


def crossings_by_volume(scenario: Scenario, a: str, b: str) -> tuple[Crossing, ...]:
    """Volumes at which the two options cost the same over the horizon."""
    return along(scenario, VOLUME, volume_grid(scenario), a, b)
