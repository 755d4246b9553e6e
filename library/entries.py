"""What the library tells of what it holds: scenarios as a list shows them, their versions, one that was opened."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pricing.documents import Opened


@dataclass(frozen=True)
class Entry:
    """A scenario as the list shows it; `versions` is also the number of its latest."""

    slug: str
    name: str
    tags: tuple[str, ...]
    updated: datetime
    versions: int
    preset: str
    deleted: bool


@dataclass(frozen=True)
class Version:
    """One saved state of a scenario."""

    number: int
    at: datetime
    note: str
    preset: str


@dataclass(frozen=True)
class Saved:
    """Where a scenario was saved. `overtaken` are versions that others saved since the one it was based on."""

    slug: str
    name: str
    version: int
    overtaken: tuple[int, ...] = ()


@dataclass(frozen=True)
class Stored:
    """A version as it opens today. `drift` maps each path to (value when saved, value now) where a catalogue or preset
    has since changed what the document does not say itself."""

    opened: Opened
    entry: Entry
    version: Version
    drift: Mapping[str, tuple[Any, Any]]

    def as_saved(self) -> Opened:
        """The same with the values it had when it was saved, as far as the paths still exist."""
        then = {path: old for path, (old, now) in self.drift.items() if old is not None and now is not None}
        return replace(self.opened, scenario=self.opened.scenario.vary(then))


@dataclass(frozen=True)
class Decided:
    """A version that is a decision, as a list shows it."""

    slug: str
    name: str
    version: int
    on: str
    sentence: str
