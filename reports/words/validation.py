"""Published numbers beside ours, as cells of a table."""

from functools import cache

from costmodel.numerals import marked, numeral
from pricing.dates import day
from reports.words.briefing import Table
from reports.words.text import figure
from validation import NOISE, Row, results
from validation.sizing import PEER, SizingError, sizing_errors

TWO_DECIMALS_FROM = 1000


@cache
def published_rows() -> tuple[list[Row], list[Row]]:
    """(cases, errata); every case runs through the engine once a process."""
    rows = results()
    return [row for row in rows if not row.is_erratum], [row for row in rows if row.is_erratum]


def published_cells(row: Row) -> tuple:
    """What, published, ours, difference, tolerance, whether it is kept, remark with the address."""
    published, ours = _figure(row.published), _figure(row.ours)
    difference = f"{'+' if row.difference > 0 else ''}{figure(row.difference, 2)}"
    return (
        row.what[0].upper() + row.what[1:],
        f"{published} {row.unit}".strip(),
        ours,
        "0" if published == ours else difference,
        marked(row.allowed),
        "yes" if row.ok else "no",
        (row.remark or "source" * bool(row.url), row.url),
    )


def erratum_cells(row: Row) -> tuple:
    """Source, claim, what was published, what follows from its own inputs, remark."""
    return (row.source, row.url), row.what, _figure(row.published, row.unit), _figure(row.ours), row.remark


def sizing_table() -> Table:
    """How far sizing was off for measurements that its constants were not fitted to, beside goal and former rule."""
    errors = sizing_errors()
    on = max(line.measured_on for line in errors)
    columns = ["Left out of the fit", "Asked of", "Rows", "Median error", "90th percentile", "Within the band",
               "Goal: median, 90th", "Former rule: median, 90th"]  # fmt: skip
    note = (
        f"Errors of the output rate relative to the measured one, worked out on {day(on)}. Nine in ten rows "
        f"or more should lie within the band that the Sizing page shows. {PEER}"
    )
    return Table("How far sizing is from what it was not fitted to", columns, list(map(_sizing_cells, errors)), note)


def _sizing_cells(line: SizingError) -> tuple[str, ...]:
    kind = {"dense": ", dense models", "mixture": ", mixtures"}.get(line.kind, "")
    return (
        line.left_out[0].upper() + line.left_out[1:],
        f"{line.rows}{kind}",
        numeral(line.count, ","),
        _percents(line.median),
        _percents(line.p90),
        _percents(line.inside),
        _percents(line.goal_median, line.goal_p90),
        _percents(line.earlier_median, line.earlier_p90),
    )


def _percents(*values: float | None) -> str:
    return "" if None in values else ", ".join(f"{numeral(value, '.3g')} %" for value in values)


def _figure(value: float, unit: str = "") -> str:
    whole = abs(value - round(value)) <= NOISE * abs(value)
    digits = numeral(value, ",.0f" if whole else ",.2f" if abs(value) >= TWO_DECIMALS_FROM else ".6g")
    return f"{digits} {unit}".strip()
