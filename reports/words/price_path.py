"""Which path of rented prices a scenario assumes, and what the verdict would be without it."""

from collections.abc import Mapping, Sequence
from typing import Any

from answers.price_path import announced, at_prices_that_stay, declines, without_announced
from costmodel.comparison import Comparison
from costmodel.scenario import Scenario
from costmodel.traits import PriceDecline
from reports.words.dates import numbered
from reports.words.measure import discounting
from reports.words.order import TOO_CLOSE, leaders, leaders_above, listed
from reports.words.text import percent, unit_price, usd
from reports.words.verdict import asked


def assumed(comparison: Comparison) -> str:
    """What the answer is of: volume, growth, time and discount rate, and the prices of the months to come."""
    scenario = comparison.scenario
    path = listed(_rates(scenario) or ["rented prices stay as they are listed"])
    taken = f"Assumed: {asked(scenario)}, {discounting(scenario)}; {path}."
    return " ".join(filter(None, (taken, _if_they_stay(comparison), announced_change(comparison))))


def prices_told(comparison: Comparison) -> str:
    """What is assumed of the prices of the months to come: what is announced, and the path after it."""
    return " ".join(filter(None, (announced_change(comparison), price_path(comparison))))


def price_path(comparison: Comparison) -> str:
    """The yearly fall or rise that is assumed and, where it decides, who would be cheapest at prices that stay."""
    rates = _rates(comparison.scenario)
    if not rates:
        return "Rented prices are taken to stay as they are listed."
    return f"Assumed: {listed(rates)}. {_if_they_stay(comparison)}"


def _rates(scenario: Scenario) -> list[str]:
    falls = declines(scenario)
    told = (_rate(fall, scenario.options[slug].label, falls) for slug, fall in falls.items() if fall.per_year)
    return list(dict.fromkeys(told))


def _if_they_stay(comparison: Comparison) -> str:
    """Who would be the cheapest; empty where prices are taken to stay anyway."""
    if not _rates(comparison.scenario):
        return ""
    stay = at_prices_that_stay(comparison)
    return _without(comparison, stay, leaders_there(comparison, stay), "At prices that stay as they are")


def leaders_there(comparison: Comparison, stay: Comparison) -> tuple[str, ...]:
    """Who leads at prices that stay; where they would fall otherwise, nobody costs less there than here."""
    if any(fall.per_year < 0 for fall in declines(comparison.scenario).values()):
        return leaders(stay)
    return leaders_above(stay, {slug: float(cost.net_present_cost_usd) for slug, cost in comparison.costs.items()})


def _rate(fall: PriceDecline, label: str, declines: Mapping[str, PriceDecline]) -> str:
    """'token prices fall by 25 % a year'; of the option's own prices where others like them move otherwise."""
    alike = {other.per_year for other in declines.values() if other.of == fall.of}
    whose = fall.of if len(alike) == 1 else f"prices of {label}"
    return f"{whose} {'fall' if fall.per_year > 0 else 'rise'} by {percent(abs(fall.per_year))} a year"


def announced_change(comparison: Comparison) -> str:
    """What providers have announced within the horizon, and who would be cheapest without it where that decides."""
    changes = announced(comparison)
    if not changes:
        return ""
    told = " ".join(_change(comparison.scenario, slug, month) for slug, month in changes.items())
    without = without_announced(comparison)
    return f"{told} {_without(comparison, without, leaders(without), 'Without that')}"


def _change(scenario: Scenario, slug: str, month: int) -> str:
    option: Any = scenario.options[slug]
    now, then = option.prices, option.announced
    return (
        f"{option.label}: from {numbered(scenario, month)} on {unit_price(then.input_usd_per_mtok)} and "
        f"{unit_price(then.output_usd_per_mtok)} for a million tokens in and out, as announced, instead of "
        f"{unit_price(now.input_usd_per_mtok)} and {unit_price(now.output_usd_per_mtok)}."
    )


def _without(comparison: Comparison, found: Comparison, then: Sequence[str], when: str) -> str:
    """Who would be cheapest in the other scenario, where these lead, and whether that is another answer."""
    if leaders(comparison) == then:
        return f"{when} the answer is the same."
    named = listed([f"{found[slug].label} ({usd(found[slug].net_present_cost_usd)})" for slug in then])
    return f"{when} {named} would be {TOO_CLOSE}." if len(then) > 1 else f"{when} the cheapest would be {named}."
