"""What a decision planned for a month beside what the month used and cost, line by line, and why they differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum

from costmodel.comparison import OptionCost, compare
from costmodel.demand import requests
from costmodel.lines import LINES, by_group
from costmodel.scenario import Scenario, values
from costmodel.units import MONTHS_PER_YEAR
from pricing.dates import MONTHS
from pricing.migrations.calendar import START_YEAR
from usage.paid import PaidMonth

START_MONTH = "workload.start_month"
KINDS = {"input_tokens": "input", "cache_reads": "cache_read", "cache_writes": "cache_write", "output_tokens": "output"}
REST = "Other charges on the bill"
ALSO_BILLED = ("cache_storage", "provisioned", "shortfall", "support", "transfer")  # by a seller of tokens


@dataclass(frozen=True)
class Line:
    """One line of one month, USD, and the tokens that it pays for. None is what the files do not tell."""

    name: str
    planned_usd: float
    paid_usd: float | None
    planned_tokens: float | None = None
    used_tokens: float | None = None

    @property
    def difference_usd(self) -> float | None:
        """What was paid beyond the plan; negative where it was less."""
        return None if self.paid_usd is None else self.paid_usd - self.planned_usd

    @property
    def by_volume_usd(self) -> float | None:
        """The part of it that other numbers of tokens make, at the planned price; None where none were planned."""
        if not self.planned_tokens or self.used_tokens is None:
            return None
        return (self.used_tokens / self.planned_tokens - 1) * self.planned_usd

    @property
    def by_price_usd(self) -> float | None:
        """The rest of it: another price of the tokens that were used."""
        return None if self.by_volume_usd is None or self.paid_usd is None else self.difference_usd - self.by_volume_usd


@dataclass(frozen=True)
class Month:
    """One month: lines that a bill for tokens tells, and groups of the plan that stand `beside` it.

    `is_billed`: amounts add up to the bill; else they are usage at list price less the discount. `models` were used.
    """

    month: str
    planned_requests: float
    used_requests: float | None
    lines: tuple[Line, ...]
    beside: tuple[Line, ...]
    is_billed: bool
    models: tuple[str, ...]

    @property
    def name(self) -> str:
        """October 2026."""
        year, month = _parts(self.month)
        return f"{MONTHS[month - 1]} {year}"

    @property
    def total(self) -> Line:
        """All that a bill for tokens tells."""
        return Line("Together", fsum(line.planned_usd for line in self.lines),
                    fsum(line.paid_usd for line in self.lines if line.paid_usd is not None))  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """The months that a decision and files have in common. `begun`: the plan was begun then, to have the month at all.

    `starts` is the month with which the plan itself starts, `model` what it pays tokens of, empty if there is none.
    """

    months: tuple[Month, ...]
    starts: date
    model: str
    begun: bool = False


def against(scenario: Scenario, slug: str, paid: Sequence[PaidMonth], discount_frac: float | None = None) -> Planned:
    """The decision for option `slug` beside whole months, the earliest first.

    `discount_frac` is what the reader's contract takes off; where that is not said, what the option says. A plan that
    starts after the last of the months is begun in that one, so that there is something to compare with.
    """
    starts = date(int(scenario[START_YEAR]), int(scenario[START_MONTH]), 1)
    model = str(values(scenario).get(f"options.{slug}.model", ""))
    columns = {month.month: _column(scenario, month.month) for month in paid}
    begun = bool(paid) and max(columns.values()) < 1
    if begun:
        year, month = _parts(last := paid[-1].month)
        scenario, columns = scenario.vary({START_YEAR: year, START_MONTH: month}), {last: 1}
    cost, factor = compare(scenario)[slug], _of_list(scenario, slug, discount_frac)
    horizon = scenario.finance.horizon_months
    within = [month for month in paid if 1 <= columns.get(month.month, 0) <= horizon]
    return Planned(tuple(_month(cost, columns[month.month], month, factor) for month in within), starts, model, begun)


def _parts(month: str) -> tuple[int, int]:
    year, _, number = month.partition("-")
    return int(year), int(number)


def _column(scenario: Scenario, month: str) -> int:
    year, number = _parts(month)
    return int((year - scenario[START_YEAR]) * MONTHS_PER_YEAR + number - scenario[START_MONTH] + 1)


def _of_list(scenario: Scenario, slug: str, discount_frac: float | None) -> float:
    """What is paid of a list price: less the discount, with the surcharge for the region."""
    said = values(scenario)
    own, region = (said.get(f"options.{slug}.{name}", 0.0) for name in ("discount_frac", "region_surcharge_frac"))
    return float((1 - (own if discount_frac is None else discount_frac)) * (1 + region))


def _month(cost: OptionCost, column: int, paid: PaidMonth, factor: float) -> Month:
    scenario = cost.task.scenario
    planned = {name: float(line[column]) for name, line in cost.lines.items()}
    tokens = _tokens(cost, column, planned)
    lines = [
        Line(LINES[name].label, planned.get(name, 0.0), paid.list_usd[kind] * factor, tokens[name], paid.tokens[kind])
        for name, kind in KINDS.items()
    ]
    is_billed = paid.billed_usd is not None
    rest = paid.billed_usd - fsum(line.paid_usd for line in lines) if is_billed else None
    lines.append(Line(REST, fsum(planned.get(name, 0.0) for name in ALSO_BILLED), rest))
    asked = float(requests(scenario)[column]) * scenario.workload.environments_ratio
    beside = _groups({name: usd for name, usd in planned.items() if name not in {*KINDS, *ALSO_BILLED}})
    return Month(paid.month, asked, paid.requests, tuple(lines), tuple(beside), is_billed, paid.models)


def _tokens(cost: OptionCost, column: int, planned: Mapping[str, float]) -> dict[str, float]:
    """Line -> tokens that it pays for: none where the option pays none by the token."""
    workload = cost.task.scenario.workload
    given, made = (float(cost.quantities[name][column]) for name in ("input_tokens", "output_tokens"))
    read = workload.cached_input_frac if planned.get("cache_reads") else 0.0
    written = min(workload.cache_write_frac, 1 - read) if planned.get("cache_writes") else 0.0
    found = {"input_tokens": given * (1 - read - written), "cache_reads": given * read,
             "cache_writes": given * written, "output_tokens": made}  # fmt: skip
    return {name: tokens if planned.get(name) else 0.0 for name, tokens in found.items()}


def _groups(planned: Mapping[str, float]) -> Iterable[Line]:
    """What no bill for tokens tells, by group of lines."""
    sums = {group: fsum(lines.values()) for group, lines in by_group(planned).items()}
    return (Line(group, total, None) for group, total in sums.items() if total)
