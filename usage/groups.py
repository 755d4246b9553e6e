"""Groups of a log's rows as an engine adds them up: what they are called, and whether they tell what the rows would."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from math import isfinite
from typing import Any

from intake.errors import NotPlain
from intake.fields import LARGEST
from usage.times import HOUR_S

WORDS = ("model", "provider", "status", "batch", "currency")  # the rows of a group share them, as they are written
NUMBERS = ("input", "output", "cached", "written", "reasoning", "total", "cost")
ZONED, NAIVE, NO_TIME = "zoned", "naive", "none"


def hour_of(group: Mapping[str, Any], zone: tzinfo) -> datetime | None:
    """The hour of a group, with UTC where its times say so; NotPlain where hours of `zone` are not whole in UTC."""
    if group["zone"] not in (ZONED, NAIVE):
        raise NotPlain("has times that are no timestamps; give them as timestamps or as 2026-10-31T18:30:00Z.")
    if group["hour"] is None:
        return None
    hour = datetime.fromtimestamp(int(group["hour"]) * HOUR_S, UTC)
    if group["zone"] == ZONED:
        return hour
    if hour.replace(tzinfo=zone).utcoffset().total_seconds() % HOUR_S:
        raise NotPlain("has times of a zone whose hours begin within those of UTC; give them in UTC.")
    return hour.replace(tzinfo=None)


def checked(group: Mapping[str, Any]) -> Mapping[str, Any]:
    """A group whose numbers can all be, whatever type an engine gave them; NotPlain otherwise."""
    sums = {name: float(group[name]) for name in NUMBERS if group.get(name) is not None}
    if group["wrong"] or not all(map(isfinite, sums.values())):
        raise NotPlain(f"has numbers below zero, above {LARGEST:.0e}, or that are none.")
    return {**group, **sums, "rows": int(group["rows"])}
