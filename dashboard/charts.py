"""Figures as plain dicts: data and layout for plotly. Theme colours are filled in by the browser."""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from costmodel.best_shares import Splits
from costmodel.break_even import Crossing
from costmodel.comparison import Comparison, OptionCost
from costmodel.lines import by_group
from dashboard.axes import axis_ends, money_axis, month_axis, share_axis
from dashboard.line_ends import escaped, labelled, named
from reports.words.briefing import curve
from reports.words.dates import numbered
from reports.words.money import converted
from reports.words.order import listed
from reports.words.palette import GROUP_COLOURS, SHADES, option_colours
from reports.words.parts import groups
from reports.words.text import percent, usd

RUNAWAY, FEWEST_CURVES = 2.5, 2  # times the next curve below, from which one is cut; curves always in full
ROOM, BEYOND_ROOM = 1.01, 1.3  # of the axis, times the highest curve that is in full
BAND_OPACITY, BAND_ROOM = "24", 1.5  # of ff; of the axis, times the highest curve that is in full
APART = 0.06  # of the axis: the least distance between two labels above a curve
LEFT, RIGHT = 0.3, 0.8  # of the axis, before and after which a label stands beside its place
BEYOND = " \u2191"  # stands where a curve goes beyond the axis
LAST_LABEL = 32  # pixels that half the name of the last month takes beyond the axis
BAR_HEIGHT, LEGEND_HEIGHT, LEGEND_GAP, BAR_TOP = 46, 124, 28, 12  # pixels: the gap is what figures of an axis take
BAR, ROW_LINE, NAME_LETTERS = 17, 19, 46  # pixels of a bar and of a further line above it; letters of such a line
INK, MUTED, PAPER = (f"var(--st-{name}-color)" for name in ("text", "gray-text", "background"))
ACCENT = "var(--st-primary-color)"
BELOW = {"orientation": "h", "x": 0, "yref": "container", "y": 0, "yanchor": "bottom"}  # a legend with its own room
BETWEEN = {"width": 1, "color": PAPER}  # parts of a bar are told apart by a gap as well


def cumulative(comparison: Comparison, found: Sequence[Crossing], band: np.ndarray | None = None) -> dict:
    """Cumulative cost of every option over time, to its net present cost, with the crossings that the title names.

    `band` are the lower and the upper bound of the cheapest option's curve, USD. Shape (2, T+2).
    """
    colours = option_colours(comparison.costs)
    curves = {slug: _converted_curve(cost) for slug, cost in comparison.costs.items()}
    axis, beyond = _axis(comparison, {slug: usd_by_month for slug, (_, usd_by_month) in curves.items()}, band)
    data = [
        {
            "type": "scatter", "mode": "lines", "name": escaped(comparison[slug].label), "x": months, "y": usd_by_month,
            "line": {"color": colours[slug], "width": 3 if slug == comparison.ranking[0] else 1.75,
                     "simplify": False, "dash": "dot" if slug not in comparison.allowed else "solid"},
            "cliponaxis": slug in beyond, "hovertemplate": "%{y:$,.0f}", "meta": follows(slug, "curve"),
        }
        for slug, (months, usd_by_month) in curves.items()
    ]  # fmt: skip
    if band is not None:
        best = comparison.ranking[0]
        data += _band(escaped(comparison[best].label), curves[best][0], converted(band), colours[best])
    if found:
        texts = [_crossing_text(comparison, c) for c in found]
        crossed = marks([c.at for c in found], [converted(c.usd) for c in found], texts)
        data.append({**crossed, "hoverinfo": "skip"})  # what is read at a month is the costs of all
    by_end = sorted(curves, key=lambda slug: curves[slug][1][-1])
    ends, last = {slug: min(float(curves[slug][1][-1]), axis[1]) for slug in by_end}, comparison.months[-1]
    across, labelled = month_axis(comparison.scenario, ""), _month_labels(found, last)
    words = {slug: (usd(cost.net_present_cost_usd) + BEYOND * (slug in beyond), cost.label)
             for slug, cost in comparison.costs.items()}  # fmt: skip
    layout = {
        "showlegend": False,
        "hovermode": "x unified",
        "xaxis": {**across, "range": [0, last], "unifiedhovertitle": {"text": "End of month %{x:.0f}"}},
        "yaxis": {**money_axis(), "range": axis},
        "margin": {"t": 16, "b": 8, "l": 8},
        "annotations": labelled,
    }  # fmt: skip
    return {"data": data, **named(layout, ends, words, colours, axis)}


