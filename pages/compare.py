"""Two to four scenarios side by side: what differs in the inputs, the results, the curves together."""

import streamlit as st

from dashboard import blocks, shelves, side_by_side

st.title("Scenarios side by side")
chosen = side_by_side.choose()
if len(chosen) < 2:
    st.markdown("Choose at least two: what is on screen, presets, or scenarios saved in the library.")
    st.stop()
st.header("Results")
blocks.table(*side_by_side.results(chosen))
blocks.chart(
    side_by_side.curves_title(chosen),
    side_by_side.curves(chosen),
    key="compare",
    alt="Cumulative cost of the cheapest option of each scenario over time.",
    note="The cheapest option of each scenario; cash as it is paid, without residual values at the end.",
)
st.header("What differs in the inputs")
blocks.table(*side_by_side.inputs(chosen))
st.caption(f"Saved scenarios come from {shelves.place()}.")
