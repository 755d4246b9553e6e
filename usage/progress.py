"""How far a long read is, and what it has found until then."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """Of one file: the rows read so far, tokens in them, and the share of it that was read; None where not known."""

    name: str
    rows: int
    input_tokens: float | None = None
    output_tokens: float | None = None
    share: float | None = None


Watch = Callable[[Progress], None]  # what it raises stops the reading
