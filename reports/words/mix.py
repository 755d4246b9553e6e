"""Plans to choose from: every option as it is, with other commitments and precisions, and mixtures of two of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from costmodel.comparison import Comparison
from costmodel.errors import ScenarioError
from costmodel.option import KINDS
from costmodel.scenario import free_slug
from costmodel.uncertainty.mix import BestMix, Plan
from pricing.compression import compression_variants
from reports.words.text import usd

COLUMNS = ("Plan", "Most servers", "Cost today", "Mean regret", "Largest regret")
DRAWS = 256


def candidates(comparison: Comparison) -> dict[str, Plan]:
    """Name -> plan, for every option of the scenario on its own or other terms, and for mixtures of them."""
    single = {
        f"{comparison[slug].label}{what}": Plan(slug, {f"options.{slug}.{path}": v for path, v in changes.items()})
        for slug in comparison.costs
        for what, changes in _variations(comparison, slug)
    }
    options, slug = comparison.scenario.options, free_slug(comparison.scenario, "mixture")
    mixtures = {
        label: Plan(slug, added={slug: option})
        for record in KINDS.values()
        for label, option in record.mixtures(options, comparison.ranking)
    }
    return single | mixtures


def _variations(comparison: Comparison, slug: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    option = comparison[slug].option
    yield "", {}
    for what, changes in option.variations():
        yield f", {what}", changes
    try:
        variants = compression_variants(option, comparison.scenario.workload)
    except ScenarioError:
        return
    for variant in variants:
        if "serving.precision" in variant.changes:
            yield f", {variant.label}", variant.changes


def rows(found: BestMix, most: int) -> list[tuple[str, ...]]:
    """(plan, servers, cost today, mean regret, largest regret) of the plans with the least mean regret."""
    regret = found.regret_usd()
    order = sorted(regret, key=lambda name: float(regret[name].mean()))
    return [
        (
            name,
            f"{found.servers[name]:.4g}",
            usd(found.base_cost_usd[name]),
            usd(regret[name].mean()),
            usd(regret[name].max()),
        )
        for name in order[:most]
    ]


def about(found: BestMix) -> str:
    """What regret is, of how many draws, and how many plans are left out."""
    left_out = len(found.refusals)
    return (
        f"{found.done:,} draws, the same for every plan. Regret is what a plan costs more than the plan that would "
        "have been best in that draw. Servers are owned or rented ones in the busiest month, on average where they "
        "follow the load."
    ) + (f" Left out: {left_out} that a rule of the scenario or a limit of the hardware forbids." if left_out else "")


def title(found: BestMix) -> str:
    """Which plan is the cheapest today, and which one is regretted least."""
    calm, _ = found.least_expected_regret()
    if calm == found.cheapest_today:
        return f"{calm}: the cheapest plan today and the one regretted least"
    return f"{found.cheapest_today}: the cheapest plan today; {calm}: the one regretted least"
