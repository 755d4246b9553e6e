"""Levers that follow the hand: while one is moved the browser works out what is on screen, and the server confirms.

The browser fetches the program of the recorded engine once it is idle. Without it, and for what a program fixes, a
lever works as any input does: let go of, it runs the script.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from pydantic_core import to_json

from answers.grid import logarithmic
from costmodel.scenario import Scenario, number_at
from costmodel.uncertainty.ranges import Range
from dashboard import programs, state
from dashboard.scripts import module
from reports.files.page.told import kind, words
from reports.words.palette import option_colours

_element = st.components.v2.component("live", html="<span></span>", js=module("live.js"))


def follow(levers: Mapping[str, tuple[Range, Sequence[float]]]) -> None:
    """Let what is on screen follow these levers: path -> its range, and the values that it goes through."""
    scenario, entered = state.analysis().scenario, state.scenario()
    told = {
        "program": programs.offered(scenario),
        "values": programs.todays(scenario),
        "levers": [
            {"key": f"lever:{path}", "paths": [path, *spread.also], "steps": steps, "at": steps.index(entered[path])}
            for path, (spread, steps) in levers.items()
            if scenario[path] == entered[path]  # undiscounted, the rate moves nothing
        ],
        "strips": [
            _strip(path, spread, steps, scenario) for path, (spread, steps) in levers.items() if steps[0] < steps[-1]
        ],
        "colours": option_colours(scenario.options),
        **words(scenario),
    }
    _element(key="live", data=to_json(told), height=1)


def _strip(path: str, spread: Range, steps: Sequence[float], scenario: Scenario) -> dict[str, Any]:
    """A lever as a row of the strip: the browser says below it who is the cheapest along its steps."""
    low, high = steps[0], steps[-1]
    return {
        "path": path,
        "also": list(spread.also),
        "kind": kind(number_at(scenario, path)),
        "low": low,
        "high": high,
        "log": logarithmic(low, high),
        "today": scenario[path],
    }
