"""Rules of the scenario, which rule options out whatever they cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from costmodel.arrays import Array, Value
from costmodel.demand import Task, input_tokens_each, month, output_tokens_each, peak_requests_per_s, tokens_each
from costmodel.numerals import numeral
from costmodel.option import Option
from costmodel.overheads import CARRIED
from costmodel.regions import lies_in
from costmodel.replica import least_limit_ms
from costmodel.settings import NO_LIMIT_MONTHS, NO_LIMIT_S
from costmodel.sizing import speed_ratio, time_per_token_ms
from costmodel.units import MS_PER_S, ROUNDING_TOLERANCE, floored, percent

if TYPE_CHECKING:
    from costmodel.comparison import OptionCost

MOST_GPUS = 64  # of a replica that is proposed
NOT_ALL = 0.999  # the most that is told of a peak that is not carried
PEAK_TOLERANCE = 2 * ROUNDING_TOLERANCE  # whole replicas forgive so much, and whole servers once more


@dataclass(frozen=True, eq=False)
class Breach:
    """A rule that an option breaks: `where`, by run, `tell`, which says so in one sentence, and what `rule` is about.

    The sentence is made when it is read, so that `where` alone costs no words.
    """

    where: Any
    tell: Callable[[], str]
    rule: str = ""

    @property
    def sentence(self) -> str:
        """What is broken, and by how much."""
        return self.tell()


def breaches(cost: OptionCost) -> Iterator[Breach]:
    """The rules that an option breaks, in any month and by any part of it.

    An option whose kind does not report what a rule is about keeps to it.
    """
    for name, rule in RULES.items():
        yield from (replace(breach, rule=name) for breach in rule(cost) if np.any(breach.where))


def _context_window(cost: OptionCost) -> Iterator[Breach]:
    """No switch: a model that cannot take the average request serves nobody."""
    for part in served_by(cost):
        longest = part.longest_request_tokens()
        if np.any(longest > 0):
            request = tokens_each(Task(cost.task.scenario, part))
            yield Breach(_in_any_month((longest > 0) & (request > longest)), partial(_too_long, part, request, longest))


def _too_long(part: Option, request: Value, longest: Value) -> str:
    return (
        f"A request has {numeral(np.max(request), ',.0f')} tokens; the longest that {part.label} can take has "
        f"{numeral(np.min(longest), ',.0f')}."
    )


def _sensitive_data(cost: OptionCost) -> Iterator[Breach]:
    if cost.task.scenario.rules.sensitive_data_stays:
        leaves = cost.quantities.get("sensitive_leaving_frac", 0)
        yield Breach(
            _in_any_month(leaves > 0),
            lambda: f"Sensitive data must stay, but {percent(np.max(leaves))} of all requests take it elsewhere.",
        )


def _response_time(cost: OptionCost) -> Iterator[Breach]:
    limit = cost.task.scenario.rules.response_time_limit_s
    if np.any(limit < NO_LIMIT_S):
        time = cost.quantities.get("response_time_s", 0)
        late = (time > limit) & (limit < NO_LIMIT_S)
        yield Breach(_in_any_month(late), partial(_too_late, cost))


def _too_late(cost: OptionCost) -> str:
    """How long the slowest answer takes, and how fast its tokens would have to come for the limit."""
    limit = float(np.min(cost.task.scenario.rules.response_time_limit_s))
    time = np.asarray(cost.quantities["response_time_s"])
    slowest = np.unravel_index(np.argmax(time), time.shape)
    generation = float(np.broadcast_to(cost.quantities.get("generation_s", 0), time.shape)[slowest])
    left = limit - (float(time[slowest]) - generation)
    bridged = slowest[-1] <= cost.option.bridged_months()
    until = " until delivery, by its bridge," if bridged else ""
    told = f"An answer takes {numeral(time[slowest], '.3g')} s{until or ','} more than the "
    told += f"{numeral(limit, '.3g')} s allowed"
    if not generation:
        return f"{told}."
    if left <= 0:
        return f"{told}: {numeral(limit - left, '.3g')} s pass before it begins."
    if bridged or not cost.option.serves_itself():
        return f"{told}: its tokens would have to come {numeral(generation / left, '.3g')} times as fast."
    tokens = np.max(output_tokens_each(cost.task))
    asked, now = (numeral(ms, ".3g") for ms in (floored(left / tokens * MS_PER_S), generation / tokens * MS_PER_S))
    by = "; set the limit on the time per token to that" if cost.option.gpu_serving() else ""
    return (
        f"{told}: its {numeral(tokens, ',.0f')} tokens would have to come at {asked} ms each instead of {now} ms{by}."
    )


def _time_per_token(cost: OptionCost) -> Iterator[Breach]:
    """No switch either: sizing goes on with what the replica keeps, which is not what was asked for."""
    for part in served_by(cost):
        if part.gpu_serving():
            task = cost.task if part is cost.option else Task(cost.task.scenario, part)
            limit, time = task.scenario.workload.time_per_token_limit_ms, time_per_token_ms(task)
            if np.any(late := time > limit * (1 + ROUNDING_TOLERANCE)):
                yield Breach(_in_any_month(late), partial(_too_slow, task, limit, time))


def _too_slow(task: Task[Any], limit: Value, time: Value) -> str:
    """That a replica cannot keep the limit, and the least number of GPUs that could, or else what would help."""
    serving = task.option.serving
    gpus = f"{serving.gpus_per_replica} GPU{'s' if serving.gpus_per_replica > 1 else ''}"
    told = (
        f"{task.option.label} cannot stream faster than {numeral(np.max(time), '.3g')} ms a token under "
        f"load on {gpus} of "
        f"{serving.gpu}, and the limit is {numeral(np.min(limit), '.3g')} ms"
    )
    size, per_server = serving.gpus_per_replica, task.option.gpus_per_server
    for more in range(size + size, MOST_GPUS + 1, size):
        larger = serving.model_copy(update={"gpus_per_replica": more})
        least = least_limit_ms(larger, input_tokens_each(task), output_tokens_each(task)) / speed_ratio(task)
        if np.max(least) <= np.min(limit) and not max(more, per_server) % min(more, per_server):
            return f"{told}: take {more} a replica."
    return f"{told}: take a smaller model or precision, a faster GPU or a looser limit."


def _start(cost: OptionCost) -> Iterator[Breach]:
    scenario = cost.task.scenario
    latest, months = scenario.rules.latest_start_months, cost.option.months_until_serving(scenario.options)
    if latest < NO_LIMIT_MONTHS:
        yield Breach(
            months > latest, lambda: f"Users are served after {months} months, later than the {latest} allowed."
        )


def short_of_peak(cost: OptionCost) -> Array:
    """Whether the option carries less than the busiest hour of a month that it serves, by run and month. (..., T+1)

    By what it runs or by its rate limit, from the first month in which all users are served.
    """
    scenario = cost.task.scenario
    first = 1 + cost.option.months_until_serving(scenario.options)
    asked = (month(scenario) >= first) & (peak_requests_per_s(scenario) > 0)
    return asked & (cost.quantities.get(CARRIED, 1) < 1 - PEAK_TOLERANCE)


def _peak(cost: OptionCost) -> Iterator[Breach]:
    """Where limits rise, only those runs count in which today's option is too small already."""
    if not cost.task.scenario.rules.peak_must_be_carried:
        return
    if cost.today is not None and not np.any(short_of_peak(cost.today)):
        return
    short = short_of_peak(cost)
    if np.any(short):
        yield Breach(_in_any_month(short), lambda: f"The peak must be carried, but {_peak_carried(cost, short)}.")


