"""The fact tables as data frames for reading: figures first, then source, date, age and confidence."""

from collections.abc import Callable, Iterable
from datetime import date

import pandas as pd

from pricing import facts, token_prices
from pricing.assumptions import assumptions
from pricing.facts import STALE_AFTER_DAYS, Fact
from reports.text import heading

EVIDENCE = ("source", "source_url", "as_of", "checked_on", "confidence", "why")


def _token_prices() -> Iterable[token_prices.TokenPrice]:
    return (
        token_prices.price(seller, model)
        for seller in token_prices.providers()
        for model in token_prices.models(seller)
    )


CATALOGUES: dict[str, Callable[[], Iterable]] = {
    "Tokens": _token_prices,
    "GPU-hours": lambda: facts.rows(facts.GpuInstance),
    "Commitments": lambda: facts.rows(facts.GpuCommitment),
    "Servers": lambda: facts.rows(facts.Server),
    "GPUs": lambda: facts.rows(facts.Gpu),
    "Power": lambda: facts.rows(facts.GpuPower),
    "Open models": lambda: facts.rows(facts.OpenModel),
    "What serving achieves": lambda: facts.rows(facts.ServingConstants),
    "Electricity": lambda: facts.rows(facts.ElectricityPrice),
    "Carbon": lambda: facts.rows(facts.CarbonIntensity),
    "Wages": lambda: facts.rows(facts.Salary),
    "Support plans": lambda: facts.rows(facts.SupportPlan),
    "Reserved units": lambda: facts.rows(facts.ProvisionedTerm),
    "Smaller models": lambda: facts.rows(facts.Compression),
    "Assumptions": lambda: assumptions().values(),
}


def catalogue(name: str, on: date) -> pd.DataFrame:
    """A catalogue by its name; age in days on that date, `stale` beyond the tolerated age."""
    rows = [_row(entry, on) for entry in CATALOGUES[name]()]
    return pd.DataFrame(rows)


def _row(entry: object, on: date) -> dict[str, object]:
    fact: Fact = entry if isinstance(entry, Fact) else entry.fact
    figures = dict(entry) if isinstance(entry, Fact) else vars(entry)
    shown = {
        heading(name): "; ".join(value) if isinstance(value, tuple) else value
        for name, value in figures.items()
        if name not in EVIDENCE and name != "fact" and value != token_prices.NO_THRESHOLD_TOKENS
    }
    age = fact.age_days(on)
    return {
        **shown,
        "source": fact.source,
        "address": fact.source_url or None,
        "as of": fact.as_of,
        "age (days)": age,
        "stale": age > STALE_AFTER_DAYS,
        "confidence": fact.confidence,
        "remark": fact.why,
    }


def matching(rows: pd.DataFrame, wanted: str) -> pd.DataFrame:
    """The rows that contain every word of `wanted`, in any column."""
    text = rows.map(str).apply(" ".join, axis=1).str.lower()
    words = wanted.lower().split()
    return rows[[all(word in line for word in words) for line in text]]
