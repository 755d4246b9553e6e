"""Figures of what decides beside cost, and of the cost after tax: plain dicts for plotly, as in `charts`."""

from collections.abc import Mapping, Sequence

from answers.trade_offs import PARTS, Figures
from costmodel.comparison import Comparison
from dashboard.axes import COUNTS, money_axis, share_axis
from dashboard.charts import INK, MUTED, PAPER, escaped, hover, stack_height, stacked
from dashboard.line_ends import LETTER_WIDTH
from reports.files.spread import spread
from reports.words.briefing import Step
from reports.words.money import converted, in_currency, is_money
from reports.words.palette import SHADES, option_colours
from reports.words.text import signed_usd, usd
from reports.words.trade_offs import MEASURES

POINTS_HEIGHT, POINT_LABEL, LEADER = 320, 18, 24  # pixels: of the chart, of a label's height, of the line to it
POINTS_WIDTH, NARROW_POINTS = 700, 260  # pixels at least that the points have across, and on a telephone
FEW_PARTS = 90  # pixels: the legend of two or three parts, in two rows on a telephone
PART_COLOURS = dict(zip(PARTS, SHADES, strict=False))
AFTER, SAVED = "After tax", "Tax that deductions save"
TAX_COLOURS = dict(zip((AFTER, SAVED), SHADES, strict=False))


def cost_against(comparison: Comparison, found: Mapping[str, Figures], key: str) -> dict:
    """Each option as a point: net present cost up, the measure across; hollow where a rule stands against it."""
    chosen = MEASURES[key]
    known = {slug: figures[key] for slug, figures in found.items() if figures[key] is not None}
    across = {slug: converted(value, chosen.unit) for slug, value in known.items()}
    colours = option_colours(comparison.costs)
    costs = {
        slug: float(converted(cost.net_present_cost_usd)) for slug, cost in comparison.costs.items() if slug in known
    }
    data = [{
        "type": "scatter", "mode": "markers", "name": escaped(comparison[slug].label), "cliponaxis": False,
        "x": [across[slug]], "y": [cost],
        "marker": {"size": 13, "color": PAPER if comparison[slug].broken_rules else colours[slug],
                   "line": {"width": 2.5, "color": colours[slug]}},
        "hovertemplate": hover(comparison, slug, f"{chosen.shown(known[slug])}: %{{y:$,.0f}}"),
    } for slug, cost in costs.items()]  # fmt: skip
    top = max(costs.values(), default=1) * 1.1 or 1
    names = {slug: escaped(comparison[slug].label) for slug in costs}
    points = {slug: (across[slug], cost / top * POINTS_HEIGHT) for slug, cost in costs.items()}
    layout = {
        "showlegend": False,
        "xaxis": {
            "title": {"text": f"{chosen.name} ({in_currency(chosen.unit)})"},
            "rangemode": "tozero",
            "showgrid": True,
            **_axis(chosen.unit),
        },
        "yaxis": {**money_axis(), "range": [0, top]},
        "margin": {"t": 24, "r": 32, "b": 8, "l": 8},
        "annotations": _point_labels(names, points, costs, POINTS_WIDTH),
    }
    narrow = {"annotations": _point_labels(names, points, costs, NARROW_POINTS)}
    return {"data": data, "layout": layout, "narrow": narrow}


