"""The story of a scenario, complete: result, how sure, what it hangs on, what would change it, what would be best."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from costmodel.comparison import Comparison, compare
from costmodel.scenario import numbers, paths
from costmodel.uncertainty import metrics
from costmodel.uncertainty.drivers import Driver, rank_drivers, sobol_drivers
from costmodel.uncertainty.heatmap import heat_map
from costmodel.uncertainty.mix import best_mix
from costmodel.uncertainty.montecarlo import MonteCarlo, monte_carlo
from costmodel.uncertainty.ranges import Range, drawable
from costmodel.uncertainty.switching import switching_values
from costmodel.uncertainty.tornado import tornado
from pricing.documents import Opened
from pricing.origins import origins
from pricing.ranges import draws, ranges
from reports import mix, risk, trade_offs
from reports.bill import badge
from reports.fiscal import budget
from reports.labels import path_label, said
from reports.measure import measure
from reports.money import shown_in
from reports.narrative import VOLUME, VOLUME_POINTS, at_stake, volume_grid
from reports.story import SWITCHING_COLUMNS, HowSure, Story, Table
from reports.text import compact, percent, usd
from reports.titles import about, decides, title

DRAWS = 10_000
FIRST_DRAWS = (100, 1_000)
COST_QUANTILES = (0.05, 0.25, 0.75, 0.95)
MOST_YEARS = 12  # columns of a slide
MOST_SWITCHING, MOST_ROWS, SOBOL_NUMBERS = 8, 10, 8
GROWTH = "workload.growth_per_year"
MAP_COLUMNS, MAP_ROWS = 6, 5
MAP_NOTE = "All combinations of the two numbers, everything else as today."
SOBOL_COLUMNS = ("Number", "Alone", "With others", "95 % interval of that")
SENSITIVITY_COLUMNS = ("Number", "Low", "High", "At its low", "At its high")
WITHIN = "Each number moved alone within its range, everything else as today; nearest first."
BEYOND = (
    "Each number moved alone beyond its range, as far as the model allows, everything else as today; nearest first."
)


def story(opened: Opened, on: date, versions: Mapping[str, str], *, whole: bool = False) -> Story:
    """What the brief tells of a scenario or, with `whole`, all that slides tell; draws included, so about a second."""
    with shown_in(opened.currency):
        return _story(opened, on, versions, whole)


def _story(opened: Opened, on: date, versions: Mapping[str, str], whole: bool) -> Story:
    comparison, spread = compare(opened.scenario), ranges(opened.scenario, opened.ranges)
    run, switching = _run(comparison, opened, spread), nearest_switching_values(comparison, spread)
    return Story(
        comparison=comparison,
        name=title(opened),
        on=on,
        about=about(opened),
        decides=decides(opened),
        versions=versions,
        origins=origins(opened, list(paths(opened.scenario))),
        how_sure=_how_sure(comparison, run) if run else None,
        switching=switching,
        chapters=_chapters(comparison, opened, spread, run, switching) if whole else {},
        met=badge(opened),
        currency=opened.currency,
    )


def _chapters(comparison: Comparison, opened: Opened, spread: Mapping[str, Range], run: MonteCarlo | None,
              switching: Table) -> dict[str, Table]:  # fmt: skip
    enough, explained = {}, {}
    if run:
        enough = {"Are the draws enough": convergence_table(comparison, run)}
        explained = {
            "What explains the spread": drivers_table(comparison, run, spread),
            "What explains the variance": variance_table(comparison, run),
        }
    yearly = budget(comparison)
    return {
        **({"By fiscal year": yearly} if len(yearly.columns) <= MOST_YEARS else {}),
        **enough,
        "What it hangs on": sensitivity_table(comparison, spread),
        **explained,
        "What would change the answer": switching,
        "Over two numbers": map_table(comparison, spread),
        "What would be best": best_table(comparison, opened),
        "Trade-offs": trade_offs_table(comparison, spread).transposed(),
    }


def sensitivity_table(comparison: Comparison, spread: Mapping[str, Range]) -> Table:
    """The numbers that move what is at stake most, or else the cheapest against the others, at their ends."""
    if len(comparison.costs) < 2:
        return Table("", SENSITIVITY_COLUMNS, ())
    scenario, best = comparison.scenario, comparison.ranking[0]
    b, a = at_stake(comparison)
    if b and a:
        metric = metrics.saving(a, b)
        measured = f"what {comparison[b].label} saves against {comparison[a].label}"
    else:
        metric, measured = metrics.excess(best), f"what {comparison[best].label} costs beyond the best of the others"
    known = numbers(scenario)
    rows = [
        (path_label(scenario, bar.path, spread[bar.path].also), said(risk.four_figures(bar.low), known[bar.path]),
         said(risk.four_figures(bar.high), known[bar.path]), usd(bar.at_low), usd(bar.at_high))
        for bar in tornado(scenario, spread, metric).bars
        if bar.swing > 0 and np.isfinite([bar.at_low, bar.at_high]).all()
    ]  # fmt: skip
    headline = f"{rows[0][0]}: moves {measured} most" if rows else ""
    note = (
        f"Shown is {measured}, {measure(scenario).said}, with one number at the ends of its range, everything else as "
        "today."
    )
    return Table(headline, SENSITIVITY_COLUMNS, rows[:MOST_ROWS], note)


def costs_table(comparison: Comparison, run: MonteCarlo) -> Table:
    """The cost of each option and the band of the draws around it, the cheapest of today first."""
    rows = [
        (comparison[slug].label, usd(comparison[slug].net_present_cost_usd), *map(usd, found))
        for slug, found in cost_quantiles(comparison, run).items()
    ]
    best, today, low, *_, high = rows[0]
    told = measure(comparison.scenario)
    columns = ("Option", told.name, *(f"{percent(share)} below" for share in COST_QUANTILES))
    note = f"Around it, of {run.done:,} draws, the figures below which so many lie."
    return Table(f"{best}: {today} {told.said}; {low} to {high} in nine of ten draws", columns, rows, note)


def cost_quantiles(comparison: Comparison, run: MonteCarlo) -> dict[str, list[float]]:
    """Quantiles of the net present cost of each option, USD by slug, the cheapest of today first."""
    return {slug: [found.value for found in run.cost_quantiles(slug, COST_QUANTILES)] for slug in comparison.ranking}


def convergence_table(comparison: Comparison, run: MonteCarlo) -> Table:
    """Whether the draws are enough: how often each option was the cheapest in the first of them, and in all."""
    counts = [*(count for count in FIRST_DRAWS if count < run.done), run.done]
    _, shares = run.convergence(counts)
    rows = [
        (comparison[slug].label,
         *(f"{percent(share)} \u00b1 {100 * error:.1f}"
           for share, error in zip(shares[slug].value, shares[slug].standard_error, strict=True)))
        for slug in comparison.ranking
    ]  # fmt: skip
    best = comparison.ranking[0]
    first, whole = (percent(shares[best].value[i]) for i in (0, -1))
    headline = (
        f"{comparison[best].label}: cheapest in {first} of the first {counts[0]:,} draws, "
        f"in {whole} of all {run.done:,}"
    )
    columns = ("Option", *(f"First {count:,}" for count in counts[:-1]), f"All {run.done:,}")
    note = "Share of the draws in which each option is the cheapest, with its standard error in points."
    return Table(headline, columns, rows, note)


def sobol_table(run: MonteCarlo, paths: Sequence[str], metric: metrics.Metric, measured: str) -> Table:
    """How much of the variance of a metric each of some drawn numbers explains, alone and with others."""
    scenario, spread = run.draws.scenario, {path: run.draws.ranges[path] for path in paths}
    *_, done = sobol_drivers(scenario, spread, metric)
    found = done.indices
    order = np.argsort(-found.total)
    rows = [
        (path_label(scenario, paths[i], spread[paths[i]].also), percent(found.first[i]),
         percent(max(found.first[i], found.total[i])),  # estimates of the same draws may cross by their error
         f"\u00b1 {percent(found.total_half_width[i])}")
        for i in order
    ]  # fmt: skip
    headline = f"{rows[0][0]}: {rows[0][2]} of the variance of {measured}"
    note = (
        f"Sobol indices of the {len(paths)} strongest numbers, {done.wanted:,} runs, all drawn independently; about "
        f"{compact(done.runs_needed())} would bring every interval to \u00b1 5 %."
    )
    return Table(headline, SOBOL_COLUMNS, rows, note)


def best_table(comparison: Comparison, opened: Opened) -> Table:
    """The plans that are regretted least over the draws: options with other owned shares, commitments, precisions."""
    plans = mix.candidates(comparison)
    if len(plans) < 2 or not drawable(opened.scenario, ranges(opened.scenario, opened.ranges)):
        return Table("", mix.COLUMNS, ())
    *_, found = best_mix(draws(opened.scenario, opened.ranges, opened.correlations), plans, mix.DRAWS)
    return Table(mix.title(found), mix.COLUMNS, mix.rows(found, MOST_ROWS), mix.about(found))


def drivers_table(comparison: Comparison, run: MonteCarlo, spread: Mapping[str, Range]) -> Table:
    """The numbers that explain the spread of what is at stake, or else of the cheapest cost."""
    drivers, _, measured = _spread_of(comparison, run)
    rows = risk.driver_rows(comparison.scenario, drivers, risk.also_of(spread), MOST_ROWS)
    headline = f"{rows[0][0]}: explains more of the spread of {measured} than any other" if rows else ""
    note = f"Rank correlation over {run.done:,} draws; a minus says that more of the number makes it less."
    return Table(headline, risk.DRIVER_COLUMNS, rows, note)


def variance_table(comparison: Comparison, run: MonteCarlo) -> Table:
    """How much of the variance of the same the strongest of these numbers explain."""
    drivers, metric, measured = _spread_of(comparison, run)
    return sobol_table(run, [driver.path for driver in drivers[:SOBOL_NUMBERS]], metric, measured)


def _spread_of(comparison: Comparison, run: MonteCarlo) -> tuple[Sequence[Driver], metrics.Metric, str]:
    """(drivers, metric, what it is) of what owning saves or, where nothing is b, of what the cheapest costs."""
    b, a = at_stake(comparison)
    costs, best = run.net_present_cost_usd, comparison.ranking[0]
    if b and a:
        outcome, metric = costs[a] - costs[b], metrics.saving(a, b)
        return rank_drivers(run, outcome).drivers, metric, f"what {comparison[b].label} saves"
    return (
        rank_drivers(run, costs[best]).drivers,
        metrics.net_present_cost(best),
        f"what {comparison[best].label} costs",
    )


def map_table(comparison: Comparison, spread: Mapping[str, Range]) -> Table:
    """The cheapest option over the volume and the decline of token prices, or the growth where no option has one."""
    scenario = comparison.scenario
    other = next((path for path in spread if path.endswith("price_decline_per_year")), GROWTH)
    low, high = spread[other].low, spread[other].high
    if low == high or len(comparison.costs) < 2:
        return Table("", (), ())
    volumes = volume_grid(scenario)[:: VOLUME_POINTS // MAP_COLUMNS]
    found = heat_map(scenario, VOLUME, volumes, other, np.linspace(low, high, MAP_ROWS), also=risk.also_of(spread))
    name, labels = path_label(scenario, other, spread[other].also), [comparison[slug].label for slug in found.slugs]
    count = len(np.unique(found.winner))
    headline = f"{count} options are" if count > 1 else f"{labels[found.winner[0, 0]]} is"
    rows = [
        (percent(value), *(labels[winner] for winner in row))
        for value, row in zip(found.y[::-1], found.winner[::-1], strict=True)
    ]
    columns = (f"{name}, by requests a month", *(compact(volume) for volume in found.x))
    return Table(f"{headline} the cheapest over volume and {name}", columns, rows, MAP_NOTE)


def nearest_switching_values(comparison: Comparison, spread: Mapping[str, Range]) -> Table:
    """The switching values within the ranges or, where none is, those beyond, under the headline that says so."""
    within = switching_table(comparison, spread, MOST_SWITCHING)
    beyond = within if within.rows else switching_table(comparison, spread, MOST_SWITCHING, beyond=True)
    return replace(beyond, headline=within.headline)


def switching_table(comparison: Comparison, spread: Mapping[str, Range], most: int, *, beyond: bool = False) -> Table:
    """The nearest values at which another option becomes the cheapest, within the ranges or up to the bounds."""
    scenario, also = comparison.scenario, risk.also_of(spread)
    found = switching_values(scenario, spread, within_bounds=beyond)
    rows = risk.switching_rows(scenario, found, also, most)
    return Table(risk.switching_title(found, scenario, also), SWITCHING_COLUMNS, rows, BEYOND if beyond else WITHIN)


def trade_offs_table(comparison: Comparison, spread: Mapping[str, Range]) -> Table:
    """What each option means beside its cost, the bill over the range of the volume."""
    volume = spread[VOLUME]
    return trade_offs.table(comparison, trade_offs.figures(comparison, volume.low, volume.high))


def _run(comparison: Comparison, opened: Opened, spread: Mapping[str, Range]) -> MonteCarlo | None:
    if len(comparison.costs) < 2 or not drawable(opened.scenario, spread):
        return None
    b, a = at_stake(comparison)
    pairs = [(a, b)] if b and a else []
    *_, run = monte_carlo(draws(opened.scenario, opened.ranges, opened.correlations), DRAWS, pairs)
    return run


def _how_sure(comparison: Comparison, run: MonteCarlo) -> HowSure:
    b, a = at_stake(comparison)
    pair = b and a
    return HowSure(
        headline=risk.how_sure(run, comparison),
        shares={slug: float(share.value) for slug, share in run.cheapest_probability.items()},
        break_even=[*risk.break_even_facts(run, a, b), *risk.overtaken_rows(run, a, b)] if pair else (),
        overtaking=f"When {comparison[b].label} overtakes {comparison[a].label}" if pair else "",
        note=risk.likely_rivals(run, comparison),
        costs=costs_table(comparison, run),
        quantiles=cost_quantiles(comparison, run),
    )
