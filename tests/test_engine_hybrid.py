"""A base of one's own and a rented overflow: what each serves, what both cost together, and how much to own."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.best_shares import cheapest_split
from costmodel.demand import variation_of_peak
from costmodel.errors import ScenarioError
from costmodel.lines import LINES
from costmodel.options.hybrid import NO_LIMIT_SERVERS
from costmodel.scenario import with_option
from costmodel.sizing import replica_tok_per_s
from tests.neutral import compare, neutral_option, neutral_scenario
from tests.sentence import one_sentence
from tests.strategies import scenarios
from tests.test_engine_demand import office_week

SHARE = "options.hybrid.owned_capacity_frac"
KINDS = ("token_api", "cloud_gpu", "on_prem", "hybrid")
shares = st.floats(0, 1)


def same_lines(one, other):
    """Both options cost the same, line by line and month by month."""
    for name in one.lines.keys() | other.lines.keys():
        a, b = one.lines.get(name, 0 * one.cash_usd), other.lines.get(name, 0 * one.cash_usd)
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-9, err_msg=name)


def parents(scenario, comparison):
    """The costs of the base alone and of the overflow alone."""
    hybrid = scenario.options["hybrid"]
    return comparison[hybrid.base_option], comparison[hybrid.overflow_option]


@given(scenarios(KINDS, workload__sensitive_frac=0.0, options__hybrid__owned_capacity_frac=0.0))
def test_without_a_base_a_hybrid_is_its_overflow_to_the_cent(scenario):
    found = compare(scenario)
    _, overflow = parents(scenario, found)
    same_lines(found["hybrid"], overflow)
    np.testing.assert_allclose(found["hybrid"].net_present_cost_usd, overflow.net_present_cost_usd, atol=0.005)
    for name, amount in overflow.quantities.items():
        np.testing.assert_allclose(found["hybrid"].quantities.get(name, amount), amount, rtol=1e-9, err_msg=name)


@given(scenarios(KINDS, options__hybrid__owned_capacity_frac=1.0, options__hybrid__most_servers=NO_LIMIT_SERVERS))
def test_with_a_base_for_every_peak_a_hybrid_is_its_base_to_the_cent(scenario):
    found = compare(scenario)
    base, _ = parents(scenario, found)
    same_lines(found["hybrid"], base)
    np.testing.assert_allclose(found["hybrid"].net_present_cost_usd, base.net_present_cost_usd, atol=0.005)


@given(scenarios(KINDS, workload__sensitive_frac=1.0), shares)
def test_with_all_requests_sensitive_a_hybrid_is_its_base_whatever_is_wanted(scenario, share):
    found = compare(scenario.vary({SHARE: share}))
    same_lines(found["hybrid"], parents(scenario, found)[0])


@given(scenarios(KINDS), shares)
def test_every_request_is_served_once(scenario, share):
    found = compare(scenario.vary({SHARE: share}))
    base, overflow = parents(scenario, found)
    on_base = found["hybrid"].quantities["base_frac"]
    assert np.all((on_base >= 0) & (on_base <= 1 + 1e-12))
    for name in ("input_tokens", "output_tokens"):
        expected = on_base * base.quantities[name] + (1 - on_base) * overflow.quantities[name]
        np.testing.assert_allclose(found["hybrid"].quantities[name], expected, rtol=1e-9)


@given(scenarios(KINDS), shares, shares)
def test_who_wants_more_capacity_gets_no_fewer_servers_and_overflows_no_more(scenario, one, other):
    less, more = (compare(scenario.vary({SHARE: share}))["hybrid"].quantities for share in sorted((one, other)))
    assert np.all(more["base_frac"] >= less["base_frac"] - 1e-12)
    if scenario.options["hybrid"].overflow_option == "token_api":
        assert np.all(more["servers"] >= less["servers"] - 1e-9)


@given(scenarios(KINDS), shares)
def test_the_sensitive_share_always_has_its_capacity_on_the_base(scenario, share):
    sensitive = scenario["workload.sensitive_frac"]
    found = compare(scenario.vary({SHARE: share}))["hybrid"]
    assert np.all(found.quantities["base_frac"] >= sensitive - 1e-9)
    if share < sensitive:
        same_lines(found, compare(scenario.vary({SHARE: sensitive}))["hybrid"])


def test_one_team_runs_both_so_in_each_line_the_larger_overhead_counts():
    """Two engineers and an assessment of 500 for the base, three and one of 100 for the overflow; 1,200 USD a year."""
    on_base = {"staff__ml_engineer_fte": 2, "governance__assessment_usd": 500, "launch__migration_usd": 50}
    above = {"staff__ml_engineer_fte": 3, "governance__assessment_usd": 100, "governance__audit_usd_per_year": 120}
    scenario = growing()
    for slug, fields in {"own": on_base, "api": above}.items():
        changes = {f"options.{slug}.{name.replace('__', '.')}": value for name, value in fields.items()}
        scenario = scenario.vary(changes)
    found = compare(scenario.vary({"people.ml_engineer_usd_per_year": 1200}))["hybrid"].lines
    np.testing.assert_allclose(found["staff"][1:], 3 * 1200 / 12)
    np.testing.assert_allclose(found["controls"][1:], 120 / 12)
    assert (found["assessment"][0], found["migration"][0]) == (500, 50)


@given(scenarios(KINDS), shares)
def test_the_parts_of_each_line_add_up_to_it(scenario, share):
    """The parts of the result are the members' own lines: together with the overheads they are the whole."""
    cost = compare(scenario.vary({SHARE: share}))["hybrid"]
    for name, amount in cost.lines.items():
        parts = [lines[name] for _, lines in cost.parts if name in lines]
        np.testing.assert_allclose(amount, sum(parts), rtol=1e-12, atol=1e-9, err_msg=name)
        assert len(parts) == 1 or not LINES[name].overhead


