"""Figures of the what-if page: probabilities, spreads, tornado, heat map."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from answers.grid import logarithmic
from costmodel.comparison import Comparison
from costmodel.fields import SHARES
from costmodel.scenario import Scenario, number_at, numbers
from costmodel.uncertainty.heatmap import HeatMap
from costmodel.uncertainty.montecarlo import MonteCarlo
from costmodel.uncertainty.tornado import Bar
from dashboard.axes import COUNTS, axis_ends, money_axis, month_axis, powers_of_ten, share_axis
from dashboard.charts import ACCENT, BAR, BELOW, INK, LAST_LABEL, MUTED, PAPER, ROW_LINE, over_time
from dashboard.line_ends import escaped, labelled
from reports.words.labels import path_label
from reports.words.money import converted
from reports.words.palette import option_colours
from reports.words.text import odds, usd

SPREAD_KEY = "Dot: the cost with today's inputs; thick: the middle half of the simulations; thin: nine tenths."
SPREAD_NOTE = f"{SPREAD_KEY} The dot lies low in its band where ranges reach further up than down."
ROW_HEIGHT, FRAME_HEIGHT = 44, 84  # pixels of a row, around all
ROW_LETTERS, NARROW_ROW_LETTERS = 72, 38  # of a line above a bar; on a telephone
INTERVALS = ((0.05, 0.95, 2), (0.25, 0.75, 8))  # from, to, width of the line


def rows_height(rows: int, lines: int = 1) -> int:
    """Pixels that a chart with so many rows needs, whose names have at most so many lines."""
    return FRAME_HEIGHT + _row_height(lines) * rows


def _row_height(lines: int) -> int:
    return ROW_HEIGHT + (lines - 1) * ROW_LINE


def cheapest_probability(run: MonteCarlo, comparison: Comparison) -> dict:
    """How often each option is the cheapest, as bars with their share and standard error."""
    place = comparison.ranking.index
    order = sorted(run.slugs, key=lambda slug: (run.cheapest_probability[slug].value, -place(slug)))
    colours = option_colours(comparison.costs)
    shares = [float(run.cheapest_probability[slug].value) for slug in order]
    data = [{
        "type": "bar", "orientation": "h", "name": "Probability of being cheapest", "x": shares, "y": order,
        "marker": {"color": [colours[slug] for slug in order]}, "customdata": [odds(share) for share in shares],
        "hovertemplate": "%{customdata}<extra></extra>",
    }]  # fmt: skip
    words = {slug: (comparison[slug].label, odds(share)) for slug, share in zip(order, shares, strict=True)}
    return labelled_rows(data, words, {**share_axis(), "range": [0, 1], "showgrid": True})


def cost_spread(run: MonteCarlo, comparison: Comparison) -> dict:
    """The cost of each option and the band of the draws around it: the middle half and nine tenths of them."""
    colours, order = option_colours(comparison.costs), comparison.ranking[::-1]
    data = []
    for low, high, width in INTERVALS:
        for slug in order:
            ends = [converted(quantile.value) for quantile in run.cost_quantiles(slug, (low, high))]
            data.append({
                "type": "scatter", "mode": "lines", "name": f"{comparison[slug].label}: {low:.0%} to {high:.0%}",
                "x": ends, "y": [slug, slug], "line": {"color": colours[slug], "width": width},
                "hovertemplate": f"{low:.0%} to {high:.0%} of simulations: %{{x:$,.0f}}<extra></extra>",
            })  # fmt: skip
    today = {slug: float(comparison[slug].net_present_cost_usd) for slug in order}
    data.append({
        "type": "scatter", "mode": "markers", "name": "Today's inputs", "y": list(today),
        "x": [converted(cost) for cost in today.values()],
        "marker": {"size": 10, "color": PAPER, "line": {"width": 2, "color": INK}},
        "hovertemplate": "today's inputs %{x:$,.0f}<extra></extra>",
    })  # fmt: skip
    words = {slug: (comparison[slug].label, usd(cost)) for slug, cost in today.items()}
    ends = axis_ends(min(min(trace["x"]) for trace in data), max(max(trace["x"]) for trace in data))
    return labelled_rows(data, words, {**money_axis(), "showgrid": True, "range": list(ends)})


def overtaken(run: MonteCarlo, a: str, b: str, comparison: Comparison) -> dict:
    """Probability that B has overtaken A for good by each month."""
    months, probability = run.overtaken_by(a, b)
    colour = option_colours(comparison.costs)[b]
    data = [{
        "type": "scatter", "mode": "lines", "name": "Probability", "x": months, "y": probability.value,
        "line": {"color": colour, "width": 2.5, "shape": "hv"},
        "customdata": [odds(share) for share in probability.value],
        "hovertemplate": "by month %{x}: %{customdata}<extra></extra>",
    }]  # fmt: skip
    layout = {
        "xaxis": month_axis(comparison.scenario, "End of the month"),
        "yaxis": {**share_axis(), "range": [0, 1]},
        "margin": {"t": 8, "r": LAST_LABEL, "b": 8, "l": 8},
    }
    return {"data": data, "layout": layout}


def convergence(run: MonteCarlo, comparison: Comparison) -> dict:
    """The probability of being cheapest as the draws went on."""
    counts, shares = run.convergence()
    colours = option_colours(comparison.costs)
    curves = [(comparison[slug].label, share.value, colours[slug]) for slug, share in shares.items()]
    across = {**powers_of_ten(counts[0], counts[-1]), "title": {"text": "Simulations (log scale)"}}
    return over_time(counts, curves, share_axis(), across, odds)


def tornado_bars(scenario: Scenario, bars: Sequence[Bar], base: float, also: Mapping[str, tuple[str, ...]],
                 axis: Mapping, unit: str) -> dict:  # fmt: skip
    """A bar for each number, from the metric at its low to that at its high; the widest on top.

    `unit` is that of the metric, `also` names, by path, further paths that are the same number.
    """
    shown = [bar for bar in bars if np.isfinite([bar.at_low, bar.at_high]).all()][::-1]
    paths, known, base = [bar.path for bar in shown], numbers(scenario), converted(base, unit)
    data = [
        {
            "type": "bar", "orientation": "h", "name": name, "y": paths, "base": base,
            "x": [converted(getattr(bar, at), unit) - base for bar in shown], "marker": {"color": colour},
            "customdata": [
                [converted(getattr(bar, end), known[bar.path].unit), converted(getattr(bar, at), unit)] for bar in shown
            ],
            "hovertemplate": f"at its {name} %{{customdata[0]:,.4~r}}: %{{customdata[1]:,.4~r}}<extra></extra>",
        }
        for name, end, at, colour in (("low", "low", "at_low", MUTED), ("high", "high", "at_high", ACCENT))
    ]  # fmt: skip
    words = {path: (path_label(scenario, path, also.get(path, ())), "") for path in paths}
    today = {"type": "line", "x0": base, "x1": base, "yref": "paper", "y0": 0, "y1": 1,
             "line": {"color": INK, "width": 1}}  # fmt: skip
    return labelled_rows(data, words, {**axis, "showgrid": True, "zeroline": False}, barmode="overlay",
                         showlegend=True, legend=BELOW, shapes=[today])  # fmt: skip


def winners(chart: HeatMap, comparison: Comparison, a: str, b: str, also: Mapping[str, tuple[str, ...]]) -> dict:
    """Regions by the cheapest option over two numbers, named below, the break-even line of A and B, and today's place.

    `also` names, by path, further paths that are the same number.
    """
    colours = option_colours(comparison.costs)
    scenario = comparison.scenario
    across, up = (number_at(scenario, path).unit for path in (chart.x_path, chart.y_path))
    chart = replace(chart, x=converted(chart.x, across), y=converted(chart.y, up))
    contour = chart.contour(a, b)
    today = converted(scenario[chart.x_path], across), converted(scenario[chart.y_path], up)
    side = "left" if today[0] > np.median(chart.x) else "right"  # clear of a line through today's place
    up_axis = _axis(scenario, chart.y_path, chart.y, also)
    title = {**up_axis["title"], "xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "y": 1,
             "yanchor": "bottom", "yshift": 6, "showarrow": False, "font": {"color": MUTED}}  # fmt: skip
    regions = {slug: chart.winner == chart.slugs.index(slug) for slug in comparison.ranking}
    data = [
        {
            "type": "heatmap", "name": escaped(comparison[slug].label), "x": chart.x, "y": chart.y,
            "z": np.where(region, 1.0, np.nan), "colorscale": [[0, colours[slug]], [1, colours[slug]]],
            "opacity": 0.85, "showscale": False, "showlegend": True, "hoverongaps": False,
            "hovertemplate": "%{fullData.name}<extra></extra>",
        }
        for slug, region in regions.items() if np.any(region)
    ]  # fmt: skip
    data += [
        {
            "type": "scatter", "mode": "markers", "name": "Break-even", "x": contour[:, 0], "y": contour[:, 1],
            "marker": {"size": 4, "color": INK}, "hoverinfo": "skip", "showlegend": False,
        },
        {
            "type": "scatter", "mode": "markers+text", "name": "Today", "x": [today[0]], "y": [today[1]],
            "text": ["today"], "textposition": f"top {side}",
            "marker": {"size": 11, "color": PAPER, "line": {"width": 2, "color": INK}}, "hoverinfo": "skip",
            "showlegend": False,
        },
    ]  # fmt: skip
    layout = {
        "legend": BELOW,
        "xaxis": _axis(scenario, chart.x_path, chart.x, also),
        "yaxis": up_axis | {"title": {"text": ""}},
        "margin": {"t": 34, "r": 12, "b": 8, "l": 8},
        "annotations": [title],
    }
    return {"data": data, "layout": layout}


def points_note(chart: HeatMap, comparison: Comparison, a: str, b: str) -> str:
    """What the points of that line are; empty where there are none."""
    told = f"Points: where {comparison[a].label} and {comparison[b].label} cost the same."
    return told if chart.contour(a, b).size else ""


def _axis(scenario: Scenario, path: str, values: np.ndarray, also: Mapping) -> dict:
    log = logarithmic(*values[[0, -1]])
    ends = np.log10(values[[0, -1]]) if log else values[[0, -1]]
    is_share = number_at(scenario, path).unit in SHARES
    marked = powers_of_ten if log else share_axis if is_share else lambda *_: {"type": "linear", **COUNTS}
    title = escaped(path_label(scenario, path, also.get(path, ())))
    return {"title": {"text": title}, "range": ends.tolist(), "showgrid": False, **marked(*values[[0, -1]])}


def labelled_rows(data: list[dict], words: Mapping[str, tuple[str, str]], axis: Mapping, **looks: Any) -> dict:
    """A figure of rows whose (name, value) stand above their bars, so that bars have the whole width."""
    layout = {
        "showlegend": False,
        "xaxis": {"nticks": 6, **axis},
        "yaxis": {"showgrid": False, "showticklabels": False, "ticks": "", "type": "category"},
        "margin": {"t": 14, "r": 28, "b": 30, "l": 14},
        **looks,
    }
    wide, narrow = (_names_of_rows(words, letters) for letters in (ROW_LETTERS, NARROW_ROW_LETTERS))
    return {"data": data, "layout": {**layout, **wide}, "narrow": narrow}


def _names_of_rows(words: Mapping[str, tuple[str, str]], letters: int) -> dict:
    """What of the layout hangs on how many letters a line has: rows are as high as the longest name asks for."""
    texts = {row: labelled(name, value, letters) for row, (name, value) in words.items()}
    lines = 1 + max((text.count("<br>") for text in texts.values()), default=0)
    names = [
        {
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": row,
            "yanchor": "bottom",
            "yshift": BAR / 2 + 1,  # above the bar, of which no label may cover a part
            "showarrow": False,
            "align": "left",
            "bgcolor": PAPER,
            "text": text,
        }
        for row, text in texts.items()
    ]
    return {"annotations": names, "bargap": 1 - BAR / _row_height(lines), "height": rows_height(len(texts), lines)}
