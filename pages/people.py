"""People, tuning and governance: who is needed when, what it takes to be allowed, what tuning costs."""

import streamlit as st

from dashboard import charts, components, state, wages, widgets
from reports.words import people

comparison = state.comparison()
names = {slug: cost.label for slug, cost in comparison.costs.items()}
asked = people.first_questions(comparison.scenario)
st.title(components.plain(people.headline(comparison)))
st.header("Service hours and sites")
widgets.with_sources(asked)
st.markdown(f"**{components.plain(people.covered(comparison.scenario))}**")
slug = st.selectbox(
    "Option", list(names), list(names).index(comparison.ranking[0]), format_func=names.get, key="people_of"
)
plan = people.plan(comparison[slug])
if needed := people.comes_to(comparison[slug]):
    st.markdown(components.plain(needed))
left, right = st.columns(2, gap="large")
with left:
    st.header("Talent plan")
    components.table(*plan.table, numeric=range(2, 7))
with right:
    components.chart(
        plan.title,
        charts.posts(plan.years, plan.posts),
        key="posts",
        measure="Full-time posts at the end of each year",
        height=280,
        alt=f"Posts by role at the end of each year. {plan.title}.",
        costs=False,
        note="Leavers are replaced.",
    )
st.header(f"{components.plain(names[slug])}: staff, governance, tuning, retrieval")
groups = people.groups_of(state.scenario(), slug)
if not groups:
    st.markdown(
        "This option hands its demand on; one team serves all of its parts, the largest that any of them needs."
    )
for group, title in groups.items():
    with components.fold(title, key=f"people:{slug}:{group}") as box:
        if box.open:
            widgets.with_sources(widgets.paths_under(f"options.{slug}.{group}"))
st.header("Common to all options")
wages.area_select()
widgets.editors([path for path in widgets.paths_under("people", "risk") if path not in asked], columns=3)
