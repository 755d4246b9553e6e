"""The register of assumptions: every value of a scenario with its source and date, those that options share once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from costmodel.fields import number_of
from costmodel.scenario import Scenario, fields
from pricing.evidence import Evidence, all_evidence
from reports.labels import field_label, said

UNSAID = ("kind", "label")
RUN = 4  # as many neighbours with one value and source are told as one
OWN = "Entered for this scenario"
Address = tuple[str, str]


@dataclass(frozen=True)
class Assumption:
    """One line of the register; `whose` are the options that share it, `changed` says it is not the source's value,
    `judged` that its source is a judgement of this product.
    """

    what: str
    value: str
    whose: str
    source: Address
    as_of: date | None
    changed: bool
    judged: bool
    paths: tuple[str, ...]


def register(scenario: Scenario, reasons: Mapping[str, str] | None = None) -> list[Assumption]:
    """Every value of the scenario but its names, in the order of its fields; `reasons` say why one was changed."""
    declared = [(path, record, name) for path, record, name in fields(scenario) if name not in UNSAID]
    known = all_evidence(scenario, [path for path, _, _ in declared])
    merged: dict[tuple, Assumption] = {}
    for path, record, name in declared:
        entry = _entry(scenario, path, record, name, known.get(path), (reasons or {}).get(path, ""))
        key = (_within(path), entry.value, entry.source, entry.as_of, entry.changed)
        if key in merged:
            entry = replace(merged[key], paths=(*merged[key].paths, path))
        merged[key] = entry
    return _shortened([replace(entry, whose=_whose(scenario, entry.paths)) for entry in merged.values()])


def _within(path: str) -> str:
    """The path without its option."""
    return path.split(".", 2)[2] if path.startswith("options.") else path


def _entry(scenario: Scenario, path: str, record: type, name: str, found: Evidence | None, why: str) -> Assumption:
    spec, value = number_of(record, name), scenario[path]
    shown = said(value, spec)
    source = (found.fact.source, found.fact.source_url) if found else (why or OWN, "")
    changed = found is not None and not found.unchanged
    if changed:
        source = (why or f"Changed for this scenario from {said(found.value, spec)}: {source[0]}", source[1])
    title = field_label(record, name).rpartition(" (")[0] or field_label(record, name)
    return Assumption(title, shown, "", source, found.fact.as_of if found else None, changed,
                      found is not None and found.fact.confidence == "judgement", (path,))  # fmt: skip


def _whose(scenario: Scenario, paths: Sequence[str]) -> str:
    if not paths[0].startswith("options."):
        return "All options"
    slugs = [path.split(".", 2)[1] for path in paths]
    if len(slugs) == len(scenario.options) > 1:
        return "All options"
    labels = [scenario.options[slug].label for slug in slugs]
    return labels[0] if len(labels) == 1 else f"{len(labels)} options"


def _shortened(entries: Sequence[Assumption]) -> list[Assumption]:
    """Runs of neighbours with one value and source as one entry: twelve even months are one line."""
    result: list[Assumption] = []
    run: list[Assumption] = []
    for entry in [*entries, None]:
        if run and (entry is None or _said_alike(run[0]) != _said_alike(entry)):
            if len(run) >= RUN:
                paths = tuple(path for member in run for path in member.paths)
                result.append(replace(run[0], what=f"{run[0].what} to {run[-1].what}", paths=paths))
            else:
                result += run
            run = []
        if entry is not None:
            run.append(entry)
    return result


def _said_alike(entry: Assumption) -> tuple:
    group = entry.paths[0].rpartition(".")[0]
    return group, entry.value, entry.whose, entry.source, entry.as_of


@dataclass(frozen=True)
class Source:
    """A source with the number of values that it gives and the date of the newest."""

    title: str
    address: str
    values: int
    as_of: date
    confidence: str


def cited(scenario: Scenario) -> list[Source]:
    """Every source of the scenario, the most used first."""
    found: dict[tuple[str, str], list] = {}
    paths = [path for path, _, name in fields(scenario) if name not in UNSAID]
    for evidence in all_evidence(scenario, paths).values():
        found.setdefault((evidence.fact.source, evidence.fact.source_url), []).append(evidence.fact)
    sources = [
        Source(title, address, len(facts), max(fact.as_of for fact in facts), facts[0].confidence)
        for (title, address), facts in found.items()
    ]
    return sorted(sources, key=lambda source: -source.values)
