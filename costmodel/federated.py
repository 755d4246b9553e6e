"""Federated learning: devices train on their own data in rounds, and only their updates travel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from costmodel.arrays import Value
from costmodel.energy import tariff_index
from costmodel.fields import Number, Record
from costmodel.scenario import Scenario
from costmodel.units import MONTHS_PER_YEAR, WATTS_PER_KW

if TYPE_CHECKING:
    from costmodel.devices import Device

DIRECTIONS = 2  # the model goes down to each client, and its update comes back


class Federated(Record):
    """Training on the devices themselves; no rounds switch it off."""

    rounds_per_year: Annotated[
        float, Number("rounds/year", 0, 1e5, "Rounds of training in a year; 0 for none.", label="Rounds of training")
    ]
    clients_per_round: Annotated[
        float,
        Number("clients/round", 0, 1e9, "Devices that take part in a round, at most all of them.", label="Clients"),
    ]
    update_gb: Annotated[
        float, Number("GB", 0, 1000, "Size of what is sent to each client in a round, and sent back by it.")
    ]
    transfer_usd_per_gb: Annotated[float, Number("USD/GB", 0, 100, "Network transfer to and from the clients.")]
    training_hours_per_round: Annotated[
        float,
        Number("hours/round", 0, 1000, "Hours that each client computes in a round.", label="Training"),
    ]
    aggregator_hours_per_round: Annotated[
        float,
        Number("hours/round", 0, 1000, "Hours of the server that averages the updates.", label="Aggregation"),
    ]
    aggregator_usd_per_hour: Annotated[float, Number("USD/hour", 0, 1000, "Price of that server, rented by the hour.")]


def client_rounds(federated: Federated, devices: Value) -> Value:
    """Rounds a month x clients that take part, for a fleet of `devices` (..., T+1)."""
    # client-rounds/month = rounds/year / (months/year) * clients/round
    return np.minimum(federated.clients_per_round, devices) * (federated.rounds_per_year / MONTHS_PER_YEAR)


def exchanged_gb(federated: Federated, devices: Value) -> Value:
    """GB a month sent to the clients and back, 2 x update x clients x rounds (McMahan et al., 2017).

    Assumes that nothing is sent in vain; clients that drop out of a round make it 5 % to 20 % more.
    """
    # GB/month = client-rounds/month * GB/client-round
    return client_rounds(federated, devices) * (DIRECTIONS * federated.update_gb)


def training_kwh(federated: Federated, device: Device, devices: Value) -> Value:
    """kWh a month that training draws beyond the devices' idle power, which they draw anyway."""
    # kWh/month = client-rounds/month * h/client-round * W / (W/kW)
    extra_w = np.maximum(device.active_w - device.idle_w, 0)
    return client_rounds(federated, devices) * (federated.training_hours_per_round * extra_w / WATTS_PER_KW)


def federated_lines(federated: Federated, scenario: Scenario, device: Device, devices: Value) -> dict[str, Value]:
    """USD by month of what federated learning on a fleet of `devices` costs beyond the devices themselves.

    Assumes the same number of rounds in every month.
    """
    rounds = (devices > 0) * (federated.rounds_per_year / MONTHS_PER_YEAR)
    return {
        "federated_transfer": exchanged_gb(federated, devices) * federated.transfer_usd_per_gb,
        # USD/month = rounds/month * h/round * USD/h
        "federated_aggregation": rounds * (federated.aggregator_hours_per_round * federated.aggregator_usd_per_hour),
        # USD/month = kWh/month * USD/kWh
        "federated_energy": training_kwh(federated, device, devices)
        * tariff_index(scenario)
        * scenario.energy.electricity_usd_per_kwh,
    }
