"""A choice among published facts, of which one sets several numbers of the scenario: wages of an area, a load."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import components, state
from dashboard.messages import Entry
from pricing.facts import Own
from reports.words.plain import typeset

OWN = "Own figures"


def fact_select(key: str, label: str, names: Sequence[str], now: str, changes: Callable[[str], Mapping[str, Any]],
                about: str, own: Own = (), told: Callable[[str], str] = str) -> None:  # fmt: skip
    """The choice as it stands in the scenario: `now` is a name, or empty where its figures are the reader's own.

    `changes` has what a name writes, by path; `own` are the reader's prices among the facts, `told` shows a name.
    """
    st.session_state[key] = now
    st.selectbox(label, names if now else ["", *names], format_func=lambda name: told(name) if name else OWN, key=key,
                 on_change=_take, args=(key, changes, own), help=typeset(about))  # fmt: skip
    components.said_of(key)


def _take(key: str, changes: Callable[[str], Mapping[str, Any]], own: Own) -> None:
    if name := st.session_state[key]:
        state.edit(changes(name), Entry(key), own)
