"""One demand spread over two or three providers, and what it takes to keep them side by side."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from costmodel.arrays import Array, Value
from costmodel.combination import Member, carried_together, check_members, combined, standalone
from costmodel.demand import Task, month
from costmodel.errors import Amount, At, ScenarioError
from costmodel.fields import Number, Text
from costmodel.finance import summed
from costmodel.lines import LINES, OVERHEADS, line, lines_of
from costmodel.option import Deferred, Option, Result, serves
from costmodel.option import costs as costs_of
from costmodel.quantity import remembered
from costmodel.scenario import Scenario
from costmodel.traits import SharesToTry
from costmodel.units import ROUNDING_TOLERANCE, percent

STEPS = 20  # of a provider's share when the cheapest mix is looked for: 5 % each, and the least share itself
SPLITS = (0.5, 0.8)  # of the first provider, that are proposed
BILLED = frozenset({"Tokens", "GPU rental", "Seats"})  # groups of what providers charge, by use or under a commitment


class MultiCloud(Option):
    """Shares of the requests over several providers, each with its own prices and commitments."""

    title: ClassVar[str] = "Multi-cloud"

    kind: Literal["multi_cloud"]
    first_option: Annotated[Text, Field(description="First provider.")]
    second_option: Annotated[Text, Field(description="Second provider.")]
    third_option: Annotated[Text, Field(description="Third provider; empty: two are enough.")]
    first_frac: Annotated[
        float, Number("share", 0, 1, "Share of the requests that the first provider serves.", label="First provider")
    ]
    second_frac: Annotated[
        float,
        Number(
            "share",
            0,
            1,
            "Share of the requests that the second provider serves; the third serves the rest, and without a third "
            "the second serves all that the first does not.",
            label="Second provider",
        ),
    ]
    least_frac: Annotated[
        float,
        Number(
            "share",
            0,
            0.5,
            "Share that at least two providers keep when the cheapest mix is looked for, so that either can take over.",
            label="Least share of two providers",
        ),
    ]
    overhead_frac: Annotated[
        float,
        Number(
            "share",
            0,
            1,
            "Duplicate tooling, traffic between providers and lost volume discounts, relative to the providers' bills.",
            label="Overhead on the bills",
        ),
    ]

    def relies_on(self) -> Mapping[str, str]:
        """The providers that are named."""
        named = {"first_option": self.first_option, "second_option": self.second_option}
        return {**named, "third_option": self.third_option} if self.third_option else named

    def owns_hardware(self, options: Mapping[str, Option]) -> bool:
        """Whether one of the members does."""
        return any(options[slug].owns_hardware(options) for slug in self.relies_on().values())

    def serving_parts(self) -> tuple[str, ...]:
        """The providers that have a share."""
        return tuple(slug for slug, share in shares(self).items() if np.any(share > 0))

    @classmethod
    def candidates(cls, options: Mapping[str, Option]) -> Mapping[str, Sequence[str]]:
        """Any options that serve a model themselves; a third is not needed."""
        members = standalone(options)
        return {"first_option": members, "second_option": members[1:] + members[:1], "third_option": ["", *members]}

    def check(self, slug: str, scenario: Scenario) -> None:
        """Refuse shares of more than 1 and a provider that is named twice."""
        check_members(slug, scenario)
        if self.third_option and np.any(self.first_frac + self.second_frac > 1 + ROUNDING_TOLERANCE):
            raise ScenarioError(
                "{first} and {second} add up to {total}, but all requests together are {all}: lower one of them.",
                first=At(f"options.{slug}.first_frac"),
                second=At(f"options.{slug}.second_frac"),
                total=Amount(float(np.max(self.first_frac + self.second_frac)), "share"),
                all=Amount(1, "share"),
            )

    def variations(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Other splits between the first and the second."""
        for share in SPLITS:
            yield f"{percent(share)} at the first", {"first_frac": share, "second_frac": 1 - share}

    def shares_to_try(self, scenario: Scenario, steps: int = 0) -> SharesToTry:
        """Splits in which at least two providers have the least share that is asked for."""
        least, first = self.least_frac, np.linspace(0, 1, (steps or STEPS) + 1)
        first = np.unique([*first, least, 1 - least, 1 - least - least])
        if not self.third_option:
            mixes = np.stack([first, 1 - first], axis=-1)
        else:
            one, two = (axis.ravel() for axis in np.meshgrid(first, first, indexing="ij"))
            mixes = np.stack([one, two, np.maximum(1 - one - two, 0)], axis=-1)
            mixes = mixes[one + two <= 1 + ROUNDING_TOLERANCE]
        enough = (mixes >= max(least - ROUNDING_TOLERANCE, ROUNDING_TOLERANCE)).sum(axis=-1) > 1
        return SharesToTry(["first_frac", "second_frac"][: mixes.shape[1] - 1], mixes[enough])


def shares(option: Any) -> dict[str, Value]:
    """Share of the requests by slug of the provider; together 1."""
    rest = 1 - option.first_frac
    second = option.second_frac if option.third_option else rest
    third = np.maximum(rest - second, 0)
    by_field = {"first_option": option.first_frac, "second_option": second, "third_option": third}
    return {slug: by_field[field] for field, slug in option.relies_on().items()}


@remembered
def providers(task: Task[MultiCloud]) -> dict[str, Member]:
    """Each provider on its share of every hour's requests, by slug; one without a share is absent."""
    options = task.scenario.options
    return {
        slug: Member(options[slug], costs_of(task.handed(options[slug], share=share)), present=(share > 0) * 1)
        for slug, share in shares(task.option).items()
    }


@line("Coordination of several providers", "Support and licences")
def coordination_usd(task: Task[MultiCloud]) -> Value:
    """Overhead on the bills of the providers, unless a single one serves all requests."""
    members = providers(task).values()
    several = summed(member.present for member in members) > 1
    bills = summed(member.present * _bill(task, member.result) for member in members)
    # USD = share * USD
    return task.option.overhead_frac * several * bills


@serves(MultiCloud)
def costs(task: Task[MultiCloud]) -> Result:
    """Each provider on its share of every hour's requests, with one team, and an overhead on their bills.

    A provider without a share is absent, and with a single provider so is the overhead. Assumes that requests are
    spread evenly, so that each provider sees the same peak relative to its mean; a split by application would not.
    """
    members, split = list(providers(task).values()), shares(task.option)
    mix = combined(task, [*members, Member(task.option, Result(lines_of(task, coordination_usd)))])
    carried = carried_together(members, lambda *each: _first_full(each, split.values()))
    return replace(mix, quantities=Deferred(lambda: mix.quantities, **carried))


def _first_full(carried: Iterable[Value], shares: Iterable[Value]) -> Value:
    """Peak that a mix carries while its shares hold: until the first provider is full; one without a share never is."""
    # ratio = 1 / (share / ratio)
    filled = [
        np.where(each > 0, share / np.where(each > 0, each, 1), 0) for each, share in zip(carried, shares, strict=True)
    ]
    fullest = reduce(np.maximum, filled)
    return np.where(fullest > 0, 1 / np.where(fullest > 0, fullest, 1), 0)


def _bill(task: Task[MultiCloud], result: Result) -> Array:
    """USD by month that a provider charges by use and for commitments; credits at the end do not count."""
    billed = [
        amount
        for name, amount in result.lines.items()
        if (LINES[name].usage and LINES[name].group not in OVERHEADS)
        or (LINES[name].group in BILLED and LINES[name].nature != "end_credit")
    ]
    return summed([0 * month(task.scenario), *billed])
