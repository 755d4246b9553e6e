"""The presentation: a step for each message with one picture, moved by keys or a clicker, all else out of sight."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import streamlit as st

from costmodel.comparison import Comparison
from costmodel.errors import ScenarioError
from costmodel.uncertainty.montecarlo import MonteCarlo
from dashboard import charts, components, heavy, navigation, state, strip, uncertainty, uncertainty_charts
from dashboard.plot import plot
from dashboard.scripts import module
from dashboard.uncertainty_views import MAP_COLUMNS, MAP_ROWS
from reports.words import chapters, trade_offs, verdict
from reports.words import strip as strip_words
from reports.words import uncertainty as words
from reports.words.briefing import Briefing, crossings, curves_note, curves_title
from reports.words.measure import note
from reports.words.parts import NOTE, largest_part_title
from reports.words.price_path import assumed
from reports.words.quality import cheapest_accepted
from reports.words.recommended import decisions

CHART_HEIGHT = 320  # pixels at least: a picture takes the height that the screen leaves it
TOP, ROWS = 8, 7  # bars of the tornado; rows of the strip, which with its note fill a screen of 1024 x 768
HERE = Path(__file__).parent
STEP = "present:step"
_element = st.components.v2.component(
    "present",
    html='<button title="F">Full screen</button>',
    css="button { font: inherit; padding: 0 0.5rem; border: 0; background: none; cursor: pointer; white-space: nowrap; "
    "color: var(--st-text-color); }",
    js=module("present.js"),
)


def _verdict(comparison: Comparison) -> None:
    components.answer(comparison, verdict.verdict(comparison), cheapest_accepted(comparison, state.current().marks))
    components.met()
    components.statement(assumed(comparison))


def _over_time(comparison: Comparison) -> None:
    chosen = state.analysis().chosen
    title, found = curves_title(comparison, chosen), crossings(comparison, chosen)
    _message(title)
    plot(charts.cumulative(comparison, found), key="present:cumulative", alt=title, height=CHART_HEIGHT)
    components.statement(f"{note(comparison.scenario)} {curves_note(comparison, bool(found))}".strip())


def _made_of(comparison: Comparison) -> None:
    title = largest_part_title(comparison)
    _message(title)
    plot(charts.cost_stack(comparison), key="present:stack", alt=title, height=charts.stack_height(comparison))
    components.statement(f"{note(comparison.scenario)} {NOTE}")


def _how_sure(comparison: Comparison) -> None:
    run = _run()
    _message(words.how_sure(run, comparison))
    figure = uncertainty_charts.cost_spread(run, comparison)
    height = uncertainty_charts.rows_height(len(comparison.costs))
    plot(figure, key="present:spread", alt=words.how_sure(run, comparison), height=height)
    components.statement(f"{words.likely_rivals(run, comparison)} {uncertainty_charts.SPREAD_KEY}".strip())


def _run() -> MonteCarlo:
    return uncertainty.run_monte_carlo(uncertainty.OVERVIEW_DRAWS)


def _sensitivity(comparison: Comparison) -> None:
    analysis = state.analysis()
    told, found = chapters.sensitivity_table(analysis), analysis.sensitivity
    bars = [bar for bar in found.bars if bar.swing > 0][:TOP]
    _message(told.headline or "No number alone moves the answer")
    if bars and np.isfinite(found.base):
        axis = {"tickformat": "$~s"}
        figure = uncertainty_charts.tornado_bars(comparison.scenario, bars, found.base, analysis.also, axis, "USD")
        height = uncertainty_charts.rows_height(len(bars))
        plot(figure, key="present:tornado", alt=told.headline, height=height)
    components.statement(told.note)


def _over_two(comparison: Comparison) -> None:
    analysis = state.analysis()
    coarse = analysis.heat_map
    if coarse is None:
        _message("Nothing to choose between")
        return
    found = heavy.done(lambda: analysis.map_of(coarse.x_path, coarse.y_path, MAP_COLUMNS, MAP_ROWS))
    title = chapters.map_headline(analysis, found)
    _message(title)
    figure = uncertainty_charts.winners(found, comparison, *analysis.offered, analysis.also)
    plot(figure, key="present:map", alt=title, height=CHART_HEIGHT)
    components.statement(f"{chapters.MAP_NOTE} {uncertainty_charts.points_note(found, comparison, *analysis.offered)}")


def _switching(comparison: Comparison) -> None:
    found = strip.current()
    _message(strip_words.headline(strip_words.drawn_rows(state.analysis().scenario, found)))
    strip.show(found[:ROWS])
    components.statement(strip_words.NOTE)


def _means(comparison: Comparison) -> None:
    told = trade_offs.means(comparison, state.analysis().trade_offs)
    _message(told.headline)
    components.transposed(told)


def _decisions(comparison: Comparison) -> None:
    analysis = state.analysis()
    rows = strip_words.drawn_rows(comparison.scenario, analysis.strip)
    sure = chapters.how_sure(analysis, _run()) if analysis.is_drawn else None
    told = decisions(Briefing(comparison, "", date.today(), strip=rows, how_sure=sure, chosen=analysis.chosen))
    _message(told.headline)
    components.table(told.columns, told.rows)


def _message(text: str) -> None:
    """What the step says, which as the title of a chart has no full stop."""
    components.headline(text)


def _steps(comparison: Comparison) -> tuple[Callable[[Comparison], None], ...]:
    between_options = (_how_sure, _sensitivity, _switching, _over_two) if len(comparison.costs) > 1 else ()
    return (_verdict, _over_time, _made_of, *between_options, _means, _decisions)


def show() -> None:
    """The step that the reader has come to; arrows, Page Up and Down, Space, Home and End move, Escape leaves."""
    st.html(f"<style>{HERE.joinpath('present.css').read_text(encoding='utf-8')}</style>")
    steps = _steps(state.comparison())
    last = len(steps) - 1
    step = min(st.session_state.setdefault(STEP, 0), last)
    try:
        steps[step](state.comparison())
    except ScenarioError as refusal:  # the bar below is the only way on and out
        components.refused(refusal)
    with st.container(horizontal=True, horizontal_alignment="center", vertical_alignment="center", key="present_bar"):
        st.button("Back", icon=":material/arrow_back:", shortcut="Left", on_click=_to, args=(step - 1,),
                  disabled=step == 0)  # fmt: skip
        st.caption(f"{step + 1} of {len(steps)}", width="content")
        st.button("Next", icon=":material/arrow_forward:", shortcut="Right", on_click=_to, args=(step + 1,),
                  disabled=step == last)  # fmt: skip
        _element(key="present_keys", width="content", height="content", on_move_change=lambda: _moved(step, last))
        if st.button("Leave", icon=":material/close:", shortcut="Esc"):
            st.switch_page(navigation.page(navigation.HOME))


def _moved(step: int, last: int) -> None:
    ways = {"next": step + 1, "back": step - 1, "first": 0, "last": last}
    if way := st.session_state.present_keys.move:
        _to(min(max(ways[way], 0), last))


def _to(step: int) -> None:
    st.session_state[STEP] = step
