"""Cost against the reader's evaluation, as a plain dict for plotly, as in `charts`."""

from collections.abc import Sequence

from dashboard.axes import money_axis
from dashboard.charts import ACCENT, MUTED, escaped
from reports.words.market import Evaluated
from reports.words.money import converted


def frontier(models: Sequence[Evaluated]) -> dict:
    """Each evaluated model as a point with its name; a line through those that none is better for as little as."""
    ahead = [model for model in models if model.ahead]
    data = [
        {"type": "scatter", "mode": "lines", "name": "Ahead", "x": [model.points for model in ahead],
         "y": [converted(model.usd) for model in ahead], "line": {"color": ACCENT, "width": 2}, "hoverinfo": "skip"},
        {"type": "scatter", "mode": "markers", "name": "Evaluated", "x": [model.points for model in models],
         "y": [converted(model.usd) for model in models], "cliponaxis": False,
         "marker": {"size": 11, "color": [ACCENT if model.ahead else MUTED for model in models]},
         "text": [escaped(model.name) for model in models],
         "hovertemplate": "%{text}: %{x} points, %{y:$,.0f}<extra></extra>"},
    ]  # fmt: skip
    names = [
        {"x": model.points, "y": converted(model.usd), "text": escaped(model.name), "showarrow": False, "yshift": 16}
        for model in models
    ]
    layout = {
        "showlegend": False,
        "xaxis": {"title": {"text": "Your evaluation, points"}, "showgrid": True},
        "yaxis": {**money_axis(), "rangemode": "tozero"},
        "margin": {"t": 24, "r": 48, "b": 8, "l": 8},
        "annotations": names,
    }
    return {"data": data, "layout": layout}
