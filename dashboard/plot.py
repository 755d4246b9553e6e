"""Plotly charts that are updated in place; `st.plotly_chart` draws each one anew on every run."""

from importlib.metadata import version
from pathlib import Path

import streamlit as st
from pydantic_core import to_json

from reports.words.money import symbol

PLOTLY_URL = f"/plotly-{version('plotly')}.min.js"  # served by app.py from the installed package

_element = st.components.v2.component(
    "plot",
    html=f'<div class="plot" data-plotly="{PLOTLY_URL}"></div>',
    js=Path(__file__).with_name("plot.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # plotly puts its style rules into the document's head
)


def plot(figure: dict, *, key: str, alt: str, height: int) -> None:
    """Show a plotly figure, a dict of `data` and `layout`; a later run with the same key updates it in place.

    The browser adds font, text, grid and background colours of the current theme. A colour in the figure may be
    written as one of Streamlit's theme variables, `"var(--st-gray-text-color)"`. Arrays may be numpy; NaN is a gap.
    A `$` in a number format is the sign of the currency shown. `alt` says in a sentence what the chart shows, `height`
    is in pixels.
    """
    told = {**figure, "alt": alt, "height": height, "currency": symbol()}
    data = to_json(told, inf_nan_mode="null", fallback=lambda value: value.tolist())
    _element(key=key, data=data, height=height)
