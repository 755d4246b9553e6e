"""Electricity of servers, owned or rented: power by utilisation, energy, carbon."""

from typing import Annotated, Any

from costmodel.arrays import Array, Value
from costmodel.demand import Task, month
from costmodel.fields import Number, Record
from costmodel.scenario import Scenario
from costmodel.units import GRAMS_PER_KG, index


class Power(Record):
    """What a server and its surroundings draw."""

    server_max_kw: Annotated[float, Number("kW", 0, 1000, "Draw of one server at full load.")]
    server_idle_kw: Annotated[float, Number("kW", 0, 1000, "Draw of one server that waits.")]
    pue_ratio: Annotated[
        float, Number("ratio", 1, 5, "Power of the site relative to that of the servers (cooling, losses).")
    ]


def energy_kwh(task: Task[Any], servers: Value, utilization: Value) -> Array:
    """kWh a month at the meter of the site: servers x (idle + (full - idle) x utilisation) x PUE x hours."""
    power, hours = task.option.power, task.scenario.finance.hours_per_month
    # kWh/month = servers * kW/server * h/month
    draw = power.server_idle_kw + (power.server_max_kw - power.server_idle_kw) * utilization
    return servers * draw * (power.pue_ratio * hours)


def carbon_kgco2e(task: Task[Any], kwh: Value) -> Value:
    """kg CO2e a month of the electricity used; the making of the hardware is not counted."""
    return kwh * (task.scenario.energy.carbon_gco2e_per_kwh / GRAMS_PER_KG)


def tariff_index(scenario: Scenario) -> Value:
    """Electricity tariff of each month relative to today's. Shape (T+1,)."""
    return index(scenario.energy.electricity_price_change_per_year, month(scenario) - 1)
