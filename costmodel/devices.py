"""Devices that answer on the spot: how many there are, what they carry, how long they take and what they draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from costmodel.arrays import Array, Value
from costmodel.cohorts import additions, in_service, shifted, with_replacements
from costmodel.demand import (
    Task,
    attempts_per_s,
    input_tokens_each,
    month,
    output_tokens_each,
    peak_ratio,
    task_peak_ratio,
)
from costmodel.fields import Number, Record, number_of
from costmodel.option import StandaloneOption
from costmodel.quantity import quantity
from costmodel.units import MONTHS_PER_YEAR, WATTS_PER_KW, index, rounded_up

if TYPE_CHECKING:
    from costmodel.options.edge import Edge


class Device(Record):
    """One device of the fleet."""

    context_window_tokens: Annotated[float, number_of(StandaloneOption, "context_window_tokens")]
    price_usd: Annotated[float, Number("USD", 0, 1e7, "Purchase price of one device, with what it needs to serve.")]
    price_change_per_year: Annotated[
        float, Number("per year", -0.9, 2, "Yearly change of the price of a device that does the same work.")
    ]
    provisioning_usd_per_device: Annotated[
        float, Number("USD/device", 0, 1e5, "Mounting, set-up and enrolment of one device.")
    ]
    management_usd_per_device_year: Annotated[
        float,
        Number("USD/device-year", 0, 1e5, "Management, connectivity, repair and monitoring of one device."),
    ]
    life_months: Annotated[
        int, Number("months", 6, 240, "Months in service after which a device is replaced.", whole=True)
    ]
    resale_loss_per_year: Annotated[
        float, Number("per year", 0, 0.99, "Yearly loss of the resale value of a device, selling costs included.")
    ]
    active_w: Annotated[float, Number("W", 0, 1e5, "Draw of one device while it generates.")]
    idle_w: Annotated[float, Number("W", 0, 1e5, "Draw of one device that waits.")]
    prefill_tok_per_s: Annotated[
        float, Number("tok/s", 0.01, 1e7, "Input tokens per second that one device reads with the model it serves.")
    ]
    output_tok_per_s: Annotated[
        float, Number("tok/s", 0.01, 1e6, "Output tokens per second of one device with the model it serves.")
    ]


@quantity("devices", "Devices needed")
def devices_needed(task: Task[Edge]) -> Array:
    """Whole devices that the fleet shall have in each month, with its growth; none where they serve nothing."""
    option, months = task.option, month(task.scenario)
    fleet = rounded_up(option.devices * index(option.fleet_growth_per_year, months - 1))
    return fleet * (months >= 1) * (option.edge_frac > 0)


@quantity("devices", "Devices put into service")
def devices_started(task: Task[Edge]) -> Array:
    """Devices that begin to serve in each month: growth of the fleet, and replacements after their life."""
    return with_replacements(additions(devices_needed(task)), task.option.device.life_months)


@quantity("devices", "Devices in service")
def devices_owned(task: Task[Edge]) -> Array:
    """Devices in service in each month; a fleet that was once built is kept."""
    return in_service(devices_started(task), 0, task.option.device.life_months - 1)


@quantity("s", "Time until a device begins to answer")
def device_first_token_s(task: Task[Edge]) -> Value:
    """Seconds in which a device reads the input of one attempt, but for what its cache holds."""
    read = 1 - task.scenario.workload.cached_input_frac
    return input_tokens_each(task) * read / task.option.device.prefill_tok_per_s


@quantity("s", "Time in which a device writes an answer")
def device_generation_s(task: Task[Edge]) -> Value:
    """Seconds in which a device generates the output of one attempt. Assumes one request at a time."""
    return output_tokens_each(task) / task.option.device.output_tok_per_s


@quantity("requests/s", "Requests that the fleet can serve")
def fleet_requests_per_s(task: Task[Edge]) -> Array:
    """Requests per second of all devices together, each serving one after another. Shape (..., T+1)."""
    return devices_owned(task) / (device_first_token_s(task) + device_generation_s(task))


@quantity("share", "Load of the devices in the busiest hour")
def device_load(task: Task[Edge]) -> Array:
    """What the wanted share asks of the devices in the busiest hour relative to what they can do; above 1 is too much.

    Assumes that load is spread over the devices as evenly as over users; a device in a busy place meets more.
    """
    able, wanted = fleet_requests_per_s(task), task.option.edge_frac * attempts_per_s(task) * task_peak_ratio(task)
    return np.where(able > 0, wanted / np.where(able > 0, able, 1), 0)


@quantity("ratio", "Peak that the devices carry")
def device_peak_ratio(task: Task[Edge]) -> Array:
    """Load that all devices together can serve, relative to the peak of the whole demand."""
    mean = attempts_per_s(task)
    # ratio = requests/s / (requests/s)
    able = np.where(mean > 0, fleet_requests_per_s(task) / np.where(mean > 0, mean, 1), 0)
    return able / peak_ratio(task.scenario)


@quantity("share", "Share served on devices")
def device_frac(task: Task[Edge]) -> Array:
    """Share of the requests of each month that the devices serve: the wanted one, or what fits their busiest hour."""
    return task.option.edge_frac / np.maximum(device_load(task), 1)


@quantity("share", "Utilisation of the devices")
def device_utilization(task: Task[Edge]) -> Array:
    """Work of the devices relative to what they could do round the clock."""
    able = fleet_requests_per_s(task)
    return np.where(able > 0, device_frac(task) * attempts_per_s(task) / np.where(able > 0, able, 1), 0)


@quantity("kWh/month", "Electricity of the devices")
def device_kwh(task: Task[Edge]) -> Array:
    """kWh a month of the devices by their utilisation, federated training not counted."""
    device, hours = task.option.device, task.scenario.finance.hours_per_month
    # kWh/month = devices * W/device * h/month / (W/kW)
    draw = device.idle_w + (device.active_w - device.idle_w) * device_utilization(task)
    return devices_owned(task) * draw * (hours / WATTS_PER_KW)


@quantity("GB/month", "Model updates")
def update_gb(task: Task[Edge]) -> Array:
    """GB a month of new models sent to the devices, in even parts over the year."""
    # GB/month = devices * updates/year / (months/year) * GB
    return devices_owned(task) * (task.option.model_updates_per_year / MONTHS_PER_YEAR * task.option.model_update_gb)


@quantity("USD", "Value of the devices ordered")
def device_order_value(task: Task[Edge]) -> Array:
    """Price of the devices ordered at each column for the month after it, USD, at that column's prices."""
    price = task.option.device.price_usd * index(task.option.device.price_change_per_year, month(task.scenario))
    return shifted(devices_started(task), -1) * price


def device_answering(task: Task[Edge]) -> dict[str, Value]:
    """Response time of the devices and its parts, s, in the months in which they serve; nothing travels."""
    serves = devices_owned(task) > 0
    first_token, generation = serves * device_first_token_s(task), serves * device_generation_s(task)
    return {
        "first_token_s": first_token,
        "generation_s": generation,
        "response_time_s": first_token + generation,
    }
