"""Federated learning: devices train on their own data in rounds, and only their updates travel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from costmodel.arrays import Value
from costmodel.devices import devices_owned
from costmodel.energy import tariff_index
from costmodel.fields import Number, Record
from costmodel.lines import line
from costmodel.units import MONTHS_PER_YEAR, WATTS_PER_KW

if TYPE_CHECKING:
    from costmodel.demand import Task
    from costmodel.options.edge import Edge

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
    transfer_usd_per_gb: Annotated[
        float, Number("USD/GB", 0, 100, "Network transfer to and from the clients.", label="Transfer of training")
    ]
    training_hours_per_round: Annotated[
        float,
        Number("hours/round", 0, 1000, "Hours that each client computes in a round.", label="Training"),
    ]
    aggregator_hours_per_round: Annotated[
        float,
        Number("hours/round", 0, 1000, "Hours of the server that averages the updates.", label="Aggregation"),
    ]
    aggregator_usd_per_hour: Annotated[float, Number("USD/hour", 0, 1000, "Price of that server, rented by the hour.")]


def client_rounds(task: Task[Edge]) -> Value:
    """Rounds a month x clients that take part: at most all devices. Shape (..., T+1)."""
    federated = task.option.federated
    # client-rounds/month = rounds/year / (months/year) * clients/round
    clients = np.minimum(federated.clients_per_round, devices_owned(task))
    return clients * (federated.rounds_per_year / MONTHS_PER_YEAR)


def exchanged_gb(task: Task[Edge]) -> Value:
    """GB a month sent to the clients and back, 2 x update x clients x rounds (McMahan et al., 2017).

    Assumes that nothing is sent in vain; clients that drop out of a round make it 5 % to 20 % more.
    """
    # GB/month = client-rounds/month * GB/client-round
    return client_rounds(task) * (DIRECTIONS * task.option.federated.update_gb)


def training_kwh(task: Task[Edge]) -> Value:
    """kWh a month that training draws beyond the devices' idle power, which they draw anyway."""
    federated, device = task.option.federated, task.option.device
    # kWh/month = client-rounds/month * h/client-round * W / (W/kW)
    extra_w = np.maximum(device.active_w - device.idle_w, 0)
    return client_rounds(task) * (federated.training_hours_per_round * extra_w / WATTS_PER_KW)


@line("Transfer of federated updates", "Network and storage")
def federated_transfer_usd(task: Task[Edge]) -> Value:
    """Network transfer to the clients of each round and back."""
    # USD/month = GB/month * USD/GB
    return exchanged_gb(task) * task.option.federated.transfer_usd_per_gb


@line("Aggregation of federated updates", "Tuning")
def federated_aggregation_usd(task: Task[Edge]) -> Value:
    """Hours of the server that averages the updates. Assumes the same number of rounds in every month."""
    federated = task.option.federated
    rounds = (devices_owned(task) > 0) * (federated.rounds_per_year / MONTHS_PER_YEAR)
    # USD/month = rounds/month * h/round * USD/h
    return rounds * (federated.aggregator_hours_per_round * federated.aggregator_usd_per_hour)


@line("Electricity of training on devices", "Site and upkeep")
def federated_energy_usd(task: Task[Edge]) -> Value:
    """kWh of training on the devices x the tariff of that month."""
    # USD/month = kWh/month * USD/kWh
    return training_kwh(task) * tariff_index(task.scenario) * task.scenario.energy.electricity_usd_per_kwh


FEDERATED = (federated_transfer_usd, federated_aggregation_usd, federated_energy_usd)
