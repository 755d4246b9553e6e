"""What a workload's traffic is like over the hours: a measured load curve, and the hours of an average day."""

from zoneinfo import available_timezones

import streamlit as st

from dashboard import state, widgets
from dashboard.fact_select import fact_select
from dashboard.sources import cited
from pricing.choices import day_profile, day_profile_of, day_profiles, load_shape, load_shape_of, load_shapes


def shape_select() -> None:
    """The choice of a measured load, with its source."""
    now = load_shape_of(state.scenario().workload)
    fact_select(
        "load_shape_of", "Load over the hours as measured at", load_shapes(), now.name if now else "",
        lambda name: {f"workload.{field}": value for field, value in load_shape(name)["workload"].items()},
        "Sets the busiest hour, the hours with traffic and the variation; undo brings the old ones back.",
    )  # fmt: skip
    if now:
        st.caption(cited(now))


def day_select() -> None:
    """The choice of a day's profile and of its time zone; both matter where a provider's prices change by the hour."""
    now = day_profile_of(state.scenario().workload)
    fact_select(
        "day_profile_of", "Traffic over the hours of a day", day_profiles(), now.name if now else "",
        lambda name: {f"workload.day.{hour}": of for hour, of in day_profile(name)["workload"]["day"].items()},
        "Weights the prices of providers that charge by the hour of the day.",
    )  # fmt: skip
    widgets.choice("workload.time_zone", sorted(available_timezones()), label="Time zone of those hours")
    if now:
        st.caption(cited(now))
