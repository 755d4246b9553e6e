"""Seats: a bill by hand, terms and the least number of seats, billing by the year, and what the seats include."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from costmodel.scenario import with_option
from pricing.presets import DEFAULT, preset
from pricing.selectors import new_option
from tests.neutral import neutral_option, neutral_scenario
from tests.strategies import scenarios

LINES = ("seats", "seats_upfront", "unexpired_seats")
COPILOT = {"users": 5000, "licensed_frac": 1, "seat_usd_per_user_month": 30, "term_months": 12}


def subscribed(months=36, **fields):
    """A subscription that costs nothing beside its seats; `fields` are those of the option."""
    option = neutral_option("seats", **{**COPILOT, **fields})
    return neutral_scenario({"it": option}, workload__requests_per_month=1e5, finance__horizon_months=months)


def cost(months=36, **fields):
    return compare(subscribed(months, **fields))["it"]


def paid(found):
    """USD by month of all lines about seats."""
    return sum(found.lines.get(name, 0) for name in LINES)


@pytest.mark.parametrize("billing", ["monthly", "yearly"])
def test_30_usd_for_5000_users_over_three_years_is_5_400_000(billing):
    found = cost(billing=billing)
    assert found.tco_usd == found.net_present_cost_usd == 5_400_000
    assert found.lines["seats" if billing == "monthly" else "seats_upfront"].sum() == 5_400_000


def test_seats_are_paid_at_the_end_of_their_month_or_when_their_year_begins():
    np.testing.assert_array_equal(cost(12).lines["seats"], [0, *12 * [150_000]])
    yearly = cost(30, billing="yearly")
    columns = np.arange(31)
    np.testing.assert_array_equal(yearly.lines["seats_upfront"], 1_800_000 * np.isin(columns, (0, 12, 24)))
    np.testing.assert_array_equal(yearly.lines["unexpired_seats"], -900_000 * (columns == 30))  # six months of twelve
    assert yearly.tco_usd == 30 * 150_000


def test_only_who_gets_a_seat_is_paid_for_and_a_discount_takes_its_share():
    assert cost(1, users=999, licensed_frac=0.5).lines["seats"][1] == 500 * 30, "seats are whole"
    assert cost(1, discount_frac=0.2).tco_usd == pytest.approx(5000 * 24)
    assert cost(1, discount_frac=-0.1).tco_usd == pytest.approx(5000 * 33)


def test_the_least_number_of_seats_is_paid_for_at_least():
    assert cost(1, users=10, least_seats=300).tco_usd == 300 * 30
    assert cost(1, users=301, least_seats=300).tco_usd == 301 * 30


def test_growth_adds_seats_in_their_month():
    seats = cost(25, user_growth_per_year=0.44).quantities["seats"]
    assert (seats[1], seats[13], seats[25]) == (5000, 7200, 10368)
    assert seats[7] == 6000  # 5,000 x 1.44 ^ (6 / 12)
    np.testing.assert_array_equal(seats[1:], np.ceil(5000 * 1.44 ** (np.arange(25) / 12) - 1e-6))


def test_within_a_term_seats_do_not_fall():
    falling = cost(36, user_growth_per_year=-0.19).quantities["seats"]
    np.testing.assert_array_equal(falling[1:], np.repeat([5000, 4050, 3281], 12))  # the third: 3,280.5
    by_the_month = cost(13, user_growth_per_year=-0.19, term_months=1).quantities["seats"]
    assert by_the_month[7] == 4500  # 5,000 x 0.81 ^ (6 / 12)


def test_the_price_of_a_term_stands_until_the_next():
    rising = cost(36, price_change_per_year=0.1).lines["seats"][1:] / 5000
    np.testing.assert_allclose(rising, np.repeat([30, 33, 36.3], 12))
    halves = cost(12, price_change_per_year=0.21, term_months=6).lines["seats"][1:] / 5000
    np.testing.assert_allclose(halves, np.repeat([30, 33], 6))


def test_billed_by_the_year_a_term_lasts_whole_years_and_added_seats_are_paid_by_the_month():
    found = cost(24, billing="yearly", term_months=18, user_growth_per_year=0.44, price_change_per_year=0.5)
    assert found.option.committed_months == 24
    prepaid, seats = found.quantities["prepaid_seats"], found.quantities["seats"]
    np.testing.assert_array_equal(prepaid[1:], np.repeat([5000, 7200], 12))
    np.testing.assert_allclose(found.lines["seats"], 30 * (seats - prepaid), atol=1e-6)
    assert found.tco_usd == pytest.approx(30 * seats.sum()), "the price of its signing for the whole term"


@given(scenarios(("seats",)), st.sampled_from(["monthly", "yearly"]))
def test_over_the_horizon_every_month_of_a_seat_is_paid_once(scenario, billing):
    found = compare(scenario.vary({"options.seats.billing": billing, "options.seats.price_change_per_year": 0.0}))
    each = found["seats"].option.seat_usd_per_user_month * (1 - found["seats"].option.discount_frac)
    expected = each * found["seats"].quantities["seats"].sum()
    np.testing.assert_allclose(paid(found["seats"]).sum(), expected, rtol=1e-9, atol=1e-6)


@given(scenarios(("seats",)))
def test_in_no_month_is_there_less_than_needed_nor_less_than_when_the_term_began(scenario):
    option = scenario.options["seats"]
    seats = compare(scenario)["seats"].quantities["seats"]
    months = np.arange(1, scenario.finance.horizon_months + 1)
    needed = option.users * option.licensed_frac * (1 + option.user_growth_per_year) ** ((months - 1) / 12)
    assert np.all(seats[1:] >= np.maximum(needed * (1 - 1e-8), option.least_seats))
    term = int(option.committed_months)
    for first in range(0, len(months), term):
        assert np.all(np.diff(seats[1:][first : first + term]) >= 0)


def test_seats_carry_the_requests_that_they_include_and_a_limit_that_nobody_says_is_none():
    enough, short = cost(limit_requests_per_user_month=20), cost(limit_requests_per_user_month=15)
    np.testing.assert_allclose(enough.quantities["peak_carried_ratio"][1:], 1)  # 100,000 requests of 5,000 users
    np.testing.assert_allclose(short.quantities["peak_carried_ratio"][1:], 0.75)
    np.testing.assert_array_equal(cost().quantities["peak_carried_ratio"][1:], 1)
    ruled = subscribed(limit_requests_per_user_month=15).vary({"rules.peak_must_be_carried": True})
    (broken,) = compare(ruled)["it"].broken_rules
    assert "only 75 % of the busiest hour" in broken


def test_requests_change_nothing_of_the_bill():
    few, many = cost(), compare(subscribed().vary({"workload.requests_per_month": 1e9}))["it"]
    assert many.tco_usd == few.tco_usd
    assert many.levelized_cost_usd_per_mtok == pytest.approx(few.levelized_cost_usd_per_mtok / 1e4)


def mixed(share, **fields):
    """A subscription for a share of the requests and an API for the rest."""
    options = {"it": neutral_option("seats", **{**COPILOT, **fields}), "api": neutral_option("token_api")}
    named = {"first_option": "it", "second_option": "api", "first_frac": share}
    options["mix"] = neutral_option("multi_cloud", **named)
    return neutral_scenario(options, workload__requests_per_month=1e5)


def test_in_a_mix_a_share_of_the_requests_is_that_share_of_the_users():
    found = compare(mixed(0.3))
    np.testing.assert_array_equal(found["mix"].lines["seats"][1:], 1500 * 30)
    np.testing.assert_array_equal(compare(mixed(0.0, least_seats=300))["mix"].lines["seats"], 0)
    coordinated = compare(mixed(0.3).vary({"options.mix.overhead_frac": 0.1}))["mix"]
    np.testing.assert_allclose(coordinated.lines["coordination"][1:], 0.1 * 1500 * 30)


def test_a_subscription_stands_in_for_nobody_and_takes_no_overflow():
    scenario = with_option(preset(DEFAULT).scenario, "it", new_option("seats", "Copilot", MICROSOFT))
    with pytest.raises(ScenarioError, match="not paid by use"):
        scenario.vary({"options.own_servers.bridge_option": "it"})


MICROSOFT = {"provider": "Microsoft", "product": "Microsoft 365 Copilot, paid by the year"}


def test_a_product_of_the_catalogue_writes_its_terms_and_its_seats_cost_what_is_listed():
    option = new_option("seats", "Copilot", MICROSOFT)
    assert (option["seat_usd_per_user_month"], option["billing"], option["term_months"]) == (30, "yearly", 12)
    scenario = with_option(preset(DEFAULT).scenario, "it", option).vary({"finance.horizon_months": 36})
    assert paid(compare(scenario)["it"]).sum() == pytest.approx(5_400_000)
    with pytest.raises(ScenarioError, match="Did you mean"):
        new_option("seats", "Copilot", {**MICROSOFT, "product": "Microsoft 365 Copilot, paid by the week"})
