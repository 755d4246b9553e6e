"""What stands by beside the servers of the peak, and the least number of servers: paid for, and no capacity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.neutral import compare, neutral_option, neutral_scenario
from tests.strategies import scenarios

PAID = {"cloud_gpu": "gpu_hours", "on_prem": "servers"}
COSTLY = {
    "cloud_gpu": {"on_demand_usd_per_gpu_hour": 1, "billing": "always_on"},
    "on_prem": {"server_price_usd": 1000},
}


def served(kind, **fields):
    options = {"it": neutral_option(kind, **COSTLY[kind], **fields)}
    lengths = {"workload__input_tokens_per_request": 1000, "workload__output_tokens_per_request": 200}
    return compare(neutral_scenario(options, workload__requests_per_month=5e7, **lengths))["it"]


@pytest.mark.parametrize("kind", PAID)
def test_a_server_more_or_a_second_site_is_paid_for_and_carries_no_peak(kind):
    alone, server, site = (served(kind, serving__standby=standby) for standby in ("none", "server", "site"))
    peak = alone.quantities["servers"][1:]
    assert np.all(peak > 2)
    np.testing.assert_array_equal(server.quantities["servers"][1:], peak + 1)
    np.testing.assert_array_equal(site.quantities["servers"][1:], 2 * peak)
    for other in (server, site):
        np.testing.assert_allclose(
            other.quantities["peak_carried_ratio"], alone.quantities["peak_carried_ratio"], rtol=1e-12
        )
        np.testing.assert_allclose(
            other.lines[PAID[kind]].sum() / alone.lines[PAID[kind]].sum(),
            other.quantities["servers"].sum() / alone.quantities["servers"].sum(),
        )


@pytest.mark.parametrize("kind", PAID)
def test_at_least_so_many_servers_are_there_where_anything_is_served(kind):
    few = neutral_scenario({"it": neutral_option(kind, minimum_servers=3)}, workload__requests_per_month=100)
    np.testing.assert_array_equal(compare(few)["it"].quantities["servers"][1:], 3)
    many = served(kind, minimum_servers=3)
    np.testing.assert_array_equal(many.quantities["servers"], served(kind).quantities["servers"])


@given(scenarios(("cloud_gpu", "on_prem")), st.sampled_from(["server", "site"]))
def test_standing_by_never_costs_less_and_never_carries_less(scenario, standby):
    kinds = ("cloud_gpu", "on_prem")
    alone = compare(scenario.vary({f"options.{kind}.serving.standby": "none" for kind in kinds}))
    guarded = compare(scenario.vary({f"options.{kind}.serving.standby": standby for kind in kinds}))
    for kind in kinds:
        before, after = alone[kind].quantities, guarded[kind].quantities
        assert np.all(after["servers"] >= before["servers"] * (1 - 1e-12))
        assert np.all(after["peak_carried_ratio"] >= before["peak_carried_ratio"] * (1 - 1e-9))
