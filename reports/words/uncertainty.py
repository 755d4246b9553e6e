"""How sure the verdict is, in sentences and rows."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from answers import analysis
from costmodel.comparison import Comparison
from costmodel.numerals import numeral
from costmodel.scenario import Scenario, number_at, numbers
from costmodel.uncertainty.montecarlo import MonteCarlo
from costmodel.uncertainty.switching import SwitchingValue
from pricing.documents import Opened
from reports.words.briefing import NONE_KEEPS
from reports.words.labels import path_name, roughly, said
from reports.words.text import odds, percent, signed_percent

Also = Mapping[str, tuple[str, ...]]
OF_TEN = " of 10"
DRIVER_COLUMNS = ("Number", "Rank correlation", "Share of the spread")


def how_sure(run: MonteCarlo, comparison: Comparison) -> str:
    """'gpt-oss by API: cheapest in 83 % of 10,000 simulations', of the cheapest today; of fewer 'in about 8 of 10'."""
    best, shares = comparison.ranking[0], run.cheapest_probability
    likeliest = max(shares, key=lambda slug: shares[slug].value)
    aside = "" if comparison.allowed else "No option keeps the rules today. "
    told = _of_simulations(shares[best].value, run.done)
    more = f", {comparison[likeliest].label} in {_share(shares[likeliest].value, run.done)}"
    return f"{aside}{comparison[best].label}: cheapest in {told}{more if likeliest != best else ''}"


def _of_simulations(share: float, done: int) -> str:
    """A share with what it is of; of how many is said unless those of more have the same words."""
    told = _share(share, done)
    of = "" if told.endswith(OF_TEN) else f"{'' if share == 1 else ' of'} {numeral(done, ',')}"
    return f"{told}{of} simulations"


def _share(share: float, done: int) -> str:
    """A share of so many draws: of fewer than papers take in words that hold of theirs too, unless it is of all."""
    if share in (0, 1):
        return "all" if share else "none"
    if done >= analysis.DRAWS:
        return odds(share)
    tenths = round(share * 10)
    how = {0: "fewer than 1", 10: "more than 9"}.get(tenths, f"about {tenths}")
    return f"{how}{OF_TEN}"


def likely_rivals(run: MonteCarlo, comparison: Comparison) -> str:
    """Who else is the cheapest in some of the draws, and which options the rules exclude in some of them only.

    Beyond those that `how_sure` names.
    """
    best, shares = comparison.ranking[0], {slug: p.value for slug, p in run.cheapest_probability.items()}
    named = {best, max(shares, key=lambda slug: shares[slug])}
    others = _in_shares({slug: share for slug, share in shares.items() if slug not in named}, comparison)
    barred = {slug: run.ruled_out_probability(slug).value for slug in run.slugs}
    sometimes = _in_shares({slug: share for slug, share in barred.items() if share < 1}, comparison)
    outgrown = _in_shares(
        {slug: run.outgrown_probability(slug).value for slug in run.slugs if barred[slug] < 1}, comparison
    )
    nobody = run.ruled_out_probability(*run.slugs).value
    sentences = [
        f"Otherwise: {others}." if others else "",
        f"Ruled out in some simulations: {sometimes}." if sometimes else "",
        f"Some simulations outgrow a limit, which is then raised: {outgrown}." if outgrown else "",
        f"In {odds(nobody)} no option keeps the rules, and the cheapest of all counts." if nobody else "",
    ]
    return " ".join(filter(None, sentences))


def _in_shares(shares: Mapping[str, float], comparison: Comparison) -> str:
    """'Own servers in 12 %, Cloud GPUs in 3 %', the most first; what is never is left out."""
    told = sorted(((share, slug) for slug, share in shares.items() if share), reverse=True)
    return ", ".join(f"{comparison[slug].label} in {odds(share)}" for share, slug in told)


def break_even_facts(run: MonteCarlo, a: str, b: str) -> list[tuple[str, str]]:
    """(what, value): by when break-even comes at odds of 1, 5 and 9 in ten, and last how often it does not come.

    Odds at which it does not come are left out: 'in 9 of 10 cases not' would read as nine that never see it.
    """
    if not develops(run, a, b) and (never := float(run.never_probability(a, b).value)) in (0, 1):
        return [(f"In each of {numeral(run.done, ',')} simulations", _when(np.inf if never else 0))]
    facts = [
        (f"In {_in_ten(quantile.probability)} cases", _when(quantile.value))
        for quantile in run.break_even_quantiles(a, b)
        if np.isfinite(quantile.value)
    ]
    return [*facts, ("Not within the horizon", odds(run.never_probability(a, b).value))]


def overtaken(run: MonteCarlo, comparison: Comparison, a: str, b: str) -> str:
    """'Own servers overtakes GPT-6 Luna by API: by month 17 in 5 of 10 cases', or how often where that is seldom."""
    (median,) = run.break_even_quantiles(a, b, (0.5,))
    reached = 1 - float(run.never_probability(a, b).value)
    if np.isinf(median.value):
        told = f"within the horizon in {_of_simulations(reached, run.done)}"
    elif reached == 1 and not develops(run, a, b):
        told = f"{_when(0)} in {_of_simulations(reached, run.done)}"
    else:
        told = f"{_when(median.value)} in {_in_ten(median.probability)} cases"
    return f"{comparison[b].label} overtakes {comparison[a].label}: {told}"


def _in_ten(probability: float) -> str:
    """'1 of 10', '5 of 10'."""
    return f"{probability * 10:.0f}{OF_TEN}"


def _when(month: float) -> str:
    if np.isinf(month):
        return "not within the horizon"
    return f"by month {math.ceil(month)}" if month > 0 else "from the start"


def overtaken_rows(run: MonteCarlo, a: str, b: str, most: int = 5) -> list[tuple[str, str]]:
    """(by which month, share of the draws in which B has overtaken A for good by then), evenly over the horizon."""
    months, probability = run.overtaken_by(a, b)
    columns = np.unique(np.linspace(0, len(months) - 1, most + 1).round().astype(int))[1:]
    return [(f"By month {months[column]:.0f}", odds(probability.value[column])) for column in columns]


def switching_rows(scenario: Scenario, found: Sequence[SwitchingValue], also: Also, most: int) -> list[tuple[str, ...]]:
    """(what, today, flips at, change, cheapest then) of the nearest of them."""
    known = numbers(scenario)
    rows = []
    for each in found[:most]:
        if each.at is None:
            continue
        change = "" if each.change_frac is None else signed_percent(each.change_frac)
        today, at = (roughly(value, known[each.path]) for value in (each.today, each.at))
        is_beside = today == at  # the least step is enough
        rows.append((
            path_name(scenario, each.path, also.get(each.path, ())),
            said(each.today, known[each.path]),
            f"just {'above' if each.at > each.today else 'below'} {at}" if is_beside else at,
            "" if is_beside else change,
            scenario.options[each.leader].label if each.leader else NONE_KEEPS,
        ))  # fmt: skip
    return rows


def _signed(correlation: float) -> str:
    return numeral(correlation, "+.2f")


def driver_rows(scenario: Scenario, drivers: Sequence, also: Also, most: int) -> list[tuple[str, ...]]:
    """(what, rank correlation, share of the spread) of the strongest drivers."""
    return [
        (path_name(scenario, d.path, also.get(d.path, ())), _signed(d.rank_correlation), percent(d.rank_share))
        for d in drivers[:most]
    ]


def own_chance(opened: Opened) -> list[str]:
    """The ranges and rank correlations that the reader gave, a line each."""
    scenario = opened.scenario
    spreads = ((path, spread, number_at(scenario, path)) for path, spread in opened.ranges_today.items())
    ranges = [
        f"Range of {path_name(scenario, path)}: {said(spread.low, number)} to {said(spread.high, number)}"
        for path, spread, number in spreads
    ]
    joined = [
        f"Rank correlation of {path_name(scenario, one)} with {path_name(scenario, other)}: {_signed(value)}"
        for (one, other), value in opened.correlations_today.items()
    ]
    return ranges + joined


def correlation_lines(
    scenario: Scenario, correlations: Mapping[tuple[str, str], float], also: Also
) -> dict[tuple[str, str], str]:
    """Pair -> which two numbers go together and how closely, and whether that waits for one of them to be drawn.

    `also` has every path that chance draws from, with those that move with it. A number that is gone is left out.
    """
    known, drawn = numbers(scenario), {member for path, others in also.items() for member in (path, *others)}
    return {
        pair: " and ".join(path_name(scenario, path, also.get(path, ())) for path in pair)
        + f": {_signed(value)}{'' if drawn.issuperset(pair) else ', not in use while one of them is not drawn'}"
        for pair, value in correlations.items()
        if set(pair) <= known.keys()
    }


def develops(run: MonteCarlo, a: str, b: str) -> bool:
    """Whether the share of the draws in which B has overtaken A changes over the months."""
    return bool(np.ptp(run.overtaken_by(a, b)[1].value))


def overtaken_share(run: MonteCarlo, a: str, b: str) -> str:
    """How often B has overtaken A by the end of the horizon."""
    return odds(1 - run.never_probability(a, b).value)
