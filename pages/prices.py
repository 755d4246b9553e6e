"""The catalogues: every price and figure with its source, date and age. Search, sort, filter."""

from datetime import date

import streamlit as st

from costmodel.numerals import numeral
from dashboard import own_prices, state
from dashboard.rows import in_thousands, rows
from reports.words.catalogue import CATALOGUES, found, with_own
from reports.words.plain import typeset

st.title("Prices and figures, with source and date")
own_prices.section()
st.session_state.setdefault("catalogue", next(iter(CATALOGUES)))
name = st.segmented_control("Catalogue", list(CATALOGUES), required=True, key="catalogue")


@state.fragment
def rows_found() -> None:
    """What is searched for; only this is drawn anew for another search."""
    wanted = st.text_input("Find", key="catalogue_find", placeholder="Several words narrow it down: H200 Nebius")
    own = own_prices.known()
    listed = with_own(name, date.today(), own)
    hits = found(name, date.today(), wanted, own)
    marked = {"older than 180 days or expired": hits["stale"].sum()}
    if "sources differ" in hits:
        marked["of sources that differ by more than 15 %"] = hits["sources differ"].sum()
    told = "; ".join(f"{count} {words}" for words, count in marked.items() if count)
    st.caption(f"{numeral(len(hits), ',')} of {numeral(len(listed), ',')} rows" + (f"; marked: {told}" if told else ""))
    shown = hits.rename(columns=lambda column: typeset(column[:1].upper() + column[1:]))
    rows(
        shown,
        height=520,
        columns={
            **{name: st.column_config.NumberColumn(format="localized") for name in shown if in_thousands(shown[name])},
            "Address": st.column_config.LinkColumn("Address", display_text="open", width=80),
            "Stale": st.column_config.CheckboxColumn("Stale", help="Older than 180 days; of a quotation, expired."),
        },
        alt=f"Catalogue: {name}",
    )


rows_found()
st.caption("A price for one scenario only: change the number on the Options page; it stays in that scenario, marked.")