def office(**fields):
    """One request a second and an hour of everything else: own servers for the base of an office, an API above it."""
    own = neutral_option("on_prem", serving__fractional_replicas=True)
    hybrid = neutral_option("hybrid", base_option="own", overflow_option="api", **fields)
    return neutral_scenario(
        {"own": own, "api": neutral_option("token_api"), "hybrid": hybrid},
        workload__requests_per_month=730 * 3600,
        workload__peak_to_mean_ratio=4.2,
        workload__busy_hours_frac=50 / 168,
        workload__load_variation_ratio=variation_of_peak(4.2, 50 / 168),
    )


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_the_overflow_of_an_office_week_is_that_of_its_hours(share):
    week = office_week()
    truth = np.maximum(week - share * week.max(), 0).mean()
    overflow = 1 - compare(office(owned_capacity_frac=share))["hybrid"].quantities["base_frac"][1:]
    np.testing.assert_allclose(overflow, overflow[0])
    assert 0 <= overflow[0] - truth <= 0.05


def growing(lead_time_months=0, spare_replicas=0, bridge="api", horizon=30):
    """Own servers of four replicas each under a load that grows, swings by the season and falls in the end."""
    own = neutral_option(
        "on_prem",
        gpus_per_server=4,
        server_price_usd=1000,
        lead_time_months=lead_time_months,
        bridge_option=bridge,
        serving__spare_replicas=spare_replicas,
        serving__utilization_ceiling_frac=0.7,
    )
    hybrid = neutral_option("hybrid", base_option="own", overflow_option="api", owned_capacity_frac=0.35)
    return neutral_scenario(
        {"own": own, "api": neutral_option("token_api", prices__input_usd_per_mtok=1), "hybrid": hybrid},
        finance__horizon_months=horizon,
        workload__requests_per_month=4e8,
        workload__growth_per_year=0.4,
        workload__output_tokens_per_request=100,
        workload__peak_to_mean_ratio=3,
        workload__busy_hours_frac=0.5,
        workload__load_variation_ratio=variation_of_peak(3, 0.5),
        workload__season__december_ratio=1.5,
        workload__season__june_ratio=0.6,
    )


