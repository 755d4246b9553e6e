"""The brief: one page as PDF for the decision meeting, set by typst from data alone.

The template reads what it says as JSON and sets it as text, so no name can act as markup; the fonts are typst's own.
"""

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from textwrap import shorten
from typing import Any

import typst

from costmodel.comparison import Comparison
from pricing.dates import day
from reports.files.axis import axis_of
from reports.files.spread import spread
from reports.words import strip
from reports.words.behind import all_behind
from reports.words.briefing import Briefing, Drawn, crossings, curve, curves_title, sale_note, told_as_shown
from reports.words.dates import month_step, short_month
from reports.words.fiscal import MOST_YEARS, cash
from reports.words.measure import measure, note
from reports.words.money import converted, rate_note, symbol
from reports.words.order import difference, marked, named
from reports.words.palette import as_text, option_colours
from reports.words.plain import printable, typeset
from reports.words.price_path import prices_told
from reports.words.recommended import COLUMNS, decisions, recommendation
from reports.words.register import USUAL, Assumption, foremost, register
from reports.words.text import MINUS, amount, round_figure, usd, usd_each
from reports.words.verdict import asked, verdict

TEMPLATE = Path(__file__).with_name("brief.typ")
MOST_OPTIONS = 20
HEADLINES = ((110, 2.1), (170, 1.7), (10_000, 1.4))  # longest headline, size relative to the text
LONGEST_SOURCE = 150  # letters; what is longer is cut between words
NAME_LETTERS, NAME_POINTS, NAME_LEADING = 42, 8, 1.25  # of a name beside its curve: letters in a line, size, line
MM_PER_NAME, POINTS_PER_MM, AXIS_POINTS = 2.4, 2.835, 22
ROUNDING = "Rounded to three figures; the workbook and the tidy CSV have all digits."


@dataclass(frozen=True)
class Density:
    """How much is put on the page: points of type and around rows, of chart, most of the rest."""

    size: float
    row: float
    chart: float
    assumptions: int
    lines: int
    strip: int


DENSITIES = (
    Density(10, 4.0, 80, 10, 3, 6),
    Density(10, 3.6, 62, 8, 3, 5),
    Density(9, 2.8, 62, 8, 3, 5),
    Density(9, 2.6, 50, 6, 3, 4),
    Density(8, 2.2, 46, 5, 3, 4),
    Density(8, 2.0, 40, 5, 3, 4),
    Density(8, 1.9, 36, 4, 3, 3),
    Density(7.5, 1.8, 38, 5, 3, 4),
    Density(7, 1.6, 38, 5, 3, 4),
    Density(6, 1.0, 30, 4, 2, 3),
)


@told_as_shown
def brief(briefing: Briefing) -> bytes:
    """The page as PDF, as airy as one page allows."""
    stamp = datetime(briefing.on.year, briefing.on.month, briefing.on.day, tzinfo=UTC)
    template = TEMPLATE.read_bytes()
    for density in DENSITIES:
        told = typeset(json.dumps(brief_data(briefing, density), ensure_ascii=False))
        pdf = typst.compile(template, sys_inputs={"told": told}, ignore_system_fonts=True, timestamp=stamp)
        if pages(pdf) == 1:
            break
    return pdf


