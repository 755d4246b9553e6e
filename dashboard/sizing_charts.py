"""The curve of a replica: output tokens a second per GPU against the time per token, a plain dict for plotly."""

from collections.abc import Sequence

from costmodel.numerals import numeral
from dashboard.axes import COUNTS
from dashboard.charts import INK, MUTED, PAPER, escaped
from reports.words.text import compact
from reports.words.throughput_curve import CurveView, Point, ThroughputCurve

HOVER = "%{customdata:,.0f} at once: %{y:,.4~r} tokens/s per GPU at %{x:,.3~r} ms<extra></extra>"
TOLD = "%{text}: %{y:,.4~r} tokens/s per GPU at %{x:,.3~r} ms<extra></extra>"
BEYOND = "Beyond the largest measured"
HEIGHT, TOP, LEGEND_HEIGHT, LEGEND_GAP = 430, 16, 120, 54  # pixels: the gap is what the axis and its title take
HERE, ELSEWHERE, OWN, NOW = "circle", "circle-open", "diamond", "circle"


def throughput(view: CurveView, label: str, colour: str, known_to: float, own: Sequence[Point]) -> dict:
    """The curve, dashed beyond `known_to` requests at once (0: no sweep was measured), with what was measured on it.

    `own` are points that the reader measured.
    """
    parts = zip(view.curve.split(known_to), (label, BEYOND if known_to else label), ("solid", "dash"), strict=True)
    data = [
        _line(part, name, {"color": colour, "width": 2.5, "dash": dash})
        for part, name, dash in parts
        if len(part.requests) > 1
    ]
    if view.public_curve:
        into, out = view.public_lengths
        line = {"color": MUTED, "width": 1.5, "dash": "dot"}
        data.append(
            _line(view.public_curve, f"The same at {numeral(into, ',.0f')} in, {numeral(out, ',.0f')} out", line)
        )
    for name, as_here, symbol in (("Published", True, HERE), ("Published, other GPUs per replica", False, ELSEWHERE)):
        points = [point for point, here in view.public if here == as_here]
        if points:
            data.append(_dots(points, name, {"size": 6, "color": MUTED, "symbol": symbol}))
    if own:
        data.append(_dots(own, "You measured", {"size": 10, "color": INK, "symbol": OWN}))
    here = {"size": 12, "color": PAPER, "line": {"width": 3, "color": colour}, "symbol": NOW}
    data.append(_dots([view.operating], "Sized at", here))
    return {"data": data, "layout": _layout(view)}


def _line(curve: ThroughputCurve, name: str, line: dict) -> dict:
    return {
        "type": "scatter", "mode": "lines", "name": escaped(name), "x": curve.time_per_token_ms,
        "y": curve.tok_per_s_per_gpu, "customdata": curve.requests, "line": line, "hovertemplate": HOVER,
    }  # fmt: skip


def _dots(points: Sequence[Point], name: str, marker: dict) -> dict:
    return {
        "type": "scatter", "mode": "markers", "name": name, "x": [point.time_per_token_ms for point in points],
        "y": [point.tok_per_s_per_gpu for point in points], "text": [escaped(point.told) for point in points],
        "marker": marker, "hovertemplate": TOLD,
    }  # fmt: skip


def _layout(view: CurveView) -> dict:
    limit, now = view.limit_ms, view.operating
    is_seen = limit <= 1.1 * max(view.curve.time_per_token_ms[-1], now.time_per_token_ms)
    line = {"type": "line", "x0": limit, "x1": limit, "yref": "paper", "y0": 0, "y1": 1}
    named = {"x": limit, "xanchor": "left", "xshift": 4, "yref": "paper", "y": 0.02, "yanchor": "bottom",
             "text": f"limit {numeral(limit, '.3g')} ms", "showarrow": False, "font": {"color": MUTED}}  # fmt: skip
    ahead = now.time_per_token_ms < max(view.curve.time_per_token_ms[-1], now.time_per_token_ms) / 2
    side, off = ("left", 24) if ahead else ("right", -24)  # below the curve, which no other crosses there
    told = {"x": now.time_per_token_ms, "y": now.tok_per_s_per_gpu, "xanchor": side, "ax": off, "ay": 24,
            "text": f"<b>{compact(now.tok_per_s_per_gpu)}</b>, {now.told}", "showarrow": True, "arrowhead": 0,
            "arrowwidth": 1, "arrowcolor": MUTED}  # fmt: skip
    return {
        "showlegend": True,
        "legend": {"orientation": "h", "yanchor": "top", "x": 0, "y": -LEGEND_GAP / (HEIGHT - TOP - LEGEND_HEIGHT)},
        "hovermode": "closest",
        "margin": {"t": TOP, "r": 12, "b": LEGEND_HEIGHT, "l": 8},
        "xaxis": {"title": {"text": "Time per token under load, ms"}, "rangemode": "tozero"},
        "yaxis": dict(COUNTS),
        "shapes": [{**line, "line": {"color": MUTED, "width": 1, "dash": "dot"}}] if is_seen else [],
        "annotations": [told, *([named] if is_seen else [])],
    }
