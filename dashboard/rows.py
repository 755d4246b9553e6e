"""Many rows to search and sort: a grid, and where a telephone has no room for one, cards that open."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from costmodel.numerals import numeral
from reports.files.markup import set_as_html
from reports.words.text import figure

CARDS = 25  # rows that a telephone shows one below the other
LETTER, PADDING, NARROWEST, WIDEST = 7, 24, 70, 300  # pixels of a letter, around a text, of a column
TOLD = 3  # cells beside its name that a closed card shows


def rows(frame: pd.DataFrame, *, height: int, alt: str, columns: Mapping[str, Any]) -> None:
    """Rows of which the first column has the names, which stay in place where others scroll past them.

    `columns` is how Streamlit shows some of them. A telephone shows the first as cards, and all as the grid when asked.
    """
    looks = {name: {**columns.get(name, {}), "width": _pixels(frame[name], columns.get(name, {}))} for name in frame}
    looks[frame.columns[0]]["pinned"] = True
    with st.container(key="rows", gap=None):
        with st.container(key="rows_narrow", gap="small"):
            whole = st.toggle("All columns, as a table", key="rows_whole")
            if not whole:
                st.html(cards(frame[:CARDS], {name: look.get("label") or name for name, look in columns.items()}))
                if len(frame) > CARDS:
                    st.caption(f"The first {CARDS} of {numeral(len(frame), ',')}: more words in Find narrow them down.")
        with st.container(key="rows_table" if whole else "rows_grid"):
            st.dataframe(frame, hide_index=True, height=height, placeholder="", column_config=looks, alt=alt)


def _pixels(column: pd.Series, look: Mapping[str, Any]) -> int:
    """How wide a column is: as its heading and its texts ask for, since the grid would keep that of the rows before."""
    texts = column.dropna().astype(str).str.len().max() if column.dtype == object and len(column.dropna()) else 0
    letters = max(len(look.get("label") or str(column.name)), int(texts))
    return look.get("width") or min(max(LETTER * letters + PADDING, NARROWEST), WIDEST)


def in_thousands(column: pd.Series) -> bool:
    """Whether a column has whole numbers that are read more easily with marks between thousands."""
    return bool(pd.api.types.is_numeric_dtype(column) and column.max() >= 1000 and (column.dropna() % 1 == 0).all())


def cards(frame: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Each row as its name and what follows it; what else it has opens below.

    Where the first column repeats itself, as that of who sells it, the next is of the name too.
    """
    named = 1 if frame.iloc[:, 0].is_unique else 2
    cells = [(name, labels.get(name, name)) for name in frame.columns[named:]]
    rows = frame.itertuples(index=False, name=None)
    return "".join(_card(" ".join(map(_shown, row[:named])), list(_told(cells, row[named:]))) for row in rows)


def _card(name: str, told: Sequence[tuple[str, str]]) -> str:
    first = " \u00b7 ".join(f"{label} <b>{value}</b>" for label, value in told[:TOLD])
    more = "".join(f"<div><dt>{label}</dt><dd>{value}</dd></div>" for label, value in told[TOLD:])
    return (
        f"<details class=card><summary><strong>{set_as_html(name)}</strong>{first}</summary><dl>{more}</dl></details>"
    )


def _told(cells: Sequence[tuple[str, str]], row: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """(what, value) as HTML of the cells that say something."""
    for (name, label), value in zip(cells, row, strict=True):
        if name == "Address" and isinstance(value, str):
            yield label, f'<a href="{escape(value, quote=True)}" target="_blank" rel="noopener noreferrer">open</a>'
        elif shown := _shown(value):
            yield set_as_html(label), set_as_html(shown)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, (str, date)):
        return str(value)
    return "" if pd.isna(value) else figure(float(value))