def _band(name: str, months: np.ndarray, bounds: np.ndarray, colour: str) -> list[dict]:
    return [
        {"type": "scatter", "mode": "lines", "name": f"{name}: {bound}", "x": months, "y": values, "hoverinfo": "skip",
         "line": {"width": 0, "simplify": False}, "fill": fill, "fillcolor": f"{colour}{BAND_OPACITY}"}
        for bound, values, fill in zip(("low", "high"), bounds, ("none", "tonexty"), strict=True)
    ]  # fmt: skip


def _axis(comparison: Comparison, curves: Mapping[str, np.ndarray],
          band: np.ndarray | None) -> tuple[tuple[float, float], list[str]]:  # fmt: skip
    """(ends of the axis of these curves, those that go beyond): one that runs away must not flatten the others.

    The first of the ranking stay in full, though options that rules exclude cost far less. A band around one of them
    may make the axis longer, but not much.
    """
    low = min(0.0, *(float(curve.min()) for curve in curves.values()))
    peaks = sorted((float(curve.max()), slug) for slug, curve in curves.items())
    first = comparison.ranking[:FEWEST_CURVES]
    for i in range(1 + max(i for i, (_, slug) in enumerate(peaks) if slug in first), len(peaks)):
        if peaks[i][0] > RUNAWAY * peaks[i - 1][0] > 0:
            return axis_ends(low, BEYOND_ROOM * peaks[i - 1][0]), [slug for _, slug in peaks[i:]]
    high, shaded = peaks[-1][0] or 1.0, 0.0 if band is None else float(converted(band.max()))
    return axis_ends(low, max(ROOM * high, min(ROOM * shaded, BAND_ROOM * high))), []


def cut_note(comparison: Comparison, band: np.ndarray | None = None) -> str:
    """What goes beyond the axis, in a sentence; empty where all stays within it."""
    curves = {slug: _converted_curve(cost)[1] for slug, cost in comparison.costs.items()}
    (_, high), beyond = _axis(comparison, curves, band)
    told = [f"{comparison[slug].label} to {usd(comparison[slug].net_present_cost_usd)}" for slug in beyond]
    if band is not None and converted(band.max()) > high:
        told.append(f"the shaded outcomes to {usd(band.max())}")
    return f"The axis is cut: {listed(told)}." if told else ""


def cost_stack(comparison: Comparison) -> dict:
    """Net present cost of every option by group of lines, cheapest first."""
    order = comparison.ranking[::-1]
    totals = {slug: usd(comparison[slug].net_present_cost_usd) for slug in order}
    parts = {group: converted(np.array(amounts)) for group, amounts in groups(comparison, order).items()}
    figure = stacked(comparison, parts, GROUP_COLOURS, totals, {**money_axis(), "nticks": 5}, "%{x:$,.0f}")
    data = [{**trace, "meta": {"group": trace["name"]}} for trace in figure["data"]]
    return {"data": data, "layout": {**figure["layout"], "meta": {"colours": GROUP_COLOURS}}}


def stacked(comparison: Comparison, parts: Mapping[str, Sequence[float]], colours: Mapping[str, str],
            totals: Mapping[str, str], axis: Mapping, hover: str, legend: int = LEGEND_HEIGHT) -> dict:  # fmt: skip
    """A bar for each option made of parts, from the bottom in the order of `totals`: slug -> the whole in words.

    `parts` maps a name to the values in that order, `hover` is plotly's template of one, `legend` pixels for the names.
    """
    order = list(totals)
    texts = {slug: labelled(comparison[slug].label, total, NAME_LETTERS) for slug, total in totals.items()}
    row = BAR_HEIGHT + ROW_LINE * max((text.count("<br>") for text in texts.values()), default=0)
    data = [
        {
            "type": "bar", "orientation": "h", "name": name, "y": order, "x": values,
            "marker": {"color": colours[name], "line": BETWEEN}, "hovertemplate": f"{name}: {hover}<extra></extra>",
        }
        for name, values in parts.items()
    ]  # fmt: skip
    names = [
        {"x": 0, "xref": "paper", "xanchor": "left", "y": slug, "yanchor": "bottom", "yshift": BAR / 2 + 1,
         "showarrow": False, "align": "left", "bgcolor": PAPER, "text": text}
        for slug, text in texts.items()
    ]  # fmt: skip
    layout = {
        "barmode": "relative",
        "bargap": 1 - BAR / row,
        "height": legend + row * len(order),
        "xaxis": {**axis, "range": _bar_ends(parts.values()), "showgrid": True, "zeroline": True},
        "yaxis": {"showgrid": False, "showticklabels": False, "ticks": ""},
        "legend": {"orientation": "h", "yanchor": "top", "y": -LEGEND_GAP / (row * len(order) - BAR_TOP), "x": 0},
        "margin": {"t": BAR_TOP, "r": 16, "b": legend, "l": 8},
        "annotations": names,
    }
    return {"data": data, "layout": layout}


