"""Exchange rates: the reference rates of the European Central Bank, from the CurrencyConverter package as installed."""

from datetime import date, timedelta
from functools import cache

from currency_converter import CurrencyConverter, RateNotFoundError

from costmodel.errors import ScenarioError, nearest

LONGEST_GAP_DAYS = 7  # weekends and bank holidays have no rate; the one before them stands


def currencies() -> tuple[str, ...]:
    """Codes of all currencies that the bank still quotes, in alphabetical order."""
    bounds = _converter().bounds
    return tuple(sorted(code for code, bound in bounds.items() if _last_day() - bound.last_date <= _gap()))


def rate(currency: str, on: date) -> tuple[float, date]:
    """(units of `currency` for one USD, day of the rate): the rate of that day or of the last one before it.

    A day after the last that the package knows gets that last rate. Raises ScenarioError with the nearest codes when
    the currency is unknown or no longer quoted, and when the day is before its first rate.
    """
    code = currency.strip().upper()
    if code not in currencies():
        raise ScenarioError(f"{currency!r:.20} has no reference rate.{nearest(code, list(currencies()))}")
    day = min(on, _last_day())
    for back in range(LONGEST_GAP_DAYS + 1):
        try:
            return _converter().convert(1, "USD", code, day - timedelta(days=back)), day - timedelta(days=back)
        except RateNotFoundError:
            continue
    raise ScenarioError(f"{code} has no reference rate on {on.isoformat()}.")


def _last_day() -> date:
    return _converter().bounds["USD"].last_date


def _gap() -> timedelta:
    return timedelta(days=LONGEST_GAP_DAYS)


@cache
def _converter() -> CurrencyConverter:
    return CurrencyConverter()