def _peak_carried(cost: OptionCost, short: Value) -> str:
    """How much of the busiest hour is carried in the tightest month, by what, and which rate limit would carry it."""
    option = cost.option
    carried = np.where(short, cost.quantities[CARRIED], 1)
    tightest = np.unravel_index(np.argmin(carried), carried.shape)
    share, at = np.minimum(carried[tightest], NOT_ALL), tightest[-1]
    part = percent(share) if share >= 1 - NOT_ALL else f"less than {percent(1 - NOT_ALL)}"
    told = f"{part} of the busiest hour in month {at}"
    if at <= option.bridged_months():
        return f"until delivery its bridge carries {told}"
    limits = [limit * cost.quantities["rate_limit_used"] for limit in option.rate_limits().values()]
    if not limits:
        return f"only {told} is"
    needed = np.ceil(np.max(limits))
    return f"its rate limit carries {told}; {numeral(needed, ',.0f')} tokens per second would carry it"


def _regions(cost: OptionCost) -> Iterator[Breach]:
    rules = cost.task.scenario.rules
    if not rules.data_must_stay_in_region:
        return
    home = rules.home_region.strip()
    part: Any
    for part in served_by(cost):
        if not part.serves_itself():
            continue
        region, leaves = part.region.strip(), _in_any_month(part.governance.data_leaves_frac > 0)
        if not (home and region and lies_in(region, home)):
            yield Breach(leaves, partial(_elsewhere, part, region, home))


def _elsewhere(part: Option, region: str, home: str) -> str:
    if not home:
        return "Data must stay in the home region, but rules.home_region names none."
    if not region:
        return f"Data must stay in the home region, {home}, but the region of {part.label} is not stated."
    return f"Data must stay in the home region, {home}, but {part.label} processes it in {region}."


def _model(cost: OptionCost) -> Iterator[Breach]:
    part: Any
    for part in served_by(cost):
        if part.serves_itself() and part.model_refused:
            yield Breach(True, partial("You refused the model of {}.".format, part.label))


def served_by(cost: OptionCost) -> list[Option]:
    """`cost`'s option and all others that serve a part of its demand, for a while or for good, each once."""
    options, slugs, found = cost.task.scenario.options, list(cost.option.serving_parts()), [cost.option]
    for slug in slugs:  # grows while it is gone through
        slugs += [other for other in options[slug].serving_parts() if other not in slugs]
    return found + [options[slug] for slug in slugs]


def _in_any_month(broken: Value) -> Array:
    """By run, whether it is in any month. Shape (...), of (..., T+1) or of what is the same in all months."""
    return np.any(np.atleast_1d(broken), axis=-1)


RULES = {  # what each is about -> the rule
    "longest request": _context_window,
    "sensitive data": _sensitive_data,
    "response time": _response_time,
    "time per token": _time_per_token,
    "start": _start,
    "peak": _peak,
    "region": _regions,
    "model": _model,
}
