"""Hours of the day: in which of them traffic comes, and how much of it falls into hours with a price of their own."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
from pydantic import AfterValidator, Field

from costmodel.arrays import Array
from costmodel.errors import nearest
from costmodel.fields import Number, Record, Text
from costmodel.units import MONTHS_PER_YEAR

HOURS_PER_DAY, MINUTES_PER_HOUR = 24, 60
MID_MONTH = 15  # the day whose time, summer or winter, stands for its month


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        hint = nearest(name, sorted(available_timezones()))
        raise ValueError(f"must be a time zone such as Europe/Berlin or UTC, not {name!r:.60}.{hint}") from None
    return name


def _readable_windows(text: str) -> str:
    windows(text)
    return text


TimeZone = Annotated[Text, AfterValidator(_known_zone), Field(description="Time zone in which the day's hours are.")]
Windows = Annotated[
    Text,
    AfterValidator(_readable_windows),
    Field(description="Hours of the day, in UTC, in which they hold: 01:00-04:00 06:00-10:00, or nothing."),
]


def _traffic(hour: int) -> Number:
    relative = "Traffic of this hour relative to an average hour of the day."
    return Number("ratio", 0, 100, relative, label=f"Traffic from {hour:02d}:00")


class Day(Record):
    """How traffic is spread over the hours of an average day; 24 ones are an even day."""

    hour_00_ratio: Annotated[float, _traffic(0)]
    hour_01_ratio: Annotated[float, _traffic(1)]
    hour_02_ratio: Annotated[float, _traffic(2)]
    hour_03_ratio: Annotated[float, _traffic(3)]
    hour_04_ratio: Annotated[float, _traffic(4)]
    hour_05_ratio: Annotated[float, _traffic(5)]
    hour_06_ratio: Annotated[float, _traffic(6)]
    hour_07_ratio: Annotated[float, _traffic(7)]
    hour_08_ratio: Annotated[float, _traffic(8)]
    hour_09_ratio: Annotated[float, _traffic(9)]
    hour_10_ratio: Annotated[float, _traffic(10)]
    hour_11_ratio: Annotated[float, _traffic(11)]
    hour_12_ratio: Annotated[float, _traffic(12)]
    hour_13_ratio: Annotated[float, _traffic(13)]
    hour_14_ratio: Annotated[float, _traffic(14)]
    hour_15_ratio: Annotated[float, _traffic(15)]
    hour_16_ratio: Annotated[float, _traffic(16)]
    hour_17_ratio: Annotated[float, _traffic(17)]
    hour_18_ratio: Annotated[float, _traffic(18)]
    hour_19_ratio: Annotated[float, _traffic(19)]
    hour_20_ratio: Annotated[float, _traffic(20)]
    hour_21_ratio: Annotated[float, _traffic(21)]
    hour_22_ratio: Annotated[float, _traffic(22)]
    hour_23_ratio: Annotated[float, _traffic(23)]


def windows(text: str) -> Array:
    """Which minutes of a day lie in the windows of `text`; one that ends before it begins spans midnight. (1440,)

    Raises ValueError with one sentence when a window cannot be read.
    """
    inside = np.zeros(HOURS_PER_DAY * MINUTES_PER_HOUR, bool)
    for window in text.split():
        try:
            begin, end = (time.fromisoformat(clock) for clock in window.split("-"))
        except ValueError:
            raise ValueError(f"must be hours such as 01:00-04:00 06:00-10:00, not {window!r:.40}") from None
        first, last = (clock.hour * MINUTES_PER_HOUR + clock.minute for clock in (begin, end))
        inside |= np.roll(np.arange(inside.size) < (last - first) % inside.size, first)
    return inside


def _inside_by_hour(text: str, zone: str, year: int, month: int) -> Array:
    """Share of each hour of the day in `zone` that lies in the windows of `text`, in the middle of a month. (24,)"""
    offset = datetime(year, month, MID_MONTH, tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()
    local = np.roll(windows(text), offset // timedelta(minutes=1))
    return local.reshape(HOURS_PER_DAY, MINUTES_PER_HOUR).mean(axis=1)


def hours_inside(text: str, zone: str, first: tuple[int, int], months: int) -> Mapping[int, Array]:
    """Hour of the day in `zone` -> share of it that lies in the windows of `text`, each month; others lie outside.

    `first` is year and month of month 1; the shares have the shape (months + 1,), column 0 being the month before.
    """
    year, month = map(int, first)
    return _hours_inside(text, zone, year * MONTHS_PER_YEAR + month - 2, int(months) + 1)


@lru_cache(maxsize=64)  # a calendar, which no number that is varied touches
def _hours_inside(text: str, zone: str, since: int, columns: int) -> Mapping[int, Array]:
    """`hours_inside`, read-only, from a month that is counted from year 0."""
    calendar = [(count // MONTHS_PER_YEAR, count % MONTHS_PER_YEAR + 1) for count in range(since, since + columns)]
    inside = np.stack([_inside_by_hour(text, zone, *when) for when in calendar], axis=-1)
    inside.flags.writeable = False
    return MappingProxyType({hour: share for hour, share in enumerate(inside) if share.any()})
