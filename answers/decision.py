"""A scenario as a decision: its signposts are the switching values of its own analysis."""

from collections.abc import Iterable, Iterator
from datetime import date

from answers.analysis import Analysis
from answers.volume import VOLUME
from costmodel.uncertainty.switching import SwitchingValue, switching_values
from pricing.decisions import Decision, Signpost

MOST_SIGNPOSTS = 8


def decide(analysis: Analysis, option: str, sentence: str, on: date) -> Decision:
    """The decision for `option`, by slug, with the nearest signposts.

    Those beyond the ranges count where none lies within; that of the volume, which every bill tells, wherever it lies.
    """
    nearest = list(_signposts(analysis.switching_within)) or list(_signposts(analysis.switching_beyond))
    kept = nearest[:MOST_SIGNPOSTS]
    if VOLUME in analysis.ranges and VOLUME not in {post.path for post in kept}:
        volume = {VOLUME: analysis.ranges[VOLUME]}
        kept += _signposts(switching_values(analysis.scenario, volume, within_bounds=True))
    return Decision(on, sentence, option, tuple(kept))


def _signposts(found: Iterable[SwitchingValue]) -> Iterator[Signpost]:
    for each in found:
        if each.at is not None and each.leader:
            yield Signpost(each.path, "above" if each.at > each.today else "below", each.at, each.leader)
