"""Figures as plain dicts: data and layout for plotly. Theme colours are filled in by the browser."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from costmodel.best_shares import ShareCurve
from costmodel.break_even import Crossing, Sweep
from costmodel.comparison import Comparison, OptionCost
from costmodel.finance import LINES
from reports.look import GROUP_COLOURS, OPTION_COLOURS, option_colours
from reports.spread import spread
from reports.story import crossings
from reports.text import compact, round_figure, usd

LINE_HEIGHT = 0.055  # of the plot's height: the least distance between two labels at the line ends
LABEL_CHARACTERS = 18
POINTS_HEIGHT, POINT_LABEL = 320, 18  # pixels
LEAST = 1e-9  # shown on a log axis in place of nothing
BAR_HEIGHT, LEGEND_HEIGHT, LEGEND_GAP = 52, 150, 60  # pixels
INK, MUTED, PAPER = (f"var(--st-{name}-color)" for name in ("text", "gray-text", "background"))
ACCENT = "var(--st-primary-color)"
COUNTS = {"exponentformat": "B", "minexponent": 3}
DOLLARS = {**COUNTS, "tickprefix": "$", "hoverformat": "$,.0f"}
REQUESTS = {**COUNTS, "type": "log", "dtick": 1, "title": {"text": "Requests a month (log scale)"}}


def cumulative(comparison: Comparison, *, discounted: bool = False) -> dict:
    """Cumulative cost of every option over time, with the crossings of each pair marked."""
    colours = option_colours(comparison.costs)
    curves = {
        slug: np.broadcast_to(_running(cost, discounted), comparison.months.shape)
        for slug, cost in comparison.costs.items()
    }
    data = [
        {
            "type": "scatter", "mode": "lines", "name": cost.label, "x": comparison.months, "y": curves[slug],
            "line": {"color": colours[slug], "width": 2.5},
            "hovertemplate": _hover(comparison, slug, "month %{x:.0f}: %{y:$,.0f}"),
        }
        for slug, cost in comparison.costs.items()
    ]  # fmt: skip
    marks = [] if discounted else crossings(comparison)
    if marks:
        data.append(
            _marks([c.at for c in marks], [c.usd for c in marks], [_crossing_text(comparison, c) for c in marks])
        )
    layout = {
        "showlegend": False,
        "hovermode": "closest",
        "xaxis": {
            "title": {"text": "Months from today"},
            "range": [0, comparison.months[-1]],
            "dtick": _month_tick(comparison),
        },
        "yaxis": {**DOLLARS},
        "margin": {"t": 16, "r": 140, "b": 8, "l": 8},
        "annotations": _end_labels(curves, comparison, colours)
        + [_callout(c.at, c.usd, f"month {np.ceil(c.at):.0f}") for c in marks],
    }
    return {"data": data, "layout": layout}


def cost_stack(comparison: Comparison) -> dict:
    """Total cost of every option by group of lines, cheapest first; credits to the left of zero."""
    order = comparison.ranking[::-1]
    groups: dict[str, list[float]] = {}
    for position, slug in enumerate(order):
        for name, total in comparison[slug].line_totals().items():
            groups.setdefault(LINES[name].group, [0.0] * len(order))[position] += float(total)
    data = [
        {
            "type": "bar", "orientation": "h", "name": group, "y": order, "x": groups[group],
            "marker": {"color": colour}, "hovertemplate": f"{group}: %{{x:$,.0f}}<extra></extra>",
        }
        for group, colour in GROUP_COLOURS.items()
        if group in groups
    ]  # fmt: skip
    names = [
        {"x": 0, "xref": "paper", "xanchor": "left", "y": slug, "yshift": BAR_HEIGHT * 0.4, "showarrow": False,
         "text": f"{escaped(comparison[slug].label)}  <b>{usd(comparison[slug].tco_usd)}</b>"}
        for slug in order
    ]  # fmt: skip
    layout = {
        "barmode": "relative",
        "bargap": 0.62,
        "xaxis": {**DOLLARS, "showgrid": True, "zeroline": True, "nticks": 5},
        "yaxis": {"showgrid": False, "showticklabels": False, "ticks": ""},
        "legend": {"orientation": "h", "yanchor": "top", "y": -LEGEND_GAP / stack_height(comparison), "x": 0},
        "margin": {"t": 12, "r": 16, "b": LEGEND_HEIGHT, "l": 8},
        "annotations": names,
    }
    return {"data": data, "layout": layout}


def stack_height(comparison: Comparison) -> int:
    """Pixels that `cost_stack` needs."""
    return LEGEND_HEIGHT + BAR_HEIGHT * len(comparison.costs)


def by_volume(volumes: Sweep, comparison: Comparison, crossings: Sequence[Crossing], on: str) -> dict:
    """Levelised cost of every option against the volume, in equal ratios; crossings stand on the curve of `on`."""
    curves = {slug: volumes.levelized_cost_usd_per_mtok(slug) for slug in comparison.costs}
    data = _volume_lines(volumes, curves, comparison, "linear", "%{y:$,.4g} per million tokens")
    marks = [(c, float(np.interp(c.at, volumes.values, curves[on]))) for c in crossings]
    if marks:
        data.append(
            _marks([c.at for c, _ in marks], [y for _, y in marks], [_volume_text(comparison, c) for c in crossings])
        )
    layout = _volume_layout(volumes, curves, comparison, {"title": {"text": "USD per million tokens"}})
    layout["annotations"] += [_callout(np.log10(c.at), np.log10(y), compact(c.at)) for c, y in marks]
    return {"data": data, "layout": layout}


def has_servers(volumes: Sweep) -> bool:
    """Whether any option runs on servers or instances."""
    return any(volumes.servers(slug) is not None for slug in volumes.options.costs)


def staircase(volumes: Sweep, comparison: Comparison) -> dict:
    """Servers or instances of each option in the last month, as steps against the volume."""
    found = {slug: volumes.servers(slug) for slug in comparison.costs}
    curves = {slug: servers for slug, servers in found.items() if servers is not None}
    data = _volume_lines(volumes, curves, comparison, "hv", "%{y:,.1f} servers")
    return {
        "data": data,
        "layout": _volume_layout(volumes, curves, comparison, {"title": {"text": "servers"}}),
    }


def _volume_lines(volumes: Sweep, curves: Mapping, comparison: Comparison, shape: str, value: str) -> list[dict]:
    colours = option_colours(comparison.costs)
    return [
        {"type": "scatter", "mode": "lines", "name": comparison[slug].label, "x": volumes.values, "y": curve,
         "line": {"color": colours[slug], "width": 2.5, "shape": shape},
         "hovertemplate": _hover(comparison, slug, f"%{{x:,.3s}} requests a month: {value}")}
        for slug, curve in curves.items()
    ]  # fmt: skip


def _volume_layout(volumes: Sweep, curves: Mapping, comparison: Comparison, axis: Mapping) -> dict:
    today = comparison.scenario[volumes.path]
    logs = {slug: np.log10(np.maximum(curve, LEAST)) for slug, curve in curves.items()}
    now = {"x": np.log10(today), "yref": "paper", "y": 1, "yanchor": "bottom", "text": "today", "showarrow": False}
    line = {"color": MUTED, "width": 1, "dash": "dot"}
    return {
        "showlegend": False,
        "hovermode": "closest",
        "xaxis": dict(REQUESTS),
        "yaxis": {**axis, **_powers_of_ten(curves.values()), "rangemode": "normal"},
        "margin": {"t": 24, "r": 140, "b": 8, "l": 8},
        "shapes": [{"type": "line", "x0": today, "x1": today, "yref": "paper", "y0": 0, "y1": 1, "line": line}],
        "annotations": [
            *_end_labels(logs, comparison, option_colours(comparison.costs)),
            {**now, "font": {"color": MUTED}},
        ],
    }


def _powers_of_ten(curves: Iterable[np.ndarray]) -> dict:
    """A log axis labelled at each power of ten as a reader writes it."""
    logs = np.log10(np.maximum(np.concatenate([np.atleast_1d(curve) for curve in curves]), LEAST))
    ticks = 10.0 ** np.arange(np.floor(logs.min()), np.ceil(logs.max()) + 1)
    return {"type": "log", "tickvals": ticks, "ticktext": [round_figure(tick) for tick in ticks]}


def over_time(months: np.ndarray, curves: Sequence[tuple[str, np.ndarray, str]], axis: Mapping,
              *, shape: str = "linear") -> dict:  # fmt: skip
    """Lines over the months, of (name, values, colour) each; `shape` is plotly's name for how points are joined."""
    data = [
        {"type": "scatter", "mode": "lines", "name": escaped(name), "x": months[1:], "y": values[1:],
         "line": {"color": colour, "width": 2, "shape": shape}}
        for name, values, colour in curves
    ]  # fmt: skip
    layout = {
        "showlegend": len(curves) > 1,
        "legend": {"orientation": "h", "y": -0.32, "x": 0},
        "hovermode": "x unified",
        "xaxis": {"title": {"text": "Month"}, "dtick": 12},
        "yaxis": dict(axis),
    }
    return {"data": data, "layout": layout}


