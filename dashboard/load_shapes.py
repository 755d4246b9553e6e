"""What a workload's traffic is like over the hours: a measured load curve, and the hours of an average day."""

from collections.abc import Callable, Mapping, Sequence
from zoneinfo import available_timezones

import streamlit as st

from dashboard import components, state, widgets
from dashboard.messages import Entry
from dashboard.sources import cited
from pricing.choices import day_profile, day_profile_of, day_profiles, load_shape, load_shape_of, load_shapes
from pricing.facts import DayProfile, LoadShape
from reports.words.plain import typeset

KEY, DAY_KEY, OWN = "load_shape_of", "day_profile_of", "Own figures"


def shape_select() -> None:
    """The choice of a measured load, seeded from the scenario, with its source."""
    now = load_shape_of(state.scenario().workload)
    _select(
        KEY, "Load over the hours as measured at", load_shapes(), now,
        lambda name: {f"workload.{field}": value for field, value in load_shape(name)["workload"].items()},
        "Sets the busiest hour, the hours with traffic and the variation; undo brings the old ones back.",
    )  # fmt: skip
    if now:
        st.caption(cited(now))


def day_select() -> None:
    """The choice of a day's profile and of its time zone; both matter where a provider's prices change by the hour."""
    now = day_profile_of(state.scenario().workload)
    _select(
        DAY_KEY, "Traffic over the hours of a day", day_profiles(), now,
        lambda name: {f"workload.day.{hour}": of for hour, of in day_profile(name)["workload"]["day"].items()},
        "Weights the prices of providers that charge by the hour of the day.",
    )  # fmt: skip
    widgets.choice("workload.time_zone", sorted(available_timezones()), label="Time zone of those hours")
    if now:
        st.caption(cited(now))


def _select(key: str, label: str, names: Sequence[str], now: LoadShape | DayProfile | None,
            changes: Callable[[str], Mapping[str, float]], about: str) -> None:  # fmt: skip
    st.session_state[key] = now.name if now else ""
    st.selectbox(label, names if now else ["", *names], format_func=lambda name: name or OWN, key=key,
                 on_change=_take, args=(key, changes), help=typeset(about))  # fmt: skip
    components.said_of(key)


def _take(key: str, changes: Callable[[str], Mapping[str, float]]) -> None:
    if name := st.session_state[key]:
        state.edit(changes(name), Entry(key))
