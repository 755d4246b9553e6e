"""When an option serves its users, and what serves them until it is delivered."""

from collections.abc import Callable, Mapping

from answers.trade_offs import most_months
from costmodel.option import Option
from costmodel.scenario import Scenario
from reports.words.order import listed


def service(scenario: Scenario, option: Option, month: Callable[[Scenario, float], str]) -> str:
    """'in service from May 2027; until then Open model by API serves, from January 2027', as `month` tells them."""
    first, bridged = option.months_until_serving(scenario.options) + 1, bridged_months(scenario, option)
    told = f"in service from {month(scenario, max(first, bridged + 1))}"
    if not bridged:
        return told
    names = list(dict.fromkeys(_bridges(option, scenario.options)))
    verb = "serves" if len(names) == 1 else "serve"
    return f"{told}; until then {listed(names)} {verb}, from {month(scenario, first)}"


def bridged_months(scenario: Scenario, option: Option) -> int:
    """Months for which others stand in for the option, or for what it hands demand to."""
    return most_months(option, scenario.options, lambda each: each.bridged_months())


def _bridges(option: Option, options: Mapping[str, Option]) -> list[str]:
    """The names of the options that stand in until delivery."""
    parts = [options[slug] for slug in option.serving_parts()]
    if option.bridged_months():
        return [part.label for part in parts]
    return [name for part in parts for name in _bridges(part, options)]
