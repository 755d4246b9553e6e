"""The number that a line leaves out, from the others and the list price; with all of them, what the bill has beyond."""

import dataclasses
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from costmodel.errors import Amount, ScenarioError, Unit
from costmodel.fields import number_of
from costmodel.settings import Workload
from pricing.bills import MetBill
from usage.list_prices import BATCH, LISTS, at
from usage.one_line import NAMES, Line
from usage.row import MEASURES
from usage.tally import Cell, Key
from usage.today import SLUG, Today

MOST_BATCH = number_of(Workload, "batch_frac").high
NEEDED = ("spent_usd", "requests", "input", "output")
FIELDS = {
    "requests": "requests_per_month",
    "input": "input_tokens_per_request",
    "output": "output_tokens_per_request",
    "cached": "cached_input_frac",
}


@dataclass(frozen=True)
class Solved:
    """A line with nothing missing. `solved`: the number that followed from the others, or empty; `guessed`: that of the
    cache, from which nothing follows. `list_usd`: a month at list price less the stated discount, USD."""

    line: Line
    solved: str
    guessed: bool
    list_usd: float

    @property
    def unexplained_usd(self) -> float:
        """What is paid beyond it; 0 where that is how a number was found."""
        return 0.0 if self.solved else self.line.spent_usd - self.list_usd

    @property
    def undiscounted_usd(self) -> float:
        """A month at list price before the stated discount, USD."""
        return self.list_usd / (1 - (self.line.discount or 0.0))

    @staticmethod
    def of_workload(line: Line) -> dict[str, float]:
        """Fields of the workload that a line gives; cache writes and batch that it does not speak of are none of it."""
        values = {field: getattr(line, name) for name, field in FIELDS.items()}
        return values | {"cache_write_frac": 0.0, "batch_frac": min(line.batch or 0.0, MOST_BATCH)}

    def today(self, source: str) -> Today:
        """What runs today.

        What is read from a cache was long enough for it; where all is batch, what the model takes for batch at the most
        has a discount that is as much higher.
        """
        line, values = self.line, self.of_workload(self.line)
        batch = values["batch_frac"]
        prices = {"cache.least_tokens": 0.0} if line.cached else {}
        if batch < (line.batch or 0.0):
            prices |= {f"{of}.{name}": min(getattr(getattr(line.price, of), name) * line.batch / batch, 1.0)
                       for of in LISTS for name in BATCH}  # fmt: skip
        met = MetBill(SLUG, line.spent_usd, self.undiscounted_usd, source=source)
        bill = None if self.solved == "spent_usd" else met
        return Today(values, source, line.price, prices, bill, line.discount, line.terms)


def solve(line: Line, cached: float) -> Solved:
    """The line with its missing number; `cached` is taken for an unsaid share from a cache where the bill tells none.

    Raises ScenarioError with one sentence where two numbers are missing, or none would do.
    """
    missing = [name for name in NEEDED if getattr(line, name) is None]
    if len(missing) > 1:
        *others, last = (f"the {NAMES[name]}" for name in missing)
        raise ScenarioError(f"Say also {', '.join(others)} and {last}: one of them may be left out.")
    if (line.discount or 0.0) >= 1:
        raise ScenarioError("A discount of 100 % leaves nothing to compare; write a smaller one.")
    guessed = line.cached is None and (bool(missing) or not _a_share_explains(line))
    if guessed:
        line = dataclasses.replace(line, cached=cached)
    wanted = missing[0] if missing else "cached" if line.cached is None else ""
    if wanted:
        line = dataclasses.replace(line, **{wanted: _solution(line, wanted)})
    return Solved(line, wanted, guessed, cost_usd(line))


def cell(line: Line) -> Cell:
    """A month of the line as usage of its model."""
    given, made = line.requests * line.input, line.requests * line.output
    batch = line.batch or 0.0
    known = {
        "requests": line.requests, "input_tokens": given, "cached_read_tokens": given * line.cached,
        "output_tokens": made, "batch_input_tokens": given * batch, "batch_output_tokens": made * batch,
    }  # fmt: skip
    key = Key(None, None, line.price.provider, line.price.model, None)
    return Cell(key, [known.get(name) for name in MEASURES])


def cost_usd(line: Line) -> float:
    """A month of the line at list price, less what it states of discount and batch, USD."""
    parts = at(cell(line), line.price)
    return (parts.total - parts.batch) * (1 - (line.discount or 0.0))


def _a_share_explains(line: Line) -> bool:
    """Whether what is paid lies between all of the input read from a cache and none."""
    all_of_it, none = (cost_usd(dataclasses.replace(line, cached=share)) for share in (1.0, 0.0))
    return all_of_it < none and all_of_it <= line.spent_usd <= none


def _solution(line: Line, wanted: str) -> float:
    """The value at which the line costs what is spent: cost is a straight line in each number, for short requests."""
    if wanted == "spent_usd":
        return cost_usd(line)
    if wanted == "cached":
        return _between(line, wanted, 0.0, 1.0)
    if wanted == "input":  # each price list has a solution of its own; it counts where it is of that length
        marks = (0.0, line.price.long_prices.above_tokens, line.price.longest_prices.above_tokens, inf)
        for start, end in pairwise(marks):
            found = _between(line, wanted, start + 1, start + 2) if start < end else -1.0
            if start < found <= end:
                return _possible(line, wanted, found)
    return _possible(line, wanted, _between(line, wanted, 0.0, 1.0))


def _between(line: Line, wanted: str, low: float, high: float) -> float:
    ends = [cost_usd(dataclasses.replace(line, **{wanted: value})) for value in (low, high)]
    slope = (ends[1] - ends[0]) / (high - low)
    return low + (line.spent_usd - ends[0]) / slope if slope else -1.0


def _possible(line: Line, wanted: str, found: float) -> float:
    most = {"input": 2e6, "output": 2e5, "requests": 1e12}[wanted]
    if 1.0 <= found <= most:
        return found
    ends = sorted(round(cost_usd(dataclasses.replace(line, **{wanted: value}))) for value in (1.0, most))
    amounts = dict(zip(("low", "high", "spent"), (*ends, line.spent_usd), strict=True))
    reach = "{low} to {high}" if ends[0] < ends[1] else "{low}"
    raise ScenarioError(
        f"Nothing fits as the {NAMES[wanted]}: at list price this costs {reach} {{unit}} a month, and not "
        "{spent} {unit}; state it too, and the difference is told.",
        **{name: Amount(value, "USD") for name, value in amounts.items()},
        unit=Unit("USD"),
    )
