"""The area whose wages the scenario has: one choice sets every wage that the salary facts know for it."""

import streamlit as st

from dashboard import components, state
from dashboard.messages import Entry
from dashboard.sources import cited
from pricing.choices import wage_area, wage_areas, wage_facts, wages
from reports.words.people import OWN_WAGES, wages_note

KEY = "wages_of"


def area_select() -> None:
    """The choice of the area, seeded from the scenario, with what its wages are and where they are from."""
    now = wage_area(state.scenario().people)
    st.session_state[KEY] = now
    areas = wage_areas()
    st.selectbox(
        "Wages as in",
        areas if now else ["", *areas],
        format_func=lambda area: area or OWN_WAGES,
        key=KEY,
        on_change=_take,
        help="Sets every wage to the published mean of the area; undo brings the old ones back.",
    )
    components.said_of(KEY)
    st.caption(" ".join((wages_note(now), *_sources(now))))


def _sources(area: str) -> list[str]:
    return list(dict.fromkeys(map(cited, wage_facts(area).values()))) if area else []


def _take() -> None:
    if area := st.session_state[KEY]:
        state.edit({f"people.{field}": wage for field, wage in wages(area)["people"].items()}, Entry(KEY))
