"""Which values of a number are looked at: evenly on its axis, in equal ratios where its ends are far apart."""

import numpy as np

from costmodel.arrays import Array

LOG_FROM = 20  # ends further apart than this factor are shown in equal ratios


def logarithmic(low: float, high: float) -> bool:
    """Whether two ends are so far apart that only ratios can be seen."""
    return low > 0 and high / low >= LOG_FROM


def evenly(low: float, high: float, points: int) -> Array:
    """So many values from one end to the other. Shape (points,)."""
    return np.geomspace(low, high, points) if logarithmic(low, high) else np.linspace(low, high, points)