def plain_account(scenario):
    """(servers, share on the base) by month, kept by hand: whole servers, their capacity, the load hour by hour."""
    workload, option = scenario.workload, scenario.options["own"]
    rate = float(np.max(replica_tok_per_s(compare(scenario)["own"].task))) * 0.7
    rank = (np.arange(100_000) + 0.5) / 100_000
    busy, peak = workload.busy_hours_frac, workload.peak_to_mean_ratio
    load = peak * rank ** (peak * busy - 1)  # of the busy hours, in units of the mean over all hours
    seasons = list(dict(workload.season).values())
    owned, found = 0, []
    for month in range(1, scenario.finance.horizon_months + 1):
        requests = workload.requests_per_month * 1.4 ** ((month - 1) / 12) * seasons[(month - 1) % 12]
        mean = requests * 100 / (730 * 3600)
        wanted = 0.35 * peak
        if month > option.lead_time_months:
            replicas = math.ceil(wanted * mean / rate - 1e-9) + option.serving.spare_replicas
            owned = max(owned, math.ceil(replicas / 4 - 1e-9))
        usable = max(owned * 4 - option.serving.spare_replicas, 0) * rate / mean
        capacity = max(wanted, usable)
        found.append((owned, np.minimum(load, capacity).sum() / load.sum()))
    return np.transpose(found)


@pytest.mark.parametrize("spare", [0, 1, 3])
@pytest.mark.parametrize("lead", [0, 5])
def test_base_and_overflow_equal_a_plain_account_of_servers_and_hours(lead, spare):
    scenario = growing(lead, spare)
    servers, on_base = plain_account(scenario)
    found = compare(scenario)["hybrid"].quantities
    assert servers[-1] > servers[lead] > 0
    np.testing.assert_array_equal(found["servers"][1:], servers)
    np.testing.assert_allclose(found["base_frac"][1:], on_base, atol=1e-4)


def test_until_delivery_the_bridge_of_the_base_serves_its_part():
    found = compare(growing(lead_time_months=5))["hybrid"].lines
    alone = compare(growing(lead_time_months=5))["api"].lines["input_tokens"]
    np.testing.assert_allclose((found["bridge"] + found["input_tokens"])[:6], alone[:6], rtol=1e-12)
    assert np.all(found["bridge"][1:6] > 0)
    assert not found["bridge"][6:].any()
    assert found["servers"][0] > 0


def test_an_overflow_that_is_never_needed_brings_no_fixed_cost():
    api = neutral_option("token_api", support_usd_per_month=100, launch__migration_usd=1000)
    scenario = growing(spare_replicas=0)
    scenario = with_option(scenario, "api", api)
    assert compare(scenario)["hybrid"].lines["support"][1:].min() == 100
    assert not compare(scenario.vary({SHARE: 1}))["hybrid"].tco_usd - compare(scenario)["own"].tco_usd


def test_reserved_gpus_can_be_the_base_and_gpus_on_demand_the_overflow():
    base = neutral_option("cloud_gpu", billing="reserved", reserved_usd_per_gpu_hour=1, term_months=6)
    above = neutral_option("cloud_gpu", billing="autoscaled", on_demand_usd_per_gpu_hour=3, storage_gb=1)
    hybrid = neutral_option("hybrid", base_option="base", overflow_option="above", owned_capacity_frac=0.5)
    scenario = neutral_scenario(
        {"base": base, "above": above, "hybrid": hybrid},
        workload__requests_per_month=2e8,
        workload__output_tokens_per_request=200,
        workload__peak_to_mean_ratio=3,
        workload__busy_hours_frac=0.6,
    )
    found = compare(scenario)
    hybrid, base, above = (found[slug] for slug in ("hybrid", "base", "above"))
    assert hybrid.tco_usd < min(base.tco_usd, above.tco_usd)
    np.testing.assert_allclose(hybrid.lines["commitment"][1:], base.lines["commitment"][1:] / 2, rtol=0.1)
    busy = hybrid.quantities["utilization"] * hybrid.quantities["servers"]
    np.testing.assert_allclose(busy, base.quantities["utilization"] * base.quantities["servers"], rtol=1e-9)


