"""What leaves the browser: tables for finance, the scenario as file and link, and opening them again."""

import streamlit as st

from dashboard import blocks, exports, state

comparison = state.comparison()
st.title("Take the numbers with you")

st.subheader("Tables for finance")
st.markdown(
    "Totals are sums of unrounded values and equal the screen. Texts are guarded against being read as formulas."
)
with st.container(horizontal=True):
    for entry in exports.FILES:
        st.download_button(entry.label, entry.make(state.current()), entry.file_name, entry.mime, key=entry.file_name,
                           help=entry.about, icon=":material/download:", on_click="ignore")  # fmt: skip
columns, rows = exports.preview(comparison)
blocks.table(
    columns, rows, numeric=range(1, len(columns)), caption="Total over the horizon by line, as in the wide CSV (USD)"
)

st.subheader("The scenario")
left, right = st.columns(2, gap="large")
with left:
    st.markdown("**Link.** It carries what differs from the preset; nothing is stored anywhere else.")
    st.code(exports.link(), language=None, wrap_lines=True)
with right:
    st.markdown("**File.** Open a scenario that was saved; what is on screen stays if the file is not right.")
    st.file_uploader("Scenario file (JSON)", type=["json"], key="scenario_file", on_change=exports.open_file)
