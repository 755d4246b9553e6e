"""Every formula in the engine's own words: what each quantity is, in which unit, and what it assumes."""

import streamlit as st

from dashboard import components
from reports.words.method import cost_lines, definitions, glossary, with_units

st.title("How every number is worked out")
st.markdown(
    "These texts are the documentation of the functions that run: the method page cannot differ from the model. "
    "Column 0 is today, columns 1 to T are month ends; purchases at a column serve the month after it."
)
wanted = st.text_input(
    "Find", st.query_params.get("find", ""), key="method_find", placeholder="utilisation, commitment, residual …"
)
wanted = wanted.strip().lower()
if words := [row for row in glossary() if wanted in " ".join(["Words", *row]).lower()]:
    st.header("Words")
    components.table(["Word", "Meaning", "Known from"], words)
if lines := [line for line in cost_lines() if wanted in " ".join(["Cost lines", *line]).lower()]:
    st.header("Cost lines")
    st.markdown(
        "Costs are positive, credits negative. Credits at the end count in totals, not in a break-even in time."
    )
    components.table(["Line", "Group", "Units", "Meaning and assumptions", "Booked"], lines)
for section, entries in definitions().items():
    found = [entry for entry in entries if wanted in " ".join(entry).lower()]
    if found:
        st.header(components.plain(section))
        components.table(*with_units(found))
