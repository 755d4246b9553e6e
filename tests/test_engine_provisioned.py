"""Units reserved at an API: none change nothing, enough leave no token to pay for, and the load curve lies between."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from costmodel.comparison import compare
from costmodel.demand import Task, hours_above, peak_ratio, variation_of_peak
from costmodel.options.token_api import beyond_units_frac, rate_limit_used, unit_capacity
from pricing import catalogue
from tests.neutral import generated, neutral_option, neutral_scenario
from tests.strategies import scenarios

TOKENS = ("input_tokens", "cache_reads", "cache_writes", "output_tokens")
UNITS = "options.token_api.provisioned.units"
MIDPOINTS = (np.arange(20_000) + 0.5) / 20_000


def reserved(units, **changes):
    """An API at 2 and 8 USD per million tokens, asked for 1,000 tokens in and 500 out a second, evenly."""
    api = neutral_option(
        "token_api",
        prices__input_usd_per_mtok=2,
        prices__output_usd_per_mtok=8,
        provisioned__units=units,
        provisioned__usd_per_unit_hour=1.5,
        provisioned__tok_per_s_per_unit=100,
        provisioned__output_weight_ratio=4,
        provisioned__term_months=1,
    )
    scenario = neutral_scenario(
        {"api": api},
        workload__requests_per_month=730 * 3600,
        workload__input_tokens_per_request=1000,
        workload__output_tokens_per_request=500,
    )
    return scenario.vary(changes)


def by_token(cost):
    """USD by month of what is paid for by the token."""
    return sum(cost.lines[name] for name in TOKENS)


@given(scenarios(("token_api",), options__token_api__provisioned__units=0.0))
def test_without_units_the_rest_of_their_terms_changes_nothing(scenario):
    before = compare(scenario)["token_api"]
    dearer = {"usd_per_unit_hour": 4.0, "tok_per_s_per_unit": 5e3, "output_weight_ratio": 2.0, "term_months": 7}
    after = compare(scenario.vary({f"options.token_api.provisioned.{name}": v for name, v in dearer.items()}))
    assert not before.lines["provisioned"].any()
    assert np.all(beyond_units_frac(before.task) == 1)
    for name, amounts in before.lines.items():
        np.testing.assert_array_equal(after["token_api"].lines[name], amounts, err_msg=name)


@given(scenarios(("token_api",)), st.floats(1, 3))
def test_with_enough_units_no_token_is_paid_for(scenario, spare):
    terms = "options.token_api.provisioned."
    by_ones = {f"{terms}tok_per_s_per_unit": 1000.0, f"{terms}least_units": 0.0, f"{terms}step_units": 1.0}
    one = compare(scenario.vary({UNITS: 1.0, **by_ones}))["token_api"]
    per_unit = np.where(unit_capacity(one.task) > 0, unit_capacity(one.task), np.inf).min()
    needed = np.ceil(spare * peak_ratio(scenario) / per_unit * (1 + 1e-9))
    assume(0 < needed <= 1e6)
    scenario = scenario.vary({UNITS: needed, **by_ones})
    cost = compare(scenario)["token_api"]
    assert not by_token(cost).any()
    assert np.all(cost.quantities["rate_limit_used"] == 0)


@pytest.mark.parametrize(("wanted", "reserved_units"), [(0, 0), (1, 15), (15, 15), (15.5, 20), (33, 35)])
def test_units_are_sold_from_a_least_number_in_steps(wanted, reserved_units):
    """Azure: 15 units at least, then five at a time."""
    sold = {"options.api.provisioned.least_units": 15.0, "options.api.provisioned.step_units": 5.0}
    cost = compare(reserved(wanted, **sold))["api"]
    np.testing.assert_allclose(cost.lines["provisioned"][1:], reserved_units * 1.5 * 730)


def test_a_steady_load_is_shared_between_units_and_tokens_by_capacity():
    """1,000 + 4 x 500 = 3,000 input tokens a second: each unit of 100 carries a thirtieth of them."""
    whole = by_token(compare(reserved(0))["api"])
    np.testing.assert_allclose(whole[1:], 730 * 3600 * (1000 * 2 + 500 * 8) / 1e6)
    for units in range(0, 40, 3):
        cost = compare(reserved(units))["api"]
        np.testing.assert_allclose(by_token(cost), whole * max(1 - units / 30, 0), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(cost.lines["provisioned"][1:], units * 1.5 * 730)
        assert cost.lines["provisioned"][0] == 0


def test_input_that_the_cache_holds_takes_nothing_of_a_unit():
    cost = compare(reserved(9, **{"workload.cached_input_frac": 0.4}))["api"]
    np.testing.assert_allclose(unit_capacity(cost.task)[1:], 900 / (600 + 4 * 500))


def curve(peak, busy):
    """Changes that make the load curve begin at its busiest hour."""
    return {
        "workload.peak_to_mean_ratio": peak,
        "workload.busy_hours_frac": busy,
        "workload.load_variation_ratio": variation_of_peak(peak, busy),
    }


@pytest.mark.parametrize("peak", [1.5, 3, 8])
@pytest.mark.parametrize("busy", [0.3, 0.7, 1])
def test_an_uneven_load_overflows_by_the_hours_above_capacity(peak, busy):
    scenario = reserved(45, **curve(peak, busy))
    cost, load = compare(scenario)["api"], 45 * 100 / 3000
    top = peak_ratio(scenario)
    above = hours_above(scenario, load + (top - load) * MIDPOINTS).mean() * (top - load) if load < top else 0
    assert beyond_units_frac(cost.task)[1] == pytest.approx(above, abs=2e-4)


@given(scenarios(("token_api",)))
def test_more_units_never_leave_more_to_pay_for_by_the_token(scenario):
    units = np.linspace(0, 50, 11)
    many = compare(scenario.vary({UNITS: units[:, np.newaxis]}))["token_api"]
    bills = by_token(many).sum(axis=-1)
    assert np.all(np.diff(bills) <= 1e-9 * bills.max())
    for row, count in enumerate(units):
        single = compare(scenario.vary({UNITS: float(count)}))["token_api"]
        np.testing.assert_allclose(many.net_present_cost_usd[row], single.net_present_cost_usd, rtol=1e-12)


def test_units_are_reserved_in_whole_numbers():
    assert compare(reserved(2.1))["api"].tco_usd == compare(reserved(3))["api"].tco_usd


def test_the_price_of_the_signing_holds_for_the_term():
    terms = {"options.api.provisioned.term_months": 6, "options.api.price_decline_per_year": 0.36}
    paid = compare(reserved(10, **terms))["api"].lines["provisioned"]
    np.testing.assert_allclose(paid, [0] + [10 * 1.5 * 730] * 6 + [10 * 1.5 * 730 * 0.8] * 6)


def test_units_are_paid_round_the_clock_whatever_the_opening_hours():
    office = {"finance.hours_per_month": 220.0}
    np.testing.assert_allclose(compare(reserved(10, **office))["api"].lines["provisioned"], [0] + [10 * 1.5 * 730] * 12)


def test_a_negative_discount_is_a_surcharge():
    dearer = compare(reserved(0, **{"options.api.discount_frac": -0.1}))["api"]
    np.testing.assert_allclose(by_token(dearer), 1.1 * by_token(compare(reserved(0))["api"]))


def test_units_of_a_shorter_term_follow_the_price():
    terms = {"options.api.price_decline_per_year": 0.36}
    paid = compare(reserved(10, **terms))["api"].lines["provisioned"]
    np.testing.assert_allclose(paid[1:], 10 * 1.5 * 730 * 0.64 ** (np.arange(12) / 12))


def test_units_answer_to_the_part_of_the_load_that_a_task_is_given():
    """Above a base of 1.2 mean loads, units for 0.6 carry the band up to 1.8; at half the share they reach twice it."""
    scenario = reserved(18, **curve(3, 1))
    whole = Task(scenario, scenario.options["api"])
    for task, top in ((whole.handed(whole.option, low=1.2), 1.8), (whole.handed(whole.option, share=0.5), 1.2)):
        above = hours_above(scenario, top + (3 - top) * MIDPOINTS).mean() * (3 - top)
        below = hours_above(scenario, task.low + (3 - task.low) * MIDPOINTS).mean() * (3 - task.low)
        assert beyond_units_frac(task)[1] == pytest.approx(above / below, abs=2e-4)


def test_what_units_carry_is_off_the_rate_limit():
    full = {"options.api.rate_limit_tok_per_s": 1500.0}
    assert rate_limit_used(compare(reserved(0, **full))["api"].task)[1] == pytest.approx(1)
    assert rate_limit_used(compare(reserved(15, **full))["api"].task)[1] == pytest.approx(0.5)


def test_a_bridge_pays_for_units_until_delivery():
    own = neutral_option("on_prem", bridge_option="api", lead_time_months=3)
    api = reserved(10).options["api"]
    scenario = neutral_scenario({"own": own, "api": api}, workload__requests_per_month=1e4)
    np.testing.assert_allclose(compare(scenario)["own"].lines["bridge"][1:], [10 * 1.5 * 730] * 3 + [0] * 9, atol=0.1)


@given(scenarios(("token_api",)))
def test_discounts_for_waiting_and_for_the_cache_multiply(scenario):
    """A bill kept request by request: of each kind of input and of output, the part that may wait at its own price."""
    api = "options.token_api."
    plain = {
        UNITS: 0.0, "workload.input_tokens_per_request": 1000.0, f"{api}token_ratio": 1.0,
        f"{api}cache.least_tokens": 0.0, f"{api}announced.from_year": 2100, f"{api}hourly.hours_utc": "",
        f"{api}region_surcharge_frac": 0.0,
        f"{api}commitment.discount_frac": 0.0, f"{api}tuning.method": "none",
    }  # fmt: skip
    scenario = scenario.vary(plain)
    option, workload = scenario.options["token_api"], scenario.workload
    written = min(workload.cache_write_frac, 1 - workload.cached_input_frac)
    output_each = generated(workload, option)
    prices, cached = option.prices, workload.cached_input_frac
    kinds = {
        "input_tokens": (1000 * (1 - cached - written), prices.input_usd_per_mtok, prices.batch_input_discount_frac),
        "cache_reads": (1000 * cached, prices.cache_read_usd_per_mtok, prices.batch_cache_read_discount_frac),
        "cache_writes": (1000 * written, prices.cache_write_usd_per_mtok, prices.batch_input_discount_frac),
        "output_tokens": (output_each, prices.output_usd_per_mtok, prices.batch_output_discount_frac),
    }
    cost = compare(scenario)["token_api"]
    attempts = workload.environments_ratio * option.attempts_ratio
    season = cost.quantities["output_tokens"][1] / (workload.requests_per_month * attempts * output_each)
    for name, (tokens, price, batch_discount) in kinds.items():
        bill = 0
        for share, discount in ((1 - workload.batch_frac, 0), (workload.batch_frac, batch_discount)):
            bill += share * tokens * price * (1 - discount) * (1 - option.discount_frac) / 1e6
        expected = bill * workload.requests_per_month * attempts * season
        np.testing.assert_allclose(cost.lines[name][1], expected, rtol=1e-9, atol=1e-12, err_msg=name)


PUBLISHED = {  # input tokens a minute per unit, Microsoft Foundry documentation of 20 March 2026
    "gpt-5.5": 1200, "gpt-5.4": 2400, "gpt-5.2": 3400, "gpt-5.1": 4750, "gpt-5": 4750, "gpt-5-mini": 23_750,
    "gpt-4.1": 3000, "gpt-4.1-mini": 14_900, "gpt-4.1-nano": 59_400, "o3": 3000, "o4-mini": 5400,
}  # fmt: skip


@pytest.mark.parametrize("model", PUBLISHED)
def test_units_of_the_catalogue_process_what_azure_publishes(model):
    cited = catalogue.token_api("azure", model)
    assert cited["provisioned.tok_per_s_per_unit"][0] * 60 == pytest.approx(PUBLISHED[model], rel=0.015)


def test_output_weighs_in_a_unit_what_it_costs_by_the_token():
    weights = {model: catalogue.token_api("azure", model)["provisioned.output_weight_ratio"][0] for model in PUBLISHED}
    assert (weights["gpt-4.1"], weights["gpt-5"]) == (4, 8)


def test_a_longer_term_makes_a_unit_cheaper():
    prices = [
        catalogue.token_api("azure", "gpt-5", term)["provisioned.usd_per_unit_hour"][0]
        for term in ("By the hour", "Reserved for a month", "Reserved for a year")
    ]
    assert prices == sorted(prices, reverse=True)


COMMITMENT = "options.api.commitment."


@pytest.mark.parametrize(("committed", "short"), [(0, 0), (10_000, 0), (200_000, 200_000 - 12 * 15_768)])
def test_what_is_committed_and_not_spent_is_billed_at_the_end_of_each_year(committed, short):
    """6,000 USD an hour of 730 x 3,600 requests: 15,768 USD a month, 189,216 a year."""
    terms = {f"{COMMITMENT}usd_per_year": float(committed), f"{COMMITMENT}term_months": 24}
    cost = compare(reserved(0, **terms, **{"finance.horizon_months": 36}))["api"]
    np.testing.assert_allclose(by_token(cost)[1:], 730 * 3600 * (1000 * 2 + 500 * 8) / 1e6)
    expected = np.zeros(37)
    expected[[12, 24]] = max(short, 0)
    np.testing.assert_allclose(cost.lines["shortfall"], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("term", "horizon", "billed"),
    [
        (6, 36, {6: 6}), (18, 36, {12: 12, 18: 6}), (36, 11, {11: 11}), (36, 30, {12: 12, 24: 12, 30: 6}),
        (1, 36, {1: 1}), (12, 13, {12: 12}), (120, 1, {1: 1}),
    ],
)  # fmt: skip
def test_a_year_that_term_or_horizon_cuts_short_is_billed_for_its_months(term, horizon, billed):
    """240,000 USD a year are 20,000 a month, of which 15,768 are spent."""
    terms = {f"{COMMITMENT}usd_per_year": 240_000.0, f"{COMMITMENT}term_months": term}
    cost = compare(reserved(0, **terms, **{"finance.horizon_months": horizon}))["api"]
    expected = np.zeros(horizon + 1)
    expected[list(billed)] = [(20_000 - 15_768) * months for months in billed.values()]
    np.testing.assert_allclose(cost.lines["shortfall"], expected, atol=1e-6)


def shortfalls(spent, committed, first, term):
    """A plain account by month of what was spent of the year so far, billed when the year, term or horizon ends."""
    due, this_year, in_year = [0.0] * len(spent), 0.0, 0
    for month in range(first, min(first + term, len(spent))):
        this_year, in_year = this_year + spent[month], in_year + 1
        if in_year == 12 or month == min(first + term, len(spent)) - 1:
            due[month] = max(committed * in_year / 12 - this_year, 0)
            this_year, in_year = 0.0, 0
    return due


@given(scenarios(("token_api",)), st.integers(1, 60), st.floats(1e3, 1e8))
def test_what_is_not_spent_equals_a_plain_account_of_each_year(scenario, term, committed):
    terms = {"options.token_api.commitment.usd_per_year": committed, "options.token_api.commitment.term_months": term}
    cost = compare(scenario.vary(terms))["token_api"]
    spent = sum(cost.lines[name] for name in (*TOKENS, "cache_storage", "provisioned"))
    expected = shortfalls(spent, committed, 1, term)
    np.testing.assert_allclose(
        cost.lines["shortfall"], expected, rtol=1e-9, atol=1e-9 * np.max(np.append(spent, committed))
    )


def test_a_bridge_with_a_discount_for_committed_spending_owes_what_it_does_not_spend():
    """Five months before delivery: 20,000 USD each are committed, at half price 7,884 are spent."""
    api = {"prices__input_usd_per_mtok": 2, "prices__output_usd_per_mtok": 8, "commitment__usd_per_year": 240_000}
    options = {
        "api": neutral_option("token_api", **api, commitment__discount_frac=0.5, commitment__term_months=36),
        "own": neutral_option("on_prem", bridge_option="api", lead_time_months=5),
    }
    tokens = {"workload__input_tokens_per_request": 1000, "workload__output_tokens_per_request": 500}
    cost = compare(neutral_scenario(options, workload__requests_per_month=730 * 3600, **tokens))["own"]
    np.testing.assert_allclose(cost.lines["bridge"].sum(), 5 * 20_000)


def test_who_commits_spending_is_bound_for_its_term():
    api = reserved(0, **{f"{COMMITMENT}usd_per_year": 1e5, f"{COMMITMENT}term_months": 36}).options["api"]
    assert (api.lock_in_months(), reserved(0).options["api"].lock_in_months()) == (36, 0)


def test_a_commitment_takes_its_discount_off_while_it_runs():
    terms = {f"{COMMITMENT}discount_frac": 0.1, f"{COMMITMENT}term_months": 24, "finance.horizon_months": 36}
    whole = by_token(compare(reserved(0, **{"finance.horizon_months": 36}))["api"])
    cost = by_token(compare(reserved(0, **terms))["api"])
    np.testing.assert_allclose(cost[1:], np.where(np.arange(1, 37) <= 24, 0.9, 1) * whole[1:])


def test_a_cache_takes_nothing_shorter_than_its_least_and_storage_costs_by_the_hour():
    cached = {"workload.cached_input_frac": 0.5, "options.api.prices.cache_read_usd_per_mtok": 0.2}
    for least, read in ((0, 0.5), (500, 0.5), (501, 0)):
        cost = compare(reserved(0, **cached, **{"options.api.cache.least_tokens": float(least)}))["api"]
        np.testing.assert_allclose(cost.lines["cache_reads"][1:], 730 * 3600 * 1000 * read * 0.2 / 1e6)
        np.testing.assert_allclose(cost.lines["input_tokens"][1:], 730 * 3600 * 1000 * (1 - read) * 2 / 1e6)
    for least, alike, read in ((1250, 0.4, 0.5), (1251, 0.4, 0), (5000, 0.1, 0.5)):  # 500 tokens a request on average
        few = {"workload.cached_requests_frac": alike, "options.api.cache.least_tokens": float(least)}
        cost = compare(reserved(0, **cached, **few))["api"]
        np.testing.assert_allclose(cost.lines["cache_reads"][1:], 730 * 3600 * 1000 * read * 0.2 / 1e6)
    kept = {"options.api.cache.kept_tokens": 2e6, "options.api.cache.storage_usd_per_mtok_hour": 0.5}
    np.testing.assert_allclose(compare(reserved(0, **kept))["api"].lines["cache_storage"][1:], 2 * 0.5 * 730)


@pytest.mark.parametrize(("frac", "ratio"), [(0.1, 1.1), (-0.2, 0.8)])
def test_a_surcharge_for_the_region_and_a_negative_discount_make_tokens_dearer(frac, ratio):
    whole = by_token(compare(reserved(0))["api"])
    region = compare(reserved(0, **{"options.api.region_surcharge_frac": frac}))["api"]
    discount = compare(reserved(0, **{"options.api.discount_frac": -frac}))["api"]
    np.testing.assert_allclose(by_token(region), whole * ratio)
    np.testing.assert_allclose(by_token(discount), whole * ratio)
