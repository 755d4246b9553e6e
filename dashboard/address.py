"""The address of the page: it carries the scenario on screen, so that reload, back, forward and a link find it."""

import os
from datetime import UTC, datetime

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import people
from library import Links, links
from pricing.documents import Opened

LINK, REFERENCE = "s", "r"  # query parameters: the scenario itself, or the token of one kept in the library
LONGEST_LINK = 1800  # characters of a scenario in an address that every mail program and chat keeps whole


def came_back() -> bool:
    """Whether the browser asks for this run because its way back or forward was taken."""
    run = get_script_run_ctx()
    return run is not None and run.is_history_navigation


def names_something() -> bool:
    """Whether it says what to open; who comes without such an address is on a first visit."""
    return bool({LINK, REFERENCE, people.OPEN} & {*st.query_params})


def write(opened: Opened) -> None:
    """Let the address carry the scenario, so that reload, back and forward find it."""
    st.session_state.link = opened.link
    if st.query_params.get(LINK) != opened.link:
        st.query_params[LINK] = opened.link


def link_to(opened: Opened) -> str:
    """The address that opens a scenario on this server: the diff itself, or where that is long a reference to it.

    Raises ScenarioError when the reference cannot be kept.
    """
    if len(opened.link) <= LONGEST_LINK:
        return with_query(LINK, opened.link)
    return with_query(REFERENCE, references().keep(opened, at=datetime.now(UTC)))


def with_query(name: str, value: str) -> str:
    """The address of the first page of this server that says so much."""
    return f"{(st.context.url or '').split('?')[0].rpartition('/')[0]}/?{name}={value}"


def references() -> Links:
    """The links that the library keeps, for who may use it."""
    people.member()
    return links(os.environ)