def _bar_ends(parts: Collection[Sequence[float]]) -> tuple[float, float]:
    """The ends of the axis of bars made of parts, which stand on either side of nothing."""
    values = ROOM * np.array([*parts] or [[0.0]])
    return axis_ends(float(values.clip(max=0).sum(axis=0).min()), float(values.clip(min=0).sum(axis=0).max()))


def stack_height(comparison: Comparison, legend: int = LEGEND_HEIGHT) -> int:
    """Pixels that a chart with a bar for each option needs."""
    return legend + BAR_HEIGHT * len(comparison.costs)


def over_time(months: np.ndarray, curves: Sequence[tuple[str, np.ndarray, str]], axis: Mapping, across: Mapping,
              told: Callable[[float], str], *, shape: str = "linear",
              shows: Sequence[Mapping] = ()) -> dict:  # fmt: skip
    """Lines over the months, of (name, values, colour) each, with name and last value, as `told`, at their ends.

    `axis` is that of the values, `across` that of months, `shape` plotly's name for how points are joined; `shows` has
    for each line what it `follows`.
    """
    data = [
        {"type": "scatter", "mode": "lines", "name": escaped(name), "x": months[1:], "y": values[1:],
         "line": {"color": colour, "width": 2, "shape": shape, "simplify": False}}
        for name, values, colour in curves
    ]  # fmt: skip
    for line, (name, *_), result in zip(data, curves, shows, strict=False):
        line["meta"] = {**result, "end": name}
    ends = axis_ends(0.0, ROOM * max((float(np.nanmax(values[1:])) for _, values, _ in curves), default=1.0))
    last = {name: float(values[-1]) for name, values, _ in curves}
    words = {name: (told(end), name if len(curves) > 1 else "") for name, end in last.items()}
    layout = {
        "showlegend": False,
        "hovermode": "x unified",
        "xaxis": dict(across),
        "yaxis": {**axis, "range": ends},
        "margin": {"t": 12, "b": 8, "l": 8},
    }
    return {"data": data, **named(layout, last, words, {name: colour for name, _, colour in curves}, ends)}


def monthly_stack(cost: OptionCost, months: np.ndarray) -> dict:
    """What one option costs month by month, discounted like its total, stacked by group of lines."""
    paid = {
        name: converted(np.broadcast_to(amounts, months.shape))
        for name, amounts in cost.present_lines().items()
        if np.any(amounts)
    }
    sums = {group: sum(lines.values()) for group, lines in by_group(paid).items()}
    data = [
        {"type": "bar", "name": group, "x": months, "y": sums[group], "marker": {"color": colour, "line": BETWEEN},
         "hovertemplate": f"{group}, month %{{x}}: %{{y:$,.0f}}<extra></extra>",
         "meta": {"option": cost.slug, "group": group}}
        for group, colour in GROUP_COLOURS.items()
        if group in sums
    ]  # fmt: skip
    layout = {
        "barmode": "relative",
        "bargap": 0.15,
        "xaxis": month_axis(cost.task.scenario, ""),
        "yaxis": {**money_axis(), "range": _bar_ends(sums.values()), "zeroline": True},
        "margin": {"t": 8, "r": LAST_LABEL, "b": 8, "l": 8},
        "legend": BELOW,
        "meta": {"colours": GROUP_COLOURS},
    }
    return {"data": data, "layout": layout}


def follows(slug: str, result: str) -> dict[str, str]:
    """Which result of an option a trace shows, so that it follows the levers in the browser (live_charts.js)."""
    return {"option": slug, "result": result}


def hover(comparison: Comparison, slug: str, figures: str) -> str:
    """What is read when a point of an option is pointed at; `figures` is plotly's template of them."""
    return f"{escaped(comparison[slug].label)}<br>{figures}<extra></extra>"


