"""The first minute: the answer, what it costs, where the curves cross, what it is made of."""

import streamlit as st

from dashboard import blocks, charts, risk, state
from reports.money import in_currency
from reports.narrative import at_stake, crossing_title, verdict
from reports.story import largest_part_title
from reports.titles import decides

comparison = state.comparison()
blocks.answer(verdict(comparison))
blocks.tiles(comparison)
sure = st.empty()
with st.container():  # also there when empty, so that the charts below keep their places
    if told := decides(state.current()):
        st.markdown(f"**What decides it.** {blocks.plain(told)}")

b, a = at_stake(comparison)
title = crossing_title(comparison, a, b) if b and a else "Cumulative cost of every option"
left, right = st.columns([3, 2], gap="large")
with left:
    blocks.chart(
        title,
        charts.cumulative(comparison),
        key="cumulative",
        alt=f"Cumulative cost of {len(comparison.costs)} options over {comparison.months[-1]:.0f} months. {title}.",
        note=in_currency("Cash as it is paid, in nominal USD, without residual values at the end."),
    )
with right:
    blocks.chart(
        largest_part_title(comparison),
        charts.cost_stack(comparison),
        key="stack",
        height=charts.stack_height(comparison),
        alt="Total cost of each option by group of cost lines.",
        note="Total over the horizon, nominal; what is sold at the end stands left of zero.",
    )
risk.sure_line(sure)
