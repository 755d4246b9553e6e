"""The chapters of a briefing: result, how sure, what it hangs on, what would change it, what would be best."""

import math
from collections.abc import Mapping
from datetime import date

import numpy as np

from answers.analysis import Analysis
from answers.pair import Pair
from answers.volume import VOLUME
from costmodel.comparison import Comparison
from costmodel.numerals import MINUS, marks, numeral
from costmodel.scenario import Scenario, numbers
from costmodel.uncertainty.drivers import SobolDrivers
from costmodel.uncertainty.heatmap import HeatMap
from costmodel.uncertainty.montecarlo import MonteCarlo
from reports.words import bill, mix, strip, trade_offs, uncertainty
from reports.words.briefing import NONE_KEEPS, SWITCHING_COLUMNS, Briefing, HowSure, Table
from reports.words.fiscal import MOST_YEARS, budget
from reports.words.labels import path_name, roughly, within
from reports.words.measure import measure
from reports.words.money import shown_in
from reports.words.order import listed
from reports.words.quality import cheapest_accepted
from reports.words.text import FIGURES, compact, figure, odds, percent, to_figures, usd
from reports.words.titles import about, decides, title

FIRST_DRAWS = (100, 1_000)
FINE_ERROR = 0.0005  # of a share, below which one decimal of its percents would not show it
COST_QUANTILES = (0.05, 0.25, 0.75, 0.95)
MOST_SWITCHING, MOST_ROWS = 8, 10
MOST_NAMED = 2  # options in a headline
MAP_NOTE = "All combinations of the two numbers, everything else as today."
SOBOL_COLUMNS = ("Number", "Alone", "With others", "95 % interval of that")
SENSITIVITY_COLUMNS = ("Number", "Low", "High", "At its low", "At its high")
ORDER = (
    "Below the first row in order of the way to go, as a share of three times the range. What nobody has set is last."
)
WITHIN = f"Each number moved alone within its range, everything else as today. {ORDER}"
BEYOND = f"Each number moved alone beyond its range, as far as the model allows, everything else as today. {ORDER}"


def briefing(analysis: Analysis, on: date, versions: Mapping[str, str], *, complete: bool = False) -> Briefing:
    """What the brief tells of a scenario or, if `complete`, all that slides tell; with draws, so about a second."""
    with shown_in(analysis.opened.currency):
        return _briefing(analysis, on, versions, complete)


def _briefing(analysis: Analysis, on: date, versions: Mapping[str, str], complete: bool) -> Briefing:
    opened = analysis.opened
    return Briefing(
        comparison=analysis.comparison,
        name=title(opened),
        on=on,
        about=about(opened),
        decides=decides(opened),
        accepted=cheapest_accepted(analysis.comparison, opened.marks),
        versions=versions,
        origins=analysis.origins,
        how_sure=how_sure(analysis, analysis.run) if analysis.is_drawn else None,
        strip=strip.drawn(analysis),
        chapters=_chapters(analysis) if complete else {},
        met=bill.badge(opened),
        steps=bill.steps(opened, analysis.comparison, analysis.comparison.ranking[0]),
        means=trade_offs.means(analysis.comparison, analysis.trade_offs) if complete else None,
        matters=_matters(analysis),
        currency=opened.currency,
        colours=opened.colours,
        marks=marks(),
        chosen=analysis.chosen,
    )


def _matters(analysis: Analysis) -> list[str]:
    """The numbers that the answer hangs on: the levers, and what else moves the gap between the first two options."""
    moving = sorted((bar for bar in analysis.gap.bars if bar.swing > 0), key=lambda bar: -bar.swing)
    return list(dict.fromkeys((*analysis.levers, *(bar.path for bar in moving))))


def _chapters(analysis: Analysis) -> dict[str, Table]:
    enough, explained = {}, {}
    if analysis.is_drawn:
        enough = {"Are the simulations enough": convergence_table(analysis.comparison, analysis.run)}
        explained = {
            "What explains the spread": drivers_table(analysis, analysis.run),
            "What explains the variance": variance_table(analysis, analysis.run),
        }
    yearly = budget(analysis.comparison)
    return {
        **({"By fiscal year": yearly} if len(yearly.columns) - 2 <= MOST_YEARS else {}),
        **enough,
        "What it hangs on": sensitivity_table(analysis),
        **explained,
        "What would change the answer": nearest_switching_values(analysis),
        "Over two numbers": map_table(analysis),
        "What would be best": best_table(analysis),
        "Trade-offs": trade_offs.apart(analysis.comparison, analysis.trade_offs, analysis.opened.marks),
    }


def _up(value: float, digits: int) -> float:
    """Rounded up: what chance may move is never told as nothing."""
    return math.ceil(value * 10**digits - 1e-9) / 10**digits


