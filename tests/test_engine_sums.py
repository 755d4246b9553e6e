"""What adds up to what: lines to totals, months to horizons, plain sums to discounted ones."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from costmodel.lines import LINES
from costmodel.options.token_api import SPENDING
from costmodel.scenario import paths
from costmodel.units import MONTHS_PER_YEAR
from tests.neutral import compare, figures, neutral_option, neutral_scenario
from tests.strategies import scenarios

RUNNING = [name for name, line in LINES.items() if line.nature == "running" and not line.in_advance]
END_CREDITS = [name for name, line in LINES.items() if line.nature == "end_credit"]
CREDITS = [name for name, line in LINES.items() if line.nature in {"credit", "end_credit"}]


@given(scenarios())
def test_lines_add_up_to_the_total_cost(scenario):
    for cost in compare(scenario).costs.values():
        by_line = [np.sum(amounts) for amounts in cost.lines.values()]
        scale = np.sum(np.abs(by_line))
        np.testing.assert_allclose(cost.tco_usd, np.sum(by_line), atol=1e-12 * scale)
        np.testing.assert_allclose(cost.tco_usd, sum(cost.line_totals().values()), atol=1e-12 * scale)
        np.testing.assert_allclose(cost.tco_usd, cost.cash_usd.sum(), atol=1e-12 * scale)


@given(scenarios())
def test_cumulative_cost_ends_at_the_total_without_end_credits(scenario):
    for cost in compare(scenario).costs.values():
        credits = sum(np.sum(cost.lines[name]) for name in END_CREDITS if name in cost.lines)
        np.testing.assert_allclose(cost.cumulative_usd[-1] + credits, cost.tco_usd, rtol=1e-9)
        assert cost.cumulative_usd[0] == cost.cash_before_first_month_usd


@given(scenarios())
def test_discounted_lines_add_up_to_the_net_present_cost_with_and_without_end_credits(scenario):
    for cost in compare(scenario).costs.values():
        present = {name: amounts.sum() for name, amounts in cost.present_lines().items()}
        scale = sum(map(abs, present.values()))
        credits = sum(amount for name, amount in present.items() if name in END_CREDITS)
        np.testing.assert_allclose(sum(present.values()), cost.net_present_cost_usd, atol=1e-12 * scale)
        np.testing.assert_allclose(cost.cumulative_present_usd[-1], cost.net_present_cost_usd - credits,
                                   atol=1e-12 * scale)  # fmt: skip
        years = scenario.finance.horizon_months // MONTHS_PER_YEAR
        if scenario.finance.horizon_months == years * MONTHS_PER_YEAR:
            level = np.full(years, float(cost.equivalent_annual_cost_usd))
            rate = scenario.finance.discount_rate_per_year
            np.testing.assert_allclose((level / (1 + rate) ** np.arange(1, years + 1)).sum(), cost.net_present_cost_usd)


@given(scenarios())
def test_every_line_has_one_amount_for_today_and_one_for_each_month(scenario):
    columns = (scenario.finance.horizon_months + 1,)
    for cost in compare(scenario).costs.values():
        for name, amounts in {**cost.lines, **cost.quantities}.items():
            assert np.shape(amounts) == columns, name


@given(scenarios())
def test_only_credits_are_negative(scenario):
    for cost in compare(scenario).costs.values():
        for name, amounts in cost.lines.items():
            assert np.all(amounts <= 0 if name in CREDITS else amounts >= 0), name


@given(scenarios())
def test_nothing_is_minus_zero_in_a_table(scenario):
    for name, value in figures(compare(scenario)).items():
        assert not np.any(np.signbit(value) & (value == 0)), name


@given(scenarios(finance__discount_rate_per_year=0.0))
def test_without_discounting_the_net_present_cost_is_the_plain_sum(scenario):
    for cost in compare(scenario).costs.values():
        np.testing.assert_allclose(cost.cumulative_present_usd, cost.cumulative_usd, rtol=1e-9)
        np.testing.assert_allclose(cost.net_present_cost_usd, cost.tco_usd, rtol=1e-12)


@given(scenarios())
def test_the_net_present_cost_is_each_months_cash_worth_today(scenario):
    monthly = (1 + scenario.finance.discount_rate_per_year) ** (1 / 12) - 1
    early = scenario.finance.running_costs_at == "month_start"
    for cost in compare(scenario).costs.values():
        worth = 0
        for name, amounts in cost.lines.items():
            for month, amount in enumerate(amounts):
                paid = max(month - 1, 0) if early and name in RUNNING else month
                worth += amount / (1 + monthly) ** paid
        np.testing.assert_allclose(cost.net_present_cost_usd, worth, rtol=1e-9)


@given(scenarios())
def test_running_costs_paid_at_the_start_of_the_month_cost_one_month_of_interest_more(scenario):
    end = compare(scenario.vary({"finance.running_costs_at": "month_end"}))
    start = compare(scenario.vary({"finance.running_costs_at": "month_start"}))
    rate = (1 + scenario.finance.discount_rate_per_year) ** (1 / 12) - 1
    factors = (1 + rate) ** -np.arange(1.0, scenario.finance.horizon_months + 1)
    for slug in scenario.options:
        running = sum(end[slug].lines[name][1:] for name in RUNNING if name in end[slug].lines)
        interest = (running * factors).sum() * rate
        assert start[slug].tco_usd == end[slug].tco_usd
        np.testing.assert_allclose(
            start[slug].net_present_cost_usd, end[slug].net_present_cost_usd + interest, rtol=1e-9
        )


def test_a_lease_is_paid_in_advance_wherever_in_the_month_running_costs_are_paid():
    lease = neutral_option("on_prem", acquisition="lease", server_price_usd=1000, refresh_months=12)
    scenario = neutral_scenario({"own": lease}, workload__requests_per_month=1e4, finance__discount_rate_per_year=0.1)
    worth = [
        compare(scenario.vary({"finance.running_costs_at": when}))["own"].net_present_cost_usd
        for when in ("month_end", "month_start")
    ]
    assert worth[0] == worth[1]


@given(scenarios(), st.integers(1, 24))
def test_a_longer_horizon_never_takes_a_cost_away(scenario, extra):
    commitments = [path for path in paths(scenario) if path.endswith(".commitment.usd_per_year")]
    scenario = scenario.vary(dict.fromkeys(commitments, 0))  # whose last year may yet be spent: the next test
    months = scenario.finance.horizon_months
    short = compare(scenario)
    long = compare(scenario.vary({"finance.horizon_months": months + extra}))
    for slug, cost in short.costs.items():
        for name, amounts in cost.lines.items():
            if name in CREDITS:
                continue
            later = long[slug].lines[name]
            slack = 1e-9 * np.max(later) + 1e-12
            assert np.sum(later) >= np.sum(amounts) - slack, name
            if name != "decommissioning":  # which the end of a horizon brings forward
                assert np.all(later[: months + 1] >= amounts - slack), name


@given(scenarios(("token_api",)), st.integers(1, 24))
def test_nor_from_spending_and_what_it_lacks_of_the_commitment(scenario, extra):
    longer = scenario.vary({"finance.horizon_months": scenario.finance.horizon_months + extra})
    short, long = (compare(each)["token_api"].lines for each in (scenario, longer))
    names = {"shortfall", *(spending.line for spending in SPENDING)} & short.keys()
    before, after = (sum(np.sum(lines[name]) for name in names) for lines in (short, long))
    assert after >= before * (1 - 1e-9)
