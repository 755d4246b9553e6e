"""Amounts in the reader's currency: the model counts in USD, and at the edge an amount takes the currency shown.

The currency shown is that of the scenario which a page, a deck or a brief tells; whoever begins to tell one says so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from costmodel.numerals import numeral
from pricing.currency import USD, Currency
from pricing.dates import day
from pricing.rates import currencies

SYMBOLS = {"USD": "$", "EUR": "\u20ac", "GBP": "\u00a3", "JPY": "\u00a5"}
NO_CENTS = {"JPY", "KRW", "ISK"}  # ISO 4217, List One: a minor unit of 0
FIGURES = 12  # of an amount that goes there and back: 30,000 stays 30,000
_shown: ContextVar[Currency] = ContextVar("currency shown", default=USD)


def offered_currencies() -> list[str]:
    """Codes of all currencies that amounts can be told in, the commonest first."""
    return [*SYMBOLS, *(code for code in currencies() if code not in SYMBOLS)]


def shown() -> Currency:
    """The currency in which amounts are told at present."""
    return _shown.get()


def show_in(currency: Currency) -> None:
    """Tell amounts in this currency from now on, in this thread."""
    _shown.set(currency)


@contextmanager
def shown_in(currency: Currency) -> Iterator[None]:
    """Tell amounts in this currency within the block."""
    token = _shown.set(currency)
    try:
        yield
    finally:
        _shown.reset(token)


def is_money(unit: str) -> bool:
    """Whether a unit of the model is an amount of money, or one for each of something."""
    return unit.startswith("USD")


def converted(value, unit: str = "USD"):
    """A number or array of the model as it is shown: an amount in the currency shown, anything else as it is."""
    return value * shown().per_usd if is_money(unit) else value


def as_shown(value: float, unit: str) -> float:
    """The same for an input, without the noise of the last digits."""
    return value if shown() == USD or not is_money(unit) else float(f"{converted(value, unit):.{FIGURES}g}")


def as_kept(value: float, unit: str) -> float:
    """What an input shows as the model keeps it: an amount in USD, anything else as it is."""
    return value / shown().per_usd if is_money(unit) else value


def symbol() -> str:
    """What stands before an amount: $, \u20ac, or the code and a space."""
    code = shown().code
    return SYMBOLS.get(code, f"{code}\u00a0")


def cents() -> int:
    """How many decimals an amount in the currency shown has."""
    return 0 if shown().code in NO_CENTS else 2


def in_currency(words: str) -> str:
    """A unit or a text that says USD, in the currency shown: 'EUR per kWh'."""
    return words.replace("USD", shown().code)


def rate_note() -> str:
    """Which rate amounts were converted at, for the foot of whatever shows them; empty for USD."""
    now = shown()
    if now.on is None:
        return ""
    return (
        f"1 USD = {numeral(now.per_usd, '.6g')} {now.code}, reference rate of the European Central Bank, {day(now.on)}"
    )
