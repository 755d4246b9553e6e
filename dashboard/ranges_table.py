"""The table of ranges: low, high and distribution of every number, edited in the units in which they are read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

import pandas as pd
import streamlit as st

from costmodel.fields import SHARES, Number
from costmodel.scenario import number_at
from costmodel.uncertainty.ranges import Distribution, Range
from dashboard import components, messages, state
from dashboard.messages import Entry
from dashboard.rows import cards, in_two_ways, names_in_place
from reports.words.labels import path_label
from reports.words.typed import Misread, Typed, shown, typed

ENDS = ("low", "high")
DISTRIBUTIONS = {name: {"pert": "PERT"}.get(name, name.replace("_", " ")) for name in get_args(Distribution)}
TABLE = "ranges_table"  # with a number, the key of the table: another one is begun where it shows what no longer holds
COUNT = "ranges_tables"


def ranges_editor() -> None:
    """Low, high and distribution of every number, to be edited."""
    with components.fold("Ranges", key="ranges") as box:
        if box.open:
            _edit()


def _edit() -> None:
    scenario, spread = state.scenario(), state.analysis(as_kept=True).ranges
    st.caption("From the assumptions and the spread of the market; what you change here is kept in the scenario.")
    labels = {path: path_label(scenario, path) for path in spread}
    rows = [
        {"number": labels[path], "low": _cell(path, "low", r), "today": end_shown(r.base, number_at(scenario, path)),
         "high": _cell(path, "high", r), "distribution": r.distribution}
        for path, r in spread.items()
    ]  # fmt: skip
    if any(not _holds(path, edited, spread[path]) for path, edited in _edits(list(spread))):
        st.session_state[COUNT] = st.session_state.get(COUNT, 0) + 1
    in_two_ways(
        lambda: st.html(_cards(rows)),
        lambda is_asked: _grid(rows, spread, is_asked),
        asked="As a table, to change them",
    )
    for path in spread:
        for part in (*ENDS, "distribution"):
            if _stands(path, part, spread[path]):
                components.said_of(_at(path, part), about=labels[path])


def _cards(rows: Sequence[Mapping[str, str]]) -> str:
    worded = [{**row, "distribution": DISTRIBUTIONS[row["distribution"]]} for row in rows]
    return cards(pd.DataFrame(worded), {name: name.capitalize() for name in rows[0]}, named=1)


def _grid(rows: Sequence[Mapping[str, str]], spread: Mapping[str, Range], is_asked: bool) -> None:
    st.data_editor(
        rows,
        key=_key(),
        hide_index=True,
        disabled=["number", "today"],
        column_config={
            "number": {"label": "Number", **names_in_place(is_asked)},
            **{name: st.column_config.TextColumn(name.capitalize(), alignment="right") for name in (*ENDS, "today")},
            "distribution": st.column_config.SelectboxColumn(
                "Distribution", options=list(DISTRIBUTIONS), format_func=DISTRIBUTIONS.get, required=True
            ),
        },
        on_change=_take,
        args=(spread,),
        alt="Low, high and distribution of every number",
    )


def _key() -> str:
    return f"{TABLE}:{st.session_state.get(COUNT, 0)}"


def _at(path: str, part: str) -> str:
    return f"{TABLE}:{path}:{part}"


def _edits(paths: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What was entered into the table that is shown, by path."""
    edited = st.session_state.get(_key(), {}).get("edited_rows", {})
    yield from ((paths[int(row)], cells) for row, cells in edited.items() if int(row) < len(paths))


def _stands(path: str, part: str, spread: Range) -> bool:
    """Whether what was said of a cell still is about the range that there is."""
    said = messages.told(_at(path, part))
    return said is not None and (not said.waits or said.entry.value == _part_shown(path, part, spread))


def _waits(path: str, part: str, spread: Range) -> bool:
    return _stands(path, part, spread) and messages.told(_at(path, part)).waits


def _cell(path: str, end: str, spread: Range) -> str:
    """An end of a range, or the text that was refused in its place."""
    if _waits(path, end, spread):
        return messages.told(_at(path, end)).entry.text
    return _part_shown(path, end, spread)


def _part_shown(path: str, part: str, spread: Range) -> str:
    """A part of a range as its cell shows it where nothing was refused."""
    value = getattr(spread, part)
    return end_shown(value, number_at(state.scenario(), path)) if part in ENDS else value


def _holds(path: str, edited: Mapping[str, Any], spread: Range) -> bool:
    """Whether the table shows what there is: after undo it does not."""
    taken = {part: text for part, text in edited.items() if not _waits(path, part, spread)}
    try:
        return changed(spread, taken, number_at(state.scenario(), path)) == spread
    except Misread:
        return False


def end_shown(value: float, number: Number) -> str:
    """A value of a range in the unit that its row names, ready to be typed back: shares as percent."""
    return f"{shown(value, number)}{' %' if number.unit in SHARES else ''}"


def changed(spread: Range, edited: Mapping[str, Any], number: Number) -> Range:
    """The range with what was entered into its cells; Misread when a text is no number."""
    ends = {end: _typed(spread, end, edited[end], number).value for end in ENDS if end in edited}
    return replace(spread, **ends, distribution=edited.get("distribution", spread.distribution))


def _typed(spread: Range, end: str, text: str | None, number: Number) -> Typed:
    return typed(text or "", number, end_shown(getattr(spread, end), number))


def _take(spread: Mapping[str, Range]) -> None:
    """Keep what was edited in the table, each entry on its own; what is not right stays there with its sentence.

    A new sentence is told in passing too: the foot of a long table may be out of sight.
    """
    state.show_as_kept()  # the page, which does so too, is drawn after this
    for path, edited in _edits(list(spread)):
        for part, text in edited.items():
            before, at = messages.told(_at(path, part)), _at(path, part)
            if _waits(path, part, spread[path]) and before.entry.text == (text or ""):
                continue
            _enter(path, part, text or "")
            said = messages.told(at)
            if said and said.refused and said != before:
                st.toast(components.plain(said.sentence), icon=":material/error:")


def _enter(path: str, part: str, text: str) -> None:
    number, now = number_at(state.scenario(), path), state.analysis(as_kept=True).ranges[path]
    entry = Entry(_at(path, part), text, _part_shown(path, part, now))
    try:
        after = changed(now, {part: text}, number)
    except Misread as refusal:
        messages.refuse(str(refusal), entry)
        return
    if after == now:
        messages.settle(entry.at)
    elif state.set_range(path, replace(after, also=()), entry):
        echo = _typed(now, part, text, number).echo if part in ENDS else ""
        if echo:
            messages.say(echo, entry.at)
