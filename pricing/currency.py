"""Amounts in another currency: USD times one dated reference rate."""

from dataclasses import dataclass
from datetime import date

from pricing.rates import rate


@dataclass(frozen=True)
class Currency:
    """A currency with its worth of one US dollar on a day; USD itself needs neither."""

    code: str = "USD"
    per_usd: float = 1.0
    on: date | None = None

    def facts(self) -> dict[str, str | float | date]:
        """What a file must say about the rate that it uses."""
        if self.on is None:
            return {"currency": self.code}
        return {
            "currency": self.code,
            f"exchange rate ({self.code} per USD)": self.per_usd,
            "exchange rate as of": self.on,
            "exchange rate source": "European Central Bank, euro foreign exchange reference rates",
        }


USD = Currency()


def currency(code: str, on: date) -> Currency:
    """The currency at the reference rate of that day, or of the last day before it that has one.

    Raises ScenarioError when the currency or the day has no rate.
    """
    if code.strip().upper() == "USD":
        return USD
    per_usd, day = rate(code, on)
    return Currency(code.strip().upper(), per_usd, day)
