"""Which inputs are worth a slider: those that move the verdict of a preset most."""

import numpy as np
import streamlit as st

from costmodel.comparison import compare
from costmodel.scenario import Scenario, numbers
from pricing.assumptions import assumption
from pricing.presets import preset
from reports.narrative import VOLUME

COUNT = 5
VOLUME_REACH = 1000  # the lever for the volume goes this many times beyond its range: break-even may lie far away


def levers(slug: str, scenario: Scenario) -> list[tuple[str, float, float]]:
    """(path, low, high) of the preset's levers, as far as the scenario still has them."""
    return [lever for lever in _ranked(slug) if lever[0] in numbers(scenario)]


@st.cache_data(max_entries=20, show_spinner=False)
def _ranked(slug: str) -> list[tuple[str, float, float]]:
    scenario = preset(slug).scenario
    ranges = {}
    for path, spec in numbers(scenario).items():
        kind = scenario.options[path.split(".")[1]].kind if path.startswith("options.") else ""
        row = assumption(path, kind)
        if row and not spec.whole and row.low < row.high and path != VOLUME:
            ranges[path] = (row.low, row.high)
    swings = _swings(scenario, ranges)
    volume = assumption(VOLUME)
    first = (VOLUME, volume.low / VOLUME_REACH, volume.high * VOLUME_REACH)
    strongest: dict[str, str] = {}  # field -> the path where it moves most: five sliders for five different matters
    for path in sorted(ranges, key=swings.get, reverse=True):
        strongest.setdefault(path.rpartition(".")[2], path)
    return [first, *((path, *ranges[path]) for path in list(strongest.values())[: COUNT - 1])]


def _swings(scenario: Scenario, ranges: dict[str, tuple[float, float]]) -> dict[str, float]:
    """Path -> how far its range moves the gap between any option and the cheapest, in one run of the engine."""
    paths, changes = list(ranges), {}
    for i, path in enumerate(paths):
        values = np.full((2 * len(paths), 1), float(scenario[path]))
        values[2 * i : 2 * i + 2, 0] = ranges[path]
        changes[path] = values
    many = compare(scenario.vary(changes))
    costs = np.stack([np.broadcast_to(cost.net_present_cost_usd, 2 * len(paths)) for cost in many.costs.values()])
    gaps = costs - costs.min(axis=0)
    swing = np.abs(gaps[:, ::2] - gaps[:, 1::2]).max(axis=0)
    return dict(zip(paths, swing, strict=True))
