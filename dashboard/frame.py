"""The frame around every page: navigation, preset, levers, what was changed, and the sentence about a refused input."""

from datetime import date
from html import escape
from pathlib import Path

import streamlit as st

from costmodel.errors import ScenarioError
from dashboard import (
    address,
    components,
    finder,
    live,
    messages,
    numbers_as,
    own_prices,
    people,
    shelves,
    state,
    tally,
    turns,
    widgets,
)
from dashboard.levers import levers
from dashboard.navigation import SECTIONS, menu
from pricing.documents import as_preset, fresh
from pricing.presets import preset, presets
from reports.words import money, titles
from reports.words import uncertainty as risk_words
from reports.words.changes import changes
from reports.words.edits import edit_named
from reports.words.plain import typeset

HERE = Path(__file__).parent
BRAND = '<div class="brand">Crossover<small>Rent tokens, rent GPUs, own the hardware?</small></div>'
CHANGED = "What is on screen was begun from this preset and changed since."


def show() -> None:
    """Draw the frame and the page in it."""
    # Before the menu, whose icons a browser would otherwise fetch from elsewhere for its tab.
    st.set_page_config(page_icon=str(HERE / "icon.png"), layout="wide")
    linked, begun = address.LINK in st.query_params, people.admit()
    state.start()
    if begun is not None and not linked:
        state.open_up(lambda: begun)
    state.show_as_kept()
    page = st.navigation(menu(), position="top")
    st.set_page_config(page_title=f"{page.title} \u00b7 Crossover")
    st.html(HERE / "style.css")
    finder.follow()
    with st.sidebar:
        _side(with_levers=page.url_path not in SECTIONS["Evidence"])
        widgets.tend(page.url_path, st.session_state.pop(finder.FOCUS, ""))
    messages.arrive(page.url_path)
    components.said_of(messages.TOP)
    for note in state.current().notes:
        st.info(components.plain(note), icon=":material/update:")
    own_prices.expired()
    try:
        page.run()
    except ScenarioError as refusal:
        components.refused(refusal)
    if money.rate_note() and page.url_path not in SECTIONS["Evidence"]:  # which stays in what others published
        st.caption(f"Amounts in {money.shown().code}. {money.rate_note()}.")


def _side(*, with_levers: bool) -> None:
    """What is on screen and was changed; levers where there is something for them to move."""
    now, names = state.current(), presets()
    told = (titles.about(now), shelves.standing())
    small = "".join(f"<small>{escape(words)}</small>" for words in told if words)
    st.html(f'{BRAND}<div class="scenario">{escape(titles.title(now))}{small}</div>')
    people.standing()
    finder.box()
    widgets.shows(st.selectbox, "Start from", key="preset", value=now.preset, options=list(names),
                  format_func=names.get, on_change=lambda: state.choose_preset(st.session_state["preset"]),
                  help=typeset(preset(now.preset).about) if as_preset(now) else CHANGED)  # fmt: skip
    start, today = fresh(now.preset, date.today()).scenario, state.scenario()
    changed = [*changes(start, today), *risk_words.own_chance(state.current())]
    number = len(changed)
    _history(can_reset=bool(number))
    title = f"What changed ({number})" if number else "Nothing changed"
    with components.fold(title, key="changes") as box:
        if box.open and number:
            components.listing(changed)
        elif box.open:
            st.caption("Every value is that of the preset.")
    st.toggle("Undiscounted cash", key=state.UNDISCOUNTED,
              help="Plain sums of cash instead of today’s money, on every page and paper.")  # fmt: skip
    if with_levers:
        st.caption("The volume, and what the headline hangs on most")
        live.follow({path: (spread, widgets.lever(path, spread)) for path, spread in levers().items()})
    widgets.shows(st.selectbox, "Amounts in", key="currency", value=money.shown().code,
                  options=money.offered_currencies(),
                  on_change=lambda: state.set_currency(st.session_state["currency"]),
                  help="Shows every amount at the latest reference rate of the European Central Bank; the model counts "
                       "in USD. Kept with the scenario.")  # fmt: skip
    numbers_as.choice()


def _history(*, can_reset: bool) -> None:
    """Undo, Redo and Reset, with what they would change below them."""
    past = state.history()
    with st.container(horizontal=True, gap="xxsmall", key="history"):
        st.button("Undo", key="undo", icon=":material/undo:", on_click=state.move, args=(-1,),
                  disabled=past.before is None)  # fmt: skip
        st.button("Redo", key="redo", icon=":material/redo:", on_click=state.move, args=(1,),
                  disabled=past.after is None)  # fmt: skip
        st.button("Reset", key="reset", on_click=state.reset, disabled=not can_reset)
    undone = past.before and f"Undo: {edit_named(past.before, past.now)}"
    redone = past.after and f"Redo: {edit_named(past.now, past.after)}"
    st.caption("  \n".join(components.plain(line) for line in (undone, redone) if line))


with tally.MOVES.move(), turns.taken():
    show()
