"""The measured load whose curve the workload has: one choice sets its busiest hour, idle hours and variation."""

import streamlit as st

from dashboard import blocks, state
from dashboard.sources import cited
from dashboard.state import Entry
from pricing.choices import load_shape, load_shape_of, load_shapes

KEY = "load_shape_of"
OWN = "Own figures"


def shape_select() -> None:
    """The choice of a measured load, seeded from the scenario, with its source."""
    now = load_shape_of(state.scenario().workload)
    st.session_state[KEY] = now.name if now else ""
    st.selectbox(
        "Load over the hours as measured at",
        load_shapes() if now else ["", *load_shapes()],
        format_func=lambda name: name or OWN,
        key=KEY,
        on_change=_take,
        help="Sets the busiest hour, the hours with traffic and the variation; undo brings the old ones back.",
    )
    blocks.said_of(KEY)
    if now:
        st.caption(cited(now))


def _take() -> None:
    if name := st.session_state[KEY]:
        state.edit({f"workload.{field}": value for field, value in load_shape(name)["workload"].items()}, Entry(KEY))
