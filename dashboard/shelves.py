"""The library on screen: what it holds, and what can be done with it. The clock and the environment are read here."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from costmodel.errors import ScenarioError
from dashboard import components, messages, people, state, widgets
from dashboard.components import plain
from dashboard.messages import Entry
from library import Entry as Kept
from library import Library, Saved, Version, library
from library.roles import EDITOR, OWNER, READER, may
from pricing.documents import LONGEST_ABOUT, LONGEST_NAME, Opened, document
from pricing.presets import presets
from reports.files.file_names import file_name
from reports.words import titles
from reports.words.plain import typeset

SAVE = "shelf_save"  # where it is said what became of saving
DAY = "%Y-%m-%d %H:%M"
WITH_WORDS = (  # what is done with a new name or a tag: label, action of the library, the least role for it
    ("Rename", "rename", EDITOR),
    ("Copy as", "copy", READER),
    ("Add tag", "add_tag", EDITOR),
    ("Remove tag", "remove_tag", EDITOR),
)
RIGHTS = {
    READER: "You may read and copy this scenario; editors change it, owners delete and restore it.",
    EDITOR: "You may change this scenario; owners delete and restore it.",
}


def shelf() -> Library:
    """The library that the environment names."""
    return library(os.environ, people.member())


def place() -> str:
    """Where the library lies, in words."""
    return looked_up(lambda: shelf().database.place) or "no place: the library cannot be opened"


def looked_up(work: Callable):
    """What a page shows of the library; None, with its sentence in that place of the page, when it cannot be read."""
    try:
        return work()
    except ScenarioError as refusal:
        components.refused(refusal)
        return None


def told(work: Callable, at: str, *, done: str = ""):
    """The result of a change, asked for by a button; None and its sentence beside the button when it is refused."""
    try:
        result = work()
    except ScenarioError as refusal:
        messages.refuse(state.in_words(refusal), Entry(at))
        return None
    messages.settle(at)
    if done:
        st.toast(done)
    return result


def _now() -> datetime:
    return datetime.now(UTC)


def standing() -> str:
    """Whether what is on screen is what was saved under its name; empty for what has no name in the library.

    The version that was saved or opened last is remembered; who comes with a link is told of the latest.
    """
    now = state.current()
    if not now.name:
        return ""
    known = st.session_state.get("shelf_saved")
    if known is None or known[0] != now.name:
        known = st.session_state["shelf_saved"] = (now.name, *_latest(now.name))
    _, number, kept = known
    if not number:
        return ""
    return f"Saved as version {number}" if document(now) == kept else f"Changed since version {number} was saved"


def _latest(name: str) -> tuple[int, dict]:
    """(number, document) of the latest version under a name; (0, {}) where there is none or no library."""
    try:
        slug = next((e.slug for e in shelf().scenarios(name) if e.name.casefold() == name.casefold()), None)
        stored = shelf().open(slug) if slug else None
        return (stored.version.number, document(replace(stored.as_saved(), decision=None))) if stored else (0, {})
    except ScenarioError:
        return 0, {}


def _remember(number: int) -> None:
    """What is on screen is what this version of its name holds."""
    st.session_state["shelf_saved"] = (state.current().name, number, document(state.current()))


def save_form() -> None:
    """What the scenario is called and about, a note, and the button that saves what is on screen."""
    now = state.current()
    st.session_state.update(shelf_name=now.name, shelf_about=now.about)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name", key="shelf_name", placeholder="Board meeting, March", width=320, max_chars=LONGEST_NAME,
                      on_change=lambda: state.entitle(name=st.session_state.shelf_name.strip()))  # fmt: skip
        st.text_input("What it is about, in a sentence", key="shelf_about", width=640, max_chars=LONGEST_ABOUT,
                      placeholder=typeset(titles.about(now)),
                      on_change=lambda: state.entitle(about=st.session_state.shelf_about.strip()))  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Note", key="shelf_note", placeholder="What changed, and why", width=320)
        st.button("Save", icon=":material/save:", on_click=_save)
    components.said_of(SAVE)


def _save() -> None:
    keep(state.current(), st.session_state.shelf_note, SAVE)


def keep(opened: Opened, note: str, at: str) -> bool:
    """Save what is on screen under its name; what became of it is told beside the button at `at`."""
    name, seen = opened.name, _seen()
    based_on = seen.get(name.casefold(), 0)
    saved: Saved | None = told(lambda: shelf().save(opened, at=_now(), name=name, note=note, based_on=based_on), at)
    if saved:
        seen[saved.name.casefold()] = saved.version
        state.entitle(name=saved.name)
        _remember(saved.version)
        others = ", ".join(map(str, saved.overtaken))
        kept = f" It follows what you had not opened, kept as before: version {others}." if others else ""
        st.toast(f"Saved {plain(saved.name)} as version {saved.version}.{kept}")
    return saved is not None


def _seen() -> dict[str, int]:
    """Name, without case -> the version that this visitor saved or opened last."""
    return st.session_state.setdefault("shelf_seen", {})


def listing() -> list[Kept] | None:
    """Entries that match the search, the deleted ones when asked for; None when the library cannot be read."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Find", key="shelf_search", placeholder="Name or tag", width=320)
        st.toggle("Deleted ones", key="shelf_deleted")
    return looked_up(lambda: shelf().scenarios(st.session_state.shelf_search, deleted=st.session_state.shelf_deleted))


