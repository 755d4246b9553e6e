"""The section on the cost after tax: what it rests on beside what it comes to."""

import streamlit as st

from costmodel.comparison import Comparison
from dashboard import components, decision_charts, widgets
from dashboard.navigation import page
from reports.words import after_tax
from reports.words.measure import measured


def after_tax_section(comparison: Comparison) -> None:
    """What each option costs before and after tax, with tax rate and schedule as inputs beside it."""
    found = after_tax.amounts(comparison)
    told = after_tax.table(comparison, found)
    st.header("After tax")
    left, right = st.columns([3, 1], gap="large")
    with right:
        widgets.number("finance.tax_rate_frac")
        widgets.choice("finance.depreciation", label="Depreciation of purchases", names=after_tax.SCHEDULES)
        st.page_link(page("workload"), label="Discount rate: on the Workload page")
    with left:
        components.table(told.columns, told.rows, numeric=range(1, len(told.columns)))
    components.chart(
        told.headline,
        decision_charts.after_tax(comparison, found),
        key="after_tax",
        measure=f"Whole horizon, {measured(comparison.scenario)}",
        height=decision_charts.parts_height(comparison),
        alt=f"Cost of each option after tax, and the tax that deductions save. {told.headline}.",
        note=told.note,
    )
