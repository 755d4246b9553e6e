"""Finding a number by the words that a reader has for it."""

from collections.abc import Iterable

from costmodel.fields import number_of
from costmodel.scenario import Scenario, declared
from reports.words.labels import field_label, path_name
from reports.words.text import field_name


def matching(scenario: Scenario, wanted: str, among: Iterable[str]) -> list[str]:
    """The paths that have every word of `wanted` in their names, those with all of them in the first place first."""
    named = {path: _names(scenario, path) for path in among}
    found = [path for path, names in named.items() if has_all(wanted, " ".join(names))]
    return sorted(found, key=lambda path: not has_all(wanted, named[path][0]))


def has_all(wanted: str, text: str) -> bool:
    """Whether a text has every word of what is wanted."""
    return all(word in text.lower() for word in wanted.lower().split())


def _names(scenario: Scenario, path: str) -> tuple[str, str, str]:
    """What stands at a path: its name and its option's, its group and unit, its meaning; in small letters."""
    record, name = declared(scenario, path)
    spec = number_of(record, name)
    meaning = spec.meaning if spec else record.model_fields[name].description or ""
    groups = " ".join(field_name(group) for group in path.split(".")[:-1])
    return (path_name(scenario, path).lower(), f"{groups} {field_label(record, name)}".lower(), meaning.lower())