def pages(pdf: bytes) -> int:
    """Number of pages of a PDF as typst writes it."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@told_as_shown
def brief_data(briefing: Briefing, density: Density = DENSITIES[0]) -> dict[str, Any]:
    """What the page says, JSON-ready."""
    comparison, found = briefing.comparison, verdict(briefing.comparison)
    shown = comparison.ranking[:MOST_OPTIONS]
    colours = option_colours(comparison.costs)
    beside = all_behind(comparison)
    options = [
        {"colour": colours[slug], "behind": printable(beside.get(slug, "")),
         "cells": [printable(marked(comparison.scenario, slug)), usd(cost.net_present_cost_usd),
                   difference(comparison, slug), usd(cost.cash_before_first_month_usd),
                   usd_each(cost.levelized_cost_usd_per_mtok)]}
        for slug, cost in ((slug, comparison[slug]) for slug in shown)
    ]  # fmt: skip
    foot = " \u00b7 ".join(
        filter(None, (rate_note(), *(f"{name}: {value}" for name, value in briefing.versions.items())))
    )
    told = (briefing.accepted, found.owning, briefing.met, prices_told(comparison))
    return {
        "size": density.size,
        "row": density.row,
        "title": printable(f"Crossover: {briefing.name}"),
        "date": {"year": briefing.on.year, "month": briefing.on.month, "day": briefing.on.day},
        "kicker": [printable(briefing.name), printable(asked(comparison.scenario))],
        "headline": printable(found.headline),
        "headline-size": density.size * next(s for longest, s in HEADLINES if len(found.headline) <= longest),
        "recommendation": printable(recommendation(briefing)),
        "owning": printable(" ".join(filter(None, told))),
        "options-head": ["Option", measure(comparison.scenario).name, "Against the cheapest", "Before month 1",
                         "Per million tokens"],
        "options": options,
        "chart": _chart(briefing, colours, max(density.chart, MM_PER_NAME * len(comparison.costs))),
        **_cash(comparison),
        "decisions-head": COLUMNS,
        "decisions": [[printable(cell) for cell in row] for row in decisions(briefing).rows],
        "hangs": _hangs(briefing, density.lines),
        "strip": [_row(row, colours) for row in briefing.strip[: density.strip]],
        "strip-note": strip.NOTE,
        "assumptions": _assumptions(briefing, density.assumptions),
        "footer": printable(f"{ROUNDING} {foot}"),
        "stamp": day(briefing.on),
    }  # fmt: skip


def _chart(briefing: Briefing, colours: dict[str, str], height: float) -> dict[str, Any]:
    comparison = briefing.comparison
    curves = {slug: converted(curve(cost)[1]) for slug, cost in comparison.costs.items()}
    axis = axis_of(min(float(c.min()) for c in curves.values()), max(float(c.max()) for c in curves.values()))
    last = comparison.months.size - 1
    names = {slug: _name(printable(named(comparison, slug)), amount(values[-1]), len(curves))
             for slug, values in curves.items()}  # fmt: skip
    lines = {slug: math.ceil(len(name) / NAME_LETTERS) for slug, name in names.items()}
    plot = height * POINTS_PER_MM - AXIS_POINTS
    size = min(NAME_POINTS, 1.06 * plot / sum(lines.values()) / NAME_LEADING)
    line = size * NAME_LEADING / plot
    ends = [axis.share(float(values[-1])) for values in curves.values()]
    places = spread(ends, [n * line for n in lines.values()], -0.06, 1.02)
    title = printable(curves_title(comparison, briefing.chosen))
    months = range(0, last + 1, month_step(last))
    return {
        "title": title,
        "height": height,
        "name-size": size,
        "alt": f"{title}. Cumulative cost of each option by month.",
        "note": f"{note(comparison.scenario)} {sale_note(comparison, bool(crossings(comparison)))}".strip(),
        "y-ticks": [{"at": axis.share(tick), "text": _tick(tick)} for tick in axis.ticks()],
        "x-ticks": [{"at": month / last, "text": short_month(comparison.scenario, month)} for month in months],
        "curves": [
            {"colour": colours[slug], "ink": as_text(colours[slug]), "label": names[slug], "lines": lines[slug],
             "label-at": place,
             "points": [[min(i / last, 1), axis.share(float(value))] for i, value in enumerate(values)]}
            for (slug, values), place in zip(curves.items(), places, strict=True)
        ],
        "marks": [{"x": c.at / last, "y": axis.share(converted(c.usd)), "text": f"month {math.ceil(c.at)}"}
                  for c in crossings(comparison)],
    }  # fmt: skip


def _cash(comparison: Comparison) -> dict[str, Any]:
    """What is paid in each fiscal year for the options of the headline, where the page has room for the years."""
    told = cash(comparison, comparison.ranking[:2])
    rows = told.rows if len(told.columns) - 2 <= MOST_YEARS else ()
    return {
        "cash-title": printable(told.headline),
        "cash-head": told.columns,
        "cash": [[printable(cell) for cell in row] for row in rows],
        "cash-note": printable(told.note),
    }


def _tick(value: float) -> str:
    return f"{MINUS if value < 0 else ''}{symbol()}{round_figure(abs(value))}"


def _name(label: str, amount: str, curves: int) -> str:
    room = NAME_LETTERS * (2 if curves <= 6 else 1) - len(amount) - 1
    return f"{label if len(label) <= room else label[: room - 1] + chr(0x2026)} {amount}"


def _hangs(briefing: Briefing, most: int) -> list[str]:
    """How sure the answer is, as far as it is known, and what decides it."""
    lines = []
    if briefing.how_sure is not None:
        lines += [f"{briefing.how_sure.headline}.", briefing.how_sure.note]
    lines.append(briefing.decides)
    return [printable(line) for line in lines if line][:most]


def _row(row: Drawn, colours: dict[str, str]) -> dict[str, Any]:
    return {
        "label": printable(row.label), "says": printable(row.says), "today": row.today, "at": row.at,
        "likely": row.likely, "turns": [turn[:2] for turn in row.turns],
        "leads": [{"from": start, "to": end, "colour": colours[slug]} for start, end, slug in row.leads],
    }  # fmt: skip


def _assumptions(briefing: Briefing, most: int) -> list[list[str]]:
    found = register(briefing.comparison.scenario, briefing.origins)
    chosen = foremost(found, briefing.matters or USUAL, most)
    return [[printable(cell) for cell in _assumption(entry)] for entry in chosen]


def _assumption(entry: Assumption) -> tuple[str, str, str, str]:
    whose = "" if entry.whose == "All options" else f" ({entry.whose})"
    source = shorten(entry.source[0], LONGEST_SOURCE, placeholder="\u2026")
    return f"{entry.what}{whose}", entry.value, source, entry.as_of.isoformat() if entry.as_of else ""
