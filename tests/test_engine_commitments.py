"""GPUs reserved for a term: the vectorised engine against a plain account of the commitments signed."""

import numpy as np
import pytest
from hypothesis import given

from costmodel.sizing import servers_for_peak
from costmodel.units import HOURS_PER_MONTH
from tests.neutral import compare, neutral_option, neutral_scenario
from tests.strategies import scenarios

RESERVED = scenarios(("cloud_gpu",), options__cloud_gpu__billing="reserved")
LINES = ["commitment", "commitment_upfront", "unexpired_commitment"]


def commitments(needed, term):
    """(column of the signature, instances): for each month's need beyond the highest so far, and every renewal."""
    signed, highest = [], 0
    for month, need in enumerate(needed):
        if need > highest:
            signed += [(column, need - highest) for column in range(month - 1, len(needed) - 1, term)]
            highest = need
    return signed


def account(scenario, task):
    """Each line of the commitments by month: price of the day of signing, part upfront, the rest at month ends."""
    option, horizon = task.option, scenario.finance.horizon_months
    book = {line: [0.0] * (horizon + 1) for line in LINES}
    for column, instances in commitments(list(servers_for_peak(task)), option.term_months):
        price = option.reserved_usd_per_gpu_hour * (1 - option.price_decline_per_year) ** (column / 12)
        monthly = instances * option.gpus_per_server * HOURS_PER_MONTH * price
        book["commitment_upfront"][column] += monthly * option.upfront_frac * option.term_months
        for month in range(column + 1, column + option.term_months + 1):
            if month <= horizon:
                book["commitment"][month] += monthly * (1 - option.upfront_frac)
            else:
                book["unexpired_commitment"][horizon] -= monthly * option.upfront_frac
    return book


@pytest.mark.parametrize("line", LINES)
@given(scenario=RESERVED)
def test_each_line_equals_a_plain_account_of_the_commitments(line, scenario):
    cost = compare(scenario)["cloud_gpu"]
    booked = np.array(account(scenario, cost.task)[line])
    np.testing.assert_allclose(cost.lines[line], booked, rtol=1e-9, atol=1e-9 * np.max(np.abs(booked)))


@given(RESERVED)
def test_what_is_paid_by_the_end_is_paid_for_the_months_served(scenario):
    steady = scenario.vary({"options.cloud_gpu.price_decline_per_year": 0, "options.cloud_gpu.upfront_frac": 0})
    spread, upfront = (
        compare(steady.vary({"options.cloud_gpu.upfront_frac": share}))["cloud_gpu"].lines for share in (0, 1)
    )
    paid = upfront["commitment_upfront"].sum() + upfront["unexpired_commitment"].sum()
    np.testing.assert_allclose(spread["commitment"].sum(), paid, rtol=1e-9)


@given(RESERVED)
def test_instances_under_commitment_always_carry_the_peak(scenario):
    cost = compare(scenario)["cloud_gpu"]
    assert np.all(cost.quantities["servers"] >= servers_for_peak(cost.task))


def committed(**terms):
    """One GPU at 2 USD an hour, 730 hours a month, over 12 months."""
    return compare(one_gpu(**terms))["gpu"].lines


def one_gpu(**terms):
    option = neutral_option("cloud_gpu", billing="reserved", reserved_usd_per_gpu_hour=2, **terms)
    return neutral_scenario({"gpu": option}, workload__requests_per_month=1e4)


def test_a_commitment_is_paid_round_the_clock_whatever_the_opening_hours():
    scenario = one_gpu(term_months=12, on_demand_usd_per_gpu_hour=2)
    office = {"finance.hours_per_month": 220.0}
    np.testing.assert_allclose(compare(scenario.vary(office))["gpu"].lines["commitment"], [0] + [1460] * 12)
    on_demand = scenario.vary({**office, "options.gpu.billing": "always_on"})
    np.testing.assert_allclose(compare(on_demand)["gpu"].lines["gpu_hours"], [0] + [440] * 12)


def test_a_year_of_commitment_is_paid_at_month_ends():
    lines = committed(term_months=12)
    np.testing.assert_allclose(lines["commitment"], [0] + [1460] * 12)
    assert not lines["commitment_upfront"].any()
    assert not lines["unexpired_commitment"].any()


def test_a_term_beyond_the_horizon_is_credited_for_its_prepaid_months():
    lines = committed(term_months=36, upfront_frac=0.5)
    assert lines["commitment_upfront"][0] == pytest.approx(0.5 * 36 * 1460)
    assert lines["unexpired_commitment"][12] == pytest.approx(-0.5 * 24 * 1460)


def test_a_term_that_ends_is_signed_again_at_the_price_of_that_day():
    lines = committed(term_months=6, upfront_frac=1, price_decline_per_year=0.36)
    np.testing.assert_allclose(lines["commitment_upfront"][[0, 6]], [6 * 1460, 6 * 1460 * 0.8])
    assert np.count_nonzero(lines["commitment_upfront"]) == 2


def test_support_is_charged_on_a_prepaid_term_as_on_one_paid_by_month():
    fee = {f"support__band_{band}_frac": 0.1 for band in (1, 2, 3, 4)}
    spread, upfront = (committed(term_months=6, upfront_frac=share, **fee)["support"] for share in (0, 1))
    assert upfront.sum() == pytest.approx(spread.sum()) == pytest.approx(0.1 * 12 * 1460)
    assert upfront[[0, 6]] == pytest.approx([0.1 * 6 * 1460] * 2)
    minimum = committed(term_months=6, upfront_frac=1, support__minimum_usd_per_month=50)["support"]
    assert (minimum[0], minimum[1:].tolist()) == (0, [50] * 12)
