"""What else an option could be served on and as: other numbers of GPUs per replica, other versions of the model."""

from collections.abc import Iterable, Iterator

from answers.pair import decision_pair, owned_and_rented
from costmodel.comparison import Comparison, OptionCost, compare
from costmodel.errors import ScenarioError
from pricing.compression import Variant

MOST_GPUS = 72  # of a replica: a rack of the largest kind


def gpu_steps(comparison: Comparison, slug: str) -> dict[int, OptionCost]:
    """GPUs per replica -> the option on so many: those of today, and the nearest that servers and memory allow."""
    path = f"options.{slug}.serving.gpus_per_replica"
    today = comparison.scenario[path]
    found = {today: comparison[slug]}
    for numbers in (range(today - 1, 0, -1), range(today + 1, MOST_GPUS + 1)):
        found |= next(_possible(comparison, slug, path, numbers), {})
    return dict(sorted(found.items()))


def _possible(comparison: Comparison, slug: str, path: str, numbers: Iterable[int]) -> Iterator[dict[int, OptionCost]]:
    for number in numbers:
        try:
            yield {number: compare(comparison.scenario.vary({path: number}))[slug]}
        except ScenarioError:
            continue


def served_as(comparison: Comparison, slug: str, variant: Variant) -> Comparison:
    """All options, with another version of the model served by this one."""
    return compare(comparison.scenario.vary(variant.on(slug)))


def rival(comparison: Comparison, slug: str) -> str | None:
    """What an option is held against: the other one of the decision, else the cheapest that owns or rents."""
    rivals = decision_pair(comparison) or owned_and_rented(comparison)[::-1]
    return next((other for other in rivals if other not in (slug, None)), None)
