"""From requests to tokens each month, and the load-duration curve that says how unevenly they come."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, cast

import numpy as np

from costmodel.arrays import Array, Value
from costmodel.option import Option
from costmodel.quantity import QUANTITIES, quantity, remembered
from costmodel.scenario import Scenario
from costmodel.settings import MONTH_NAMES, Workload
from costmodel.units import MONTHS_PER_YEAR, SECONDS_PER_HOUR, index, rounded_up

FLATTEST_CURVE = 1e-5  # least peak-to-mean ratio above 1 within the busy hours, so that the exponent stays finite
EXPLICIT_UNITS = 3  # first and last units of an autoscaled fleet that are summed one by one
HALF, EULER_MACLAURIN = 0.5, 24  # midpoint rule, and the divisor of its first correction


Kind = TypeVar("Kind", bound=Option, covariant=True)  # the record of the task's option
Other = TypeVar("Other", bound=Option)


@dataclass(frozen=True, eq=False)
class Task(Generic[Kind]):
    """One option asked to serve one demand: a band of the load curve, a share of it, in certain months.

    `band` is in units of the mean load, (0, inf) for the whole of it; `months` are the first and the last month served.
    `sensitive_share` is the share of the sensitive requests that come with it, where it is not that of all requests.
    """

    scenario: Scenario
    option: Kind
    low: float = 0.0
    high: float | None = None
    share: float = 1.0
    first_month: int = 1
    last_month: int | None = None
    sensitive_share: float | None = None
    memo: dict[str, Any] = field(default_factory=dict, repr=False)

    def handed(self, option: Other, **changes: Any) -> "Task[Other]":
        """Another task in the same scenario: `option` takes over the part of the demand that `changes` describe."""
        return replace(cast("Task[Other]", self), option=option, memo={}, **changes)

    def known(self) -> Mapping[str, object]:
        """Every quantity that has been computed for this task, by name."""
        return {name: value for name, value in self.memo.items() if name in QUANTITIES}


@quantity("months", "Month")
def month(scenario: Scenario) -> Array:
    """Months since the start: 0 is today, 1 to T are month ends. Shape (T+1,)."""
    return np.arange(scenario.finance.horizon_months + 1.0)


@quantity("ratio", "Season")
def season(scenario: Scenario) -> Array:
    """Traffic of each month relative to an average month, from the calendar month it falls in. Shape (..., T+1)."""
    workload = scenario.workload
    factors = np.atleast_1d(*(getattr(workload.season, f"{name}_ratio") for name in MONTH_NAMES))
    calendar = (workload.start_month - 2 + np.arange(scenario.finance.horizon_months + 1)) % MONTHS_PER_YEAR
    return np.concatenate(np.broadcast_arrays(*factors), axis=-1)[..., calendar]


@quantity("requests/month", "Requests")
def requests(scenario: Scenario) -> Array:
    """Requests of each month from users and systems, with growth and season; month 1 has growth 0, column 0 none.

    Assumes smooth compound growth; a launch in steps needs a season or a second scenario.
    """
    workload, months = scenario.workload, month(scenario)
    grown = workload.requests_per_month * index(workload.growth_per_year, months - 1)
    return np.where(months >= 1, grown * season(scenario), 0)


@quantity("ratio", "Peak to mean, deferrable work levelled")
def peak_ratio(scenario: Scenario) -> Value:
    """Busiest hour relative to the mean when deferrable requests are spread evenly: p (1 - batch) + batch."""
    workload = scenario.workload
    return workload.peak_to_mean_ratio * (1 - workload.batch_frac) + workload.batch_frac


@quantity("share", "Hours with traffic, deferrable work levelled")
def busy_frac(scenario: Scenario) -> Array:
    """Share of hours with traffic when deferrable requests fill the idle ones: b + batch (1 - b).

    Never less than 1 / peak ratio: a peak of twice the mean needs traffic in at least half of the hours.
    """
    workload = scenario.workload
    busy = workload.busy_hours_frac + workload.batch_frac * (1 - workload.busy_hours_frac)
    return np.maximum(busy, 1 / peak_ratio(scenario))


@quantity("ratio", "Mean square of the load in the busy hours")
def busy_mean_square(scenario: Scenario) -> Array:
    """Mean square of the load over the busy hours in units of their mean: t = (1 + cv^2) b, deferrable work levelled.

    Levelling takes the same share off the coefficient of variation over all hours. Never less than 1, an even load, nor
    more than a load that is now at its peak and now idle: p b.
    """
    variation = scenario.workload.load_variation_ratio * (1 - scenario.workload.batch_frac)
    most = np.maximum(peak_ratio(scenario) * busy_frac(scenario), 1)
    return np.minimum(np.maximum((1 + variation**2) * busy_frac(scenario), 1), most)


@quantity("ratio", "Height of the load curve in the busy hours")
def curve_height(scenario: Scenario) -> Array:
    """q = t + sqrt(t^2 - t): where the curve with that mean square begins, in units of the mean of the busy hours.

    One extreme hour does not set the whole curve: over 276 public customers and pools the share of tokens above a
    quarter, a half and three quarters of the peak is within 0.03 on average, within 0.10 when the peak sets it.
    """
    square = busy_mean_square(scenario)
    return square + (square**2 - square) ** 0.5


def variation_of_peak(peak: Value, busy: Value) -> Value:
    """Coefficient of variation over all hours of the curve whose highest load is its busiest hour.

    It is taken of a load of which only the busiest hour, relative to the mean, and the share of hours with traffic are
    known: that of the load curve turned round.
    """
    height = max(peak * busy, 1)
    return max(height * max(peak, 1 / busy) / (2 * height - 1) - 1, 0) ** 0.5


@quantity("ratio", "Exponent of the load curve")
def curve_exponent(scenario: Scenario) -> Array:
    """a = 1 / (q - 1): within the busy hours the share of hours below the load c is c b / q to the power of a."""
    return 1 / np.maximum(curve_height(scenario) - 1, FLATTEST_CURVE)


@quantity("share", "Tokens of the curve above the busiest hour")
def above_peak(scenario: Scenario) -> Array:
    """Share of the curve's tokens above the busiest hour, which is known: they are spread over the hours below it."""
    return _overflow_of_curve(scenario, peak_ratio(scenario))


