"""The first minute: the answer, what it costs, where the curves cross, what it is made of."""

import streamlit as st

from dashboard import blocks, charts, door, market_views, questions, risk, state
from reports.bill import beside
from reports.measure import note
from reports.narrative import verdict
from reports.parts import NOTE, largest_part_title
from reports.price_path import prices_told
from reports.story import WITHOUT_SALE, crossings, curves_title
from reports.titles import decides

comparison = state.comparison()
with st.container():  # also there when empty, so that the charts below keep their places
    door.door()
blocks.answer(verdict(comparison))
with st.container():
    market_views.cheaper_line(comparison)
blocks.tiles(comparison)
sure = st.empty()
with st.container():
    blocks.met()
with st.container():
    if told := decides(state.current()):
        st.markdown(f"**What decides it.** {blocks.plain(told)}")
    st.markdown(f"**Prices to come.** {blocks.plain(prices_told(comparison))}")

title = curves_title(comparison)
left, right = st.columns([3, 2], gap="large")
with left:
    blocks.chart(
        title,
        charts.cumulative(comparison, crossings(comparison)),
        key="cumulative",
        alt=f"Cumulative cost of {len(comparison.costs)} options over {comparison.months[-1]:.0f} months. {title}.",
        note=f"{note(comparison.scenario)} {WITHOUT_SALE}",
    )
with right:
    blocks.chart(
        largest_part_title(comparison),
        charts.cost_stack(comparison),
        key="stack",
        height=charts.stack_height(comparison),
        alt="Cost of each option by group of cost lines.",
        note=f"{note(comparison.scenario)} {NOTE}",
    )
if table := beside(state.current(), comparison):
    st.header(blocks.plain(table.headline))
    blocks.table(table.columns, table.rows, numeric=(1, 2), caption=table.note, key="bill_beside")
questions.questions(comparison)
blocks.bridge(comparison)
risk.sure_line(sure)
