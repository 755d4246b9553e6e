"""Every model that is sold by the token: what it costs here, which rules it keeps; taking one in, marking it."""

import streamlit as st

from dashboard import components, market_charts, market_views, state
from dashboard.rows import rows
from reports.words.market import evaluated, frontier_title, hits, standing, table
from reports.words.measure import measure
from reports.words.money import in_currency, shown
from reports.words.verdict import span

drawn, found, scenario = state.current(), market_views.whole_market(), state.scenario()
st.title(components.plain(standing(found)))
st.markdown(
    "Whether a model is good enough is your judgement. An option whose model you refuse cannot win; one that you "
    "have not marked can. A cheaper offer is named of models that you accepted, and of open models that are compared."
)
told = f"Cost over {span(scenario.finance.horizon_months)}, {measure(state.analysis().scenario).said}"


@state.fragment
def offers_found() -> None:
    """What is searched for, with one of it to take; only this is drawn anew for another search."""
    if state.current() is not drawn:  # taking or marking one concerns the whole page
        st.rerun()
    left, right = st.columns([2, 1], gap="large")
    with left:
        places = market_views.hits(found)
    with right:
        row = market_views.choose(found, places)
        if row:
            market_views.take_button(row, "take_row")
            market_views.mark(row)
    rows(
        table(found, places, state.current().marks),
        height=480,
        columns={
            "Sold by": st.column_config.TextColumn(width=150),
            "Not known": st.column_config.TextColumn(width=115),
            "Mark": st.column_config.TextColumn(width=105),
            "Cost": st.column_config.NumberColumn(in_currency("Cost, USD"), format="localized"),
            "Longest request": st.column_config.NumberColumn("Longest request, tokens", format="localized"),
        },
        alt="Models that are sold by the token, the cheapest for this scenario first.",
    )
    st.caption(components.plain(hits(found, places, told)))


offers_found()
models = evaluated(found, state.current().marks)
if len(models) > 1:
    components.chart(
        frontier_title(models),
        market_charts.frontier(models),
        key="frontier",
        measure=f"Whole horizon, {shown().code}; points of your evaluation, 0 to 100",
        alt=f"Cost of {len(models)} evaluated models against their points. {frontier_title(models)}.",
        note=f"{told}, at the cheapest host of each model that keeps the rules.",
    )
