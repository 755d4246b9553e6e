"""Published bills: for tokens, for support, for a place in a data centre and its electricity."""

from costmodel.comparison import compare
from costmodel.demand import input_tokens as input_tokens_by_month
from costmodel.demand import output_tokens as output_tokens_by_month
from costmodel.demand import requests as requests_by_month
from costmodel.units import MONTHS_PER_YEAR, TOKENS_PER_MTOK
from validation.cases import run
from validation.neutral import neutral


@run
def token_bill(*, requests, months, input_tokens, output_tokens, usd, per_tokens):
    """Requests, spread evenly over months, at an API with input and output prices in `usd` for each `per_tokens`."""
    input_price, output_price = usd
    scenario = neutral(api="token_api").vary(
        {
            "finance.horizon_months": months,
            "workload.requests_per_month": requests / months,
            "workload.input_tokens_per_request": input_tokens,
            "workload.output_tokens_per_request": output_tokens,
            "options.api.prices.input_usd_per_mtok": input_price / per_tokens * TOKENS_PER_MTOK,
            "options.api.prices.output_usd_per_mtok": output_price / per_tokens * TOKENS_PER_MTOK,
        }
    )
    api = compare(scenario)["api"]
    usd_per_request = api.tco_usd / requests_by_month(scenario).sum()
    return {
        "usd": api.tco_usd,
        "usd_per_request": usd_per_request,
        "usd_per_1000_requests": usd_per_request * 1000,
        "input_mtok": input_tokens_by_month(api.task).sum() / TOKENS_PER_MTOK,
        "output_mtok": output_tokens_by_month(api.task).sum() / TOKENS_PER_MTOK,
    }


@run
def falling_price(*, usd_per_month, decline_per_year):
    """A bill for the same tokens every month, at a price that falls."""
    scenario = neutral(api="token_api").vary(
        {
            "finance.horizon_months": 37,
            "workload.requests_per_month": TOKENS_PER_MTOK,  # of one input token each
            "options.api.prices.input_usd_per_mtok": usd_per_month,
            "options.api.price_decline_per_year": decline_per_year,
        }
    )
    api = compare(scenario)["api"]
    return {"month_13": api.cash_usd[13], "month_37": api.cash_usd[37], "months_1_to_36": api.cumulative_usd[36]}


@run
def support_fee(*, bill_usd_per_month, band_tops_usd, band_fracs, minimum_usd):
    """The support plan of a month in which one rented GPU makes up the whole bill."""
    scenario = neutral(rented="cloud_gpu")
    plan = "options.rented.support"
    settings = {
        "options.rented.on_demand_usd_per_gpu_hour": bill_usd_per_month / scenario.finance.hours_per_month,
        f"{plan}.minimum_usd_per_month": minimum_usd,
        **{f"{plan}.band_{band}_to_usd_per_month": top for band, top in enumerate(band_tops_usd, 1)},
        **{f"{plan}.band_{band}_frac": frac for band, frac in enumerate(band_fracs, 1)},
    }
    return {"usd_per_month": compare(scenario.vary(settings))["rented"].lines["support"][1]}


@run
def server_site(
    *, server_kw, pue_ratio, electricity_usd_per_kwh, hours_per_month, colocation_usd_per_kw_month=0, load_factor_frac=1
):
    """The place of one server that always draws the same, and its electricity."""
    scenario = neutral(own="on_prem").vary(
        {
            "finance.hours_per_month": hours_per_month,
            "energy.electricity_usd_per_kwh": electricity_usd_per_kwh,
            "options.own.power.server_max_kw": server_kw,
            "options.own.power.server_idle_kw": server_kw,
            "options.own.power.pue_ratio": pue_ratio,
            "options.own.colocation_usd_per_kw_month": colocation_usd_per_kw_month,
            "options.own.colocation_load_factor_frac": load_factor_frac,
        }
    )
    lines = compare(scenario)["own"].lines
    return {
        "colocation_usd_per_month": lines["colocation"][1],
        "energy_usd_per_month": lines["energy"][1],
        "energy_usd_per_year": lines["energy"][1 : MONTHS_PER_YEAR + 1].sum(),
    }


@run
def tuning_job(*, training_tokens, epochs, usd_per_1000_tokens):
    """One run of hosted fine-tuning in a year at an API."""
    scenario = neutral(api="token_api").vary(
        {
            "options.api.tuning.method": "hosted",
            "options.api.tuning.runs_per_year": 1,
            "options.api.tuning.training_tokens": training_tokens,
            "options.api.tuning.epochs": epochs,
            "options.api.tuning.hosted_usd_per_mtok": usd_per_1000_tokens * TOKENS_PER_MTOK / 1000,
        }
    )
    return {"usd": compare(scenario)["api"].tco_usd}
