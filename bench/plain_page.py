"""The yardstick of bench/browser.py: the overview's widgets and charts, computing nothing, on Streamlit's defaults.

Sentences, tiles and figures at every position of the first lever are worked out before the first step; a step only
looks them up. Tiles are `st.metric`, charts `st.plotly_chart`.
"""

import json
import re

import numpy as np
import streamlit as st
from pydantic_core import to_json

from answers.volume import VOLUME
from costmodel.comparison import compare
from dashboard import charts
from pricing.presets import DEFAULT, preset, presets
from reports.words.briefing import crossings
from reports.words.text import compact, percent, usd
from reports.words.verdict import verdict

POSITIONS = np.geomspace(1e4, 1e8, 61).round().tolist()
OTHER_LEVERS = ("ML engineers (FTE)", "Infrastructure engineers (FTE)", "Wage (USD/year)", "Price decline (% a year)")


def plain(figure: dict) -> dict:
    """The figure with one grey for the theme's colours, which `st.plotly_chart` does not know by name."""
    known = {part: figure[part] for part in ("data", "layout")}
    text = to_json(known, inf_nan_mode="null", fallback=lambda value: value.tolist()).decode()
    return json.loads(re.sub(r"var\(--st-[\w-]+\)", "#808080", text))


def frame(volume: float) -> tuple[str, str, list[tuple[str, str, str]], list[dict]]:
    """Headline, sentence, tiles and figures at one position of the lever."""
    comparison = compare(preset(DEFAULT).scenario.vary({VOLUME: volume}))
    costs = [comparison[slug] for slug in comparison.ranking]
    least = costs[0].net_present_cost_usd
    tiles = [
        (cost.label, usd(cost.net_present_cost_usd), f"{percent(cost.net_present_cost_usd / least - 1)} more")
        for cost in costs
    ]
    said = verdict(comparison)
    return (
        said.headline,
        said.owning,
        tiles,
        [plain(charts.cumulative(comparison, crossings(comparison))), plain(charts.cost_stack(comparison))],
    )


@st.cache_resource
def frozen() -> dict:
    return {volume: frame(volume) for volume in POSITIONS}


def side() -> float:
    """The side bar; what the first lever says."""
    st.title("Crossover")
    st.selectbox("Start from", presets().values())
    with st.container(horizontal=True):
        st.button("Undo")
        st.button("Redo")
        st.button("Reset")
    st.caption("Undo: requests per month")
    with st.expander("Nothing changed"):
        st.caption("Every value is that of the preset.")
    st.text_input("Requests per month", "1,000,000", help="Volume.")
    volume = st.select_slider("Requests per month", POSITIONS, POSITIONS[30], format_func=compact)
    for label in OTHER_LEVERS:
        st.text_input(label, "30", help=label)
        st.select_slider(label, range(61), 30)
    return volume


if __name__ == "__main__":
    st.set_page_config(layout="wide")
    with st.sidebar:
        headline, sentence, tiles, figures = frozen()[side()]
    st.title(headline)
    st.markdown(sentence)
    for column, (label, value, more) in zip(st.columns(len(tiles)), tiles, strict=True):
        column.metric(label, value, more, delta_color="off")
    for column, figure, name in zip(st.columns([3, 2]), figures, ("curves", "stack"), strict=True):
        with column:
            st.subheader(name)
            st.plotly_chart(figure, key=name, height=400)
            st.caption("Cash as it is paid.")
            st.download_button("CSV", "data", key=f"csv:{name}")
