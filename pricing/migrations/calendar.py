"""Version 5 to 6: a scenario starts in a month of a year."""

from typing import Any

START_MONTH, START_YEAR = "workload.start_month", "workload.start_year"
LATE_MONTHS = (11, 12)  # what starts in these still started in 2026 when version 5 was left, all else in 2027


def with_start_year(document: dict[str, Any]) -> dict[str, Any]:
    """The start had no year: month 1 was the next calendar month of its name."""
    changes = document.get("changes")
    if not isinstance(changes, dict) or changes.get(START_MONTH) not in LATE_MONTHS:
        return document
    return {**document, "changes": {**changes, START_YEAR: 2026}}
