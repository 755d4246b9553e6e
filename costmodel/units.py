"""Units, the names that carry them, and the only conversions the model knows."""

from dataclasses import dataclass

import numpy as np

from costmodel.arrays import Value
from costmodel.numerals import marked

MONTHS_PER_YEAR = 12
HOURS_PER_MONTH = 730  # 8,760 hours of a year / 12: a month round the clock, as contracts count it
SECONDS_PER_HOUR = 3600
TOKENS_PER_MTOK = 1e6
MS_PER_S = 1e3
BYTES_PER_GB = 1e9
MB_PER_GB = 1e3
US_PER_S = 1e6
GFLOP_PER_TFLOP = 1e3
GRAMS_PER_KG = 1e3
WATTS_PER_KW = 1e3
DEVICES_PER_THOUSAND = 1e3
FLOP_PER_PARAMETER = 2  # one multiplication and one addition for each weight and token
FLOP_PER_TRAINED_PARAMETER = 6  # the same forward, and twice it backward
REQUESTS_PER_THOUSAND = 1e3
REQUESTS_PER_MILLION = 1e6
ROUNDING_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Unit:
    """How a unit is named at the end of a field's name, and how it is written for a reader."""

    suffix: str
    label: str
    decimals: int = 2


UNITS = {
    "USD": Unit("_usd", "USD", 0),
    "USD/month": Unit("_usd_per_month", "USD a month", 0),
    "USD/year": Unit("_usd_per_year", "USD a year", 0),
    "USD/FTE": Unit("_usd_per_fte", "USD per post", 0),
    "USD/run": Unit("_usd_per_run", "USD per run", 0),
    "USD/1000 requests": Unit("_usd_per_1000_requests", "USD per 1,000 requests", 3),
    "USD/M requests": Unit("_usd_per_million_requests", "USD per million requests", 2),
    "USD/Mtok": Unit("_usd_per_mtok", "USD per million tokens", 3),
    "USD/Mtok-h": Unit("_usd_per_mtok_hour", "USD per million tokens and hour", 3),
    "USD/GPU-h": Unit("_usd_per_gpu_hour", "USD per GPU-hour", 3),
    "USD/unit-h": Unit("_usd_per_unit_hour", "USD per reserved unit and hour", 3),
    "USD/GPU-year": Unit("_usd_per_gpu_year", "USD per GPU and year", 0),
    "USD/server": Unit("_usd_per_server", "USD per server", 0),
    "USD/server-month": Unit("_usd_per_server_month", "USD per server and month", 0),
    "USD/device": Unit("_usd_per_device", "USD per device", 0),
    "USD/device-year": Unit("_usd_per_device_year", "USD per device and year", 0),
    "USD/kW-month": Unit("_usd_per_kw_month", "USD per kW and month", 0),
    "USD/hour": Unit("_usd_per_hour", "USD per hour", 2),
    "USD/kWh": Unit("_usd_per_kwh", "USD per kWh", 4),
    "USD/GB": Unit("_usd_per_gb", "USD per GB", 3),
    "USD/GB-month": Unit("_usd_per_gb_month", "USD per GB and month", 3),
    "USD/user-month": Unit("_usd_per_user_month", "USD per user and month", 2),
    "requests": Unit("_requests", "requests", 0),
    "requests/month": Unit("requests_per_month", "requests a month", 0),
    "requests/user-month": Unit("_requests_per_user_month", "requests per user and month", 0),
    "runs/year": Unit("_runs_per_year", "runs a year", 1),
    "runs/month": Unit("_runs", "runs a month", 2),
    "epochs": Unit("epochs", "epochs", 1),
    "requests/s": Unit("_requests_per_s", "requests a second", 2),
    "tokens": Unit("_tokens", "tokens", 0),
    "tokens/request": Unit("_tokens_per_request", "tokens per request", 0),
    "tokens/month": Unit("_tokens_per_month", "tokens a month", 0),
    "tok/s": Unit("_tok_per_s", "tokens per second", 0),
    "tok/s/unit": Unit("_tok_per_s_per_unit", "input tokens per second and reserved unit", 0),
    "tok/s/GPU": Unit("_tok_per_s_per_gpu", "output tokens per second and GPU", 0),
    "bytes/token": Unit("_bytes_per_token", "bytes per token", 0),
    "bytes/parameter": Unit("_bytes_per_parameter", "bytes per parameter", 3),
    "B parameters": Unit("_params_b", "billion parameters", 1),
    "layers": Unit("layers", "layers", 0),
    "values/token": Unit("_size", "values per token", 0),
    "heads": Unit("_heads", "heads", 0),
    "experts": Unit("experts", "experts", 0),
    "experts/token": Unit("experts_per_token", "experts per token", 0),
    "MB/sequence": Unit("_mb_per_sequence", "MB per sequence", 0),
    "GPUs/replica": Unit("gpus_per_replica", "GPUs per replica", 0),
    "GPUs/server": Unit("gpus_per_server", "GPUs per server", 0),
    "GPUs": Unit("_gpus", "GPUs", 0),
    "replicas": Unit("_replicas", "replicas", 1),
    "servers": Unit("servers", "servers", 1),
    "users": Unit("users", "users", 0),
    "seats": Unit("seats", "seats", 0),
    "units": Unit("units", "reserved units", 0),
    "devices": Unit("devices", "devices", 0),
    "updates/year": Unit("updates_per_year", "updates a year", 1),
    "rounds/year": Unit("rounds_per_year", "rounds a year", 1),
    "clients/round": Unit("clients_per_round", "clients a round", 0),
    "hours/round": Unit("_hours_per_round", "hours a round", 2),
    "hours/month": Unit("hours_per_month", "hours a month", 0),
    "GPU-h/month": Unit("_gpu_hours", "GPU-hours a month", 0),
    "months": Unit("_months", "months", 0),
    "month of the year": Unit("_month", "month of the year", 0),
    "calendar year": Unit("_year", "calendar year", 0),
    "GB": Unit("_gb", "GB", 0),
    "GB/month": Unit("_gb_per_month", "GB a month", 0),
    "GB/M requests": Unit("_gb_per_million_requests", "GB per million requests", 1),
    "GB/s": Unit("_gb_per_s", "GB/s", 0),
    "TFLOPS": Unit("_tflops", "TFLOPS", 0),
    "W": Unit("_w", "W", 1),
    "kW": Unit("_kw", "kW", 2),
    "kWh/month": Unit("_kwh", "kWh a month", 0),
    "kg CO2e/month": Unit("_kgco2e", "kg CO2e a month", 0),
    "g CO2e/kWh": Unit("_gco2e_per_kwh", "g CO2e per kWh", 0),
    "ms": Unit("_ms", "ms", 1),
    "us": Unit("_us", "microseconds", 1),
    "s": Unit("_s", "s", 2),
    "sites": Unit("sites", "sites", 0),
    "FTE": Unit("_fte", "full-time staff", 2),
    "FTE/server": Unit("_fte_per_server", "full-time staff per server", 3),
    "FTE/1000 devices": Unit("_fte_per_1000_devices", "full-time staff per 1,000 devices", 2),
    "per year": Unit("_per_year", "a year", 3),
    "share": Unit("_frac", "share", 3),
    "ratio": Unit("_ratio", "times", 2),
}


