"""Published numbers beside ours, as cells of a table."""

from functools import cache

from validation import Row, results

TWO_DECIMALS_FROM = 1000


@cache
def published_rows() -> tuple[list[Row], list[Row]]:
    """(cases, errata); every case runs through the engine once a process."""
    rows = results()
    return [row for row in rows if not row.is_erratum], [row for row in rows if row.is_erratum]


def published_cells(row: Row) -> tuple:
    """What, published, ours, difference, tolerance, whether it is kept, remark with the address."""
    difference = f"{row.difference:+.2g}" if row.difference else "0"
    return (
        row.what,
        _figure(row.published, row.unit),
        _figure(row.ours, row.unit),
        difference,
        row.allowed,
        "yes" if row.ok else "no",
        (row.remark or "source", row.url),
    )


def erratum_cells(row: Row) -> tuple:
    """Source, claim, what was published, what follows from its own inputs, remark."""
    return (row.source, row.url), row.what, _figure(row.published, row.unit), _figure(row.ours, row.unit), row.remark


def _figure(value: float, unit: str) -> str:
    digits = f"{value:,.2f}" if abs(value) >= TWO_DECIMALS_FROM else f"{value:.6g}"
    return f"{digits} {unit}".strip()