@quantity("share", "Hours in which the load curve has traffic")
def curve_hours(scenario: Scenario) -> Array:
    """Hours with traffic, as many more as take in what the curve has above the busiest hour; never more than all."""
    return np.minimum(busy_frac(scenario) / (1 - above_peak(scenario)), 1)


@quantity("requests/s", "Requests in the busiest hour")
def peak_requests_per_s(scenario: Scenario) -> Array:
    """Requests a second in the busiest hour of each month, test traffic included, repeated attempts not. (..., T+1)"""
    seconds = scenario.finance.hours_per_month * SECONDS_PER_HOUR
    # 1/s = requests/month / (h/month * s/h)
    return requests(scenario) * peak_ratio(scenario) * (scenario.workload.environments_ratio / seconds)


def _hours_below(scenario: Scenario, capacity: Value) -> tuple[Value, Value]:
    """(load `capacity` in units of the curve's height, share of the busy hours in which the load is below it)."""
    filled = np.minimum(capacity * busy_frac(scenario) / curve_height(scenario), 1)
    return filled, filled ** curve_exponent(scenario)


def hours_above(scenario: Scenario, capacity: Value) -> Array:
    """Share of all hours in which the load exceeds `capacity` (in units of the mean load); 0 from the peak on."""
    _, below = _hours_below(scenario, capacity)
    return (capacity < peak_ratio(scenario)) * curve_hours(scenario) * (1 - below)


