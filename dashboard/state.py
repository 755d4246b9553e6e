"""The scenario on screen: the only state there is. Pages read it; every edit goes through `edit`."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import wraps
from types import MappingProxyType
from typing import Any

import streamlit as st

from answers import lately
from answers.analysis import Analysis
from answers.pair import Pair, offered_pair
from costmodel import numerals
from costmodel.comparison import Comparison
from costmodel.errors import Fault, ScenarioError
from costmodel.scenario import Scenario, differences, known_at
from costmodel.uncertainty.ranges import Range, checked
from costmodel.uncertainty.sampling import check_correlations
from dashboard import address, messages, numbers_as
from dashboard.history import History
from dashboard.messages import PAGE, Entry
from pricing.currency import currency
from pricing.documents import Opened, fresh, from_link
from pricing.facts import Own
from pricing.marks import Mark
from pricing.own import used
from pricing.presets import DEFAULT
from pricing.tokens import counted_anew
from reports.words import money, palette
from reports.words.labels import on_screen
from reports.words.titles import as_paid

PAIR = "pair"  # key of the two options that the reader asks about
LEVERS, ROWS = "levers", "strip:kept"  # keys of what stays while it is moved, and is found anew for another preset
UNDISCOUNTED = "undiscounted"  # key of the switch between today's money and cash as it is paid
WAY_BACK = "The browser's way back leads to what was on screen before."


def start() -> None:
    """Bring session and address together, once a run: a new visitor, a pasted link, the back button, a page change.

    The address of any other run may be late: the browser asked for it before it got the newest.
    """
    arrived = "history" not in st.session_state or address.came_back()
    if "history" not in st.session_state:
        begun, first_visit = History((fresh(DEFAULT, date.today()),)), not address.names_something()
        st.session_state.update({PAIR: None}, history=begun, told={}, link=None, door=first_visit)
    link = st.query_params.get(address.LINK)
    if arrived and link and link != st.session_state.link:
        if known := history().at(link):
            _go(known)
        else:
            open_up(lambda: from_link(link))
    if reference := st.query_params.get(address.REFERENCE):
        open_up(lambda: address.references().open(reference))
        del st.query_params[address.REFERENCE]
    address.write(current())


def history() -> History:
    """What is on screen, what was before, and what was undone."""
    return st.session_state["history"]


def untouched() -> bool:
    """Whether nothing was changed since the scenario was opened."""
    return len(history().scenarios) == 1


def seen(path: str) -> set[float]:
    """The values that the number at a path had since the scenario was opened."""
    return {known_at(opened.scenario, path) for opened in history().scenarios} - {None}


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
    """From here on in this run amounts are in the currency of the scenario, numbers as the reader writes them, options
    in their colours.
    """
    money.show_in(current().currency)
    numerals.write_with(numbers_as.marks())
    palette.show_with(current().colours)


@contextmanager
def as_on_screen() -> Iterator[None]:
    """Within the block amounts and numbers are told like that, also before the page is drawn anew."""
    with money.shown_in(current().currency), numerals.written_with(numbers_as.marks()):
        yield


def fragment(draw: Callable[[], None]) -> Callable[[], None]:
    """A part of a page that is drawn anew alone, without the frame around it, and shows amounts and colours alike."""

    @wraps(draw)
    def drawn() -> None:
        show_as_kept()
        draw()

    return st.fragment(drawn)


def analysis(*, as_kept: bool = False) -> Analysis:
    """What is asked of it in the measure that the reader chose, which pages tell and papers are made of.

    `as_kept` without that choice. It is about the two options that the reader chose on any page. The session keeps all
    of them as long as the scenario is on screen.
    """
    now, paid, pair = current(), undiscounted() and not as_kept, st.session_state[PAIR]
    of, known = st.session_state.get("analyses", (None, {}))
    if of is not now:
        known = {}
        st.session_state["analyses"] = now, known
    if (paid, pair) not in known:
        known[paid, pair] = Analysis(as_paid(now) if paid else now, pair)
    return known[paid, pair]


def choose_pair(pair: Pair) -> None:
    """Ask about these two options on all pages and in all papers, until others are chosen or one of them is gone.

    Those of the decision are no choice: they go on following the verdict.
    """
    st.session_state[PAIR] = None if pair == offered_pair(comparison()) else pair


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
        messages.refuse(in_words(refusal), entry)
        return None
    messages.settle(entry.at)
    return after


def in_words(refusal: Fault) -> str:
    """A refusal in the words and the currency of the screen, also before the page is drawn anew."""
    with as_on_screen():
        return on_screen(refusal, scenario())


def _go(history: History, *, keep_texts: bool = True) -> None:
    now = history.now
    before, shared = st.session_state.history, lately.known(now.scenario)
    if shared is not now.scenario:
        history = history.showing(dataclasses.replace(now, scenario=shared))
    st.session_state.history = history
    if before.place and before.now.scenario is not shared:  # what was opened is shared with all who open it
        lately.left(before.now.scenario)
    if not keep_texts:
        messages.forget()
        st.session_state[PAIR] = None
    address.write(current())


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


def entitle(**words: str) -> None:
    """Give what is on screen a name, or a sentence on what it is about, which is no edit."""
    _go(history().worded(**words))


def set_currency(code: str) -> bool:
    """Show amounts in a currency, at the latest reference rate of today; the rate stays with the scenario."""
    now = current()
    return attempt(lambda: dataclasses.replace(now, currency=currency(code, date.today())))


def choose_preset(slug: str) -> bool:
    """Start from a preset, in the currency of before; what was on screen can be had back by undo."""
    begun = attempt(lambda: dataclasses.replace(fresh(slug, date.today()), currency=current().currency))
    for kept in (LEVERS, ROWS) if begun else ():
        st.session_state.pop(kept, None)
    return begun


def reset() -> bool:
    """Back to the preset as it is."""
    return choose_preset(current().preset)


def move(steps: int) -> None:
    """Undo or redo so many edits; the scenario that was opened is the first for good."""
    messages.forget(but=lambda told: told.waits)
    _go(history().moved(steps))
