"""The talent plan of an option, as a table and as posts by year."""

from dataclasses import dataclass

from costmodel.comparison import Comparison, OptionCost
from costmodel.numerals import numeral
from costmodel.people import covered_ratio, operations_fte, sites_covered, talent_plan
from costmodel.scenario import Scenario
from pricing.choices import wage_facts
from reports.words.parts import parts
from reports.words.text import field_name, figure, percent, usd

GROUPS = ("staff", "governance", "tuning", "retrieval", "guardrails", "launch")
FEWEST = 0.05  # posts that are told
HOURS = {"office_hours": "in office hours", "on_call": "in office hours and on call beyond them",
         "round_the_clock": "round the clock"}  # fmt: skip
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
        (
            r.role,
            str(r.year),
            *(numeral(float(v), ".2f") for v in (r.posts, r.leavers, r.hired, r.trained)),
            usd(r.cost_usd),
        )
        for r in roles
    ]
    posts: dict[str, list[float]] = {}
    for role in roles:
        posts.setdefault(role.role, []).append(float(role.posts))
    last = sum(values[-1] for values in posts.values())
    years = sorted({role.year for role in roles})
    return Plan(f"{cost.label}: {numeral(last, '.1f')} posts in the last year", (COLUMNS, rows), years, posts)


def posts_said(cost: OptionCost) -> str:
    """'2.3 posts', of the last year, or that there are none."""
    roles = talent_plan(cost)
    last = max((role.year for role in roles), default=0)
    posts = sum(float(role.posts) for role in roles if role.year == last)
    return f"{numeral(posts, '.1f')} posts" if posts >= FEWEST else "no posts"


def headline(comparison: Comparison) -> str:
    """How much of the cheapest option's cost goes to people."""
    best = comparison[comparison.ranking[0]]
    people, whole = sum(parts(best).get("People", {}).values()), float(best.net_present_cost_usd)
    return f"{best.label}: {percent(people / whole)} of its cost is people" if whole else best.label


def first_questions(scenario: Scenario) -> list[str]:
    """Paths of what is asked of staffing first: hours, sites, and the posts that a position takes in such hours."""
    return ["people.service_hours", "people.sites", f"people.{scenario.people.service_hours}_fte"]


def covered(scenario: Scenario) -> str:
    """What service hours and sites come to: how many posts one position takes, and of what each option multiplies."""
    people = scenario.people
    hours, posts = HOURS[people.service_hours], figure(getattr(people, f"{people.service_hours}_fte"), 3)
    told = f"One position {hours} takes {posts} posts"
    if (ratio := covered_ratio(people)) != 1:
        told += f", so {figure(ratio, 3)} times the infrastructure engineers of office hours"
    if people.sites > 1:
        told += f", and own servers take them at each of {people.sites} sites"
    return f"{told}."


def comes_to(cost: OptionCost) -> str:
    """Infrastructure engineers that an option needs whatever its volume; nothing of one that hands its demand on."""
    if not cost.option.serves_itself():
        return ""
    people, sites = cost.task.scenario.people, sites_covered(cost.task)
    entered, needed = cost.option.staff.infrastructure_engineer_fte, operations_fte(cost.task)
    where = f" at {sites} sites" if sites > 1 else ""
    told = f"{cost.label}: {figure(entered, 3)} infrastructure engineer{'' if entered == 1 else 's'}"
    if needed == entered:
        return f"{told} {HOURS[people.service_hours]}{where}."
    return (
        f"{told} in office hours at one site come{'s' if entered == 1 else ''} to "
        f"{figure(needed, 3)} {HOURS[people.service_hours]}{where}."
    )


def wages_note(area: str) -> str:
    """What the wages of an area are, or that they are the reader's own."""
    if not area:
        return "Each wage is the reader's own or from another place; an area replaces them all by what is published."
    *others, last = (row.occupation.lower() for row in wage_facts(area).values())
    return f"Mean wages of the nearest occupations that are published: {', '.join(others)} and {last}."


def groups_of(scenario: Scenario, slug: str) -> dict[str, str]:
    """Name -> title of the option's groups that are about people and permission."""
    return {name: field_name(name) for name in GROUPS if name in dict(scenario.options[slug])}