def row(entry: Kept, more: Callable[[Kept, str, str], None]) -> None:
    """One scenario with what its visitor may do with it, whose role and the place to speak at `more` is given."""
    tags = "  ".join(f":gray-badge[{plain(tag)}]" for tag in entry.tags)
    about = f"{presets().get(entry.preset, entry.preset)} · {entry.updated:{DAY}} UTC · {_counted(entry.versions)}"
    with components.fold(plain(entry.name), key=_place(entry)) as box:
        st.caption(f"{about}  {tags}")
        components.said_of(_place(entry))
        mine = looked_up(lambda: shelf().role(entry.slug)) if box.open else None
        if mine is None:
            return
        if not entry.deleted:
            _versions(entry)
            more(entry, mine, _place(entry))
        _actions(entry, mine)


def _actions(entry: Kept, mine: str) -> None:
    """What a role may do with a scenario; what it may not is not offered, and that is said."""
    if not entry.deleted:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input("New name or tag" if may(mine, EDITOR) else "New name", key=f"text:{entry.slug}", width=260)
            for label, action, least in WITH_WORDS:
                if may(mine, least):
                    st.button(label, key=f"{action}:{entry.slug}", on_click=_do, args=(action, entry, True))
            if may(mine, OWNER):
                st.button("Delete", key=f"delete:{entry.slug}", icon=":material/delete:", on_click=_do,
                          args=("delete", entry))  # fmt: skip
    elif may(mine, OWNER):
        st.button("Restore", key=f"restore:{entry.slug}", on_click=_do, args=("restore", entry))
    if not may(mine, OWNER):
        st.caption(RIGHTS[mine])


def _counted(number: int, what: str = "version") -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _do(action: str, entry: Kept, with_text: bool = False) -> None:
    words = (st.session_state[f"text:{entry.slug}"],) if with_text else ()
    done = f"Deleted {plain(entry.name)}; “Deleted ones” brings it back." if action == "delete" else ""
    if action == "remove_tag" and words[0].strip().lower() not in ("", *entry.tags):
        messages.refuse(f"{entry.name} has no tag {words[0].strip()!r:.60}.", Entry(_place(entry)))
    else:
        told(lambda: getattr(shelf(), action)(entry.slug, *words, at=_now()), _place(entry), done=done)


def _place(entry: Kept) -> str:
    return f"shelf:{entry.slug}"


def _versions(entry: Kept) -> None:
    for version in looked_up(lambda: shelf().history(entry.slug)) or []:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Open", key=f"open:{entry.slug}:{version.number}", on_click=_open, args=(entry, version))
            st.caption(
                f"Version {version.number}, {version.at:{DAY}} UTC{': ' + plain(version.note) if version.note else ''}"
            )


def _open(entry: Kept, version: Version) -> None:
    stored = told(lambda: shelf().open(entry.slug, version.number), _place(entry))
    if stored is None:
        return
    if stored.drift:
        st.toast(f"{len(stored.drift)} figures of the catalogues have changed since; it opens with the values of then.")
    if state.open_up(stored.as_saved, Entry(_place(entry))):
        _seen()[entry.name.casefold()] = version.number
        _remember(version.number)
        messages.say(f"Opened version {version.number} of {entry.name}. {state.WAY_BACK}", _place(entry))


def exchange() -> None:
    """The whole library as a file, and back."""
    with components.fold("Take the library along", key="shelf_exchange") as box:
        if box.open:
            name = file_name("", "library.json", _now().date())
            st.download_button("Export all", lambda: shelf().export_all(), name, on_click="ignore")
            widgets.upload("Import scenarios (JSON)", ["json"], _bring, key="shelf_file")


def _bring(content: bytes) -> str:
    return f"Imported: {_counted(len(shelf().bring(content, at=_now())), 'scenario')}."
