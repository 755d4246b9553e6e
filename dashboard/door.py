"""How a first visit begins: files that are dropped, one line that is said, or an example to look at."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from costmodel.errors import ScenarioError
from costmodel.numerals import numeral
from dashboard import components, long_reads, messages, own_usage, state
from dashboard.messages import Entry
from dashboard.navigation import page
from dashboard.own_usage import Said
from pricing.dates import day
from pricing.presets import CROSSING, preset
from reports.words.plain import typeset
from reports.words.usage_line import kept, told
from usage.one_line import EXAMPLE, TERMS
from usage.several_lines import LONGEST, read
from usage.today import taken

FILES, TAKEN, DONE, OPEN = "door:files", "door:taken", "door:done", "door"
KINDS = "Exports of providers, clouds, gateways and tracing tools, or a log of your own. Nothing leaves this machine."


def door() -> None:
    """The three ways in, on a first visit and until one of them was taken; then what became of it."""
    components.said_of(DONE)
    if not (st.session_state.get(OPEN) and state.untouched()):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="door_frame"):
        with st.popover("Start from your own numbers", icon=":material/edit_note:"):
            if files := own_usage.drop("Drop usage and billing files", FILES, KINDS):
                _take(files)
            components.said_of(FILES)
            if messages.told(FILES):
                st.page_link(page("usage"), label="Look at these files", icon=":material/upload_file:")
            one_line("door:line", "Or say it in one line")
        st.button("Or look at the example below", key="door:example", on_click=_shut, type="tertiary",
                  icon=":material/arrow_downward:", help="Others are under Start from, in the side bar.")  # fmt: skip
        st.button("Or at one in which owning overtakes renting", key="door:crossing", on_click=_open_crossing,
                  type="tertiary", icon=":material/trending_down:", help=typeset(preset(CROSSING).about))  # fmt: skip


def one_line(key: str, label: str) -> None:
    """The input of a line in plain English, with what became of it below."""
    st.text_input(label, key=key, max_chars=LONGEST, on_change=_take_line, args=(key,),
                  help="Any one number may be left out: it follows from the others and the list price.")  # fmt: skip
    components.said_of(key)
    st.caption(typeset(f"Such as: {EXAMPLE}. It may go on: {TERMS}. Several models or providers: a semicolon between."))


def _take_line(key: str) -> None:
    text, now, on = st.session_state[key], state.current(), date.today()
    if not text.strip():
        return
    try:
        found = read(text, now.currency.code, now.scenario.workload.cached_input_frac)
    except ScenarioError as refusal:
        messages.refuse(state.in_words(refusal), Entry(key))
        return
    if state.attempt(lambda: taken(now, found.today(f"the line that you wrote on {day(on)}"), on), Entry(key)):
        with state.as_on_screen():
            messages.say(f"{told(found)} {kept(state.current())}".strip(), DONE)


def _take(files: Sequence[Any]) -> None:
    """Read what was dropped and take it into the scenario, once; the page is then drawn anew."""
    usage = own_usage.take_files(files, Said())
    if not usage:
        long_reads.tell_stopped()
    elif st.session_state.get(TAKEN) != usage.uploads:
        st.session_state[TAKEN] = usage.uploads
        if own_usage.straight(usage, FILES):
            rows = sum(file.rows for file in usage.reading.files)
            left_out = " ".join(usage.reading.refusals)
            said = f"{numeral(rows, ',')} rows read: the workload is yours, and what you run now is an option. "
            messages.say(
                f"{said}The page Your usage tells what each number is from. {kept(state.current())} {left_out}".strip(),
                DONE,
            )
        st.rerun()


def _open_crossing() -> None:
    state.choose_preset(CROSSING)


def _shut() -> None:
    st.session_state[OPEN] = False
