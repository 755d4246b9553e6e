"""What pairs have in common: a pair's constants are those of its class, its GPU and its model, each with a spread.

A pair is a (model, precision, GPU). Shares of the hardware's figures are fitted as their logits, so that none exceeds
1; times as their logarithms, so that none is below 0.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from pricing.facts import Gpu, OpenModel, named

SHARES = (
    "bandwidth_utilization_frac",
    "cache_bandwidth_utilization_frac",
    "compute_utilization_frac",
    "prefill_utilization_frac",
)
TIMES = ("step_overhead_ms", "layer_sync_us", "sequence_overhead_us")
CONSTANTS = SHARES + TIMES
TYPICAL = (0.7, 0.6, 0.3, 0.45, 3, 8, 20)  # where nothing is known; everything may move away by SPREAD["all"]
LAYERS = 64  # of the model that TYPICAL is of
# Standard deviations by level of what pairs share, in the order of CONSTANTS.
SPREAD = {
    "all": (0.5, 0.5, 0.7, 0.5, 0.6, 0.6, 0.8),
    "kind": (0.5, 0.5, 0.7, 0.5, 0.5, 0.5, 0.6),
    "generation": (0.3, 0.3, 0.4, 0.3, 0.3, 0.3, 0.4),
    "gpu": (0.15, 0.15, 0.15, 0.15, 0.15, 0.15, 0.15),
    "model": (0.3, 0.4, 0.5, 0.4, 0.35, 0.4, 0.5),
    "precision": (0.2, 0.2, 0.3, 0.2, 0.2, 0.2, 0.3),
    "pair": (0.25, 0.25, 0.3, 0.25, 0.3, 0.3, 0.3),
}


@dataclass(frozen=True)
class Pair:
    """A model in a precision on a GPU; a `model` or `precision` of "" stands for any of its kind."""

    model: str
    precision: str
    gpu: str
    kind: str

    def levels(self) -> dict[str, tuple[str, ...] | None]:
        """What the pair shares at each level with pairs of the same value; None: with none."""
        generation = named(Gpu, self.gpu).generation
        return {
            "all": (),
            "kind": (self.kind,),
            "generation": (self.kind, generation),
            "gpu": (self.gpu,),
            "model": (self.model,) if self.model else None,
            "precision": (self.model, self.precision) if self.model and self.precision else None,
            "pair": (self.model, self.precision, self.gpu) if self.model and self.precision else None,
        }


def pair_of(model: str, precision: str, gpu: str) -> Pair:
    """The pair of that model, precision and GPU."""
    return Pair(model, precision, gpu, kind_of(model))


@cache
def kind_of(model: str) -> str:
    """Whether a model is dense or a mixture of experts."""
    return "mixture" if named(OpenModel, model).experts else "dense"


def typical(pairs: list[Pair]) -> np.ndarray:
    """Where pairs start from, transformed, shape (pairs, constants). A step's fixed time is in proportion to layers."""
    start = np.tile(inverse(np.array(TYPICAL)), (len(pairs), 1))
    layers = [named(OpenModel, pair.model).layers if pair.model else LAYERS for pair in pairs]
    start[:, CONSTANTS.index("step_overhead_ms")] += np.log(np.array(layers) / LAYERS)
    return start


def covariance(some: list[Pair], others: list[Pair]) -> np.ndarray:
    """Prior covariance of the transformed constants, shape (constants, some, others)."""
    total = np.zeros((len(CONSTANTS), len(some), len(others)))
    levels, other_levels = [pair.levels() for pair in some], [pair.levels() for pair in others]
    for level, spread in SPREAD.items():
        code: dict[tuple[str, ...] | None, int] = {}
        left = np.array([-1 if key[level] is None else code.setdefault(key[level], len(code)) for key in levels])
        right = np.array([-2 if key[level] is None else code.setdefault(key[level], len(code)) for key in other_levels])
        total += np.square(spread)[:, None, None] * (left[:, None] == right[None, :])
    return total


def inverse(constants: np.ndarray) -> np.ndarray:
    """Transformed constants of constants; the last axis is the constants'."""
    shares, times = constants[..., : len(SHARES)], constants[..., len(SHARES) :]
    return np.concatenate([np.log(shares / (1 - shares)), np.log(times)], axis=-1)


def constants_of(transformed: np.ndarray) -> dict[str, np.ndarray]:
    """Constants by name from their transformed values, whose last axis is the constants'."""
    shares = 1 / (1 + np.exp(-transformed[..., : len(SHARES)]))
    values = np.concatenate([shares, np.exp(transformed[..., len(SHARES) :])], axis=-1)
    return {name: values[..., index] for index, name in enumerate(CONSTANTS)}
