"""What leaves the browser: tables for finance, papers for executives, the scenario as file and link."""

import streamlit as st

from costmodel.numerals import marks
from dashboard import components, exports, state, widgets
from reports.files import offered
from reports.words.fiscal import budget
from reports.words.money import in_currency

st.title("Take the numbers with you")
with st.container(horizontal=True, vertical_alignment="bottom"):
    layout = st.selectbox("Numbers in CSV", list(offered.LAYOUTS), key="csv_layout", width=240)
    version = st.selectbox("FOCUS names of", ["1.4", "1.2"], key="focus_version", width=140)
wish = offered.Wish(state.analysis(as_kept=True), offered.LAYOUTS[layout], version)

st.header("For finance")
st.markdown(
    "Totals are sums of unrounded values and equal the screen. Texts are guarded against being read as formulas."
)
with st.container(horizontal=True):
    for file in offered.TABLES:
        exports.offer(file, wish)
columns, rows, sums = exports.preview(wish.comparison)
caption = in_currency("Lines: cash as it is paid (USD)")
components.table(columns, rows, numeric=range(1, len(columns)), caption=caption, sums=sums)
components.bridge(wish.comparison)
told = budget(wish.comparison)
st.header("By fiscal year")
components.statement(f"{told.headline}.")
components.table_of(told, numeric=range(2, len(told.columns)))

st.header("For executives")
st.markdown("The same briefing as on the Present page, made from the scenario as it is now.")
by = st.text_input("Made by", key="made_by", max_chars=80, help="Stands in the head of the model’s file.", width=300)
papers = offered.Wish(state.analysis(), by=by.strip(), marks=marks())
with st.container(horizontal=True):
    for file in offered.PAPERS:
        exports.offer(file, papers)

st.header("For colleagues")
left, right = st.columns(2, gap="large")
with left:
    exports.show_link()
    exports.offer(offered.SCENARIO, wish)
with right:
    st.markdown("**File.** Open a scenario that was saved; what is on screen stays if the file is not right.")
    widgets.upload("Scenario file (JSON)", ["json"], exports.open_file, key="scenario_file")
