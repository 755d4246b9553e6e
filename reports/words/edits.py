"""What one edit changed, in a line: for Undo and Redo, which name what they take back."""

from pricing.documents import Opened
from pricing.market import title
from pricing.marks import judged
from pricing.presets import presets
from reports.words.changes import changes
from reports.words.uncertainty import own_chance


def edit_named(before: Opened, after: Opened) -> str:
    """'Growth: 20 % a year → 25 % a year', 'start from Chat'; of several changes the first and how many more."""
    if before.preset != after.preset:
        return f"start from {presets()[after.preset]}"
    was, now = own_chance(before), own_chance(after)
    chance = [line for line in now if line not in was] or [f"without {line}" for line in was if line not in now]
    currency = [f"amounts in {after.currency.code}"] if before.currency != after.currency else []
    told = [*changes(judged(before.scenario, after.marks), after.scenario), *chance, *_marks(before, after), *currency]
    first, *others = told or ["order of the options"]
    return f"{first}, and {len(others)} more" if others else first


def _marks(before: Opened, after: Opened) -> list[str]:
    """'mark of gpt-oss 120B' for each model whose mark is another one."""
    names = {**before.marks, **after.marks}
    return [f"mark of {title(name)}" for name in names if before.marks.get(name) != after.marks.get(name)]
