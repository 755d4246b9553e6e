"""How far each number of a scenario may lie from today: from the assumptions and the spread of the market."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, NamedTuple

from costmodel.errors import ScenarioError
from costmodel.fields import Number
from costmodel.option import KINDS, Option
from costmodel.scenario import Scenario, numbers, numbers_within, values
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
    for path, number, today in _common(scenario):
        if spread := own.get(path) or _judged().get(("", path)):
            found[path] = _settled(spread, number, today)
    options, text = tuple(scenario.options.items()), tokens.text_of(scenario.workload)
    return found | (_with_own(options, text, own) if own else _of_options(options, text))


@lru_cache(maxsize=64)  # most levers move what all options share
def _of_options(options: tuple[tuple[str, Option], ...], text: tuple[str, ...]) -> dict[str, Range]:
    return _with_own(options, text, {})


def _with_own(
    options: Iterable[tuple[str, Option]], text: tuple[str, ...], own: Mapping[str, Range]
) -> dict[str, Range]:
    """Path -> range within all options, where requests are of that kind of text."""
    found: dict[str, Range] = {}
    first: dict[tuple[tuple[str, ...], Range], str] = {}
    also: dict[str, list[str]] = {}
    for slug, option in options:
        for each in _of_option(option, text):
            path = f"options.{slug}.{each.within}"
            spread = _settled(own[path], each.number, each.today) if path in own else each.spread
            if spread is None:
                continue
            if (leader := first.setdefault((each.subject, spread), path)) == path:
                found[path] = spread
            else:
                also.setdefault(leader, []).append(path)
    return found | {leader: replace(found[leader], also=(*found[leader].also, *also[leader])) for leader in also}


def _common(scenario: Scenario) -> Iterator[tuple[str, Number, float]]:
    """(path, what it is, its value) of every number outside of options."""
    known = values(scenario)
    for path, number in numbers(scenario).items():
        if not path.startswith("options."):
            yield path, number, known[path]


class OfOption(NamedTuple):
    """A number within an option, its range if there is one, and what an assumption about it is about."""

    within: str
    number: Number
    today: float
    spread: Range | None
    subject: tuple[str, ...]


@lru_cache(maxsize=256)  # a lever moves a number of one option at most
def _of_option(option: Option, text: tuple[str, ...]) -> tuple[OfOption, ...]:
    """Every number of an option, where requests are of that kind of text."""
    found = []
    for within, number, today in numbers_within(option):
        spread = _range(option, within, today, text)
        settled = spread and _settled(spread, number, today)
        found.append(OfOption(within, number, today, settled, _subject(option, within)))
    return tuple(found)


def _settled(spread: Range, number: Number, today: float) -> Range:
    """A range around today's value, without what lies beyond the bounds of its field."""
    return spread.around(today, number) if spread.base != today else _within(spread, number)


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


def drawn(scenario: Scenario, own: Mapping[str, Range]) -> dict[str, Range]:
    """The ranges that chance draws from."""
    return scenario.once(("drawn", *own.items()), lambda: drawable(scenario, ranges(scenario, own)))


def draws(
    scenario: Scenario, own: Mapping[str, Range], correlations: Mapping[tuple[str, str], float], seed: int = SEED
) -> Draws:
    """What chance draws from, with the reader's own ranges and rank correlations.

    A correlation of a number that moves with another is one of that other; one of a number that is not drawn at present
    waits until it is.
    """
    spread = drawn(scenario, own)
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


def _range(option: Option, within: str, today: float, text: tuple[str, ...]) -> Range | None:
    if within == "serving.throughput_ratio":
        return _throughput_range(option)
    if judged := _judged().get((option.kind, within)):
        return judged
    if within in tokens.FIGURES and (row := tokens.of_text(option, text).get(within)):
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
