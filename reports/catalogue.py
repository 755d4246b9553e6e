"""The fact tables as data frames for reading: figures first, then source, date, age and confidence."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache

import pandas as pd

from costmodel.token_prices import NEVER_TOKENS, TokenPrices
from pricing import facts, gpu_prices, token_prices
from pricing.assumptions import assumptions
from pricing.facts import STALE_AFTER_DAYS, Fact, GpuInstance
from reports.text import heading

EVIDENCE = ("source", "source_url", "as_of", "checked_on", "confidence", "why")


def _gpu_hours() -> Iterable[tuple[GpuInstance, dict[str, object]]]:
    for row in facts.rows(GpuInstance):
        other = gpu_prices.second(row)
        marks = {
            "second source, USD/GPU-hour": other.on_demand_usd_per_gpu_hour if other else None,
            "sources differ": gpu_prices.differs(row),
        }
        yield gpu_prices.with_second(row), marks


def _tokens() -> Iterable[tuple[Fact, dict[str, object]]]:
    for price in token_prices.listed():
        long, then = price.long_prices, price.announced
        is_long, changes = long.above_tokens < NEVER_TOKENS, then.are_known
        shown = {
            "provider": price.provider,
            "model": price.model,
            "name": price.name,
            **{heading(name): getattr(price.prices, name) for name in TokenPrices.model_fields},
            "batch discount": price.prices.batch_output_discount_frac or None,
            "long requests, tokens": long.above_tokens if is_long else None,
            "long: input, USD/Mtok": long.input_usd_per_mtok if is_long else None,
            "long: output, USD/Mtok": long.output_usd_per_mtok if is_long else None,
            "hours with other prices (UTC)": price.hourly.hours_utc or None,
            "changes in": f"{then.from_year}-{then.from_month:02}" if changes else None,
            "then: input, USD/Mtok": then.input_usd_per_mtok if changes else None,
            "then: output, USD/Mtok": then.output_usd_per_mtok if changes else None,
            "context window, tokens": price.context_window_tokens or None,
            "last day": price.last_day,
        }
        yield price.fact, shown


CATALOGUES: dict[str, Callable[[], Iterable]] = {
    "Tokens": _tokens,
    "GPU-hours": _gpu_hours,
    "Commitments": lambda: facts.rows(facts.GpuCommitment),
    "Servers": lambda: facts.rows(facts.Server),
    "GPUs": lambda: facts.rows(facts.Gpu),
    "Power": lambda: facts.rows(facts.GpuPower),
    "Open models": lambda: facts.rows(facts.OpenModel),
    "What serving achieves": lambda: facts.rows(facts.ServingConstants),
    "Electricity": lambda: facts.rows(facts.ElectricityPrice),
    "Carbon": lambda: facts.rows(facts.CarbonIntensity),
    "Wages": lambda: facts.rows(facts.Salary),
    "Last days of models": lambda: facts.rows(facts.RetiredModel),
    "Support plans": lambda: facts.rows(facts.SupportPlan),
    "Seats": lambda: facts.rows(facts.SeatPrice),
    "Reserved units": lambda: facts.rows(facts.ProvisionedTerm),
    "Tokens by kind of text": lambda: facts.rows(facts.TokenRatios),
    "Tokenizers of models": lambda: facts.rows(facts.TokenizerFamily),
    "Thinking of models": lambda: facts.rows(facts.Reasoning),
    "Smaller models": lambda: facts.rows(facts.Compression),
    "Assumptions": lambda: assumptions().values(),
}


@cache
def catalogue(name: str, on: date) -> pd.DataFrame:
    """A catalogue by its name; age in days on that date, `stale` beyond the tolerated age. Read once a day."""
    return pd.DataFrame([_row(entry, on) for entry in CATALOGUES[name]()])


def _row(entry: Fact | tuple[Fact, dict[str, object]], on: date) -> dict[str, object]:
    fact, marks = entry if isinstance(entry, tuple) else (entry, {})
    shown = {
        heading(name): "; ".join(value) if isinstance(value, tuple) else value
        for name, value in fact
        if name not in EVIDENCE
    }
    age = fact.age_days(on)
    return {
        **shown,
        **marks,
        "source": fact.source,
        "address": fact.source_url or None,
        "as of": fact.as_of,
        "age (days)": age,
        "stale": age > STALE_AFTER_DAYS,
        "confidence": fact.confidence,
        "remark": fact.why,
    }


def found(name: str, on: date, wanted: str) -> pd.DataFrame:
    """The rows of a catalogue that contain every word of `wanted`, in any column."""
    words = wanted.lower().split()
    return catalogue(name, on)[[all(word in line for word in words) for line in _lines(name, on)]]


@cache
def _lines(name: str, on: date) -> tuple[str, ...]:
    """Each row of a catalogue as one text in small letters."""
    return tuple(" ".join(map(str, row)).lower() for row in catalogue(name, on).itertuples(index=False))
