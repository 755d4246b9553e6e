"""What is asked of the models: volume, token mix, growth, peak, and how it spreads over hours and months."""

import streamlit as st

from costmodel.hours import Day
from costmodel.settings import MONTH_NAMES
from dashboard import axes, charts, components, load_shapes, state, tariffs, widgets
from pricing.choices import SHAPE
from pricing.tokens import TEXT
from reports.words.text import compact
from reports.words.workload import unlike_applications, workload_view

GROUPS = {
    "Volume": ["requests_per_month", "growth_per_year", "start_month", "start_year", "environments_ratio"],
    "One request": [
        *TEXT,
        "input_tokens_per_request",
        "output_tokens_per_request",
        "reasoning_tokens_per_request",
        "cached_input_frac",
        "cache_write_frac",
        "cached_requests_frac",
        "transfer_bytes_per_token",
    ],
    "Peak and patience": [*SHAPE, "batch_frac", "time_per_token_limit_ms"],
    "Data": ["sensitive_frac"],
}
FINANCE = ["horizon_months", "fiscal_year_first_month", "discount_rate_per_year", "hours_per_month", "running_costs_at"]


view = workload_view(state.scenario())
st.title(view.headline)
inputs, pictures = st.columns(2, gap="large")
with inputs:
    for group, fields in GROUPS.items():
        st.header(group)
        if fields[0] in SHAPE:
            load_shapes.shape_select()
        widgets.editors([f"workload.{field}" for field in fields])
        if fields[0] in TEXT:
            st.caption(components.plain(view.counts))
    with components.fold("Season: traffic of each calendar month", key="season") as season:
        if season.open:
            widgets.editors([f"workload.season.{name}_ratio" for name in MONTH_NAMES])
    with components.fold("Hours of the day, for prices by the hour", key="day") as day:
        if day.open:
            load_shapes.day_select()
            widgets.editors([f"workload.day.{name}" for name in Day.model_fields])
    st.header("Application")
    widgets.editors(widgets.paths_under("application"))
    if unlike := unlike_applications(state.scenario()):
        st.caption(components.plain(unlike))
    st.header("Time and money")
    widgets.editors([f"finance.{field}" for field in FINANCE])
    st.header("Energy, for all options")
    tariffs.tariff_select()
    widgets.editors(widgets.paths_under("energy"))
with pictures, st.container(key="beside"):
    components.chart(
        view.tokens_title,
        charts.over_time(
            state.comparison().months,
            [("Tokens processed", view.tokens, charts.ACCENT)],
            axes.COUNTS,
            axes.month_axis(state.scenario(), ""),
            compact,
            shows=[charts.follows(next(iter(state.scenario().options)), "tokens")],
        ),
        key="tokens",
        measure="Tokens in each month, input and output",
        alt=f"Tokens processed in each month of the horizon. {view.tokens_title}.",
        costs=False,
        note="With test and staging traffic, as the first option counts tokens.",
    )
    components.chart(
        view.load_title,
        charts.load_curve(view.hours, view.load),
        key="load_curve",
        measure="Load as a multiple of its mean, by share of the hours of a month",
        alt=f"Load-duration curve: the load against the share of hours in which it is exceeded. {view.load_title}.",
        costs=False,
        note="Requests that may wait are moved to quieter hours.",
    )
