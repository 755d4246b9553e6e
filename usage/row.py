"""One row of any usage or cost file in the terms all of them share."""

from dataclasses import dataclass
from datetime import datetime

MEASURES = (
    "requests",
    "input_tokens",
    "cached_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
    "batch_input_tokens",
    "batch_output_tokens",
    "cost",
    "list_cost",
)


@dataclass(slots=True)
class Row:
    """What a bucket, a request or a line of a bill says. None: it does not say, which is not zero.

    start: beginning of the bucket or request, UTC. bucket_s: length of the bucket in seconds, 0 for one request.
    requests: successful calls. input_tokens: all input, cached reads and cache writes included, which are parts of it;
    output_tokens: all that was generated, reasoning included, which is a part of it. batch: whether it ran as batch.
    cost: money charged, in `currency`; list_cost: before discounts.
    parts_rule: who wrote the row, where some writers leave cached reads and writes out of input_tokens: when one row
    shows it (its parts exceed its input), they are added to all rows under the same rule; reasoning above the output
    likewise.
    once: what names a request in its file, to count it once. ttl_tokens: cache writes by lifetime. line, line_tokens:
    a line of a bill and the tokens it counts, of a kind that only its name tells. team: who used it, where somebody
    asked for that.
    """

    start: datetime | None
    bucket_s: float | None = None
    provider: str | None = None
    model: str | None = None
    requests: float | None = None
    input_tokens: float | None = None
    cached_read_tokens: float | None = None
    cache_write_tokens: float | None = None
    output_tokens: float | None = None
    reasoning_tokens: float | None = None
    batch: bool | None = None
    cost: float | None = None
    currency: str | None = None
    list_cost: float | None = None
    parts_rule: str | None = None
    once: str | None = None
    ttl_tokens: tuple[tuple[str, float], ...] = ()
    line: str | None = None
    line_tokens: float | None = None
    team: str | None = None

    def measures(self) -> list[float | None]:
        """The numbers in the order of MEASURES."""
        batch = (None, None)
        if self.batch is not None:
            batch = tuple(
                None if tokens is None else tokens if self.batch else 0.0
                for tokens in (self.input_tokens, self.output_tokens)
            )
        return [
            self.requests,
            self.input_tokens,
            self.cached_read_tokens,
            self.cache_write_tokens,
            self.output_tokens,
            self.reasoning_tokens,
            *batch,
            self.cost,
            self.list_cost,
        ]


def added(*values: float | None) -> float | None:
    """The sum of the values that are known, None when none is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