def index(rate_per_year: Value, months: Value) -> Value:
    """Growth factor after `months` at an effective yearly rate; the one place where a yearly rate becomes monthly.

    Shape: `rate_per_year` broadcast with `months`. Dimensionless, 1 at month 0.
    """
    return (1 + rate_per_year) ** (months / MONTHS_PER_YEAR)


def rounded_up(amount: Value) -> Value:
    """The next whole number of things that can only be had whole, e.g. servers; forgives noise of 1e-9 of it."""
    return np.ceil(amount * (1 - ROUNDING_TOLERANCE))


def rounded_down(amount: Value) -> Value:
    """The whole number of things that fit into an amount; forgives noise of 1e-9 of it."""
    return -np.ceil(-amount * (1 + ROUNDING_TOLERANCE))


def floored(amount: float) -> float:
    """A positive amount cut to three figures, so that what is told as enough is."""
    tens = 10.0 ** (np.floor(np.log10(amount)) - 2)
    return float(np.floor(amount / tens * (1 + ROUNDING_TOLERANCE)) * tens)


def price_each(usd_per_mtok: Value) -> Value:
    """USD per million tokens as USD per token."""
    return usd_per_mtok / TOKENS_PER_MTOK


def percent(share: float) -> str:
    """A share in words: 25 %, 2.5 %."""
    return marked(f"{share:.1%}".replace(".0%", "%").replace("%", " %"))
