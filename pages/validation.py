"""Numbers that others published, reproduced through ordinary scenarios; how far sizing is off; errors of tables."""

import streamlit as st

from dashboard import components
from reports.words.validation import erratum_cells, published_cells, published_rows, sizing_table

cases, errata = published_rows()
st.title(f"{sum(row.ok for row in cases)} of {len(cases)} published numbers reproduced within their tolerance")
st.markdown(
    "Each case runs through an ordinary scenario with ordinary settings, the same as yours. Where a publication uses a "
    "convention, such as 720 hours a month or fractions of a server, that convention is a setting."
)
for source in dict.fromkeys(row.source for row in cases):
    rows = [row for row in cases if row.source == source]
    st.header(components.plain(source))
    st.caption(components.plain(rows[0].method))
    columns = ["Case", "Published", "Crossover", "Difference", "Allowed", "Within", "Remark"]
    components.table(columns, [published_cells(row) for row in rows], numeric=[1, 2, 3, 4])
sizing = sizing_table()
st.header(components.plain(sizing.headline))
st.caption(components.plain(sizing.note))
components.table(sizing.columns, sizing.rows, numeric=range(2, 8))
st.header("Errata: published numbers that do not follow from their own inputs")
columns = ["Source", "Claim", "Published", "Follows from its inputs", "Remark"]
components.table(columns, [erratum_cells(row) for row in errata], numeric=[2, 3])
