"""The answer in sentences, computed from the result. Screen, slides and brief say the same."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from costmodel.break_even import Crossing, TimeBreakEven, along, in_time
from costmodel.comparison import Comparison, OptionCost, Switch
from costmodel.scenario import Scenario, number_at
from costmodel.units import MONTHS_PER_YEAR
from reports.dates import month_name, numbered
from reports.text import MINUS, compact, percent, usd

VOLUME = "workload.requests_per_month"
VOLUME_BELOW, VOLUME_ABOVE = 100, 10_000  # how far from today's volume a crossing is looked for
VOLUME_POINTS = 121
SAME = 0.005  # totals closer than this share are called the same


@dataclass(frozen=True)
class Verdict:
    """The first screen in words: who is cheapest, by how much, and where owning stands."""

    cheapest: str
    headline: str
    owning: str


def span(months: int) -> str:
    """'5 years' or '18 months'."""
    years, rest = divmod(months, MONTHS_PER_YEAR)
    if rest or not years:
        return f"{months} month{'s' if months > 1 else ''}"
    return f"{years} year{'s' if years > 1 else ''}"


def asked(scenario: Scenario) -> str:
    """What is asked for how long: '594k requests in an average month, 5 years from January 2027 on'."""
    volume, horizon = compact(scenario[VOLUME]), span(scenario.finance.horizon_months)
    return f"{volume} requests in an average month, {horizon} from {month_name(scenario, 1)} on"


def volume_grid(scenario: Scenario) -> np.ndarray:
    """Requests a month from well below to well above today's, evenly spaced on a log axis."""
    today = scenario[VOLUME]
    bounds = number_at(scenario, VOLUME)
    return np.geomspace(max(today / VOLUME_BELOW, bounds.low), min(today * VOLUME_ABOVE, bounds.high), VOLUME_POINTS)


def verdict(comparison: Comparison) -> Verdict:
    """Headline and the sentence about owning, for a single scenario."""
    ranking = comparison.ranking
    best = comparison[ranking[0]]
    horizon = span(comparison.scenario.finance.horizon_months)
    if best.broken_rules:
        headline = "The rules of the scenario leave no option"
        return Verdict(best.slug, f"{headline}; without them {best.label} would cost least.", best.broken_rules[0])
    headline = f"Cheapest over {horizon}: {best.label}, {usd(best.net_present_cost_usd)} in today's money"
    if len(comparison.allowed) > 1:
        runner_up = comparison[ranking[1]]
        least, next_least = float(best.net_present_cost_usd), float(runner_up.net_present_cost_usd)
        saved = 1 - least / next_least if next_least else 0.0
        gap = f"{percent(saved)} less than" if saved >= SAME else "about the same as"
        headline += f", {gap} {runner_up.label}"
    told = (_barred(comparison, best), _owning(comparison), _waiting(comparison, best), _unasked(best))
    return Verdict(best.slug, headline + ".", " ".join(dict.fromkeys(filter(None, told))))


def _barred(comparison: Comparison, best: OptionCost) -> str:
    """The cheapest of the options that a rule excludes, where it would cost less than the best of the rest."""
    barred = next((comparison[slug] for slug in comparison.ranking if slug not in comparison.allowed), None)
    if barred is None or barred.net_present_cost_usd >= best.net_present_cost_usd:
        return ""
    return _ruling(barred)


def _ruling(cost: OptionCost) -> str:
    amount, rule = usd(cost.net_present_cost_usd), cost.broken_rules[0]
    return f"{cost.label}: ruled out by the scenario, though it would cost {amount}. {rule}"


def _unasked(best: OptionCost) -> str:
    """That the cheapest option does not carry the peak, where no rule asks it to, as in documents from before it."""
    if best.task.scenario.rules.peak_must_be_carried or best.carries_peak:
        return ""
    return f"{best.label}: does not carry the busiest hour of every month, and the rule that it must is off."


def _waiting(comparison: Comparison, best: OptionCost) -> str:
    """Whether users wait for the cheapest option, since months that it does not serve cost it nothing."""
    months = best.option.months_until_serving(comparison.scenario.options)
    if not months:
        return ""
    served = numbered(comparison.scenario, months + 1)
    return f"{best.label}: serves from {served} on; going without until then is not costed."


def owned_and_rented(comparison: Comparison) -> tuple[str | None, str | None]:
    """The cheapest option that owns hardware and the cheapest that rents; those that the rules allow go first."""
    owned = [slug for slug in comparison.ranking if comparison[slug].option.owns_hardware(comparison.scenario.options)]
    rented = [slug for slug in comparison.ranking if slug not in owned]
    return (owned or [None])[0], (rented or [None])[0]


