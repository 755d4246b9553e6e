"""From tokens to GPUs: what fits, how fast it runs and where that is from, how many are needed, how busy they are."""

import streamlit as st

from dashboard import blocks, charts, state
from dashboard.state import Entry
from reports.look import option_colours
from reports.sizing import (
    busiest,
    facts_of,
    quality_table,
    sized_options,
    throughput_origins,
    versions,
    versions_table,
)

SERVE = "serve_version"
comparison = state.comparison()
sized = sized_options(comparison)
if not sized:
    st.title("No option here needs GPUs of its own")
    st.markdown("Add GPUs by the hour or own servers on the Options page to see how they are sized.")
    st.stop()

labels = {slug: comparison[slug].label for slug in sized}
st.title("How many GPUs, and how busy they are")
st.markdown("Average utilisation is a result of the traffic, never an input: an idle GPU costs as much as a busy one.")
blocks.table(["What", *labels.values()], facts_of(comparison, sized), numeric=range(1, len(sized) + 1))

colours = option_colours(comparison.costs)
by_month = charts.month_axis(comparison.scenario, "Month")


def monthly(name: str) -> list:
    """A quantity of each sized option, by month."""
    return [(labels[slug], comparison[slug].quantities[name], colours[slug]) for slug in sized]


left, right = st.columns(2, gap="large")
with left:
    blocks.chart(
        "GPUs in service",
        charts.over_time(comparison.months, monthly("gpus"), {}, by_month, shape="hv"),
        key="gpus",
        height=330,
        alt="GPUs in service by month for each option.",
    )
with right:
    blocks.chart(
        busiest(comparison, sized),
        charts.over_time(comparison.months, monthly("utilization"), {"tickformat": ".0%"}, by_month),
        key="utilization",
        height=330,
        alt="Average utilisation by month for each option.",
    )

st.header("The same option with a smaller model")
chosen = st.selectbox("Option", sized, format_func=labels.get, key="variants_of")
offered, why_none = versions(comparison, chosen)
if why_none:
    st.info(blocks.plain(why_none))
else:
    told = versions_table(comparison, chosen, offered)
    blocks.table(told.columns, told.rows, numeric=range(1, 7))
    st.caption(
        "Each row is the whole option with that model: memory, speed, replicas and further attempts worked out anew."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = offered[st.selectbox("Version", list(offered), key=f"version:{chosen}", width=420)]
        st.button(
            "Serve this version",
            on_click=state.edit,
            args=(wanted.on(chosen), Entry(SERVE)),
            disabled=not wanted.changes,
            help="Takes it into the scenario; Undo brings back what was served before.",
        )
    blocks.said_of(SERVE)
    remarks = quality_table(offered)
    blocks.table(remarks.columns, remarks.rows)

st.header("Where the throughput comes from")
for origin, whose in throughput_origins(comparison, sized).items():
    st.markdown(f"**{blocks.plain(whose)}**  \n{blocks.plain(origin)}")
