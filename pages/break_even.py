"""Where one option overtakes another: over time and against the volume of requests; and what tax makes of it."""

import streamlit as st

from answers.volume import by_volume, crossings_by_volume
from costmodel.comparison import switch
from dashboard import charts, components, state, volume_charts, widgets
from dashboard.tax_view import after_tax_section
from reports.words import verdict
from reports.words.briefing import curves_note
from reports.words.measure import measured
from reports.words.money import shown
from reports.words.sizing import WHOLE_SERVERS, largest_fleet, largest_fleets

comparison = state.comparison()
if len(comparison.costs) < 2:
    st.title("What it costs, before and after tax")
    st.info("A break-even needs two options. Add one on the Options page.")
    after_tax_section(comparison)
    st.stop()

a, b = widgets.pair_select(st.columns(2), key="break_even")
components.headline(verdict.owning_sentence(comparison, a, b))
components.statement(verdict.closeness(comparison, a, b))
components.facts(verdict.switch_facts(switch(comparison[a], comparison[b])))

title, found = verdict.crossing_title(comparison, a, b), verdict.overtaking(comparison, a, b).crossings
components.chart(
    title,
    charts.cumulative(comparison, found),
    key="cumulative",
    measure=f"Cost so far by month, {measured(comparison.scenario)}",
    alt=f"Cumulative cost of the options over time. {title}.",
    note=curves_note(comparison, bool(found)),
)
components.bridge(comparison)

volumes = by_volume(comparison.scenario)
crossings = crossings_by_volume(comparison.scenario, a, b)
volume_title = verdict.volume_title(comparison, a, b, crossings)
components.chart(
    volume_title,
    volume_charts.by_volume(volumes, comparison, verdict.volumes_won(crossings, b)[1] if crossings else (), on=b),
    key="by_volume",
    measure=f"{shown().code} per million tokens, levelised over the horizon, at each volume",
    alt=f"Cost per million tokens against the volume of requests. {volume_title}.",
    note="Every whole server or instance makes a step.",
)
if volume_charts.has_gpus(volumes):
    components.chart(
        largest_fleet(volumes, comparison),
        volume_charts.staircase(volumes, comparison),
        key="staircase",
        measure="GPUs in the last month of the horizon, at each volume",
        alt="GPUs of each option in the last month, against the volume of requests. "
        f"{largest_fleets(volumes, comparison)}.",
        costs=False,
        note=WHOLE_SERVERS,
    )
after_tax_section(comparison)