def monthly_stack(cost: OptionCost, months: np.ndarray) -> dict:
    """Cash of one option month by month, stacked by group of lines."""
    groups: dict[str, np.ndarray] = {}
    for name in cost.line_totals():
        group = LINES[name].group
        groups[group] = groups.get(group, 0) + np.broadcast_to(cost.lines[name], months.shape)
    data = [
        {"type": "bar", "name": group, "x": months, "y": groups[group], "marker": {"color": colour},
         "hovertemplate": f"{group}, month %{{x}}: %{{y:$,.0f}}<extra></extra>"}
        for group, colour in GROUP_COLOURS.items()
        if group in groups
    ]  # fmt: skip
    layout = {
        "barmode": "relative",
        "bargap": 0.15,
        "xaxis": {"title": {"text": "Month"}, "dtick": 12},
        "yaxis": {**DOLLARS, "zeroline": True},
        "legend": {"orientation": "h", "y": -0.32, "x": 0},
    }
    return {"data": data, "layout": layout}


def _hover(comparison: Comparison, slug: str, figures: str) -> str:
    return f"{escaped(comparison[slug].label)}<br>{figures}<extra></extra>"


def _running(cost: OptionCost, discounted: bool) -> np.ndarray:
    return np.cumsum(cost.present_cash_usd) if discounted else cost.cumulative_usd