def at_stake(comparison: Comparison) -> tuple[str | None, str | None]:
    """(option, against which): the cheapest that owns hardware against the cheapest that rents.

    Where the rules exclude one side but leave a choice: the cheapest option against its runner-up.
    """
    owned, rented = owned_and_rented(comparison)
    allowed = comparison.allowed
    if len(allowed) > 1 and owned and rented and not {owned, rented}.issubset(allowed):
        return comparison.ranking[0], comparison.ranking[1]
    return owned, rented


def _owning(comparison: Comparison) -> str:
    owned, rented = owned_and_rented(comparison)
    if owned is None or rented is None:
        return ""
    for slug, other in ((rented, owned), (owned, rented)):
        if comparison[slug].broken_rules and not comparison[other].broken_rules:
            return _ruling(comparison[slug])
    return owning_sentence(comparison, rented, owned)


def owning_sentence(comparison: Comparison, rented: str, owned: str) -> str:
    """Whether, when and from which volume `owned` is cheaper than `rented`, in one or two sentences."""
    result = in_time(comparison[rented], comparison[owned])
    a, b = comparison[rented].label, comparison[owned].label
    pays = comparison[owned].net_present_cost_usd < comparison[rented].net_present_cost_usd
    match result.outcome:
        case "start":
            return f"{b}: ahead of {a} from the start."
        case "month" if pays:
            return f"{b}: cheaper than {a} from {numbered(comparison.scenario, result.month)} on, by cumulative cash."
        case "month":
            return (
                f"{b}: ahead of {a} by cumulative cash from {numbered(comparison.scenario, result.month)} on, but not "
                "by discounted cost over the whole horizon."
            )
        case "same":
            return f"{b} and {a}: the same cost."
        case _ if pays:
            return f"{b}: cheaper than {a} only through what the hardware is worth at the end."
        case _:
            return f"{b}: never cheaper than {a} at this volume; {_volume(comparison, rented, owned)}."


def _volume(comparison: Comparison, rented: str, owned: str) -> str:
    today = comparison.scenario[VOLUME]
    above = [
        crossing.at
        for crossing in crossings_by_volume(comparison.scenario, rented, owned)
        if crossing.cheaper == owned and crossing.at > today
    ]
    if not above:
        return f"nor would it be at {VOLUME_ABOVE:,} times as much"
    return f"it would be from {compact(above[0])} requests a month, {above[0] / today:,.0f} times today's"


def crossings_by_volume(scenario: Scenario, a: str, b: str):
    """Volumes at which the two options cost the same over the horizon."""
    return along(scenario, VOLUME, volume_grid(scenario), a, b)


def crossing_title(comparison: Comparison, rented: str, owned: str) -> str:
    """Title of the cumulative cost chart: what it shows for this pair."""
    result: TimeBreakEven = in_time(comparison[rented], comparison[owned])
    a, b = (_with_ruling(comparison, slug) for slug in (rented, owned))
    match result.outcome:
        case "month":
            return f"{b}: cheaper than {a} from {numbered(comparison.scenario, result.month)} on"
        case "start":
            return f"{b}: cheaper than {a} from the start"
        case "same":
            return f"{a} and {b}: the same cost"
        case _:
            return f"{b}: never cheaper than {a} within the horizon"


def _with_ruling(comparison: Comparison, slug: str) -> str:
    ruled_out = comparison.allowed and comparison[slug].broken_rules
    return f"{comparison[slug].label}{' (ruled out)' if ruled_out else ''}"


def volume_title(comparison: Comparison, a: str, b: str, crossings: Sequence[Crossing]) -> str:
    """Title of the chart against volume: from which volume on `b` is cheaper than `a`."""
    wins = [crossing.at for crossing in crossings if crossing.cheaper == b]
    name_a, name_b = comparison[a].label, comparison[b].label
    if wins:
        return f"{name_b}: cheaper than {name_a} from {compact(wins[0])} requests a month on"
    if comparison[b].net_present_cost_usd < comparison[a].net_present_cost_usd:
        return (
            f"{name_b}: cheaper than {name_a} at every volume"
            if not crossings
            else f"{name_b}: cheaper at small volume"
        )
    return f"{name_b}: at no volume cheaper than {name_a}"


def switch_facts(switch: Switch) -> list[tuple[str, str]]:
    """(what, value) of moving from one option to another."""
    irr = (
        "none: not an outlay followed by savings"
        if switch.irr_per_year is None
        else f"{percent(switch.irr_per_year)} a year".replace("-", MINUS)
    )
    if switch.payback_months is None:
        paid_back = "never within the horizon"
    else:
        paid_back = f"after {switch.payback_months:.1f} months" if switch.payback_months else "at once"
    return [
        ("Net present value of the switch", usd(switch.npv_usd)),
        ("Internal rate of return", irr),
        ("Paid back", paid_back),
    ]
