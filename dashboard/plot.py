"""Plotly charts that are updated in place; `st.plotly_chart` draws each one anew on every run."""

from dataclasses import asdict, dataclass
from importlib.metadata import version

import streamlit as st
from pydantic_core import to_json

from costmodel.numerals import marks
from dashboard.scripts import module
from reports.words.money import symbol

PLOTLY_URL = f"/plotly-{version('plotly')}.min.js"  # served by app.py from the installed package

_element = st.components.v2.component(
    "plot",
    html=f'''<p class="chart-measure"></p><div class="plot" data-plotly="{PLOTLY_URL}"></div>
<div class="chart-foot" hidden><span></span><div><button data-way="csv">CSV</button>
<button data-way="png">Picture</button><button data-way="svg">SVG</button>
<button data-way="formula">Formula</button></div></div>''',
    js=module("plot.js"),
    isolate_styles=False,  # plotly puts its style rules into the document's head
)


@dataclass(frozen=True)
class Frame:
    """What stands around a chart and in its picture.

    `measure` is what is drawn and its unit, above the chart; `foot` what it rests on, below. The picture has the
    `title` and, below, `whose` it is as well. `file` is the name of what is saved without
    its ending.
    """

    title: str
    measure: str
    foot: str
    whose: str
    file: str


def plot(figure: dict, *, key: str, alt: str, height: int, frame: Frame | None = None) -> bool:
    """Show a plotly figure; a later run with the same key updates it in place.

    It is a dict of `data`, `layout` and, where that is another one on a telephone, what is `narrow` in the layout.

    The browser adds font, text, grid and background colours of the current theme. A colour in the figure may be
    written as one of Streamlit's theme variables, `"var(--st-gray-text-color)"`. Arrays may be numpy; NaN is a gap.
    A `$` in a number format is the sign of the currency shown. `alt` says in a sentence what the chart shows, `height`
    is in pixels. Returns whether the reader has just asked for the formula.
    """
    told = {
        **figure,
        "alt": alt,
        "height": height,
        "currency": symbol(),
        "marks": asdict(marks()),
        "frame": frame and asdict(frame),
    }
    data = to_json(told, inf_nan_mode="null", fallback=lambda value: value.tolist())
    return bool(_element(key=key, data=data, on_formula_change=_asked).formula)


def _asked() -> None:
    """Asking for the formula changes nothing; the run that follows tells of it."""