def _overflow_of_curve(scenario: Scenario, capacity: Value) -> Array:
    filled, below = _hours_below(scenario, capacity)
    return np.maximum(1 - below * filled - curve_height(scenario) * filled * (1 - below), 0)


def overflow(scenario: Scenario, capacity: Value) -> Array:
    """Share of all tokens that lies above `capacity` (in units of the mean load); 1 at zero, 0 from the peak on."""
    beyond = above_peak(scenario)
    return np.maximum(_overflow_of_curve(scenario, capacity) - beyond, 0) / (1 - beyond)


@quantity("share", "Share of the demand")
def at_launch(task: Task[Any]) -> Array:
    """1 at the start of an option that does not run yet, 0 in all other columns: when its way there is paid for."""
    return (month(task.scenario) == 0) * (not task.option.runs_today)


@remembered
def served_frac(task: Task[Any]) -> Array:
    """Share of all tokens that the task is given: its band of the load curve, times its share."""
    above_band = 0 if task.high is None else overflow(task.scenario, task.high)
    return task.share * (overflow(task.scenario, task.low) - above_band)


def served_above(task: Task[Any], capacity: Value) -> Array:
    """Share of all tokens that the task is given and that lies above `capacity`, in units of the mean of all demand.

    `capacity` is what serves the task first: it carries the lower part of its load in every hour.
    """
    above_band = 0 if task.high is None else overflow(task.scenario, task.high)
    bottom = task.low + capacity / np.where(task.share > 0, task.share, 1)
    return task.share * np.maximum(overflow(task.scenario, bottom) - above_band, 0)


@quantity("share", "Sensitive requests of the task")
def sensitive_served_frac(task: Task[Any]) -> Value:
    """Share of all requests that is sensitive and falls to the task; where nothing else is said, like the rest."""
    given = served_frac(task) if task.sensitive_share is None else task.sensitive_share
    return task.scenario.workload.sensitive_frac * given


@quantity("ratio", "Peak of the task")
def task_peak_ratio(task: Task[Any]) -> Value:
    """Highest load of the task in units of the mean of the whole demand: the height of its band, times its share."""
    peak = peak_ratio(task.scenario)
    top = peak if task.high is None else np.minimum(task.high, peak)
    return task.share * np.maximum(top - task.low, 0)


@quantity("ratio", "Months served")
def serves_month(task: Task[Any]) -> Array:
    """1 in the months that the task serves, 0 elsewhere. Shape (T+1,)."""
    months = month(task.scenario)
    last = task.scenario.finance.horizon_months if task.last_month is None else task.last_month
    return ((months >= task.first_month) & (months <= last)) * 1.0


def tokens_of(workload: Workload, option: Any) -> tuple[Value, Value]:
    """`workload`'s (input, generated) tokens of one attempt at one request, in the tokens of the option's model."""
    answer = workload.output_tokens_per_request / (1 - option.reasoning_frac)
    generated = (answer + workload.reasoning_tokens_per_request) * option.token_ratio
    return workload.input_tokens_per_request * option.token_ratio, generated


@remembered
def input_tokens_each(task: Task[Any]) -> Value:
    """Input tokens of one attempt at one request, in the tokens of the option's model."""
    return tokens_of(task.scenario.workload, task.option)[0]


@remembered
def output_tokens_each(task: Task[Any]) -> Value:
    """Generated tokens of one attempt at one request, in the tokens of the option's model.

    They are the answer, the hidden tokens that are a share of what this model writes, and those of the workload.
    """
    return tokens_of(task.scenario.workload, task.option)[1]


def tokens_each(task: Task[Any]) -> Value:
    """All tokens of one attempt at one request, which the attention cache holds at its end."""
    return input_tokens_each(task) + output_tokens_each(task)


