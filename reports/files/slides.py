"""Slides for the decision: six that say what to decide, each with one picture, and an appendix with all the rest.

Native charts and tables that can be edited, a headline computed from the result on each slide, caveats in the notes.
"""

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

import numpy as np
from pptx.util import Emu, Inches, Pt

from pricing.dates import day
from pricing.origins import JUDGEMENT, YOURS
from reports.files.deck import ACROSS, BOTTOM, FOOT, INK, LEAST, LEFT, MUTED, TOP, Deck, link_in_notes, text
from reports.files.deck_charts import Box, floating, lines, shares, spreads, stacked, waterfall
from reports.files.deck_strip import below_key, draw_key, rows_that_fit, strip_rows
from reports.files.deck_tables import Cell, Column, columns_of, fitting, line_count, pages, table
from reports.files.letters import shortened, width_of
from reports.words import deciding, money, strip
from reports.words.behind import HEADING, all_behind
from reports.words.bill import STEPS_NOTE, steps_title
from reports.words.bridge import bridge
from reports.words.briefing import (
    Briefing,
    Drawn,
    HowSure,
    Table,
    crossings,
    curve,
    curves_title,
    sale_note,
    told_as_shown,
)
from reports.words.dates import numbered, short_month
from reports.words.measure import measure, note
from reports.words.money import converted, rate_note
from reports.words.order import difference, leaders, marked, named
from reports.words.palette import GROUP_COLOURS, option_colours
from reports.words.parts import NOTE, groups, largest_part_title
from reports.words.plain import printable
from reports.words.price_path import prices_told
from reports.words.recommended import decisions, recommendation
from reports.words.register import USUAL, cited, foremost, register
from reports.words.text import amount, odds, signed_usd, usd, usd_each
from reports.words.verdict import asked, verdict

ROUNDED = "Each figure is rounded, so sums may differ in the last digit."
ROUNDING = "Amounts on the slides are rounded to three figures; the data behind the charts is not."
MODEL = "The model behind these slides, with its levers, as one file of the Export page, to be kept beside them"
RANGE = "What each may cost"
SPREAD_NOTE = "Dark: the middle half; pale: nine tenths; the line, and the figure: the cost with today's inputs."
IN_ALL = "Equal values of several options stand once. The workbook and the inputs CSV hold every value."
MOST_ASSUMPTIONS, MOST_OPTIONS = 10, 5  # of the deck, beside each other on a slide
DOT = " \u00b7 "
LEADING = Inches(0.235)  # of a line of the smallest type


@told_as_shown
def slides(briefing: Briefing) -> bytes:
    """The deck as a PowerPoint file."""
    deck = Deck(f"Crossover: {briefing.name}", _foot(briefing), briefing.on)
    are_all = _answer(deck, briefing)
    more = _strip(deck, briefing)
    is_bridged = _money(deck, briefing)
    is_spread = _range(deck, briefing)
    _means(deck, briefing)
    _told(deck, "What to decide by when", decisions(briefing))
    deck.begin("Appendix")
    if not are_all:
        _told(deck, "All options", _options(briefing))
    _curves(deck, briefing)
    if is_bridged:
        _costs(deck, briefing)
    _told(deck, "From cash to cost", bridge(briefing.comparison))
    _how_sure(deck, briefing, is_spread)
    _strip_on(deck, briefing, more)
    for name, told in briefing.chapters.items():
        _told(deck, name, told)
    _assumptions(deck, briefing)
    _sources(deck, briefing)
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def _foot(briefing: Briefing) -> str:
    """The foot of every slide: one line, in which a long name gives way to date and rate."""
    before, after = f"Crossover{DOT}", DOT + DOT.join(filter(None, (day(briefing.on), rate_note())))
    room = FOOT / Pt(1) - width_of(before + after, LEAST)
    return f"{before}{shortened(printable(briefing.name), room, LEAST)}{after}"


