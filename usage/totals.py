"""Totals of cells by month, provider and model, and for everything, in the terms of the command line."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from usage.row import MEASURES
from usage.tally import Cell
from usage.times import DAY_S, HOUR_S, next_month

TERMS = {  # how the command line names the measures
    "requests": "requests",
    "input_tokens": "input_total",
    "cached_read_tokens": "cached_read",
    "cache_write_tokens": "cache_write",
    "output_tokens": "output_total",
    "reasoning_tokens": "reasoning",
    "cost": "cost",
    "batch_input_tokens": "batch_input",
    "batch_output_tokens": "batch_output",
}
LONGEST_SPLIT_S = DAY_S + HOUR_S  # a bucket longer than a day (one with an hour more) belongs to no month it is not in


def month_of(cell: Cell) -> str | None:
    """The month in UTC that a cell began in; None where it has no time, or lasts from one month into another."""
    start, length_s = cell.key.start, cell.key.bucket_s or 0
    if start is None:
        return None
    if length_s > LONGEST_SPLIT_S and (next_month(start) - start).total_seconds() < length_s:
        return None
    return f"{start.year}-{start.month:02d}"


def by_month(cells: Iterable[Cell]) -> dict[tuple, list[float | None]]:
    """(month, provider, model, currency) -> sums in the order of MEASURES; currency only where there are several."""
    cells = list(cells)
    mixed = len(currencies(cells)) > 1
    found: dict[tuple, Cell] = {}
    for cell in cells:
        key = (month_of(cell), cell.key.provider, cell.key.model, cell.key.currency if mixed else None)
        found.setdefault(key, Cell(cell.key, [None] * len(MEASURES))).add(cell.sums)
    return {
        key: found[key].sums for key in sorted(found, key=lambda key: tuple((part is None, part or "") for part in key))
    }


def total(cells: Iterable[Cell]) -> list[float | None]:
    """The sums over all cells; no cost where it is in several currencies."""
    cells = list(cells)
    sums = Cell(None, [None] * len(MEASURES))
    for cell in cells:
        sums.add(cell.sums)
    if len(currencies(cells)) > 1:
        for name in ("cost", "list_cost"):
            sums.sums[MEASURES.index(name)] = None
    return sums.sums


def currencies(cells: Iterable[Cell]) -> list[str]:
    """The currencies in which something was charged."""
    return sorted({cell.key.currency for cell in cells if cell.key.currency and cell.cost is not None})


def covered(cells: Iterable[Cell]) -> tuple[datetime, datetime] | None:
    """From the beginning of the first cell with a time to the end of the last; None without any."""
    found = [cell.key for cell in cells if cell.key.start]
    if not found:
        return None
    return min(key.start for key in found), max(key.start + timedelta(seconds=key.bucket_s or HOUR_S) for key in found)


def terms(cells: Iterable[Cell]) -> dict[str, Any]:
    """Currency, total and groups for `--json`."""
    cells = list(cells)
    known, mixed = currencies(cells), len(currencies(cells)) > 1
    whole = _named(total(cells))
    groups = []
    for (month, provider, model, currency), sums in by_month(cells).items():
        group = {"month": month, "provider": provider, "model": model, **_named(sums)}
        groups.append(group | ({"currency": currency} if mixed else {}))
    return {
        "currency": known[0] if len(known) == 1 else None,
        "total": {name: whole[name] for name in whole if not name.startswith("batch")},
        "by_month_and_model": groups,
    }


def _named(sums: list[float | None]) -> dict[str, Any]:
    return {term: rounded(sums[MEASURES.index(name)]) for name, term in TERMS.items()}


def rounded(value: float | None) -> float | int | None:
    """Twelve digits are enough, and whole numbers are shown as such."""
    if value is None:
        return None
    value = float(f"{value:.12g}")
    return int(value) if value == int(value) else value
