"""The scenario on screen: the only state there is. Pages read it; every edit goes through `edit`.

What was said of an input stands beside it, by its key: why it was refused, how it was read, that a file was opened.
"""

import dataclasses
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import wraps
from types import MappingProxyType
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from answers import lately
from answers.analysis import Analysis
from costmodel.comparison import Comparison
from costmodel.errors import Fault, ScenarioError
from costmodel.scenario import Scenario
from costmodel.uncertainty.ranges import Range, checked
from costmodel.uncertainty.sampling import check_correlations
from dashboard import people
from dashboard.history import History
from library import Links, links
from pricing.currency import currency
from pricing.documents import Opened, differences, fresh, from_link
from pricing.facts import Own
from pricing.marks import Mark
from pricing.own import used
from pricing.presets import DEFAULT
from pricing.tokens import counted_anew
from reports.words import money, palette
from reports.words.labels import on_screen
from reports.words.titles import as_paid

UNDISCOUNTED = "undiscounted"  # key of the switch between today's money and cash as it is paid
LINK, REFERENCE = "s", "r"  # query parameters: the scenario itself, or the token of one kept in the library
LONGEST_LINK = 1800  # characters of a scenario in an address that every mail program and chat keeps whole
TOP = ""  # the place of what concerns no input: the top of the page


@dataclass(frozen=True)
class Entry:
    """Where something was entered: the key of the input and, of a text, what was typed and what the scenario had."""

    at: str = TOP
    text: str | None = None
    value: Any = None


