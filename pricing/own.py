"""Prices of the reader's own: quotations and negotiated prices, as rows of the catalogue's tables.

They are handed to whoever chooses or cites, and kept by nobody here: a library has them, a scenario those that it uses.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from costmodel import numerals
from costmodel.errors import ScenarioError
from costmodel.fields import SHARES, Number, number_of
from costmodel.options.cloud_gpu import CloudGpu
from costmodel.options.on_prem import OnPrem
from costmodel.options.seats import Seats
from costmodel.options.token_api import TokenApi
from costmodel.scenario import Scenario
from costmodel.settings import Energy
from costmodel.token_prices import PriceList
from pricing import token_prices
from pricing.facts import (
    ElectricityPrice,
    Fact,
    Gpu,
    GpuCommitment,
    GpuInstance,
    Own,
    SeatPrice,
    Server,
    TokenContract,
    named,
    offered,
    rows,
)
from pricing.reading import RIGHT, Wrong, complaint
from pricing.token_prices import KINDS_OF_TOKENS

FIELDS: Mapping[type[Fact], Mapping[str, tuple[type, str]]] = {  # column of a table -> field whose number it becomes
    Server: {"gpus": (OnPrem, "gpus_per_server"), "price_usd": (OnPrem, "server_price_usd")},
    GpuInstance: {
        "gpus": (CloudGpu, "gpus_per_server"),
        "on_demand_usd_per_gpu_hour": (CloudGpu, "on_demand_usd_per_gpu_hour"),
        "spot_usd_per_gpu_hour": (CloudGpu, "spot_usd_per_gpu_hour"),
    },
    GpuCommitment: {
        "term_months": (CloudGpu, "term_months"),
        "usd_per_gpu_hour": (CloudGpu, "reserved_usd_per_gpu_hour"),
    },
    TokenContract: {
        **{f"{kind}_usd_per_mtok": (PriceList, f"{kind}_usd_per_mtok") for kind in KINDS_OF_TOKENS},
        "batch_discount_frac": (PriceList, "batch_output_discount_frac"),
        "context_window_tokens": (TokenApi, "context_window_tokens"),
    },
    SeatPrice: {
        "usd_per_user_month": (Seats, "seat_usd_per_user_month"),
        "term_months": (Seats, "term_months"),
        "least_seats": (Seats, "least_seats"),
        "limit_requests_per_user_month": (Seats, "limit_requests_per_user_month"),
    },
    ElectricityPrice: {"usd_per_kwh": (Energy, "electricity_usd_per_kwh")},
}
KEYS: Mapping[type[Fact], tuple[str, ...]] = {  # columns that tell rows of a table apart
    Server: ("name",),
    GpuInstance: ("provider", "name", "region"),
    GpuCommitment: ("provider", "instance", "term_months"),
    TokenContract: ("provider", "model"),
    SeatPrice: ("provider", "name"),
    ElectricityPrice: ("name",),
}
TABLES: Mapping[str, type[Fact]] = {  # name of a table, as of its file -> its rows
    "servers": Server,
    "gpu_instances": GpuInstance,
    "gpu_commitments": GpuCommitment,
    "token_contracts": TokenContract,
    "seats": SeatPrice,
    "electricity": ElectricityPrice,
}
YOURS = {"aliases": "", "source_url": "", "confidence": "yours", "sector": "commercial"}  # the same in every row
EVIDENCE = ("source", "as_of", "valid_until", "why")
MAY_BE_EMPTY = (
    "spot_usd_per_gpu_hour",
    "cache_read_usd_per_mtok",
    "cache_write_usd_per_mtok",
    "batch_discount_frac",
    "context_window_tokens",
    "limit_requests_per_user_month",
    "valid_until",
    "why",
)
LONGEST_CELL = 200
TABLE = "table"  # entry of a row in a document that says which table it is of


def columns(kind: type[Fact]) -> tuple[str, ...]:
    """What a reader says of a row of that table: its figures, then who quoted it, when, until when, and a remark."""
    figures = (name for name in kind.model_fields if name not in Fact.model_fields and name not in YOURS)
    return (*figures, *EVIDENCE)


def number_in(kind: type[Fact], column: str) -> Number | None:
    """Unit, bounds and meaning of what stands in a column; None where it is no number."""
    field = FIELDS[kind].get(column)
    return number_of(*field) if field else None


def made(kind: type[Fact], cells: Mapping[str, Any]) -> Fact:
    """The row that cells by column make, texts as people write them, of a known GPU; Wrong with what would be right."""
    if unasked := next((name for name in cells if name in (*YOURS, "checked_on")), None):
        raise Wrong(f"column {unasked} is not one of this file: leave it out")
    given = {name: _cell(kind, name, cell) for name, cell in cells.items()}
    usual = {name: value for name, value in YOURS.items() if name in kind.model_fields}
    empty = {name: "" for name in MAY_BE_EMPTY if name in kind.model_fields}
    try:
        row = kind.model_validate({**empty, **given, **usual, "checked_on": given.get("as_of")})
    except ValidationError as error:
        raise Wrong(complaint(error)) from None
    try:
        return row.model_copy(update={"gpu": named(Gpu, given["gpu"]).name}) if "gpu" in kind.model_fields else row
    except ScenarioError as unknown:
        raise Wrong(f"column gpu: {str(unknown).removesuffix('.')}") from None


def _cell(kind: type[Fact], column: str, cell: Any) -> Any:
    """A cell as its row takes it: a number within the bounds of the field that it becomes, or a line of text."""
    number = number_in(kind, column)
    if isinstance(cell, str) and number and cell.strip():
        cell = _number(column, cell, number)
    elif isinstance(cell, str):
        cell = cell.strip()
        if len(cell) > LONGEST_CELL or not cell.isprintable():
            line = f"one line of at most {LONGEST_CELL} signs"
            raise Wrong(f"column {column}: {cell!r:.40} stands there; it must be {line}")
    if number and isinstance(cell, int | float):
        try:
            number.check(cell)
        except ValueError as error:
            raise Wrong(f"column {column}: {cell:g} stands there; it {error}") from None
    return cell


def _number(column: str, text: str, number: Number) -> float:
    """The one number that a text can mean there; Wrong where it may mean two or is none."""
    found = numerals.written(text)
    percent = 100 if found and found.percent and number.unit in SHARES else 1
    if found is None or found.words or (found.percent and percent == 1) or found.currency not in ("", "USD"):
        raise Wrong(f"column {column}: {text!r:.60} stands there; it must be {RIGHT['float_parsing']} ({number.unit})")
    readings = [float(value) / percent for value in found.readings]
    possible = [value for value in readings if number.low <= value <= number.high]
    if len(possible) > 1:
        one, other = (f"{value:.10g}" for value in possible)
        raise Wrong(f"column {column}: {text!r:.60} can be read as {one} or as {other}: write {one}.0 or {other}")
    return possible[0] if possible else readings[0]


def entered(kind: type[Fact], cells: Mapping[str, Any], own: Own = ()) -> Fact:
    """A row that somebody enters: `made`, under a name that the catalogue has not; `own` are the rows beside it."""
    row = _at_known_provider(made(kind, cells))
    column = "model" if kind is TokenContract else "name"
    if _is_listed(row):
        name = getattr(row, column)
        raise Wrong(f"column {column}: the catalogue has {name!r:.80} already; it must be another, such as "
                    f"{f'{name}, our price'!r:.80}")  # fmt: skip
    if isinstance(row, GpuCommitment):
        known = {(entry.provider, entry.name) for entry in offered(GpuInstance, own)}
        if (row.provider, row.instance) not in known:
            raise Wrong(f"column instance: {row.instance!r:.60} of {row.provider!r:.40} is not in the catalogue; it "
                        "must be an instance that is there or among your own")  # fmt: skip
    return row


def _at_known_provider(row: Fact) -> Fact:
    """The row with its provider written as the catalogue has it."""
    match row:
        case TokenContract():
            known = list(token_prices.providers())
        case SeatPrice():
            known = [listed.provider for listed in rows(SeatPrice)]
        case GpuInstance() | GpuCommitment():
            known = [listed.provider for listed in rows(GpuInstance)]
        case _:
            return row
    written = {name.casefold(): name for name in known}
    return row.model_copy(update={"provider": written.get(row.provider.casefold(), row.provider)})


def _is_listed(row: Fact) -> bool:
    """Whether the catalogue has a row of that name; a commitment of a term may be one's own beside that of a list."""
    match row:
        case TokenContract():
            return token_prices.listing(row.provider, row.model) is not None
        case GpuCommitment():
            return False
    return key_of(row) in map(key_of, rows(type(row)))


