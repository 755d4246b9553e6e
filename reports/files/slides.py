"""Slides for the decision: verdict, curves, costs, how sure, sensitivity, switching values, best plan, sources.

Native charts and tables that can be edited, a headline computed from the result on each slide, caveats in the notes.
"""

import io
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from pptx.util import Emu, Inches

from pricing.origins import JUDGEMENT, YOURS
from reports.files.deck import ACROSS, BOTTOM, INK, LEFT, MUTED, RIGHT, TOP, Deck, link_in_notes, text
from reports.files.deck_charts import Box, lines, shares, spreads, stacked
from reports.files.deck_strip import strip_rows
from reports.files.deck_tables import Cell, Column, pages, table
from reports.words import money, strip
from reports.words.bridge import bridge
from reports.words.briefing import WITHOUT_SALE, Briefing, Table, crossings, curve, curves_title, told_as_shown
from reports.words.dates import numbered, short_month
from reports.words.measure import measure, note
from reports.words.money import converted, rate_note
from reports.words.order import difference, marked
from reports.words.palette import GROUP_COLOURS, option_colours
from reports.words.parts import NOTE, groups, largest_part_title
from reports.words.price_path import prices_told
from reports.words.register import cited, register
from reports.words.text import amount, usd
from reports.words.verdict import asked, verdict

ROUNDING = "Amounts on the slides are rounded to three figures; the data behind the charts is not."
MODEL = "The model behind these slides, with its levers, as one file of the Export page, to be kept beside them"
ANSWER_SIZES = (14, 12, 11, 10, 9)
LONG_LINE = 115  # letters that a line of the answer holds
FIGURE = re.compile(r"([A-Z]{3}[ \u00a0])?[-+\u2212]?([A-Z]{3}\u00a0|[^\w\s])?\d")
SMALL, PLAIN = 9, 12  # points in long and in short tables
NOTE_HEIGHT = Inches(0.3)
CHART = Box(LEFT, TOP, ACROSS, Emu(BOTTOM - TOP - NOTE_HEIGHT))


@told_as_shown
def slides(briefing: Briefing) -> bytes:
    """The deck as a PowerPoint file."""
    foot = " \u00b7 ".join(filter(None, ("Crossover", briefing.name, briefing.on.isoformat(), rate_note())))
    deck = Deck(f"Crossover: {briefing.name}", foot, briefing.on)
    _answer(deck, briefing)
    _curves(deck, briefing)
    _costs(deck, briefing)
    _told(deck, "From cash to cost", bridge(briefing.comparison))
    _how_sure(deck, briefing)
    _cost_spread(deck, briefing)
    _strip(deck, briefing)
    for name, told in briefing.chapters.items():
        _told(deck, name, told)
    _assumptions(deck, briefing)
    _sources(deck, briefing)
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def _answer(deck: Deck, briefing: Briefing) -> None:
    comparison, found = briefing.comparison, verdict(briefing.comparison)
    prices = prices_told(comparison)
    notes = [
        found.headline, found.owning, briefing.about, briefing.met, briefing.decides, prices,
        note(comparison.scenario), ROUNDING,
    ]  # fmt: skip
    columns = [Column("Option", 3.4), Column(measure(comparison.scenario).name, 1.4, True),
               Column("Against the cheapest", 2, True), Column("Before month 1", 1.3, True),
               Column("Per million tokens", 1.5, True)]  # fmt: skip
    rows = [
        (marked(comparison.scenario, slug), usd(cost.net_present_cost_usd), difference(comparison, slug),
         usd(cost.cash_before_first_month_usd), usd(cost.levelized_cost_usd_per_mtok))
        for slug, cost in ((slug, comparison[slug]) for slug in comparison.ranking)
    ]  # fmt: skip
    owning = Inches(0.62 if len(found.owning) > LONG_LINE else 0.4)
    lines = [
        (found.owning, owning, 15, INK),
        *((words, Inches(0.4), 12, MUTED) for words in (briefing.about, briefing.met)),
    ]
    lines = [line for line in lines if line[0]]
    top = Emu(TOP + sum(height for _, height, *_ in lines) + Inches(0.08))
    room = Emu(BOTTOM - NOTE_HEIGHT - top)
    size = next((s for s in ANSWER_SIZES if len(list(pages(columns, rows, ACROSS, room, s))) == 1), ANSWER_SIZES[-1])
    colours = option_colours(comparison.costs)
    marks = [colours[slug] for slug in comparison.ranking]
    volume = f"{asked(comparison.scenario)}."
    for portion in pages(columns, rows, ACROSS, room, size):
        slide = deck.slide("The answer", found.headline, notes)
        if briefing.model:
            link_in_notes(slide, f"{MODEL}: {briefing.model}", briefing.model)
        at = TOP
        for words, height, letters, colour in lines:
            text(slide, words, LEFT, at, ACROSS, Emu(height), size=letters, colour=colour)
            at = Emu(at + height)
        shown, marks = marks[: len(portion)], marks[len(portion) :]
        table(slide, columns, portion, top, ACROSS, size=size, name="Options",
              alt="Cost of every option, cheapest first.", marks=shown)  # fmt: skip
        _note(slide, f"{volume} {prices} {money.shown().code}. {note(comparison.scenario)} "
                     "Per million tokens: over tokens discounted alike, input and output.")  # fmt: skip


