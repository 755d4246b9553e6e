"""Tables for finance as CSV: cash by line and month, the same as on screen, and every input beside every output."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from costmodel.comparison import Comparison, OptionCost
from costmodel.lines import LINES
from costmodel.scenario import Scenario, numbers, paths
from costmodel.units import UNITS
from pricing.currency import USD, Currency
from reports.files.csv_text import PLAIN, Cents, Layout, csv_bytes
from reports.words.dates import fiscal_year, month_end
from reports.words.fiscal import BOOKED, PAID, booked, by_year, paid, shape
from reports.words.labels import label_of
from reports.words.money import is_money, shown_in

SIDE_FILE = ["part", "path", "what", "value", "unit", "meaning", "source", "address", "as of", "confidence"]
UNDISCOUNTED, PRESENT = "All lines, undiscounted", "All lines, in today's money"
ROUNDING = "amounts to the cent; totals are sums of unrounded amounts, which the tidy file has with all their digits"


def tidy(comparison: Comparison, *, scenario: str = "", currency: Currency = USD, layout: Layout = PLAIN) -> bytes:
    """One row for each option, month and cost line, unrounded: cash and straight-line accrual.

    `scenario` names the question where several files are put together.
    """
    code = currency.code
    header = ["scenario", "option", "label", "month", "month end", "fiscal year", "line", "line label", "group",
              f"cash ({code})", f"accrual ({code})", "currency"]  # fmt: skip
    return csv_bytes(header, _tidy_rows(comparison, scenario, currency), layout)


def _tidy_rows(comparison: Comparison, scenario: str, currency: Currency) -> Iterable[list[Any]]:
    years = [fiscal_year(comparison.scenario, column) for column in range(comparison.months.size)]
    months = list(zip(range(comparison.months.size), _month_ends(comparison), years, strict=True))
    for slug, cost in comparison.costs.items():
        for name in cost.line_totals():
            line = LINES[name]
            cash, accrued = paid(cost, name) * currency.per_usd, booked(cost, name) * currency.per_usd
            for when, *amounts in zip(months, cash.tolist(), accrued.tolist(), strict=True):
                yield [scenario, slug, cost.label, *when, name, line.label, line.group, *amounts, currency.code]


def _month_ends(comparison: Comparison) -> list[date]:
    return [month_end(comparison.scenario, column) for column in range(comparison.months.size)]


def wide(comparison: Comparison, *, currency: Currency = USD, layout: Layout = PLAIN) -> bytes:
    """Months across by their last day, a row for each option and cost line with its total; then totals; to the cent."""
    code = currency.code
    months = [f"{end} ({code})" for end in _month_ends(comparison)]
    return csv_bytes(["option", "line", f"total ({code})", *months], _wide_rows(comparison, currency), layout)


def _wide_rows(comparison: Comparison, currency: Currency) -> Iterable[list[Any]]:
    for cost in comparison.costs.values():
        lines = {LINES[name].label: (total, paid(cost, name)) for name, total in cost.line_totals().items()}
        for title, (total, by_month) in {**lines, **totals(cost)}.items():
            months = np.broadcast_to(by_month, shape(cost))
            yield [cost.label, title, *(Cents(amount * currency.per_usd) for amount in (total, *months.tolist()))]


def totals(cost: OptionCost) -> dict[str, tuple[float, np.ndarray]]:
    """Title -> (total over the horizon, the same by month, today first) of all lines together, USD."""
    return {
        title: (by_month.sum(), by_month)
        for title, by_month in (
            (UNDISCOUNTED, cost.cash_usd),
            (PRESENT, cost.present_cash_usd),
            (f"{UNDISCOUNTED}, after tax", cost.after_tax_cash_usd),
            (f"{PRESENT}, after tax", cost.present_after_tax_cash_usd),
        )
    }


def yearly(comparison: Comparison, *, currency: Currency = USD, layout: Layout = PLAIN) -> bytes:
    """Fiscal years across, for each option a row as it is paid and one as it is booked, with totals; to the cent."""
    found = {slug: by_year(comparison[slug]) for slug in comparison.ranking}
    columns = ["total", *(f"FY {year}" for year in found[comparison.ranking[0]])]
    header = ["option", "amounts", *(f"{column} ({currency.code})" for column in columns)]
    return csv_bytes(header, _yearly_rows(comparison, found, currency), layout)


def _yearly_rows(comparison: Comparison, found: Mapping[str, Mapping[int, tuple[float, float]]],
                 currency: Currency) -> Iterable[list[Any]]:  # fmt: skip
    for slug, years in found.items():
        for how, amounts in zip((PAID, BOOKED), zip(*years.values(), strict=True), strict=True):
            yield [comparison[slug].label, how,
                   *(Cents(amount * currency.per_usd) for amount in (sum(amounts), *amounts))]  # fmt: skip


def inputs(scenario: Scenario, sources: Mapping[str, Sequence[str]], facts: Mapping[str, str], *,
           results: Comparison | None = None, currency: Currency = USD, layout: Layout = PLAIN) -> bytes:  # fmt: skip
    """The side file: what the figures rest on, the results, and every input with its unit, meaning, source and date.

    `sources` maps a path to (source, address, date, confidence); `facts` are further lines, such as versions.
    Amounts are in `currency`, those of inputs too.
    """
    about = {**facts, **currency.facts(), "rounding": ROUNDING}
    rows = [["about", "", name, value, *[""] * 6] for name, value in about.items()]
    if results is not None:
        rows += _result_rows(results, currency)
    known = numbers(scenario)
    for path in paths(scenario):
        spec = known.get(path)
        value, unit, meaning = scenario[path], "", ""
        with shown_in(currency):
            what = label_of(path, spec)
        if spec:
            unit, meaning = UNITS[spec.unit].label, spec.meaning
        if spec and currency != USD and is_money(spec.unit):
            value, unit = value * currency.per_usd, unit.replace("USD", currency.code)
        cited = sources.get(path, ("",) * 4)
        rows.append(["input", path, what, value, unit, meaning, *cited])
    return csv_bytes(SIDE_FILE, rows, layout)


def _result_rows(results: Comparison, currency: Currency) -> Iterable[list[Any]]:
    code, rate = currency.code, currency.per_usd
    for slug, cost in results.costs.items():
        for name, total in cost.line_totals().items():
            yield _result(
                f"{slug}.{name}", LINES[name].label, Cents(total * rate), code, f"{cost.label}: sum over the horizon"
            )
        for metric, title, unit in (
            ("tco_usd", UNDISCOUNTED, code),
            ("net_present_cost_usd", PRESENT, code),
            ("after_tax_net_present_cost_usd", f"{PRESENT}, after tax", code),
            ("cash_before_first_month_usd", "Cash before month 1", code),
            ("levelized_cost_usd_per_mtok", "Levelised cost", f"{code} per million tokens"),
        ):
            value = getattr(cost, metric) * rate
            yield _result(f"{slug}.{metric}", title, Cents(value) if unit == code else float(value), unit, cost.label)


def _result(path: str, what: str, value: float, unit: str, meaning: str) -> list[Any]:
    return ["result", path, what, value, unit, meaning, *[""] * 4]
