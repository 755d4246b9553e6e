"""Figures of what decides beside cost, and of the cost after tax: plain dicts for plotly, as in `charts`."""

from collections.abc import Mapping, Sequence

from answers.trade_offs import PARTS, Figures
from costmodel.comparison import Comparison
from dashboard.axes import COUNTS, money_axis, share_axis
from dashboard.charts import INK, MUTED, PAPER, escaped, hover, stack_height, stacked
from reports.files.spread import spread
from reports.words.briefing import Step
from reports.words.money import converted, in_currency, is_money
from reports.words.palette import SHADES, option_colours
from reports.words.text import signed_usd, usd
from reports.words.trade_offs import MEASURES

POINTS_HEIGHT, POINT_LABEL = 320, 18  # pixels
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
    pixels = {slug: cost / top * POINTS_HEIGHT for slug, cost in costs.items()}
    places = dict(
        zip(pixels, spread(list(pixels.values()), [POINT_LABEL] * len(pixels), 0, POINTS_HEIGHT), strict=True)
    )
    right = max((across[slug] for slug in costs), default=0) / 2
    labels = [{
        "x": across[slug], "y": cost, "text": escaped(comparison[slug].label), "showarrow": True, "arrowhead": 0,
        "arrowwidth": 1, "arrowcolor": MUTED,
        "ax": -24 if across[slug] > right else 24, "ay": pixels[slug] - places[slug],
        "xanchor": "right" if across[slug] > right else "left",
    } for slug, cost in costs.items()]  # fmt: skip
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
        "annotations": labels,
    }
    return {"data": data, "layout": layout}


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
