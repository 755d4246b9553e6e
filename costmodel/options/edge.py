"""A fleet of devices that answer on the spot, with an option behind them for the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from costmodel.arrays import Array, Value
from costmodel.cohorts import shifted
from costmodel.combination import (
    Member,
    carried_together,
    check_members,
    combined,
    overheads,
    standalone,
    without_overheads,
)
from costmodel.demand import Task, month, token_quantities, tokens_processed
from costmodel.devices import (
    Device,
    device_answering,
    device_frac,
    device_kwh,
    device_load,
    device_order_value,
    device_peak_ratio,
    device_utilization,
    devices_owned,
    devices_started,
    update_gb,
)
from costmodel.energy import carbon_kgco2e, tariff_index
from costmodel.federated import FEDERATED, Federated, exchanged_gb, training_kwh
from costmodel.fields import Number, Text, number_of
from costmodel.lines import line, lines_of
from costmodel.option import Deferred, Option, Result, StandaloneOption, serves
from costmodel.option import costs as costs_of
from costmodel.people import POSTS, filled, posts_usd, wages
from costmodel.quantity import quantity
from costmodel.scenario import Scenario
from costmodel.tiers import answers_gb
from costmodel.units import DEVICES_PER_THOUSAND, MONTHS_PER_YEAR, index


class Edge(Option):
    """Devices on site that serve part of the requests; a named option serves the rest and lends its team."""

    title: ClassVar[str] = "Edge fleet"

    kind: Literal["edge"]
    fallback_option: Annotated[Text, Field(description="Option that serves what the devices do not.")]
    devices: Annotated[float, Number("devices", 1, 1e9, "Devices in service in month 1.")]
    fleet_growth_per_year: Annotated[float, Number("per year", -0.9, 20, "Yearly growth of the number of devices.")]
    edge_frac: Annotated[
        float,
        Number(
            "share",
            0,
            1,
            "Share of the requests that the devices serve, as far as they carry the busiest hour.",
            label="Requests served on devices",
        ),
    ]
    offline_capable_frac: Annotated[
        float,
        Number(
            "share",
            0,
            1,
            "Share of the devices' requests that they can answer without a network.",
            label="Of these, answered without a network",
        ),
    ]
    token_ratio: Annotated[float, number_of(StandaloneOption, "token_ratio")]
    reasoning_frac: Annotated[float, number_of(StandaloneOption, "reasoning_frac")]
    attempts_ratio: Annotated[float, number_of(StandaloneOption, "attempts_ratio")]
    fleet_engineer_fte_per_1000_devices: Annotated[
        float,
        Number(
            "FTE/1000 devices",
            0,
            1000,
            "Engineers who look after the fleet, beside the fallback's team.",
            label="Fleet engineers",
        ),
    ]
    model_updates_per_year: Annotated[
        float, Number("updates/year", 0, 1e4, "Times a year that every device gets a new model.", label="Model updates")
    ]
    model_update_gb: Annotated[float, Number("GB", 0, 1000, "Size of a model update.")]
    transfer_usd_per_gb: Annotated[float, Number("USD/GB", 0, 100, "Network transfer of an update to a device.")]
    device: Device
    federated: Federated

    def relies_on(self) -> Mapping[str, str]:
        """The option behind the devices."""
        return {"fallback_option": self.fallback_option}

    def owns_hardware(self, options: Mapping[str, Option]) -> bool:
        """The devices."""
        return True

    def runs_already(self, options: Mapping[str, Option]) -> bool:
        """Its devices are bought at the start, whatever stands behind them."""
        return False

    @classmethod
    def candidates(cls, options: Mapping[str, Option]) -> Mapping[str, Sequence[str]]:
        """Any option that serves a model itself."""
        return {"fallback_option": standalone(options)}

    @classmethod
    def counts_tokens(cls) -> bool:
        """The model on the devices."""
        return True

    def lock_in_months(self) -> int:
        """The life of a device."""
        return self.device.life_months

    def longest_request_tokens(self) -> float:
        """What the model on the devices takes, unless they serve nothing."""
        return self.device.context_window_tokens * (self.edge_frac > 0)

    def check(self, slug: str, scenario: Scenario) -> None:
        """Refuse a fallback that hands its demand on."""
        check_members(slug, scenario)


@line("Devices", "Hardware", "purchase", spread_over="life_months")
def devices_usd(task: Task[Edge]) -> Value:
    """Price of the devices when they are ordered."""
    return device_order_value(task)


@line("Provisioning of devices", "Hardware", "purchase", spread_over="life_months")
def device_provisioning_usd(task: Task[Edge]) -> Value:
    """Mounting, set-up and enrolment of each device when it is ordered; people's work, so it rises with wages."""
    wages = index(task.scenario.people.wage_growth_per_year, month(task.scenario))
    # USD = devices * USD/device
    return shifted(devices_started(task), -1) * (task.option.device.provisioning_usd_per_device * wages)


@line("Resale of replaced devices", "Hardware", "credit")
def device_resale_usd(task: Task[Edge]) -> Value:
    """What devices fetch when their life ends: the price paid, less a yearly loss."""
    device = task.option.device
    value_started = shifted(device_order_value(task), 1)
    # USD = USD * ratio
    return 0 - shifted(value_started, device.life_months) * index(-device.resale_loss_per_year, device.life_months)


