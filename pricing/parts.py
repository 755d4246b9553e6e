"""The parts of a document that somebody else may have written: each as its type, or one sentence on what is wrong."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from costmodel.errors import At, ScenarioError, cut
from costmodel.scenario import Scenario, values
from costmodel.uncertainty.ranges import Distribution, Range, checked
from costmodel.uncertainty.sampling import check_correlations
from pricing.bills import MetBill
from pricing.currency import USD, Currency, currency

LONGEST_SOURCE, MOST_USD = 200, 1e15


def text(content: Mapping[str, Any], name: str, longest: int) -> str:
    """A part that is a text; what is too long is cut."""
    given = content.get(name, "")
    if not isinstance(given, str):
        raise ScenarioError(f"The document's {name} must be a text, not {cut(given)}.")
    if not given.isascii() and any("\ud800" <= letter <= "\udfff" for letter in given):
        raise ScenarioError(f"The document's {name} has half a letter in it; it must be ordinary text.")
    return given[:longest]


def currency_of(given: list[Any]) -> Currency:
    """The currency that amounts are shown in, at the reference rate of the day that the document names."""
    match given:
        case []:
            return USD
        case [str() as code, str() as day]:
            return currency(code, day_of(day))
        case _:
            raise ScenarioError(f'The document\'s currency must be like ["EUR", "2026-10-30"], not {cut(given, 80)}.')


def entered(scenario: Scenario, given: Mapping[str, Any]) -> dict[str, date]:
    """Path -> day on which the reader entered its value, for paths that are still there."""
    known = values(scenario)
    found: dict[str, date] = {}
    for day, paths in given.items():
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            raise ScenarioError(f"The document's part 'entered' must list paths by day, not {cut(paths)}.")
        found |= {path: day_of(day) for path in paths if path in known}
    return found


def imported(scenario: Scenario, given: Mapping[str, Any]) -> dict[str, str]:
    """Path -> files and days that its value was read from, for paths that are still there."""
    known = values(scenario)
    found: dict[str, str] = {}
    for source, paths in given.items():
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            raise ScenarioError(f"The document's part 'imported' must list paths by source, not {cut(paths)}.")
        whence = text({"source": source}, "source", LONGEST_SOURCE)
        found |= {path: whence for path in paths if path in known}
    return found


def bill_of(scenario: Scenario, given: Mapping[str, Any]) -> MetBill | None:
    """The bill of what runs today; None where there is none, or its option is gone."""
    option, month, source = (text(given, name, LONGEST_SOURCE) for name in ("option", "of", "source"))
    amounts, beside = [given.get(name) for name in ("billed_usd", "list_usd")], given.get("uncovered_usd", 0)
    if given and not all(map(_is_amount, amounts)):
        raise ScenarioError(f"The document's bill needs billed_usd and list_usd above 0, not {cut(amounts, 80)}.")
    if beside != 0 and not _is_amount(beside):
        raise ScenarioError(f"The document's bill needs uncovered_usd of 0 or more, not {cut(beside, 80)}.")
    if option not in scenario.options:
        return None
    billed, at_list = (float(amount or 0) for amount in amounts)
    return MetBill(option, billed, at_list, month, source, float(beside))


def _is_amount(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= MOST_USD


def day_of(given: str) -> date:
    """A day as documents write it."""
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ScenarioError(f"The document has the day {given!r:.40}; it must be like 2026-11-29.") from None


def ranges(scenario: Scenario, given: Mapping[str, Any]) -> dict[str, Range]:
    """Path -> range of the reader's own."""
    found: dict[str, Range] = {}
    for path, entry in given.items():
        match entry:
            case [int() | float() as low, int() | float() as high, str() as distribution]:
                found[path] = Range(
                    _finite(path, low), scenario[path], _finite(path, high), cast(Distribution, distribution)
                )
            case _:
                raise ScenarioError("The range of {path} must be [low, high, distribution], not {entry}.",
                                    path=At(f"{path:.80}"), entry=cut(entry))  # fmt: skip
    checked(scenario, found, drawn=False)
    return found


def correlations(scenario: Scenario, given: list[Any]) -> dict[tuple[str, str], float]:
    """Pair of paths -> rank correlation."""
    found: dict[tuple[str, str], float] = {}
    for entry in given:
        match entry:
            case [str() as one, str() as other, int() | float() as value] if -1 < value < 1 and one < other:
                if (one, other) in found:
                    raise ScenarioError("The rank correlation of {one} with {other} is given twice.",
                                        one=At(f"{one:.120}"), other=At(f"{other:.120}"))  # fmt: skip
                found[one, other] = float(value)
            case _:
                raise ScenarioError(
                    f"A rank correlation must be [path, path, number between -1 and 1], the paths in the order of the "
                    f"alphabet, not {cut(entry, 160)}."
                )
    check_correlations(scenario, found)
    return found


def part(content: Mapping[str, Any], name: str, kind: type) -> Any:
    """A part that is an object or a list."""
    given = content.get(name, kind())
    if not isinstance(given, kind):
        words: dict[type, str] = {dict: "an object", list: "a list"}
        raise ScenarioError(f"The document's part {name!r} must be {words[kind]}, not {cut(given)}.")
    return given


def slugs(content: Mapping[str, Any], name: str) -> list[str]:
    """A part that lists options."""
    given: list[Any] = part(content, name, list)
    if not all(isinstance(slug, str) for slug in given):
        raise ScenarioError(f"The document's part {name!r} must list options by their names, not {cut(given)}.")
    return given


def _finite(path: str, end: float) -> float:
    try:
        return float(end)
    except OverflowError:
        raise ScenarioError(
            f"The range of {path!r:.80} has an end of hundreds of digits; write a smaller number."
        ) from None
