"""Two to four scenarios side by side: what differs in the inputs, the results, the curves together."""

import streamlit as st

from dashboard import components, side_by_side
from reports.words import side_by_side as words
from reports.words.changes import differing
from reports.words.money import shown

place = st.empty()
chosen = side_by_side.choose()
if len(chosen) < 2:
    place.title("Scenarios side by side")
    st.markdown("Choose at least two: what is on screen, presets, or scenarios saved in the library.")
    st.stop()
compared = side_by_side.compared(chosen)
told, measured = words.results(compared), words.measured(compared)
place.title(components.plain(told.headline))
st.header("Results")
components.table_of(told)
components.chart(
    words.curves_title(compared),
    side_by_side.curves(compared),
    key="compare",
    measure=f"Cost so far by month, {measured[0].lower()}{measured[1:]}, {shown().code}",
    alt=f"Cumulative cost of the cheapest option of each scenario over time. {words.curves_title(compared)}.",
    note=words.curves_note(compared),
)
columns, groups = ["Input", *chosen], differing(chosen)
rows = [row for group in groups.values() for row in group]
st.header("What differs in the inputs")
if not rows:
    st.markdown("Nothing differs in the inputs. The scenarios cost the same.")
elif len(rows) <= side_by_side.LONG:
    components.table(columns, rows, numeric=range(1, len(columns)))
else:
    for whose, group in groups.items():
        with st.expander(f"{components.plain(whose)}: {len(group)}"):
            components.table(columns, group, numeric=range(1, len(columns)))