def _options(briefing: Briefing) -> Table:
    comparison = briefing.comparison
    beside = all_behind(comparison)
    columns = ("Option", *[HEADING] * bool(beside), measure(comparison.scenario).name, "Against the cheapest",
               "Before month 1", "Per million tokens")  # fmt: skip
    rows = [
        (marked(comparison.scenario, slug), *([beside[slug]] if beside else ()), usd(cost.net_present_cost_usd),
         difference(comparison, slug),
         usd(cost.cash_before_first_month_usd), usd_each(cost.levelized_cost_usd_per_mtok))
        for slug, cost in ((slug, comparison[slug]) for slug in comparison.ranking)
    ]  # fmt: skip
    told = f"{asked(comparison.scenario)}. {money.shown().code}. {note(comparison.scenario)}"
    per_mtok = "Per million tokens: over tokens discounted alike, input and output."
    return Table(verdict(comparison).headline, columns, rows, f"{told} {per_mtok}")


def _answer(deck: Deck, briefing: Briefing) -> bool:
    """The answer, the recommendation and as many options as fit; whether these are all."""
    comparison, found, advice = briefing.comparison, verdict(briefing.comparison), recommendation(briefing)
    told, colours = _options(briefing), option_colours(comparison.costs)
    owning = " ".join(filter(None, (briefing.accepted, found.owning)))
    notes = [found.headline, advice, owning, briefing.about, briefing.met, briefing.decides,
             prices_told(comparison), told.note, ROUNDING]  # fmt: skip
    about = "" if briefing.about.startswith(asked(comparison.scenario)) else briefing.about  # the note asks it too
    slide = deck.slide("The answer", found.headline, notes)
    if briefing.model:
        link_in_notes(slide, f"{MODEL}: {briefing.model}", briefing.model)
    at = TOP
    for words, size, colour in ((advice, 18, INK), (owning, 14, INK), (about, LEAST, MUTED),
                                (briefing.met, LEAST, MUTED)):  # fmt: skip
        if words:
            height = Inches(size / 72 * 1.22 * line_count(words, ACROSS, size))
            text(slide, words, LEFT, Emu(at), ACROSS, height, size=size, colour=colour)
            at += height + Inches(0.1)
    columns, place = columns_of(told, words=1 + (HEADING in told.columns)), _picture(told.note, Emu(at))
    size, (shown, *others) = fitting(columns, told.rows, ACROSS, place.height, marked=True)
    marks = [colours[slug] for slug in comparison.ranking]
    table(slide, columns, shown, place.top, ACROSS, size=size, name="Options",
          alt="Cost of every option, cheapest first.", marks=marks)  # fmt: skip
    _note(slide, told.note)
    return not others


def _strip(deck: Deck, briefing: Briefing) -> Sequence[Drawn]:
    """The strip of switching values; the rows that it has no room for."""
    if not briefing.strip:
        return ()
    return _strip_slide(deck, briefing, briefing.strip, strip.headline(briefing.strip))


def _strip_on(deck: Deck, briefing: Briefing, rows: Sequence[Drawn]) -> None:
    while rows:
        rows = _strip_slide(deck, briefing, rows, f"Further assumptions: {strip.headline(rows)}")


def _strip_slide(deck: Deck, briefing: Briefing, rows: Sequence[Drawn], title: str) -> Sequence[Drawn]:
    place, comparison = _picture(strip.NOTE), briefing.comparison
    colours = option_colours(comparison.costs)

    def keys(rows: Sequence[Drawn]) -> list[tuple[str, str]]:
        return [(comparison[slug].label, colours[slug]) for slug in comparison.ranking if strip.leads(rows, slug)]

    most = rows_that_fit(below_key(keys(rows), place), rows)
    drawn, more = rows[:most], rows[most:]
    told, more = (rows, ()) if len(more) == 1 else (drawn, more)  # for one row a slide would be too much
    notes = [title, strip.NOTE, *(f"{row.label}: {row.today} today; {row.says}." for row in told)]
    slide = deck.slide(strip.KICKER, title, notes)
    draw_key(slide, keys(drawn), place)
    strip_rows(slide, below_key(keys(drawn), place), drawn, colours)
    _note(slide, strip.NOTE)
    return more


