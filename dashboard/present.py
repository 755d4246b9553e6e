"""The presentation: a step for each message, arrows to move, everything else out of sight."""

from collections.abc import Callable

import streamlit as st

from costmodel.comparison import Comparison
from dashboard import blocks, charts, navigation, risk, risk_charts, state
from dashboard.plot import plot
from reports import narrative
from reports import risk as words
from reports.narrative import owned_and_rented
from reports.story import largest_part_title

CHART_HEIGHT = 520
BARE = """<style>
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stSidebarCollapsedControl"] { display: none; }
.stMainBlockContainer { max-width: 75rem; padding-top: 2rem; }
.stMainBlockContainer .answer { font-size: clamp(1.6rem, 3.4vw, 2.9rem); max-width: none; }
.stMainBlockContainer .owning { font-size: 1.3rem; max-width: none; }
</style>"""


def _verdict(comparison: Comparison) -> None:
    blocks.answer(narrative.verdict(comparison))
    blocks.tiles(comparison)


def _over_time(comparison: Comparison) -> None:
    owned, rented = owned_and_rented(comparison)
    paired = owned and rented
    title = narrative.crossing_title(comparison, rented, owned) if paired else "What each option costs over time"
    _message(title)
    plot(charts.cumulative(comparison), key="present:cumulative", alt=title, height=CHART_HEIGHT)


def _made_of(comparison: Comparison) -> None:
    title = largest_part_title(comparison)
    _message(title)
    plot(charts.cost_stack(comparison), key="present:stack", alt=title, height=charts.stack_height(comparison))


def _how_sure(comparison: Comparison) -> None:
    run = risk.run_monte_carlo(risk.OVERVIEW_DRAWS, 1, ())
    _message(words.how_sure(run, comparison) + ".")
    blocks.statement(words.likely_rivals(run, comparison))
    height = risk_charts.rows_height(len(comparison.costs))
    plot(
        risk_charts.cost_spread(run, comparison),
        key="present:spread",
        alt=words.how_sure(run, comparison),
        height=height,
    )


def _message(text: str) -> None:
    blocks.headline(text)


STEPS: tuple[Callable[[Comparison], None], ...] = (_verdict, _over_time, _made_of, _how_sure)


def show() -> None:
    """The step that the reader has come to; arrow keys move, Escape leaves."""
    st.html(BARE)
    step = min(st.session_state.setdefault("present:step", 0), len(STEPS) - 1)
    STEPS[step](state.comparison())
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center"):
        st.button("Back", icon=":material/arrow_back:", shortcut="Left", on_click=_move, args=(-1,), disabled=step == 0)
        st.caption(f"{step + 1} of {len(STEPS)}", width="content")
        st.button("Next", icon=":material/arrow_forward:", shortcut="Right", on_click=_move, args=(1,),
                  disabled=step == len(STEPS) - 1)  # fmt: skip
        if st.button("Leave", icon=":material/close:", shortcut="Esc"):
            st.switch_page(navigation.page(navigation.HOME))


def _move(steps: int) -> None:
    st.session_state["present:step"] += steps
