"""Figures of finance against numpy-financial; what textbooks print is met in tests/test_published.py."""

import numpy as np
import numpy_financial
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from costmodel.comparison import switch
from costmodel.finance import last_crossing
from costmodel.options.cloud_gpu import SupportPlan, support_fee
from costmodel.options.on_prem import lease_payment
from reports.words.verdict import switch_facts
from tests.neutral import compare, neutral_option, neutral_scenario
from validation.textbook import moved

AMOUNTS = st.lists(st.floats(-1e6, 1e6).map(lambda amount: round(amount, 2)), min_size=1, max_size=40)


def paying(**monthly):
    """Two options over the months of the amounts: `a` pays them at month ends, `b` pays one amount today."""
    a = neutral_option("token_api", support_usd_per_month=monthly["each_month"])
    b = neutral_option("token_api", launch__migration_usd=monthly["today"])
    scenario = neutral_scenario({"a": a, "b": b})
    return scenario.vary(
        {"finance.horizon_months": monthly["months"], "finance.discount_rate_per_year": monthly["rate"]}
    )


@given(AMOUNTS, st.floats(0, 0.5))
def test_net_present_value_equals_that_of_numpy_financial(amounts, rate):
    expected = numpy_financial.npv((1 + rate) ** (1 / 12) - 1, [*amounts, *[0] * 6])
    assert moved([*amounts, *[0] * 6], rate).npv_usd == pytest.approx(expected, rel=1e-9, abs=1e-6)


@given(st.floats(0.001, 1), st.integers(1, 240))
def test_a_lease_payment_in_advance_equals_that_of_numpy_financial(rate, months):
    expected = -numpy_financial.pmt(rate / 12, months, 1, when="begin")
    assert lease_payment(rate, months) == pytest.approx(expected, rel=1e-9)


def test_a_lease_without_interest_is_paid_in_equal_parts():
    np.testing.assert_allclose(lease_payment(np.array([0, 1e-9]), 36), 1 / 36, rtol=1e-6)


@given(st.floats(10, 1000), st.floats(100, 20_000), st.integers(2, 60), st.floats(0, 0.3))
def test_moving_from_one_option_to_another_is_an_investment(each_month, today, months, rate):
    flows = np.array([-today] + [each_month] * months)
    discounted = flows * (1 + rate) ** (-np.arange(months + 1) / 12)
    assume(min(abs(flows.sum()), abs(discounted.sum())) > 1)
    comparison = compare(paying(each_month=each_month, today=today, months=months, rate=rate))
    moved = switch(comparison["a"], comparison["b"])
    assert moved.npv_usd == pytest.approx(numpy_financial.npv((1 + rate) ** (1 / 12) - 1, flows), rel=1e-9, abs=1e-6)
    assert moved.irr_per_year == pytest.approx((1 + numpy_financial.irr(flows)) ** 12 - 1, rel=1e-6)
    expected = last_crossing(np.cumsum(discounted))
    assert moved.payback_months == (None if np.isnan(expected) else pytest.approx(expected))


@given(st.floats(10, 1000), st.floats(100, 20_000), st.integers(2, 60), st.floats(0, 0.3))
def test_what_is_paid_at_the_start_of_a_month_is_dated_so(each_month, today, months, rate):
    paid = {"finance.running_costs_at": "month_start"}
    comparison = compare(paying(each_month=each_month, today=today, months=months, rate=rate).vary(paid))
    moved = switch(comparison["a"], comparison["b"])
    flows = np.array([each_month - today] + [each_month] * (months - 1))
    assert moved.npv_usd == pytest.approx(numpy_financial.npv((1 + rate) ** (1 / 12) - 1, flows), rel=1e-9, abs=1e-6)
    if each_month < today < each_month * months:
        assert moved.irr_per_year == pytest.approx((1 + numpy_financial.irr(flows)) ** 12 - 1, rel=1e-6)


def test_a_switch_that_costs_twice_has_no_internal_rate_of_return():
    a = neutral_option("token_api", support_usd_per_month=100)
    b = neutral_option(
        "on_prem",
        server_price_usd=500,
        refresh_months=12,
        resale_loss_per_year=0.99,
        decommissioning_usd_per_server=2000,
    )
    comparison = compare(neutral_scenario({"a": a, "b": b}, workload__requests_per_month=1e4))
    assert switch(comparison["a"], comparison["b"]).irr_per_year is None


def test_a_switch_that_pays_from_the_start_is_no_investment():
    comparison = compare(paying(each_month=100, today=500, months=12, rate=0.1))
    moved = switch(comparison["b"], comparison["a"])
    assert moved.irr_per_year is None
    at_the_end = paying(each_month=10, today=500, months=12, rate=0.1)
    moved = switch(compare(at_the_end)["b"], compare(at_the_end)["a"])
    assert (moved.irr_per_year, moved.payback_months) == (None, 0)
    assert dict(switch_facts(moved))["Paid back, discounted"] == "at once"
    assert dict(switch_facts(moved))["Internal rate of return"].startswith("none")
    loss = switch(compare(at_the_end)["a"], compare(at_the_end)["b"])
    assert dict(switch_facts(loss))["Internal rate of return"].startswith("below zero")


def test_a_switch_between_equals_gains_nothing():
    comparison = compare(paying(each_month=0, today=0, months=12, rate=0.1))
    moved = switch(comparison["a"], comparison["b"])
    assert (moved.npv_usd, moved.irr_per_year) == (0, None)


@given(st.lists(AMOUNTS.filter(lambda row: len(row) >= 3), min_size=2, max_size=2))
def test_the_last_crossing_of_many_rows_is_found_at_once(rows):
    months = min(map(len, rows))
    balances = np.cumsum([row[:months] for row in rows], axis=-1)
    np.testing.assert_array_equal(last_crossing(balances), [last_crossing(row) for row in balances])


@given(AMOUNTS)
def test_the_last_crossing_is_the_last_time_that_the_balance_rises_to_zero(amounts):
    balance, months = np.cumsum(amounts), last_crossing(np.cumsum(amounts))
    noise = 1e-6 * np.max(np.abs(balance))
    if np.isnan(months):
        assert balance[-1] < noise
    else:
        assert np.all(balance[int(np.ceil(months - 1e-9)) :] >= -noise)
        assert months == 0 or balance[int(np.ceil(months - 1e-9)) - 1] < noise


def test_a_balance_that_is_never_below_zero_is_paid_back_at_once():
    assert last_crossing(np.array([0.0, 0, 0])) == 0
    assert last_crossing(np.array([0.0, 5, 3])) == 0
    assert np.isnan(last_crossing(np.array([0.0, 5, -3])))


def test_the_published_support_fee_in_bands():
    plan = SupportPlan(
        minimum_usd_per_month=100,
        band_1_to_usd_per_month=10_000,
        band_2_to_usd_per_month=80_000,
        band_3_to_usd_per_month=250_000,
        band_1_frac=0.10,
        band_2_frac=0.07,
        band_3_frac=0.05,
        band_4_frac=0.03,
    )
    bills = np.array([0, 500, 10_000, 100_000, 1_000_000])
    np.testing.assert_allclose(support_fee(plan, bills), [100, 100, 1000, 6900, 1000 + 4900 + 8500 + 22_500])
