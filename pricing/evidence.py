"""Where a value of a scenario comes from, and whether it still is what its source says."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from costmodel.scenario import Scenario
from pricing.assumptions import assumption
from pricing.choices import sources, wage_area, wage_facts
from pricing.facts import Fact


@dataclass(frozen=True)
class Evidence:
    """A source with the value it gives; `low` and `high` where the value is an assumption with a range."""

    fact: Fact
    value: Any
    unchanged: bool
    low: float | None = None
    high: float | None = None

    def is_stale(self, on: date) -> bool:
        """Whether the figure is older than the product tolerates without a mark."""
        return self.fact.is_stale(on)


def evidence(scenario: Scenario, path: str) -> Evidence | None:
    """Source of the value at a path; None for names and for what no source gives."""
    return all_evidence(scenario, [path]).get(path)


def all_evidence(scenario: Scenario, wanted: list[str]) -> dict[str, Evidence]:
    """Path -> source, for those of the wanted paths that have one."""
    found: dict[str, Evidence] = {}
    catalogued: dict[str, dict] = {}
    local_wages = _local_wages(scenario)
    for path in wanted:
        kind = ""
        if path.startswith("options."):
            _, slug, within = path.split(".", 2)
            option = scenario.options[slug]
            kind = option.kind
            if slug not in catalogued:
                catalogued[slug] = sources(option)
            if source := catalogued[slug].get(within):
                found[path] = Evidence(source.fact, source.value, source.unchanged)
                continue
        row = assumption(path, kind)
        if path in local_wages and row.base != scenario[path]:
            found[path] = Evidence(local_wages[path], scenario[path], unchanged=True)
        elif row:
            found[path] = Evidence(row, row.base, scenario[path] == row.base, row.low, row.high)
    return found


def _local_wages(scenario: Scenario) -> dict[str, Fact]:
    """Path -> row of the salary table, where all wages are those of one area."""
    area = wage_area(scenario.people)
    return {f"people.{field}": row for field, row in wage_facts(area).items()} if area else {}