def _curves(deck: Deck, briefing: Briefing) -> None:
    comparison, title = briefing.comparison, curves_title(briefing.comparison)
    found = crossings(comparison)
    slide = deck.slide("Cost over time", title, [
        title, note(comparison.scenario), WITHOUT_SALE,
        *(f"{comparison[c.cheaper].label} overtakes in {numbered(comparison.scenario, c.at)}, at {usd(c.usd)}."
          for c in found),
        "A mark stands at the first month end after the crossing.", ROUNDING,
    ])  # fmt: skip
    curves = {cost.slug: (cost.label, converted(curve(cost)[1])) for cost in comparison.costs.values()}
    marks = []
    for crossing in found:
        month = int(np.ceil(crossing.at))
        marks.append((month, float(curves[crossing.cheaper][1][month]), f"month {month}"))
    ends = "; ".join(f"{label} {amount(values[-1])}" for label, values in curves.values())
    months = [short_month(comparison.scenario, column) for column in range(comparison.months.size)]
    lines(slide, CHART, [*months, months[-1]], list(curves.values()), list(option_colours(comparison.costs).values()),
          marks, "Cumulative cost",
          f"{title}. Cumulative cost of each option by month; at the end: {ends}.")  # fmt: skip
    _note(slide, f"{note(comparison.scenario)} {WITHOUT_SALE}")


def _costs(deck: Deck, briefing: Briefing) -> None:
    comparison, title = briefing.comparison, largest_part_title(briefing.comparison)
    slugs = comparison.ranking[::-1]
    found = {group: [converted(total) for total in totals] for group, totals in groups(comparison, slugs).items()}
    slide = deck.slide("What it is made of", title, [
        title, note(comparison.scenario), NOTE, ROUNDING,
    ])  # fmt: skip
    totals = "; ".join(
        f"{comparison[slug].label} {usd(comparison[slug].net_present_cost_usd)}" for slug in comparison.ranking
    )
    stacked(slide, CHART, [comparison[slug].label for slug in slugs], found, GROUP_COLOURS, "Cost by group",
            f"{title}. Cost of each option by group of cost lines: {totals}.")  # fmt: skip
    _note(slide, f"{note(comparison.scenario)} {NOTE}")


def _how_sure(deck: Deck, briefing: Briefing) -> None:
    sure = briefing.how_sure
    if sure is None:
        return
    comparison, colours = briefing.comparison, option_colours(briefing.comparison.costs)
    slide = deck.slide("How sure", sure.headline, [
        sure.headline, sure.note, "Each draw gives every uncertain input a value from its range, the same for all "
        "options; shares are of draws.",
    ])  # fmt: skip
    slugs = sorted(sure.shares, key=lambda slug: sure.shares[slug])
    wide = Emu(int(ACROSS * (0.62 if sure.break_even else 1)))
    text(slide, "How often each option is the cheapest", LEFT, TOP, wide, Inches(0.3), size=12, bold=True)
    below = TOP + Inches(0.4)
    said = "; ".join(f"{comparison[slug].label} {sure.shares[slug]:.0%}" for slug in reversed(slugs))
    shares(slide, Box(LEFT, below, wide, Emu(BOTTOM - below - NOTE_HEIGHT)), [comparison[slug].label for slug in slugs],
           [sure.shares[slug] for slug in slugs], [colours[slug] for slug in slugs], "Probability of being cheapest",
           f"{sure.headline}. Share of draws in which each option is the cheapest: {said}.")  # fmt: skip
    if sure.break_even:
        left = Emu(int(LEFT + ACROSS * 0.67))
        text(slide, sure.overtaking, left, TOP, Emu(int(ACROSS * 0.33)), Inches(0.3), size=12,
             bold=True)  # fmt: skip
        table(slide, [Column("Of all draws", 2), Column("Break-even", 1.2, True)], sure.break_even, below,
              Emu(int(ACROSS * 0.33)), size=PLAIN, name="Break-even", alt="Percentiles of the month of break-even.",
              left=left)  # fmt: skip
    _note(slide, sure.note)


