"""Cost lines: what each is, and the register of the functions that work them out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol, TypeVar, cast

from costmodel.arrays import Value

# groups of lines that a team or a programme causes: one for all options that serve together
OVERHEADS = frozenset({"People", "Tuning", "Governance", "One-time", "Application"})


@dataclass(frozen=True)
class Line:
    """What a cost line is. `nature` decides its place in break-even, `spread_over` its accrual, `usage` the bridge.

    A running line is for the month it stands in or, when paid `in_advance`, for the next one. `spread_over` and
    `starts_after` name fields of the option: the months over which a purchase is accrued, and those that pass before
    that begins. For taxes such a purchase is an asset that is depreciated, unless it is `prepaid`: paid for a time.
    `functions` are those that work it out, one for each way in which kinds of option do.
    """

    label: str
    group: str
    nature: Literal["running", "purchase", "credit", "end_credit"] = "running"
    spread_over: str | None = None
    starts_after: str | None = None
    usage: bool = False
    prepaid: bool = False
    in_advance: bool = False
    functions: tuple["CostLine", ...] = ()

    @property
    def due_in_month(self) -> bool:
        """Whether it is paid within its month, at the start or end as the scenario says, and not on a column's day."""
        return self.nature == "running" and not self.in_advance

    @property
    def overhead(self) -> bool:
        """Whether options that serve together have it once: it is a team's or a programme's, and not paid by use."""
        return self.group in OVERHEADS and not self.usage


ORDER = (  # of lines, for readers and in sums; one that is not here comes after them
    "input_tokens", "cache_reads", "cache_writes", "output_tokens", "cache_storage", "provisioned", "shortfall",
    "seats", "seats_upfront", "unexpired_seats", "gpu_hours", "commitment", "commitment_upfront",
    "unexpired_commitment", "storage", "transfer", "support", "servers", "network_and_storage", "installation",
    "lease", "resale", "residual_value", "decommissioning", "devices", "device_provisioning", "device_resale",
    "device_residual_value", "maintenance", "energy", "colocation", "device_management", "device_energy",
    "federated_energy", "model_updates", "federated_transfer", "federated_aggregation", "licences", "coordination",
    "bridge", "staff", "hiring", "fleet_staff", "training", "ramp_up", "tuning", "tuning_data", "embeddings",
    "vector_search", "reranking", "moderation", "gateway", "application_build", "application_run",
    "application_use", "assessment", "controls", "data_protection", "incident_loss", "migration",
    "parallel_running",
)  # fmt: skip

LINES: dict[str, Line] = {}
T = TypeVar("T")


class CostLine(Protocol):
    """The function of a cost line: what a task's option pays for it, USD by month."""

    __name__: str
    line: str  # its name in LINES
    way: str  # how it differs from other functions of the line

    def __call__(self, task: Any, /) -> Value:
        """USD by column, shape (..., T+1): costs are positive, credits negative."""


def line(
    label: str, group: str, nature: Any = "running", *, way: str = "", **terms: Any
) -> Callable[[Callable[[Any], Value]], CostLine]:
    """Register the function `<name>_usd` of a task as how the line `name` is worked out; the terms are those of `Line`.

    Kinds that work a line out in ways of their own have a function each, in their files, for a line of the same terms;
    `way` tells these apart.
    What another line asks for as well is `remembered`. Raises ValueError where the terms differ.
    """
    told = Line(label, group, nature, **terms)

    def register(function: Callable[[Any], Value]) -> CostLine:
        name, marked = function.__name__.removesuffix("_usd"), cast(CostLine, function)
        known = LINES.get(name, told)
        if marked.__name__ == name or replace(known, functions=()) != told:
            raise ValueError(f"cost line {marked.__name__!r}: end its name in _usd, and say of each line one thing")
        marked.line, marked.way = name, way
        LINES[name] = replace(told, functions=(*known.functions, marked))
        ordered = sorted(LINES.items(), key=lambda entry: ORDER.index(entry[0]) if entry[0] in ORDER else len(ORDER))
        LINES.clear()
        LINES.update(ordered)
        return marked

    return register


def by_group(amounts: Mapping[str, T]) -> dict[str, dict[str, T]]:
    """Group -> line -> its amount, of amounts by line."""
    found: dict[str, dict[str, T]] = {}
    for name, amount in amounts.items():
        found.setdefault(LINES[name].group, {})[name] = amount
    return found


def lines_of(task: Any, *functions: CostLine) -> dict[str, Value]:
    """The lines of the task's option that the functions work out, by name, in the order given."""
    return {each.line: each(task) for each in functions}
