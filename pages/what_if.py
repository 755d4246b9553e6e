"""What would have to be true for another answer, how sure this one is, and what would be best."""

import streamlit as st

from costmodel.fields import Number
from costmodel.numerals import numeral
from costmodel.uncertainty.sampling import SEED
from dashboard import (
    components,
    ranges_table,
    state,
    strip,
    uncertainty,
    uncertainty_charts,
    uncertainty_views,
    widgets,
)
from reports.words import chapters
from reports.words import uncertainty as words
from reports.words.measure import measure, measured
from reports.words.verdict import verdict

SEEDS = Number("", 0, 2**31 - 1, "The same seed gives the same simulations.", whole=True)
comparison = state.comparison()
slugs = list(comparison.costs)
components.headline(verdict(comparison).headline, tells="verdict")
if len(slugs) < 2:
    st.info("How sure a verdict is needs two options to compare. Add one on the Options page.")
    st.stop()

strip.section()

names = {slug: comparison[slug].label for slug in slugs}
with st.container(horizontal=True, vertical_alignment="bottom"):
    count = st.selectbox(
        "Simulations", uncertainty.DRAWS, 1, format_func=lambda n: numeral(n, ","), key="draws", width=140
    )
    seed = widgets.own_number("Seed", SEEDS, SEED, key="seed", width=140)
    a, b = pair = widgets.pair_select([st.container(width=260) for _ in range(2)], key="risk")
run = uncertainty.run_monte_carlo(count, seed, pair)

st.header(components.plain(words.how_sure(run, comparison)))
components.statement(words.likely_rivals(run, comparison))
left, right = st.columns(2, gap="large")
with left:
    components.chart(
        "How often each option is the cheapest",
        uncertainty_charts.cheapest_probability(run, comparison),
        key="cheapest_probability",
        measure="Share of the simulations, %",
        height=uncertainty_charts.rows_height(len(slugs)),
        alt=words.how_sure(run, comparison),
        note=f"{numeral(run.done, ',')} simulations of {len(run.draws.paths)} numbers within their ranges, "
        "alike for all options.",
    )
with right:
    components.chart(
        f"What each may cost, {measure(comparison.scenario).said}",
        uncertainty_charts.cost_spread(run, comparison),
        key="cost_spread",
        measure=f"Whole horizon, {measured(comparison.scenario)}",
        height=uncertainty_charts.rows_height(len(slugs)),
        alt=f"Each option's cost today, and most simulations around it. {words.how_sure(run, comparison)}.",
        note=uncertainty_charts.SPREAD_NOTE,
    )
st.header(components.plain(f"When {names[b]} overtakes {names[a]}"))
components.facts(words.break_even_facts(run, a, b))
if words.develops(run, a, b):
    components.chart(
        f"By the end of the horizon in {words.overtaken_share(run, a, b)} of the simulations",
        uncertainty_charts.overtaken(run, a, b, comparison),
        key="overtaken",
        measure="Share of the simulations, % by the end of each month",
        height=280,
        alt=f"Probability that {names[b]} has overtaken {names[a]} for good by each month: in the end "
        f"{words.overtaken_share(run, a, b)}.",
        note="By cumulative cost, without what is sold at the end.",
    )
for title, key, view in (
    ("What it hangs on: a tornado", "hangs", lambda: uncertainty_views.sensitivity(pair)),
    (f"Which numbers explain what {names[b]} saves", "drivers", lambda: uncertainty_views.drivers_of(run, pair)),
    ("Over two numbers at once: a map", "over_two", lambda: uncertainty_views.heat_map(pair)),
    ("Switching values of every number, decisions too", "switching_all", uncertainty_views.switching),
):
    with components.fold(components.plain(title), key=key) as box:
        if box.open:
            view()
uncertainty_views.best_mix()
ranges_table.ranges_editor()
uncertainty_views.correlations_editor()
with components.fold("Is the number of simulations enough?", key="enough") as box:
    if box.open:
        enough = chapters.convergence_table(comparison, run).headline
        components.chart(
            enough,
            uncertainty_charts.convergence(run, comparison),
            key="convergence",
            measure="Share of the simulations so far, %",
            height=300,
            alt=f"The probability that each option is the cheapest after so many simulations. {enough}.",
        )