def _cost_spread(deck: Deck, briefing: Briefing) -> None:
    sure = briefing.how_sure
    if sure is None or sure.costs is None:
        return
    kicker, told, half = "What each may cost", sure.costs, Emu(int(ACROSS * 0.49))
    columns = _columns(told, first=2.4)
    one_page = len(list(pages(columns, told.rows, half, CHART.height, SMALL))) == 1
    if not one_page or min(min(found) for found in sure.quantiles.values()) < 0:  # bars that float begin above zero
        _told(deck, kicker, told)
        return
    slide = deck.slide(kicker, told.headline, [told.headline, told.note])
    order, colours = list(sure.quantiles)[::-1], option_colours(briefing.comparison.costs)
    spreads(slide, Box(LEFT, TOP, half, CHART.height), [briefing.comparison[slug].label for slug in order],
            [[converted(cost) for cost in sure.quantiles[slug]] for slug in order],
            [usd(briefing.comparison[slug].net_present_cost_usd) for slug in order],
            [colours[slug] for slug in order], kicker,
            f"{told.headline}. Dark: the middle half of the draws of each option; pale: nine tenths.")  # fmt: skip
    table(slide, columns, told.rows, TOP, half, size=SMALL, name="Quantiles", alt=f"{told.headline}. {told.note}",
          left=Emu(RIGHT - half))  # fmt: skip
    _note(slide, f"{told.note} Dark: the middle half; pale: nine tenths; beside it the cost with today's inputs.")


def _strip(deck: Deck, briefing: Briefing) -> None:
    if not briefing.strip:
        return
    title, colours = strip.headline(briefing.strip), option_colours(briefing.comparison.costs)
    slide = deck.slide(
        strip.KICKER, title, [title, strip.NOTE, *(f"{row.label}: {row.says}." for row in briefing.strip)]
    )
    strip_rows(slide, CHART, briefing.strip, colours)
    _note(slide, strip.NOTE)


def _told(deck: Deck, kicker: str, told: Table) -> None:
    if not told.rows:
        return
    _paged(deck, kicker, told.headline, [told.headline, told.note], _columns(told), told.rows, PLAIN, told.note)


def _columns(told: Table, first: float = 1.7) -> list[Column]:
    """Columns of a table, the first so many times as wide as the others."""
    name, *others = told.columns
    return [Column(name, first), *(Column(other, 1, _are_figures(told.rows, i)) for i, other in enumerate(others, 1))]


def _are_figures(rows: Sequence[Sequence[str]], column: int) -> bool:
    return all(FIGURE.match(row[column]) or not row[column] for row in rows)


def _assumptions(deck: Deck, briefing: Briefing) -> None:
    entries = register(briefing.comparison.scenario, briefing.origins)
    count = Counter(entry.confidence for entry in entries for _ in entry.paths)
    judged, own, total = count[JUDGEMENT], count[YOURS], count.total()
    title = f"{total} assumptions: {total - judged - own} as a dated source says, {judged} judgements of Crossover " \
            f"with their reason, {own} of your own"  # fmt: skip
    columns = [Column("Assumption", 2.6), Column("Value", 2.2, True), Column("For", 2), Column("Source", 4.1),
               Column("As of", 0.9), Column("Confidence", 0.9)]  # fmt: skip
    rows = [(entry.what, entry.value, entry.whose, entry.source, entry.as_of.isoformat() if entry.as_of else "",
             entry.confidence) for entry in entries]  # fmt: skip
    notes = [title, "Equal values of several options stand once. The inputs CSV names every path."]
    _paged(deck, "Assumptions", title, notes, columns, rows, SMALL)


def _sources(deck: Deck, briefing: Briefing) -> None:
    found = cited(briefing.origins)
    if not found:
        return
    oldest = min(source.as_of for source in found if source.as_of)
    title = f"{len(found)} sources; the oldest figure is of {oldest.isoformat()}"
    columns = [Column("Source", 4.1), Column("Address", 4.6), Column("Values", 0.8, True), Column("As of", 1.05),
               Column("Confidence", 1.2)]  # fmt: skip
    rows = [(source.title, (source.address, source.address), str(source.values),
             source.as_of.isoformat() if source.as_of else "", source.confidence) for source in found]  # fmt: skip
    versions = ". ".join(f"{name[:1].upper()}{name[1:]}: {value}" for name, value in briefing.versions.items())
    _paged(deck, "Sources", title, [title, versions], columns, rows, SMALL, versions)


def _paged(deck: Deck, kicker: str, title: str, notes: Sequence[str], columns: Sequence[Column],
           rows: Sequence[Sequence[Cell]], size: float, note: str = "") -> None:  # fmt: skip
    height = Emu(BOTTOM - TOP - (NOTE_HEIGHT if note else 0))
    portions = list(pages(columns, rows, ACROSS, height, size))
    for i, portion in enumerate(portions):
        part = f" ({i + 1} of {len(portions)})" if len(portions) > 1 else ""
        slide = deck.slide(f"{kicker}{part}", title, notes)
        table(slide, columns, portion, TOP, ACROSS, size=size, name=kicker, alt=f"{title}.{part}")
        _note(slide, note)


def _note(slide, words: str) -> None:
    if words:
        text(slide, words, LEFT, Emu(BOTTOM - Inches(0.24)), ACROSS, Inches(0.24), size=10, colour=MUTED, name="Note")