def key_of(row: Fact) -> str:
    """What tells a row apart from all others, whatever the case of its letters."""
    parts = (table_of(row), *(getattr(row, column) for column in KEYS[type(row)]))
    return "\n".join(str(part).casefold() for part in parts)


def table_of(row: Fact) -> str:
    """The name of the table that a row belongs to."""
    return next(name for name, kind in TABLES.items() if type(row) is kind)


def cells_of(row: Fact) -> dict[str, Any]:
    """The cells that make the row again, ready for JSON; what is empty is left out."""
    given = row.model_dump(mode="json")
    return {name: given[name] for name in columns(type(row)) if given[name] not in (None, "")}


def to_parts(own: Own) -> list[dict[str, Any]]:
    """Rows as a document holds them."""
    return [{TABLE: table_of(row), **cells_of(row)} for row in own]


def from_parts(parts: Iterable[Any]) -> Own:
    """Rows of a document that somebody else may have written; ScenarioError with one sentence for a wrong one."""
    found = []
    for number, part in enumerate(parts, 1):
        if not isinstance(part, Mapping) or part.get(TABLE) not in TABLES:
            raise ScenarioError(f"Price {number} of the document must name its table: {', '.join(TABLES)}.")
        try:
            found.append(made(TABLES[part[TABLE]], {name: cell for name, cell in part.items() if name != TABLE}))
        except Wrong as error:
            raise ScenarioError(f"Price {number} of the document, {error}.") from None
    return tuple(found)


