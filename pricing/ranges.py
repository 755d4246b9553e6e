"""How far each number of a scenario may lie from today: from the assumptions and the spread of the market."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from costmodel.errors import ScenarioError
from costmodel.fields import Number
from costmodel.option import KINDS, Option
from costmodel.scenario import Scenario, numbers, values
from costmodel.uncertainty.ranges import Range, drawable
from costmodel.uncertainty.sampling import SEED, Draws
from pricing import tokens
from pricing.assumptions import Assumption, assumptions
from pricing.facts import FOLDER, Fact, GpuInstance, OpenModel, Text, named, rows
from pricing.reading import read
from pricing.throughput import band

OF_THE_MODEL = ("reasoning_frac", "attempts_ratio")


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

    A number that the reader changed keeps the width of its assumption around its new value. One assumption about
    several options is one range, that of the first, with the others as `also`: what is not known about staff of an API
    is not known about both APIs alike. An option whose value was changed goes its own way.
    """
    return _ranges(scenario, own) if own else dict(scenario.once("ranges", lambda: _ranges(scenario, {})))


def _ranges(scenario: Scenario, own: Mapping[str, Range]) -> dict[str, Range]:
    found: dict[str, Range] = {}
    first: dict[tuple[tuple[str, ...], Range], str] = {}
    also: dict[str, list[str]] = {}
    known = values(scenario)
    for path, number in numbers(scenario).items():
        option, within = _place(scenario, path)
        spread = own.get(path) or _range(scenario, option, within, known[path])
        if spread is None:
            continue
        today = known[path]
        spread = spread.around(today, number) if spread.base != today else _within(spread, number)
        if option is None or (leader := first.setdefault((_subject(option, within), spread), path)) == path:
            found[path] = spread
        else:
            also.setdefault(leader, []).append(path)
    return found | {leader: replace(found[leader], also=(*found[leader].also, *also[leader])) for leader in also}


def _place(scenario: Scenario, path: str) -> tuple[Option | None, str]:
    """(the option in which a path lies, the path within it); None and the path itself outside of options."""
    if not path.startswith("options."):
        return None, path
    _, slug, within = path.split(".", 2)
    return scenario.options[slug], within


@cache
def _judged() -> Mapping[tuple[str, str], Range]:
    """Kind of option, empty outside of options, and path within it -> the range that the assumptions give."""
    found = {}
    for path, row in assumptions().items():
        head, _, within = path.partition(".")
        found[(head, within) if head in KINDS else ("", path)] = _of_row(row)
    return found


def _of_row(row: Assumption) -> Range:
    return Range(row.low, row.base, row.high, row.distribution)


def _within(spread: Range, number: Number) -> Range:
    """The range without what lies beyond the bounds of its field."""
    low, high = max(spread.low, number.low), min(spread.high, number.high)
    return spread if (low, high) == (spread.low, spread.high) else replace(spread, low=low, high=high)


def draws(
    scenario: Scenario, own: Mapping[str, Range], correlations: Mapping[tuple[str, str], float], seed: int = SEED
) -> Draws:
    """What chance draws from, with the reader's own ranges and rank correlations.

    A correlation of a number that moves with another is one of that other; one of a number that is not drawn at present
    waits until it is.
    """
    spread = drawable(scenario, ranges(scenario, own))
    leader = {member: path for path, entry in spread.items() for member in (path, *entry.also)}
    joined = {
        (min(leader[one], leader[other]), max(leader[one], leader[other])): value
        for (one, other), value in correlations.items()
        if one in leader and other in leader and leader[one] != leader[other]
    }
    return Draws(scenario, spread, seed, joined)


def _subject(option: Any, within: str) -> tuple[str, ...]:
    """What an assumption about an option is about.

    A kind of option; a model whoever serves it, or on a GPU whoever owns it; or models that have one tokenizer.
    """
    if within.startswith("serving."):
        return (within, option.serving.model, option.serving.gpu)
    if within == "token_ratio":
        return (within, tokens.family_of(option.model_name()).family)
    if within in OF_THE_MODEL:
        return (within, _model(option))
    return (within, option.kind)


def _model(option: Option) -> str:
    return _known_model(option.model_name() or option.kind)


@lru_cache(maxsize=256)  # of a name that nobody knows the nearest are looked for, which takes a while
def _known_model(name: str) -> str:
    try:
        return named(OpenModel, name).name
    except ScenarioError:
        return name


def _range(scenario: Scenario, option: Option | None, within: str, today: float) -> Range | None:
    if option is None:
        return _judged().get(("", within))
    if within == "serving.throughput_ratio":
        return _throughput_range(option)
    if judged := _judged().get((option.kind, within)):
        return judged
    if within in tokens.FIGURES and (row := tokens.of(option, scenario.workload).get(within)):
        return _of_row(row)
    return _price_range(option, within, today)


def _throughput_range(option: Any) -> Range:
    """The band of a model in the catalogue; of any other the one that the assumptions give to all."""
    try:
        low, high = band(option.serving)
    except ScenarioError:
        judged = _judged()[option.kind, "serving.throughput_ratio"]
        low, high = judged.low, judged.high
    return Range(low, 1, high, "lognormal")


def _price_range(option: Any, within: str, today: float) -> Range | None:
    if within == "on_demand_usd_per_gpu_hour":
        market = [row.on_demand_usd_per_gpu_hour for row in rows(GpuInstance) if row.gpu == option.serving.gpu]
        return Range(min(*market, today), today, max(*market, today), "pert") if market else None
    row = price_ranges().get(f"{option.kind}.{within}")
    return Range(today * row.low_ratio, today, today * row.high_ratio, "pert") if row and today else None