@line("Residual value of devices at the end", "Hardware", "end_credit")
def device_residual_value_usd(task: Task[Edge]) -> Value:
    """What devices in service fetch at the end of the comparison: the price paid, less a yearly loss."""
    device, months, horizon = task.option.device, month(task.scenario), task.scenario.finance.horizon_months
    age = horizon - months + 1
    # USD = USD * ratio
    kept = shifted(device_order_value(task), 1) * (age <= device.life_months) * index(-device.resale_loss_per_year, age)
    return 0 - (months == horizon) * kept.sum(axis=-1)[..., np.newaxis]


@quantity("FTE", "Fleet engineers")
def fleet_fte(task: Task[Edge]) -> Array:
    """Engineers who look after the fleet, beside the fallback's team. Shape (..., T+1)."""
    # FTE = devices * FTE/1000 devices / (devices/1000 devices)
    return devices_owned(task) * (task.option.fleet_engineer_fte_per_1000_devices / DEVICES_PER_THOUSAND)


@line("Device management", "Site and upkeep")
def device_management_usd(task: Task[Edge]) -> Value:
    """Management, connectivity, repair and monitoring of the devices in service."""
    # USD/month = devices * USD/device-year / (months/year)
    return devices_owned(task) * (task.option.device.management_usd_per_device_year / MONTHS_PER_YEAR)


@line("Electricity of devices", "Site and upkeep")
def device_energy_usd(task: Task[Edge]) -> Value:
    """kWh of the devices x the tariff of that month, federated training not counted."""
    # USD/month = kWh/month * USD/kWh
    return device_kwh(task) * tariff_index(task.scenario) * task.scenario.energy.electricity_usd_per_kwh


@line("Model updates to devices", "Network and storage")
def model_updates_usd(task: Task[Edge]) -> Value:
    """Network transfer of new models to the devices."""
    # USD/month = GB/month * USD/GB
    return update_gb(task) * task.option.transfer_usd_per_gb


@line("Fleet engineers", "People")
def fleet_staff_usd(task: Task[Edge]) -> Value:
    """Staff, hiring, training and ramp-up of the engineers who look after the fleet."""
    scenario, number = task.scenario, fleet_fte(task)
    new = filled(scenario, number)
    pay, pay_filled = (wages(scenario, {"infrastructure_engineer": each}) for each in (number, new))
    return posts_usd(scenario, pay, pay_filled, new)


FLEET = (
    devices_usd,
    device_provisioning_usd,
    device_resale_usd,
    device_residual_value_usd,
    device_management_usd,
    device_energy_usd,
    model_updates_usd,
    fleet_staff_usd,
    *FEDERATED,
)


def _carried(task: Task[Edge], behind: Value) -> Array:
    """Peak that devices and fallback carry: the devices take their share until they are full, the fallback the rest."""
    share = task.option.edge_frac
    # ratio = ratio * share / share; devices that serve all are limited by themselves alone
    asked = np.where(share < 1, behind * share / np.where(share < 1, 1 - share, 1), device_peak_ratio(task))
    return behind + np.minimum(device_peak_ratio(task), asked)


@serves(Edge)
def costs(task: Task[Edge]) -> Result:
    """Devices for their share of the requests, an option behind them for the rest, and federated learning if any.

    Where the devices would not carry their busiest hour, they get a smaller share. The fallback's team, governance and
    one-time work are needed whatever its share; its other lines are absent when it serves nothing. Traffic that the
    devices save is a quantity and no credit: the fallback's own lines show what is not spent. Assumes that the fleet is
    in place from month 1, and that devices draw from the site's tariff.
    """
    option = task.option
    fallback = task.scenario.options[option.fallback_option]
    on_devices = task.handed(option, share=device_frac(task))
    behind = task.handed(fallback, share=1 - device_frac(task))
    rest = costs_of(behind)
    team = {name: rest.quantities[name] for name in POSTS if name in rest.quantities}
    kwh = device_kwh(task) + training_kwh(task)
    fleet = Result(
        lines_of(task, *FLEET),
        {
            **token_quantities(on_devices),
            **device_answering(task),
            "energy_kwh": kwh,
            "carbon_kgco2e": carbon_kgco2e(task, kwh),
        },
    )
    at_all = tokens_processed(behind).max(axis=-1, keepdims=True) > 0
    result = combined(
        task,
        [
            Member(option.device, fleet),
            Member(fallback, Result(overheads(rest.lines), team)),
            Member(fallback, Result(without_overheads(rest.lines), rest.quantities), present=at_all),
        ],
    )
    quantities = {
        "devices": devices_owned(task),
        "device_load": device_load(task),
        "device_frac": device_frac(task),
        "device_utilization": device_utilization(task),
        "device_response_time_s": fleet.quantities["response_time_s"],
        "offline_frac": device_frac(task) * option.offline_capable_frac,
        "bandwidth_saved_gb": answers_gb(task.handed(fallback, share=device_frac(task))),
        "update_gb": update_gb(task) + exchanged_gb(task),
        "infrastructure_engineer_fte": result.quantities.get("infrastructure_engineer_fte", 0) + fleet_fte(task),
    }
    carried = carried_together([Member(fallback, rest)], lambda behind: _carried(task, behind))
    return replace(result, quantities=Deferred(lambda: {**result.quantities, **quantities}, **carried))
