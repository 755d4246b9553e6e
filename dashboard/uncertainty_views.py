"""The parts of the what-if page: sensitivity, switching values, over two numbers, what would be best."""

import numpy as np
import streamlit as st

from answers.volume import VOLUME
from costmodel.fields import Number
from costmodel.scenario import number_at, numbers
from costmodel.uncertainty import drivers, heatmap, metrics, tornado
from costmodel.uncertainty.montecarlo import MonteCarlo
from costmodel.uncertainty.ranges import Range
from dashboard import components, heavy, state, uncertainty, uncertainty_charts, widgets
from dashboard.state import Entry
from reports.words import chapters, mix
from reports.words import uncertainty as words
from reports.words.labels import path_label
from reports.words.mix import candidates
from reports.words.money import in_currency
from reports.words.text import percent

TOP = 12
ENDS = ("low", "today", "high")
MAP_COLUMNS, MAP_ROWS = 40, 30
CLOSEST = 0.99  # a rank correlation of 1 would make two numbers one
CLOSENESS = Number("", -CLOSEST, CLOSEST, "From \u22121, always opposed, to 1, always in step.")
USUAL_CLOSENESS = 0.5
CORRELATIONS = "correlated"  # where it is said what became of adding one
LOG_FROM = 20  # ends further apart than this factor are shown in equal ratios
GPU_HOUR, SERVER = "on_demand_usd_per_gpu_hour", "server_price_usd"  # the pair that is offered first


def sensitivity(a: str, b: str) -> None:
    """Tornado of a chosen metric."""
    comparison = state.comparison()
    scenario = comparison.scenario
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
    spread = state.analysis().ranges
    found = heavy.done(lambda: tornado.tornado(scenario, spread, metric))
    bars = [bar for bar in found.bars if bar.swing > 0][:TOP]
    if not np.isfinite(found.base) or not bars:
        st.info("That is never the case today, so there is no bar to draw. Choose another measure.")
    else:
        components.chart(
            f"{path_label(scenario, bars[0].path, spread[bars[0].path].also)} moves it most",
            uncertainty_charts.tornado_bars(
                scenario, bars, found.base, state.analysis().also, {"tickformat": tick_format}, unit
            ),
            key="tornado",
            height=uncertainty_charts.rows_height(len(bars)),
            alt=f"Tornado: {chosen}, with each number at its low and at its high, everything else as today.",
            note="One number at a time, at the ends of its range; the line is today.",
        )


def drivers_of(run: MonteCarlo, a: str, b: str) -> None:
    """The numbers that explain the spread of what B saves against A."""
    ranked = drivers.rank_drivers(run, run.net_present_cost_usd[a] - run.net_present_cost_usd[b])
    rows = words.driver_rows(state.scenario(), ranked.drivers, state.analysis().also, TOP)
    caption = (
        f"Rank correlation over {run.done:,} draws (noise ± {ranked.noise:.2f}); the regression on ranks "
        f"explains {percent(ranked.explained_frac)}."
    )
    components.table(words.DRIVER_COLUMNS, rows, numeric=[1, 2], caption=caption, key="drivers_table")
    _sobol(run, a, b, [driver.path for driver in ranked.drivers[: chapters.SOBOL_NUMBERS]])


def _sobol(run: MonteCarlo, a: str, b: str, paths: list[str]) -> None:
    st.caption(
        f"Sobol indices say how much of the variance each of the {len(paths)} strongest explains, alone and not. "
        f"They take {drivers.sobol_runs(len(paths)):,} runs, all numbers drawn independently."
    )
    if not st.toggle("Work them out", key="sobol"):
        return
    label = state.comparison()[b].label
    with st.spinner("Drawing …"):
        told = heavy.done(lambda: chapters.sobol_table(run, paths, metrics.saving(a, b), f"what {label} saves"))
    st.markdown(f"**{components.plain(told.headline)}**")
    components.table(told.columns, told.rows, numeric=[1, 2, 3], caption=told.note, key="sobol_table")


