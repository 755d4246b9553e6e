"""The runs of many behind the what-if page: kept while scenario and settings stay, with progress and a stop."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import streamlit as st

from costmodel.uncertainty.mix import BestMix, Plan, best_mix
from costmodel.uncertainty.montecarlo import MonteCarlo, monte_carlo
from costmodel.uncertainty.ranges import Range
from costmodel.uncertainty.sampling import SEED, Draws
from dashboard import state
from dashboard.blocks import sure
from pricing.documents import document
from pricing.ranges import draws, ranges
from reports import mix
from reports.risk import how_sure
from reports.story import Table
from reports.telling import switching_table

DRAWS = (1_000, 10_000, 100_000)
SHOW_PROGRESS_FROM = 10_001
OVERVIEW_DRAWS = 10_000


def scenario_ranges() -> dict[str, Range]:
    """Ranges of the scenario on screen, the reader's own included."""
    now = state.shown()
    return ranges(now.scenario, now.ranges)


def scenario_draws(seed: int = SEED) -> Draws:
    """What chance draws from: ranges and rank correlations of the scenario on screen."""
    now = state.shown()
    return draws(now.scenario, now.ranges, now.correlations, seed)


def run_monte_carlo(count: int, seed: int, pairs: Sequence[tuple[str, str]]) -> MonteCarlo:
    """The draws, from this session's last run where nothing has changed; a stopped run keeps what it has."""
    key = (document(state.shown()), count, seed, tuple(pairs))
    return _kept("monte_carlo", key, monte_carlo(scenario_draws(seed), count, pairs), count >= SHOW_PROGRESS_FROM)


def sure_line(place) -> None:
    """Fill `place` with how sure the verdict is, growing with the draws; the next edit interrupts it between slices."""
    comparison = state.comparison()
    if len(comparison.costs) < 2:
        return
    key = (document(state.shown()), OVERVIEW_DRAWS)
    known_key, run = st.session_state.get("sure", (None, None))
    if known_key != key:
        for run in monte_carlo(scenario_draws(), OVERVIEW_DRAWS):
            place.html(sure(how_sure(run, comparison)))
        st.session_state["sure"] = (key, run)
    place.html(sure(how_sure(run, comparison) + ". The What if page tells what it hangs on."))


def find_switching_values(most: int, beyond: bool) -> Table:
    """What would change the verdict, from this session's last search where nothing has changed."""
    key = (document(state.shown()), most, beyond)
    known_key, told = st.session_state.get("switching_found", (None, None))
    if known_key != key:
        told = switching_table(state.comparison(), scenario_ranges(), most, beyond=beyond)
        st.session_state["switching_found"] = (key, told)
    return told


def run_best_mix(plans: Mapping[str, Plan]) -> BestMix:
    """The plans over the same draws, from this session's last run where nothing has changed."""
    key = (document(state.shown()), tuple(plans))
    return _kept("best_mix_run", key, best_mix(scenario_draws(), plans, mix.DRAWS), watched=True)


def _kept(name: str, key: Any, steps: Iterator, watched: bool) -> Any:
    """The last of `steps`. Each is kept as it comes, so that whatever interrupts the run loses nothing."""
    known_key, result, complete = st.session_state.get(name, (None, None, False))
    if known_key == key and (complete or st.session_state.get(f"{name}:stop")):
        return result
    place = st.empty()
    st.session_state[f"{name}:stop"] = False
    if watched:
        with place.container(horizontal=True, vertical_alignment="center"):
            bar = st.progress(0.0, "Drawing …")
            st.button("Stop", key=f"{name}:button", on_click=_stop, args=(name,))
    for result in steps:
        st.session_state[name] = (key, result, result.done == result.wanted)
        if watched:
            bar.progress(result.done / result.wanted, f"{result.done:,} of {result.wanted:,} draws")
    place.empty()
    return result


def _stop(name: str) -> None:
    st.session_state[f"{name}:stop"] = True
