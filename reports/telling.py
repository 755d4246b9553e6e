"""The story of a scenario, complete: result, how sure, where it flips, what else the decision means."""

from collections.abc import Mapping
from datetime import date

from costmodel.comparison import Comparison, compare
from costmodel.uncertainty.flips import flips
from costmodel.uncertainty.montecarlo import monte_carlo
from costmodel.uncertainty.ranges import Range, drawable
from costmodel.uncertainty.sampling import Draws
from pricing.documents import Opened
from pricing.presets import preset
from pricing.ranges import ranges
from reports import risk
from reports.narrative import owned_and_rented
from reports.story import FLIP_COLUMNS, HowSure, Story, Table

DRAWS = 10_000
MOST_FLIPS = 8


def story(opened: Opened, on: date, versions: Mapping[str, str]) -> Story:
    """What slides, brief and presentation tell of a scenario; draws included, so about half a second."""
    base = preset(opened.preset)
    comparison, spread = compare(opened.scenario), ranges(opened.scenario, opened.ranges)
    return Story(
        comparison=comparison,
        name=opened.name or base.label,
        on=on,
        about=base.about,
        decides=base.decides,
        versions=versions,
        reasons=base.reasons,
        how_sure=_how_sure(comparison, spread),
        flips=_flips(comparison, spread),
    )


def _how_sure(comparison: Comparison, spread: Mapping[str, Range]) -> HowSure | None:
    drawn = drawable(comparison.scenario, spread)
    if len(comparison.costs) < 2 or not drawn:
        return None
    owned, rented = owned_and_rented(comparison)
    pairs = [(rented, owned)] if owned and rented else []
    *_, run = monte_carlo(Draws(comparison.scenario, drawn), DRAWS, pairs)
    return HowSure(
        headline=risk.how_sure(run, comparison),
        shares={slug: float(share.value) for slug, share in run.cheapest_probability.items()},
        break_even=risk.break_even_facts(run, rented, owned) if pairs else (),
        note=risk.likely_rivals(run, comparison),
    )


def _flips(comparison: Comparison, spread: Mapping[str, Range]) -> Table | None:
    also = {path: entry.also for path, entry in spread.items()}
    found = flips(comparison.scenario, spread)
    rows = risk.flip_rows(comparison.scenario, found, also, MOST_FLIPS)
    headline = risk.flips_title(found, comparison.scenario, also)
    return Table(headline, FLIP_COLUMNS, rows) if rows else None