@dataclass(frozen=True)
class Told:
    """A sentence about an entry. A refused text stands in its input while the scenario's own value stays.

    `readings` are the values to choose from where the text can be read in two ways.
    """

    sentence: str
    entry: Entry
    refused: bool = True
    readings: tuple[float, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether a text is there to be corrected."""
        return self.entry.text is not None


PAGE = Entry()
WAY_BACK = "The browser's way back leads to what was on screen before."


def start() -> None:
    """Bring session and address together, once a run: a new visitor, a pasted link, the back button, a page change.

    The address of any other run may be late: the browser asked for it before it got the newest.
    """
    arrived = "history" not in st.session_state or came_back()
    if "history" not in st.session_state:
        first_visit = not {LINK, REFERENCE, people.OPEN} & {*st.query_params}
        st.session_state.update(history=History((fresh(DEFAULT, date.today()),)), told={}, link=None, door=first_visit)
    link = st.query_params.get(LINK)
    if arrived and link and link != st.session_state.link:
        if known := history().at(link):
            _go(known)
        else:
            open_up(lambda: from_link(link))
    if reference := st.query_params.get(REFERENCE):
        open_up(lambda: _references().open(reference))
        del st.query_params[REFERENCE]
    _write_link()


def came_back() -> bool:
    """Whether the browser asks for this run because its way back or forward was taken."""
    run = get_script_run_ctx()
    return run is not None and run.is_history_navigation


def history() -> History:
    """What is on screen, what was before, and what was undone."""
    return st.session_state.history


def untouched() -> bool:
    """Whether nothing was changed since the scenario was opened."""
    return len(history().scenarios) == 1


def seen(path: str) -> set[float]:
    """The values that the number at a path had since the scenario was opened."""
    found = set()
    for opened in history().scenarios:
        with suppress(ScenarioError):  # the option may not have been there
            found.add(opened.scenario[path])
    return found


def current() -> Opened:
    """The scenario with its preset and name."""
    return history().now


def scenario() -> Scenario:
    """The scenario on screen."""
    return current().scenario


def undiscounted() -> bool:
    """Whether the reader wants cash as it is paid instead of today's money."""
    return bool(st.session_state.get(UNDISCOUNTED))


def show_as_kept() -> None:
    """From here on in this run amounts are in the currency of the scenario and its options in their colours."""
    money.show_in(current().currency)
    palette.show_with(current().colours)


def fragment(draw: Callable[[], None]) -> Callable[[], None]:
    """A part of a page that is drawn anew alone, without the frame around it, and shows amounts and colours alike."""

    @wraps(draw)
    def drawn() -> None:
        show_as_kept()
        draw()

    return st.fragment(drawn)


def analysis(*, as_kept: bool = False) -> Analysis:
    """What is asked of it in the measure that the reader chose, which pages tell and papers are made of.

    `as_kept` without that choice. The session keeps both as long as the scenario is on screen.
    """
    now, paid = current(), undiscounted() and not as_kept
    of, known = st.session_state.get("analyses", (None, {}))
    if of is not now:
        known = {}
        st.session_state["analyses"] = now, known
    if paid not in known:
        known[paid] = Analysis(as_paid(now) if paid else now)
    return known[paid]


def comparison() -> Comparison:
    """Its result, worked out once for all who look at this very scenario, such as that of a preset."""
    return analysis().comparison


def attempt(change: Callable[[], Opened], entry: Entry = PAGE) -> bool:
    """Put what `change` returns on screen, as one edit; when it refuses, keep everything and say why beside it."""
    if (after := _made(change, entry)) is None:
        return False
    before = current()
    if after.link != before.link:
        _go(history().then(after), keep_texts=after.preset == before.preset)
    return True


def open_up(change: Callable[[], Opened], entry: Entry = PAGE) -> bool:
    """Open a scenario from elsewhere: the history begins with it. A decision stays with the version that it is."""
    if (after := _made(change, entry)) is None:
        return False
    _go(History((dataclasses.replace(after, decision=None),)), keep_texts=False)
    return True


def _made(change: Callable[[], Opened], entry: Entry) -> Opened | None:
    try:
        after = change()
    except ScenarioError as refusal:
        refuse(in_words(refusal), entry)
        return None
    settle(entry.at)
    return after


def in_words(refusal: Fault) -> str:
    """A refusal in the words and the currency of the screen, also before the page is drawn anew."""
    with money.shown_in(current().currency):
        return on_screen(refusal, scenario())


def _go(history: History, *, keep_texts: bool = True) -> None:
    now = history.now
    shared = lately.known(now.scenario)
    if shared is not now.scenario:
        history = history.showing(dataclasses.replace(now, scenario=shared))
    st.session_state.history = history
    if not keep_texts:
        _forget()
    _write_link()


def edit(changes: Mapping[str, Any], entry: Entry = PAGE, own: Own = ()) -> bool:
    """Give each path its new value: what a catalogue, a search or another page worked out."""
    return replace(lambda now: now.vary(changes), entry, own=own)


def enter(changes: Mapping[str, Any], entry: Entry = PAGE) -> bool:
    """Give each path the value that the reader entered, which is the reader's own from today on."""
    return replace(lambda now: now.vary(counted_anew(now, changes)), entry, dict.fromkeys(changes, date.today()))


def replace(
    change: Callable[[Scenario], Scenario],
    entry: Entry = PAGE,
    entered: Mapping[str, date] = MappingProxyType({}),
    own: Own = (),
) -> bool:
    """Put a changed scenario on screen, keeping what the reader says of it; `entered` has the day by path.

    `own` are the reader's prices that were there to choose from: those that the scenario uses then go along with it.
    Notes on how it was opened have been read by then.
    """
    now = current()

    def changed() -> Opened:
        after = change(now.scenario)
        moved = {*(differences(now.scenario, after) if now.entered or now.imported else ()), *entered}
        kept, read = (
            {path: of for path, of in said.items() if path not in moved} for said in (now.entered, now.imported)
        )
        prices = used(after, (*own, *now.own))
        return dataclasses.replace(
            now, scenario=after, entered={**kept, **entered}, imported=read, notes=(), own=prices
        )

    return attempt(changed, entry)


def set_range(path: str, spread: Range, entry: Entry = PAGE) -> bool:
    """Give a number a range of the reader's own."""
    now = current()

    def changed() -> Opened:
        checked(now.scenario, {path: spread}, drawn=False)
        return dataclasses.replace(now, ranges={**now.ranges, path: spread})

    return attempt(changed, entry)


def correlate(one: str, other: str, correlation: float | None, entry: Entry = PAGE) -> bool:
    """Give two numbers a rank correlation; None takes it away."""
    now = current()
    pair = tuple(sorted((one, other)))

    def changed() -> Opened:
        joined = {**now.correlations, pair: correlation}
        kept = {members: value for members, value in joined.items() if value is not None}
        check_correlations(now.scenario, kept)
        return dataclasses.replace(now, correlations=kept)

    return attempt(changed, entry)


def mark(name: str, said: Mark, entry: Entry = PAGE) -> bool:
    """Keep what the reader thinks of a model, by its plain name."""
    now = current()
    return attempt(lambda: dataclasses.replace(now, marks={**now.marks, name: said}), entry)


def entitle(**words: str) -> bool:
    """Give what is on screen a name, or a sentence on what it is about."""
    now = current()
    return attempt(lambda: dataclasses.replace(now, **words))


def rename(name: str) -> None:
    """Call what is on screen by the name that it was saved under."""
    _go(history().named(name))


def set_currency(code: str) -> bool:
    """Show amounts in a currency, at the latest reference rate of today; the rate stays with the scenario."""
    now = current()
    return attempt(lambda: dataclasses.replace(now, currency=currency(code, date.today())))


def link() -> str:
    """The address that opens this scenario on this server: the diff itself, or where that is long a reference to it.

    Raises ScenarioError when the reference cannot be kept.
    """
    base = (st.context.url or "").split("?")[0].rpartition("/")[0]
    packed = current().link
    if len(packed) <= LONGEST_LINK:
        return f"{base}/?{LINK}={packed}"
    return f"{base}/?{REFERENCE}={_references().keep(current(), at=datetime.now(UTC))}"


def _references() -> Links:
    """The links that the library keeps, for who may use it."""
    people.member()
    return links(os.environ)


def choose_preset(slug: str) -> bool:
    """Start from a preset, in the currency of before; what was on screen can be had back by undo."""
    return attempt(lambda: dataclasses.replace(fresh(slug, date.today()), currency=current().currency))


def reset() -> bool:
    """Back to the preset as it is."""
    return choose_preset(current().preset)


def move(steps: int) -> None:
    """Undo or redo so many edits; the scenario that was opened is the first for good."""
    _forget(but=lambda told: told.waits)
    _go(history().moved(steps))


def refuse(sentence: str, entry: Entry = PAGE, readings: tuple[float, ...] = ()) -> None:
    """Say beside an input why it was not taken, and keep its text there; nothing else changes."""
    _tell(Told(sentence, entry, readings=readings))


def settle(at: str) -> None:
    """Forget what was said of an entry, now that it was taken."""
    _forget(but=lambda told: told.waits and told.entry.at != at)


def say(sentence: str, at: str) -> None:
    """Say beside an input what became of it."""
    _tell(Told(sentence, Entry(at), refused=False))


def _tell(told: Told) -> None:
    st.session_state.told = {**st.session_state.told, told.entry.at: told}


def arrive(page: str) -> None:
    """What was said stays on the page where it was said; only a refused text waits for its reader to come back."""
    if st.session_state.setdefault("page", page) != page:
        st.session_state.page = page
        _forget(but=lambda told: told.waits)


def told(at: str = TOP) -> Told | None:
    """What there is to say about the last entry into an input."""
    return st.session_state.told.get(at)


def _forget(but: Callable[[Told], bool] = lambda _: False) -> None:
    st.session_state.told = {at: told for at, told in st.session_state.told.items() if but(told)}


def _write_link() -> None:
    """Let the address carry the scenario, so that reload, back and forward find it."""
    link = current().link
    st.session_state.link = link
    if st.query_params.get(LINK) != link:
        st.query_params[LINK] = link
