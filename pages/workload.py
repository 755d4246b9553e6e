"""What is asked of the models: volume, token mix, growth, peak, and how it spreads over hours and months."""

import streamlit as st

from costmodel.scenario import MONTH_NAMES
from dashboard import blocks, charts, state, widgets
from reports.workload import workload_view

GROUPS = {
    "Volume": ["requests_per_month", "growth_per_year", "start_month", "environments_ratio"],
    "One request": [
        "input_tokens_per_request",
        "output_tokens_per_request",
        "reasoning_tokens_per_request",
        "cached_input_frac",
        "cache_write_frac",
        "transfer_bytes_per_token",
    ],
    "Peak and patience": ["peak_to_mean_ratio", "busy_hours_frac", "batch_frac", "time_per_token_limit_ms"],
    "Data": ["sensitive_frac"],
}

view = workload_view(state.scenario())
st.title(view.headline)
inputs, pictures = st.columns([2, 3], gap="large")
with inputs:
    for group, fields in GROUPS.items():
        st.header(group)
        for field in fields:
            widgets.number(f"workload.{field}")
    with st.expander("Season: traffic of each calendar month", key="season", on_change="rerun") as season:
        if season.open:
            for name in MONTH_NAMES:
                widgets.number(f"workload.season.{name}_ratio")
    st.header("Time and money")
    for field in ("horizon_months", "discount_rate_per_year", "hours_per_month", "running_costs_at"):
        widgets.editor(f"finance.{field}")
    st.header("People and energy, for all options")
    for path in widgets.paths_under("people", "energy"):
        widgets.editor(path)
with pictures:
    blocks.chart(
        view.tokens_title,
        charts.over_time(
            state.comparison().months,
            [("Tokens processed", view.tokens, charts.ACCENT)],
            charts.COUNTS,
        ),
        key="tokens",
        alt="Tokens processed in each month of the horizon.",
        note="With test and staging traffic, as the first option counts tokens.",
    )
    blocks.chart(
        view.load_title,
        charts.load_curve(view.hours, view.load),
        key="load_curve",
        alt="Load-duration curve: the load against the share of hours in which it is exceeded.",
        note="Load-duration curve, deferrable requests levelled.",
    )