def economical():
    """Own servers that are cheaper than the API for the load of most hours, and dearer for the peaks."""
    return growing(horizon=24).vary({
        "options.own.server_price_usd": 30_000,
        "options.api.prices.input_usd_per_mtok": 20,
        "workload.requests_per_month": 1e7,
        "workload.output_tokens_per_request": 800,
    })  # fmt: skip


MOST = "options.hybrid.most_servers"


@pytest.mark.parametrize("standby", ["none", "server", "site"])
@pytest.mark.parametrize("most", [1, 2, 5])
def test_the_servers_that_there_are_carry_what_they_can_and_the_rest_overflows(most, standby):
    scenario = growing(spare_replicas=1).vary({SHARE: 1.0, MOST: most, "options.own.serving.standby": standby})
    unlimited = compare(scenario.vary({MOST: NO_LIMIT_SERVERS}))["hybrid"].quantities["servers"]
    found = compare(scenario)["hybrid"]
    servers = found.quantities["servers"][1:]
    working = {"none": servers, "server": servers - 1, "site": servers / 2}[standby]
    assert working.max() == most
    assert servers.max() < unlimited.max()
    rate = float(np.max(replica_tok_per_s(compare(scenario)["own"].task))) * 0.7
    workload, months = scenario.workload, np.arange(1, 31)
    seasons = np.array([*dict(workload.season).values()])[(months - 1) % 12]
    mean = workload.requests_per_month * 1.4 ** ((months - 1) / 12) * seasons * 100 / (730 * 3600)
    rank = (np.arange(100_000) + 0.5) / 100_000
    load = 3 * rank**0.5  # of the busy hours, in units of the mean: 3 x 0.5 busy - 1
    able = working * 4 - 1
    served = [
        np.minimum(load, replicas * rate / each).sum() / load.sum() for replicas, each in zip(able, mean, strict=True)
    ]
    np.testing.assert_allclose(found.quantities["base_frac"][1:], served, atol=1e-4)


def test_servers_that_hold_half_a_replica_each_are_had_in_pairs():
    scenario = growing().vary({SHARE: 1.0, "options.own.serving.gpus_per_replica": 8})
    had = [compare(scenario.vary({MOST: most}))["hybrid"].quantities["servers"].max() for most in (1, 2, 3, 4)]
    assert had == [0, 2, 2, 4]


def test_the_sensitive_share_is_served_whatever_servers_there_are():
    scenario = growing().vary({SHARE: 1.0, MOST: 1, "workload.sensitive_frac": 0.5})
    assert compare(scenario)["hybrid"].quantities["base_frac"][1:].min() >= 0.5
    half = compare(scenario.vary({MOST: NO_LIMIT_SERVERS, SHARE: 0.5}))["hybrid"]
    same_lines(compare(scenario)["hybrid"], half)


def test_many_limits_in_one_run_are_the_single_runs():
    volumes = np.array([[1e8], [4e8], [9e8]])
    scenario = growing(4, 1).vary({SHARE: 1.0, MOST: 2})
    many = compare(scenario.vary({"workload.requests_per_month": volumes}))["hybrid"]
    for row, volume in enumerate(volumes[:, 0]):
        single = compare(scenario.vary({"workload.requests_per_month": float(volume)}))["hybrid"]
        np.testing.assert_allclose(many.net_present_cost_usd[row], single.net_present_cost_usd, rtol=1e-12)


def test_the_cheapest_share_is_that_of_trying_one_after_another():
    scenario = economical()
    curve = cheapest_split(scenario, "hybrid", steps=40)
    by_hand = [compare(scenario.vary({SHARE: share}))["hybrid"].net_present_cost_usd for (share,) in curve.shares]
    np.testing.assert_allclose(curve.costs, by_hand, rtol=1e-12)
    assert curve.best == curve.shares[int(np.argmin(by_hand))]
    assert 0 < curve.best < 1
    assert np.unique(np.round(curve.costs, 6)).size < curve.shares.size  # whole servers: several shares cost the same


