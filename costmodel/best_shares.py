"""The cheapest share: how much of the peak a hybrid should own, and how a multi-cloud should split its requests."""

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

import numpy as np

from costmodel.arrays import Array
from costmodel.comparison import compare
from costmodel.errors import At, ScenarioError
from costmodel.option import Option
from costmodel.options.hybrid import Hybrid
from costmodel.options.multi_cloud import MultiCloud
from costmodel.scenario import Scenario
from costmodel.units import ROUNDING_TOLERANCE

Kind = TypeVar("Kind", bound=Option)

POINTS = 101  # shares of a hybrid that are tried: percent by percent
STEPS = 20  # of a provider's share in a mix: 5 % each, and the least share itself


class ShareCurve(NamedTuple):
    """Net present cost, USD, of a hybrid by the share of the peak wanted on its base; whole servers make steps.

    `best` is the smallest of the shares with the least cost.
    """

    shares: Array
    costs: Array
    best: float


class Mixes(NamedTuple):
    """Net present cost, USD, of a multi-cloud by the shares of its providers, (mixes, providers); `best` is a row."""

    shares: Array
    costs: Array
    best: Array


def cheapest_share(scenario: Scenario, slug: str, points: int = POINTS) -> ShareCurve:
    """The owned share of a hybrid that costs least, with the curve around it, in one run of the engine.

    From the sensitive share, below which the base cannot go, to all of the peak. Between two points the cost may step
    down once more, by at most what one server costs.
    """
    _of_kind(scenario, slug, Hybrid)
    shares = np.linspace(scenario["workload.sensitive_frac"], 1, points)
    costs = _costs(scenario, slug, {"owned_capacity_frac": shares})
    return ShareCurve(shares, costs, float(shares[np.argmin(costs)]))


def cheapest_mix(scenario: Scenario, slug: str, steps: int = STEPS) -> Mixes:
    """The cheapest of the splits in which at least two providers have the least share that the option asks for."""
    option = _of_kind(scenario, slug, MultiCloud)
    least, first = option.least_frac, np.linspace(0, 1, steps + 1)
    first = np.unique([*first, least, 1 - least, 1 - least - least])
    if not option.third_option:
        mixes = np.stack([first, 1 - first], axis=-1)
    else:
        one, two = (axis.ravel() for axis in np.meshgrid(first, first, indexing="ij"))
        mixes = np.stack([one, two, np.maximum(1 - one - two, 0)], axis=-1)
        mixes = mixes[one + two <= 1 + ROUNDING_TOLERANCE]
    enough = (mixes >= max(least - ROUNDING_TOLERANCE, ROUNDING_TOLERANCE)).sum(axis=-1) > 1
    mixes = mixes[enough]
    varied = dict(zip(("first_frac", "second_frac"), mixes[:, : mixes.shape[1] - 1].T, strict=False))
    costs = _costs(scenario, slug, varied)
    return Mixes(mixes, costs, mixes[np.argmin(costs)])


def _of_kind(scenario: Scenario, slug: str, record: type[Kind]) -> Kind:
    option = scenario.options.get(slug)
    if not isinstance(option, record):
        raise ScenarioError("{path} must be an option of the kind {kind}.", path=At(f"options.{slug:.60}"),
                            kind=record.title)  # fmt: skip
    return option


def _costs(scenario: Scenario, slug: str, fields: Mapping[str, Array]) -> Array:
    """Net present cost of the option for each value of its fields, which are varied together. Shape (values,)."""
    changes = {f"options.{slug}.{field}": values[:, np.newaxis] for field, values in fields.items()}
    costs = compare(scenario.vary(changes))[slug].net_present_cost_usd
    return np.broadcast_to(costs, next(iter(fields.values())).shape)
