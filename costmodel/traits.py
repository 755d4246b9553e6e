"""What words, files and catalogues ask of an option, so that nobody asks what kind it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from costmodel.arrays import Array, Value
from costmodel.serving import Serving

if TYPE_CHECKING:
    from costmodel.option import Option


class PriceDecline(NamedTuple):
    """Prices that are assumed to fall by the year: the field that says so, what they are of, and how much they fall."""

    field: str
    of: str
    per_year: float


class SharesToTry(NamedTuple):
    """Splits of the demand among which one costs least: `shares` of the parts, shape (splits, parts).

    `fields` take the first columns; with one part `of` says what it is a share of.
    """

    fields: Sequence[str]
    shares: Array
    of: str = ""


class Traits:
    """Answers of an option about itself alone, not about those that it hands demand on to; defaults say 'nothing'."""

    catalogues: ClassVar[tuple[str, ...]] = ()  # names of those that it is chosen from and that write its fields

    @classmethod
    def counts_tokens(cls) -> bool:
        """Whether it has a model of its own, with `token_ratio`, `reasoning_frac` and `attempts_ratio` of its own."""
        return False

    def serves_itself(self) -> bool:
        """Whether it serves a model itself, with people, governance and a launch of its own."""
        return False

    def model_name(self) -> str:
        """The model that it rents or serves; empty where it names none."""
        return ""

    def gpu_serving(self) -> Serving | None:
        """How a model is served on GPUs, owned or rented; None where there are none to size.

        With it go the fields `serving`, `gpus_per_server` and `minimum_servers`, which sizing reads.
        """
        return None

    def rents_tokens(self) -> bool:
        """Whether it is on the terms of an API: prices by the million tokens, a rate limit, transfer."""
        return False

    def rate_limits(self) -> Mapping[str, Value]:
        """Field -> tokens per second that a provider lets the account use; empty where what runs decides."""
        return {}

    def says_what_it_carries(self) -> bool:
        """Whether it is known how many requests it takes."""
        return True

    def lock_in_months(self) -> int:
        """Longest commitment or life of hardware that it enters into."""
        return 0

    def bridged_months(self) -> int:
        """Months for which another option stands in for it."""
        return 0

    def seller(self) -> str:
        """The provider that charges for what is sold; empty where that is nobody or several."""
        return ""

    def bought(self) -> str:
        """The model, product, instance or server that is paid for; empty where it names none."""
        return ""

    def priced_by(self) -> Mapping[str, str]:
        """Field -> what it is the price of, of the prices that are told first; empty where others charge."""
        return {}

    def negotiated_discount(self) -> Value | None:
        """Share off the list price that was agreed on what is bought; None where none can be."""
        return None

    def list_price_ratio(self, line: str) -> float:
        """List price of a cost line relative to what is paid: before a discount, on demand instead of committed."""
        return 1.0

    def interruptible(self, line: str) -> bool:
        """Whether some of what a cost line pays for is sold cheaper because it can be taken away."""
        return False

    def paid_round_the_clock(self) -> bool:
        """Whether GPUs are paid for in every hour, whatever the hours of operation."""
        return False

    def stored_gb(self) -> Value | None:
        """GB that are kept and paid for by the month; None where nothing is."""
        return None

    def price_decline(self) -> PriceDecline | None:
        """How rented prices move by the year; None where they are not rented."""
        return None

    def has_announced_prices(self) -> bool:
        """Whether a later price list, `announced` beside today's `prices`, is known."""
        return False

    def variations(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(what it is then, field -> value) of other terms that could be agreed for the same option."""
        return iter(())

    @classmethod
    def mixtures(cls, options: Mapping[str, Option], ranking: Sequence[str]) -> Iterator[tuple[str, Option]]:
        """(what it is, option) of this kind that could be made of `options`; `ranking`: slugs, the cheapest first."""
        return iter(())

    def shares_to_try(self, scenario: Any, steps: int = 0) -> SharesToTry | None:
        """Splits of the scenario's demand among its parts, in so many steps or the usual; None where it has none."""
        return None
