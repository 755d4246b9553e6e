"""Finding a number by the words that a reader has for it."""

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from costmodel.fields import number_of
from costmodel.scenario import Scenario, declared
from reports.words.labels import field_label, path_name
from reports.words.text import field_name

SYNONYMS = Path(__file__).with_name("synonyms.csv")


def matching(scenario: Scenario, wanted: str, among: Iterable[str]) -> list[str]:
    """The paths that have every word of `wanted` in their names, those with all of them in the first place first."""
    named = {path: _names(scenario, path) for path in among}
    found = [path for path, names in named.items() if has_all(wanted, " ".join(names))]
    return sorted(found, key=lambda path: not has_all(wanted, named[path][0]))


def has_all(wanted: str, text: str) -> bool:
    """Whether a text has a word that begins like each word of what is wanted."""
    words = text.lower()
    return all(re.search(rf"(?<![a-z0-9]){re.escape(word)}", words) for word in wanted.lower().split())


def in_our_words(wanted: str) -> list[str]:
    """What is wanted as the product says it, where a reader's words for it are others; then as it was written."""
    written = " ".join(wanted.lower().split())
    ours = [re.sub(rf"\b{re.escape(said)}\b", meant, written) for said, meant in synonyms()]
    return [*dict.fromkeys(words for words in ours if words != written), wanted]


@cache
def synonyms() -> tuple[tuple[str, str], ...]:
    """(what readers say, what stands on the pages)."""
    with SYNONYMS.open(encoding="utf-8", newline="") as file:
        return tuple((row["said"], row["meant"]) for row in csv.DictReader(file))


def _names(scenario: Scenario, path: str) -> tuple[str, str, str]:
    """What stands at a path: its name and its option's, its group and unit, its meaning; in small letters."""
    record, name = declared(scenario, path)
    spec = number_of(record, name)
    meaning = spec.meaning if spec else record.model_fields[name].description or ""
    groups = " ".join(field_name(group) for group in path.split(".")[:-1])
    return (path_name(scenario, path).lower(), f"{groups} {field_label(record, name)}".lower(), meaning.lower())
