"""From tokens to GPUs: what a replica carries, what holds it back, how many are needed and how busy they are."""

import streamlit as st

from dashboard import axes, charts, components, measured, sizing_views, state
from reports.words.palette import option_colours
from reports.words.sizing import WHOLE_SERVERS, busiest, facts_of, most_gpus, sized_options
from reports.words.text import figure, percent

comparison = state.comparison()
sized = sized_options(comparison)
if not sized:
    st.title("No option here needs GPUs of its own")
    st.markdown("Add GPUs by the hour or own servers on the Options page to see how they are sized.")
    st.stop()

labels = {slug: comparison[slug].label for slug in sized}
st.title("How many GPUs, and how busy they are")
chosen = st.selectbox("Option", sized, format_func=labels.get, key="sized")
cost = comparison[chosen]
sizing_views.carries(chosen, cost)
sizing_views.more_gpus(comparison, chosen)
sizing_views.servers(chosen, cost)
measured.section(chosen, cost)
sizing_views.memory_and_constants(cost)
sizing_views.smaller(comparison, chosen)

st.header("All options side by side")
st.markdown("Average utilisation is a result of the traffic, never an input: an idle GPU costs as much as a busy one.")
components.table(["What", *labels.values()], facts_of(comparison, sized), numeric=range(1, len(sized) + 1))

colours = option_colours(comparison.costs)
by_month = axes.month_axis(comparison.scenario, "")


def in_figures(gpus: float) -> str:
    """A number of GPUs in three figures; an autoscaled fleet has parts of one."""
    return figure(gpus, 3)


def monthly(name: str) -> list:
    """A quantity of each sized option, by month."""
    return [(labels[slug], comparison[slug].quantities[name], colours[slug]) for slug in sized]


def follows(name: str) -> list:
    """What these lines show, so that they follow the levers."""
    return [charts.follows(slug, name) for slug in sized]


left, right = st.columns(2, gap="large")
with left:
    components.chart(
        most_gpus(comparison, sized),
        charts.over_time(
            comparison.months, monthly("gpus"), {}, by_month, in_figures, shape="hv", shows=follows("gpus")
        ),
        key="gpus",
        measure="GPUs in each month",
        height=330,
        alt=f"GPUs in service by month for each option. {most_gpus(comparison, sized)}.",
        costs=False,
        note=WHOLE_SERVERS,
    )
with right:
    busy = monthly("utilization")
    most = max(float(values.max()) for _, values, _ in busy)
    components.chart(
        busiest(comparison, sized),
        charts.over_time(
            comparison.months, busy, axes.share_axis(0, most), by_month, percent, shows=follows("utilization")
        ),
        key="utilization",
        measure="Average utilisation in each month, %",
        height=330,
        alt=f"Average utilisation by month for each option. {busiest(comparison, sized)}.",
        costs=False,
    )
