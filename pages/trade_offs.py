"""What each option means beside its cost: speed, peak, data that leaves, cash, time, bill, energy, lock-in."""

import streamlit as st

from dashboard import components, decision_charts, state, widgets
from dashboard.navigation import page
from reports.words import trade_offs
from reports.words.measure import measure as measure_of
from reports.words.money import in_currency, shown
from reports.words.plain import typeset
from reports.words.quality import cheapest_accepted

comparison, marks = state.comparison(), state.current().marks
found = state.analysis().trade_offs
told = trade_offs.table(comparison, found, marks)
st.title(components.plain(told.headline))
said = trade_offs.nearest(comparison), cheapest_accepted(comparison, marks), trade_offs.peak_sentence(comparison)
components.statement(" ".join(filter(None, said)))
components.transposed(told)
st.page_link(page("models"), label="Say which models are good enough")

st.header("Rules of the scenario")
st.markdown("An option that breaks a rule stays visible, last in the order, with the rule that rules it out.")
widgets.switches_and_numbers(widgets.paths_under("rules"))

if asked := trade_offs.unknown_home(comparison):
    st.info(components.plain(asked))

answers = trade_offs.response_title(comparison, found)
components.chart(
    answers,
    decision_charts.response_parts(comparison, found),
    key="response_parts",
    measure="Seconds until the last token of an answer",
    height=decision_charts.parts_height(comparison),
    alt=f"Response time of each option made of its parts. {answers}.",
    costs=False,
    note=trade_offs.RESPONSE_NOTE,
)
if devices := trade_offs.on_devices(comparison):
    components.statement(devices)

st.header("Cost against a figure of the table")
names = {name: typeset(each.name) for name, each in trade_offs.MEASURES.items()}
key = st.selectbox("Against", list(names), format_func=names.get, key="trade_off")
measure, told_in = trade_offs.MEASURES[key], measure_of(comparison.scenario).name
against = trade_offs.against_title(comparison, found, key)
components.chart(
    against,
    decision_charts.cost_against(comparison, found, key),
    key="trade_off_chart",
    measure=f"{told_in}, {shown().code}; {measure.name[0].lower()}{measure.name[1:]}, {in_currency(measure.unit)}",
    alt=f"{told_in} of each option against {measure.name[0].lower()}{measure.name[1:]}. {against}.",
    note=trade_offs.against_note(comparison, key),
)
