"""The parts of the what-if page: sensitivity, switching values, over two numbers, what would be best."""

from dataclasses import replace

import numpy as np
import streamlit as st

from answers.analysis import STRONGEST
from answers.pair import Pair
from answers.volume import VOLUME
from costmodel.fields import Number
from costmodel.numerals import numeral
from costmodel.scenario import numbers
from costmodel.uncertainty import drivers, metrics
from costmodel.uncertainty.montecarlo import MonteCarlo
from dashboard import components, heavy, state, uncertainty, uncertainty_charts, widgets
from dashboard.messages import Entry
from reports.words import chapters, mix
from reports.words import uncertainty as words
from reports.words.labels import path_label, path_name, within
from reports.words.measure import measured
from reports.words.money import in_currency
from reports.words.plain import typeset

TOP = 12
MAP_COLUMNS, MAP_ROWS = 40, 30
CLOSEST = 0.99  # a rank correlation of 1 would make two numbers one
CLOSENESS = Number("", -CLOSEST, CLOSEST, "From \u22121, always opposed, to 1, always in step.")
USUAL_CLOSENESS = 0.5
CORRELATIONS = "correlated"  # where it is said what became of adding one
GPU_HOUR, SERVER = "on_demand_usd_per_gpu_hour", "server_price_usd"  # the pair that is offered first


def sensitivity(pair: Pair) -> None:
    """Tornado of a chosen metric."""
    analysis, (a, b) = state.analysis(), pair
    comparison, scenario = analysis.comparison, analysis.scenario
    label_a, label_b = comparison[a].label, comparison[b].label
    best = comparison.ranking[0]
    choices = {
        f"What {label_b} saves against {label_a}": (metrics.saving(a, b), "$~s", "USD"),
        f"{comparison[best].label} against the best of the others": (metrics.excess(best), "$~s", "USD"),
        f"Month in which {label_b} overtakes {label_a}": (metrics.break_even_month(a, b), "~s", "months"),
        f"{label_b}: {in_currency('USD per million tokens')}": (metrics.levelized_cost(b), "$~r", "USD/Mtok"),
    }
    chosen = st.selectbox("Measured by", list(choices), key="tornado_metric")
    metric, tick_format, unit = choices[chosen]
    counted = {"USD": measured(scenario), "months": "Months", "USD/Mtok": in_currency("USD per million tokens")}[unit]
    found = heavy.done(lambda: analysis.tornado(metric))
    bars = [bar for bar in found.bars if bar.swing > 0][:TOP]
    if not np.isfinite(found.base) or not bars:
        st.info("That is never the case today, so there is no bar to draw. Choose another measure.")
    else:
        first = path_name(scenario, bars[0].path, analysis.also[bars[0].path])
        title = f"{chosen} hangs most on {within(first)}"
        components.chart(
            title,
            uncertainty_charts.tornado_bars(
                scenario, bars, found.base, analysis.also, {"tickformat": tick_format}, unit
            ),
            key="tornado",
            measure=f"{counted}; each number at its low and at its high",
            height=uncertainty_charts.rows_height(len(bars)),
            alt=f"Tornado: each number at its low and at its high, everything else as today. {title}.",
            note="One number at a time, at the ends of its range; the line is today.",
        )


def drivers_of(run: MonteCarlo, pair: Pair) -> None:
    """The numbers that explain the spread of what the pair saves."""
    components.table_of(chapters.drivers_table(state.analysis(), run, pair, TOP), key="drivers_table")
    _sobol(run, pair)


def _sobol(run: MonteCarlo, pair: Pair) -> None:
    drawn = min(STRONGEST, len(run.draws.paths))
    st.caption(
        f"Sobol indices say how much of the variance each of the {drawn} strongest explains, alone and not. "
        f"They take {numeral(drivers.sobol_runs(drawn), ',')} runs, all numbers drawn independently."
    )
    if not st.toggle("Work them out", key="sobol"):
        return
    with st.spinner("Drawing …"):
        told = heavy.done(lambda: chapters.variance_table(state.analysis(), run, pair))
    st.markdown(f"**{components.plain(told.headline)}**")
    components.table_of(told, key="sobol_table")


