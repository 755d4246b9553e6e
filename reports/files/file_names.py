"""What files are called: Crossover, the scenario, what is in it where the ending leaves that open, and the day."""

from datetime import date

LONGEST = 60  # characters of the scenario's name


def file_name(scenario: str, what: str, on: date) -> str:
    """'crossover-board-meeting-wide-2026-11-29.csv' for ("Board meeting", "wide.csv", that day).

    Letters and digits of any language stay, in lower case; all else, which some system or shell might take amiss,
    becomes a hyphen. `what` may be an ending alone, such as ".xlsx".
    """
    kind, _, ending = what.rpartition(".")
    parts = ("crossover", _plain(scenario)[:LONGEST].strip("-"), _plain(kind), on.isoformat())
    return f"{'-'.join(part for part in parts if part)}.{ending}"


def _plain(text: str) -> str:
    letters = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return "-".join(letters.split())