def _point_labels(names: Mapping[str, str], points: Mapping[str, tuple[float, float]], costs: Mapping[str, float],
                  width: int) -> list[dict]:  # fmt: skip
    """The name of each point beside it, towards the middle of a chart so many pixels wide unless a point is in the way.

    `points` are (value across, pixels up); none of the names covers another.
    """
    right = max((x for x, _ in points.values()), default=0) or 1
    at = {slug: x / right * width for slug, (x, _) in points.items()}
    heights = spread([up for _, up in points.values()], [POINT_LABEL] * len(points), 0, POINTS_HEIGHT)
    labels = []
    for (slug, name), height in zip(names.items(), heights, strict=True):
        reach = LEADER + LETTER_WIDTH * len(name)

        def free(way: int, here=at[slug], height=height, reach=reach) -> bool:
            """Whether a name to the left (-1) or the right (1) stays in the chart and covers no point."""
            return 0 <= here + way * reach <= width and not any(
                0 < way * (at[other] - here) < reach and abs(up - height) < POINT_LABEL
                for other, (_, up) in points.items()
            )

        inwards = -1 if at[slug] > width / 2 else 1
        way = -inwards if free(-inwards) and not free(inwards) else inwards
        labels.append({
            "x": points[slug][0], "y": costs[slug], "text": name, "showarrow": True, "arrowhead": 0,
            "arrowwidth": 1, "arrowcolor": MUTED, "ax": way * LEADER, "ay": points[slug][1] - height,
            "xanchor": "left" if way > 0 else "right",
        })  # fmt: skip
    return labels


def _axis(unit: str) -> dict:
    if is_money(unit):
        return money_axis()
    return share_axis() if unit == "share of all requests" else COUNTS


def parts_height(comparison: Comparison) -> int:
    """Pixels that a chart of two or three parts of each option needs."""
    return stack_height(comparison, FEW_PARTS)


def response_parts(comparison: Comparison, found: Mapping[str, Figures]) -> dict:
    """Response time of every option that says it, the quickest on top, made of its parts."""
    known = {slug: figures for slug, figures in found.items() if figures["response_s"] is not None}
    order = sorted(known, key=lambda slug: -known[slug]["response_s"])
    parts = {MEASURES[key].name: [known[slug][key] for slug in order] for key in PARTS}
    colours = {MEASURES[key].name: colour for key, colour in PART_COLOURS.items()}
    totals = {slug: MEASURES["response_s"].shown(known[slug]["response_s"]) for slug in order}
    return stacked(comparison, parts, colours, totals, {"ticksuffix": " s"}, "%{x:,.3~r} s", FEW_PARTS)


def steps(first: Step, found: Sequence[Step], last: Step) -> dict:
    """A waterfall from one amount over steps up and down to another."""
    rows, between = (first, *found, last), ["relative"] * len(found)
    data = [{
        "type": "waterfall", "orientation": "h", "name": "A month", "y": [escaped(step.name) for step in rows],
        "x": [float(converted(step.usd)) for step in rows], "measure": ["absolute", *between, "total"],
        "text": [usd(step.usd) if step in (first, last) else signed_usd(step.usd) for step in rows],
        "textposition": "outside", "cliponaxis": False, "hoverinfo": "skip",
        "increasing": {"marker": {"color": SHADES[2]}}, "decreasing": {"marker": {"color": SHADES[0]}},
        "totals": {"marker": {"color": INK}}, "connector": {"line": {"color": MUTED, "width": 1}},
    }]  # fmt: skip
    layout = {
        "showlegend": False,
        "xaxis": {**money_axis(), "nticks": 5, "showgrid": True},
        "yaxis": {"autorange": "reversed", "showgrid": False, "ticks": ""},
        "margin": {"t": 8, "r": 70, "b": 8, "l": 8},
    }
    return {"data": data, "layout": layout}


def after_tax(comparison: Comparison, rows: Mapping[str, tuple[float, float]]) -> dict:
    """Net present cost of every option, cheapest after tax on top: what is left after tax, and what deductions save.

    `rows` maps slug to (net present cost after tax, tax saved), in USD.
    """
    order = list(rows)[::-1]
    parts = {name: [converted(rows[slug][i]) for slug in order] for i, name in enumerate((AFTER, SAVED))}
    totals = {slug: usd(rows[slug][0]) for slug in order}
    return stacked(comparison, parts, TAX_COLOURS, totals, {**money_axis(), "nticks": 5}, "%{x:$,.0f}", FEW_PARTS)
