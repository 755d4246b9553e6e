"""The register of assumptions: every value of a scenario with its source and date, those that options share once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from costmodel.fields import number_of
from costmodel.scenario import Scenario, fields
from pricing.origins import JUDGEMENT, YOURS, Origin
from reports.words.labels import field_label, said
from reports.words.origins import source_of

UNSAID = ("kind", "label")
RUN = 4  # as many neighbours with one value and source are told as one
USUAL = ("workload.requests_per_month", "workload.growth_per_year", "workload.input_tokens_per_request",
         "workload.output_tokens_per_request", "finance.discount_rate_per_year", "finance.horizon_months",
         "people.ml_engineer_usd_per_year", "energy.electricity_usd_per_kwh")  # fmt: skip
OWN, JUDGED = "Entered or chosen by the reader", "Crossover's own judgement for the preset"
Address = tuple[str, str]


@dataclass(frozen=True)
class Assumption:
    """One line of the register; `whose` are the options that share it."""

    what: str
    value: str
    whose: str
    source: Address
    as_of: date | None
    confidence: str
    paths: tuple[str, ...]


def register(scenario: Scenario, known: Mapping[str, Origin]) -> list[Assumption]:
    """Every value of the scenario but its names, in the order of its fields; `known` are the origins by path."""
    declared = [(path, record, name) for path, record, name in fields(scenario) if name not in UNSAID]
    merged: dict[tuple, Assumption] = {}
    for path, record, name in declared:
        entry = _entry(scenario, path, record, name, known[path])
        key = (_within(path), entry.value, entry.source, entry.as_of, entry.confidence)
        if key in merged:
            entry = replace(merged[key], paths=(*merged[key].paths, path))
        merged[key] = entry
    return _shortened([replace(entry, whose=_whose(scenario, entry.paths)) for entry in merged.values()])


def foremost(entries: Sequence[Assumption], matters: Sequence[str], most: int) -> list[Assumption]:
    """The first so many entries that hold one of these paths, in the order of the paths."""
    by_path = {path: entry for entry in entries for path in entry.paths}
    return list({by_path[path].paths: by_path[path] for path in matters if path in by_path}.values())[:most]


def _within(path: str) -> str:
    """The path without its option."""
    return path.split(".", 2)[2] if path.startswith("options.") else path


def _entry(scenario: Scenario, path: str, record: type, name: str, origin: Origin) -> Assumption:
    spec = number_of(record, name)
    title = field_label(record, name).rpartition(" (")[0] or field_label(record, name)
    source = (source_of(origin, spec), origin.source_url)
    return Assumption(title, said(scenario[path], spec), "", source, origin.as_of, origin.confidence, (path,))


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
    """A source with the number of values that it gives and the date of the newest, where it has one.

    `confidence` says of how many where it is not the same of all: of a price list, and of what is derived from it.
    """

    title: str
    address: str
    values: int
    as_of: date | None
    confidence: str


def cited(known: Mapping[str, Origin]) -> list[Source]:
    """Every source of a scenario, the most used first; judgements for its preset and the reader's own stand once."""
    found: dict[tuple[str, str], list[Origin]] = {}
    for path, origin in known.items():
        if path.rpartition(".")[2] in UNSAID:
            continue
        undated = {YOURS: OWN, JUDGEMENT: JUDGED}.get(origin.confidence) if not origin.source_url else None
        entered = origin.yours and not origin.quoted
        title = undated if undated and (entered or origin.as_of is None) else origin.source
        found.setdefault((title, origin.source_url), []).append(origin)
    sources = [
        Source(title, address, len(members), max((o.as_of for o in members if o.as_of), default=None),
               _confidence(Counter(o.confidence for o in members)))
        for (title, address), members in found.items()
    ]  # fmt: skip
    return sorted(sources, key=lambda source: -source.values)


def _confidence(counts: Counter[str]) -> str:
    """'vendor', or 'measured (3), estimate (1)'."""
    return ", ".join(f"{name} ({count})" if len(counts) > 1 else name for name, count in counts.most_common())
