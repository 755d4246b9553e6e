"""Decisions on screen: what is on screen is saved as one, and next month's usage is held against one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import streamlit as st

from answers.analysis import Analysis
from answers.decision import decide
from costmodel.comparison import compare
from costmodel.scenario import Scenario, numbers
from dashboard import components, messages, shelves, state, widgets
from dashboard.components import plain
from dashboard.messages import Entry
from dashboard.own_usage import Usage
from library import Decided
from pricing.decisions import LONGEST_SENTENCE
from pricing.documents import Opened
from reports.files import charges
from reports.words import decided as words
from reports.words.labels import path_label
from reports.words.planned import Planned, against
from reports.words.uncertainty import Also
from reports.words.verdict import verdict
from usage.bill import Bill
from usage.paid import paid
from usage.tally import Key
from usage.today import of_files, with_usage
from usage.workload import Found

SAVE, OPTION, SENTENCE = "decision", "decision_option", "decision_sentence"
NO_SENTENCE = "Say in a sentence what was decided and why: it is what is read in a year."
ABOUT = (
    "A decision is a version with a day, a sentence and signposts: the values at which another option would be the "
    "cheapest. Your usage holds next month’s files against it."
)


def form() -> None:
    """What was decided and why, and the button that saves what is on screen as that decision."""
    with components.fold("Save as a decision", key="decide") as box:
        if not box.open:
            return
        st.caption(ABOUT)
        scenario, ranking = state.scenario(), state.comparison().ranking
        label = lambda slug: plain(scenario.options[slug].label)  # noqa: E731
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox("Option that was chosen", ranking, format_func=label, key=OPTION, width=320)
            st.text_input("In a sentence: what was decided, and why", key=SENTENCE, width=640,
                          max_chars=LONGEST_SENTENCE)  # fmt: skip
        st.button("Save as a decision", icon=":material/flag:", key="decide_now", on_click=_decide)
        components.said_of(SAVE)


def _decide() -> None:
    sentence, opened = st.session_state[SENTENCE].strip(), state.current()
    if not sentence:
        messages.refuse(NO_SENTENCE, Entry(SAVE))
        return
    found = decide(state.analysis(as_kept=True), st.session_state[OPTION], sentence, date.today())
    if shelves.keep(replace(opened, decision=found), f"Decision: {sentence}", SAVE):
        count = len(found.signposts)
        posts = f"{count} signpost{'' if count == 1 else 's'}" if count else "no signpost: no single number changes it"
        messages.say(f"Kept as a decision with {posts}.", SAVE)


def compared(usage: Usage, keep: Callable[[Key], bool], found: Found, met: Bill, discount: float | None) -> None:
    """Usage and bill of these files against a decision that the reader chooses."""
    st.header("Compare with a decision")
    known = shelves.looked_up(lambda: shelves.shelf().decisions())
    if not known:
        if known is not None:
            st.markdown("No scenario has been saved as a decision yet. The page Scenarios does that.")
        return
    named = {f"{each.name}, version {each.version}, {each.on}: {each.sentence}": each for each in known}
    chosen = st.selectbox("Decision", list(named), index=None, placeholder="Choose a decision", key="usage:decision")
    opened = _opened(named[chosen]) if chosen else None
    if opened is None or opened.decision is None:
        return
    planned = against(opened.scenario, opened.decision.option, paid(usage.reading, met, keep), discount)
    st.markdown(f"**{plain(words.chosen_words(opened.decision, opened.scenario))}**")
    _plan(planned)
    now = with_usage(opened.scenario, of_files(usage.reading, found, met, keep))
    _since(opened, now, found, f"{named[chosen].slug}:{named[chosen].version}")


def _opened(chosen: Decided) -> Opened | None:
    stored = shelves.looked_up(lambda: shelves.shelf().open(chosen.slug, chosen.version))
    return stored.as_saved() if stored else None


def _plan(planned: Planned) -> None:
    told = words.months_table(planned)
    st.subheader(plain(told.headline))
    for sentence in words.remarks(planned):
        st.caption(plain(sentence))
    if not planned.months:
        return
    if len(planned.months) > 1:
        components.table_of(told)
    by_name = {month.name: month for month in reversed(planned.months)}
    name = next(iter(by_name))
    if len(by_name) > 1:
        name = st.selectbox("Month", list(by_name), key="usage:decision_month", width=320)
    by_line = words.lines_table(by_name[name])
    st.markdown(f"**{plain(by_line.headline)}**")
    components.table_of(by_line)
    components.csv_button("planned-and-paid", lambda: charges.planned_and_paid(planned))


def _since(opened: Opened, now: Scenario, found: Found, key: str) -> None:
    """The decision's signposts, and its verdict with the usage of these files and what the reader says beside them."""
    decided, told = opened.decision, {f"workload.{name}" for name in found.values}
    then = Analysis(opened)
    also = then.also
    place = st.container()
    said = _said([post.path for post in decided.signposts if post.path not in told], opened.scenario, also, key)
    now = now.vary({member: value for path, value in said.items() for member in (path, *also.get(path, ()))})
    before, after = then.comparison, compare(now)
    table = words.signposts_table(decided, opened.scenario, now, told | said.keys(), also)
    with place:
        st.subheader(plain(table.headline))
        if table.rows:
            components.table_of(table, numeric=(2, 3))
    st.subheader(plain(words.today(decided, before, after)))
    st.markdown(plain(f"For {words.volume_words(now)}, everything else as decided. {verdict(after).headline}"))


def _said(paths: list[str], scenario: Scenario, also: Also, key: str) -> dict[str, float]:
    """What the reader says of numbers that no file tells; those left as they were decided are not in it."""
    if not paths:
        return {}
    known, said = numbers(scenario), {}
    with st.expander("Where the others stand today", key="usage:signposts"), st.container(horizontal=True):
        for path in paths:
            with st.container(width=320):
                label = path_label(scenario, path, also.get(path, ()))
                own = widgets.own_text(label, known[path], scenario[path], key=f"usage:signpost:{key}:{path}")
            if own and own.value != scenario[path]:
                said[path] = own.value
    return said
