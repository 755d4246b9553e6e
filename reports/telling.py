"""The story of a scenario, complete: result, how sure, what it hangs on, where it flips, what would be best."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from costmodel.comparison import Comparison, compare
from costmodel.scenario import numbers
from costmodel.uncertainty import metrics
from costmodel.uncertainty.flips import flips
from costmodel.uncertainty.mix import best_mix
from costmodel.uncertainty.montecarlo import monte_carlo
from costmodel.uncertainty.ranges import Range, drawable
from costmodel.uncertainty.tornado import tornado
from pricing.documents import Opened, differences
from pricing.presets import preset
from pricing.ranges import draws, ranges
from reports import mix, risk, trade_offs
from reports.labels import path_label, said
from reports.narrative import VOLUME, owned_and_rented
from reports.story import FLIP_COLUMNS, HowSure, Story, Table
from reports.text import usd

DRAWS = 10_000
MOST_FLIPS, MOST_ROWS = 8, 10
MIX_DRAWS = 500
HANGS_ON_COLUMNS = ("Number", "Low", "High", "At its low", "At its high")
WITHIN = "Each number moved alone within its range, everything else as today; nearest first."
BEYOND = (
    "Each number moved alone beyond its range, as far as the model allows, everything else as today; nearest first."
)


def story(opened: Opened, on: date, versions: Mapping[str, str]) -> Story:
    """What slides, brief and presentation tell of a scenario; draws included, so about a second."""
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
        hangs_on=hangs_on_table(comparison, spread),
        flips=nearest_flips(comparison, spread),
        best=best_table(comparison, opened),
        trade_offs=trade_offs_table(comparison, spread),
    )


def hangs_on_table(comparison: Comparison, spread: Mapping[str, Range]) -> Table:
    """The numbers that move owning against renting most, or the cheapest against the others, at their ends."""
    if len(comparison.costs) < 2:
        return Table("", HANGS_ON_COLUMNS, ())
    scenario, best = comparison.scenario, comparison.ranking[0]
    owned, rented = owned_and_rented(comparison)
    if owned and rented:
        metric = metrics.saving(rented, owned)
        measured = f"what {comparison[owned].label} saves against {comparison[rented].label}"
    else:
        metric, measured = metrics.excess(best), f"what {comparison[best].label} costs beyond the best of the others"
    known = numbers(scenario)
    rows = [
        (path_label(scenario, bar.path, spread[bar.path].also), said(_four(bar.low), known[bar.path]),
         said(_four(bar.high), known[bar.path]), usd(bar.at_low), usd(bar.at_high))
        for bar in tornado(scenario, spread, metric).bars
        if bar.swing > 0 and np.isfinite([bar.at_low, bar.at_high]).all()
    ]  # fmt: skip
    headline = f"{rows[0][0]}: moves {measured} most" if rows else ""
    note = f"Shown is {measured}, in today's money, with one number at the ends of its range, everything else as today."
    return Table(headline, HANGS_ON_COLUMNS, rows[:MOST_ROWS], note)


def _four(value: float) -> float:
    return float(f"{value:.4g}")


def best_table(comparison: Comparison, opened: Opened) -> Table:
    """The plans that are regretted least over the draws: options with other owned shares, commitments, precisions."""
    plans = mix.candidates(comparison)
    if len(plans) < 2 or not drawable(opened.scenario, ranges(opened.scenario, opened.ranges)):
        return Table("", mix.COLUMNS, ())
    *_, found = best_mix(draws(opened.scenario, opened.ranges, opened.correlations), plans, MIX_DRAWS)
    return Table(mix.title(found), mix.COLUMNS, mix.rows(found, MOST_ROWS), mix.about(found))


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
