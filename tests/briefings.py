"""Briefings in tests: a comparison with everything that slides and brief can say about it; papers of presets."""

import dataclasses
import io
from datetime import date
from functools import cache

from pptx import Presentation

from costmodel.comparison import compare
from costmodel.scenario import Scenario, paths, with_option
from pricing.documents import Opened
from pricing.origins import Origin, origins
from pricing.presets import preset
from reports.files.slides import slides
from reports.files.workbook import workbook
from reports.words import mix
from reports.words.briefing import SWITCHING_COLUMNS, Briefing, Drawn, HowSure, Table, Turn
from reports.words.chapters import SENSITIVITY_COLUMNS
from reports.words.uncertainty import DRIVER_COLUMNS

ON = date(2026, 11, 24)
HOSTILE = '=HYPERLINK("http://evil","x") #panic() $x^2$ *b* <b>&amp; \\'
LONG = "Own servers in the data centre, bought, and refreshed after each of five years"


def briefing(slug: str = "assistant", **changes) -> Briefing:
    """The briefing of a preset; `changes` replace parts of it."""
    known = preset(slug)
    told = Briefing(compare(known.scenario), known.label, ON, about=known.about, decides=known.decides,
                 versions={"token prices": "of 2026-11-10"},
                 origins=origins_of(Opened(known.scenario, slug)))  # fmt: skip
    return dataclasses.replace(told, **changes)


@cache
def deck_of(slug: str):
    """The deck of a preset's briefing, read back; made once for all who look at it."""
    return Presentation(io.BytesIO(slides(briefing(slug))))


@cache
def workbook_of(slug: str) -> bytes:
    """The workbook of a preset's scenario, made once for all who look at it."""
    return workbook(preset(slug).scenario)


def origins_of(opened: Opened) -> dict[str, Origin]:
    """Where every value is from."""
    return origins(opened, list(paths(opened.scenario)))


def full_briefing(scenario: Scenario | None = None, **changes) -> Briefing:
    """A briefing with all that may be left out."""
    known = briefing(**changes)
    comparison = known.comparison if scenario is None else compare(scenario)
    slugs = list(comparison.costs)
    sure = HowSure("A: cheapest in 83 % of 10,000 simulations", {slug: 1 / len(slugs) for slug in slugs},
                   [("In 5 of 10 cases", "by month 31"), ("Not within the horizon", "12 %")], "When B overtakes A",
                   "Otherwise: B in 17 %.",
                   Table("A: $1.00M to $5.00M in nine of ten simulations", ("Option", "In today's money", *"abcd"),
                         [(comparison[slug].label, *["$2.31M"] * 5) for slug in slugs], "Over 10,000 draws."),
                   dict.fromkeys(slugs, (1000000.0, 2000000.0, 3000000.0, 5000000.0)))  # fmt: skip
    switching = Table("The verdict hangs first on: server price", SWITCHING_COLUMNS,
                  [("Server price", "USD 278,000", "USD 12,400", "-95 %", LONG)] * 5)  # fmt: skip
    rows = tuple(
        Drawn(LONG, "$278k", 0.5, ("$100k", "$900k"), (0.2, 0.7), "$200k to $400k",
              ((0, 0.1, slugs[0]), (0.1, 1, slugs[-1])), (Turn(0.1, "$12.4k", "below", LONG),))
        for _ in range(10)
    )  # fmt: skip
    sensitivity = Table("Server price: moves what it saves most", SENSITIVITY_COLUMNS,
                     [("Server price (USD)", "USD 250,000", "USD 310,000", "$1.10M", "$812k")] * 12)  # fmt: skip
    drivers = Table("Server price: explains most", DRIVER_COLUMNS, [("Server price (USD)", "-0.72", "51 %")] * 10)
    over_two = Table("2 options are the cheapest over volume and price", ("Price decline", *"1234567"),
                     [("50 %", *(cost.label for cost in [*comparison.costs.values()] * 7))[:8]] * 5)  # fmt: skip
    best = Table(
        "Own servers: the cheapest plan", mix.COLUMNS, [("Own servers, FP8", "4", "$4.01M", "$61.2k", "$2.02M")]
    )
    trade_offs = Table("Own servers keep all data", ("Option", "Latency", "Data that leaves"),
                       [(cost.label, "1.2 s", "all") for cost in comparison.costs.values()])  # fmt: skip
    chapters = {"What explains the spread": drivers, "What it hangs on": sensitivity, "What would change": switching,
                "Over two numbers": over_two, "What would be best": best, "Trade-offs": trade_offs}  # fmt: skip
    means = Table("Own servers: 2.1 posts", ("Option", "People", "Rules broken"),
                  [(cost.label, "2.1 posts", "none") for cost in comparison.costs.values()])  # fmt: skip
    whence = origins_of(Opened(comparison.scenario, "assistant"))
    return dataclasses.replace(
        known, comparison=comparison, how_sure=sure, strip=rows, chapters=chapters, origins=whence, means=means
    )


def crowded(options: int = 20) -> Scenario:
    """A scenario of many options with long and hostile names."""
    scenario = preset("assistant").scenario.vary({
        "options.frontier_api.label": HOSTILE, "options.own_servers.label": LONG, "finance.horizon_months": 36,
        "workload.requests_per_month": 3e7,
    })  # fmt: skip
    for i in range(options - len(scenario.options)):
        copy = {**dict(scenario.options["open_api"]), "label": f"Provider {i} {LONG}"[:80],
                "prices": {**dict(scenario.options["open_api"].prices), "input_usd_per_mtok": 0.1 + i}}  # fmt: skip
        scenario = with_option(scenario, f"extra_{i}", copy)
    return scenario
