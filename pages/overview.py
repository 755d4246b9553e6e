"""The first minute: the answer, what decides it, what it costs, where the curves cross, what it is made of."""

import streamlit as st

from dashboard import bill_views, charts, components, door, market_views, questions, state, strip, uncertainty
from reports.words.briefing import crossings, curves_note, curves_title
from reports.words.deciding import decided_by
from reports.words.measure import measured
from reports.words.parts import NOTE, largest_part_title
from reports.words.price_path import assumed
from reports.words.quality import cheapest_accepted
from reports.words.verdict import verdict

HEIGHT = 320
SHADED = "; shaded: nine in ten outcomes"

comparison = state.comparison()
with st.container():  # also there when empty, so that the charts below keep their places
    door.door()
accepted = cheapest_accepted(comparison, state.current().marks)
components.answer(comparison, verdict(comparison), f"{accepted} {decided_by(comparison)}".strip())
taken = assumed(comparison)
small_print = components.small_print(taken, "" if len(comparison.costs) > 1 else None)

left, right = st.columns([3, 2], gap="large")
with left:
    chosen, band = state.analysis().chosen, state.analysis().band
    title, found = curves_title(comparison, chosen), crossings(comparison, chosen)
    components.chart(
        title,
        charts.cumulative(comparison, found, band),
        key="cumulative",
        height=HEIGHT,
        alt=f"Cumulative cost of the options over time. {title}.",
        measure=f"Cost so far by month, {measured(comparison.scenario)}{SHADED}",
        note=" ".join(filter(None, (charts.cut_note(comparison, band), curves_note(comparison, bool(found))))),
    )
with right:
    components.chart(
        largest_part_title(comparison),
        charts.cost_stack(comparison),
        key="stack",
        height=charts.stack_height(comparison),
        alt=f"Cost of each option by group of cost lines. {largest_part_title(comparison)}.",
        measure=f"Whole horizon, {measured(comparison.scenario)}",
        note=NOTE,
    )
bill_views.bridge(comparison)
with components.fold("What would have to be true for another answer", key="overview_strip") as box:
    if box.open:
        strip.section()
with st.container():
    market_views.cheaper_line(comparison)
questions.questions(comparison)
components.bridge(comparison)
uncertainty.sure_line(lambda sure: components.small_print(taken, sure, small_print))
