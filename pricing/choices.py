"""What a choice in a catalogue writes into an option, in the option's own fields, and where each figure is from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from costmodel.errors import ScenarioError, nearest
from costmodel.hours import Day
from costmodel.option import Option
from costmodel.settings import People, Workload
from pricing import catalogue, tokens
from pricing.catalogue import Cited
from pricing.facts import (
    DayProfile,
    Fact,
    LoadShape,
    Own,
    ProvisionedTerm,
    Salary,
    SupportPlan,
    named,
    rows,
)
from pricing.throughput import OF_THEIR_OWN, attention_parallel

USUAL_TERM = 36  # months of a commitment for GPUs
OCCUPATIONS = {  # field of `people` -> occupation code; no code is that of the work, these are nearest
    "ml_engineer_usd_per_year": "15-1221",
    "data_scientist_usd_per_year": "15-2051",
    "infrastructure_engineer_usd_per_year": "15-1252",
}
COUNTRY = "United States"
SHAPE = ("peak_to_mean_ratio", "busy_hours_frac", "load_variation_ratio")  # fields of `workload` that a shape sets


def token_api(
    provider: str, model: str, term: str = catalogue.USUAL_TERM, workload: Workload | None = None, own: Own = ()
) -> dict[str, Any]:
    """Prices and tokens of a provider's model, for an option of kind token_api; `term`: of units reserved for it."""
    return nested(catalogue.token_api(provider, model, term, own) | catalogue.cited(tokens.figures(model, workload)))


def serving(
    model: str, precision: str, gpu: str, gpus_per_replica: int, workload: Workload | None = None
) -> dict[str, Any]:
    """A model on GPUs: architecture, hardware, what serving achieves of it, and its tokens."""
    cited = catalogue.serving(model, precision, gpu) | catalogue.cited(tokens.figures(model, workload))
    split = attention_parallel(model, precision, gpu, gpus_per_replica)
    chosen = {"precision": precision, "gpus_per_replica": gpus_per_replica, "attention_parallel": split}
    return merged(nested(cited), {"serving": chosen})


def instance(
    provider: str, name: str, term_months: int = USUAL_TERM, region: str = "", own: Own = ()
) -> dict[str, Any]:
    """A rented instance, for an option of kind cloud_gpu; without a region, the first that the catalogue lists.

    Where no commitment for the term or no spot offer is known, the on-demand price stands in its place.
    """
    row = catalogue.instance_row(provider, name, region, own=own)
    cited = catalogue.instance(row, term_months, own)
    return {**nested(cited), "term_months": term_months, "region": row.region}


def server(name: str, own: Own = ()) -> dict[str, Any]:
    """A server to buy, for an option of kind on_prem."""
    return nested(catalogue.server(name, own))


def seats(provider: str, product: str, own: Own = ()) -> dict[str, Any]:
    """A product sold by the user and month, for an option of kind seats."""
    return nested(catalogue.seats(provider, product, own))


def support_plan(name: str) -> dict[str, Any]:
    """A provider's support plan, for an option of kind cloud_gpu."""
    return nested(catalogue.support_plan(named(SupportPlan, name)))


def wages(name: str) -> dict[str, Any]:
    """Mean wages in the United States or one of its states, as groups of the scenario."""
    return {"people": {field: row.mean_usd_per_year for field, row in wage_facts(name).items()}}


def wage_facts(name: str) -> Mapping[str, Salary]:
    """Field of `people` -> the row that gives its wage in an area; ScenarioError when not every wage is published."""
    known = _wage_facts_by_area()
    if name not in known:
        raise ScenarioError(
            f"{name!r:.80} is no area with a published wage for every role.{nearest(name, list(known))}"
        )
    return known[name]


def wage_areas() -> list[str]:
    """Areas for which `wages` has every wage, the whole country first."""
    return list(_wage_facts_by_area())


def wage_area(people: People) -> str:
    """The area whose wages these are; empty when they are those of none."""
    return _areas_by_wages().get(tuple(getattr(people, field) for field in OCCUPATIONS), "")


def load_shapes() -> list[str]:
    """Measured services and customers whose load curve a workload can take."""
    return [row.name for row in rows(LoadShape)]


def load_shape(name: str) -> dict[str, Any]:
    """Busiest hour, hours with traffic and variation of a measured load, as groups of the scenario."""
    row = named(LoadShape, name)
    return {"workload": {field: getattr(row, field) for field in SHAPE}}


def day_profiles() -> list[str]:
    """Profiles of a day that a workload's traffic can take."""
    return [row.name for row in rows(DayProfile)]


def day_profile(name: str) -> dict[str, Any]:
    """Traffic of each hour of the day relative to an average hour, as groups of the scenario."""
    return {"workload": {"day": dict(zip(Day.model_fields, named(DayProfile, name).ratios, strict=True))}}


