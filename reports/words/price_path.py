"""Which path of rented prices a scenario assumes, and what the verdict would be without it."""

from collections.abc import Mapping
from typing import Any

from answers.price_path import announced, at_prices_that_stay, declines, without_announced
from costmodel.comparison import Comparison
from costmodel.scenario import Scenario
from costmodel.traits import PriceDecline
from reports.words.dates import numbered
from reports.words.order import TOO_CLOSE, leaders, listed
from reports.words.text import percent, unit_price, usd


def prices_told(comparison: Comparison) -> str:
    """What is assumed of the prices of the months to come: what is announced, and the path after it."""
    return " ".join(filter(None, (announced_change(comparison), price_path(comparison))))


def price_path(comparison: Comparison) -> str:
    """The yearly fall or rise that is assumed and, where it decides, who would be cheapest at prices that stay."""
    scenario = comparison.scenario
    falls = declines(scenario)
    moving = {slug: fall for slug, fall in falls.items() if fall.per_year}
    if not moving:
        return "Rented prices are taken to stay as they are listed."
    without = _without(comparison, at_prices_that_stay(comparison), "At prices that stay as they are")
    told = dict.fromkeys(_rate(fall, scenario.options[slug].label, falls) for slug, fall in moving.items())
    return f"Assumed: {listed(list(told))}. {without}"


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
    return f"{told} {_without(comparison, without_announced(comparison), 'Without that')}"


def _change(scenario: Scenario, slug: str, month: int) -> str:
    option: Any = scenario.options[slug]
    now, then = option.prices, option.announced
    return (
        f"{option.label}: from {numbered(scenario, month)} on {unit_price(then.input_usd_per_mtok)} and "
        f"{unit_price(then.output_usd_per_mtok)} for a million tokens in and out, as announced, instead of "
        f"{unit_price(now.input_usd_per_mtok)} and {unit_price(now.output_usd_per_mtok)}."
    )


def _without(comparison: Comparison, found: Comparison, when: str) -> str:
    """Who would be cheapest in the other scenario, and whether that is another answer."""
    best, then = leaders(comparison), leaders(found)
    if best == then:
        return f"{when} the answer is the same."
    named = listed([f"{found[slug].label} ({usd(found[slug].net_present_cost_usd)})" for slug in then])
    return f"{when} {named} would be {TOO_CLOSE}." if len(then) > 1 else f"{when} the cheapest would be {named}."
