"""Charts of the reader's own usage."""

from collections.abc import Sequence

from dashboard.axes import share_axis
from dashboard.charts import ACCENT
from dashboard.uncertainty_charts import labelled_rows
from reports.words.text import percent


def bars(shares: Sequence[tuple[str, float]]) -> dict:
    """Shares as bars with their names, the largest at the top."""
    rows = {f"row {place}": share for place, share in reversed([*enumerate(shares)])}  # names may look like numbers
    order, values = list(rows), [value for _, value in rows.values()]
    data = [{
        "type": "bar", "orientation": "h", "name": "Share of the cost", "x": values, "y": order,
        "marker": {"color": ACCENT}, "customdata": [percent(share) for share in values],
        "hovertemplate": "%{customdata}<extra></extra>",
    }]  # fmt: skip
    words = {row: (name, percent(value)) for row, (name, value) in rows.items()}
    return labelled_rows(data, words, {**share_axis(), "range": [0, 1], "showgrid": True})
