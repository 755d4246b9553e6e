"""The area whose wages the scenario has: one choice sets every wage that the salary facts know for it."""

import streamlit as st

from dashboard import state
from dashboard.fact_select import fact_select
from dashboard.sources import cited
from pricing.choices import wage_area, wage_areas, wage_facts, wages
from reports.words.people import wages_note


def area_select() -> None:
    """The choice of the area, with what its wages are and where they are from."""
    now = wage_area(state.scenario().people)
    fact_select(
        "wages_of", "Wages as in", wage_areas(), now,
        lambda area: {f"people.{field}": wage for field, wage in wages(area)["people"].items()},
        "Sets every wage to the published mean of the area; undo brings the old ones back.",
    )  # fmt: skip
    sources = dict.fromkeys(map(cited, wage_facts(now).values())) if now else ()
    st.caption(" ".join((wages_note(now), *sources)))