def test_the_cheapest_share_starts_at_the_sensitive_share():
    curve = cheapest_split(economical().vary({"workload.sensitive_frac": 0.9}), "hybrid", steps=10)
    np.testing.assert_allclose(curve.shares[:, 0], np.linspace(0.9, 1, 11))
    assert curve.best >= 0.9


def test_an_option_that_divides_nothing_has_no_share_to_look_for():
    assert cheapest_split(economical(), "own") is None


def test_many_shares_in_one_run_are_the_single_runs():
    tried = np.linspace(0, 1, 9)
    many = compare(growing(4, 1).vary({SHARE: tried[:, np.newaxis]}))["hybrid"]
    for row, share in enumerate(tried):
        single = compare(growing(4, 1).vary({SHARE: share}))["hybrid"]
        for name, amount in single.lines.items():
            got = np.broadcast_to(many.lines[name], (9, amount.shape[-1]))[row]
            np.testing.assert_allclose(got, amount, rtol=1e-12, atol=1e-9, err_msg=name)


REFUSED = {
    "itself as the base": ({"base_option": "hybrid"}, {}),
    "itself as the overflow": ({"overflow_option": "hybrid"}, {}),
    "nobody as the overflow": ({"overflow_option": ""}, {}),
    "an unknown base": ({"base_option": "x"}, {}),
    "one option for both": ({"base_option": "always_on", "overflow_option": "always_on"}, {}),
    "a hybrid of a hybrid": ({"base_option": "other"}, {}),
    "a multi-cloud as the overflow": ({"overflow_option": "mix"}, {}),
    "a base that follows the load": ({"base_option": "autoscaled"}, {}),
    "an API as the base": ({"base_option": "second_api"}, {}),
    "own servers as the overflow": ({"overflow_option": "own_too"}, {}),
    "a commitment as the overflow": ({"overflow_option": "always_on"}, {"options.always_on.billing": "reserved"}),
    "a share above one": ({"owned_capacity_frac": 1.5}, {}),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_a_hybrid_that_cannot_be_is_refused_in_one_sentence(rule):
    fields, changes = REFUSED[rule]
    ways = {billing: neutral_option("cloud_gpu", billing=billing) for billing in ("always_on", "autoscaled")}
    options = {
        "own": neutral_option("on_prem"),
        "own_too": neutral_option("on_prem"),
        "api": neutral_option("token_api"),
        "second_api": neutral_option("token_api"),
        **ways,
        "other": neutral_option("hybrid", base_option="own", overflow_option="api"),
        "mix": neutral_option("multi_cloud", first_option="api", second_option="second_api"),
        "hybrid": neutral_option("hybrid", base_option="own", overflow_option="api"),
    }
    scenario = neutral_scenario(options)
    with pytest.raises(ScenarioError) as caught:
        scenario.vary({f"options.hybrid.{field}": value for field, value in fields.items()} | changes)
    assert one_sentence(str(caught.value)).startswith("options.hybrid.")


def test_a_bridge_to_itself_is_refused_in_one_sentence():
    with pytest.raises(ScenarioError) as caught:
        neutral_scenario({"own": neutral_option("on_prem", bridge_option="own"), "api": neutral_option("token_api")})
    assert one_sentence(str(caught.value)).startswith("options.own.bridge_option")
    bridged = {"own": neutral_option("on_prem", bridge_option="mix"), "api": neutral_option("token_api")}
    hybrid = neutral_option("hybrid", base_option="own", overflow_option="api")
    with pytest.raises(ScenarioError) as caught:
        neutral_scenario({**bridged, "mix": hybrid})
    assert one_sentence(str(caught.value)).startswith("options.own.bridge_option")


def test_a_hybrid_owns_hardware_when_its_base_does():
    options = {
        "own": neutral_option("on_prem"),
        "api": neutral_option("token_api"),
        "rented": neutral_option("cloud_gpu"),
        "on_own": neutral_option("hybrid", base_option="own", overflow_option="api"),
        "on_rented": neutral_option("hybrid", base_option="rented", overflow_option="api"),
    }
    known = neutral_scenario(options).options
    assert [slug for slug in known if known[slug].owns_hardware(known)] == ["own", "on_own"]
