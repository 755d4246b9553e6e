"""Many rows to search and sort: a grid, and where a telephone has no room for one, cards that open."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from costmodel.numerals import numeral
from reports.files.markup import set_as_html
from reports.words.text import YEAR, in_figures

CARDS = 25  # rows that a telephone shows one below the other
EVIDENCE = {"Aliases", "Source"}  # columns from which on a row has what its figures rest on
LETTER, PADDING, NARROWEST, WIDEST = 6.2, 20, 60, 260  # pixels of a letter, around a text, of a column
MOST = 0.95  # of the texts of a column, which it shows whole, as all its figures
ROW = 35  # pixels of a row of the grid, with the headings as one more
NAMES = 140  # pixels of the names on a telephone
TOLD = 3  # cells beside its name that a closed card shows
ROOM = 1060  # pixels that the grid has in a window of 1440
ALWAYS = ("As of", "Address")  # what every row rests on, of the columns that do not fit


def rows(frame: pd.DataFrame, *, height: int, alt: str, columns: Mapping[str, Any]) -> None:
    """Rows of which the first column has the names, which stay in place where others scroll past them.

    `columns` is how Streamlit shows some of them. A telephone shows the first as cards, and all as the grid when asked.
    """
    looks = {name: {**columns.get(name, {}), "width": pixels(frame[name], columns.get(name, {}))} for name in frame}
    labels = {name: look.get("label") or name for name, look in columns.items()}
    most, first = min(height, ROW * (len(frame) + 1) + 3), frame.columns[0]

    few = fitting({name: look["width"] for name, look in looks.items()})

    def grid(is_asked: bool) -> None:
        config = {**looks, first: {**looks[first], **names_in_place(is_asked)}}
        is_whole = is_asked or len(few) == len(looks) or st.toggle(f"All {len(looks)} columns", key="rows_every")
        st.dataframe(frame, hide_index=True, height=most, placeholder="", column_config=config, alt=alt,
                     column_order=None if is_whole else few)  # fmt: skip

    in_two_ways(lambda: _first(frame, labels), grid, asked="All columns, as a table")


def fitting(widths: Mapping[str, int]) -> list[str]:
    """The columns that a window has room for, by their widths in pixels: the first ones and those that always stand."""
    if not {*ALWAYS} <= widths.keys():  # rows of figures alone
        return [*widths]
    room, found = ROOM - sum(widths[name] for name in ALWAYS), []
    for name, width in widths.items():
        if name not in ALWAYS:
            room -= width
        if name in ALWAYS or room >= 0:
            found.append(name)
    return found


def in_two_ways(as_cards: Callable[[], object], as_grid: Callable[[bool], object], *, asked: str) -> None:
    """Rows as a grid, and on a telephone as cards until the grid is `asked` for, which it is then told."""
    with st.container(key="rows", gap=None):
        with st.container(key="rows_narrow", gap="small"):
            whole = st.toggle(asked, key="rows_whole")
            if not whole:
                as_cards()
        with st.container(key="rows_table" if whole else "rows_grid"):
            as_grid(whole)


def names_in_place(is_asked: bool) -> dict[str, Any]:
    """How a column of names looks that stays in place, and leaves room to others where a telephone is asked for it."""
    return {"pinned": True, **({"width": NAMES} if is_asked else {})}


def _first(frame: pd.DataFrame, labels: Mapping[str, str]) -> None:
    if len(frame):
        st.html(cards(frame[:CARDS], labels))
    if len(frame) > CARDS:
        st.caption(f"The first {CARDS} of {numeral(len(frame), ',')}: more words in Find narrow them down.")


def pixels(column: pd.Series, look: Mapping[str, Any]) -> int:
    """How wide a column is: as its heading and its texts ask for, since the grid would keep that of the rows before."""
    is_number = pd.api.types.is_numeric_dtype(column)
    lengths = sorted(len(numeral(cell, ",.0f") if is_number else str(cell)) for cell in column.dropna())
    longest = lengths[int((1 if is_number else MOST) * (len(lengths) - 1))] if lengths else 0
    letters = max(len(look.get("label") or str(column.name)), longest)
    return look.get("width") or int(min(max(LETTER * letters + PADDING, NARROWEST), WIDEST))


def in_thousands(column: pd.Series) -> bool:
    """Whether a column has numbers that are read more easily with marks between thousands; these show two decimals."""
    told = column.dropna()
    return bool(pd.api.types.is_numeric_dtype(column) and told.max() >= 1000 and (told.round(2) == told).all())


def cards(frame: pd.DataFrame, labels: Mapping[str, str], named: int = 0) -> str:
    """Each row as its name and what follows it; what else it has opens below.

    The name is in so many columns as are `named`. Where none is and the first column repeats itself, as that of who
    sells it, a text next to it is of the name too.
    """
    named = named or (1 if frame.iloc[:, 0].is_unique or pd.api.types.is_numeric_dtype(frame.iloc[:, 1]) else 2)
    columns = [*frame.columns[named:]]
    cells = [(name, labels.get(name, name)) for name in columns]
    at = next((place for place, name in enumerate(columns) if name in EVIDENCE), len(columns))
    parts = (cells[:at], slice(at)), (cells[at:], slice(at, None))
    return "".join(
        _card(_name(row[:named]), *(list(_told(part, row[named:][of], YEAR in row)) for part, of in parts))
        for row in frame.itertuples(index=False, name=None)
    )


def _name(parts: Sequence[Any]) -> str:
    """What a row is called: who sells it is not said twice."""
    first, last = _shown(parts[0]), _shown(parts[-1])
    return (last if last.startswith(first) else f"{first} {last}") or "\u2014"


def _card(name: str, figures: Sequence[tuple[str, str]], evidence: Sequence[tuple[str, str]]) -> str:
    first = " \u00b7 ".join(f"{label} <b>{value}</b>" for label, value in figures[:TOLD])
    rest = (*figures[TOLD:], *evidence)
    more = "".join(f"<div><dt>{label}</dt><dd>{value}</dd></div>" for label, value in rest)
    return (
        f"<details class=card><summary><strong>{set_as_html(name)}</strong>{first}</summary><dl>{more}</dl></details>"
    )


def _told(cells: Sequence[tuple[str, str]], row: Sequence[Any], of_years: bool) -> Iterator[tuple[str, str]]:
    """(what, value) as HTML of the cells that say something; numbers of a row that is of years are not grouped."""
    for (name, label), value in zip(cells, row, strict=True):
        if name == "Address" and isinstance(value, str):
            yield label, f'<a href="{escape(value, quote=True)}" target="_blank" rel="noopener noreferrer">open</a>'
        elif shown := _shown(value, YEAR if of_years else ""):
            yield set_as_html(label), set_as_html(shown)


def _shown(value: Any, unit: str = "") -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, (str, date)):
        return str(value)
    return "" if pd.isna(value) else in_figures(float(value), unit)
