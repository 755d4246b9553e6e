"""The story of a scenario, complete: result, how sure, where it flips, what else the decision means."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from costmodel.comparison import Comparison, compare
from costmodel.uncertainty.flips import flips
from costmodel.uncertainty.montecarlo import monte_carlo
from costmodel.uncertainty.ranges import Range, drawable
from pricing.documents import Opened, differences
from pricing.presets import preset
from pricing.ranges import draws, ranges
from reports import risk, trade_offs
from reports.narrative import VOLUME, owned_and_rented
from reports.story import FLIP_COLUMNS, HowSure, Story, Table

DRAWS = 10_000
MOST_FLIPS = 8
WITHIN = "Each number moved alone within its range, everything else as today; nearest first."
BEYOND = (
    "Each number moved alone beyond its range, as far as the model allows, everything else as today; nearest first."
)


def story(opened: Opened, on: date, versions: Mapping[str, str]) -> Story:
    """What slides, brief and presentation tell of a scenario; draws included, so about half a second."""
    base = preset(opened.preset)
    comparison, spread = compare(opened.scenario), ranges(opened.scenario, opened.ranges)
    return Story(
        comparison=comparison,
        name=opened.name or base.label,
        on=on,
        about=base.about,
        decides=decides(opened),
        versions=versions,
        reasons=base.reasons,
        how_sure=_how_sure(comparison, opened, spread),
        flips=nearest_flips(comparison, spread),
        trade_offs=trade_offs_table(comparison, spread),
    )


def nearest_flips(comparison: Comparison, spread: Mapping[str, Range]) -> Table:
    """The flips within the ranges or, where none is, those beyond, under the headline that says so."""
    within = flips_table(comparison, spread, MOST_FLIPS)
    beyond = within if within.rows else flips_table(comparison, spread, MOST_FLIPS, beyond=True)
    return replace(beyond, headline=within.headline)


def flips_table(comparison: Comparison, spread: Mapping[str, Range], most: int, *, beyond: bool = False) -> Table:
    """The nearest values at which another option becomes the cheapest, within the ranges or up to the bounds."""
    scenario, also = comparison.scenario, {path: entry.also for path, entry in spread.items()}
    found = flips(scenario, spread, within_bounds=beyond)
    rows = risk.flip_rows(scenario, found, also, most)
    return Table(risk.flips_title(found, scenario, also), FLIP_COLUMNS, rows, BEYOND if beyond else WITHIN)


def trade_offs_table(comparison: Comparison, spread: Mapping[str, Range]) -> Table:
    """What each option means beside its cost, the bill over the range of the volume."""
    volume = spread[VOLUME]
    return trade_offs.table(comparison, trade_offs.figures(comparison, volume.low, volume.high))


def decides(opened: Opened) -> str:
    """What the verdict of the preset hangs on, as long as nothing was changed; nothing after that."""
    base = preset(opened.preset)
    return "" if differences(base.scenario, opened.scenario) else base.decides


def _how_sure(comparison: Comparison, opened: Opened, spread: Mapping[str, Range]) -> HowSure | None:
    if len(comparison.costs) < 2 or not drawable(opened.scenario, spread):
        return None
    owned, rented = owned_and_rented(comparison)
    pairs = [(rented, owned)] if owned and rented else []
    chance = draws(opened.scenario, opened.ranges, opened.correlations)
    *_, run = monte_carlo(chance, DRAWS, pairs)
    return HowSure(
        headline=risk.how_sure(run, comparison),
        shares={slug: float(share.value) for slug, share in run.cheapest_probability.items()},
        break_even=risk.break_even_facts(run, rented, owned) if pairs else (),
        note=risk.likely_rivals(run, comparison),
    )