def _month_tick(comparison: Comparison) -> int:
    return 12 if comparison.months[-1] > 24 else 3


def _marks(x: list, y: list, texts: list[str]) -> dict:
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "text": texts, "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 9, "color": PAPER, "line": {"width": 2, "color": INK}},
        "name": "Crossings",
    }  # fmt: skip


def _callout(x: float, y: float, text: str) -> dict:
    return {"x": x, "y": y, "text": text, "showarrow": True, "arrowhead": 0, "arrowwidth": 1, "ax": 0, "ay": -28,
            "arrowcolor": MUTED}  # fmt: skip


def _crossing_text(comparison: Comparison, crossing: Crossing) -> str:
    winner = escaped(comparison[crossing.cheaper].label)
    return f"{winner} overtakes in month {np.ceil(crossing.at):.0f}, at {usd(crossing.usd)}"


def _volume_text(comparison: Comparison, crossing: Crossing) -> str:
    return f"{escaped(comparison[crossing.cheaper].label)} is cheaper from {compact(crossing.at)} requests a month on"


def _end_labels(curves: Mapping[str, np.ndarray], comparison: Comparison, colours: Mapping[str, str]) -> list[dict]:
    """Names at the right end of the curves, moved apart so that none covers another."""
    lowest = min(curve.min() for curve in curves.values())
    gap = (max(curve.max() for curve in curves.values()) - lowest or 1) * LINE_HEIGHT
    places: dict[str, float] = {}
    taken = -np.inf
    for slug in sorted(curves, key=lambda slug: curves[slug][-1]):
        half = gap * (_wrapped(comparison[slug].label).count("<br>") + 1) / 2
        places[slug] = max(float(curves[slug][-1]), taken + half)
        taken = places[slug] + half
    return [
        {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "y": y,
         "text": f'<span style="color:{colours[slug]}">\u25cf</span> {_wrapped(comparison[slug].label)}',
         "showarrow": False, "align": "left"}
        for slug, y in places.items()
    ]  # fmt: skip


def _wrapped(label: str) -> str:
    """A label broken into lines of a few words, with the characters that plotly reads as markup made harmless."""
    lines, line = [], ""
    for word in label.split():
        if line and len(line) + 1 + len(word) > LABEL_CHARACTERS:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "<br>".join(escaped(part) for part in [*lines, line])


