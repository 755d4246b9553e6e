"""Own servers, bought or leased in cohorts: the vectorised engine against a plain account, month by month."""

import math

import numpy as np
import pytest
from hypothesis import given

from costmodel.scenario import without_option
from costmodel.settings import Season
from costmodel.sizing import replica_tok_per_s
from tests.neutral import compare, generated, neutral_option, neutral_scenario
from tests.strategies import lead_time, ordinary_scenario, scenarios

MONTHS = list(Season.model_fields)
LINES = [
    "servers",
    "network_and_storage",
    "installation",
    "maintenance",
    "lease",
    "resale",
    "residual_value",
    "decommissioning",
    "licences",
    "colocation",
]


def servers_needed(scenario, task):
    """Whole servers for the busiest hour of each month after the delivery."""
    option, workload, finance = task.option, scenario.workload, scenario.finance
    rate = float(np.max(replica_tok_per_s(task))) * option.serving.utilization_ceiling_frac
    peak = workload.peak_to_mean_ratio * (1 - workload.batch_frac) + workload.batch_frac
    needed = [0]
    for month in range(1, finance.horizon_months + 1):
        season = getattr(workload.season, MONTHS[(workload.start_month + month - 2) % 12])
        requests = workload.requests_per_month * (1 + workload.growth_per_year) ** ((month - 1) / 12) * season
        tokens_each = generated(workload, option) * option.token_ratio
        attempts = requests * workload.environments_ratio * option.attempts_ratio
        busiest = attempts * tokens_each / (finance.hours_per_month * 3600) * peak
        replicas = math.ceil(busiest / rate - 1e-9) + math.ceil(option.serving.spare_replicas)
        servers = math.ceil(replicas * option.serving.gpus_per_replica / option.gpus_per_server - 1e-9)
        servers = max(servers, option.minimum_servers)
        with_standby = {"none": servers, "server": servers + 1, "site": 2 * servers}[option.serving.standby]
        needed.append(with_standby if month > lead_time(option) else 0)
    return needed


def cohorts(needed, life):
    """(month of its start, number) of every batch of servers: growth beyond the highest need, and replacements."""
    batches, highest = [], 0
    for month, need in enumerate(needed):
        if need > highest:
            batches += [(start, need - highest) for start in range(month, len(needed), life)]
            highest = need
    return batches


def grown(rate_per_year, months):
    """Factor on a price after some months: purchases at column t see t of them, costs of month t see t - 1."""
    return (1 + rate_per_year) ** (months / 12)


def account(scenario, task):
    """Each line of own servers by month, kept as a bookkeeper would."""
    option, horizon = task.option, scenario.finance.horizon_months
    life, monthly_rate = option.refresh_months, option.lease_rate_per_year / 12
    payment = monthly_rate / (1 - (1 + monthly_rate) ** -life) / (1 + monthly_rate) if monthly_rate else 1 / life
    space = option.power.server_max_kw / option.colocation_load_factor_frac * option.colocation_usd_per_kw_month
    book = {line: [0.0] * (horizon + 1) for line in LINES}
    for start, number in cohorts(servers_needed(scenario, task), life):
        order, end = start - 1 - lead_time(option), start + life
        value = number * option.server_price_usd * grown(option.server_price_change_per_year, order)
        wages = grown(scenario.people.wage_growth_per_year, order)
        book["network_and_storage"][order] += value * option.network_and_storage_frac
        stands = option.runs_today and order == 0
        book["installation"][order] += 0 if stands else number * option.installation_usd_per_server * wages
        book["decommissioning"][min(end, horizon)] += number * option.decommissioning_usd_per_server
        for month in range(start, min(end, horizon + 1)):
            if month - start >= option.warranty_months:
                upkeep = option.maintenance_frac_per_year * grown(option.maintenance_price_change_per_year, month - 1)
                book["maintenance"][month] += value * upkeep / 12
            licences = option.licence_usd_per_gpu_year * grown(option.licence_price_change_per_year, month - 1)
            book["licences"][month] += number * option.gpus_per_server * licences / 12
            rent = space + option.colocation_usd_per_server_month
            book["colocation"][month] += number * rent * grown(option.colocation_price_change_per_year, month - 1)
        if option.acquisition == "lease":
            for paid in range(order, min(order + life, horizon)):  # in advance: the end of the horizon pays for nothing
                book["lease"][paid] += value * payment
            continue
        book["servers"][order] += value
        sold, in_use = ("resale", life) if end <= horizon else ("residual_value", horizon - start + 1)
        book[sold][min(end, horizon)] -= value * (1 - option.resale_loss_per_year) ** (in_use / 12)
    return book


