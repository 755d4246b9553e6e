"""What users meet: how long an answer takes with its parts, and how much of the busiest hour an option carries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.demand import requests
from costmodel.latency import LATENCY
from costmodel.options.hybrid import NO_LIMIT_SERVERS
from costmodel.sizing import peak_carried_ratio, peak_tok_per_s, replica_tok_per_s
from tests.neutral import compare, generated, neutral_option, neutral_scenario
from tests.strategies import scenarios

CARRIED = "peak_carried_ratio"
SIZED = ("cloud_gpu", "on_prem")  # kinds that keep as many servers as the peak asks for


@given(scenarios())
def test_the_parts_of_every_response_time_add_up_to_it(scenario):
    for slug, cost in compare(scenario).costs.items():
        *parts, whole = (cost.quantities[name] for name in LATENCY)
        np.testing.assert_allclose(sum(parts), whole, rtol=1e-9, atol=1e-12, err_msg=slug)


@given(scenarios(options__multi_cloud__first_frac=0.4, options__multi_cloud__second_frac=0.3))
def test_a_mixture_answers_when_the_slowest_of_its_members_does(scenario):
    found, mix = compare(scenario), scenario.options["multi_cloud"]
    members = [found[slug].quantities["response_time_s"] for slug in mix.relies_on().values()]
    np.testing.assert_allclose(found["multi_cloud"].quantities["response_time_s"], np.max(members, axis=0), rtol=1e-9)


@given(scenarios(("token_api", "cloud_gpu", "on_prem", "edge")))
def test_an_edge_fleet_says_how_long_its_devices_take_and_how_long_the_slower_of_both(scenario):
    found = compare(scenario)
    edge, fallback = found["edge"].quantities, found[scenario.options["edge"].fallback_option].quantities
    assert np.all(edge["response_time_s"] >= edge["device_response_time_s"])
    workload, option, device = scenario.workload, scenario.options["edge"], scenario.options["edge"].device
    read = workload.input_tokens_per_request * (1 - workload.cached_input_frac) / device.prefill_tok_per_s
    written = generated(workload, option) / device.output_tok_per_s
    own = (read + written) * option.token_ratio * (edge["devices"] > 0)
    np.testing.assert_allclose(edge["device_response_time_s"], own, rtol=1e-9)
    both = np.maximum(own, fallback["response_time_s"])
    assert np.all(edge["response_time_s"] <= both * (1 + 1e-9) + 1e-12)


@given(scenarios(("token_api", *SIZED), options__on_prem__lead_time_months=0))
def test_what_is_sized_for_the_peak_carries_it(scenario):
    asked = requests(scenario) > 0
    found = compare(scenario)
    for kind in SIZED:
        assert np.all(found[kind].quantities[CARRIED][asked] >= 1 - 1e-6), kind


@given(scenarios(
    ("token_api", "on_prem", "hybrid"),
    options__on_prem__lead_time_months=0,
    options__token_api__rate_limit_tok_per_s=1e12,
    options__hybrid__base_option="on_prem",
    options__hybrid__overflow_option="token_api",
))  # fmt: skip
def test_what_the_base_of_a_hybrid_does_not_carry_the_overflow_does(scenario):
    """Also where the load curve has no tokens between the base's capacity and the busiest hour."""
    for waiting in (scenario["workload.batch_frac"], 0.9):
        found = compare(scenario.vary({"workload.batch_frac": waiting}))["hybrid"].quantities
        assert np.all(found[CARRIED][requests(scenario) > 0] >= 1 - 1e-6)


@given(scenarios(("token_api",)), st.floats(1.1, 5))
def test_a_rate_limit_carries_in_proportion_and_is_used_up_at_the_peak_it_just_carries(scenario, more):
    limit = "options.token_api.rate_limit_tok_per_s"
    scenario = scenario.vary({"options.token_api.provisioned.units": 0.0})
    found = compare(scenario)["token_api"].quantities
    higher = compare(scenario.vary({limit: scenario[limit] * more}))["token_api"].quantities
    np.testing.assert_allclose(higher[CARRIED], found[CARRIED] * more, rtol=1e-9)
    served = found[CARRIED] > 0
    np.testing.assert_allclose((found[CARRIED] * found["rate_limit_used"])[served], 1, rtol=1e-9)


@given(scenarios(("token_api",)), st.floats(1, 50))
def test_reserved_units_carry_what_the_rate_limit_does_not(scenario, units):
    path = "options.token_api.provisioned.units"
    without, with_them = (
        compare(scenario.vary({path: count}))["token_api"].quantities[CARRIED] for count in (0.0, units)
    )
    assert np.all(with_them >= without)


