"""Who is at the screen, where the operator wants people to log in; elsewhere nobody is asked.

`CROSSOVER_LOGIN=on` asks everyone to log in by OpenID Connect, with the provider of `.streamlit/secrets.toml`. Who
comes by a link that an owner opened is shown that scenario without login, and nothing of the library.
"""

import os
from html import escape

import streamlit as st

from costmodel.errors import ScenarioError
from library import NOBODY, library
from library.roles import person_of
from pricing.documents import Opened
from pricing.presets import DEFAULT, preset
from reports.words.labels import on_screen

VARIABLE = "CROSSOVER_LOGIN"
OPEN = "o"  # query parameter: the token of a link that opens without login
NO_ADDRESS = "Your login gives no confirmed e-mail address, by which scenarios are shared; ask whoever runs the login."
GUEST = "This link opens one scenario without login; log in to save, to find others and to make links."


def asked() -> bool:
    """Whether people log in here."""
    return os.environ.get(VARIABLE, "").strip().lower() in {"1", "on", "true", "yes"}


def person() -> str:
    """The e-mail address of who is logged in; nobody where nobody is."""
    if not (asked() and st.user.get("is_logged_in")) or st.user.get("email_verified") is False:
        return NOBODY
    try:
        return person_of(str(st.user.get("email") or ""))
    except ScenarioError:
        return NOBODY


def member() -> str:
    """Who works with the library: a person, or nobody where nobody logs in. ScenarioError for a guest."""
    if asked() and not person():
        raise ScenarioError(GUEST)
    return person()


def admit() -> Opened | None:
    """Let in who may see the page; others get the way to log in, and the run ends.

    What a guest's link opens is returned on the first run that sees it.
    """
    if not asked() or person():
        return None
    token, begun = st.query_params.get(OPEN) or st.session_state.get(OPEN, ""), None
    if token:
        try:
            begun = library(os.environ).opened_by(token)
        except ScenarioError as refusal:
            _door(on_screen(refusal, preset(DEFAULT).scenario))
        first = st.session_state.get(OPEN) != token
        st.session_state[OPEN] = st.query_params[OPEN] = token
        return begun if first else None
    _door(NO_ADDRESS if st.user.get("is_logged_in") else "")
    return None


def _door(trouble: str) -> None:
    st.title("Crossover")
    st.markdown("Rent tokens, rent GPUs, or own the hardware? Log in to compare.")
    if trouble:
        st.warning(trouble, icon=":material/lock:")
    if st.user.get("is_logged_in"):
        st.button("Log out", on_click=st.logout)
    else:
        st.button("Log in", on_click=st.login, type="primary", icon=":material/login:")
    st.stop()


def standing() -> None:
    """Who is logged in, with the way out; nothing where nobody logs in."""
    if not asked():
        return
    st.html(f'<div class="scenario"><small>{escape(person() or GUEST)}</small></div>')
    if person():
        st.button("Log out", key="logout", on_click=st.logout, type="tertiary")
    else:
        st.button("Log in", key="login", on_click=st.login, type="tertiary")
