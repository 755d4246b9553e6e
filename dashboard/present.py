"""The presentation: a step for each message, arrows to move, everything else out of sight."""

from collections.abc import Callable, Sequence

import streamlit as st

from costmodel.comparison import Comparison
from costmodel.errors import ScenarioError
from dashboard import charts, components, navigation, state, strip, uncertainty, uncertainty_charts
from dashboard.plot import plot
from reports.words import chapters, trade_offs, verdict
from reports.words import strip as strip_words
from reports.words import uncertainty as words
from reports.words.briefing import WITHOUT_SALE, Table, crossings, curves_title
from reports.words.measure import measure, note
from reports.words.parts import NOTE, largest_part_title
from reports.words.price_path import prices_told

CHART_HEIGHT = 560
BARE = """<style>
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stSidebarCollapsedControl"] { display: none; }
.stMainBlockContainer { max-width: 75rem; min-height: 100vh; padding: 2.5rem 2rem 9rem; }
.stMainBlockContainer .answer { font-size: clamp(1.6rem, 3.4vw, 2.9rem); max-width: none; }
.stMainBlockContainer .owning { font-size: clamp(1.1rem, 1.6vw, 1.5rem); max-width: none; }
.stMainBlockContainer .tiles { margin-top: 2.5rem; }
.stMainBlockContainer .tile .name, .stMainBlockContainer .tile .detail { font-size: 1.05rem; }
.stMainBlockContainer .tile .value { font-size: 2.1rem; }
.stMainBlockContainer table.plain { font-size: 1.05rem; margin-top: 1.5rem; }
@media (min-width: 1000px) { .stMainBlockContainer .plot { --plot-font-size: 14.5; } }
.st-key-present_bar { position: fixed; bottom: 0; left: 0; right: 0; width: 100%; padding: 0.75rem; z-index: 1;
  backdrop-filter: blur(12px); }
</style>"""


def _verdict(comparison: Comparison) -> None:
    components.answer(verdict.verdict(comparison))
    components.tiles(comparison)
    components.met()
    components.statement(prices_told(comparison))


def _over_time(comparison: Comparison) -> None:
    title = curves_title(comparison)
    _message(title)
    plot(charts.cumulative(comparison, crossings(comparison)), key="present:cumulative", alt=title, height=CHART_HEIGHT)
    components.statement(f"{note(comparison.scenario)} {WITHOUT_SALE}")


def _made_of(comparison: Comparison) -> None:
    title = largest_part_title(comparison)
    _message(title)
    plot(charts.cost_stack(comparison), key="present:stack", alt=title, height=charts.stack_height(comparison))
    components.statement(f"{note(comparison.scenario)} {NOTE}")


def _how_sure(comparison: Comparison) -> None:
    run = uncertainty.run_monte_carlo(uncertainty.OVERVIEW_DRAWS)
    _message(words.how_sure(run, comparison) + ".")
    components.statement(words.likely_rivals(run, comparison))
    figure, height = (
        uncertainty_charts.cost_spread(run, comparison),
        uncertainty_charts.rows_height(len(comparison.costs)),
    )
    plot(figure, key="present:spread", alt=words.how_sure(run, comparison), height=height)
    components.statement(f"What each may cost, {measure(comparison.scenario).said}. {uncertainty_charts.SPREAD_NOTE}")


def _sensitivity(comparison: Comparison) -> None:
    _told(chapters.sensitivity_table(state.analysis()), numeric=[1, 2, 3, 4])


def _drivers(comparison: Comparison) -> None:
    run = uncertainty.run_monte_carlo(uncertainty.OVERVIEW_DRAWS)
    _told(chapters.drivers_table(state.analysis(), run), numeric=[1, 2])


def _over_two(comparison: Comparison) -> None:
    _told(chapters.map_table(state.analysis()), numeric=[])


def _switching(comparison: Comparison) -> None:
    found = strip.current()
    _message(f"{strip_words.headline(strip_words.drawn_rows(state.analysis().scenario, found))}.")
    strip.show(found)
    components.statement(strip_words.NOTE)


def _best(comparison: Comparison) -> None:
    _told(chapters.best_table(state.analysis()), numeric=[1, 2, 3, 4])


def _told(told: Table, numeric: Sequence[int]) -> None:
    _message(f"{told.headline}." if told.headline else "Nothing to choose between.")
    if told.rows:
        components.table(told.columns, told.rows, numeric=numeric)
    components.statement(told.note)


def _trade_offs(comparison: Comparison) -> None:
    told = trade_offs.table(comparison, state.analysis().trade_offs, state.current().marks)
    _message(f"{told.headline}.")
    components.transposed(told)


def _message(text: str) -> None:
    components.headline(text)


def _steps(comparison: Comparison) -> tuple[Callable[[Comparison], None], ...]:
    between_options = (
        (_how_sure, _sensitivity, _drivers, _switching, _over_two, _best) if len(comparison.costs) > 1 else ()
    )
    return (_verdict, _over_time, _made_of, *between_options, _trade_offs)


def show() -> None:
    """The step that the reader has come to; arrow keys move, Escape leaves."""
    st.html(BARE)
    steps = _steps(state.comparison())
    step = min(st.session_state.setdefault("present:step", 0), len(steps) - 1)
    try:
        steps[step](state.comparison())
    except ScenarioError as refusal:  # the bar below is the only way on and out
        components.refused(refusal)
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center", key="present_bar"):
        st.button("Back", icon=":material/arrow_back:", shortcut="Left", on_click=_move, args=(-1,), disabled=step == 0)
        st.caption(f"{step + 1} of {len(steps)}", width="content")
        st.button("Next", icon=":material/arrow_forward:", shortcut="Right", on_click=_move, args=(1,),
                  disabled=step == len(steps) - 1)  # fmt: skip
        if st.button("Leave", icon=":material/close:", shortcut="Esc"):
            st.switch_page(navigation.page(navigation.HOME))


def _move(steps: int) -> None:
    st.session_state["present:step"] += steps
