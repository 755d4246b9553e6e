"""Several options that serve one demand together: what their parts cost as one, and who may take part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import add
from typing import Any

import numpy as np

from costmodel.arrays import Value
from costmodel.demand import Task
from costmodel.errors import At, Named, ScenarioError
from costmodel.finance import summed
from costmodel.latency import LATENCY
from costmodel.lines import LINES
from costmodel.option import Deferred, Option, Result
from costmodel.overheads import CARRIED
from costmodel.people import POSTS
from costmodel.scenario import Scenario

SUMMED = ("input_tokens", "output_tokens", "servers", "gpus", "energy_kwh", "carbon_kgco2e", "sensitive_leaving_frac")
HIGHEST = ("rate_limit_used", *POSTS)


@dataclass(frozen=True)
class Member:
    """One part of a combination: its result, and the record that holds the contract terms of its lines.

    `present` is 0 in the runs that do without the part, which then costs nothing, and 1 in the others; its last axis,
    if any, has one column.
    """

    terms: Any
    result: Result
    present: Any = 1


def combined(task: Task[Any], members: Sequence[Member]) -> Result:
    """Lines and quantities of the members together, for an option that hands its demand on to them.

    Lines add up, but for people, tuning, governance, one-time work and the application: one team and one programme
    serve all members, so that in each month the largest of the members' overheads counts, line by line. Assumes that
    who can run the most demanding member runs the others beside it, and that members are tuned with the same data; two
    platforms and two models take somewhat more, so overheads are on the low side, and their plain sum would be on the
    high side. Members that pay for retrieval keep an index each, where one might do.
    """
    paid = [{name: amount * member.present for name, amount in member.result.lines.items()} for member in members]
    lines = {}
    for name in dict.fromkeys(chain.from_iterable(paid)):
        amounts = [part[name] for part in paid if name in part]
        lines[name] = reduce(np.maximum if LINES[name].overhead else add, amounts)
    parts = [(member.terms, without_overheads(part)) for member, part in zip(members, paid, strict=True)]
    return Result(lines, Deferred(lambda: _quantities(members)), (*parts, (task.option, overheads(lines))))


def overheads(lines: Mapping[str, Any]) -> dict[str, Any]:
    """`lines` that a team or a programme causes."""
    return {name: amount for name, amount in lines.items() if LINES[name].overhead}


def without_overheads(lines: Mapping[str, Any]) -> dict[str, Any]:
    """`lines` without those that a team or a programme causes."""
    return {name: amount for name, amount in lines.items() if not LINES[name].overhead}


def carried_together(members: Sequence[Member], rule: Callable[..., Value]) -> dict[str, Callable[[], Value]]:
    """`members`' peak that they carry together, by a `rule` of what each carries, for `Deferred`.

    Empty where one of them does not say.
    """
    if not all(CARRIED in member.result.quantities for member in members):
        return {}
    return {CARRIED: lambda: rule(*(member.result.quantities[CARRIED] * member.present for member in members))}


def _quantities(members: Sequence[Member]) -> dict[str, Value]:
    """Sums of what adds up, the highest of what limits, the slowest answer, the utilisation of all servers together."""
    known = [member.result.quantities for member in members]
    every = set(chain.from_iterable(known))
    added = {name: summed(_of(name, known)) for name in SUMMED if name in every}
    met = [{name: value * member.present for name, value in member.result.quantities.items()} for member in members]
    highest = {name: reduce(np.maximum, _of(name, met)) for name in HIGHEST if name in every}
    found = {**added, **highest, **_slowest([each for each in met if "response_time_s" in each])}
    if "utilization" not in every:
        return found
    busy = summed(each["utilization"] * each["servers"] for each in known if "utilization" in each)
    some = added["servers"] > 0
    return {**found, "utilization": np.where(some, busy / np.where(some, added["servers"], 1), 0)}


def _slowest(met: Sequence[Mapping[str, Any]]) -> dict[str, Value]:
    """Response time of the member that answers last in each month, with its parts."""
    slowest, *others = met or [{}]
    for other in others:
        later = other["response_time_s"] > slowest["response_time_s"]
        slowest = {name: np.where(later, other.get(name, 0), slowest.get(name, 0)) for name in LATENCY}
    return {name: slowest[name] for name in LATENCY if name in slowest}


def _of(name: str, known: Sequence[Mapping[str, Any]]) -> list[Value]:
    return [quantities[name] for quantities in known if name in quantities]


def standalone(options: Mapping[str, Option]) -> list[str]:
    """`options` that serve a model themselves and can thus be part of a combination, by slug."""
    return [slug for slug, option in options.items() if option.serves_itself()]


def check_members(slug: str, scenario: Scenario) -> None:
    """`slug` is refused where a member hands its demand on itself, or an option is named twice."""
    named = scenario.options[slug].relies_on()
    for field, member in named.items():
        if not scenario.options[member].serves_itself():
            raise ScenarioError(
                "{path} names {member}, which hands its demand on to other options: name one that serves a model "
                "itself.",
                path=At(f"options.{slug}.{field}"),
                member=Named(member),
            )
        if list(named.values()).count(member) > 1:
            raise ScenarioError("{path} names {member}, which is named twice: name two options.",
                                path=At(f"options.{slug}.{field}"), member=Named(member))  # fmt: skip
