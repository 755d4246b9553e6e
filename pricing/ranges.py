"""How far each number of a scenario may lie from what it is today: from the assumptions and the spread of the market."""

from collections.abc import Mapping
from functools import cache

from costmodel.option import Option
from costmodel.scenario import Scenario, numbers
from costmodel.uncertainty.ranges import Range
from pricing.assumptions import assumption
from pricing.facts import FOLDER, Fact, GpuInstance, Text, read, rows
from pricing.throughput import band


class PriceRange(Fact):
    """How far a price that a catalogue gives may lie from it, as factors of the price."""

    path: Text
    low_ratio: float
    high_ratio: float


@cache
def price_ranges() -> Mapping[str, PriceRange]:
    """Kind and field -> row, for prices that a catalogue writes and a buyer negotiates."""
    return {row.path: row for row in read(PriceRange, FOLDER.parent / "price_ranges.csv")}


def ranges(scenario: Scenario, own: Mapping[str, Range] | None = None) -> dict[str, Range]:
    """Path -> range of every number that has one; `own` are the reader's and go before the rest.

    A number that the reader changed keeps the width of its assumption around its new value.
    """
    found = {}
    for path, number in numbers(scenario).items():
        today = scenario[path]
        spread = (own or {}).get(path) or _range(scenario, path, today)
        if spread is not None:
            found[path] = spread.around(today, number) if spread.base != today else spread
    return found


def _range(scenario: Scenario, path: str, today: float) -> Range | None:
    if not path.startswith("options."):
        row = assumption(path)
        return Range(row.low, row.base, row.high, row.distribution) if row else None
    _, slug, within = path.split(".", 2)
    option = scenario.options[slug]
    if within == "serving.throughput_ratio":
        low, high = band(option.serving.model, option.serving.anchor_basis)
        return Range(low, 1, high, "lognormal")
    if row := assumption(path, option.kind):
        return Range(row.low, row.base, row.high, row.distribution)
    return _price_range(option, within, today)


def _price_range(option: Option, within: str, today: float) -> Range | None:
    if within == "on_demand_usd_per_gpu_hour":
        market = [row.on_demand_usd_per_gpu_hour for row in rows(GpuInstance) if row.gpu == option.serving.gpu]
        return Range(min(*market, today), today, max(*market, today), "pert") if market else None
    row = price_ranges().get(f"{option.kind}.{within}")
    return Range(today * row.low_ratio, today, today * row.high_ratio, "pert") if row else None
