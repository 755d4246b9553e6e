"""What the file that holds the model knows of a scenario: program and values, names, months, rows of the strip."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from answers.analysis import Analysis
from answers.strip import StripRow
from answers.volume import VOLUME, volume_grid
from costmodel.comparison import Comparison
from costmodel.fields import SHARES, Number
from costmodel.lines import LINES
from costmodel.numerals import marks
from costmodel.scenario import Scenario, numbers
from reports.program import program, values
from reports.words.dates import month_end, numbered, short_month
from reports.words.labels import path_of_figures
from reports.words.measure import measure
from reports.words.money import cents, is_money, shown, symbol
from reports.words.palette import GROUP_COLOURS, OPTION_COLOURS, option_colours
from reports.words.plain import typeset
from reports.words.strip import BROKEN
from reports.words.verdict import over


def money() -> dict[str, Any]:
    """The currency shown and the marks of numbers, as the words of the browser need them."""
    return {
        "symbol": symbol(),
        "perUsd": shown().per_usd,
        "code": shown().code,
        "cents": cents(),
        "marks": asdict(marks()),
    }


def colour_classes(slugs: Iterable[str]) -> dict[str, str]:
    """Slug -> the class of its colour, of those that scripts.py writes."""
    return {slug: f"c{OPTION_COLOURS.index(colour)}" for slug, colour in option_colours(slugs).items()}


def words(scenario: Scenario) -> dict[str, Any]:
    """What the headline is worded with."""
    return {
        "labels": {slug: option.label for slug, option in scenario.options.items()},
        "money": money(),
        "said": measure(scenario).said,
        "horizon": over(scenario),
        "broken": BROKEN,
    }


def options(comparison: Comparison) -> dict[str, dict[str, Any]]:
    """Slug -> how an option is called and coloured, and whether it owns hardware."""
    scenario = comparison.scenario
    return {
        slug: {
            "label": scenario.options[slug].label,
            "c": colour,
            "owns": scenario.options[slug].owns_hardware(scenario.options),
        }
        for slug, colour in colour_classes(comparison.costs).items()
    }


def rows(scenario: Scenario, strip: Iterable[StripRow], fixed: Callable[[str], bool]) -> list[dict[str, Any]]:
    """The rows of a strip; those whose numbers are `fixed` have no handle."""
    known = numbers(scenario)
    return [
        {
            "path": row.path,
            "also": list(row.also),
            "label": typeset(path_of_figures(scenario, row.path, row.also)),
            "kind": kind(known[row.path]),
            "low": row.low,
            "high": row.high,
            "log": row.logarithmic,
            "likely": _likely(row),
            "today": row.today,
            "fixed": fixed(row.path),
            "leads": [
                {
                    "low": lead.low,
                    "high": lead.high,
                    "cheapest": lead.cheapest,
                    "kept": lead.keeps_rules,
                    "below": lead.below,
                    "above": lead.above,
                }
                for lead in row.leads
            ],
        }
        for row in strip
    ]


def told(analysis: Analysis, file: str) -> dict[str, Any]:
    """All of it, JSON-ready; `file` is what the CSV is called."""
    comparison, scenario = analysis.comparison, analysis.opened.scenario
    printed = program(scenario)
    columns = range(comparison.months.size)
    return {
        "program": printed,
        "values": values(printed, scenario),
        **words(scenario),
        "months": [short_month(scenario, column) for column in columns],
        "named": [numbered(scenario, column) for column in columns],
        "ends": [month_end(scenario, column).isoformat() for column in columns],
        "options": options(comparison),
        "groups": [{"name": name, "index": index} for index, name in enumerate(GROUP_COLOURS)],
        "lines": {name: {"label": line.label, "group": line.group} for name, line in LINES.items()},
        "volume": {"path": VOLUME, "grid": volume_grid(scenario).tolist()},
        "rows": rows(scenario, analysis.strip, lambda path: path not in printed["inputs"]),
        "file": file,
        "chosen": analysis.chosen,
    }


def kind(number: Number) -> str:
    """How a value is written: as a share, an amount of money or a plain number."""
    return "share" if number.unit in SHARES else "money" if is_money(number.unit) else "number"


def _likely(row: StripRow) -> list[float]:
    return [max(row.likely[0], row.low), min(row.likely[1], row.high)]
