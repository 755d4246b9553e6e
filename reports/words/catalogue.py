"""The fact tables as data frames for reading: figures first, then source, date, age and confidence."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache

import pandas as pd

from costmodel.token_prices import NEVER_TOKENS
from pricing import facts, gpu_prices, token_prices
from pricing.assumptions import assumptions
from pricing.facts import STALE_AFTER_DAYS, Fact, GpuInstance, Own, TokenContract
from pricing.licences import terms_of
from reports.words.finding import has_all
from reports.words.own_prices import until
from reports.words.text import heading

EVIDENCE = ("source", "source_url", "as_of", "checked_on", "confidence", "why", "valid_until")
CALLED = ("provider", "name", "model", "gpu")  # columns by which a row is known
SEARCHED = ("Tokens", "GPU-hours", "Servers", "GPUs", "Seats", "Open models")  # catalogues that are looked for by them
ALIASES = "Aliases"  # other names of what a row is about: found, but nothing to begin with
KINDS = ("input", "output", "cache_read", "cache_write")  # of tokens, those that a reader looks for first
OWN: Mapping[str, type[Fact]] = {  # catalogue -> the table of it that can have rows of the reader's own
    "Servers": facts.Server,
    "GPU-hours": GpuInstance,
    "Commitments": facts.GpuCommitment,
    "Tokens": TokenContract,
    "Seats": facts.SeatPrice,
    "Electricity": facts.ElectricityPrice,
}


def _gpu_hours() -> Iterable[tuple[GpuInstance, dict[str, object]]]:
    for row in facts.rows(GpuInstance):
        other = gpu_prices.second(row)
        marks = {
            "second source, USD/GPU-hour": other.on_demand_usd_per_gpu_hour if other else None,
            "sources differ": gpu_prices.differs(row),
        }
        yield gpu_prices.with_second(row), marks


def _tokens() -> Iterable[tuple[Fact, dict[str, object]]]:
    return map(_token_row, token_prices.listed())


def _own_row(row: Fact) -> tuple[Fact, dict[str, object]]:
    return (
        _token_row(token_prices.contracted(row)) if isinstance(row, TokenContract) else (row, {"sources differ": False})
    )


def _token_row(price: token_prices.TokenPrice) -> tuple[Fact, dict[str, object]]:
    long, then = price.long_prices, price.announced
    is_long, changes = long.above_tokens < NEVER_TOKENS, then.are_known
    shown = {
        "name": price.name,
        "provider": price.seller,
        **{f"{kind.replace('_', ' ')}, USD/Mtok": getattr(price.prices, f"{kind}_usd_per_mtok") for kind in KINDS},
        "batch discount, %": 100 * price.prices.batch_output_discount_frac or None,
        "long requests, tokens": long.above_tokens if is_long else None,
        "long: input, USD/Mtok": long.input_usd_per_mtok if is_long else None,
        "long: output, USD/Mtok": long.output_usd_per_mtok if is_long else None,
        "hours with other prices (UTC)": price.hourly.hours_utc or None,
        "changes in": f"{then.from_year}-{then.from_month:02}" if changes else None,
        "then: input, USD/Mtok": then.input_usd_per_mtok if changes else None,
        "then: output, USD/Mtok": then.output_usd_per_mtok if changes else None,
        "context window, tokens": price.context_window_tokens or None,
        "last day": price.last_day,
        "name there": price.model,
    }
    return price.fact, shown


CATALOGUES: dict[str, Callable[[], Iterable]] = {
    "Tokens": _tokens,
    "GPU-hours": _gpu_hours,
    "Commitments": lambda: facts.rows(facts.GpuCommitment),
    "Transfer": lambda: facts.rows(facts.TransferPrice),
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
    aliases = {ALIASES: shown.pop(ALIASES)} if ALIASES in shown else {}
    age = fact.age_days(on)
    return {
        **shown,
        **marks,
        **aliases,
        "source": fact.source,
        "address": fact.source_url or None,
        "as of": fact.as_of,
        "age (days)": age,
        "stale": fact.expired(on) if fact.valid_until else age > STALE_AFTER_DAYS,
        "confidence": fact.confidence,
        "licence": terms_of(fact),
        "remark": " ".join(filter(None, (fact.valid_until and f"Valid until {until(fact, on)}.", fact.why))),
    }


def named(wanted: str) -> list[str]:
    """The catalogues with a row whose names, of provider, model, GPU and the row itself, have every word."""
    return [name for name, rows in _names().items() if any(has_all(wanted, row) for row in rows)]


@cache
def _names() -> dict[str, frozenset[str]]:
    """Catalogue -> what its rows are called."""
    return {name: frozenset(map(_called, CATALOGUES[name]())) for name in SEARCHED}


def _called(entry: Fact | tuple[Fact, dict[str, object]]) -> str:
    fact, marks = entry if isinstance(entry, tuple) else (entry, {})
    cells = {**dict(fact), **marks}
    return " ".join(str(cells[part]) for part in CALLED if part in cells)


def with_own(name: str, on: date, own: Own) -> pd.DataFrame:
    """The catalogue with the reader's own prices of it, which come first."""
    mine = [_row(_own_row(row), on) for row in own if isinstance(row, OWN.get(name, ()))]
    listed = catalogue(name, on)
    return pd.concat([pd.DataFrame(mine).reindex(columns=listed.columns), listed]) if mine else listed


def found(name: str, on: date, wanted: str, own: Own = ()) -> pd.DataFrame:
    """The rows of a catalogue that contain every word of `wanted`, in any column, the reader's own first."""
    words = wanted.lower().split()
    rows = with_own(name, on, own)
    mine = _texts(rows.iloc[: len(rows) - len(catalogue(name, on))])
    return rows[[all(word in line for word in words) for line in (*mine, *_lines(name, on))]]


@cache
def _lines(name: str, on: date) -> tuple[str, ...]:
    """Each row of a catalogue as one text in small letters; read once a day."""
    return _texts(catalogue(name, on))


def _texts(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(" ".join(map(str, row)).lower() for row in rows.itertuples(index=False))
