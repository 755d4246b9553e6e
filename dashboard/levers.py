"""Which inputs are worth a slider: those that move the verdict of a preset most."""

from dataclasses import replace

import streamlit as st

from costmodel.comparison import compare
from costmodel.scenario import Scenario, numbers
from costmodel.uncertainty import metrics
from costmodel.uncertainty.ranges import Range, drawable
from costmodel.uncertainty.tornado import tornado
from pricing.presets import preset
from pricing.ranges import ranges
from reports.narrative import VOLUME, at_stake

COUNT = 5
VOLUME_REACH = 1000  # the lever for the volume goes this many times beyond its range: break-even may lie far away


def levers(slug: str, scenario: Scenario) -> list[tuple[str, Range]]:
    """(path, range) of the preset's levers, as far as the scenario still has what they move."""
    known = numbers(scenario)
    return [
        (path, replace(spread, also=tuple(p for p in spread.also if p in known)))
        for path, spread in _ranked(slug)
        if path in known
    ]


@st.cache_data(max_entries=20, show_spinner=False)
def _ranked(slug: str) -> list[tuple[str, Range]]:
    scenario = preset(slug).scenario
    spread = ranges(scenario)
    comparison = compare(scenario)
    b, a = at_stake(comparison)
    metric = metrics.saving(a, b) if b and a else metrics.excess(comparison.ranking[0])
    volume = spread.pop(VOLUME)
    strongest: dict[str, str] = {}  # field -> the path where it moves most: sliders for different matters
    for bar in tornado(scenario, drawable(scenario, spread), metric).bars:
        strongest.setdefault(bar.path.rpartition(".")[2], bar.path)
    wide = replace(volume, low=volume.low / VOLUME_REACH, high=volume.high * VOLUME_REACH)
    return [(VOLUME, wide), *((path, spread[path]) for path in list(strongest.values())[: COUNT - 1])]
