"""The view after tax: what is deducted when, against textbooks, plain accounts and the rule that all of it is once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.comparison import compare
from costmodel.lines import LINES
from costmodel.tax import deductions
from tests.neutral import neutral_option, neutral_scenario
from tests.strategies import lead_time, scenarios

SCHEDULES = ("straight_line", "macrs_5_year", "first_year")
MACRS = [0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576]  # IRS Publication 946
RATE, DEPRECIATION = "finance.tax_rate_frac", "finance.depreciation"


def one_server(price, **changes):
    """A server bought today for that price, kept over seven years and then sold for nothing."""
    own = neutral_option("on_prem", server_price_usd=price, resale_loss_per_year=0.9)
    scenario = neutral_scenario(
        {"own": own}, workload__requests_per_month=1e4, finance__horizon_months=84, finance__depreciation="macrs_5_year"
    )
    return compare(scenario.vary(changes))["own"]


def saved(cost):
    """Tax that the deductions of each column save, USD."""
    return cost.cash_usd - cost.after_tax_cash_usd


def by_year(monthly):
    """Sums of months 1 to 12, 13 to 24 and so on."""
    return monthly[1:].reshape(-1, 12).sum(axis=1)


def test_the_published_depreciation_of_1000_usd():
    cost = one_server(1000)
    written_off = deductions("servers", cost.lines["servers"], cost.option, cost.task.scenario)
    np.testing.assert_allclose(by_year(written_off), [200, 320, 192, 115.20, 115.20, 57.60, 0], atol=1e-9)


def test_the_published_tax_shield_of_a_300_000_usd_asset():
    shield = by_year(saved(one_server(300_000, **{RATE: 0.25})))
    np.testing.assert_allclose(shield[:6], [15_000, 24_000, 14_400, 8640, 8640, 4320], atol=1e-6)


def test_the_whole_price_in_the_first_year():
    shield = by_year(saved(one_server(300_000, **{RATE: 0.25, DEPRECIATION: "first_year"})))
    np.testing.assert_allclose(shield[:6], [75_000, 0, 0, 0, 0, 0], atol=1e-6)


def test_a_server_sold_before_it_is_written_off_ends_with_its_gain_or_loss():
    """After three years 712 of 1,000 USD are written off; for the other 288 the buyer pays 343: a gain of 55."""
    cost = one_server(1000, **{RATE: 0.25, "finance.horizon_months": 36, "options.own.resale_loss_per_year": 0.3})
    assert cost.lines["residual_value"][-1] == pytest.approx(-343)
    last = saved(cost)[36] - 0.25 * 1000 * MACRS[2] / 12
    assert last == pytest.approx(0.25 * (1000 * (1 - sum(MACRS[:3])) - 343))


@given(scenarios(), st.sampled_from(SCHEDULES))
def test_at_a_rate_of_zero_nothing_changes(scenario, schedule):
    for cost in compare(scenario.vary({RATE: 0, DEPRECIATION: schedule})).costs.values():
        np.testing.assert_array_equal(cost.after_tax_cash_usd, cost.cash_usd)
        assert cost.after_tax_net_present_cost_usd == cost.net_present_cost_usd


@given(scenarios(), st.sampled_from(SCHEDULES))
def test_over_the_horizon_every_usd_is_deducted_once(scenario, schedule):
    scenario = scenario.vary({DEPRECIATION: schedule})
    for cost in compare(scenario).costs.values():
        for terms, lines in cost.parts:
            for name, cash in lines.items():
                total = deductions(name, np.asarray(cash), terms, scenario).sum()
                scale = np.abs(cash).sum()
                np.testing.assert_allclose(total, np.sum(cash), rtol=1e-9, atol=1e-9 * scale, err_msg=name)


@given(scenarios(), st.sampled_from(SCHEDULES), st.floats(0, 0.5))
def test_without_discounting_tax_takes_its_share_of_the_total(scenario, schedule, rate):
    changes = {RATE: rate, DEPRECIATION: schedule, "finance.discount_rate_per_year": 0.0}
    for cost in compare(scenario.vary(changes)).costs.values():
        scale = sum(np.abs(amounts).sum() for amounts in cost.lines.values())
        kept = (1 - rate) * cost.tco_usd
        np.testing.assert_allclose(cost.after_tax_cash_usd.sum(), kept, rtol=1e-9, atol=1e-9 * scale)
        np.testing.assert_allclose(cost.after_tax_net_present_cost_usd, kept, rtol=1e-9, atol=1e-9 * scale)


def account(cost, fracs):
    """What own servers' purchases deduct by month, kept asset by asset as a bookkeeper would."""
    option, horizon = cost.option, cost.task.scenario.finance.horizon_months
    book = np.zeros(horizon + 1)
    for name in ("servers", "network_and_storage", "installation"):
        for column, amount in enumerate(cost.lines.get(name, [])):
            first, left = column + lead_time(option) + 1, amount
            for month in range(first, min(first + option.refresh_months, horizon + 1)):
                year = (month - first) // 12
                part = amount * fracs[year] / 12 if year < len(fracs) else 0
                book[month] += part
                left -= part
            book[min(first + option.refresh_months, horizon)] += left
    return book


