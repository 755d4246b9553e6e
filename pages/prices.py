"""The catalogues: every price and figure with its source, date and age. Search, sort, filter."""

from datetime import date

import streamlit as st

from reports.catalogue import CATALOGUES, catalogue, matching

st.title("Prices and figures, with source and date")
name = st.segmented_control(
    "Catalogue", list(CATALOGUES), default=next(iter(CATALOGUES)), required=True, key="catalogue"
)
wanted = st.text_input("Find", key="catalogue_find", placeholder="Several words narrow it down: H200 Nebius")
rows = catalogue(name, date.today())
found = matching(rows, wanted)
stale = int(found["stale"].sum())
st.caption(f"{len(found)} of {len(rows)} rows" + (f"; {stale} are older than 180 days and marked" if stale else ""))
st.dataframe(
    found,
    hide_index=True,
    height=520,
    column_config={
        "address": st.column_config.LinkColumn("address", display_text="open"),
        "stale": st.column_config.CheckboxColumn("stale", help="Older than 180 days."),
    },
    alt=f"Catalogue: {name}",
)
st.caption("A price of your own: change it on the Options page; it is kept in the scenario and marked as changed.")
