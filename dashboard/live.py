"""Levers that follow the hand: while one is moved the browser works out what is on screen, and the server confirms.

The browser fetches the program of the recorded engine once it is idle. Without it, and for what a program fixes, a
lever works as any input does: let go of, it runs the script.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st
from pydantic_core import to_json

from costmodel.uncertainty.ranges import Range
from dashboard import programs, state
from reports.program import SCRIPT
from reports.words import money
from reports.words.measure import measure
from reports.words.verdict import span

OWN = (Path(__file__).with_name(f"live{part}.js").read_text(encoding="utf-8") for part in ("_charts", ""))
_element = st.components.v2.component("live", html="<span></span>", js="".join((SCRIPT, *OWN)))


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
        "labels": {slug: option.label for slug, option in scenario.options.items()},
        "horizon": span(scenario.finance.horizon_months),
        "said": measure(scenario).said,
        "money": {"symbol": money.symbol(), "perUsd": money.shown().per_usd},
    }
    _element(key="live", data=to_json(told), height=1)
