"""Which inputs are worth a slider or a line of the brief: what the verdict hangs on most."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from answers.volume import VOLUME
from costmodel.fields import Number
from costmodel.uncertainty.ranges import Range
from costmodel.uncertainty.tornado import Tornado

COUNT = 5
VOLUME_REACH = 1000  # the lever for the volume goes this many times beyond its range: break-even may lie far away


def levers(ranges: Mapping[str, Range], gap: Tornado, bounds: Number, *, closing: bool) -> dict[str, Range]:
    """Path -> range of the volume, within its bounds, and of what comes nearest to closing the gap, if it is one.

    What is no gap between options is ranked by what moves it most. Sliders are for different matters.
    """
    ends = np.array([(gap.base, bar.at_low, bar.at_high) for bar in gap.bars]).reshape(-1, 3)
    least = np.nanmin(ends, axis=1) if closing else np.zeros(len(ends))
    strongest: dict[str, str] = {}  # field -> the path where it moves most
    for bar in (gap.bars[i] for i in np.argsort(least, kind="stable")):
        if bar.swing > 0 and bar.path != VOLUME:
            strongest.setdefault(bar.path.rpartition(".")[2], bar.path)
    volume = ranges[VOLUME]
    wide = replace(
        volume,
        low=max(volume.low / VOLUME_REACH, bounds.low),
        high=min(volume.high * VOLUME_REACH, bounds.high),
    )
    return {VOLUME: wide, **{path: ranges[path] for path in [*strongest.values()][: COUNT - 1]}}
