"""What a workload's traffic is like over the hours: a measured load curve, and the hours of an average day."""

from zoneinfo import available_timezones

import streamlit as st

from dashboard import components, state, widgets
from dashboard.sources import cited
from dashboard.state import Entry
from pricing.choices import day_profile, day_profile_of, day_profiles, load_shape, load_shape_of, load_shapes

KEY, DAY_KEY = "load_shape_of", "day_profile_of"
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
    components.said_of(KEY)
    if now:
        st.caption(cited(now))


def day_select() -> None:
    """The choice of a day's profile and of its time zone; both matter where a provider's prices change by the hour."""
    now = day_profile_of(state.scenario().workload)
    st.session_state[DAY_KEY] = now.name if now else ""
    st.selectbox(
        "Traffic over the hours of a day",
        day_profiles() if now else ["", *day_profiles()],
        format_func=lambda name: name or OWN,
        key=DAY_KEY,
        on_change=_take_day,
        help="Weights the prices of providers that charge by the hour of the day.",
    )
    components.said_of(DAY_KEY)
    widgets.choice("workload.time_zone", sorted(available_timezones()), label="Time zone of those hours")
    if now:
        st.caption(cited(now))


def _take_day() -> None:
    if name := st.session_state[DAY_KEY]:
        hours = day_profile(name)["workload"]["day"]
        state.edit({f"workload.day.{hour}": value for hour, value in hours.items()}, Entry(DAY_KEY))


def _take() -> None:
    if name := st.session_state[KEY]:
        state.edit({f"workload.{field}": value for field, value in load_shape(name)["workload"].items()}, Entry(KEY))