def day_profile_of(workload: Workload) -> DayProfile | None:
    """The profile whose hours the workload has; None where it has those of none."""
    own = tuple(dict(workload.day).values())
    return next((row for row in rows(DayProfile) if row.ratios == own), None)


def load_shape_of(workload: Workload) -> LoadShape | None:
    """The measured load whose curve the workload has; None where it has that of none."""
    return _shapes().get(tuple(getattr(workload, field) for field in SHAPE))


@cache
def _shapes() -> Mapping[tuple[float, ...], LoadShape]:
    """Values of a curve -> the first measured load that has them."""
    return {tuple(getattr(row, field) for field in SHAPE): row for row in reversed(rows(LoadShape))}


@cache
def _wage_facts_by_area() -> Mapping[str, Mapping[str, Salary]]:
    published: dict[str, dict[str, Salary]] = {}
    for row in rows(Salary):
        published.setdefault(row.area, {})[row.occupation_code] = row
    country_first = sorted(published, key=lambda area: area != COUNTRY)
    return {
        area: {field: published[area][code] for field, code in OCCUPATIONS.items()}
        for area in country_first
        if published[area].keys() >= set(OCCUPATIONS.values())
    }


@cache
def _areas_by_wages() -> Mapping[tuple[float, ...], str]:
    known = _wage_facts_by_area()
    return {tuple(row.mean_usd_per_year for row in facts.values()): area for area, facts in known.items()}


def merged(*groups: Mapping[str, Any]) -> dict[str, Any]:
    """One nested group from several; where two have the same field, the later wins."""
    result: dict[str, Any] = {}
    for group in groups:
        for name, value in group.items():
            result[name] = merged(result.get(name, {}), value) if isinstance(value, Mapping) else value
    return result


def nested(cited: Cited) -> dict[str, Any]:
    """The values as nested groups."""
    groups: dict[str, Any] = {}
    for path, (value, _) in cited.items():
        *heads, last = path.split(".")
        group = groups
        for head in heads:
            group = group.setdefault(head, {})
        group[last] = value
    return groups


@dataclass(frozen=True)
class Source:
    """Where a catalogue's figure is from, what it is, and whether the option still has it."""

    fact: Fact
    value: Any
    unchanged: bool


def sources(option: Option, workload: Workload, own: Own = ()) -> Mapping[str, Source]:
    """Dotted path within the option -> source, for each of its fields that a catalogue or an own price can write.

    What the option names and the catalogue does not know (an own contract, a server of one's own) has no source.
    """
    return _sources(option, tokens.text_of(workload), own)


@lru_cache(maxsize=256)  # a lever moves a number of one option at most
def _sources(option: Option, text: tuple[str, ...], own: Own) -> Mapping[str, Source]:
    cited = catalogue.cited(tokens.of_text(option, text))
    for name in option.catalogues:
        try:
            cited |= CITED[name](option, own)
        except ScenarioError:
            continue  # a name of the user's own
    return {path: Source(fact, value, value_at(option, path) == value) for path, (value, fact) in cited.items()}


def _serving_of(option: Any, own: Own) -> Cited:
    names = option.serving.model, option.serving.precision, option.serving.gpu
    cited = catalogue.serving(*names)
    split = option.serving.attention_parallel
    if split == "data" and split == attention_parallel(*names, option.serving.gpus_per_replica):
        cited["serving.attention_parallel"] = (split, OF_THEIR_OWN)
    return cited


def _token_api_of(option: Any, own: Own) -> Cited:
    units = option.provisioned
    terms = {(row.usd_per_unit_hour, row.term_months): row.name for row in rows(ProvisionedTerm)}
    term = terms.get((units.usd_per_unit_hour, units.term_months), catalogue.USUAL_TERM)
    return catalogue.token_api(option.provider, option.model, term, own)


def _instance_of(option: Any, own: Own) -> Cited:
    row = catalogue.instance_row(option.provider, option.instance, price=option.on_demand_usd_per_gpu_hour, own=own)
    return catalogue.instance(row, option.term_months, own)


def _support_plan_of(option: Option, own: Own) -> Cited:
    """The plan whose terms the option has; an option does not keep the name of its plan."""
    plans = (catalogue.support_plan(row) for row in rows(SupportPlan))
    return next(
        (plan for plan in plans if all(value_at(option, path) == value for path, (value, _) in plan.items())), {}
    )


def value_at(option: Option, path: str) -> Any:
    """The value at a dotted path within an option."""
    value = option
    for name in path.split("."):
        value = getattr(value, name)
    return value


CITED: dict[str, Callable[[Any, Own], Cited]] = {  # catalogue -> what it says of an option that is chosen from it
    "token_prices": _token_api_of,
    "gpu_instances": _instance_of,
    "support_plans": _support_plan_of,
    "open_models": _serving_of,
    "servers": lambda option, own: catalogue.server(option.server, own),
    "seat_prices": lambda option, own: catalogue.seats(option.provider, option.product, own),
}
