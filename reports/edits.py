"""What one edit changed, in a line: for Undo and Redo, which name what they take back."""

from pricing.documents import Opened
from pricing.presets import presets
from reports.changes import changes
from reports.risk import own_chance


def edit_named(before: Opened, after: Opened) -> str:
    """'Requests per month: 500,000 → 600,000 requests a month', 'start from Chat'; of several the first and how many."""
    if before.preset != after.preset:
        return f"start from {presets()[after.preset]}"
    chance = [own_chance(opened) for opened in (before, after)]
    told = changes(before.scenario, after.scenario)
    told += [line for line in chance[1] if line not in chance[0]] or [
        line for line in chance[0] if line not in chance[1]
    ]
    first, *others = told or ["order of the options"]
    return f"{first}, and {len(others)} more" if others else first
