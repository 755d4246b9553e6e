"""Where a value of a scenario comes from, and whether it still is what its source says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from costmodel.scenario import Scenario
from pricing.assumptions import Assumption, assumption
from pricing.choices import SHAPE, load_shape_of, sources, wage_area, wage_facts
from pricing.facts import Fact, Own
from pricing.tariffs import area_of, cited


@dataclass(frozen=True)
class Evidence:
    """A source with the value it gives; `low` and `high` where the value is an assumption with a range."""

    fact: Fact
    value: Any
    unchanged: bool
    low: float | None = None
    high: float | None = None


def all_evidence(scenario: Scenario, wanted: Sequence[str], own: Own = ()) -> dict[str, Evidence]:
    """Path -> source, for those of the wanted paths that have one; `own` are the reader's prices that it uses."""
    found: dict[str, Evidence] = {}
    chosen = scenario.once(("chosen together", own), lambda: _chosen_together(scenario, own))
    for path in wanted:
        kind = ""
        if path.startswith("options."):
            _, slug, within = path.split(".", 2)
            option = scenario.options[slug]
            kind = option.kind
            if source := sources(option, scenario.workload, own).get(within):
                ends = (source.fact.low, source.fact.high) if isinstance(source.fact, Assumption) else ()
                found[path] = Evidence(source.fact, source.value, source.unchanged, *ends)
                continue
        row = assumption(path, kind)
        if path in chosen and (row is None or row.base != scenario[path]):
            found[path] = Evidence(chosen[path], scenario[path], unchanged=True)
        elif row:
            found[path] = Evidence(row, row.base, scenario[path] == row.base, row.low, row.high)
    return found


def _chosen_together(scenario: Scenario, own: Own) -> dict[str, Fact]:
    """Path -> row, where all wages or the energy are those of one area, or the load curve that of one measured load."""
    area, shape = wage_area(scenario.people), load_shape_of(scenario.workload)
    energy = area_of(scenario.energy, own)
    tariff = {f"energy.{field}": row for field, (_, row) in cited(energy, own).items()} if energy else {}
    wages = {f"people.{field}": row for field, row in wage_facts(area).items()} if area else {}
    return wages | tariff | ({f"workload.{field}": shape for field in SHAPE} if shape else {})