def _money(deck: Deck, briefing: Briefing) -> bool:
    """Where the money goes: a bridge to the cheapest option from today's bill or the next option; whether it is one.

    Else what options are made of: bars that float begin above zero.
    """
    kicker, comparison = "Where the money goes", briefing.comparison
    apart = len(leaders(comparison)) == 1  # a bridge of what cannot be told apart is one of errors
    steps = briefing.steps or (deciding.steps(comparison) if apart else ())
    if not steps or floating([step.usd for step in steps])[0].min() < 0:
        _costs(deck, briefing, kicker)
        return False
    title = steps_title(steps) if briefing.steps else deciding.decided_by(comparison) or largest_part_title(comparison)
    told = f"A month, on average. {STEPS_NOTE}" if briefing.steps else f"{note(comparison.scenario)} {NOTE}"
    said = f"{told} {ROUNDED}"
    slide = deck.slide(kicker, title, [title, said, ROUNDING])
    names = {comparison[slug].label: colour for slug, colour in option_colours(comparison.costs).items()}
    colours = {**{step.name: f"#{MUTED}" for step in steps}, **GROUP_COLOURS, **names}
    ends = [usd(steps[0].usd), *(signed_usd(step.usd) for step in steps[1:-1]), usd(steps[-1].usd)]
    shown = "; ".join(f"{step.name} {end}" for step, end in zip(steps, ends, strict=True))
    waterfall(slide, _picture(said), [step.name for step in steps], [converted(step.usd) for step in steps], ends,
              [colours[step.name] for step in steps], "Bridge", f"{title}. {shown}.")  # fmt: skip
    _note(slide, said)
    return True


def _range(deck: Deck, briefing: Briefing) -> bool:
    """What each option may cost, or else how often it is the cheapest; whether it is the first."""
    sure = briefing.how_sure
    if sure is None:
        return False
    least = min((min(found) for found in sure.quantiles.values()), default=-1)
    if sure.costs is None or least < 0:  # bars that float begin above 0
        _shares(deck, briefing, sure)
        return False
    comparison, order = briefing.comparison, list(sure.quantiles)[::-1]
    colours = option_colours(comparison.costs)
    title = sure.costs.headline
    said = f"{note(comparison.scenario)} {SPREAD_NOTE} {sure.headline}. {sure.note}".strip()
    slide = deck.slide(RANGE, title, [title, sure.headline, sure.note])
    spreads(slide, _picture(said), [named(comparison, slug) for slug in order],
            [[converted(cost) for cost in sure.quantiles[slug]] for slug in order],
            [converted(float(comparison[slug].net_present_cost_usd)) for slug in order],
            [colours[slug] for slug in order], RANGE,
            f"{title}. Dark: the middle half of the simulations of each; pale: nine tenths.")  # fmt: skip
    _note(slide, said)
    return True


def _how_sure(deck: Deck, briefing: Briefing, is_spread: bool) -> None:
    """What is known of the range beside its picture."""
    sure = briefing.how_sure
    if sure is None:
        return
    alone = len(sure.break_even) == 1  # a sentence, for which a slide would be too much
    if is_spread:
        _shares(deck, briefing, replace(sure, note=f"{sure.note} {sure.overtaking}.") if alone else sure)
    if not alone and sure.break_even:
        columns, told = ("Of all simulations", "Break-even"), f"{sure.headline}."
        _told(deck, columns[1], Table(sure.overtaking, columns, sure.break_even, told))
    if sure.costs:
        _told(deck, RANGE, sure.costs)


