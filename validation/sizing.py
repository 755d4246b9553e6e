"""How well sizing predicted measurements that were left out: the table that `make bench-sizing` keeps."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).with_suffix(".csv")
FLOOR = "nothing: repeats of one configuration, from their median"  # nobody can predict them better
PEER = (
    "On its own sample NVIDIA's aiconfigurator 0.12.0, which adds up measured operators, is off by 7.7 % in the median "
    "and 43 % at the 90th percentile (read on 29 November 2026)."
)


class SizingError(BaseModel):
    """One line of the table: what was left out, of which rows, and how far the predictions were off, percent.

    `version_median` and `version_p90` are with the serving engine's version known, `earlier_median` and `earlier_p90`
    of the rule that took the nearest measurement, `inside` the share within the band; None where it was not asked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    left_out: str
    rows: str
    kind: str
    count: int
    median: float
    p90: float
    version_median: float | None = None
    version_p90: float | None = None
    inside: float | None = None
    earlier_median: float | None = None
    earlier_p90: float | None = None
    earlier_inside: float | None = None
    goal_median: float | None = None
    goal_p90: float | None = None
    measured_on: date


@cache
def sizing_errors() -> tuple[SizingError, ...]:
    """The kept table."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            SizingError.model_validate({k: v if v != "" else None for k, v in row.items()})
            for row in csv.DictReader(lines)
        )
