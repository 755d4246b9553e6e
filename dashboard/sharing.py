"""A scenario's people on screen: who owns, edits and reads it, its link without login, and what was changed by whom."""

from datetime import UTC, datetime

import streamlit as st

from dashboard import address, components, people, shelves
from dashboard.components import plain
from library import Entry
from library.roles import EDITOR, OWNER, READER

SHOWN = 20  # changes, the latest


def section(entry: Entry, mine: str, at: str) -> None:
    """What there is about the people of a scenario, for who has this role; nothing where nobody logs in."""
    if not people.asked():
        return
    known = shelves.looked_up(lambda: shelves.shelf().roles(entry.slug)) or {}
    words = ", ".join(f"{plain(person)} ({role})" for person, role in known.items())
    st.caption(f"**People.** {words or 'Whoever logs in may read and change it: it has no owner'}.")
    if mine == OWNER:
        _owners(entry, at)
    changes = shelves.looked_up(lambda: shelves.shelf().changes(entry.slug)) or []
    rows = [
        (f"{change.at:{shelves.DAY}} UTC", change.person, change.action, change.about) for change in changes[:SHOWN]
    ]
    if rows:
        components.table(["When", "Who", "What", "Note"], rows, key=f"changes:{entry.slug}")


def _owners(entry: Entry, at: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("E-mail address", key=f"person:{entry.slug}", width=260)
        st.selectbox("Role", [READER, EDITOR, OWNER], key=f"role:{entry.slug}", width=140)
        st.button("Give role", key=f"give:{entry.slug}", on_click=_give, args=(entry, at, True))
        st.button("Take away", key=f"take:{entry.slug}", on_click=_give, args=(entry, at, False))
    token = shelves.looked_up(lambda: shelves.shelf().open_link(entry.slug)) or ""
    st.session_state[f"anyone:{entry.slug}"] = bool(token)
    st.toggle("A link opens it without login", key=f"anyone:{entry.slug}", on_change=_let_in, args=(entry, at),
              help="Whoever has the link sees the latest version and nothing else. Switched off, the link is dead for "
                   "good; who has the page open keeps it until it is loaded anew.")  # fmt: skip
    if token:
        st.code(address.with_query(people.OPEN, token), language=None, wrap_lines=True)


def _give(entry: Entry, at: str, given: bool) -> None:
    person = st.session_state[f"person:{entry.slug}"]
    role = st.session_state[f"role:{entry.slug}"] if given else ""
    shelves.told(lambda: shelves.shelf().give(entry.slug, person, role, at=datetime.now(UTC)), at,
                 done=f"{plain(person)} is now {role}." if given else f"{plain(person)} has no role now.")  # fmt: skip


def _let_in(entry: Entry, at: str) -> None:
    anyone = st.session_state[f"anyone:{entry.slug}"]
    shelves.told(lambda: shelves.shelf().let_in(entry.slug, anyone, at=datetime.now(UTC)), at)
