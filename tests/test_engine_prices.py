"""What prices do: they scale costs, move nothing else, and never make anything cheaper by rising."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.demand import above_peak
from costmodel.lines import LINES
from costmodel.quantity import QUANTITIES
from costmodel.scenario import numbers
from tests.neutral import compare, neutral_option, neutral_scenario
from tests.strategies import scenarios

LINES_OF_COST = [name for name, line in LINES.items() if line.nature not in {"credit", "end_credit"}]
COMMITTED = ".commitment.usd_per_year"
THRESHOLDS = ("band_1_to_usd_per_month", "band_2_to_usd_per_month", "band_3_to_usd_per_month")  # not what is charged


def usd_paths(scenario):
    """Every path in USD: prices, wages, thresholds."""
    return [path for path, number in numbers(scenario).items() if number.unit.startswith("USD")]


@given(scenarios())
def test_doubling_every_price_doubles_every_line(scenario):
    before = compare(scenario)
    after = compare(scenario.vary({path: 2 * scenario[path] for path in usd_paths(scenario)}))
    for slug, cost in before.costs.items():
        assert cost.lines.keys() == after[slug].lines.keys()
        for name, amounts in cost.lines.items():
            np.testing.assert_allclose(after[slug].lines[name], 2 * amounts, rtol=1e-12, err_msg=f"{slug} {name}")


@given(scenarios())
def test_doubling_every_price_moves_no_token_no_server_and_no_kwh(scenario):
    before = compare(scenario)
    after = compare(scenario.vary({path: 2 * scenario[path] for path in usd_paths(scenario)}))
    for slug, cost in before.costs.items():
        assert cost.quantities.keys() == after[slug].quantities.keys()
        for name, amounts in cost.quantities.items():
            np.testing.assert_array_equal(after[slug].quantities[name], amounts, err_msg=f"{slug} {name}")
        for name, amounts in cost.task.known().items():
            if not QUANTITIES[name].unit.startswith("USD"):
                np.testing.assert_array_equal(after[slug].task.known()[name], amounts, err_msg=f"{slug} {name}")


@given(st.data(), scenarios())
def test_no_line_of_cost_falls_when_a_price_rises(data, scenario):
    # Dearer units leave less of a commitment unspent; what is announced or by the hour is told of short requests, and
    # what long ones cost is in proportion, so it falls relative to a dearer list.
    plain = {path: 0.0 for path in usd_paths(scenario) if path.endswith(COMMITTED)}
    plain |= {f"options.{slug}.announced.from_year": 2100 for slug in scenario.options if slug == "token_api"}
    plain |= {f"options.{slug}.hourly.hours_utc": "" for slug in scenario.options if slug == "token_api"}
    scenario = scenario.vary(plain)
    before = compare(scenario)
    prices = [path for path in usd_paths(scenario) if not path.endswith((*THRESHOLDS, COMMITTED))]
    for path in data.draw(st.lists(st.sampled_from(prices), min_size=1, max_size=12, unique=True)):
        after = compare(scenario.vary({path: scenario[path] * 1.3 + 0.01}))
        for slug, cost in before.costs.items():
            for name in cost.lines.keys() & set(LINES_OF_COST):
                slack = 1e-12 * np.max(cost.lines[name])
                assert np.all(after[slug].lines[name] >= cost.lines[name] - slack), f"{slug} {name} at a dearer {path}"


@pytest.mark.parametrize("fractional", [False, True], ids=["whole replicas", "fractional replicas"])
@given(scenario=scenarios(("cloud_gpu",), options__cloud_gpu__minimum_servers=0))
def test_following_the_load_never_costs_more_than_staying_on_for_the_peak(fractional, scenario):
    scenario = scenario.vary({"options.cloud_gpu.serving.fractional_replicas": fractional})
    always_on, autoscaled = (
        compare(scenario.vary({"options.cloud_gpu.billing": billing}))["cloud_gpu"].lines["gpu_hours"]
        for billing in ("always_on", "autoscaled")
    )
    assert np.all(autoscaled <= always_on * (1 + 1e-9))


@given(scenarios(("cloud_gpu",), options__cloud_gpu__billing="autoscaled"), st.integers(1, 5))
def test_an_autoscaled_fleet_with_a_minimum_never_costs_less_than_without(scenario, minimum):
    without, within = (
        compare(scenario.vary({"options.cloud_gpu.minimum_servers": servers}))["cloud_gpu"].lines["gpu_hours"]
        for servers in (0, minimum)
    )
    spread = above_peak(scenario)  # what the curve has above the busiest hour is spread over hours that may be full
    assert np.all(within >= without * (1 - 1e-9 - spread))


@pytest.mark.parametrize("minimum", [0, 1, 3, 4])
def test_a_steady_load_on_one_replica_over_four_instances_keeps_all_four_running(minimum):
    gpu = neutral_option(
        "cloud_gpu",
        billing="autoscaled",
        serving__gpus_per_replica=8,
        gpus_per_server=2,
        minimum_servers=minimum,
        on_demand_usd_per_gpu_hour=1,
    )
    cost = compare(neutral_scenario({"gpu": gpu}, workload__requests_per_month=1e4))["gpu"]
    np.testing.assert_allclose(cost.lines["gpu_hours"][1:], 8 * 730)


@given(scenarios(("cloud_gpu",), options__cloud_gpu__billing="autoscaled"))
def test_a_fleet_that_follows_the_load_carries_the_mean_load(scenario):
    cost = compare(scenario)["cloud_gpu"]
    ceiling = scenario["options.cloud_gpu.serving.utilization_ceiling_frac"]
    assert np.all(cost.quantities["utilization"] <= ceiling * (1 + 1e-3))
