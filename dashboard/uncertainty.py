"""The runs of many behind the what-if page: kept while scenario and settings stay, with progress and a stop."""

from collections.abc import Callable, Iterator
from typing import Any

import streamlit as st

from answers.analysis import DRAWS as OVERVIEW_DRAWS
from answers.pair import Pair
from costmodel.numerals import numeral
from costmodel.uncertainty.mix import BestMix
from costmodel.uncertainty.montecarlo import MonteCarlo
from costmodel.uncertainty.sampling import SEED
from dashboard import heavy, state
from reports.words.uncertainty import how_sure

DRAWS = (1_000, 10_000, 100_000)
SHOW_PROGRESS_FROM = 10_001
SAID_WITHIN = 0.005  # standard error of a share at which a whole percent is known: 10,000 draws bring any share there


def run_monte_carlo(count: int, seed: int = SEED, pair: Pair | None = None) -> MonteCarlo:
    """The draws, in which `pair`, else that of the decision, is followed; a stopped run keeps what it has."""
    analysis = state.analysis()
    steps = analysis.simulate(count, seed, pair, meanwhile=heavy.interruption)
    return _kept("monte_carlo", (count, seed, pair), steps, count >= SHOW_PROGRESS_FROM)


def sure_line(tell: Callable[[str], Any]) -> None:
    """Have it told how sure the verdict is, drawn until its percents are known; the next edit interrupts it.

    Fewer draws than papers take are told in tenths, so that page and paper do not give two figures for one share.
    """
    comparison = state.comparison()
    if len(comparison.costs) < 2:
        return
    for run in state.analysis().simulate(OVERVIEW_DRAWS, enough=_percents_are_known, meanwhile=heavy.interruption):
        tell(told := how_sure(run, comparison))
    tell(f"{told}. The What if page tells what it hangs on.")


def _percents_are_known(run: MonteCarlo) -> bool:
    return run.known_within(SAID_WITHIN)


def run_best_mix() -> BestMix:
    """The plans over the same draws, from this session's last run where nothing has changed."""
    return _kept("best_mix_run", (), heavy.steps(state.analysis().weigh_plans), watched=True)


def _kept(name: str, key: Any, steps: Iterator, watched: bool) -> Any:
    """The last of `steps`. Each is kept as it comes, so that whatever interrupts the run loses nothing."""
    runs = state.analysis().runs  # which goes when the scenario on screen does
    known_key, result, complete = runs.get(name, (None, None, False))
    if known_key == key and (complete or st.session_state.get(f"{name}:stop")):
        return result
    place = st.empty()
    st.session_state[f"{name}:stop"] = False
    if watched:
        with place.container(horizontal=True, vertical_alignment="center"):
            bar = st.progress(0.0, "Drawing …")
            st.button("Stop", key=f"{name}:button", on_click=_stop, args=(name,))
    for result in steps:
        runs[name] = (key, result, result.done == result.wanted)
        if watched:
            bar.progress(
                result.done / result.wanted, f"{numeral(result.done, ',')} of {numeral(result.wanted, ',')} simulations"
            )
    place.empty()
    return result


def _stop(name: str) -> None:
    st.session_state[f"{name}:stop"] = True
