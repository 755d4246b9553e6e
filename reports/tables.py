"""Tables for finance as CSV: cash by line and month, the same as on screen, and every input beside every output."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from costmodel.comparison import Comparison
from costmodel.finance import LINES, accrual
from costmodel.scenario import Scenario, numbers, paths
from costmodel.units import UNITS

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
TIDY = ["option", "label", "month", "line", "line label", "group", "cash (USD)", "accrual (USD)", "currency"]


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV in UTF-8 with byte-order mark: numbers as numbers, texts guarded against being read as formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    if isinstance(value, np.generic):
        return value.item()
    return value


def tidy(comparison: Comparison) -> bytes:
    """One row for each option, month and cost line, unrounded: cash and straight-line accrual in USD."""
    return csv_bytes(TIDY, _tidy_rows(comparison))


def _tidy_rows(comparison: Comparison) -> Iterable[list[Any]]:
    shape = comparison.months.shape
    for slug, cost in comparison.costs.items():
        for name in cost.line_totals():
            cash = np.broadcast_to(cost.lines[name], shape)
            booked = np.broadcast_to(accrual(name, cash, cost.option), shape)
            line = LINES[name]
            for column, month in enumerate(comparison.months):
                yield [slug, cost.label, int(month), name, line.label, line.group, cash[column], booked[column], "USD"]


def wide(comparison: Comparison) -> bytes:
    """Months across, one row for each option and cost line with its total, as on screen; then totals and metrics."""
    months = [f"month {month:.0f} (USD)" for month in comparison.months]
    return csv_bytes(["option", "line", "total (USD)", *months], _wide_rows(comparison))


def _wide_rows(comparison: Comparison) -> Iterable[list[Any]]:
    shape = comparison.months.shape
    for cost in comparison.costs.values():
        for name, total in cost.line_totals().items():
            yield [cost.label, LINES[name].label, total, *np.broadcast_to(cost.lines[name], shape)]
        yield [cost.label, "All lines", cost.tco_usd, *np.broadcast_to(cost.cash_usd, shape)]
        yield [cost.label, "All lines, present value", cost.net_present_cost_usd,
               *np.broadcast_to(cost.present_cash_usd, shape)]  # fmt: skip


def inputs(scenario: Scenario, sources: Mapping[str, Sequence[str]], facts: Mapping[str, str]) -> bytes:
    """The side file: every input with its unit and meaning, its source and date, and the versions behind the figures.

    `sources` maps a path to (source, address, date, confidence); `facts` are further lines, such as versions.
    """
    known = numbers(scenario)
    rows = [["", name, value, "", "", "", "", "", ""] for name, value in facts.items()]
    for path in paths(scenario):
        spec = known.get(path)
        unit, meaning = (UNITS[spec.unit].label, spec.meaning) if spec else ("", "")
        rows.append([path, path.rsplit(".", 1)[-1], scenario[path], unit, meaning, *sources.get(path, ("",) * 4)])
    return csv_bytes(["path", "input", "value", "unit", "meaning", "source", "address", "as of", "confidence"], rows)
