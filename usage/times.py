"""Moments as files write them, in UTC: ISO 8601, days, dates of several countries, Unix time of any unit."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any

from intake.errors import Refusal
from intake.fields import shown
from intake.records import Rows, at
from usage.sums import is_named

HOUR_S, DAY_S = 3600, 86_400
YEARS = (2015, 2100)
UNIX = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (float("inf"), 1e9))  # below which number, how many to the second
NUMBER = re.compile(r"\d{9,19}(\.\d*)?$|\d\.\d+[eE]\+?\d+$")
LOCAL = re.compile(r"(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})(.*)$")
CLOCK = re.compile(r"[\sT,]+(\d{1,2})(:\d\d(?::\d\d(?:\.\d+)?)?)(?:\s?([ap])\.?m\.?)?(?=$|[\sZ+-])", re.IGNORECASE)
HOUR = re.compile(r"\d{1,2}(?:\.0)?$")
TIME_LIKE = re.compile(r"[\d\s:./+TZ-]{1,40}$")  # what may be shown: anything else could be a text of somebody
DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}$|\d{1,4}[/.]\d{1,2}[/.]\d{1,4}$")


def moment(value: Any, name: str, zone: tzinfo = UTC, day_first: bool = False) -> datetime | None:
    """A moment in UTC; None where there is none, or a word for a sum, a Refusal for what is no time.

    zone: where the clock stands whose times carry no offset. day_first: 3/4/2026 is a day in April.
    """
    if value is None or value == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    try:
        found = value if isinstance(value, datetime) else _read(value, day_first)
        found = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, OSError):
        if isinstance(value, str) and is_named(value):
            return None
        told = shown(f"{value!s:.40}") if TIME_LIKE.match(str(value)) else "a text"
        raise Refusal(f"has {told} as {name:.80}, which must be a time such as 2026-10-31T18:30:00Z.") from None
    if not YEARS[0] <= found.year < YEARS[1]:
        raise Refusal(f"has a time in the year {found.year} as {name:.80}, which cannot be.")
    return found


def is_day(value: Any) -> bool:
    """Whether a value names a day without a time."""
    if isinstance(value, date):
        return not isinstance(value, datetime)
    return isinstance(value, str) and bool(DAY.match(value.strip()))


def on_day(day: Any, clock: Any) -> str:
    """The moment of a day that a clock in another column shows, or the number of an hour."""
    told = str(clock).strip()
    return f"{day} {told.partition('.')[0]}:00" if HOUR.match(told) else f"{day} {told}"


def is_clock(value: Any) -> bool:
    """Whether a value is the time of some day."""
    return isinstance(value, time) or (isinstance(value, str) and bool(CLOCK.fullmatch(f" {value.strip()}")))


def has_zone(value: Any) -> bool:
    """Whether a value says by itself which moment it is."""
    if isinstance(value, datetime):
        return value.tzinfo is not None
    if isinstance(value, str):
        text = value.strip()
        return (
            bool(NUMBER.match(text)) or text.endswith(("Z", "z", "UTC")) or bool(re.search(r"\d[+-]\d\d:?\d\d$", text))
        )
    return True


AMBIGUOUS = "Dates such as 03/04/2026 were read with the month first, which none of them proves."


def writes_day_first(rows: Rows, *names: str) -> bool | None:
    """Whether dates such as 31/10/2026 have the day first; a Refusal when some can only be so and others only not.

    None where there are such dates and none of them tells. Dates with points have it. Where the first record has
    another kind of date, the others are not looked at.
    """
    first, second = set(), set()
    for record in rows.records(names):
        value = next((found for name in names if (found := at(record, name))), None)
        found = LOCAL.match(value.strip()) if isinstance(value, str) else None
        if found and len(found[1]) < 3:
            first.add(found[0][len(found[1])] == "." or int(found[1]) > 12)
            second.add(int(found[2]) > 12)
        elif not first:
            break
    if True in first and True in second:
        raise Refusal("has dates with the day first and dates with the month first; export it again with one kind.")
    return None if first and True not in first | second else True in first


def length_s(start: datetime | None, end: datetime | None) -> float | None:
    """Seconds from start to end, whole hours where a tool writes the last second of one (22:59:59)."""
    if start is None or end is None:
        return None
    seconds = (end - start).total_seconds()
    return seconds + 1 if seconds % 60 == 59 else seconds


def hour(when: datetime) -> datetime:
    """The beginning of the hour."""
    return when.replace(minute=0, second=0, microsecond=0)


def month_start(when: datetime) -> datetime:
    """The first moment of the month that a moment is in."""
    return when.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def named_month(text: str) -> datetime | None:
    """The first moment of a month such as 2026-10; None for what is no month in which anybody used a model."""
    try:
        found = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if YEARS[0] <= found.year < YEARS[1] else None


def next_month(when: datetime) -> datetime:
    """The first moment of the month after the one a moment is in."""
    return month_start(month_start(when) + timedelta(days=32))


def _read(value: Any, day_first: bool) -> datetime:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _unix(float(value))
    text = str(value).strip()
    return _unix(float(text)) if NUMBER.match(text) else _written(text, day_first)


def _unix(number: float) -> datetime:
    unit = next((unit for limit, unit in UNIX if number < limit), 1.0)  # of infinity, which is no time in any unit
    return datetime.fromtimestamp(number / unit, UTC)


@lru_cache(maxsize=10_000)
def _written(text: str, day_first: bool) -> datetime:
    if found := LOCAL.match(text):
        a, b, c, rest = found.groups()
        year, month, day = (a, b, c) if len(a) == 4 else (c, b, a) if day_first or "." in text[:6] else (c, a, b)
        text = f"{int(year) + (2000 if len(year) < 3 else 0):04d}-{int(month):02d}-{int(day):02d}{rest}"
    text = CLOCK.sub(_clock, text)
    if text.endswith((" UTC", " GMT")):
        text = text[:-4] + "+00:00"
    text = re.sub(r" ([+-]\d\d:?\d\d)$", r"\1", text)
    return datetime.fromisoformat(text)


def _clock(found: re.Match[str]) -> str:
    """A time of the day with hours of two digits, of 24."""
    hour, half = int(found[1]), found[3]
    if half and hour > 12:
        raise ValueError(hour)
    return f"T{hour % 12 + 12 * (half in 'pP') if half else hour:02d}{found[2]}"
