"""The scenario on screen: the only state there is. Pages read it; every edit goes through `edit`."""

import dataclasses
import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

import streamlit as st

from costmodel.comparison import Comparison, compare
from costmodel.errors import ScenarioError
from costmodel.scenario import Scenario, number_at, paths
from costmodel.uncertainty.ranges import Range, checked
from costmodel.uncertainty.sampling import check_correlations
from library import links
from pricing.currency import currency
from pricing.documents import Opened, differences, document, fresh, from_link, to_link
from pricing.presets import DEFAULT
from reports.measure import as_paid
from reports.text import field_name

UNDISCOUNTED = "undiscounted"  # key of the switch between today's money and cash as it is paid
LINK, REFERENCE = "s", "r"  # query parameters: the scenario itself, or the token of one kept in the library
LONGEST_LINK = 1800  # characters of a scenario in an address that every mail program and chat keeps whole
UNDO_STEPS = 50


def start() -> None:
    """Bring session and address together, once a run: a new visitor, a pasted link, the back button, a page change."""
    if "opened" not in st.session_state:
        st.session_state.update(opened=fresh(DEFAULT, date.today()), undo=[], complaint="", link=None)
    link = st.query_params.get(LINK)
    if link and link != st.session_state.link:
        attempt(lambda: from_link(link))
    if reference := st.query_params.get(REFERENCE):
        attempt(lambda: links(os.environ).open(reference))
        del st.query_params[REFERENCE]
    _write_link()


def current() -> Opened:
    """The scenario with its preset and name."""
    return st.session_state.opened


def scenario() -> Scenario:
    """The scenario on screen."""
    return current().scenario


def shown() -> Opened:
    """The same in the measure that the reader chose: what pages tell and papers are made of."""
    return as_paid(current()) if undiscounted() else current()


def undiscounted() -> bool:
    """Whether the reader wants cash as it is paid instead of today's money."""
    return bool(st.session_state.get(UNDISCOUNTED))


def comparison() -> Comparison:
    """Its result."""
    return compare(shown().scenario)


def attempt(change: Callable[[], Opened]) -> bool:
    """Put what `change` returns on screen; when it refuses, keep everything and show its sentence."""
    try:
        after = change()
    except ScenarioError as refusal:
        st.session_state.complaint = _named(str(refusal))
        return False
    st.session_state.complaint = ""
    before = current()
    if document(after) != document(before):
        st.session_state.undo = [*st.session_state.undo, before][-UNDO_STEPS:]
        st.session_state.opened = after
        _write_link()
    return True


def _named(sentence: str) -> str:
    """A sentence that begins with a path, with the field's name before the path."""
    path, _, rest = sentence.partition(" ")
    if path not in paths(scenario()):
        return sentence
    spec = number_at(scenario(), path)
    name = path.rpartition(".")[2]
    return f"{field_name(name, spec.unit, spec.label) if spec else field_name(name)} ({path}) {rest}"


def edit(changes: Mapping[str, Any]) -> bool:
    """Give each path its new value: what a catalogue, a search or another page worked out."""
    return replace(lambda now: now.vary(changes))


def enter(changes: Mapping[str, Any]) -> bool:
    """Give each path the value that the reader entered, which is the reader's own from today on."""
    return replace(lambda now: now.vary(changes), dict.fromkeys(changes, date.today()))


def replace(change: Callable[[Scenario], Scenario], entered: Mapping[str, date] = MappingProxyType({})) -> bool:
    """Put a changed scenario on screen, keeping what the reader says of it; `entered` has the day by path.

    Notes on how it was opened have been read by then.
    """
    now = current()

    def changed() -> Opened:
        after = change(now.scenario)
        moved = differences(now.scenario, after) if now.entered else {}
        kept = {path: day for path, day in now.entered.items() if path not in moved}
        return dataclasses.replace(now, scenario=after, entered={**kept, **entered}, notes=())

    return attempt(changed)


def set_range(path: str, spread: Range) -> bool:
    """Give a number a range of the reader's own."""
    now = current()

    def changed() -> Opened:
        checked(now.scenario, {path: spread}, drawn=False)
        return dataclasses.replace(now, ranges={**now.ranges, path: spread})

    return attempt(changed)


def correlate(one: str, other: str, correlation: float | None) -> bool:
    """Give two numbers a rank correlation; None takes it away."""
    now = current()
    pair = tuple(sorted((one, other)))

    def changed() -> Opened:
        joined = {**now.correlations, pair: correlation}
        kept = {members: value for members, value in joined.items() if value is not None}
        check_correlations(now.scenario, kept)
        return dataclasses.replace(now, correlations=kept)

    return attempt(changed)


def entitle(**words: str) -> bool:
    """Give what is on screen a name, or a sentence on what it is about."""
    now = current()
    return attempt(lambda: dataclasses.replace(now, **words))


def rename(name: str) -> None:
    """Call what is on screen by the name that it was saved under."""
    st.session_state.opened = dataclasses.replace(current(), name=name)
    _write_link()


def set_currency(code: str) -> bool:
    """Show amounts in a currency, at the latest reference rate of today; the rate stays with the scenario."""
    now = current()
    return attempt(lambda: dataclasses.replace(now, currency=currency(code, date.today())))


def link() -> str:
    """The address that opens this scenario on this server: the diff itself, or where that is long a reference to it.

    Raises ScenarioError when the reference cannot be kept.
    """
    base = (st.context.url or "").split("?")[0].rpartition("/")[0]
    packed = to_link(document(current()))
    if len(packed) <= LONGEST_LINK:
        return f"{base}/?{LINK}={packed}"
    return f"{base}/?{REFERENCE}={links(os.environ).keep(current(), at=datetime.now(UTC))}"


def choose_preset(slug: str) -> bool:
    """Start from a preset, in the currency of before; what was on screen can be had back by undo."""
    return attempt(lambda: dataclasses.replace(fresh(slug, date.today()), currency=current().currency))


def reset() -> bool:
    """Back to the preset as it is."""
    return choose_preset(current().preset)


def undo() -> None:
    """Back to what was on screen before the last change."""
    if st.session_state.undo:
        *st.session_state.undo, st.session_state.opened = st.session_state.undo
        st.session_state.complaint = ""
        _write_link()


def refuse(sentence: str) -> None:
    """Say why an input was not taken; nothing else changes."""
    st.session_state.complaint = sentence


def arrive(page: str) -> None:
    """A sentence about a refused input stays on the page where it was entered."""
    if st.session_state.setdefault("page", page) != page:
        st.session_state.update(page=page, complaint="")


def complaint() -> str:
    """The sentence about the last input that was refused; empty when it was taken."""
    return st.session_state.complaint


def _write_link() -> None:
    """Let the address carry the scenario, so that reload, back and forward find it."""
    link = to_link(document(current()))
    st.session_state.link = link
    if st.query_params.get(LINK) != link:
        st.query_params[LINK] = link
