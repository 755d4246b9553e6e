"""Plans to choose from: every option as it is, with other commitments and precisions, and mixtures of two of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from costmodel.comparison import Comparison
from costmodel.errors import ScenarioError
from costmodel.option import KINDS
from costmodel.scenario import free_slug
from costmodel.uncertainty.mix import Plan
from pricing.compression import compression_variants


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
