"""Published unit cases that a small ordinary scenario reproduces: bills for tokens, prices that fall, colocation."""

import numpy as np
import pytest

from costmodel.break_even import along
from tests.neutral import compare, neutral_option, neutral_scenario


def token_bill(requests_per_month, months, input_usd_per_mtok, output_usd_per_mtok):
    """A year or a month of requests with 500 tokens in and 200 out, by API."""
    api = neutral_option(
        "token_api", prices__input_usd_per_mtok=input_usd_per_mtok, prices__output_usd_per_mtok=output_usd_per_mtok
    )
    scenario = neutral_scenario(
        {"api": api},
        finance__horizon_months=months,
        workload__requests_per_month=requests_per_month,
        workload__input_tokens_per_request=500,
        workload__output_tokens_per_request=200,
    )
    return compare(scenario)["api"]


def test_the_published_bill_of_one_request():
    """Mithril Security, AI TCO calculator: 500 tokens at 0.0015 and 200 at 0.002 USD per thousand."""
    assert token_bill(1, 1, 1.5, 2).tco_usd == pytest.approx(0.00115, rel=1e-12)
    assert token_bill(1000, 1, 1.5, 2).tco_usd == pytest.approx(1.15, rel=1e-12)


def test_the_published_bill_of_a_year():
    """J. Simon, AI inference TCO calculator: 10,000 requests a day for 365 days at 3 and 15 USD per million tokens."""
    year = token_bill(10_000 * 365 / 12, 12, 3, 15)
    totals = year.line_totals()
    assert totals == pytest.approx({"input_tokens": 1825 * 3, "output_tokens": 730 * 15}, rel=1e-9)
    assert year.tco_usd == pytest.approx(16_425, rel=1e-9)
    assert year.tco_usd / (10_000 * 365) * 1000 == pytest.approx(4.50, rel=1e-9)
    assert year.levelized_cost_usd_per_mtok == pytest.approx(16_425 / (1825 + 730), rel=1e-9)
    assert year.levelized_cost_usd_per_mtok_output == pytest.approx(16_425 / 730, rel=1e-9)


def test_the_published_price_that_falls_by_30_percent_a_year():
    """10 USD a month at today's price: month 13, month 37 and the sum of months 1 to 36."""
    api = neutral_option("token_api", prices__input_usd_per_mtok=10, price_decline_per_year=0.3)
    scenario = neutral_scenario({"api": api}, finance__horizon_months=37, workload__requests_per_month=1e6)
    bill = compare(scenario)["api"].lines["input_tokens"]
    assert bill[0] == 0
    assert bill[1] == pytest.approx(10, abs=0.005)
    assert bill[13] == pytest.approx(7.00, abs=0.005)
    assert bill[37] == pytest.approx(3.43, abs=0.005)
    assert bill[1:37].sum() == pytest.approx(224.34, abs=0.005)


def test_the_published_colocation_and_its_energy():
    """10.2 kW at a load factor of 0.8 and 180 USD per kW-month; energy at PUE 1.35 and 0.14 USD/kWh over 730 hours."""
    own = neutral_option(
        "on_prem",
        power__server_max_kw=10.2,
        power__server_idle_kw=10.2,
        power__pue_ratio=1.35,
        colocation_load_factor_frac=0.8,
        colocation_usd_per_kw_month=180,
    )
    scenario = neutral_scenario({"own": own}, workload__requests_per_month=1e4, energy__electricity_usd_per_kwh=0.14)
    cost = compare(scenario)["own"]
    np.testing.assert_array_equal(cost.quantities["servers"][1:], 1)
    np.testing.assert_allclose(cost.lines["colocation"][1:], 2295, atol=0.01)
    np.testing.assert_allclose(cost.lines["energy"][1:], 1407.29, atol=0.01)


def test_the_published_utilisation_at_which_a_commitment_breaks_even():
    """At a discount of 38 % the committed GPU is cheaper once it would otherwise run in 62 % of the hours."""
    prices = {"on_demand_usd_per_gpu_hour": 10, "reserved_usd_per_gpu_hour": 6.2, "term_months": 12}
    options = {
        "on_demand": neutral_option("cloud_gpu", billing="autoscaled", **prices),
        "reserved": neutral_option("cloud_gpu", billing="reserved", **prices),
    }
    scenario = neutral_scenario(
        options, workload__requests_per_month=1e4, workload__busy_hours_frac=0.01, finance__running_costs_at="month_end"
    )
    (crossing,) = along(scenario, "workload.peak_to_mean_ratio", np.linspace(1.05, 4, 40), "on_demand", "reserved")
    assert 1 / crossing.at == pytest.approx(0.62, rel=1e-4)  # the share of hours with traffic, where the load is flat
    assert crossing.cheaper == "on_demand"


@pytest.mark.parametrize(
    ("tok_per_s", "published"),
    [(255.1, 7.5991), (1257.0, 1.5424), (2464.4, 0.7867), (5265.1, 0.3683), (6237.6, 0.3108)],
)
def test_the_published_unit_costs_of_one_gpu_by_its_load(tok_per_s, published):
    """Patil, arXiv 2606.11690: Llama 3.1 8B on one H100 at 6.98 USD an hour, 512 tokens in and 256 out."""
    gpu = neutral_option(
        "cloud_gpu",
        billing="always_on",
        on_demand_usd_per_gpu_hour=6.98,
        serving__measured_tok_per_s_per_gpu=6300,
        serving__measured_input_tokens=512,
        serving__measured_output_tokens=256,
    )
    scenario = neutral_scenario(
        {"gpu": gpu},
        workload__requests_per_month=tok_per_s / 256 * 3600 * 730,
        workload__input_tokens_per_request=512,
        workload__output_tokens_per_request=256,
    )
    cost = compare(scenario)["gpu"]
    np.testing.assert_array_equal(cost.quantities["servers"][1:], 1)
    assert cost.levelized_cost_usd_per_mtok_output == pytest.approx(published, rel=1e-3)
