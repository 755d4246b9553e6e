"""Rules of the scenario, which rule options out whatever they cost."""

from collections.abc import Iterator

import numpy as np


def broken_rules(cost) -> list[str]:
    """One sentence for each rule of the scenario that the option of an `OptionCost` breaks; empty when it is allowed.

    A rule is broken when it is in any month, by any part of the option; of many runs, in any of them. An option whose
    kind does not report what a rule is about keeps to it.
    """
    found = [_sensitive_data(cost), _response_time(cost), _start(cost), *_regions(cost)]
    return [sentence for sentence in found if sentence]


def _sensitive_data(cost) -> str:
    leaves = np.max(cost.quantities.get("sensitive_leaving_frac", 0))
    if leaves <= 0 or not cost.task.scenario.rules.sensitive_data_stays:
        return ""
    return f"Sensitive data must stay, but {_percent(leaves)} of all requests take it elsewhere."


def _response_time(cost) -> str:
    limit = np.min(cost.task.scenario.rules.response_time_limit_s)
    slowest = np.max(cost.quantities.get("response_time_s", 0))
    return f"An answer takes {slowest:.3g} s, more than the {limit:.3g} s allowed." if slowest > limit else ""


def _start(cost) -> str:
    scenario = cost.task.scenario
    latest, months = scenario.rules.latest_start_months, cost.option.months_until_serving(scenario.options)
    return f"Users are served after {months} months, later than the {latest} allowed." if months > latest else ""


def _regions(cost) -> Iterator[str]:
    options, rules = cost.task.scenario.options, cost.task.scenario.rules
    if not rules.data_must_stay_in_region:
        return
    home = rules.home_region.strip()
    for part in (cost.option, *(options[slug] for slug in cost.option.serving_parts())):
        governance = getattr(part, "governance", None)
        if governance is None or np.max(governance.data_leaves_frac) <= 0:
            continue  # it hands its demand on, or processes everything on the premises
        region = part.region.strip()
        if not home:
            yield "Data must stay in the home region, but rules.home_region names none."
        elif not region:
            yield f"Data must stay in {home}, but the region of {part.label} is not stated."
        elif not region.lower().startswith(home.lower()):
            yield f"Data must stay in {home}, but {part.label} processes it in {region}."


def _percent(share) -> str:
    return f"{share:.1%}".replace(".0%", "%").replace("%", " %")
