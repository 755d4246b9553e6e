"""Published numbers beside ours, as cells of a table."""

from functools import cache

from reports.story import Table
from validation import Row, results
from validation.sizing import SizingError, sizing_errors

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


def sizing_lines() -> list[tuple]:
    """What was left out, which rows, how many, errors of ours, with the version known and of the earlier rule."""
    return [_sizing_cells(line) for line in sizing_errors()]


def sizing_measured_on() -> str:
    """The day on which the errors of sizing were worked out."""
    return sizing_errors()[0].measured_on.isoformat()


def _sizing_cells(line: SizingError) -> tuple:
    models = {"dense": "dense models", "mixture": "mixtures of experts", "all": "all models"}[line.kind]
    return (
        line.left_out[0].upper() + line.left_out[1:],
        f"{line.rows}, {models}",
        f"{line.count:,}",
        _off(line.median, line.p90),
        _off(line.version_median, line.version_p90),
        "" if line.inside is None else f"{line.inside:.0f} %",
        _off(line.earlier_median, line.earlier_p90),
    )


def _off(median: float | None, p90: float | None) -> str:
    return "" if median is None else f"{median:.1f} %, {p90:.0f} %"


def _figure(value: float, unit: str) -> str:
    digits = f"{value:,.2f}" if abs(value) >= TWO_DECIMALS_FROM else f"{value:.6g}"
    return f"{digits} {unit}".strip()