def switching() -> None:
    """The nearest values at which another option becomes the cheapest."""
    beyond = st.session_state.get("switching_wide", False)
    told = heavy.done(lambda: chapters.switching_table(state.analysis(), TOP, beyond=beyond))
    st.markdown(f"**{components.plain(told.headline)}**")
    st.toggle("Look beyond the ranges, as far as the model allows", key="switching_wide")
    if told.rows:
        components.table_of(told, numeric=[1, 2, 3], key="switching")
    else:
        st.markdown("Each number was moved alone, everything else as today.")


def heat_map(pair: Pair) -> None:
    """The cheapest option over any two numbers."""
    analysis, (a, b) = state.analysis(), pair
    comparison, scenario, also = analysis.comparison, analysis.scenario, analysis.also
    known = numbers(scenario)
    paths = [path for path, r in analysis.ranges.items() if r.low < r.high and not known[path].whole]
    first, second = st.columns(2)
    by_name = lambda path: typeset(path_label(scenario, path, also[path]))  # noqa: E731
    x_path = first.selectbox("Across", paths, paths.index(VOLUME), format_func=by_name, key="map_x")
    second_default = next((p for p in paths if p.endswith("price_decline_per_year")), paths[-1])
    y_path = second.selectbox("Up", paths, paths.index(second_default), format_func=by_name, key="map_y")
    if x_path == y_path:
        st.info("Choose two different numbers.")
        return
    found = heavy.done(lambda: analysis.map_of(x_path, y_path, MAP_COLUMNS, MAP_ROWS))
    title = chapters.map_headline(analysis, found)
    components.chart(
        title,
        uncertainty_charts.winners(found, comparison, a, b, also),
        key="heat_map",
        measure="Cheapest option at each pair of values",
        height=460,
        alt=f"Map of the cheapest option over {by_name(x_path)} and {by_name(y_path)}. {title}.",
        note=uncertainty_charts.points_note(found, comparison, a, b),
    )


def best_mix() -> None:
    """The cheapest plan under the scenario's rules, today and with the least regret over the draws."""
    st.header("What would be best")
    st.caption(
        f"{len(state.analysis().plans)} plans: each option as it is, with other commitments and precisions, and "
        "servers for part of the peak with rented capacity above."
    )
    if not st.toggle("Work it out", key="best_mix"):
        return
    told = mix.table(uncertainty.run_best_mix(), TOP)
    st.markdown(f"**{components.plain(told.headline)}**")
    components.table_of(replace(told, note=f"{told.note} Shown are the best {len(told.rows)}."), key="best_mix_table")


def correlations_editor() -> None:
    """Which numbers go together in the draws: a pair is added, listed and removed."""
    with components.fold("Rank correlations", key="correlations") as box:
        if box.open:
            _edit_correlations()


def _edit_correlations() -> None:
    scenario, spread = state.scenario(), state.analysis().draws().ranges
    st.caption(
        "Numbers are drawn independently unless you say which go together: 1 would be always in step, \u22121 always "
        "opposed. Each stays within its own range. Kept in the scenario."
    )
    paths, also = list(spread), {path: drawn.also for path, drawn in spread.items()}
    by_name = lambda path: typeset(path_label(scenario, path, also[path]))  # noqa: E731
    with st.container(horizontal=True, vertical_alignment="bottom"):
        one = st.selectbox(
            "One number", paths, _ending(paths, GPU_HOUR), format_func=by_name, key="correlate_one", width=330
        )
        other = st.selectbox(
            "The other", paths, _ending(paths, SERVER), format_func=by_name, key="correlate_other", width=330
        )
        value = widgets.own_number("Rank correlation", CLOSENESS, USUAL_CLOSENESS, key="correlate_by", width=160)
        st.button("Add", icon=":material/add:", on_click=state.correlate, args=(one, other, value, Entry(CORRELATIONS)))
    components.said_of(CORRELATIONS)
    for pair, line in words.correlation_lines(scenario, state.current().correlations, also).items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(components.plain(line))
            st.button(
                "Remove",
                key=f"uncorrelate:{pair}",
                icon=":material/delete:",
                on_click=state.correlate,
                args=(*pair, None),
            )


def _ending(paths: list[str], end: str) -> int:
    """Position of the first path that ends so, else of the first."""
    return next((position for position, path in enumerate(paths) if path.endswith(end)), 0)
