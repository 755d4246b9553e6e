"""The strip of switching values in words and as what is drawn of it: on a page, a slide, the brief and in the model."""

from collections.abc import Sequence

from answers.analysis import Analysis
from answers.strip import StripRow
from costmodel.fields import Number
from costmodel.scenario import Scenario, numbers
from reports.words.briefing import Drawn, Turn
from reports.words.labels import path_of_figures
from reports.words.text import FIGURES, short_value, to_figures

KICKER = "What would have to be true"
NOTE = (
    "One assumption a row, all else as today, over three times its range (the line below the bar). Colours say who is "
    "the cheapest there of those that keep the rules or, where none does, of all. In order of the way from today "
    "to the next colour."
)
BROKEN = {  # rule -> how an option breaks it, in few words: they stand below each lever and in cells
    "longest request": "request too long",
    "sensitive data": "sensitive data leaves",
    "response time": "response too slow",
    "time per token": "tokens too slow",
    "start": "start too late",
    "peak": "peak not carried",
    "region": "region not allowed",
    "model": "model refused",
}


def drawn(analysis: Analysis) -> tuple[Drawn, ...]:
    """All rows of the strip, amounts in the currency shown."""
    return drawn_rows(analysis.opened.scenario, analysis.strip)


def drawn_rows(scenario: Scenario, rows: Sequence[StripRow]) -> tuple[Drawn, ...]:
    """The same of these rows."""
    known = numbers(scenario)
    return tuple(_drawn(scenario, row, known[row.path]) for row in rows)


def _drawn(scenario: Scenario, row: StripRow, number: Number) -> Drawn:
    def told(value: float) -> str:
        return short_value(to_figures(value, number.unit, FIGURES), number.unit)

    def label(slug: str) -> str:
        return scenario.options[slug].label if slug else ""

    ends = [(row.below[0].high, "below", row.now.below, row.below)] if row.below else []
    ends += [(row.above[0].low, "above", row.now.above, row.above)] if row.above else []
    return Drawn(
        label=path_of_figures(scenario, row.path, row.also),
        today=short_value(row.today, number.unit),
        at=row.share(row.today),
        likely=(row.share(max(row.likely[0], row.low)), row.share(min(row.likely[1], row.high))),
        spread=f"{told(row.likely[0])} to {told(row.likely[1])}",
        leads=tuple((row.share(lead.low), row.share(lead.high), lead.cheapest) for lead in row.leads),
        turns=tuple(Turn(row.share(at), told(at), side, label(lead.leader), label(rule and row.now.cheapest),
                         BROKEN.get(rule, ""), tuple(label(each.leader) for each in then))
                    for at, side, rule, (lead, *then) in ends),
        ends=(told(row.low), told(row.high)),
    )  # fmt: skip


def leads(rows: Sequence[Drawn], slug: str) -> bool:
    """Whether an option is the cheapest anywhere in these rows."""
    return any(slug == lead for row in rows for *_, lead in row.leads)


def headline(rows: Sequence[Drawn]) -> str:
    """What changes the answer first, or that nothing does."""
    row = next((row for row in rows if row.turns), None)
    if row is None:
        return "No assumption alone changes the answer, even far beyond its range"
    turn = row.nearest
    change = f"would make {turn.option} the cheapest" if turn.option else "would leave no option that keeps the rules"
    why = f": {turn.ruled_out} breaks a rule there ({turn.broken})" if turn.ruled_out and turn.option else ""
    return f"{row.label} {turn.side} {turn.at} ({row.today} today) {change}{why}"