def _converted_curve(cost: OptionCost) -> tuple[np.ndarray, np.ndarray]:
    months, amounts = curve(cost)
    return months, converted(amounts)


def _month_labels(found: Sequence[Crossing], last: float) -> list[dict]:
    """The month above each crossing that stands far enough from the one labelled before."""
    labels, taken = [], -np.inf
    for crossing in sorted(found, key=lambda crossing: crossing.at):
        if crossing.at - taken < APART * last:
            continue
        taken = crossing.at
        label = callout(crossing.at, converted(crossing.usd),
                        f"month {np.ceil(crossing.at):.0f}: {usd(crossing.usd)} each")  # fmt: skip
        labels.append({**label, "xanchor": _anchor(crossing.at / last)})
    return labels


def _anchor(share: float) -> str:
    """How a label stands over its place on the axis, clear of the ticks before it and of the names at curves' ends."""
    return "left" if share < LEFT else "right" if share > RIGHT else "center"


def marks(x: list, y: list, texts: list[str]) -> dict:
    """Circles where curves cross, each with what it says when pointed at."""
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "text": texts, "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 9, "color": PAPER, "line": {"width": 2, "color": INK}},
        "name": "Crossings",
    }  # fmt: skip


def callout(x: float, y: float, text: str) -> dict:
    """A short text above a point."""
    return {"x": x, "y": y, "text": text, "showarrow": True, "arrowhead": 0, "arrowwidth": 1, "ax": 0, "ay": -28,
            "arrowcolor": MUTED, "bgcolor": PAPER}  # fmt: skip


def _crossing_text(comparison: Comparison, crossing: Crossing) -> str:
    winner = escaped(comparison[crossing.cheaper].label)
    return f"{winner} overtakes in {numbered(comparison.scenario, crossing.at)}, at {usd(crossing.usd)}"


def load_curve(hours: np.ndarray, load: np.ndarray) -> dict:
    """Load-duration curve: the load that is exceeded in a share of the hours."""
    data = [{"type": "scatter", "mode": "lines", "name": "Load", "x": hours, "y": load, "fill": "tozeroy",
             "line": {"color": ACCENT, "width": 2},
             "customdata": [percent(share) for share in hours],
             "hovertemplate": "%{customdata} of hours are above %{y:.2f} times the mean<extra></extra>"}]  # fmt: skip
    layout = {
        "xaxis": {"title": {"text": "Share of the hours of a month"}, **share_axis(), "range": [0, 1]},
        "margin": {"t": 8, "r": 28, "b": 8, "l": 8},
    }
    return {"data": data, "layout": layout}


def posts(years: Sequence[int], by_role: Mapping[str, Sequence[float]]) -> dict:
    """Posts by role at the end of each year, stacked."""
    data = [
        {"type": "bar", "name": role, "x": [f"Year {year}" for year in years], "y": list(values),
         "marker": {"color": colour, "line": BETWEEN}, "hovertemplate": f"{role}: %{{y:.2f}} posts<extra></extra>"}
        for (role, values), colour in zip(by_role.items(), SHADES, strict=False)
    ]  # fmt: skip
    layout = {"barmode": "stack", "bargap": 0.5, "xaxis": {"ticks": ""},
              "legend": BELOW, "showlegend": True}  # fmt: skip
    return {"data": data, "layout": layout}


def share_curve(found: Splits, today: float) -> dict:
    """Net present cost of an option by the one share that it chooses; whole servers make steps; today is marked."""
    (best,) = found.best
    data = [{
        "type": "scatter", "mode": "lines", "name": "Cost", "x": found.shares[:, 0], "y": converted(found.costs),
        "line": {"color": ACCENT, "width": 2.5}, "customdata": [percent(share) for share in found.shares[:, 0]],
        "hovertemplate": f"%{{customdata}} {found.of}: %{{y:$,.0f}}<extra></extra>",
    }]  # fmt: skip
    data.append(marks([best], [float(converted(found.costs.min()))], [f"cheapest: {percent(best)}"]))
    line = {"color": MUTED, "width": 1, "dash": "dot"}
    layout = {
        "showlegend": False,
        "xaxis": {"title": {"text": f"Share {found.of}"}, **share_axis()},
        "yaxis": {**money_axis(), "rangemode": "normal"},
        "shapes": [{"type": "line", "x0": today, "x1": today, "yref": "paper", "y0": 0, "y1": 1, "line": line}],
    }
    return {"data": data, "layout": layout}
