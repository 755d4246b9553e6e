"""The reader's own prices on screen: typed in a form or read from a CSV, kept in the library, edited and removed."""

import os
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args, get_origin

import streamlit as st

from costmodel.errors import ScenarioError
from dashboard import components, people, shelves, state, widgets
from dashboard.components import plain
from library import Prices, prices
from library.price_files import read_own, template
from pricing.facts import (
    ElectricityPrice,
    Fact,
    Gpu,
    GpuCommitment,
    GpuInstance,
    Own,
    SeatPrice,
    Server,
    TokenContract,
    offered,
    rows,
)
from pricing.own import FIELDS, KEYS, MAY_BE_EMPTY, TABLES, columns, entered, key_of, number_in, together
from pricing.reading import Wrong
from reports.words.capacity import counted
from reports.words.catalogue import OWN
from reports.words.labels import field_label
from reports.words.own_prices import LABELS, own_table

KEY = "own_prices"
NEW_ROW = ""
IN_A_ROW = 4
WHAT = {
    Server: "What a server costs that was quoted to you.",
    GpuInstance: "What an hour of a GPU costs you, without a commitment and on spot.",
    GpuCommitment: "What an hour costs under a commitment; the instance is in the catalogue or among your own.",
    TokenContract: "What a million tokens cost under your contract; cached ones without a price cost what input does.",
    SeatPrice: "What a seat costs you for a month, by your agreement.",
    ElectricityPrice: "What your contract says a kilowatt-hour costs, all in.",
}


def _kept() -> Prices:
    return prices(os.environ, people.member())


def known() -> Own:
    """The library's own prices, and those that only the scenario has; without a library the latter alone."""
    try:
        kept = _kept().all()
    except ScenarioError:
        kept = ()
    return together(kept, state.current().own)


def expired() -> None:
    """What rests on a quotation that is no longer valid, said on every page."""
    for row in state.current().own:
        if row.expired(date.today()):
            name, told = getattr(row, KEYS[type(row)][-1]), f"{row.source}, {row.as_of}"
            st.info(plain(f"{name}: your quotation ({told}) was valid until {row.valid_until}. Ask whether it still "
                          "holds, or enter the new one on the Prices page."), icon=":material/event_busy:")  # fmt: skip


def section() -> None:
    """The part of the page where they are entered."""
    kept = shelves.looked_up(lambda: _kept().all())
    if kept is None:
        return
    title = f"Your own prices ({len(kept)})" if kept else "Your own prices: add a quotation or a negotiated price"
    with components.fold(title, key=KEY, icon=":material/request_quote:") as box:
        if not box.open:
            return
        name = st.segmented_control("What has the price", list(OWN), default=next(iter(OWN)), required=True,
                                    key="own_table")  # fmt: skip
        kind = OWN[name]
        st.caption(f"{WHAT[kind]} Kept in the library of this server. Yours stand first wherever one chooses; a "
                   "scenario that uses one keeps it, for whoever opens it.")  # fmt: skip
        mine = [row for row in kept if type(row) is kind]
        if mine:
            components.table(*own_table(kind, mine, date.today()), numeric=_numeric(kind))
        _form(kind, mine)
        _file(kind, kept)


def _numeric(kind: type[Fact]) -> list[int]:
    return [i for i, column in enumerate(columns(kind)) if column in FIELDS[kind]]


def _form(kind: type[Fact], mine: Sequence[Fact]) -> None:
    """One row's inputs, of a new one or of one that is there, with what can be done with it."""
    by_key = {key_of(row): row for row in mine}
    chosen = NEW_ROW
    if mine:
        told = {NEW_ROW: "A new one", **{key: " · ".join(_named(row)) for key, row in by_key.items()}}
        place = f"own_row:{kind.__name__}"
        if st.session_state.get(place) not in told:
            st.session_state[place] = NEW_ROW
        chosen = st.selectbox("Add or change", list(told), format_func=told.get, key=place)
    row, prefix = by_key.get(chosen), f"own:{kind.__name__}:{chosen.replace(chr(10), '/')}"
    asked = columns(kind)
    for i in range(0, len(asked), IN_A_ROW):
        for place, column in zip(st.columns(IN_A_ROW), asked[i : i + IN_A_ROW], strict=False):
            with place:
                _input(kind, column, row, f"{prefix}:{column}")
    with st.container(horizontal=True):
        st.button("Keep it", key=f"{prefix}:keep", type="primary", icon=":material/save:", on_click=_keep,
                  args=(kind, row, prefix))  # fmt: skip
        if row:
            st.button("Remove it", key=f"{prefix}:remove", icon=":material/delete:", on_click=_remove,
                      args=(row, prefix))  # fmt: skip
    components.said_of(prefix)


