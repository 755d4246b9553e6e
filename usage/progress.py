"""How far a long read is, and what it has found until then."""

from collections.abc import Callable
from dataclasses import dataclass

from costmodel.numerals import numeral
from intake.fields import shown


@dataclass(frozen=True)
class Progress:
    """Of one file: the rows read so far, tokens in them, and the share of it that was read; None where not known."""

    name: str
    rows: int
    input_tokens: float | None = None
    output_tokens: float | None = None
    share: float | None = None

    def told(self) -> str:
        """A line for whoever waits."""
        tokens = {"in": self.input_tokens, "out": self.output_tokens}
        told = [] if self.share is None else [f"{self.share * 100:.0f} % read"]
        told += [f"{numeral(self.rows, ',')} rows"]
        told += [f"{numeral(number, ',.0f')} tokens {way}" for way, number in tokens.items() if number is not None]
        return f"{shown(self.name)}: {', '.join(told)} so far"


Watch = Callable[[Progress], None]  # what it raises stops the reading
