"""Rules of the scenario, which rule options out whatever they cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from costmodel.demand import input_tokens_each, output_tokens_each
from costmodel.replica import least_limit_ms
from costmodel.settings import NO_LIMIT_MONTHS, NO_LIMIT_S
from costmodel.sizing import speed_ratio, time_per_token_ms
from costmodel.units import ROUNDING_TOLERANCE

MOST_GPUS = 64  # of a replica that is proposed


@dataclass(frozen=True, eq=False)
class Breach:
    """A rule that an option breaks: `where`, by run, and in one sentence."""

    where: Any
    sentence: str


def breaches(cost) -> Iterator[Breach]:
    """The rules that the option of an `OptionCost` breaks, in any month and by any part of it.

    An option whose kind does not report what a rule is about keeps to it.
    """
    for rule in (_sensitive_data, _response_time, _time_per_token, _start, _regions):
        yield from (breach for breach in rule(cost) if np.any(breach.where))


def _sensitive_data(cost) -> Iterator[Breach]:
    if cost.task.scenario.rules.sensitive_data_stays:
        leaves = cost.quantities.get("sensitive_leaving_frac", 0)
        sentence = f"Sensitive data must stay, but {_percent(np.max(leaves))} of all requests take it elsewhere."
        yield Breach(_in_any_month(leaves > 0), sentence)


def _response_time(cost) -> Iterator[Breach]:
    limit = cost.task.scenario.rules.response_time_limit_s
    if np.any(limit < NO_LIMIT_S):
        time = cost.quantities.get("response_time_s", 0)
        sentence = f"An answer takes {np.max(time):.3g} s, more than the {np.min(limit):.3g} s allowed."
        yield Breach(_in_any_month((time > limit) & (limit < NO_LIMIT_S)), sentence)


def _time_per_token(cost) -> Iterator[Breach]:
    task, options = cost.task, cost.task.scenario.options
    for part in (task.option, *(options[slug] for slug in task.option.serving_parts())):
        if hasattr(part, "serving"):
            own = task if part is task.option else task.handed(part)
            limit, time = task.scenario.workload.time_per_token_limit_ms, time_per_token_ms(own)
            yield Breach(_in_any_month(time > limit * (1 + ROUNDING_TOLERANCE)), _too_slow(own, limit, time))


def _too_slow(task, limit, time) -> str:
    """That a replica cannot keep the limit, and the least number of GPUs that could, or else what would help."""
    serving = task.option.serving
    gpus = f"{serving.gpus_per_replica} GPU{'s' if serving.gpus_per_replica > 1 else ''}"
    told = (
        f"{task.option.label} cannot stream faster than {np.max(time):.3g} ms a token under load on {gpus} of "
        f"{serving.gpu}, and the limit is {np.min(limit):.3g} ms"
    )
    size, per_server = serving.gpus_per_replica, task.option.gpus_per_server
    for more in range(size + size, MOST_GPUS + 1, size):
        larger = serving.model_copy(update={"gpus_per_replica": more})
        least = least_limit_ms(larger, input_tokens_each(task), output_tokens_each(task)) / speed_ratio(task)
        if np.max(least) <= np.min(limit) and not max(more, per_server) % min(more, per_server):
            return f"{told}: take {more} a replica."
    return f"{told}: take a smaller model or precision, a faster GPU or a looser limit."


def _start(cost) -> Iterator[Breach]:
    scenario = cost.task.scenario
    latest, months = scenario.rules.latest_start_months, cost.option.months_until_serving(scenario.options)
    if latest < NO_LIMIT_MONTHS:
        yield Breach(months > latest, f"Users are served after {months} months, later than the {latest} allowed.")


def _regions(cost) -> Iterator[Breach]:
    options, rules = cost.task.scenario.options, cost.task.scenario.rules
    if not rules.data_must_stay_in_region:
        return
    home = rules.home_region.strip()
    for part in (cost.option, *(options[slug] for slug in cost.option.serving_parts())):
        if not hasattr(part, "governance"):
            continue  # it hands its demand on
        region, leaves = part.region.strip(), _in_any_month(part.governance.data_leaves_frac > 0)
        if not home:
            yield Breach(leaves, "Data must stay in the home region, but rules.home_region names none.")
        elif not region:
            yield Breach(leaves, f"Data must stay in {home}, but the region of {part.label} is not stated.")
        elif not region.lower().startswith(home.lower()):
            yield Breach(leaves, f"Data must stay in {home}, but {part.label} processes it in {region}.")


def _in_any_month(broken):
    """By run, whether it is in any month. Shape (...), of (..., T+1) or of what is the same in all months."""
    return np.any(np.atleast_1d(broken), axis=-1)


def _percent(share) -> str:
    return f"{share:.1%}".replace(".0%", "%").replace("%", " %")
