"""A stretch of time, and how it is said."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from costmodel.units import HOURS_PER_MONTH
from pricing.dates import MONTHS, day, month
from usage.times import month_start, next_month


@dataclass(frozen=True)
class Period:
    """From one moment to another, UTC."""

    start: datetime
    end: datetime

    @classmethod
    def month(cls, month: str) -> "Period":
        """A calendar month, given as 2026-10."""
        start = datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
        return cls(start, next_month(start))

    @property
    def is_month(self) -> bool:
        """Whether it is one calendar month."""
        return self.start == month_start(self.start) and self.end == next_month(self.start)

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.start <= moment < self.end

    @property
    def to_an_average_month(self) -> float:
        """What its sums are multiplied by to be those of a month: 1 for a calendar month."""
        return 1.0 if self.is_month else HOURS_PER_MONTH / ((self.end - self.start) / timedelta(hours=1))

    @property
    def name(self) -> str:
        """October 2026, or its days."""
        return month(self.start) if self.is_month else self.days

    @property
    def days(self) -> str:
        """Its days, the last one included: 1 to 31 October 2026."""
        first, last = self.start, self.end - timedelta(microseconds=1)
        if first.date() == last.date():
            return day(first)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day} to {day(last)}"
        return f"{f'{first.day} {MONTHS[first.month - 1]}' if first.year == last.year else day(first)} to {day(last)}"
