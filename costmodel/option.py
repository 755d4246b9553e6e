"""What every deployment option has, and the register of the kinds there are.

A kind is one file in `options/`: its record (a subclass of `Option`) and one function `costs(task) -> Result`,
tied together by `@serves(Record)`. Nothing else needs to know that it exists.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import Field

from costmodel.caching import cached_property
from costmodel.fields import Label, Number, Record, Text
from costmodel.groups import Governance, Guardrails, Launch, Retrieval, Staff, Tuning
from costmodel.traits import Traits

Costs = TypeVar("Costs", bound=Callable[..., "Result"])  # from a task of its own kind to lines and quantities

KINDS: dict[str, type["Option"]] = {}
COSTS: dict[str, Callable[[Any], "Result"]] = {}


class Option(Traits, Record):
    """A way to serve the workload. Subclasses give `title`, the literal field `kind` and their own terms."""

    title: ClassVar[str]

    kind: str
    label: Label

    def relies_on(self) -> Mapping[str, str]:
        """Field -> slug, for each field that names another option of the scenario."""
        return {}

    @classmethod
    def candidates(cls, options: Mapping[str, "Option"]) -> Mapping[str, Sequence[str]]:
        """Field -> slugs among `options` that it may name, for each field that names another option; '' is nobody."""
        return {}

    def owns_hardware(self, options: Mapping[str, "Option"]) -> bool:
        """Whether the option, or one of `options` that it hands its demand on to, buys or leases hardware."""
        return False

    def serving_parts(self) -> tuple[str, ...]:
        """Slugs of the other options that serve a part of its demand, for a while or for good."""
        return tuple(self.relies_on().values())

    def months_until_serving(self, options: Mapping[str, "Option"]) -> int:
        """Months from the decision until all users are served, by the option itself or by what stands in for it."""
        return max((options[slug].months_until_serving(options) for slug in self.serving_parts()), default=0)

    def runs_already(self, options: Mapping[str, "Option"]) -> bool:
        """Whether it serves its users today, so that there is no way there to pay for; one of others: if all do."""
        parts = self.relies_on().values()
        return any(parts) and all(options[slug].runs_already(options) for slug in parts)

    def bridges(self) -> bool:
        """Whether the option can stand in for another until that is delivered: paid by use, at once, without a term."""
        return False

    def longest_request_tokens(self) -> float:
        """Tokens of the longest request that its own model takes; 0 where it has none, or nobody knows."""
        return 0

    def check(self, slug: str, scenario: Any) -> None:
        """Raise ScenarioError when the option's fields do not fit each other or the scenario."""


class StandaloneOption(Option):
    """An option that serves a model itself, with the people and rules that takes; others hand their demand on."""

    runs_today: Annotated[
        bool,
        Field(
            description="It serves its users today: no launch, no assessment, nobody to hire and no delivery to wait "
            "for at the start. Own servers are still charged, at their price: enter what they would fetch."
        ),
    ]
    token_ratio: Annotated[
        float,
        Number(
            "ratio",
            0.1,
            10,
            "Tokens this model needs for the same text, relative to the workload's figures.",
            label="Tokens relative to the workload's",
        ),
    ]
    reasoning_frac: Annotated[
        float,
        Number(
            "share",
            0,
            0.95,
            "Share of the tokens that the model writes which is hidden thinking; billed and computed as output.",
            label="Hidden thinking, share of output",
        ),
    ]
    attempts_ratio: Annotated[
        float,
        Number(
            "ratio",
            1,
            20,
            "Attempts until an answer is good enough; a weaker model needs more.",
            label="Attempts per answer",
        ),
    ]
    context_window_tokens: Annotated[
        float,
        Number(
            "tokens",
            0,
            1e9,
            "Longest request that the model takes, input and output together; 0 is not known.",
            label="Longest request",
            unknown=True,
        ),
    ]
    region: Annotated[Text, Field(description="Region in which the data is processed; empty: not stated.")]
    network_latency_ms: Annotated[
        float, Number("ms", 0, 10000, "Round trip between the user and the option.", label="Network latency")
    ]
    brings_application: Annotated[
        bool, Field(description="The option is the application too, so that none has to be built in front of it.")
    ]
    model_refused: Annotated[
        bool,
        Field(
            description="Its model is not good enough for this work; so is every option that the same model serves in."
        ),
    ]
    staff: Staff
    governance: Governance
    launch: Launch
    tuning: Tuning
    retrieval: Retrieval
    guardrails: Guardrails

    @classmethod
    def counts_tokens(cls) -> bool:
        """Its model has tokens of its own."""
        return True

    def serves_itself(self) -> bool:
        """Others hand their demand on to it."""
        return True

    def runs_already(self, options: Mapping[str, "Option"]) -> bool:
        """As its switch says."""
        return self.runs_today

    def servers_kept(self, task: Any) -> Any:
        """Servers by month that the option keeps for `task`, which staff looks after; none where none are its own."""
        return 0

    def longest_request_tokens(self) -> float:
        """The context window of the model."""
        return self.context_window_tokens


class Deferred(Mapping[str, Any]):
    """A mapping that is worked out when somebody looks into it: draws ask for costs, and few ask for quantities.

    What is `alone`, by name, is worked out without the rest: draws ask for whether the peak is carried.
    """

    def __init__(self, work_out: Callable[[], Mapping[str, Any]], **alone: Callable[[], Any]) -> None:
        self._work_out, self._alone = work_out, alone
        self._known: dict[str, Any] = {}

    @cached_property
    def _entries(self) -> Mapping[str, Any]:
        return {**self._work_out(), **{name: self[name] for name in self._alone}}

    def __getitem__(self, name: str) -> Any:
        if name not in self._alone:
            return self._entries[name]
        if name not in self._known:
            self._known[name] = self._alone[name]()
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._alone or name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


@dataclass(frozen=True)
class Result:
    """What an option costs and needs: `lines` in USD by cost line, `quantities` in their own units.

    Every array ends in the time axis: column 0 is today, columns 1 to T are month ends. Costs are positive; quantities
    may be `Deferred`. `parts` are (record, lines) where the lines follow the contract terms of other records than the
    option: together the lines.
    """

    lines: Mapping[str, Any]
    quantities: Mapping[str, Any] = field(default_factory=dict)
    parts: Sequence[tuple[Any, Mapping[str, Any]]] = ()


def serves(record: type[Option]) -> Callable[[Costs], Costs]:
    """Register `record` and the decorated function as a kind of option."""
    (kind,) = get_args(record.model_fields["kind"].annotation)

    def register(costs: Costs) -> Costs:
        KINDS[kind], COSTS[kind] = record, costs
        return costs

    return register


def costs(task: Any) -> Result:
    """Lines and quantities of the task's option for the demand it is given."""
    return COSTS[task.option.kind](task)
