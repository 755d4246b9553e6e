"""Plans to choose from: every option as it is, with other commitments and precisions, and mixtures of two of them."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from costmodel.comparison import Comparison
from costmodel.errors import ScenarioError
from costmodel.options.hybrid import Hybrid
from costmodel.scenario import free_slug
from costmodel.uncertainty.mix import BestMix, Plan
from pricing.compression import compression_variants
from reports.text import percent, usd

COLUMNS = ("Plan", "Most servers", "Cost today", "Mean regret", "Largest regret")
DRAWS = 256
OWNED_SHARES = (0.25, 0.5, 0.75, 1.0)
SPLITS = (0.5, 0.8)


def candidates(comparison: Comparison) -> dict[str, Plan]:
    """Name -> plan, for every option of the scenario, and for servers of part of the peak with others above."""
    single = {
        f"{comparison[slug].label}{what}": Plan(slug, {f"options.{slug}.{path}": v for path, v in changes.items()})
        for slug in comparison.costs
        for what, changes in _variations(comparison, slug)
    }
    return single | dict(_mixtures(comparison))


def _mixtures(comparison: Comparison) -> Iterator[tuple[str, Plan]]:
    """Each option that keeps servers, owned or committed, for part of the peak; above it the cheapest of each kind."""
    options, slug = comparison.scenario.options, free_slug(comparison.scenario, "mixture")
    known = {tuple(option.relies_on().values()) for option in options.values() if isinstance(option, Hybrid)}
    roles = Hybrid.candidates(options)
    above: dict[str, str] = {}
    for other in comparison.ranking:
        if other in roles["overflow_option"]:
            above.setdefault(options[other].kind, other)
    for base, rest in product(roles["base_option"], above.values()):
        if base == rest or (base, rest) in known:
            continue
        for share in OWNED_SHARES[:-1]:  # all of it is the base alone
            label = f"{options[base].label} for {percent(share)} of the peak, {options[rest].label} above"
            yield label, Plan(slug, added={slug: Hybrid(
                kind="hybrid", label="Mixture", base_option=base, overflow_option=rest, owned_capacity_frac=share
            )})  # fmt: skip


def _variations(comparison: Comparison, slug: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    option = comparison[slug].option
    yield "", {}
    if hasattr(option, "owned_capacity_frac"):
        for share in OWNED_SHARES:
            yield f", {percent(share)} of the peak owned", {"owned_capacity_frac": share}
    if hasattr(option, "first_frac"):
        for share in SPLITS:
            yield f", {percent(share)} at the first", {"first_frac": share, "second_frac": 1 - share}
    if hasattr(option, "billing"):
        for billing, title in (("autoscaled", "following the load"), ("reserved", "committed")):
            if billing != option.billing:
                yield f", {title}", {"billing": billing}
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
