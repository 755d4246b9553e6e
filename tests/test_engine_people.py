"""People: posts are filled, left and filled again as a book kept by month says, and the plan adds up to the bill."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.people import POSTS, ROLES, talent_plan
from pricing.assumptions import assumption
from pricing.presets import preset, presets
from tests.neutral import compare, neutral_option, neutral_scenario
from tests.strategies import scenarios

LINES = ("staff", "hiring", "training", "ramp_up")
KINDS = ("token_api", "cloud_gpu", "on_prem")
WAGES = {"ml_engineer": 120_000.0, "data_scientist": 96_000.0, "infrastructure_engineer": 60_000.0}


def team(posts, **people):
    """The cost of an API with these posts by role, over two years."""
    option = neutral_option("token_api", **{f"staff__{role}_fte": number for role, number in posts.items()})
    fields = {**{f"{role}_usd_per_year": wage for role, wage in WAGES.items()}, **people}
    scenario = neutral_scenario({"it": option}, finance__horizon_months=24)
    return compare(scenario.vary({f"people.{name}": value for name, value in fields.items()}))["it"]


def test_staff_is_paid_its_wage_and_what_comes_on_top_each_month():
    cost = team({"ml_engineer": 1, "data_scientist": 0.5, "infrastructure_engineer": 2}, loading_ratio=1.5)
    monthly = (120_000 + 48_000 + 120_000) * 1.5 / 12
    np.testing.assert_allclose(cost.lines["staff"], [0] + [monthly] * 24)


def test_a_post_from_outside_costs_a_fee_when_it_is_filled_and_again_when_somebody_leaves():
    cost = team({"ml_engineer": 2}, recruiting_frac=0.2, attrition_per_year=0.12)
    np.testing.assert_allclose(cost.lines["hiring"], [0, 48_000 * 1.01] + [480] * 23)
    assert not cost.lines["training"].any()


def test_a_post_from_inside_costs_a_course_instead():
    inside = {"trained_inside_frac": 1, "training_usd_per_fte": 5000}
    cost = team({"ml_engineer": 2}, recruiting_frac=0.2, attrition_per_year=0.12, **inside)
    np.testing.assert_allclose(cost.lines["training"], [0, 10_000 * 1.01] + [100] * 23)
    assert not cost.lines["hiring"].any()


def test_three_months_at_half_pace_are_six_weeks_of_pay_without_work():
    cost = team({"infrastructure_engineer": 1}, loading_ratio=1.4, ramp_up_months=3, ramp_up_productivity_frac=0.5)
    np.testing.assert_allclose(cost.lines["ramp_up"], [0, 60_000 * 1.4 / 8] + [0] * 23)
    assert (
        not team({"infrastructure_engineer": 1}, ramp_up_months=6, ramp_up_productivity_frac=1).lines["ramp_up"].any()
    )


@given(scenarios(KINDS))
def test_the_lines_are_those_of_a_book_kept_post_by_post(scenario):
    people = scenario.people
    for cost in compare(scenario).costs.values():
        staff, servers, standing = cost.option.staff, cost.quantities.get("servers"), cost.option.runs_today
        hours, sites = people.service_hours, people.sites if cost.option.kind == "on_prem" else 1
        times = getattr(people, f"{hours}_fte") / people.office_hours_fte * sites
        horizon, growth = scenario.finance.horizon_months, 1 + people.wage_growth_per_year
        expected = {name: np.zeros(horizon + 1) for name in LINES}
        had = dict.fromkeys(ROLES, 0.0)  # the most posts there ever were
        for month in range(1, horizon + 1):
            index = growth ** ((month - 1) / 12)
            more = staff.infrastructure_engineer_fte_per_server * (0 if servers is None else servers[month])
            for role in ROLES:
                number = getattr(staff, f"{role}_fte")
                number = number * times + more if role == "infrastructure_engineer" else number
                wage = index * getattr(people, f"{role}_usd_per_year")
                added = 0 if standing and month == 1 else max(number - had[role], 0)
                new = added + number * people.attrition_per_year / 12
                had[role] = max(had[role], number)
                idle_years = people.ramp_up_months / 12 * (1 - people.ramp_up_productivity_frac)
                expected["staff"][month] += number * wage * people.loading_ratio / 12
                expected["hiring"][month] += new * (1 - people.trained_inside_frac) * wage * people.recruiting_frac
                expected["training"][month] += new * people.trained_inside_frac * people.training_usd_per_fte * index
                expected["ramp_up"][month] += new * wage * people.loading_ratio * idle_years
        for name, amounts in expected.items():
            scale = 1e-9 * np.max(amounts) + 1e-12
            np.testing.assert_allclose(cost.lines[name], amounts, rtol=1e-9, atol=scale, err_msg=f"{cost.slug} {name}")


@given(scenarios(KINDS))
def test_the_talent_plan_adds_up_to_the_lines_and_to_the_posts(scenario):
    for cost in compare(scenario).costs.values():
        plan = talent_plan(cost)
        np.testing.assert_allclose(
            sum(row.cost_usd for row in plan), sum(cost.lines[name].sum() for name in LINES), rtol=1e-9, atol=1e-9
        )
        for role, label in ROLES.items():
            rows, posts = [row for row in plan if row.role == label], cost.quantities[f"{role}_fte"]
            if not rows:
                assert not posts.any()
                continue
            assert [row.year for row in rows] == list(range(1, -(-scenario.finance.horizon_months // 12) + 1))
            assert rows[-1].posts == posts[-1]
            joined = sum(row.hired + row.trained for row in rows)
            left = sum(row.leavers for row in rows)
            there = posts[1] if cost.option.runs_today else 0
            np.testing.assert_allclose(joined - left, posts.max() - there, rtol=1e-9, atol=1e-9)


def test_the_plan_of_a_team_that_nobody_leaves_hires_once():
    cost = team({"ml_engineer": 2, "data_scientist": 0}, trained_inside_frac=0.25, loading_ratio=1.5)
    first, second = talent_plan(cost)
    assert (first.year, first.role, first.posts) == (1, "ML engineers", 2)
    assert (first.leavers, first.hired, first.trained) == (0, 1.5, 0.5)
    assert (second.posts, second.leavers, second.hired, second.trained) == (2, 0, 0, 0)
    assert second.cost_usd == pytest.approx(2 * 120_000 * 1.5)


def test_the_last_year_of_a_plan_may_be_a_part_of_one():
    cost = compare(team({"ml_engineer": 1}).task.scenario.vary({"finance.horizon_months": 15}))["it"]
    assert [(row.year, round(row.cost_usd)) for row in talent_plan(cost)] == [(1, 120_000), (2, 30_000)]


def test_a_plan_of_many_runs_is_the_plan_of_each():
    scenario = team({"ml_engineer": 1, "infrastructure_engineer": 1}).task.scenario
    rates = np.array([[0.05], [0.3]])
    many = talent_plan(compare(scenario.vary({"people.attrition_per_year": rates}))["it"])
    for i, rate in enumerate(rates[:, 0]):
        single = talent_plan(compare(scenario.vary({"people.attrition_per_year": rate}))["it"])
        for row, alone in zip(many, single, strict=True):
            assert row.leavers[i] == pytest.approx(alone.leavers)
            assert np.broadcast_to(row.cost_usd, 2)[i] == pytest.approx(alone.cost_usd)


def test_combined_options_plan_one_team():
    options = {
        "own": neutral_option("on_prem", staff__ml_engineer_fte=1, staff__infrastructure_engineer_fte=2),
        "api": neutral_option("token_api", staff__ml_engineer_fte=3),
        "both": neutral_option("multi_cloud", first_option="own", second_option="api", first_frac=0.5),
    }
    plan = {row.role: row.posts for row in talent_plan(compare(neutral_scenario(options))["both"])}
    assert plan == {"ML engineers": 3, "Infrastructure engineers": 2}
    alone = compare(neutral_scenario(options).vary({"options.both.first_frac": 1.0}))["both"]
    assert [row.posts for row in talent_plan(alone)] == [1, 2]


@given(scenarios(KINDS), st.sampled_from(["attrition_per_year", "ramp_up_months", "recruiting_frac", "loading_ratio"]))
def test_more_of_what_costs_never_costs_less(scenario, field):
    path = f"people.{field}"
    more = scenario.vary({path: min(scenario[path] * 1.5 + 0.01, 1 if field.endswith(("year", "frac")) else 3)})
    if more[path] < scenario[path]:
        return
    before, after = compare(scenario), compare(more)
    for slug, cost in before.costs.items():
        for name in LINES:
            assert np.all(after[slug].lines[name] >= cost.lines[name] * (1 - 1e-12)), name


def test_every_kind_reports_its_posts():
    scenario = neutral_scenario({kind: neutral_option(kind) for kind in KINDS})
    assert all(set(POSTS) <= cost.quantities.keys() for cost in compare(scenario).costs.values())


HOURS = {"office_hours": 2.0, "on_call": 3.5, "round_the_clock": 5.0}
COVERED = {f"people.{hours}_fte": posts for hours, posts in HOURS.items()}


def operated(kind, **changes):
    """Infrastructure engineers of an option with two in office hours and half a one for its one server, if any."""
    servers = {} if kind == "token_api" else {"staff__infrastructure_engineer_fte_per_server": 0.5}
    option = neutral_option(kind, staff__infrastructure_engineer_fte=2, staff__ml_engineer_fte=1, **servers)
    scenario = neutral_scenario({"it": option}).vary({**COVERED, **changes})
    found = compare(scenario)["it"].quantities
    assert found["ml_engineer_fte"].tolist() == [0] + [1] * 12
    return found["infrastructure_engineer_fte"][1:]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("hours", "posts"), HOURS.items())
def test_as_many_posts_look_after_what_runs_as_keep_a_position_filled_in_those_hours(kind, hours, posts):
    of_servers = 0 if kind == "token_api" else 0.5
    assert operated(kind, **{"people.service_hours": hours}).tolist() == [posts + of_servers] * 12


@pytest.mark.parametrize(("kind", "times"), [("token_api", 1), ("cloud_gpu", 1), ("on_prem", 2)])
def test_a_second_site_takes_the_posts_of_own_servers_again(kind, times):
    one, two = (operated(kind, **{"people.service_hours": "on_call", "people.sites": sites}) for sites in (1, 2))
    np.testing.assert_allclose(two - one, 3.5 * (times - 1))


def test_a_position_round_the_clock_takes_the_hours_of_a_year_over_those_that_a_post_works():
    row = assumption("people.round_the_clock_fte")
    assert row.low <= 8760 / 1850 < 8760 / 1800 <= row.base <= row.high
    assert np.ceil(8760 / 1800) == row.base


def test_every_preset_says_when_it_is_looked_after_or_means_office_hours():
    asked = {slug: preset(slug).scenario.people.service_hours for slug in presets()}
    assert {slug for slug, hours in asked.items() if hours != "office_hours"} == {
        slug for slug in presets() if "people.service_hours" in preset(slug).reasons
    }
    assert asked["healthcare"] == "round_the_clock"
