"""The first minute: the answer, what it costs, where the curves cross, what it is made of."""

import streamlit as st

from dashboard import charts, components, door, market_views, questions, state, uncertainty
from reports.words.bill import beside
from reports.words.briefing import WITHOUT_SALE, crossings, curves_title
from reports.words.measure import note
from reports.words.parts import NOTE, largest_part_title
from reports.words.price_path import prices_told
from reports.words.titles import decides
from reports.words.verdict import verdict

comparison = state.comparison()
with st.container():  # also there when empty, so that the charts below keep their places
    door.door()
components.answer(verdict(comparison))
with st.container():
    market_views.cheaper_line(comparison)
components.tiles(comparison)
sure = st.empty()
with st.container():
    components.met()
with st.container():
    if told := decides(state.current()):
        st.markdown(f"**What decides it.** {components.plain(told)}")
    st.markdown(f"**Prices to come.** {components.plain(prices_told(comparison))}")

title = curves_title(comparison)
left, right = st.columns([3, 2], gap="large")
with left:
    components.chart(
        title,
        charts.cumulative(comparison, crossings(comparison)),
        key="cumulative",
        alt=f"Cumulative cost of {len(comparison.costs)} options over {comparison.months[-1]:.0f} months. {title}.",
        note=f"{note(comparison.scenario)} {WITHOUT_SALE}",
    )
with right:
    components.chart(
        largest_part_title(comparison),
        charts.cost_stack(comparison),
        key="stack",
        height=charts.stack_height(comparison),
        alt="Cost of each option by group of cost lines.",
        note=f"{note(comparison.scenario)} {NOTE}",
    )
if table := beside(state.current(), comparison):
    st.header(components.plain(table.headline))
    components.table_of(table, numeric=(1, 2), key="bill_beside")
questions.questions(comparison)
components.bridge(comparison)
uncertainty.sure_line(sure)
