"""Amounts of any currency in USD, at the reference rate of their day."""

from datetime import date, datetime

from costmodel.errors import ScenarioError
from pricing.rates import rate


def usd(amount: float, currency: str | None, on: datetime | None) -> float | None:
    """The amount in USD, None when the currency is not named or has no rate."""
    if currency == "USD":
        return amount
    try:
        return amount / rate(currency or "", on.date() if on else date.max)[0]
    except ScenarioError:
        return None
