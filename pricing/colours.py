"""The place of each option in the palette: given when the option is made, and kept whatever becomes of the others."""

from collections.abc import Iterable, Mapping
from typing import Any

from costmodel.errors import ScenarioError

MOST = 1000  # places; far more than options


def places(slugs: Iterable[str], kept: Mapping[str, int]) -> dict[str, int]:
    """Slug -> place: the one it has in `kept`, else the first that no other option has; by order where none has one."""
    wanted = list(slugs)
    found = {slug: kept[slug] for slug in wanted if slug in kept}
    free = (place for place in range(len(wanted)) if place not in found.values())
    return {slug: found[slug] if slug in found else next(free) for slug in wanted}


def of_part(given: Mapping[str, Any]) -> dict[str, int]:
    """Slug -> place, from the part of a document."""
    for slug, place in given.items():
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < MOST:
            raise ScenarioError(
                f"The colour of {slug!r:.60} must be a whole number from 0 to {MOST - 1}, not {place!r:.60}."
            )
    return dict(given)