def switching() -> None:
    """The nearest values at which another option becomes the cheapest."""
    beyond = st.session_state.get("switching_wide", False)
    told = heavy.done(lambda: chapters.switching_table(state.analysis(), TOP, beyond=beyond))
    st.markdown(f"**{components.plain(told.headline)}**")
    st.toggle("Look beyond the ranges, as far as the model allows", key="switching_wide")
    if told.rows:
        components.table(told.columns, told.rows, numeric=[1, 2, 3], caption=told.note, key="switching")
    else:
        st.markdown("Each number was moved alone, everything else as today.")


def heat_map(a: str, b: str) -> None:
    """The cheapest option over any two numbers."""
    comparison = state.comparison()
    scenario = comparison.scenario
    known = numbers(scenario)
    spread = {path: r for path, r in state.analysis().ranges.items() if r.low < r.high and not known[path].whole}
    paths = list(spread)
    first, second = st.columns(2)
    by_name = lambda path: path_label(scenario, path, spread[path].also)  # noqa: E731
    x_path = first.selectbox("Across", paths, paths.index(VOLUME), format_func=by_name, key="map_x")
    second_default = next((p for p in paths if p.endswith("price_decline_per_year")), paths[-1])
    y_path = second.selectbox("Up", paths, paths.index(second_default), format_func=by_name, key="map_y")
    if x_path == y_path:
        st.info("Choose two different numbers.")
        return
    x, log_x = _grid(x_path, spread[x_path], MAP_COLUMNS)
    y, log_y = _grid(y_path, spread[y_path], MAP_ROWS)
    also = state.analysis().also
    found = heavy.done(lambda: heatmap.heat_map(scenario, x_path, x, y_path, y, also=also))
    winners = np.unique(found.winner)
    title = (
        f"{comparison[found.slugs[winners[0]]].label} is the cheapest everywhere on this map"
        if winners.size == 1
        else f"{winners.size} options are the cheapest somewhere on this map"
    )
    components.chart(
        title,
        uncertainty_charts.winners(found, comparison, a, b, (log_x, log_y), also),
        key="heat_map",
        height=460,
        alt=f"Map of the cheapest option over {by_name(x_path)} and {by_name(y_path)}. {title}.",
        note=f"Points: where {comparison[a].label} and {comparison[b].label} cost the same."
        if found.contour(a, b).size
        else "",
    )


def _grid(path: str, spread: Range, points: int) -> tuple[np.ndarray, bool]:
    if path == VOLUME:
        bounds = number_at(state.scenario(), path)
        return np.geomspace(max(spread.low / 10, bounds.low), min(spread.high * 1000, bounds.high), points), True
    if spread.low > 0 and spread.high / spread.low > LOG_FROM:
        return np.geomspace(spread.low, spread.high, points), True
    return np.linspace(spread.low, spread.high, points), False


def best_mix() -> None:
    """The cheapest plan under the scenario's rules, today and with the least regret over the draws."""
    st.header("What would be best")
    plans = candidates(state.comparison())
    st.caption(
        f"{len(plans)} plans: each option as it is, with other commitments and precisions, and "
        "servers for part of the peak with rented capacity above."
    )
    if not st.toggle("Work it out", key="best_mix"):
        return
    found = uncertainty.run_best_mix(plans)
    st.markdown(f"**{components.plain(mix.title(found))}**")
    rows = mix.rows(found, TOP)
    caption = f"{mix.about(found)} Shown are the best {len(rows)}."
    components.table(mix.COLUMNS, rows, numeric=[1, 2, 3, 4], caption=caption, key="best_mix_table")


def correlations_editor() -> None:
    """Which numbers go together in the draws: a pair is added, listed and removed."""
    with st.expander("Rank correlations", key="correlations", on_change="rerun") as box:
        if box.open:
            _edit_correlations()


def _edit_correlations() -> None:
    scenario, spread = state.scenario(), state.analysis().draws().ranges
    st.caption(
        "Numbers are drawn independently unless you say which go together: 1 would be always in step, -1 always "
        "opposed. Each stays within its own range. Kept in the scenario."
    )
    paths, also = list(spread), {path: drawn.also for path, drawn in spread.items()}
    by_name = lambda path: path_label(scenario, path, also[path])  # noqa: E731
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