def escaped(label: str) -> str:
    """A label with the characters that plotly reads as markup made harmless."""
    return label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def load_curve(hours: np.ndarray, load: np.ndarray) -> dict:
    """Load-duration curve: the load that is exceeded in a share of the hours."""
    data = [{"type": "scatter", "mode": "lines", "name": "Load", "x": hours, "y": load, "fill": "tozeroy",
             "line": {"color": ACCENT, "width": 2},
             "hovertemplate": "%{x:.0%} of hours are above %{y:.2f} times the mean<extra></extra>"}]  # fmt: skip
    layout = {
        "xaxis": {"title": {"text": "Share of the hours of a month"}, "tickformat": ".0%", "range": [0, 1]},
        "yaxis": {"title": {"text": "Load, times the mean"}},
    }
    return {"data": data, "layout": layout}


def cost_against(comparison: Comparison, measure: Mapping[str, float | None], name: str) -> dict:
    """Each option as a point: present value up, the measure across; hollow where a rule stands against it."""
    colours = option_colours(comparison.costs)
    costs = {
        slug: float(cost.net_present_cost_usd) for slug, cost in comparison.costs.items() if measure[slug] is not None
    }
    data = [{
        "type": "scatter", "mode": "markers", "name": comparison[slug].label, "x": [measure[slug]], "y": [cost],
        "cliponaxis": False,
        "marker": {"size": 13, "color": PAPER if comparison[slug].broken_rules else colours[slug],
                   "line": {"width": 2.5, "color": colours[slug]}},
        "hovertemplate": _hover(comparison, slug, "%{x:,.4~g}: %{y:$,.0f}"),
    } for slug, cost in costs.items()]  # fmt: skip
    top = max(costs.values(), default=1) * 1.1 or 1
    pixels = {slug: cost / top * POINTS_HEIGHT for slug, cost in costs.items()}
    places = dict(
        zip(pixels, spread(list(pixels.values()), [POINT_LABEL] * len(pixels), 0, POINTS_HEIGHT), strict=True)
    )
    right = max((measure[slug] for slug in costs), default=0) / 2
    labels = [{
        "x": measure[slug], "y": cost, "text": escaped(comparison[slug].label), "showarrow": True, "arrowhead": 0,
        "arrowwidth": 1, "arrowcolor": MUTED,
        "ax": -24 if measure[slug] > right else 24, "ay": pixels[slug] - places[slug],
        "xanchor": "right" if measure[slug] > right else "left",
    } for slug, cost in costs.items()]  # fmt: skip
    layout = {
        "showlegend": False,
        "xaxis": {"title": {"text": name}, "rangemode": "tozero", "exponentformat": "B", "showgrid": True},
        "yaxis": {**DOLLARS, "title": {"text": "Present value"}, "range": [0, top]},
        "margin": {"t": 24, "r": 32, "b": 8, "l": 8},
        "annotations": labels,
    }
    return {"data": data, "layout": layout}


def posts(years: Sequence[int], by_role: Mapping[str, Sequence[float]]) -> dict:
    """Posts by role at the end of each year, stacked."""
    data = [
        {"type": "bar", "name": role, "x": [f"Year {year}" for year in years], "y": list(values),
         "marker": {"color": colour}, "hovertemplate": f"{role}: %{{y:.2f}} posts<extra></extra>"}
        for (role, values), colour in zip(by_role.items(), OPTION_COLOURS, strict=False)
    ]  # fmt: skip
    layout = {"barmode": "stack", "bargap": 0.5, "xaxis": {"ticks": ""},
              "legend": {"orientation": "h", "y": -0.2, "x": 0}, "showlegend": True}  # fmt: skip
    return {"data": data, "layout": layout}


def share_curve(found: ShareCurve, today: float) -> dict:
    """Present value of a hybrid by the share of the peak it owns; whole servers make steps, today's share is marked."""
    data = [{
        "type": "scatter", "mode": "lines", "name": "Present value", "x": found.shares, "y": found.costs,
        "line": {"color": ACCENT, "width": 2.5}, "hovertemplate": "%{x:.0%} owned: %{y:$,.0f}<extra></extra>",
    }]  # fmt: skip
    data.append(_marks([found.best], [float(found.costs.min())], [f"cheapest: {found.best:.0%} owned"]))
    line = {"color": MUTED, "width": 1, "dash": "dot"}
    layout = {
        "showlegend": False,
        "xaxis": {"title": {"text": "Share of the peak wanted on own servers"}, "tickformat": ".0%"},
        "yaxis": {**DOLLARS, "rangemode": "normal"},
        "shapes": [{"type": "line", "x0": today, "x1": today, "yref": "paper", "y0": 0, "y1": 1, "line": line}],
    }
    return {"data": data, "layout": layout}
