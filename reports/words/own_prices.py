"""The reader's own prices in words: what their columns are called, and a table of them."""

from collections.abc import Iterable
from datetime import date

from costmodel.fields import SHARES
from pricing.facts import Fact
from pricing.own import columns, number_in
from reports.words.text import figure, heading, in_percent

LABELS = {
    "name": "Name", "gpu": "GPU", "provider": "Provider", "instance": "Instance", "region": "Region",
    "model": "Model", "billing": "Paid", "batch_discount_frac": "Batch discount (%)",
    "source": "Quoted by", "as_of": "Date of the quotation", "valid_until": "Valid until", "why": "Remark",
}  # fmt: skip


def own_table(kind: type[Fact], own: Iterable[Fact], on: date) -> tuple[list[str], list[list[str]]]:
    """(heading, rows) of own prices of one table, as texts; a quotation that has expired on that day says so."""
    names = columns(kind)
    titles = [LABELS.get(name) or heading(name) for name in names]
    return titles, [[_said(row, name, on) for name in names] for row in own]


def _said(row: Fact, column: str, on: date) -> str:
    value = getattr(row, column)
    if column == "valid_until":
        return until(row, on)
    if isinstance(value, int | float):
        return figure(in_percent(value) if number_in(type(row), column).unit in SHARES else value)
    return "" if value is None else str(value)


def until(row: Fact, on: date) -> str:
    """The last day of a quotation, and whether that is past; empty where it has none."""
    if row.valid_until is None:
        return ""
    return f"{row.valid_until}, expired" if row.expired(on) else str(row.valid_until)
