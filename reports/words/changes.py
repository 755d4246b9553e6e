"""What differs between scenarios, in the words of a reader: one text for what was changed and for a comparison.

A model, a server or an instance that was chosen is one difference; the figures that its catalogue writes are told as
one more, not one by one.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, get_origin

from costmodel.scenario import Scenario, declared, differing_values, number_at
from pricing.choices import sources
from pricing.selectors import selectors_of
from pricing.token_prices import model_name, provider_name
from reports.words.labels import path_name, said

COMMON = "Common inputs"
ABSENT = "not there"
Rows = list[tuple[str, ...]]


def differing(scenarios: Mapping[str, Scenario]) -> dict[str, Rows]:
    """Whose they are -> (what, value in each scenario) of every value that is not the same in all.

    Common inputs come first, with a row for each option that some lack or have as another kind. What follows from a
    choice has no row: that of the choice says it.
    """
    groups = _differing([*scenarios.values()])
    return {whose: [row for row in rows if len(row) > 1] for whose, rows in groups.items()}


def _differing(chosen: list[Scenario]) -> dict[str, Rows]:
    """The same, with how many figures follow from a choice as a row without values."""
    options: dict[str, str] = {}
    for slug, option in (entry for scenario in chosen for entry in scenario.options.items()):
        options.setdefault(slug, option.label)
    partial = [slug for slug in options if len({_kind(scenario, slug) for scenario in chosen}) > 1]
    groups: dict[str, Rows] = {COMMON: [(f"Option: {options[slug]}", *(_kind(each, slug) for each in chosen))
                                        for slug in partial]}  # fmt: skip
    for slug, found in _by_owner(chosen, partial).items():
        whose = options.get(slug, COMMON)
        brought = _brought(chosen, slug, found) if slug else set()
        groups.setdefault(whose, []).extend(
            (
                path_name(chosen[0], path),
                *(told(scenario, path, value) for scenario, value in zip(chosen, cells, strict=True)),
            )
            for path, cells in found.items()
            if path not in brought
        )
        if brought:
            groups[whose].append((f"{whose}: {len(brought)} figures of the catalogue that come with it",))
    return {whose: rows for whose, rows in groups.items() if rows}


def told(scenario: Scenario, path: str, value: object) -> str:
    """A value in words; a kind, another option, a provider and its model are called as readers know them.

    Of other texts only those of a choice are words with underscores; who entered one has it as entered.
    """
    if path.startswith("options.") and isinstance(value, str) and value:
        _, slug, field = path.split(".", 2)
        option = scenario.options[slug]
        if field == "kind":
            return option.title
        if value in scenario.options and field in option.candidates(scenario.options):
            return scenario.options[value].label
        if option.rents_tokens() and field in {pick.field for pick in selectors_of(option)}:
            return provider_name(value) if value == option.seller() else model_name(option.seller(), value)
    if isinstance(value, str) and value and not _is_choice(scenario, path):
        return value
    return said(value, number_at(scenario, path))


def _is_choice(scenario: Scenario, path: str) -> bool:
    record, name = declared(scenario, path)
    return get_origin(record.model_fields[name].annotation) is Literal


def changes(before: Scenario, after: Scenario) -> list[str]:
    """'What: old → new' of everything that was changed, a line each."""
    return [
        f"{what}: {' → '.join(values)}" if values else what
        for rows in _differing([before, after]).values()
        for what, *values in rows
    ]


def _kind(scenario: Scenario, slug: str) -> str:
    return scenario.options[slug].title if slug in scenario.options else ABSENT


def _by_owner(scenarios: list[Scenario], partial: list[str]) -> dict[str, dict[str, list]]:
    """Slug of the option, empty for what is common -> path -> its values where they differ; of what all have."""
    found: dict[str, dict[str, list]] = {}
    for path, cells in differing_values(*scenarios).items():
        slug = path.split(".")[1] if path.startswith("options.") else ""
        if slug not in partial:
            found.setdefault(slug, {})[path] = list(cells)
    return found


def _brought(scenarios: list[Scenario], slug: str, found: Iterable[str]) -> set[str]:
    """Paths whose values come from a catalogue in every scenario, because something else was chosen there."""
    prefix = f"options.{slug}."
    picked = {f"{prefix}{pick.field}" for pick in selectors_of(scenarios[0].options[slug])}
    if picked.isdisjoint(found):
        return set()
    written = ({f"{prefix}{path}" for path in _as_written(scenario, slug)} for scenario in scenarios)
    return set.intersection(*written) & (set(found) - picked)


def _as_written(scenario: Scenario, slug: str) -> Iterable[str]:
    found = sources(scenario.options[slug], scenario.workload)
    return (path for path, source in found.items() if source.unchanged)
