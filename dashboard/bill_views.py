"""From today's bill to each option: step by step to one of them, and all of them side by side."""

import streamlit as st

from costmodel.comparison import Comparison
from dashboard import components, decision_charts, state
from reports.words.bill import STEPS_NOTE, beside, steps, steps_title
from reports.words.money import shown

ROW_HEIGHT, AXIS_HEIGHT = 34, 44  # pixels


def bridge(comparison: Comparison) -> None:
    """Nothing where no bill is known."""
    table = beside(state.current(), comparison)
    if table is None:
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        slug = _to(comparison)
        found = steps(state.current(), comparison, slug)
        title = steps_title(found)
        components.chart(
            title,
            decision_charts.steps(found[0], found[1:-1], found[-1]),
            key="bill_steps",
            height=AXIS_HEIGHT + ROW_HEIGHT * len(found),
            alt=f"{title}.",
            measure=f"An average month of the horizon, {shown().code} as cash",
            note=STEPS_NOTE,
        )
    with right:
        st.header(components.plain(table.headline))
        components.table_of(table, numeric=(1, 2), key="bill_beside")


def _to(comparison: Comparison) -> str:
    """The option to which the steps lead: the cheapest that is not today's, until the reader chooses another."""
    bill = state.current().bill
    others = [slug for slug in comparison.ranking if bill and slug != bill.option] or list(comparison.ranking[:1])
    names = {slug: components.plain(comparison[slug].label) for slug in others}
    return st.selectbox("From today's bill to", others, format_func=names.get, key="bill_to", width=360)
