"""Figures against the volume of requests: plain dicts for plotly, as in `charts`."""

from collections.abc import Mapping, Sequence

import numpy as np

from costmodel.break_even import Crossing, Sweep
from costmodel.comparison import Comparison
from dashboard.axes import powers_of_ten
from dashboard.charts import MUTED, callout, follows, marks
from dashboard.line_ends import escaped, named
from reports.words.money import converted, symbol
from reports.words.palette import option_colours
from reports.words.text import compact

LEAST = 1e-9  # shown on a log axis in place of nothing
REQUESTS = {"title": {"text": "Requests a month (log scale)"}}


def by_volume(volumes: Sweep, comparison: Comparison, crossings: Sequence[Crossing], on: str) -> dict:
    """Levelised cost of every option against the volume, in equal ratios; crossings stand on the curve of `on`."""
    curves = {slug: converted(volumes.levelized_cost_usd_per_mtok(slug)) for slug in comparison.costs}
    data = _volume_lines(volumes, curves, comparison, "%{y:$,.4~r} per million tokens", "levelized")
    found = [(c, float(np.interp(c.at, volumes.values, curves[on]))) for c in crossings]
    if found:
        texts = [_volume_text(comparison, c) for c in crossings]
        data.append({**marks([c.at for c, _ in found], [y for _, y in found], texts), "hoverinfo": "skip"})
    crossed = [callout(np.log10(c.at), np.log10(y), compact(c.at)) for c, y in found]
    return {"data": data, **_volume_layout(volumes, curves, comparison, crossed, sign=symbol())}


def has_gpus(volumes: Sweep) -> bool:
    """Whether any option runs on GPUs of its own servers or instances."""
    return any(volumes.gpus(slug) is not None for slug in volumes.options.costs)


def staircase(volumes: Sweep, comparison: Comparison) -> dict:
    """GPUs of each option in the last month against the volume: as steps, unless an autoscaled fleet has an average."""
    found = {slug: volumes.gpus(slug) for slug in comparison.costs}
    curves = {slug: gpus for slug, gpus in found.items() if gpus is not None}
    data = _volume_lines(volumes, curves, comparison, "%{y:,.1f} GPUs", "gpus")
    for line in data:
        line["line"]["shape"] = "hv" if np.all(line["y"] == np.round(line["y"])) else "linear"
    return {"data": data, **_volume_layout(volumes, curves, comparison)}


def _volume_lines(volumes: Sweep, curves: Mapping, comparison: Comparison, value: str, result: str) -> list[dict]:
    colours = option_colours(comparison.costs)
    return [
        {"type": "scatter", "mode": "lines", "name": escaped(comparison[slug].label), "x": volumes.values, "y": curve,
         "line": {"color": colours[slug], "width": 2.5},
         "hovertemplate": value, "meta": follows(slug, result)}
        for slug, curve in curves.items()
    ]  # fmt: skip


def _volume_layout(volumes: Sweep, curves: Mapping, comparison: Comparison, crossed: Sequence[dict] = (),
                   sign: str = "") -> dict:  # fmt: skip
    """The layout, and what of it is another one on a telephone; `sign` is that of the currency of amounts."""
    today = comparison.scenario[volumes.path]
    logs = {slug: np.log10(np.maximum(curve, LEAST)) for slug, curve in curves.items()}
    now = {"name": "today", "text": "today", "x": np.log10(today), "yref": "paper", "y": 1, "yanchor": "bottom",
           "showarrow": False}  # fmt: skip
    line = {"color": MUTED, "width": 1, "dash": "dot"}
    ends = {slug: curve[-1] for slug, curve in logs.items()}
    words = {slug: ("", comparison[slug].label) for slug in logs}
    everywhere = np.concatenate([np.atleast_1d(curve) for curve in logs.values()])
    axis_ends = float(everywhere.min()), float(everywhere.max())
    layout = {
        "showlegend": False,
        "hovermode": "x unified",
        "xaxis": {**REQUESTS, **powers_of_ten(volumes.values[0], volumes.values[-1])},
        "yaxis": {**powers_of_ten(*(10**end for end in axis_ends), sign), "rangemode": "normal"},
        "margin": {"t": 24, "b": 8, "l": 8},
        "shapes": [{"type": "line", "x0": today, "x1": today, "yref": "paper", "y0": 0, "y1": 1, "line": line}],
        "annotations": [{**now, "font": {"color": MUTED}}, *crossed],
        "meta": {"along": volumes.path},
    }
    return named(layout, ends, words, option_colours(comparison.costs), axis_ends)


def _volume_text(comparison: Comparison, crossing: Crossing) -> str:
    return f"{escaped(comparison[crossing.cheaper].label)} is cheaper from {compact(crossing.at)} requests a month on"
