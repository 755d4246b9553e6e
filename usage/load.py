"""How unevenly tokens come, from sums by the hour: never from days, in which a night cannot be seen."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

import numpy as np

from costmodel.demand import overflow
from costmodel.hours import HOURS_PER_DAY
from costmodel.scenario import Scenario
from costmodel.settings import Workload
from usage.tally import Cell
from usage.times import HOUR_S

FEWEST_HOURS, WEEK_HOURS, PARTS = 24, 168, (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Load:
    """Busiest hour relative to the mean, share of hours with traffic, standard deviation over the mean; over `hours`.

    The mean and the deviation are over all hours, those without traffic too. `day`: traffic of each hour of the day,
    UTC, relative to an average hour. `above`: share of the tokens above each of PARTS of the busiest hour.
    """

    peak_to_mean_ratio: float
    busy_hours_frac: float
    load_variation_ratio: float
    hours: int
    day: tuple[float, ...]
    above: tuple[float, ...]


def curve_gap(found: Load, workload: Workload) -> float:
    """The most that a workload's load curve is off in the share of tokens above a part of the busiest hour."""
    peak, scenario = found.peak_to_mean_ratio, Scenario.model_construct(workload=workload)  # nothing else is asked
    return max(
        abs(float(np.ravel(overflow(scenario, part * peak))[0]) - above)
        for part, above in zip(PARTS, found.above, strict=True)
    )


def by_hour(cells: Collection[Cell]) -> dict[datetime, float] | None:
    """Tokens in and out of each hour with traffic that may not wait; None where a cell is longer than an hour."""
    if any(cell.key.bucket_s is None or cell.key.bucket_s > HOUR_S or not cell.key.start for cell in cells):
        return None
    hours: dict[datetime, float] = {}
    for cell in cells:
        batch = (cell.batch_input_tokens or 0) + (cell.batch_output_tokens or 0)
        tokens = (cell.input_tokens or 0) + (cell.output_tokens or 0) - batch
        hours[cell.key.start] = hours.get(cell.key.start, 0.0) + tokens
    return hours


def load(tokens: Mapping[datetime, float], start: datetime, end: datetime) -> Load | None:
    """The load of all hours from start to end; None where there are too few of them, or no traffic."""
    count = round((end - start) / timedelta(hours=1))
    held = [value for hour, value in tokens.items() if start <= hour < end and value > 0]
    if count < FEWEST_HOURS or not held:
        return None
    mean = math.fsum(held) / count
    square = fmean([*((value / mean) ** 2 for value in held), *[0.0] * (count - len(held))])
    above = tuple(math.fsum(max(value - part * max(held), 0) for value in held) / math.fsum(held) for part in PARTS)
    deviation = max(square - 1, 0) ** 0.5
    return Load(max(held) / mean, len(held) / count, deviation, count, _day(tokens, start, count), above)


def _day(tokens: Mapping[datetime, float], start: datetime, count: int) -> tuple[float, ...]:
    """Means over the days that have each hour, relative to the mean of all 24."""
    sums, days = [0.0] * HOURS_PER_DAY, [0] * HOURS_PER_DAY
    for place in range(count):
        when = start + timedelta(hours=place)
        sums[when.hour] += max(tokens.get(when, 0.0), 0.0)
        days[when.hour] += 1
    means = [of / max(number, 1) for of, number in zip(sums, days, strict=True)]
    return tuple(mean / fmean(means) for mean in means)
