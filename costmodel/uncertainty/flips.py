"""Where the verdict flips: for each number, the nearest value at which another option becomes the cheapest."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from costmodel.scenario import Scenario
from costmodel.uncertainty.metrics import cheapest
from costmodel.uncertainty.ranges import Range, checked
from costmodel.uncertainty.runs import outcomes

POINTS = 16  # values tried from today's to each end, and again within the bracket of a flip
ROUNDS = 7  # of refinement: a bracket shrinks by POINTS each time, to a few billionths of the search
WIDE = 100  # an end further away than this factor is approached in equal ratios, not in equal steps
