"""The strip of switching values on a page: handles move the scenario, and what is dragged is followed at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from pydantic_core import to_json

from answers.strip import StripRow, anew
from costmodel.scenario import Scenario
from dashboard import components, programs, state
from dashboard.levers import only_moved
from dashboard.messages import Entry
from dashboard.scripts import module
from reports.files.page.scripts import STRIP_CSS
from reports.files.page.told import options, rows, words
from reports.words.strip import NOTE, drawn_rows, headline, leads

KEY = "strip"
HANDLES = "Drag a handle, or use the arrow keys: headline and rows follow, and the scenario takes its value."
COLOURS = """
:host, .strip { --ink: var(--st-text-color); --muted: var(--st-gray-text-color); --paper: var(--st-background-color);
  --link: var(--st-primary-color); font-variant-numeric: tabular-nums; }
"""
_element = st.components.v2.component(
    KEY,
    html='<div class="strip"></div>',
    css=COLOURS + STRIP_CSS,
    js=module("strip.js"),
)


@dataclass(frozen=True)
class Kept:
    """The rows on screen, as found for a scenario; they stay while they are moved, so that none leaves the hand."""

    scenario: Scenario
    rows: tuple[StripRow, ...]

    def moved(self, scenario: Scenario) -> bool:
        """Whether the scenario is the one that they were found for, but for what they moved themselves."""
        return only_moved(self.scenario, scenario, {row.path: row.also for row in self.rows})


def current() -> tuple[StripRow, ...]:
    """The rows of what is on screen."""
    scenario, kept = state.analysis().scenario, st.session_state.get(state.ROWS)
    if kept is None or not kept.moved(scenario):
        kept = st.session_state[state.ROWS] = Kept(scenario, state.analysis().strip)
    return kept.rows if scenario is kept.scenario else anew(scenario, kept.rows)


def section() -> None:
    """What would have to be true for another answer: in a sentence, and as rows with handles."""
    found = current()
    told = drawn_rows(state.analysis().scenario, found)
    st.markdown(f"## {components.plain(headline(told))}")
    show(found)
    st.caption(f"{components.plain(NOTE)} {HANDLES}")
    components.said_of(KEY)


def show(found: Sequence[StripRow]) -> None:
    """Draw the rows below whose their colours are; a handle that is let go of moves the scenario."""
    scenario, entered, comparison = state.analysis().scenario, state.scenario(), state.comparison()
    drawn = drawn_rows(scenario, found)
    components.colours(comparison, [slug for slug in comparison.ranking if leads(drawn, slug)])
    told = {
        "program": programs.offered(scenario),
        "values": programs.todays(scenario),
        "options": options(comparison),
        "rows": rows(scenario, found, lambda path: scenario[path] != entered[path]),
        **words(scenario),
    }
    _element(key=KEY, data=to_json(told), height="content", on_released_change=_take)


def _take() -> None:
    released = st.session_state[KEY].released
    if released is None:
        return
    kept: Kept | None = st.session_state.get(state.ROWS)
    row = next((row for row in (kept.rows if kept else ()) if row.path == released["path"]), None)
    if row is not None:
        state.enter(dict.fromkeys((row.path, *row.also), float(released["value"])), Entry(KEY))
