"""Charts of the reader's own usage."""

from collections.abc import Sequence

from dashboard.charts import ACCENT, escaped
from dashboard.risk_charts import rows_layout
from reports.text import percent


def bars(shares: Sequence[tuple[str, float]]) -> dict:
    """Shares as bars with their names, the largest at the top."""
    order = [str(place) for place in range(len(shares))][::-1]  # names may be equal once they are cut
    values = [shares[int(place)][1] for place in order]
    data = [{
        "type": "bar", "orientation": "h", "name": "Share of the cost", "x": values, "y": order,
        "marker": {"color": ACCENT}, "hovertemplate": "%{x:.1%}<extra></extra>",
    }]  # fmt: skip
    texts = {
        place: f"{escaped(shares[int(place)][0])}  <b>{percent(value)}</b>"
        for place, value in zip(order, values, strict=True)
    }
    return {"data": data, "layout": rows_layout(texts, {"tickformat": ".0%", "range": [0, 1], "showgrid": True})}
