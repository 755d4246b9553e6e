"""Documents of older versions, brought up to the version of today, one step after another."""

from collections.abc import Callable, Mapping
from typing import Any

Step = Callable[[dict[str, Any]], dict[str, Any]]
STEPS: dict[int, Step] = {1: dict}  # version -> what makes the next one of its documents; 2 added rank correlations


def migrated(document: Mapping[str, Any], version: int) -> dict[str, Any]:
    """The document, which says its own version, in that `version`; one that has it already comes back as it is."""
    now = dict(document)
    for older in range(now["version"], version):
        now = {**STEPS[older](now), "version": older + 1}
    return now
