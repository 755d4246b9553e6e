"""Days as people write them, whatever the locale of the machine."""

from datetime import date

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def day(on: date) -> str:
    """'10 November 2026'. Cells of tables and names of files have 2026-11-10, which sorts."""
    return f"{on.day} {month(on)}"


def month(on: date) -> str:
    """The month of a day: 'November 2026'."""
    return f"{MONTHS[on.month - 1]} {on.year}"
