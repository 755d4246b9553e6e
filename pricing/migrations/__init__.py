"""Documents of older versions, brought up to the version of today, one step after another."""

from collections.abc import Callable, Mapping
from typing import Any

from pricing.migrations.anchors import NOTES, without_anchors
from pricing.migrations.calendar import with_start_year
from pricing.migrations.limits import with_peak_and_longest_request
from pricing.migrations.loads import with_load_variation
from pricing.migrations.presets import with_presets_of_7, with_unsaid
from pricing.migrations.prices import with_prices_of_6

Document = dict[str, Any]
Step = Callable[[Document], Document]
STEPS: dict[int, Step] = {  # version -> what makes the next one of its documents; it may add sentences as NOTES
    1: dict,  # 2 added rank correlations
    2: with_load_variation,
    3: with_peak_and_longest_request,
    4: without_anchors,
    5: with_start_year,
    6: with_prices_of_6,
    7: with_presets_of_7,
}


def migrated(document: Mapping[str, Any], version: int) -> tuple[Document, tuple[str, ...]]:
    """The document, which says its own version, in that `version`, and what a reader should know of the way there.

    Fields that came since are filled in its own options, also of a document of this very version.
    """
    now, notes = dict(document), []
    for older in range(now["version"], version):
        now = {**STEPS[older](now), "version": older + 1}
        if NOTES not in document:
            notes += now.pop(NOTES, ())
    return with_unsaid(now), tuple(notes)