@pytest.mark.parametrize(("schedule", "fracs"), [("macrs_5_year", MACRS), ("first_year", [1])])
@given(scenario=scenarios(("on_prem",), options__on_prem__acquisition="buy"))
def test_purchases_are_deducted_like_in_a_plain_account(schedule, fracs, scenario):
    scenario = scenario.vary({DEPRECIATION: schedule})
    cost = compare(scenario)["on_prem"]
    got = sum(
        deductions(name, cost.lines[name], cost.option, scenario)
        for name in ("servers", "network_and_storage", "installation")
    )
    expected = account(cost, fracs)
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9 * np.max(expected))


@given(scenarios(("on_prem",), options__on_prem__acquisition="buy", options__on_prem__refresh_months=60))
def test_the_sooner_a_purchase_is_deducted_the_less_it_costs(scenario):
    scenario = scenario.vary({RATE: 0.25, "options.on_prem.lead_time_months": 0})
    first, macrs, line = (
        compare(scenario.vary({DEPRECIATION: schedule}))["on_prem"].after_tax_net_present_cost_usd
        for schedule in ("first_year", "macrs_5_year", "straight_line")
    )
    slack = 1e-9 * abs(line)
    assert first <= macrs + slack
    assert first <= line + slack


def test_prepaid_time_is_deducted_as_it_passes():
    gpu = neutral_option("cloud_gpu", billing="reserved", reserved_usd_per_gpu_hour=2, term_months=24, upfront_frac=1)
    scenario = neutral_scenario({"gpu": gpu}, workload__requests_per_month=1e4, finance__tax_rate_frac=0.25)
    cost = compare(scenario)["gpu"]
    month = 0.25 * 2 * 730
    np.testing.assert_allclose(saved(cost), [0] + [month] * 12, atol=1e-9)  # what is left is credited at its value


def test_running_costs_are_deducted_when_they_are_paid():
    api = neutral_option("token_api", support_usd_per_month=100, launch__migration_usd=1000)
    cost = compare(neutral_scenario({"api": api}, finance__tax_rate_frac=0.3))["api"]
    np.testing.assert_allclose(cost.after_tax_cash_usd, [700] + [70] * 12)


@pytest.mark.parametrize("when", ["month_end", "month_start"])
@given(scenario=scenarios(finance__tax_rate_frac=0.25))
def test_the_net_present_cost_after_tax_is_each_amount_worth_today(when, scenario):
    scenario = scenario.vary({"finance.running_costs_at": when})
    factors = (1 + scenario.finance.discount_rate_per_year) ** (-np.arange(scenario.finance.horizon_months + 1) / 12)
    early = np.concatenate([factors[:1], factors[:-1]]) if when == "month_start" else factors
    for cost in compare(scenario).costs.values():
        worth, scale = 0, 0
        for terms, lines in cost.parts:
            for name, cash in lines.items():
                own = early if LINES[name].nature == "running" and not LINES[name].in_advance else factors
                worth += (cash * own).sum() - 0.25 * (deductions(name, np.asarray(cash), terms, scenario) * own).sum()
                scale += np.abs(cash).sum()
        np.testing.assert_allclose(cost.after_tax_net_present_cost_usd, worth, rtol=1e-9, atol=1e-9 * scale)