@given(scenarios(options__hybrid__owned_capacity_frac=0.5, options__hybrid__most_servers=NO_LIMIT_SERVERS))
def test_base_and_overflow_together_carry_at_least_what_the_base_does(scenario):
    found = compare(scenario)
    hybrid = found["hybrid"].quantities[CARRIED]
    owned = np.maximum(0.5, scenario.workload.sensitive_frac)
    serves = found["hybrid"].quantities["output_tokens"] > 0
    if scenario.options["hybrid"].base_option == "cloud_gpu":  # it is there from month 1
        assert np.all(hybrid[serves] >= owned * (1 - 1e-6))


def api(**fields):
    """A token API on which 1,000 tokens a second may be used."""
    return neutral_option("token_api", rate_limit_tok_per_s=1000, **fields)


def asked(options, **changes):
    """A request a second on average and four in the busiest hour, each of 100 tokens."""
    return neutral_scenario(
        options,
        workload__requests_per_month=3600 * 730,
        workload__input_tokens_per_request=60,
        workload__output_tokens_per_request=40,
        workload__peak_to_mean_ratio=4,
        **changes,
    )


def carried(scenario, slug):
    """Peak that an option carries in month 1."""
    return compare(scenario)[slug].quantities[CARRIED][1]


def test_a_thousand_tokens_a_second_carry_ten_requests_where_the_peak_is_four():
    assert carried(asked({"api": api()}), "api") == pytest.approx(2.5)


def test_a_mix_is_full_when_the_first_of_its_providers_is():
    """Three quarters of the requests at a limit of ten a second: full at 13.3; a quarter elsewhere: full at 40."""
    mix = neutral_option("multi_cloud", first_option="a", second_option="b", first_frac=0.75)
    scenario = asked({"a": api(), "b": api(), "mix": mix})
    assert carried(scenario, "mix") == pytest.approx(10 / 0.75 / 4)
    assert carried(scenario.vary({"options.mix.first_frac": 1.0}), "mix") == pytest.approx(2.5)


def test_what_no_server_is_left_for_goes_to_the_overflow_as_far_as_its_limit():
    own = neutral_option("on_prem")
    hybrid = neutral_option("hybrid", base_option="own", overflow_option="api", owned_capacity_frac=0.5)
    found = compare(asked({"own": own, "api": api(), "hybrid": hybrid}))
    base = found["hybrid"].quantities[CARRIED][1]
    servers = found["hybrid"].quantities["servers"]
    alone = peak_carried_ratio(found["own"].task, servers)[1]
    overflows = found["hybrid"].quantities["base_frac"][1] < 1
    assert base == pytest.approx(alone + 2.5 * overflows)


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        (1000, 2.5 / 0.5),  # the fallback is full first, at twice what it carries of all requests
        (4, 2.5 + 4 * 0.5 / 4),  # four devices with an answer in 2 s each, then the fallback takes the rest
    ],
)
def test_devices_carry_their_share_until_they_are_full(devices, expected):
    fleet = neutral_option(
        "edge",
        fallback_option="api",
        devices=devices,
        edge_frac=0.5,
        device__output_tok_per_s=40,
        device__prefill_tok_per_s=60,
    )
    assert carried(asked({"api": api(), "edge": fleet}), "edge") == pytest.approx(expected)


def test_devices_that_serve_all_are_limited_by_themselves_and_then_by_the_fallback():
    fleet = neutral_option("edge", fallback_option="api", devices=40, edge_frac=1.0, device__output_tok_per_s=40,
                           device__prefill_tok_per_s=60)  # fmt: skip
    assert carried(asked({"api": api(), "edge": fleet}), "edge") == pytest.approx(40 / 2 / 4 + 2.5)


def test_spare_replicas_are_no_capacity():
    for spare in (0, 3):
        own = neutral_option("on_prem", serving__spare_replicas=spare)
        cost = compare(asked({"own": own}))["own"]
        needed = np.ceil(peak_tok_per_s(cost.task)[1] / replica_tok_per_s(cost.task))
        usable = needed * replica_tok_per_s(cost.task)
        assert cost.quantities[CARRIED][1] == pytest.approx(usable / peak_tok_per_s(cost.task)[1])


def test_until_delivery_the_bridge_carries_the_peak_or_nobody():
    own = neutral_option("on_prem", lead_time_months=3)
    scenario = asked({"api": api(), "own": own})
    alone, bridged = (
        compare(scenario.vary({"options.own.bridge_option": bridge}))["own"].quantities[CARRIED]
        for bridge in ("", "api")
    )
    np.testing.assert_array_equal(alone[:4], 0)
    np.testing.assert_allclose(bridged[1:4], 2.5)
    np.testing.assert_array_equal(alone[4:], bridged[4:])
