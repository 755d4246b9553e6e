"""Numbers that others published, reproduced through ordinary scenarios; and the errors in their tables."""

import streamlit as st
from dashboard.evidence import published

from dashboard import blocks
from reports.text import number

rows = published()
cases, errata = [row for row in rows if not row.is_erratum], [row for row in rows if row.is_erratum]
met = sum(row.ok for row in cases)
st.title(f"{met} of {len(cases)} published numbers reproduced within their tolerance")
st.markdown(
    "Each case runs through an ordinary scenario with ordinary settings, the same as yours. Where a publication uses a "
    "convention, such as 720 hours a month or fractions of a server, that convention is a setting."
)
for source in dict.fromkeys(row.source for row in cases):
    group = [row for row in cases if row.source == source]
    st.subheader(source)
    blocks.table(
        ["Case", "Published", "Crossover", "Difference", "Allowed", "", "Remark"],
        [(row.what, number(row.published, row.unit), number(row.ours, row.unit), f"{row.difference:+.2g}",
          row.allowed, "✓" if row.ok else "✗", (row.remark, row.url)) for row in group],
        numeric=[1, 2, 3, 4],
    )  # fmt: skip
st.subheader("Errata: published numbers that do not follow from their own inputs")
blocks.table(
    ["Source", "Claim", "Published", "Follows from its inputs", "Remark"],
    [((row.source, row.url), row.what, number(row.published, row.unit), number(row.ours, row.unit), row.remark)
     for row in errata],
    numeric=[2, 3],
)  # fmt: skip
