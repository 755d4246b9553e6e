"""A base of one's own for the steady part of the load, and rented capacity for what rises above it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from operator import add
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from costmodel.arrays import Array, Value
from costmodel.combination import Member, carried_together, check_members, combined, standalone
from costmodel.demand import Task, attempts, peak_ratio, served_frac, task_peak_ratio
from costmodel.errors import At, Named, ScenarioError
from costmodel.fields import Number, Text
from costmodel.option import Deferred, Option, Result, serves
from costmodel.option import costs as costs_of
from costmodel.quantity import is_off, quantity
from costmodel.scenario import Scenario
from costmodel.sizing import peak_carried_ratio, with_standby
from costmodel.traits import SharesToTry
from costmodel.units import ROUNDING_TOLERANCE, percent, rounded_down

NO_LIMIT_SERVERS = 10_000
STEPS = 100  # of the owned share when the cheapest is looked for: percent by percent
OWNED_SHARES = (0.25, 0.5, 0.75, 1.0)  # that are proposed


class Hybrid(Option):
    """Servers owned or reserved for part of the peak; an option that is paid by use takes the overflow."""

    title: ClassVar[str] = "Hybrid"

    kind: Literal["hybrid"]
    base_option: Annotated[Text, Field(description="Option whose servers carry the steady part of the load.")]
    overflow_option: Annotated[Text, Field(description="Pay-as-you-go option that takes what rises above it.")]
    owned_capacity_frac: Annotated[
        float,
        Number(
            "share",
            0,
            1,
            "Capacity wanted on the base, relative to the peak of each month; never less than the sensitive share.",
            label="Capacity wanted on the base",
        ),
    ]
    most_servers: Annotated[
        int,
        Number(
            "servers",
            1,
            NO_LIMIT_SERVERS,
            "Servers or instances of the base at the most, beside what stands by: what they do not carry overflows, "
            "but for the sensitive share; 10,000 is no limit.",
            whole=True,
            unlimited=True,
            label="Servers of the base at the most",
        ),
    ]

    def relies_on(self) -> Mapping[str, str]:
        """Base and overflow."""
        return {"base_option": self.base_option, "overflow_option": self.overflow_option}

    def serving_parts(self) -> tuple[str, ...]:
        """The base and, unless it carries every peak, the overflow."""
        overflows = np.any(self.owned_capacity_frac < 1) or np.any(self.most_servers < NO_LIMIT_SERVERS)
        return (self.base_option, self.overflow_option) if overflows else (self.base_option,)

    def owns_hardware(self, options: Mapping[str, Option]) -> bool:
        """As the base does."""
        return options[self.base_option].owns_hardware(options)

    @classmethod
    def candidates(cls, options: Mapping[str, Option]) -> Mapping[str, Sequence[str]]:
        """Bases have servers of their own for the peak, overflows are paid by use."""
        return {
            "base_option": [slug for slug in standalone(options) if _keeps_servers(options[slug])],
            "overflow_option": [slug for slug in standalone(options) if options[slug].bridges()],
        }

    def check(self, slug: str, scenario: Scenario) -> None:
        """Refuse a base without servers for the peak, and an overflow that is not paid by use."""
        check_members(slug, scenario)
        if not _keeps_servers(scenario.options[self.base_option]):
            raise ScenarioError(
                "{path} names {member}, which keeps no servers for a share of the peak: name own servers, or GPUs that "
                "are always on or reserved.",
                path=At(f"options.{slug}.base_option"),
                member=Named(self.base_option),
            )
        if not scenario.options[self.overflow_option].bridges():
            raise ScenarioError(
                "{path} names {member}, which is not paid by use: name a token API or GPUs on demand.",
                path=At(f"options.{slug}.overflow_option"),
                member=Named(self.overflow_option),
            )

    def variations(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """More and less of the peak on the base."""
        for share in OWNED_SHARES:
            yield f"{percent(share)} of the peak on the base", {"owned_capacity_frac": share}

    @classmethod
    def mixtures(cls, options: Mapping[str, Option], ranking: Sequence[str]) -> Iterator[tuple[str, Option]]:
        """Each base for part of the peak, the cheapest overflow of each kind above it, but for pairs that are there."""
        known = {tuple(option.relies_on().values()) for option in options.values() if isinstance(option, cls)}
        roles, above = cls.candidates(options), dict[str, str]()
        for slug in (slug for slug in ranking if slug in roles["overflow_option"]):
            above.setdefault(options[slug].kind, slug)
        for base, rest in product(roles["base_option"], above.values()):
            if base == rest or (base, rest) in known:
                continue
            for share in OWNED_SHARES[:-1]:  # all of it is the base alone
                named = {"kind": "hybrid", "label": "Mixture", "base_option": base, "overflow_option": rest}
                what = f"{options[base].label} for {percent(share)} of the peak, {options[rest].label} above"
                yield what, cls(**named, owned_capacity_frac=share, most_servers=NO_LIMIT_SERVERS)

    def shares_to_try(self, scenario: Scenario, steps: int = 0) -> SharesToTry:
        """From the sensitive share, below which the base cannot go, to all of the peak."""
        shares = np.linspace(scenario.workload.sensitive_frac, 1, (steps or STEPS) + 1)
        return SharesToTry(
            ["owned_capacity_frac"], shares[:, np.newaxis], f"of the peak on {scenario.options[self.base_option].label}"
        )


def _keeps_servers(option: Option) -> bool:
    """Whether the option keeps servers for the peak that it is given, whatever the load of the hour."""
    return hasattr(option, "serving") and getattr(option, "billing", "always_on") != "autoscaled"


@quantity("ratio", "Capacity wanted on the base")
def wanted_capacity(task: Task[Hybrid]) -> Array:
    """Capacity that the base shall have, in units of the mean load: the wanted share of the peak of each month.

    No more than its most servers carry, but at least the peak of the sensitive requests, which follow the same hours as
    the rest and go to the base first.
    """
    option, workload = task.option, task.scenario.workload
    wanted: Value = option.owned_capacity_frac
    if not is_off(option.most_servers, NO_LIMIT_SERVERS):
        limited = option.most_servers < NO_LIMIT_SERVERS
        wanted = np.minimum(wanted, np.where(limited, _carried_at_most(task), 1))
    return np.maximum(wanted, workload.sensitive_frac) * peak_ratio(task.scenario)


def _carried_at_most(task: Task[Hybrid]) -> Array:
    """Share of the peak of each month that the most servers of the base carry, in whole replicas. Shape (..., T+1)."""
    base = task.handed(task.scenario.options[task.option.base_option])
    serving = base.option.serving
    each = max(serving.gpus_per_replica / base.option.gpus_per_server, 1)  # servers that one replica spans
    most: Any = task.option.most_servers
    servers = most if serving.fractional_replicas else rounded_down(most / each) * each
    return peak_carried_ratio(base, with_standby(base, servers))


@quantity("ratio", "Capacity of the base")
def base_capacity(task: Task[Hybrid]) -> Array:
    """Load up to which the base serves in each month, in units of the mean load: what its whole servers can carry.

    Never less than wanted: until its servers are delivered the base serves that much through its own bridge. Spare
    replicas are no capacity. Shape (..., T+1).
    """
    base = task.scenario.options[task.option.base_option]
    sized = task.handed(base, high=wanted_capacity(task))
    carried = peak_carried_ratio(sized, costs_of(sized).quantities["servers"]) * peak_ratio(task.scenario)
    return np.maximum(wanted_capacity(task), carried)


@serves(Hybrid)
def costs(task: Task[Hybrid]) -> Result:
    """The base on the load up to its capacity, the overflow on what lies above it; one team for both.

    Without any capacity wanted, the base and its fixed lines are absent; where the base carries every peak, so is the
    overflow. Assumes that requests move to the overflow at once and unnoticed; real ones queue first, so the overflow
    is a little smaller and answers in busy hours a little slower. Until delivery the base's own bridge serves for it,
    and nobody when it has none.
    """
    options, option = task.scenario.options, task.option
    base = task.handed(options[option.base_option], high=base_capacity(task), sensitive_share=1)
    above = task.handed(options[option.overflow_option], low=base_capacity(task), sensitive_share=0)
    overflowing = (attempts(above) * (task_peak_ratio(above) > ROUNDING_TOLERANCE)).max(axis=-1, keepdims=True) > 0
    members = [
        Member(base.option, costs_of(base), present=wanted_capacity(task) > 0),
        Member(above.option, costs_of(above), present=overflowing),
    ]
    result = combined(task, members)

    def quantities() -> dict[str, Value]:
        return {**result.quantities, "base_frac": served_frac(base)}

    return replace(result, quantities=Deferred(quantities, **carried_together(members, add)))
