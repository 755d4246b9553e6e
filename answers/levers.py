"""Which inputs are worth a slider or a line of the brief: what the verdict hangs on most."""

from dataclasses import replace

import numpy as np

from answers.volume import VOLUME
from costmodel.comparison import Comparison
from costmodel.scenario import numbers
from costmodel.uncertainty import metrics
from costmodel.uncertainty.ranges import Range, drawable
from costmodel.uncertainty.tornado import tornado
from pricing.documents import Opened
from pricing.ranges import ranges

COUNT = 5
VOLUME_REACH = 1000  # the lever for the volume goes this many times beyond its range: break-even may lie far away


def named(comparison: Comparison) -> tuple[str, ...]:
    """The options that the headline names: the cheapest and, where there is one, the next."""
    return tuple(comparison.ranking[:2])


def ranked(opened: Opened, comparison: Comparison) -> dict[str, Range]:
    """Path -> range of the volume, and of what comes nearest to closing the gap between the options of the headline.

    Ranked once for all who look at this very scenario with the same ranges.
    """
    return opened.scenario.once(("levers", *opened.ranges.items()), lambda: _ranked(opened, comparison))


def _ranked(opened: Opened, comparison: Comparison) -> dict[str, Range]:
    scenario, names = opened.scenario, named(comparison)
    spread = ranges(scenario, opened.ranges)
    volume, bounds = spread.pop(VOLUME), numbers(scenario)[VOLUME]
    best, *others = names
    metric = metrics.saving(others[0], best) if others else metrics.net_present_cost(best)
    found = tornado(scenario, drawable(scenario, spread), metric)
    least = [np.nanmin((found.base, bar.at_low, bar.at_high)) if others else 0 for bar in found.bars]
    bars = [found.bars[i] for i in np.argsort(least, kind="stable")]
    strongest: dict[str, str] = {}  # field -> the path where it moves most: sliders for different matters
    for bar in bars:
        if bar.swing > 0:
            strongest.setdefault(bar.path.rpartition(".")[2], bar.path)
    wide = replace(
        volume,
        low=max(volume.low / VOLUME_REACH, bounds.low),
        high=min(volume.high * VOLUME_REACH, bounds.high),
    )
    return {VOLUME: wide, **{path: spread[path] for path in [*strongest.values()][: COUNT - 1]}}