def together(*several: Own) -> Own:
    """The rows of all, the first of each key."""
    return tuple({key_of(row): row for row in reversed([row for own in several for row in own])}.values())[::-1]


def used(scenario: Scenario, own: Own) -> Own:
    """Those of the rows that the scenario names, or whose tariff it has."""
    return tuple(row for row in together(own) if _mark(row) in _marks(scenario))


def _mark(row: Fact) -> tuple[Any, ...]:
    match row:
        case GpuInstance():
            return GpuInstance, row.provider, row.name
        case GpuCommitment():
            return GpuCommitment, row.provider, row.instance, row.term_months
        case ElectricityPrice():
            return ElectricityPrice, row.usd_per_kwh
        case TokenContract():
            return TokenContract, row.provider, row.model
        case SeatPrice():
            return SeatPrice, row.provider, row.name
        case Server():
            return Server, row.name
    raise TypeError(f"{type(row).__name__} is no table of own prices")


def _marks(scenario: Scenario) -> set[tuple[Any, ...]]:
    marks: set[tuple[Any, ...]] = {(ElectricityPrice, scenario.energy.electricity_usd_per_kwh)}
    for option in scenario.options.values():
        marks |= {mark for name in option.catalogues if name in _NAMED for mark in _NAMED[name](option)}
    return marks


_NAMED: Mapping[str, Callable[[Any], set[tuple[Any, ...]]]] = {  # catalogue -> the rows of it that an option names
    "gpu_instances": lambda option: {
        (GpuInstance, option.provider, option.instance),
        (GpuCommitment, option.provider, option.instance, option.term_months),
    },
    "token_prices": lambda option: {(TokenContract, option.provider, option.model)},
    "seat_prices": lambda option: {(SeatPrice, option.provider, option.product)},
    "servers": lambda option: {(Server, option.server)},
}