def _shares(deck: Deck, briefing: Briefing, sure: HowSure) -> None:
    comparison, colours = briefing.comparison, option_colours(briefing.comparison.costs)
    slugs = sorted(sure.shares, key=lambda slug: (sure.shares[slug], -comparison.ranking.index(slug)))
    said = f"How often each option is the cheapest. {sure.note}".strip()
    slide = deck.slide("How sure", sure.headline, [
        sure.headline, sure.note, "Each simulation gives every uncertain input a value from its range, the same for "
        "all options; shares are of simulations.",
    ])  # fmt: skip
    told = "; ".join(f"{comparison[slug].label} {odds(sure.shares[slug])}" for slug in reversed(slugs))
    shares(slide, _picture(said), [named(comparison, slug) for slug in slugs], [sure.shares[slug] for slug in slugs],
           [colours[slug] for slug in slugs], "Probability of being cheapest",
           f"{sure.headline}. Share of simulations in which each option is the cheapest: {told}.")  # fmt: skip
    _note(slide, said)


def _means(deck: Deck, briefing: Briefing) -> None:
    """Options beside each other, as many as fit one slide."""
    if briefing.means is None:
        return
    beside = "All options stand in the appendix."
    for most in range(min(MOST_OPTIONS, len(briefing.means.rows)), 0, -1):
        cut = most < len(briefing.means.rows)
        told = replace(briefing.means, rows=briefing.means.rows[:most], note=beside if cut else "").transposed()
        if len(list(pages(columns_of(told), told.rows, ACROSS, _picture(told.note).height, LEAST))) == 1:
            break
    _told(deck, "Risks, rules and what it means", told)


def _curves(deck: Deck, briefing: Briefing) -> None:
    comparison, title = briefing.comparison, curves_title(briefing.comparison, briefing.chosen)
    found = crossings(comparison, briefing.chosen)
    sale = sale_note(comparison, bool(found))
    said = f"{note(comparison.scenario)} {sale}".strip()
    slide = deck.slide("Cost over time", title, [
        title, note(comparison.scenario), *filter(None, [sale]),
        *(f"{comparison[c.cheaper].label} overtakes in {numbered(comparison.scenario, c.at)}, at {usd(c.usd)}."
          for c in found),
        "A mark stands at the first month end after the crossing.", ROUNDING,
    ])  # fmt: skip
    curves = {slug: (named(comparison, slug), converted(curve(cost)[1])) for slug, cost in comparison.costs.items()}
    marks = []
    for crossing in found:
        month = int(np.ceil(crossing.at))
        marks.append((month, float(curves[crossing.cheaper][1][month]), f"month {month}"))
    ends = "; ".join(f"{label} {amount(values[-1])}" for label, values in curves.values())
    months = [short_month(comparison.scenario, column) for column in range(comparison.months.size)]
    colours = list(option_colours(comparison.costs).values())
    lines(slide, _picture(said), [*months, months[-1]], list(curves.values()), colours, marks, "Cumulative cost",
          f"{title}. Cumulative cost of each option by month; at the end: {ends}.")  # fmt: skip
    _note(slide, said)


def _costs(deck: Deck, briefing: Briefing, kicker: str = "What it is made of") -> None:
    comparison, title = briefing.comparison, largest_part_title(briefing.comparison)
    slugs = comparison.ranking[::-1]
    found = {group: [converted(total) for total in totals] for group, totals in groups(comparison, slugs).items()}
    said = f"{note(comparison.scenario)} {NOTE}"
    slide = deck.slide(kicker, title, [
        title, note(comparison.scenario), NOTE, ROUNDING,
    ])  # fmt: skip
    totals = "; ".join(
        f"{comparison[slug].label} {usd(comparison[slug].net_present_cost_usd)}" for slug in comparison.ranking
    )
    stacked(slide, _picture(said), [named(comparison, slug) for slug in slugs], found, GROUP_COLOURS, "Cost by group",
            f"{title}. Cost of each option by group of cost lines: {totals}.")  # fmt: skip
    _note(slide, said)


