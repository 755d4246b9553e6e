"""The parts of the sizing page about one option: its curve, what it carries, its servers, its memory and constants."""

from collections.abc import Sequence

import streamlit as st

from costmodel.comparison import Comparison, OptionCost
from costmodel.errors import ScenarioError
from costmodel.numerals import numeral
from dashboard import components, measured, sizing_charts, state, widgets
from dashboard.components import plain
from dashboard.messages import Entry
from pricing.throughput import achieved
from reports.words import capacity, serving_facts
from reports.words.own_speed import is_measured
from reports.words.palette import option_colours
from reports.words.plain import typeset
from reports.words.sizing import quality_table, versions, versions_table
from reports.words.throughput_curve import CurveView, curve_view

SERVE = "serve_version"  # where it is said why a version was not taken
STANDBY = {"none": "nothing", "server": "one server", "site": "a second site"}


def carries(slug: str, cost: OptionCost) -> None:
    """The curve with what was measured, and what a replica, a server and the fleet carry."""
    view, told = curve_view(cost), capacity.carried(cost)
    left, right = st.columns([3, 2], gap="large")
    with left:
        figure = sizing_charts.throughput(
            view,
            cost.label,
            option_colours(state.scenario().options)[slug],
            _known_to(cost),
            measured.points(slug, cost),
        )
        alt = f"Output tokens a second per GPU of {cost.label} against the time per token. {told.headline}."
        components.chart(
            told.headline,
            figure,
            key="throughput",
            measure="Output tokens a second per GPU, by milliseconds per token",
            height=sizing_charts.HEIGHT,
            alt=alt,
            costs=False,
            note=_points_note(view, cost),
        )
    with right:
        st.header("What holds it back")
        for sentence in capacity.held_back(cost):
            st.markdown(_bold(sentence))
        components.table(told.columns, told.rows, numeric=range(1, 5))
        st.caption(plain(told.note))


def _known_to(cost: OptionCost) -> float:
    """Requests at once up to which the model was measured on its GPU, by others or the reader; 0 where nobody did."""
    serving = cost.option.serving
    own = serving.measured_concurrency_requests if is_measured(serving) else 0
    try:
        return max(achieved(serving.model, serving.precision, serving.gpu).largest_concurrency, own)
    except ScenarioError:
        return own


def _points_note(view: CurveView, cost: OptionCost) -> str:
    serving, (into, out) = cost.option.serving, view.lengths
    told = [
        f"At {numeral(into, ',.0f')} tokens in and {numeral(out, ',.0f')} out, from one request to as many "
        "as memory holds."
    ]
    if view.public_lengths:
        told.append("Published points are of the nearest lengths, whose curve is dotted; without a prompt cache.")
    else:
        told.append("Nobody published points of this model, precision and GPU.")
    if is_measured(serving) and serving.measured_gpus != serving.gpus_per_replica:
        gpus = capacity.counted(serving.measured_gpus, "GPU")
        told.append(f"Your points ran on {gpus}, a replica here has {serving.gpus_per_replica}.")
    return " ".join(told)


def more_gpus(comparison: Comparison, slug: str) -> None:
    """What one more GPU per replica does."""
    steps = capacity.gpu_steps_table(comparison, slug)
    if steps:
        st.header(components.plain(steps.headline))
        components.table(steps.columns, steps.rows, numeric=range(7))
        st.caption("The nearest numbers that fit memory and servers, each with the whole option worked out anew.")


def servers(slug: str, cost: OptionCost) -> None:
    """From the busiest hour to whole servers, with what is had at least and what stands by."""
    st.header(f"From the busiest hour to {capacity.unit_of(cost)}s")
    st.markdown(plain(capacity.rounding(cost)))
    st.markdown(plain(capacity.jumps(cost)))
    least, spare, standby = st.columns(3, vertical_alignment="bottom")
    with least:
        widgets.number(f"options.{slug}.minimum_servers", label=f"At least so many {capacity.unit_of(cost)}s")
    with spare:
        widgets.number(f"options.{slug}.serving.spare_replicas")
    with standby:
        widgets.choice(f"options.{slug}.serving.standby", label="Standing by beside them", names=STANDBY)
    st.caption(
        f"So many {capacity.unit_of(cost)}s and no more? A hybrid of this option and one that is paid by use says how "
        "many there are at the most, and what they do not carry overflows."
    )


def memory_and_constants(cost: OptionCost) -> None:
    """What fills the memory of a replica, and on what its constants rest."""
    left, right = st.columns([2, 3], gap="large")
    memory, constants = serving_facts.memory_table(cost), serving_facts.constants_table(cost.option.serving)
    with left:
        st.header(components.plain(memory.headline))
        components.table(memory.columns, memory.rows, numeric=[1, 2])
        st.caption(plain(memory.note))
    with right:
        st.header("Where the throughput comes from")
        for sentence in serving_facts.rests_on(cost):
            st.markdown(_bold(sentence))
        components.table(constants.columns, constants.rows, numeric=[1])
        st.caption("Each is a number of the option, with its source on the Options page, where it can be changed.")


def smaller(comparison: Comparison, slug: str) -> None:
    """The same option with a smaller version of its model; worked out once somebody looks."""
    with components.fold("The same option with a smaller model", key="smaller") as box:
        if box.open:
            _versions(comparison, slug)


def _versions(comparison: Comparison, slug: str) -> None:
    offered, why_none = versions(comparison, slug)
    if why_none:
        st.info(plain(why_none))
        return
    told = versions_table(comparison, slug, offered)
    components.table(told.columns, told.rows, numeric=range(1, 7))
    st.caption(
        "Each row is the whole option with that model: memory, speed, replicas and further attempts worked out anew."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = offered[st.selectbox("Version", list(offered), key=f"version:{slug}", width=420, format_func=typeset)]
        st.button(
            "Serve this version",
            on_click=state.edit,
            args=(wanted.on(slug), Entry(SERVE)),
            disabled=not wanted.changes,
            help="Takes it into the scenario; Undo brings back what was served before.",
        )
    components.said_of(SERVE)
    remarks = quality_table(offered)
    components.table(remarks.columns, remarks.rows)


def _bold(sentence: str) -> str:
    """A sentence of ours whose parts between two asterisks are bold; whatever else it holds is no markup."""
    parts: Sequence[str] = sentence.split("**")
    return "".join(f"**{plain(part)}**" if i % 2 else plain(part) for i, part in enumerate(parts))
