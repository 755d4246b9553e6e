"""A fleet of devices that answer on the spot, with an option behind them for the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from costmodel.arrays import Array, Value
from costmodel.bands import answers_gb
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
from costmodel.federated import Federated, exchanged_gb, federated_lines, training_kwh
from costmodel.fields import Number, Text, number_of
from costmodel.finance import summed
from costmodel.option import Deferred, Option, Result, StandaloneOption, serves
from costmodel.option import costs as costs_of
from costmodel.people import POSTS, post_lines
from costmodel.quantity import quantity
from costmodel.scenario import Scenario
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


def _purchase(task: Task[Edge]) -> dict[str, Value]:
    """Purchase, provisioning and resale of the devices: replaced ones when they retire, the others at the end."""
    device, months, horizon = task.option.device, month(task.scenario), task.scenario.finance.horizon_months
    life, value = device.life_months, device_order_value(task)
    value_started = shifted(value, 1)
    months_in_service = horizon - months + 1
    kept = value_started * (months_in_service <= life) * index(-device.resale_loss_per_year, months_in_service)
    provisioning = device.provisioning_usd_per_device * index(task.scenario.people.wage_growth_per_year, months)
    return {
        "devices": value,
        "device_provisioning": shifted(devices_started(task), -1) * provisioning,
        "device_resale": 0 - shifted(value_started, life) * index(-device.resale_loss_per_year, life),
        "device_residual_value": 0 - (months == horizon) * kept.sum(axis=-1)[..., np.newaxis],
    }


@quantity("FTE", "Fleet engineers")
def fleet_fte(task: Task[Edge]) -> Array:
    """Engineers who look after the fleet, beside the fallback's team. Shape (..., T+1)."""
    # FTE = devices * FTE/1000 devices / (devices/1000 devices)
    return devices_owned(task) * (task.option.fleet_engineer_fte_per_1000_devices / DEVICES_PER_THOUSAND)


def _upkeep(task: Task[Edge]) -> dict[str, Value]:
    """Management, electricity and model updates of the devices, and the engineers who look after them."""
    option, scenario, devices = task.option, task.scenario, devices_owned(task)
    return {
        "device_management": devices * (option.device.management_usd_per_device_year / MONTHS_PER_YEAR),
        "device_energy": device_kwh(task) * tariff_index(scenario) * scenario.energy.electricity_usd_per_kwh,
        "model_updates": update_gb(task) * option.transfer_usd_per_gb,
        "fleet_staff": summed(post_lines(scenario, {"infrastructure_engineer": fleet_fte(task)}).values()),
    }


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
    option, scenario, devices = task.option, task.scenario, devices_owned(task)
    fallback = scenario.options[option.fallback_option]
    on_devices = task.handed(option, share=device_frac(task))
    behind = task.handed(fallback, share=1 - device_frac(task))
    rest = costs_of(behind)
    team = {name: rest.quantities[name] for name in POSTS if name in rest.quantities}
    kwh = device_kwh(task) + training_kwh(option.federated, option.device, devices)
    fleet = Result(
        {
            **_purchase(task),
            **_upkeep(task),
            **federated_lines(option.federated, scenario, option.device, devices),
        },
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
        "devices": devices,
        "device_load": device_load(task),
        "device_frac": device_frac(task),
        "device_utilization": device_utilization(task),
        "device_response_time_s": fleet.quantities["response_time_s"],
        "offline_frac": device_frac(task) * option.offline_capable_frac,
        "bandwidth_saved_gb": answers_gb(task.handed(fallback, share=device_frac(task))),
        "update_gb": update_gb(task) + exchanged_gb(option.federated, devices),
        "infrastructure_engineer_fte": result.quantities.get("infrastructure_engineer_fte", 0) + fleet_fte(task),
    }
    carried = carried_together([Member(fallback, rest)], lambda behind: _carried(task, behind))
    return replace(result, quantities=Deferred(lambda: {**result.quantities, **quantities}, **carried))