def _named(row: Fact) -> list[str]:
    return [str(getattr(row, column)) for column in KEYS[type(row)]]


def label(kind: type[Fact], column: str) -> str:
    """A column as the form calls it."""
    return LABELS.get(column) or field_label(*FIELDS[kind][column])


def _input(kind: type[Fact], column: str, row: Fact | None, key: str) -> None:
    now, optional = getattr(row, column, None), column in MAY_BE_EMPTY
    title = f"{label(kind, column)}, may be empty" if optional else label(kind, column)
    if number := number_in(kind, column):
        widgets.own_text(title, number, now, key=key, may_be_empty=optional)
    elif column in ("as_of", "valid_until"):
        usual = date.today() if column == "as_of" and row is None else now
        st.session_state.setdefault(key, usual)
        st.date_input(title, key=key, format="YYYY-MM-DD")
    elif (choices := _choices(kind, column, key)) is not None:
        start = choices.index(now) if now in choices else None
        st.selectbox(title, choices, start, key=key, placeholder="Choose")
    else:
        st.session_state.setdefault(key, now or "")
        st.text_input(title, key=key)


def _choices(kind: type[Fact], column: str, key: str) -> list[str] | None:
    """What a column may name; None where it is free."""
    if column == "gpu":
        return [row.name for row in rows(Gpu)]
    if get_origin(annotation := kind.model_fields[column].annotation) is Literal:
        return list(get_args(annotation))
    if kind is not GpuCommitment or column not in ("provider", "instance"):
        return None
    listed = offered(GpuInstance, known())
    if column == "provider":
        return list(dict.fromkeys(row.provider for row in listed))
    seller = st.session_state.get(f"{key.removesuffix(column)}provider")
    return list(dict.fromkeys(row.name for row in listed if row.provider == seller))


def _keep(kind: type[Fact], before: Fact | None, prefix: str) -> None:
    def keep() -> Fact:
        state.show_as_kept()  # the page, which does so too, is drawn after this
        row = _entered(kind, before, prefix)
        if before is None and key_of(row) in map(key_of, _kept().all()):
            raise ScenarioError(f"{' · '.join(_named(row))} is there already: choose it above to change it.")
        _kept().keep([row], at=datetime.now(UTC), instead_of=before)
        return row

    if shelves.told(keep, prefix, done="Kept: it stands first wherever one chooses."):
        for column in columns(kind):
            st.session_state.pop(f"{prefix}:{column}", None)


def _entered(kind: type[Fact], before: Fact | None, prefix: str) -> Fact:
    cells = {column: _typed(kind, column, before, f"{prefix}:{column}") for column in columns(kind)}
    empty = [label(kind, column) for column, cell in cells.items() if cell == "" and column not in MAY_BE_EMPTY]
    if empty:
        raise ScenarioError(f"Still needed: {', '.join(empty)}.")
    try:
        return entered(kind, cells, known())
    except Wrong as wrong:
        words = re.sub(r"^column (\w+):?", lambda found: f"{label(kind, found[1])}:", str(wrong))
        raise ScenarioError(words if words.endswith("?") else f"{words}.") from None


def _typed(kind: type[Fact], column: str, before: Fact | None, key: str) -> Any:
    """What stands in an input, as a cell of the row."""
    now = getattr(before, column, None)
    if number := number_in(kind, column):
        try:
            value = widgets.own_typed(label(kind, column), number, now, key=key, may_be_empty=True).value
        except ScenarioError:  # which stands below the input
            raise ScenarioError("Nothing is kept until the number that is marked above is corrected.") from None
        return "" if value is None else value
    value = st.session_state[key]
    return value.isoformat() if isinstance(value, date) else value or ""


def _remove(row: Fact, prefix: str) -> None:
    now = datetime.now(UTC)
    shelves.told(lambda: _kept().remove(row, at=now), prefix, done="Removed; scenarios that use it keep it.")


def _file(kind: type[Fact], kept: Own) -> None:
    """A whole list at once: the file to fill in, and reading it back."""
    key, table = f"own_file:{kind.__name__}", next(name for name, known in TABLES.items() if known is kind)
    widgets.upload("Or a list of them as CSV, amounts in USD", ["csv", "txt", "gz"],
                   lambda content: _read(kind, st.session_state[key].name, content), key=key)  # fmt: skip
    st.download_button("The CSV to fill in, with yours so far", template(kind, kept), f"{table}.csv", "text/csv",
                       icon=":material/download:", on_click="ignore", type="tertiary")  # fmt: skip


def _read(kind: type[Fact], name: str, content: bytes) -> str:
    found = read_own(kind, name, content, known())
    _kept().keep(found, at=datetime.now(UTC))
    return f"Read: {counted(len(found), 'row')}, each in the place of one of the same name."
