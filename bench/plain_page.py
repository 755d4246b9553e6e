"""The yardstick of bench/browser.py: the same widgets and charts, computing nothing, on Streamlit's defaults."""

import json
import math
import re

import streamlit as st
from pydantic_core import to_json

LEVERS, STEPS, MONTHS = 5, 21, 61


def frame(step: int) -> tuple[dict, list[dict]]:
    """Metrics and figures at one position of the lever."""
    months = list(range(MONTHS))
    lines = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": f"Option {i + 1}",
            "x": months,
            "y": [(i + 1) * 1e4 * (m + step * math.sqrt(m + 1)) for m in months],
        }
        for i in range(5)
    ]
    bars = [
        {
            "type": "bar",
            "name": f"Line {j + 1}",
            "x": [f"Option {i + 1}" for i in range(5)],
            "y": [1e5 * (i + j + 1) * (10 + step) for i in range(5)],
        }
        for j in range(6)
    ]
    figures = [
        {"data": lines, "layout": {"xaxis": {"title": {"text": "months"}}, "yaxis": {"tickprefix": "$"}}},
        {"data": bars, "layout": {"barmode": "stack", "yaxis": {"tickprefix": "$"}}},
    ]
    return {f"Option {i + 1}": f"${lines[i]['y'][-1] / 1e6:.2f}M" for i in range(5)}, figures


def plain(figure: dict) -> dict:
    """The figure with one grey for the theme's colours, which `st.plotly_chart` does not know by name."""
    text = to_json(figure, inf_nan_mode="null", fallback=lambda value: value.tolist()).decode()
    return json.loads(re.sub(r"var\(--st-[\w-]+\)", "#808080", text))


@st.cache_resource
def frozen() -> list:
    return [(metrics, [plain(figure) for figure in figures]) for metrics, figures in map(frame, range(STEPS))]


if __name__ == "__main__":
    st.set_page_config(layout="wide")
    levers = [st.sidebar.slider(f"Lever {i + 1}", 0, STEPS - 1, 10, key=f"lever_{i}") for i in range(LEVERS)]
    metrics, figures = frozen()[levers[0]]
    for column, (label, value) in zip(st.columns(len(metrics)), metrics.items(), strict=True):
        column.metric(label, value)
    for i, figure in enumerate(figures):
        st.plotly_chart(figure, key=f"chart_{i}", height=360)