def _told(deck: Deck, kicker: str, told: Table) -> None:
    if not told.rows:
        return
    _paged(deck, kicker, told.headline, [told.headline, told.note], columns_of(told), told.rows, told.note)


def _assumptions(deck: Deck, briefing: Briefing) -> None:
    """The assumptions that matter most, as many as fit one slide."""
    entries = register(briefing.comparison.scenario, briefing.origins)
    chosen = foremost(entries, briefing.matters or USUAL, MOST_ASSUMPTIONS)
    columns = [Column("Assumption", 2.5), Column("Value", 2.4, True), Column("For", 2), Column("Source", 3.3),
               Column("As of", 1.1), Column("Confidence", 1.2)]  # fmt: skip
    rows = [(entry.what, entry.value, entry.whose, entry.source, entry.as_of.isoformat() if entry.as_of else "",
             entry.confidence) for entry in chosen]  # fmt: skip
    while len(fitting(columns, rows, ACROSS, _picture(IN_ALL).height)[1]) > 1:
        rows.pop()
    count = Counter(entry.confidence for entry in entries for _ in entry.paths)
    judged, own, total = count[JUDGEMENT], count[YOURS], count.total()
    title = (
        f"The {len(rows)} assumptions that matter most, of {total}: {total - judged - own} as a dated source says, "
        f"{judged} judgements of Crossover with their reason, {own or 'none'} of your own"
    )
    _paged(deck, "Assumptions", title, [title, IN_ALL], columns, rows, IN_ALL)


def _sources(deck: Deck, briefing: Briefing) -> None:
    found = cited(briefing.origins)
    if not found:
        return
    published = [source for source in found if source.confidence not in (JUDGEMENT, YOURS)]
    oldest = min((source.as_of for source in published if source.as_of), default=None)
    age = f"; the oldest figure is of {day(oldest)}" if oldest else ""
    title = f"{len(published) or 'No'} source{'s' * (len(published) != 1)}, judgements aside{age}"
    columns = [Column("Source", 5.3), Column("Address", 3.4), Column("Values", 0.8, True), Column("As of", 1.05),
               Column("Confidence", 1.2)]  # fmt: skip
    rows = [(source.title, (urlsplit(source.address).netloc.removeprefix("www."), source.address), str(source.values),
             source.as_of.isoformat() if source.as_of else "", source.confidence) for source in found]  # fmt: skip
    versions = ". ".join(f"{name[:1].upper()}{name[1:]}: {value}" for name, value in briefing.versions.items())
    _paged(deck, "Sources", title, [title, versions], columns, rows, versions)


def _paged(deck: Deck, kicker: str, title: str, notes: Sequence[str], columns: Sequence[Column],
           rows: Sequence[Sequence[Cell]], note: str = "") -> None:  # fmt: skip
    size, portions = fitting(columns, rows, ACROSS, _picture(note).height)
    title = f"In figures: {title}" if title in deck.titles else title  # a picture before it has said it
    for i, portion in enumerate(portions):
        part = f" ({i + 1} of {len(portions)})" if len(portions) > 1 else ""
        slide = deck.slide(kicker, f"{title}{part}", notes)
        table(slide, columns, portion, TOP, ACROSS, size=size, name=kicker, alt=f"{title}{part}. {note}".strip())
        _note(slide, note)


def _picture(note: str, top: Emu = TOP) -> Box:
    """The place between the title, or what stands below it, and the note at the foot."""
    return Box(LEFT, top, ACROSS, Emu(int(BOTTOM - _note_height(note) - top)))


def _note_height(words: str) -> Emu:
    return Emu(LEADING * line_count(words, ACROSS, LEAST) if words else 0)


def _note(slide, words: str) -> None:
    if words:
        height = _note_height(words)
        text(slide, words, LEFT, Emu(BOTTOM - height + Inches(0.04)), ACROSS, height, size=LEAST, colour=MUTED,
             name="Note")  # fmt: skip
