"""The electricity tariff and the grid of an area, and tariffs of the reader's own contracts."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from costmodel.settings import Energy
from pricing.facts import CarbonIntensity, ElectricityPrice, Fact, Own, find, rows

TARIFF, CARBON = "electricity_usd_per_kwh", "carbon_gco2e_per_kwh"  # fields of `energy`
NEAR_GCO2E_PER_KWH = 0.5
Cited = Mapping[str, tuple[float, Fact]]


def areas(own: Own = ()) -> list[str]:
    """Names of the reader's own tariffs, then of countries and US states with a commercial tariff and a grid."""
    return [row.name for row in own if isinstance(row, ElectricityPrice)] + list(_published())


def area(name: str, own: Own = ()) -> dict[str, Any]:
    """Tariff and carbon intensity of an area, as groups of the scenario; of an own contract the tariff alone."""
    return {"energy": {field: value for field, (value, _) in cited(name, own).items()}}


@lru_cache(maxsize=64)  # asked for each input of a page; to find a name among hundreds takes its time
def cited(name: str, own: Own = ()) -> Cited:
    """Field of `energy` -> value and row; ScenarioError with the nearest names for an unknown area."""
    mine = tuple(row for row in own if isinstance(row, ElectricityPrice))
    listed = (row for row in rows(ElectricityPrice) if row.sector == "commercial" and row.name in _published())
    row = find((*mine, *listed), name)
    return {TARIFF: (row.usd_per_kwh, row)} if row in mine else _published()[row.name]


def area_of(energy: Energy, own: Own = ()) -> str:
    """The own contract whose tariff this is, or the area of tariff and grid, to half a gram; empty where it is none."""
    mine = (row.name for row in own if isinstance(row, ElectricityPrice) and row.usd_per_kwh == getattr(energy, TARIFF))
    alike = _by_tariff().get(getattr(energy, TARIFF), {})
    area = (name for name, grams in alike.items() if abs(grams - getattr(energy, CARBON)) <= NEAR_GCO2E_PER_KWH)
    return next(mine, next(area, ""))


@cache
def _by_tariff() -> Mapping[float, Mapping[str, float]]:
    """Tariff -> areas that have it, with the carbon intensity of their grids."""
    found: dict[float, dict[str, float]] = {}
    for name, pair in _published().items():
        found.setdefault(pair[TARIFF][0], {})[name] = pair[CARBON][0]
    return found


@cache
def _published() -> Mapping[str, Cited]:
    """Area -> its commercial tariff and its grid, of areas that have both."""
    grids = {name.casefold(): row for row in rows(CarbonIntensity) for name in (row.name, *row.aliases)}
    found = {}
    for row in rows(ElectricityPrice):
        grid = next((grids[name.casefold()] for name in (row.name, *row.aliases) if name.casefold() in grids), None)
        if row.sector == "commercial" and grid:
            found[row.name] = {TARIFF: (row.usd_per_kwh, row), CARBON: (grid.gco2e_per_kwh, grid)}
    return found
