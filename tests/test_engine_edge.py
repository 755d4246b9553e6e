"""Devices on site: what they carry, what they cost, what federated learning on them adds; against plain accounts."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.errors import ScenarioError
from costmodel.federated import exchanged_gb
from costmodel.lines import LINES
from costmodel.scenario import numbers
from tests.neutral import compare, generated, neutral_option, neutral_scenario
from tests.sentence import one_sentence
from tests.strategies import scenarios

KINDS = ("token_api", "cloud_gpu", "on_prem", "edge")
FLEET_LINES = {name for name in LINES if name.startswith(("device", "federated", "model_updates", "fleet"))}
FRAC = "options.edge.edge_frac"


@given(scenarios(KINDS, options__edge__edge_frac=0.0))
def test_a_fleet_that_serves_nothing_is_not_bought_and_the_fallback_serves_all(scenario):
    found = compare(scenario)
    edge, fallback = found["edge"], found[scenario.options["edge"].fallback_option]
    for name, amount in edge.lines.items():
        expected = fallback.lines.get(name, 0 * edge.cash_usd)
        np.testing.assert_allclose(amount, expected, rtol=1e-12, atol=1e-9, err_msg=name)
    np.testing.assert_allclose(edge.net_present_cost_usd, fallback.net_present_cost_usd, atol=0.005)
    assert not edge.quantities["devices"].any()


@given(scenarios(KINDS, options__edge__edge_frac=1.0, options__edge__device__prefill_tok_per_s=1e7))
def test_when_devices_serve_all_the_fallback_lends_its_team_and_nothing_else(scenario):
    scenario = scenario.vary({
        "options.edge.devices": 1e9,
        "options.edge.fleet_growth_per_year": 0.5,
        "options.edge.device.output_tok_per_s": 1e6,
    })  # fmt: skip
    found = compare(scenario)
    edge, fallback = found["edge"], found[scenario.options["edge"].fallback_option]
    for name, amount in edge.lines.items():
        if name not in FLEET_LINES and not LINES[name].overhead:
            assert not amount.any(), name
    assert {"staff", "assessment", "migration"} <= set(edge.lines)
    for name in ("assessment", "migration", "parallel_running"):
        np.testing.assert_array_equal(edge.lines[name], fallback.lines[name])


@given(scenarios(KINDS))
def test_every_request_is_served_once(scenario):
    found, option = compare(scenario), scenario.options["edge"]
    edge, fallback = found["edge"], found[option.fallback_option]
    behind, workload = scenario.options[option.fallback_option], scenario.workload
    more = option.token_ratio * option.attempts_ratio / (behind.token_ratio * behind.attempts_ratio)
    more_hidden = generated(workload, option) / generated(workload, behind)
    share = edge.quantities["device_frac"]
    assert np.all((share >= 0) & (share <= option.edge_frac))
    at_once = scenario.vary({
        f"options.{slug}.lead_time_months": 0 for slug, each in scenario.options.items() if each.kind == "on_prem"
    })  # fmt: skip
    asked = compare(at_once)[option.fallback_option].quantities
    for name, ratio in {"input_tokens": more, "output_tokens": more * more_hidden}.items():
        expected = fallback.quantities[name] * (1 - share) + asked[name] * share * ratio
        np.testing.assert_allclose(edge.quantities[name], expected, rtol=1e-9)


@given(scenarios(KINDS))
def test_devices_are_never_asked_for_more_than_they_can_do(scenario):
    found = compare(scenario)["edge"].quantities
    load, share, wanted = found["device_load"], found["device_frac"], scenario[FRAC]
    np.testing.assert_allclose(share[load > 1], wanted / load[load > 1], rtol=1e-9)
    np.testing.assert_array_equal(share[load <= 1], wanted)
    assert np.all(found["device_utilization"] <= 1 + 1e-9)
    np.testing.assert_allclose(found["offline_frac"], share * scenario["options.edge.offline_capable_frac"])


@given(scenarios(KINDS), st.floats(1.01, 3))
def test_faster_devices_never_serve_less(scenario, faster):
    rate = "options.edge.device.output_tok_per_s"
    slow, fast = compare(scenario)["edge"], compare(scenario.vary({rate: scenario[rate] * faster}))["edge"]
    assert np.all(fast.quantities["device_frac"] >= slow.quantities["device_frac"] * (1 - 1e-12))
    assert np.all(fast.quantities["device_load"] <= slow.quantities["device_load"])


@given(scenarios(KINDS))
def test_no_line_of_the_fleet_falls_when_one_of_its_prices_rises(scenario):
    before = compare(scenario)["edge"]
    for path, number in numbers(scenario).items():
        if path.startswith("options.edge.") and number.unit.startswith("USD"):
            after = compare(scenario.vary({path: scenario[path] * 1.5 + 0.01}))["edge"]
            assert after.tco_usd >= before.tco_usd - 1e-9 * abs(before.tco_usd), path
            for name, amount in before.lines.items():
                if LINES[name].nature in {"running", "purchase"}:
                    assert np.all(after.lines[name] >= amount - 1e-9 * np.max(amount)), f"{name} at a dearer {path}"


def fleet_of(scenario):
    """Devices by month that the fleet shall have, at least as many as ever before."""
    option, fleet, highest = scenario.options["edge"], [0], 0
    for month in range(1, scenario.finance.horizon_months + 1):
        grown = option.devices * (1 + option.fleet_growth_per_year) ** ((month - 1) / 12)
        highest = max(highest, math.ceil(grown * (1 - 1e-9))) if option.edge_frac else 0
        fleet.append(highest)
    return fleet


def account(scenario):
    """Each line of the fleet by month, kept as a bookkeeper would: device by device batch, round by round."""
    option, people, energy = scenario.options["edge"], scenario.people, scenario.energy
    device, federated, horizon = option.device, option.federated, scenario.finance.horizon_months
    book = {name: [0.0] * (horizon + 1) for name in FLEET_LINES}
    fleet, life = fleet_of(scenario), device.life_months

    def grown(rate, months):
        return (1 + rate) ** (months / 12)

    for month in range(1, horizon + 1):
        for start in range(month, horizon + 1, life):
            added = fleet[month] - fleet[month - 1]
            paid, retired = start - 1, start + life
            value = added * device.price_usd * grown(device.price_change_per_year, paid)
            book["devices"][paid] += value
            wages = grown(people.wage_growth_per_year, paid)
            book["device_provisioning"][paid] += added * device.provisioning_usd_per_device * wages
            if retired <= horizon:
                book["device_resale"][retired] -= value * grown(-device.resale_loss_per_year, life)
            else:
                left = grown(-device.resale_loss_per_year, horizon - start + 1)
                book["device_residual_value"][horizon] -= value * left
    tokens = compare(scenario)["edge"].quantities
    for month in range(1, horizon + 1):
        hours = scenario.finance.hours_per_month
        watts = device.idle_w + (device.active_w - device.idle_w) * tokens["device_utilization"][month]
        tariff = energy.electricity_usd_per_kwh * grown(energy.electricity_price_change_per_year, month - 1)
        book["device_energy"][month] = fleet[month] * watts / 1000 * hours * tariff
        book["device_management"][month] = fleet[month] * device.management_usd_per_device_year / 12
        updates = fleet[month] * option.model_updates_per_year / 12
        book["model_updates"][month] = updates * option.model_update_gb * option.transfer_usd_per_gb
        engineers = fleet[month] / 1000 * option.fleet_engineer_fte_per_1000_devices
        wage = people.infrastructure_engineer_usd_per_year * grown(people.wage_growth_per_year, month - 1)
        before = fleet[month - 1] / 1000 * option.fleet_engineer_fte_per_1000_devices
        new = engineers - before + engineers * people.attrition_per_year / 12
        inside, idle = people.trained_inside_frac, people.ramp_up_months / 12 * (1 - people.ramp_up_productivity_frac)
        filling = people.recruiting_frac * (1 - inside) + people.loading_ratio * idle
        courses = inside * people.training_usd_per_fte * grown(people.wage_growth_per_year, month - 1)
        book["fleet_staff"][month] = engineers * wage * people.loading_ratio / 12 + new * (wage * filling + courses)
        rounds = federated.rounds_per_year / 12 * (fleet[month] > 0)
        clients = min(federated.clients_per_round, fleet[month])
        sent = rounds * clients * 2 * federated.update_gb
        book["federated_transfer"][month] = sent * federated.transfer_usd_per_gb
        aggregator = federated.aggregator_hours_per_round * federated.aggregator_usd_per_hour
        book["federated_aggregation"][month] = rounds * aggregator
        extra_kw = max(device.active_w - device.idle_w, 0) / 1000
        trained = rounds * clients * federated.training_hours_per_round
        book["federated_energy"][month] = trained * extra_kw * tariff
    return book


@given(scenarios(KINDS))
def test_each_line_of_a_fleet_equals_a_plain_account(scenario):
    found = compare(scenario)["edge"]
    np.testing.assert_array_equal(found.quantities["devices"], fleet_of(scenario))
    for name, amounts in account(scenario).items():
        scale = max(map(abs, amounts))
        np.testing.assert_allclose(found.lines[name], amounts, rtol=1e-9, atol=1e-9 * scale, err_msg=name)


def shops(horizon=24, federated=None, **fields):
    """A hundred shops with a box each: 2 of 3 requests stay there, the others go to an API."""
    groups = {
        "devices": 100,
        "edge_frac": 0.5,
        "fallback_option": "api",
        "device__price_usd": 800,
        "device__life_months": 12,
        "device__output_tok_per_s": 20,
        "device__prefill_tok_per_s": 500,
        "device__active_w": 30,
        "device__idle_w": 10,
    }
    groups |= {f"federated__{name}": value for name, value in (federated or {}).items()} | fields
    api = neutral_option("token_api", prices__input_usd_per_mtok=1, prices__output_usd_per_mtok=4)
    return neutral_scenario(
        {"api": api, "edge": neutral_option("edge", **groups)},
        finance__horizon_months=horizon,
        workload__requests_per_month=7.3e5,
        workload__input_tokens_per_request=1000,
        workload__output_tokens_per_request=720,
        workload__peak_to_mean_ratio=4,
        workload__busy_hours_frac=0.4,
        workload__transfer_bytes_per_token=50,
        energy__electricity_usd_per_kwh=0.2,
        energy__carbon_gco2e_per_kwh=500,
    )


def test_a_worked_fleet():
    """1,000 requests an hour, half of them on 100 boxes: 2 s for 1,000 tokens in, 36 s for 720 out, of 3,600 s each."""
    edge = compare(shops())["edge"]
    found, lines = edge.quantities, edge.lines
    busy = 500 * 38 / 3600 / 100
    np.testing.assert_allclose(found["device_load"][1:], 4 * busy)
    np.testing.assert_allclose(found["device_utilization"][1:], busy)
    np.testing.assert_allclose(found["response_time_s"][1:], 38)
    np.testing.assert_allclose(found["energy_kwh"][1:], 100 * (10 + 20 * busy) / 1000 * 730)
    np.testing.assert_allclose(found["carbon_kgco2e"][1:], 100 * (10 + 20 * busy) / 1000 * 730 * 0.5)
    np.testing.assert_allclose(lines["device_energy"][1:], 100 * (10 + 20 * busy) / 1000 * 730 * 0.2)
    np.testing.assert_allclose(lines["output_tokens"][1:], 0.5 * 7.3e5 * 720 * 4 / 1e6)
    np.testing.assert_allclose(found["bandwidth_saved_gb"][1:], 0.5 * 7.3e5 * 720 * 50 / 1e9)
    assert lines["devices"].tolist() == [80_000] + 11 * [0] + [80_000] + 12 * [0]


def test_a_fleet_that_is_asked_for_too_much_hands_the_rest_to_its_fallback():
    """100 boxes serve 100 * 3600 / 38 requests an hour; six times the requests ask for 12,000 in the busiest one."""
    carried = compare(shops().vary({"workload.requests_per_month": 4 * 7.3e5}))["edge"].quantities
    np.testing.assert_allclose(carried["device_frac"][1:], 0.5)
    too_much = compare(shops().vary({"workload.requests_per_month": 6 * 7.3e5}))["edge"]
    load = 12_000 / (100 * 3600 / 38)
    np.testing.assert_allclose(too_much.quantities["device_load"][1:], load)
    np.testing.assert_allclose(too_much.quantities["device_frac"][1:], 0.5 / load)
    np.testing.assert_allclose(too_much.lines["output_tokens"][1:], (1 - 0.5 / load) * 6 * 7.3e5 * 720 * 4 / 1e6)


def test_a_worked_federation():
    """52 rounds a year, 40 clients, 80 MB each way at 0.5 USD per GB; an hour of training; half an hour at 2 USD."""
    federated = {
        "rounds_per_year": 52,
        "clients_per_round": 40,
        "update_gb": 0.08,
        "transfer_usd_per_gb": 0.5,
        "training_hours_per_round": 1,
        "aggregator_hours_per_round": 0.5,
        "aggregator_usd_per_hour": 2,
    }
    with_it, without = (compare(shops(federated=chosen))["edge"] for chosen in (federated, None))
    year = slice(1, 13)
    assert with_it.lines["federated_transfer"][year].sum() == pytest.approx(52 * 40 * 2 * 0.08 * 0.5)
    assert with_it.lines["federated_aggregation"][year].sum() == pytest.approx(52 * 0.5 * 2)
    kwh = 52 * 40 * 1 * (30 - 10) / 1000
    assert with_it.lines["federated_energy"][year].sum() == pytest.approx(kwh * 0.2)
    more_kwh = with_it.quantities["energy_kwh"] - without.quantities["energy_kwh"]
    assert more_kwh[year].sum() == pytest.approx(kwh)
    assert with_it.quantities["update_gb"][year].sum() == pytest.approx(52 * 40 * 2 * 0.08)
    added = with_it.tco_usd - without.tco_usd
    assert added == pytest.approx(2 * (52 * 40 * 2 * 0.08 * 0.5 + 52 + kwh * 0.2))


def test_the_published_traffic_of_a_round():
    """System Overflow, Communication efficiency: ten million 32-bit weights, 10,000 clients: 400 GB return a round."""
    federated = neutral_option("edge", federated__clients_per_round=10_000, federated__update_gb=10e6 * 4 / 1e9)
    record = neutral_scenario({"api": neutral_option("token_api"), "edge": federated | {"fallback_option": "api"}})
    task = compare(record.vary({"options.edge.federated.rounds_per_year": 12, "options.edge.devices": 1e6,
                                "options.edge.edge_frac": 0.5}))["edge"].task  # fmt: skip
    assert task.option.federated.update_gb == pytest.approx(0.04)
    np.testing.assert_allclose(exchanged_gb(task)[1:], 2 * 400)


def test_a_round_cannot_have_more_clients_than_there_are_devices():
    federated = {"rounds_per_year": 12, "clients_per_round": 500, "update_gb": 1}
    edge = compare(shops(federated=federated))["edge"]
    np.testing.assert_allclose(edge.quantities["update_gb"][1:], 100 * 2)


def test_no_rounds_are_no_federated_learning():
    federated = {"rounds_per_year": 0, "clients_per_round": 50, "update_gb": 1, "transfer_usd_per_gb": 1}
    lines = compare(shops(federated=federated))["edge"].lines
    for name in ("federated_transfer", "federated_aggregation", "federated_energy"):
        assert not lines[name].any()


def test_many_shares_in_one_run_are_the_single_runs():
    tried = np.array([0.0, 0.3, 1.0])
    many = compare(shops().vary({FRAC: tried[:, np.newaxis]}))["edge"]
    for row, share in enumerate(tried):
        single = compare(shops().vary({FRAC: share}))["edge"]
        for name, amount in {**single.lines, **single.quantities}.items():
            got = np.broadcast_to({**many.lines, **many.quantities}[name], (3, 25))[row]
            np.testing.assert_allclose(got, amount, rtol=1e-12, atol=1e-12, err_msg=name)


REFUSED = {
    "itself": ("edge", {}),
    "nobody": ("", {}),
    "an unknown option": ("cloud", {}),
    "a hybrid": ("hybrid", {}),
    "no devices": ("api", {"devices": 0}),
    "more than all": ("api", {"edge_frac": 1.2}),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_a_fleet_that_cannot_be_is_refused_in_one_sentence(rule):
    named, changes = REFUSED[rule]
    scenario = shops()
    hybrid = neutral_option("hybrid", base_option="own", overflow_option="api")
    scenario = scenario.vary({}, options={**scenario.options, "own": neutral_option("on_prem"), "hybrid": hybrid})
    with pytest.raises(ScenarioError) as caught:
        scenario.vary({"options.edge.fallback_option": named} | {f"options.edge.{k}": v for k, v in changes.items()})
    assert one_sentence(str(caught.value)).startswith("options.edge.")