@pytest.mark.parametrize("line", LINES)
@given(scenario=scenarios(("on_prem",), options__on_prem__serving__fractional_replicas=False))
def test_each_line_equals_a_plain_account_of_the_servers(line, scenario):
    cost = compare(scenario)["on_prem"]
    booked = np.array(account(scenario, cost.task)[line])
    got = cost.lines.get(line, np.zeros_like(booked))
    np.testing.assert_allclose(got, booked, rtol=1e-9, atol=1e-9 * np.max(np.abs(booked)))


@given(scenarios(("on_prem",), options__on_prem__serving__fractional_replicas=False))
def test_servers_owned_equal_those_of_the_plain_account(scenario):
    cost = compare(scenario)["on_prem"]
    life, owned = scenario.options["on_prem"].refresh_months, np.zeros(scenario.finance.horizon_months + 1)
    for start, number in cohorts(servers_needed(scenario, cost.task), life):
        owned[start : start + life] += number
    np.testing.assert_allclose(cost.quantities["servers"], owned, atol=1e-9)


NO_LOG = {"options__token_api__guardrails__log_retention_months": 0}  # what is logged until delivery is kept after it


@given(scenarios(("on_prem", "token_api"), options__on_prem__bridge_option="token_api", **NO_LOG))
def test_the_bridge_costs_what_is_paid_by_use_until_delivery(scenario):
    comparison, lead = compare(scenario), lead_time(scenario.options["on_prem"])
    tokens = ("input_tokens", "cache_reads", "cache_writes", "cache_storage", "output_tokens")
    by_use = (*tokens, "provisioned", "transfer")
    around = ("embeddings", "vector_search", "reranking", "moderation", "gateway", "application_use")
    expected = sum(comparison["token_api"].lines.get(name, 0) for name in (*by_use, *around))
    expected[lead + 1 :] = 0
    if bridged := min(lead, scenario.finance.horizon_months):  # what is committed ends with it, as with a horizon
        alone = without_option(scenario, "on_prem")
        until = compare(alone.vary({"finance.horizon_months": bridged}))["token_api"]
        expected[: bridged + 1] += until.lines.get("shortfall", 0)
    got = comparison["on_prem"].lines.get("bridge", np.zeros_like(expected))
    np.testing.assert_allclose(got, expected, rtol=1e-12)


def leased(rate, **changes):
    """One server for the 24 months of its life, at 1,000 USD."""
    terms = {"server_price_usd": 1000, "refresh_months": 24, "resale_loss_per_year": 0.99, "lease_rate_per_year": rate}
    scenario = neutral_scenario(
        {"own": neutral_option("on_prem", **terms)}, workload__requests_per_month=1e4, finance__horizon_months=24
    )
    return scenario.vary({"options.own.acquisition": "lease", **changes})


def test_a_lease_over_the_whole_life_is_worth_the_price_at_its_own_rate():
    scenario = leased(0.09, **{"finance.discount_rate_per_year": 1.0075**12 - 1})
    assert compare(scenario)["own"].net_present_cost_usd == pytest.approx(1000)


def test_a_lease_without_interest_is_the_price_in_equal_parts():
    lease = compare(leased(0))["own"].lines["lease"]
    np.testing.assert_allclose(lease, [1000 / 24] * 24 + [0])


def test_a_lease_longer_than_the_horizon_is_paid_for_the_months_served():
    lease = compare(leased(0, **{"finance.horizon_months": 12}))["own"].lines["lease"]
    np.testing.assert_allclose(lease, [1000 / 24] * 12 + [0])


def test_what_is_sold_at_the_end_is_worth_less_with_every_month_in_service():
    scenario = ordinary_scenario().vary(
        {"options.on_prem.refresh_months": 240, "options.on_prem.resale_loss_per_year": 0.4}
    )
    residual = [
        compare(scenario.vary({"finance.horizon_months": months, "workload.growth_per_year": 0}))["on_prem"].lines
        for months in (18, 36, 54)
    ]
    sold = [-lines["residual_value"][-1] for lines in residual]
    assert sold[0] > sold[1] > sold[2] > 0


def test_months_without_service_process_no_tokens_unless_something_bridges_them():
    scenario = neutral_scenario(
        {"own": neutral_option("on_prem", lead_time_months=3), "api": neutral_option("token_api")},
        workload__requests_per_month=1000,
    )
    tokens = compare(scenario)["own"].quantities["output_tokens"]
    assert tokens.tolist() == [0] * 4 + [1000] * 9
    bridged = compare(scenario.vary({"options.own.bridge_option": "api"}))["own"].quantities["output_tokens"]
    assert bridged.tolist() == [0] + [1000] * 12
