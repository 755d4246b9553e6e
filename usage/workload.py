"""From usage to a workload: each number with what it was derived from, or why the files cannot tell it.

Volume and mix are those of the last whole month, so that a first month at today's prices is that month's bill; where
no month is whole, of all the time that the files cover. A request's tokens are totals over requests: outputs have
means of two to five times their medians.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from math import fsum
from pathlib import PurePath

from costmodel.fields import number_of
from costmodel.hours import Day
from costmodel.numerals import numeral
from costmodel.settings import MONTH_NAMES, Season, Workload
from costmodel.units import HOURS_PER_MONTH
from intake.fields import shown
from pricing.assumptions import base_groups
from pricing.catalogue import least_cached_tokens
from pricing.token_prices import provider_name
from usage.checks import part_months
from usage.load import FEWEST_HOURS, WEEK_HOURS, by_hour, curve_gap, load
from usage.names import listed
from usage.periods import Period
from usage.reading import Reading
from usage.tally import Cell, Key
from usage.totals import covered, month_of
from usage.trend import FEWEST_MONTHS, YEAR, growth_per_year, season
from usage.trend import number as month_number

LOAD = ("peak_to_mean_ratio", "busy_hours_frac", "load_variation_ratio")
DAY = tuple(f"day.{name}" for name in Day.model_fields)
SEASON = tuple(f"season.{name}_ratio" for name in MONTH_NAMES)


@dataclass(frozen=True)
class Finding:
    """One number of `workload`, by its path there; None where the files cannot tell it, and `told` says why."""

    field: str
    value: float | None
    told: str
    rows: int = 0


@dataclass(frozen=True)
class Found:
    """What files say of a workload: `period` of its volume and mix, `months` that are whole.

    `elsewhere`: models that were used, but not in that period.
    """

    findings: tuple[Finding, ...]
    period: Period
    months: tuple[str, ...]
    files: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, float]:
        """Field of `workload` -> value, of what is known."""
        return {finding.field: finding.value for finding in self.findings if finding.value is not None}

    @property
    def unknown(self) -> tuple[Finding, ...]:
        """What the files cannot tell."""
        return tuple(finding for finding in self.findings if finding.value is None)

    @property
    def source(self) -> str:
        """The files and the days that the numbers are of: 'usage.csv, 1 to 31 October 2026'."""
        return f"{' and '.join(self.files)}, {self.period.days}"


def workload(reading: Reading, keep: Callable[[Key], bool] = lambda _: True, *,
             requests: float | None = None) -> Found | None:  # fmt: skip
    """The workload of the usage in files, None where there is none with a time.

    keep: which provider, model or team. requests: of the last whole month, counted elsewhere, where no file counts any.
    """
    cells = [cell for cell in reading.cells if keep(cell.key) and cell.key.start and is_usage(cell)]
    if not cells:
        return None
    whole = whole_months(reading, cells, is_usage)
    period = Period.month(whole[-1]) if whole else Period(*covered(cells))
    within = [cell for cell in cells if period.holds(cell.key.start)]
    trend = list(_trend(cells, whole, requests is None))
    found = [*_mix(within, period, {finding.field: finding.value for finding in trend}, requests), *trend]
    found += _load(within, period)
    names = tuple(shown(PurePath(file.name).name) for file in reading.files if any(map(is_usage, file.cells.values())))
    elsewhere = {cell.key.model for cell in cells} - {cell.key.model for cell in within}
    return Found(tuple(map(_bounded, found)), period, tuple(whole), names, tuple(sorted(filter(None, elsewhere))))


def whole_months(reading: Reading, cells: Iterable[Cell], of: Callable[[Cell], bool]) -> list[str]:
    """Months of cells, as YYYY-MM, of which no file with such cells holds only a part, or one that still runs."""
    groups = (alike for alike in reading.alike() if any(of(cell) for file in alike for cell in file.cells.values()))
    cut = set().union(*(part_months(alike, reading.now) for alike in groups))
    return sorted({month for cell in cells if (month := month_of(cell))} - cut)


def is_usage(cell: Cell) -> bool:
    """Whether a cell counts requests or tokens."""
    return any(value is not None for value in (cell.requests, cell.input_tokens, cell.output_tokens))


def _tokens(cell: Cell) -> float:
    return (cell.input_tokens or 0.0) + (cell.output_tokens or 0.0)


def _mix(cells: list[Cell], period: Period, trend: dict[str, float | None],
         requests: float | None) -> Iterator[Finding]:  # fmt: skip
    """Volume, tokens a request and shares, of which each product is the tokens that the files count."""
    counted = [cell for cell in cells if cell.requests is not None]
    told = [cell for cell in (counted if requests is None else cells) if _tokens(cell)]
    silent = [cell for cell in cells if cell.requests is None and _tokens(cell)] if requests is None else []
    sent, seen = requests or fsum(cell.requests for cell in counted), fsum(map(_tokens, told))
    like = fsum(cell.requests or 0 for cell in told) if silent else 0.0
    total = sent + (fsum(map(_tokens, silent)) * like / seen if seen else 0.0)
    if not sent:
        why = "The files count no requests, so tokens a request and the volume are not known: say how many there were"
        yield Finding("requests_per_month", None, f"{why} in {period.name}.")
    else:
        factor = trend.get(SEASON[period.start.month - 1]) if period.is_month else None
        volume = _volume_told(period, factor, requests is not None) + _estimated(silent, 1 - sent / total)
        yield Finding("requests_per_month", total * period.to_an_average_month / (factor or 1), f"{volume}.",
                      _rows(counted))  # fmt: skip
    known = total if seen else 0.0
    yield _each("input_tokens_per_request", [cell.input_tokens for cell in cells], known, "Input", cells)
    hidden = [cell for cell in cells if cell.reasoning_tokens is not None]
    thought = fsum(cell.reasoning_tokens for cell in hidden)
    answers = [*(cell.output_tokens for cell in cells), -thought]
    yield _each("output_tokens_per_request", answers, known, "Output", cells)
    if hidden and known:
        yield Finding("reasoning_tokens_per_request", thought / known,
                      "Reasoning tokens over requests; they are not in the output above.", _rows(hidden))  # fmt: skip
    else:
        yield Finding("reasoning_tokens_per_request", None,
                      "Reasoning is not told apart: what there is of it is in the output.")  # fmt: skip
    yield _share("cached_input_frac", cells, "cached_read_tokens", "read from a cache")
    yield _share("cache_write_frac", cells, "cache_write_tokens", "written to a cache")
    yield _common(cells, known)
    yield _batch(cells)


def _volume_told(period: Period, factor: float | None, is_asked: bool) -> str:
    told = "As you count them for" if is_asked else "Requests counted in"
    told += f" {period.name}" if period.is_month else f" {period.name}, scaled to a month of {HOURS_PER_MONTH} hours"
    return told + (f", with the season of that month ({numeral(factor, '.2f')}) taken out" if factor else "")


def _estimated(silent: list[Cell], share: float) -> str:
    """Whose requests no file counts, and what stands for them."""
    if not silent or share <= 0:
        return ""
    names = {provider_name(cell.key.provider) if cell.key.provider else "some models" for cell in silent}
    whose = shown(", ".join(sorted(names)))
    return f"; {100 * share:.0f} % of them are estimated, at as many tokens each: usage of {whose} has no count"


def _each(field: str, tokens: list[float | None], requests: float, what: str, cells: list[Cell]) -> Finding:
    known = [value for value in tokens if value is not None]
    if not requests or not fsum(known):
        why = f"{what} tokens are not counted" if requests else f"{what} tokens a request need a count of requests"
        return Finding(field, None, f"{why}, so the scenario's own figure stands.")
    return Finding(field, fsum(known) / requests, f"{what} tokens over requests, totals and not medians.", _rows(cells))


def _share(field: str, cells: list[Cell], name: str, words: str) -> Finding:
    """A part of all input; where only some of it tells, none of the rest, as it costs at list price."""
    known = [cell for cell in cells if getattr(cell, name) is not None and cell.input_tokens]
    given = fsum(cell.input_tokens for cell in known)
    if not given:
        return Finding(field, None, f"The files do not say how much input was {words}, which is not none.")
    of = fsum(cell.input_tokens or 0 for cell in cells)
    told = f"Input tokens {words} over all input tokens{_part(given, of, 'input')}."
    return Finding(field, min(fsum(getattr(cell, name) for cell in known) / of, 1.0), told, _rows(known))


def _common(cells: list[Cell], requests: float) -> Finding:
    """The share of requests that can have a common beginning at the most, by how short one the caches hold."""
    field, cached = "cached_requests_frac", [cell for cell in cells if cell.cached_read_tokens]
    if not cached or not requests:
        return Finding(field, None, "How many requests begin alike is not told where nothing was read from a cache.")
    prices = [price for cell in cached if (price := listed(cell.key.provider, cell.key.model))]
    least = min(filter(None, map(least_cached_tokens, prices)), default=0.0)
    if not least:
        return Finding(
            field, 1.0, "Nobody says how short a beginning the caches of these models hold: all of them.", _rows(cached)
        )
    held = fsum((cell.cached_read_tokens or 0) + (cell.cache_write_tokens or 0) for cell in cells)
    told = f"At the most: what was cached has room for so many beginnings of {numeral(least, ',.0f')} tokens, "
    return Finding(field, min(held / requests / least, 1.0), f"{told}the shortest that is cached.", _rows(cached))


def _batch(cells: list[Cell]) -> Finding:
    known = [cell for cell in cells if cell.batch_input_tokens is not None or cell.batch_output_tokens is not None]
    given, of = (fsum(map(_tokens, held)) for held in (known, cells))
    if not given:
        return Finding("batch_frac", None, "The files do not tell batch from other requests.")
    told = f"Tokens that ran as batch over all tokens{_part(given, of, 'tokens')}."
    batch = fsum((cell.batch_input_tokens or 0) + (cell.batch_output_tokens or 0) for cell in known)
    return Finding("batch_frac", batch / of, told, _rows(known))


def _part(given: float, of: float, what: str) -> str:
    return "" if given >= of else f"; told of {100 * given / of:.0f} % of {what}, and none is counted of the rest"


def _trend(cells: list[Cell], whole: list[str], may_count: bool) -> Iterator[Finding]:
    """Growth and, where a year is there, season: by requests where all of them are counted, else by tokens."""
    sums: dict[str, list[float]] = {month: [0.0, 0.0] for month in whole}
    for cell in cells:
        if (held := sums.get(month_of(cell))) is not None:
            held[0] += cell.requests or 0.0
            held[1] += _tokens(cell)
            may_count = may_count and (cell.requests is not None or not _tokens(cell))
    by_requests = may_count and all(requests for requests, _ in sums.values())
    months = {month_number(month): held[0] if by_requests else held[1] for month, held in sums.items()}
    rows, of = _rows(cell for cell in cells if month_of(cell) in sums), "requests" if by_requests else "tokens"
    growth = growth_per_year(months)
    if growth is None:
        why = f"needs {FEWEST_MONTHS} whole months with traffic; the files hold {len(whole) or 'none'}"
        yield Finding("growth_per_year", None, f"Growth {why}.")
    else:
        bare = "" if len(months) > YEAR else "; less than a year apart, growth and season cannot be told from another"
        yield Finding("growth_per_year", growth, f"From {of} of {len(months)} whole months{bare}.", rows)
    factors = season(months, growth) if growth is not None else None
    if factors is None:
        yield Finding(SEASON[0], None, f"A season needs whole months of a year; the files hold {len(whole) or 'none'}.")
        return
    told = f"From {of} of {len(months)} whole months, growth taken out."
    yield from (Finding(path, factor, told, rows) for path, factor in zip(SEASON, factors, strict=True))


def _load(cells: list[Cell], period: Period) -> Iterator[Finding]:
    """The two numbers of the load curve and its hours, by tokens."""
    tokens = [cell for cell in cells if _tokens(cell)]
    hours = by_hour(tokens)
    if hours is None:
        told = "Some buckets are longer than an hour, in which neither a busiest hour nor a quiet night can be seen."
        found = None
    else:
        found = load(hours, period.start, period.end)
        told = f"The load over hours needs {FEWEST_HOURS} of them with tokens; the files cover fewer."
    if found is None:
        yield from (Finding(field, None, told) for field in LOAD)
        return
    short = "" if found.hours >= WEEK_HOURS else "; less than a week, so days of the week are not in it"
    told = f"Tokens of {numeral(found.hours, ',')} hours, by the hour, batch left out{short}."
    numbers = [_bounded(Finding(field, getattr(found, field), told, _rows(tokens))) for field in LOAD]
    drawn = {number.field: number.value for number in numbers} | {"batch_frac": 0.0}
    gap = curve_gap(found, Workload.model_validate(base_groups()["workload"] | drawn))
    curve = "the load curve then has what is above a quarter, half and three quarters of the peak within "
    curve += f"{numeral(gap * 100, '.1f')} points of all tokens"
    yield from (*numbers[:-1], replace(numbers[-1], told=f"{numbers[-1].told[:-1]}; {curve}."))
    yield from (Finding(path, ratio, told, _rows(tokens)) for path, ratio in zip(DAY, found.day, strict=True))


def _rows(cells) -> int:
    return sum(cell.rows for cell in cells)


def _bounded(finding: Finding) -> Finding:
    """Within the bounds that the field has, with a word where that changes it."""
    group, _, name = finding.field.rpartition(".")
    record = {"": Workload, "season": Season, "day": Day}[group]
    spec = number_of(record, name)
    if finding.value is None or spec.low <= finding.value <= spec.high:
        return finding
    value = min(max(finding.value, spec.low), spec.high)
    in_percent = spec.unit == "share"
    measured, bound = (
        f"{numeral(of * 100, '.4g')} %" if in_percent else numeral(of, ".4g") for of in (finding.value, value)
    )
    told = f"{finding.told[:-1]}; measured is {measured}, and the model goes to {bound}."
    return Finding(finding.field, value, told, finding.rows)