def sensitivity_table(analysis: Analysis) -> Table:
    """The numbers that move the outcome of the decision most, at their ends."""
    comparison, spread = analysis.comparison, analysis.ranges
    if len(comparison.costs) < 2:
        return Table("", SENSITIVITY_COLUMNS, ())
    scenario, best = comparison.scenario, comparison.ranking[0]
    measured = (
        f"what {comparison[analysis.pair.b].label} saves against {comparison[analysis.pair.a].label}"
        if analysis.pair
        else f"what {comparison[best].label} costs beyond the best of the others"
    )
    known = numbers(scenario)
    rows = [
        (
            path_name(scenario, bar.path, spread[bar.path].also),
            roughly(bar.low, known[bar.path]),
            roughly(bar.high, known[bar.path]),
            usd(bar.at_low),
            usd(bar.at_high),
        )
        for bar in analysis.sensitivity.bars
        if bar.swing > 0 and np.isfinite([bar.at_low, bar.at_high]).all()
    ]
    headline = f"{measured[:1].upper()}{measured[1:]} hangs most on {within(rows[0][0])}" if rows else ""
    is_dearer = analysis.pair and any(cell.startswith(MINUS) for row in rows[:MOST_ROWS] for cell in row[3:])
    note = (
        f"Shown is {measured}, {measure(scenario).said}, with one number at the ends of its range, everything else as "
        f"today.{' Below zero it costs more.' * bool(is_dearer)}"
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
    columns = ("Option", told.name, *(f"{percent(share)} cost less" for share in COST_QUANTILES))
    note = (
        f"How many of {numeral(run.done, ',')} simulations cost less than each figure: 5 %, a quarter, three quarters, "
        "95 %."
    )
    return Table(f"{best}: {today} {told.said}; {low} to {high} in nine of ten simulations", columns, rows, note)


def cost_quantiles(comparison: Comparison, run: MonteCarlo) -> dict[str, list[float]]:
    """Quantiles of the net present cost of each option, USD by slug, the cheapest of today first."""
    return {slug: [found.value for found in run.cost_quantiles(slug, COST_QUANTILES)] for slug in comparison.ranking}


def convergence_table(comparison: Comparison, run: MonteCarlo) -> Table:
    """Whether the draws are enough: how often each option was the cheapest in the first of them, and in all."""
    counts = [*(count for count in FIRST_DRAWS if count < run.done), run.done]
    _, shares = run.convergence(counts)
    widest = np.max([each.standard_error for each in shares.values()], axis=0)
    decimals = np.where(widest < FINE_ERROR, 2, 1)
    rows = [
        (
            comparison[slug].label,
            *(
                f"{numeral(100 * share, f'.{digits}f')} % \u00b1 {numeral(_up(100 * error, digits), f'.{digits}f')}"
                for share, error, digits in zip(shares[slug].value, shares[slug].standard_error, decimals, strict=True)
            ),
        )
        for slug in comparison.ranking
    ]
    best = comparison.ranking[0]
    first, whole = (shares[best].value[i] for i in (0, -1))
    headline = (
        f"{comparison[best].label}: cheapest in {'all' if first == 1 else odds(first)} of the first "
        f"{numeral(counts[0], ',')} simulations, in {'' if whole == 1 else f'{odds(whole)} of '}all "
        f"{numeral(run.done, ',')}"
    )
    columns = ("Option", *(f"First {numeral(count, ',')}" for count in counts[:-1]), f"All {numeral(run.done, ',')}")
    note = "Share of the simulations in which each option is the cheapest, and how far chance may move it, in points."
    return Table(headline, columns, rows, note)


def best_table(analysis: Analysis) -> Table:
    """The plans that are regretted least over the draws: options with other owned shares, commitments, precisions."""
    found = analysis.best_plan
    return mix.table(found, MOST_ROWS) if found else Table("", mix.COLUMNS, ())


def drivers_table(analysis: Analysis, run: MonteCarlo, pair: Pair | None = None, most: int = MOST_ROWS) -> Table:
    """The numbers that explain the spread of what the pair saves, or else of the cheapest cost."""
    ranked, outcome = analysis.spread_of(run, pair)
    measured = _measured(analysis.comparison, outcome.pair)
    rows = uncertainty.driver_rows(analysis.scenario, ranked.drivers, analysis.also, most)
    headline = f"The spread of {measured} hangs most on {within(rows[0][0])}" if rows else ""
    note = (
        f"Rank correlation over {numeral(run.done, ',')} simulations (noise \u00b1 "
        f"{numeral(ranked.noise, '.2f')}); a minus says that more of "
        f"the number makes it less. The regression on ranks explains {percent(ranked.explained_frac)}."
    )
    return Table(headline, uncertainty.DRIVER_COLUMNS, rows, note)


def variance_table(analysis: Analysis, run: MonteCarlo, pair: Pair | None = None) -> Table:
    """How much of the variance of the same the strongest of these numbers explain."""
    measured = _measured(analysis.comparison, pair or analysis.pair)
    return sobol_table(analysis.scenario, analysis.variance(run, pair), analysis.also, measured)


def sobol_table(scenario: Scenario, done: SobolDrivers, also: uncertainty.Also, measured: str) -> Table:
    """How much of the variance of an outcome each of some drawn numbers explains, alone and with others."""
    found = done.indices
    order = np.argsort(-found.total)
    rows = [
        (
            path_name(scenario, done.paths[i], also.get(done.paths[i], ())),
            percent(max(found.first[i], 0)),  # estimates may fall below none, and cross, by their error
            percent(max(found.first[i], found.total[i])),
            f"\u00b1 {percent(found.total_half_width[i])}",
        )
        for i in order
    ]
    headline = f"{rows[0][0]}: {rows[0][2]} of the variance of {measured}"
    note = (
        f"Sobol indices of the {len(done.paths)} strongest numbers, {numeral(done.wanted, ',')} runs, all "
        "drawn independently; "
        f"about {figure(to_figures(done.runs_needed(), '', FIGURES))} would bring every interval to \u00b1 5 %."
    )
    return Table(headline, SOBOL_COLUMNS, rows, note)


def _measured(comparison: Comparison, pair: Pair | None) -> str:
    if pair:
        return f"what {comparison[pair.b].label} saves"
    return f"what {comparison[comparison.ranking[0]].label} costs"


def map_table(analysis: Analysis) -> Table:
    """The cheapest option over the volume and the decline of token prices, or the growth where no option has one."""
    found = analysis.heat_map
    if found is None:
        return Table("", (), ())
    labels = [analysis.comparison[slug].label for slug in found.slugs]
    winners = {*np.ravel(found.winner)}
    cells = np.array(labels)[found.winner]
    note = MAP_NOTE
    if len(winners) == 1:  # the headline has its name
        note = f"What it costs there, {measure(analysis.scenario).said}. {MAP_NOTE}"
        cells = np.vectorize(usd)(found.net_present_cost_usd[found.slugs[winners.pop()]])
    rows = [(percent(value), *row) for value, row in zip(found.y[::-1], cells[::-1].tolist(), strict=True)]
    name = path_name(analysis.scenario, found.y_path, analysis.also[found.y_path])
    columns = (f"{name}, by requests a month", *(compact(volume) for volume in found.x))
    return Table(map_headline(analysis, found), columns, rows, note, alike=True)


def map_headline(analysis: Analysis, found: HeatMap) -> str:
    """Who is the cheapest on a map of two numbers: at all of its points, which are not all there are, or somewhere."""
    winners, counts = np.unique(found.winner, return_counts=True)
    labels = [analysis.comparison[found.slugs[winner]].label for winner in winners[np.argsort(-counts)]]
    over = listed(
        ["volume" if path == VOLUME else within(path_name(analysis.scenario, path, analysis.also[path]))
         for path in (found.x_path, found.y_path)]
    )  # fmt: skip
    if len(labels) == 1:
        return f"{labels[0]} is the cheapest at all {numeral(found.winner.size, ',')} points over {over}"
    named = listed(labels) if len(labels) <= MOST_NAMED else f"{len(labels)} options"
    return f"{named} are each the cheapest somewhere over {over}"


def nearest_switching_values(analysis: Analysis) -> Table:
    """The switching values within the ranges or, where none is, those beyond."""
    within = switching_table(analysis, MOST_SWITCHING)
    return within if within.rows else switching_table(analysis, MOST_SWITCHING, beyond=True)


def switching_table(analysis: Analysis, most: int, *, beyond: bool = False) -> Table:
    """The nearest values at which another option becomes the cheapest, within the ranges or up to the bounds.

    Headline and first row are those of the strip, so that there is one word on what the answer hangs on first. Of one
    option nothing is told: none could become the cheapest.
    """
    if analysis.pair is None:
        return Table("", SWITCHING_COLUMNS, ())
    drawn, found = strip.drawn(analysis), analysis.switching_beyond if beyond else analysis.switching_within
    hung = next(((row.path, told) for row, told in zip(analysis.strip, drawn, strict=True) if told.turns), ("", None))
    first = [each for each in found if each.path == hung[0]]
    others = [each for each in found if each.path != hung[0]]
    rows = uncertainty.switching_rows(analysis.scenario, [*first, *others], analysis.also, most)
    if hung[1] and rows and (not first or first[0].at is None):
        turn = hung[1].nearest
        rows = [
            (hung[1].label, hung[1].today, f"{turn.side} {turn.at}", "", turn.option or NONE_KEEPS),
            *rows[: most - 1],
        ]
    return Table(strip.headline(drawn), SWITCHING_COLUMNS, rows, BEYOND if beyond else WITHIN)


def how_sure(analysis: Analysis, run: MonteCarlo) -> HowSure:
    """How often each option is the cheapest, what each may cost, and when one overtakes the other of the decision."""
    comparison, pair = analysis.comparison, analysis.pair
    facts = uncertainty.break_even_facts(run, *pair) if pair else []
    if pair and uncertainty.develops(run, *pair):
        facts[-1:-1] = uncertainty.overtaken_rows(run, *pair)
    return HowSure(
        headline=uncertainty.how_sure(run, comparison),
        shares={slug: float(share.value) for slug, share in run.cheapest_probability.items()},
        break_even=facts,
        overtaking=uncertainty.overtaken(run, comparison, *pair) if pair else "",
        note=uncertainty.likely_rivals(run, comparison),
        costs=costs_table(comparison, run),
        quantiles=cost_quantiles(comparison, run),
    )
