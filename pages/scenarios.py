"""The library: save what is on screen under a name, find it again, with every version it ever had."""

import streamlit as st

from dashboard import decisions, sharing, shelves
from dashboard.components import plain

st.title("Scenarios")
if shelves.looked_up(shelves.shelf) is None:  # who may not use it is told so once
    st.stop()
st.caption("Kept in the library of this server; nothing is sent anywhere else.", help=f"In {plain(shelves.place())}.")
shelves.save_form()
decisions.form()
entries = shelves.listing()
if entries == []:
    st.markdown("Nothing here yet." if not st.session_state.get("shelf_search") else "No scenario has all these words.")
for entry in entries or ():
    shelves.row(entry, sharing.section)
shelves.exchange()
