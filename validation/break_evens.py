"""Published break-evens, in months, hours and volume.

Those in time set a purchase against a constant difference of monthly costs, so cumulative curves are straight lines
and `break_even.in_time`, which interpolates within the month, is exact. Publications that count hours are run with
their own hours a month, and hours = months x hours a month. An instance that is priced as a whole is rented as one GPU.
"""

import numpy as np

from costmodel.break_even import along, in_time
from costmodel.comparison import compare
from costmodel.units import MONTHS_PER_YEAR, TOKENS_PER_MTOK
from validation.cases import run
from validation.neutral import measured, neutral, traffic

FAR_MONTHS = 120
GRID = 60
VOLUMES = np.geomspace(1, 1e4, GRID)  # million tokens a month
PEAKS = np.linspace(1.05, 5, GRID)  # busiest hour relative to the mean


@run
def server_by_rates(
    *,
    capex_usd,
    cloud_usd_per_h,
    maintenance_frac_per_year,
    power_kw,
    electricity_usd_per_kwh,
    cooling_usd_per_kwh,
    colocation_usd_per_month,
    hours_per_month,
):
    """One server always on, described by the rates of its upkeep, against one rented instance always on."""
    scenario = neutral(own="on_prem", rented="cloud_gpu").vary(
        {
            "finance.hours_per_month": hours_per_month,
            "finance.horizon_months": FAR_MONTHS,
            "energy.electricity_usd_per_kwh": electricity_usd_per_kwh,
            "options.own.server_price_usd": capex_usd,
            "options.own.maintenance_frac_per_year": maintenance_frac_per_year,
            "options.own.power.server_max_kw": power_kw,
            "options.own.power.server_idle_kw": power_kw,
            "options.own.cooling_usd_per_kwh": cooling_usd_per_kwh,
            "options.own.colocation_usd_per_server_month": colocation_usd_per_month,
            "options.rented.on_demand_usd_per_gpu_hour": cloud_usd_per_h,
        }
    )
    comparison = compare(scenario)
    months = in_time(comparison["rented"], comparison["own"]).month
    lines = comparison["own"].lines
    return {
        "months": months,
        "hours": months * hours_per_month,
        "power_and_cooling_usd_per_h": lines["energy"][1] / hours_per_month,
        "colocation_usd_per_h": lines["colocation"][1] / hours_per_month,
    }


@run
def server_by_hourly_costs(
    *, capex_usd, maintenance_usd_per_h, power_and_cooling_usd_per_h, colocation_usd_per_h, hours_per_month, **rest
):
    """The same, described by what its upkeep costs an hour; the settings are the rates that give these costs."""
    usd_per_kwh = rest["electricity_usd_per_kwh"] + rest["cooling_usd_per_kwh"]
    return server_by_rates(
        capex_usd=capex_usd,
        maintenance_frac_per_year=maintenance_usd_per_h * hours_per_month * MONTHS_PER_YEAR / capex_usd,
        power_kw=power_and_cooling_usd_per_h / usd_per_kwh,
        colocation_usd_per_month=colocation_usd_per_h * hours_per_month,
        hours_per_month=hours_per_month,
        **rest,
    )


@run
def server_against_apis(
    *,
    gpus,
    gpu_usd,
    gpu_kw,
    tok_per_s,
    input_tokens,
    output_tokens,
    api_usd_per_mtok,
    hours_per_month,
    electricity_usd_per_kwh,
):
    """One own server at full load against the bill of each API for the same tokens; `tok_per_s` counts both kinds."""
    lengths = {"input_tokens": input_tokens, "output_tokens": output_tokens}
    output_tok_per_s = tok_per_s * output_tokens / (input_tokens + output_tokens)
    scenario = neutral(own="on_prem", **dict.fromkeys(api_usd_per_mtok, "token_api"))
    settings = {
        **traffic(output_tok_per_s, hours_per_month, **lengths),
        **measured("own", output_tok_per_s, gpus, **lengths),
        "finance.horizon_months": FAR_MONTHS,
        "energy.electricity_usd_per_kwh": electricity_usd_per_kwh,
        "options.own.server_price_usd": gpus * gpu_usd,
        "options.own.power.server_max_kw": gpus * gpu_kw,
    }
    for slug, (input_price, output_price) in api_usd_per_mtok.items():
        settings[f"options.{slug}.prices.input_usd_per_mtok"] = input_price
        settings[f"options.{slug}.prices.output_usd_per_mtok"] = output_price
    comparison = compare(scenario.vary(settings))
    return {slug: in_time(comparison[slug], comparison["own"]).month for slug in api_usd_per_mtok}


@run
def rent_against_api(*, rent_usd_per_month, api_usd_per_mtok):
    """Volume at which a GPU rented for a fixed amount a month costs the same as an API."""
    scenario = neutral(rented="cloud_gpu", api="token_api")
    scenario = scenario.vary(
        {
            "options.rented.on_demand_usd_per_gpu_hour": rent_usd_per_month / scenario.finance.hours_per_month,
            "options.api.prices.input_usd_per_mtok": api_usd_per_mtok,
            "options.api.prices.output_usd_per_mtok": api_usd_per_mtok,
        }
    )
    tokens = scenario.workload.input_tokens_per_request + scenario.workload.output_tokens_per_request
    grid = VOLUMES * TOKENS_PER_MTOK / tokens
    (crossing,) = along(scenario, "workload.requests_per_month", grid, "api", "rented")
    return {"mtok_per_month": crossing.at * tokens / TOKENS_PER_MTOK}


@run
def commitment_against_on_demand(*, discount_frac):
    """Share of the hours in use from which a GPU committed for a year is cheaper than one rented while in use.

    Traffic is even while there is any, so the share of the hours in use is mean / peak.
    """
    scenario = neutral(committed="cloud_gpu", on_demand="cloud_gpu").vary(
        {
            "workload.busy_hours_frac": 1 / PEAKS[-1],
            "options.committed.billing": "reserved",
            "options.committed.term_months": 12,
            "options.committed.reserved_usd_per_gpu_hour": 1 - discount_frac,
            "options.on_demand.billing": "autoscaled",
            "options.on_demand.on_demand_usd_per_gpu_hour": 1,
        }
    )
    (crossing,) = along(scenario, "workload.peak_to_mean_ratio", PEAKS, "on_demand", "committed")
    return {"utilization": 1 / crossing.at}
