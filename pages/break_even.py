"""Where one option overtakes another: over time and against the volume of requests; and what tax makes of it."""

import streamlit as st

from answers.pair import offered_pair
from answers.volume import VOLUME, crossings_by_volume, volume_grid
from costmodel.break_even import sweep
from costmodel.comparison import switch
from dashboard import blocks, charts, state, volume_charts
from dashboard.tax_view import after_tax_section
from reports import narrative
from reports.measure import note
from reports.story import WITHOUT_SALE

comparison = state.comparison()
slugs = list(comparison.costs)
if len(slugs) < 2:
    st.title("What it costs, before and after tax")
    st.info("A break-even needs two options. Add one on the Options page.")
    after_tax_section(comparison)
    st.stop()

offered = offered_pair(comparison)
names = {slug: comparison[slug].label for slug in slugs}
first, second = st.columns(2)
a = first.selectbox("Instead of", slugs, slugs.index(offered.a), format_func=names.get, key="break_even_a")
others = [slug for slug in slugs if slug != a]
b = second.selectbox(
    "use", others, others.index(offered.b) if offered.b in others else 0, format_func=names.get, key="break_even_b"
)
blocks.headline(narrative.owning_sentence(comparison, a, b))
blocks.statement(narrative.closeness(comparison, a, b))
blocks.facts(narrative.switch_facts(switch(comparison[a], comparison[b])))

title = narrative.crossing_title(comparison, a, b)
blocks.chart(
    title,
    charts.cumulative(comparison, narrative.overtaking(comparison, a, b).crossings),
    key="cumulative",
    alt=f"Cumulative cost of the options over time. {title}.",
    note=f"{note(comparison.scenario)} {WITHOUT_SALE}",
)
blocks.bridge(comparison)

volumes = sweep(comparison.scenario, VOLUME, volume_grid(comparison.scenario))
crossings = crossings_by_volume(comparison.scenario, a, b)
volume_title = narrative.volume_title(comparison, a, b, crossings)
blocks.chart(
    volume_title,
    volume_charts.by_volume(volumes, comparison, narrative.volumes_won(crossings, b)[1] if crossings else (), on=b),
    key="by_volume",
    alt=f"Cost per million tokens against the volume of requests. {volume_title}.",
    note="Levelised over the horizon. Every whole server or instance makes a step.",
)
if volume_charts.has_gpus(volumes):
    blocks.chart(
        "GPUs come in whole servers",
        volume_charts.staircase(volumes, comparison),
        key="staircase",
        alt="GPUs of each option in the last month, against the volume of requests.",
        note="In the last month of the horizon, in whole servers or instances; an autoscaled fleet counts its average.",
    )
after_tax_section(comparison)
