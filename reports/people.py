"""The talent plan of an option, as a table and as posts by year."""

from dataclasses import dataclass

from costmodel.comparison import Comparison, OptionCost
from costmodel.fields import Record
from costmodel.people import talent_plan
from costmodel.scenario import Scenario
from pricing.choices import wage_facts
from reports.parts import parts
from reports.text import field_name, percent, usd

GROUPS = ("staff", "governance", "tuning", "retrieval", "guardrails", "launch")
OWN_WAGES = "Own figures"
COLUMNS = ["Role", "Year", "Posts", "Leavers", "Hired", "Trained", "Cost"]


@dataclass(frozen=True)
class Plan:
    """What the page shows: a table, and by role the posts at the end of each year."""

    title: str
    table: tuple[list[str], list[tuple[str, ...]]]
    years: list[int]
    posts: dict[str, list[float]]


def plan(cost: OptionCost) -> Plan:
    """The talent plan of one option."""
    roles = talent_plan(cost)
    rows = [
        (r.role, str(r.year), *(f"{float(v):.2f}" for v in (r.posts, r.leavers, r.hired, r.trained)), usd(r.cost_usd))
        for r in roles
    ]
    posts: dict[str, list[float]] = {}
    for role in roles:
        posts.setdefault(role.role, []).append(float(role.posts))
    last = sum(values[-1] for values in posts.values())
    years = sorted({role.year for role in roles})
    return Plan(f"{cost.label}: {last:.1f} posts in the last year", (COLUMNS, rows), years, posts)


def headline(comparison: Comparison) -> str:
    """How much of the cheapest option's cost goes to people."""
    best = comparison[comparison.ranking[0]]
    people, whole = sum(parts(best).get("People", {}).values()), float(best.net_present_cost_usd)
    return f"{best.label}: {percent(people / whole)} of its cost is people" if whole else best.label


def wages_note(area: str) -> str:
    """What the wages of an area are, or that they are the reader's own."""
    if not area:
        return "Each wage is the reader's own or from another place; an area replaces them all by what is published."
    *others, last = (row.occupation.lower() for row in wage_facts(area).values())
    return f"Mean wages of the nearest occupations that are published: {', '.join(others)} and {last}."


def groups_of(scenario: Scenario, slug: str) -> dict[str, str]:
    """Name -> title of the option's groups that are about people and permission."""
    option = scenario.options[slug]
    return {name: field_name(name) for name in GROUPS if isinstance(getattr(option, name, None), Record)}