@quantity("requests/month", "Requests processed by the whole demand")
def attempts(task: Task[Any]) -> Array:
    """Requests of the whole demand that the option would see: production and test traffic, every attempt counted."""
    per_request = task.scenario.workload.environments_ratio * task.option.attempts_ratio
    return requests(task.scenario) * per_request * serves_month(task)


@quantity("tokens/month", "Input tokens")
def input_tokens(task: Task[Any]) -> Array:
    """Tokens that go in each month, cached ones included."""
    return attempts(task) * (served_frac(task) * input_tokens_each(task))


@quantity("tokens/month", "Output tokens")
def output_tokens(task: Task[Any]) -> Array:
    """Tokens generated each month, hidden reasoning included."""
    return attempts(task) * (served_frac(task) * output_tokens_each(task))


def answer_tokens(task: Task[Any]) -> Array:
    """Tokens that readers get each month, every attempt counted: the output without hidden reasoning."""
    each = task.scenario.workload.output_tokens_per_request * task.option.token_ratio
    return attempts(task) * (served_frac(task) * each)


@quantity("tokens/month", "Tokens processed")
def tokens_processed(task: Task[Any]) -> Array:
    """Input (cached included) and output tokens of each month."""
    return input_tokens(task) + output_tokens(task)


def token_quantities(task: Task[Any]) -> dict[str, Value]:
    """`task`'s input and output tokens of each month, as every kind of option reports them."""
    return {"input_tokens": input_tokens(task), "output_tokens": output_tokens(task)}


@quantity("requests/s", "Mean request rate of the whole demand")
def attempts_per_s(task: Task[Any]) -> Array:
    """Requests a second, mean over the hours of the month, of the demand that the task's band is cut from."""
    # 1/s = requests/month / (h/month * s/h)
    return attempts(task) / (task.scenario.finance.hours_per_month * SECONDS_PER_HOUR)


def mean_units_running(task: Task[Any], unit_rate: Value, least_units: Value, spare_units: Value = 0) -> Array:
    """Units (replicas, instances) that run on average when a fleet follows the load in the task's band.

    `unit_rate` is the usable rate of one unit in units of the mean load, (..., T+1). `least_units` always run, and so
    do as many whole ones as `spare_units`; the fleet is kept that much larger than the load asks for.
    The sum over units of the hours in which the load asks for them takes the first and the last units one by one and
    those between by Euler-Maclaurin: within 0.001 % of the sum itself.
    """
    scenario = task.scenario
    busy, exponent = curve_hours(scenario), curve_exponent(scenario)
    height = curve_height(scenario) / busy_frac(scenario)
    step = unit_rate / (height * np.where(task.share > 0, task.share, 1))  # one unit, in units of the curve's height
    bottom = np.minimum(task.low / height, 1) - spare_units * step
    top = np.minimum(peak_ratio(scenario), height)  # no unit runs above it
    top = top if task.high is None else np.minimum(task.high, top)
    units = rounded_up(task.share * np.maximum(top - task.low, 0) / unit_rate + spare_units)
    always = np.maximum(least_units, rounded_up(spare_units))
    fixed = np.minimum(always, units)

    def share_of_hours(unit: Value) -> Value:
        return busy * (1 - np.minimum(np.maximum(bottom + unit * step, 0), 1) ** exponent)

    first = fixed + EXPLICIT_UNITS
    last = np.maximum(units - EXPLICIT_UNITS, first)
    total = always
    for extra in range(EXPLICIT_UNITS):
        total = total + (fixed + extra < units) * share_of_hours(fixed + extra)
        total = total + (units - 1 - extra >= first) * share_of_hours(np.maximum(units - 1 - extra, first))

    start, end = (np.minimum(bottom + (unit - HALF) * step, 1) for unit in (first, last))
    start_power, end_power = start**exponent, end**exponent
    area = (end_power * end - start_power * start) / ((exponent + 1) * step)
    bend = exponent * step / EULER_MACLAURIN * (end_power / end - start_power / start)
    return total + (last > first) * (last - first - area + bend) * busy
