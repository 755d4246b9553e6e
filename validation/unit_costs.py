"""Published costs per token, per prompt and per server."""

from costmodel.comparison import compare
from costmodel.demand import output_tokens as output_tokens_by_month
from costmodel.demand import requests
from costmodel.finance import accrual, summed
from costmodel.sizing import replicas_for_peak
from costmodel.units import MONTHS_PER_YEAR, TOKENS_PER_MTOK
from validation.cases import run
from validation.neutral import measured, neutral, traffic

FIRST_YEAR = slice(1, MONTHS_PER_YEAR + 1)


@run
def rented_gpus(*, usd_per_h, tok_per_s, capacity_tok_per_s=None, input_tokens=1, output_tokens=1):
    """An instance always on that generates `tok_per_s` of the `capacity_tok_per_s` it is able to (default: all)."""
    lengths = {"input_tokens": input_tokens, "output_tokens": output_tokens}
    scenario = neutral(rented="cloud_gpu")
    settings = {
        **traffic(tok_per_s, scenario.finance.hours_per_month, **lengths),
        **measured("rented", capacity_tok_per_s or tok_per_s, 1, **lengths),
        "options.rented.on_demand_usd_per_gpu_hour": usd_per_h,
    }
    rented = compare(scenario.vary(settings))["rented"]
    return {"usd_per_mtok": rented.levelized_cost_usd_per_mtok_output}


@run
def owned_server(*, capex_usd, opex_usd_per_h, years, tok_per_s):
    """A server at full load for its whole life; its upkeep is given in one sum and is set as a fee for its place."""
    scenario = neutral(own="on_prem")
    hours, months = scenario.finance.hours_per_month, years * MONTHS_PER_YEAR
    settings = {
        **traffic(tok_per_s, hours),
        **measured("own", tok_per_s, 1),
        "finance.horizon_months": months,
        "options.own.server_price_usd": capex_usd,
        "options.own.colocation_usd_per_server_month": opex_usd_per_h * hours,
    }
    own = compare(scenario.vary(settings))["own"]
    usd = own.cumulative_usd[-1]  # without a residual value
    return {
        "usd_per_h": usd / (months * hours),
        "usd_per_mtok": usd / output_tokens_by_month(own.task).sum() * TOKENS_PER_MTOK,
    }


@run
def servers_for_requests(
    *,
    peak_requests_per_s,
    requests_per_s_per_instance,
    gpus_per_instance,
    gpus_per_server,
    server_usd,
    depreciation_years,
    hosting_usd_per_server_year,
    licence_usd_per_gpu_year,
    input_tokens,
    output_tokens,
    reference_api_usd_per_mtok,
    fractional,
):
    """Own servers for a rate of requests, booked straight line, and their cost beside an API's for the same prompts."""
    lengths = {"input_tokens": input_tokens, "output_tokens": output_tokens}
    scenario = neutral(own="on_prem", api="token_api")
    input_price, output_price = reference_api_usd_per_mtok
    settings = {
        **traffic(peak_requests_per_s * output_tokens, scenario.finance.hours_per_month, **lengths),
        **measured("own", requests_per_s_per_instance * output_tokens, gpus_per_instance, **lengths),
        "options.own.gpus_per_server": gpus_per_server,
        "options.own.serving.fractional_replicas": fractional,
        "options.own.server_price_usd": server_usd,
        "options.own.refresh_months": depreciation_years * MONTHS_PER_YEAR,
        "options.own.colocation_usd_per_server_month": hosting_usd_per_server_year / MONTHS_PER_YEAR,
        "options.own.licence_usd_per_gpu_year": licence_usd_per_gpu_year,
        "options.api.prices.input_usd_per_mtok": input_price,
        "options.api.prices.output_usd_per_mtok": output_price,
    }
    comparison = compare(scenario.vary(settings))
    own, servers = comparison["own"], comparison["own"].quantities["servers"][1]
    booked = summed(accrual(name, cash, own.option) for name, cash in own.lines.items())
    usd_per_year = booked[FIRST_YEAR].sum()
    to_api = usd_per_year / comparison["api"].tco_usd
    return {
        "instances": replicas_for_peak(own.task)[1],
        "servers": servers,
        "usd_per_server_year": usd_per_year / servers,
        "usd_per_year": usd_per_year,
        "usd_per_1000_prompts": usd_per_year / requests(comparison.scenario).sum() * 1000,
        "usd_per_mtok_input": input_price * to_api,
        "usd_per_mtok_output": output_price * to_api,
    }
