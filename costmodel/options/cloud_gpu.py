"""GPUs rented by the hour: always on, following the load, or committed for a term."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from costmodel.arrays import Array, Value
from costmodel.cohorts import additions, in_service, shifted, with_replacements
from costmodel.demand import Task, month, serves_month, token_quantities, tokens_each
from costmodel.energy import Power, carbon_kgco2e, energy_kwh
from costmodel.fields import Number, Text
from costmodel.groups import GpuTuning
from costmodel.lines import line, lines_of
from costmodel.option import Deferred, Result, StandaloneOption, serves
from costmodel.overheads import overhead_lines, overhead_quantities
from costmodel.quantity import quantity, remembered
from costmodel.scenario import Scenario
from costmodel.serving import Serving, check_whole_replicas
from costmodel.sizing import (
    average_utilization,
    peak_carried_ratio,
    servers_for_peak,
    servers_running,
    time_per_token_ms,
    time_to_first_token_s,
)
from costmodel.tiers import SupportPlan, Transfer, support_fee, transfer_usd
from costmodel.traits import PriceDecline
from costmodel.units import HOURS_PER_MONTH, index


class CloudGpu(StandaloneOption):
    """Rented GPU instances that serve an open-weight model."""

    title: ClassVar[str] = "Cloud GPUs"
    catalogues: ClassVar[tuple[str, ...]] = ("gpu_instances", "open_models", "support_plans")

    kind: Literal["cloud_gpu"]
    tuning: GpuTuning
    provider: Annotated[Text, Field(description="Who rents out the GPUs.")]
    instance: Annotated[Text, Field(description="The provider's name of the instance.")]
    billing: Annotated[
        Literal["always_on", "autoscaled", "reserved"],
        Field(
            description="On demand for the month's peak in all hours of operation, on demand following the load, or "
            "committed, which is paid for round the clock."
        ),
    ]
    serving: Serving
    gpus_per_server: Annotated[int, Number("GPUs/server", 1, 1024, "GPUs of one rented instance.", whole=True)]
    minimum_servers: Annotated[
        int, Number("servers", 0, 10000, "Instances that are paid for at least, at any hour.", whole=True)
    ]
    on_demand_usd_per_gpu_hour: Annotated[
        float, Number("USD/GPU-h", 0, 1000, "Price without commitment.", label="On-demand price")
    ]
    reserved_usd_per_gpu_hour: Annotated[
        float, Number("USD/GPU-h", 0, 1000, "Price with a commitment for the term.", label="Reserved price")
    ]
    term_months: Annotated[int, Number("months", 1, 120, "Term of a commitment.", whole=True)]
    upfront_frac: Annotated[float, Number("share", 0, 1, "Share of a commitment's price that is paid at signing.")]
    spot_frac: Annotated[
        float, Number("share", 0, 1, "Share of on-demand hours bought as interruptible capacity.", label="Spot share")
    ]
    spot_usd_per_gpu_hour: Annotated[
        float, Number("USD/GPU-h", 0, 1000, "Price of interruptible capacity.", label="Spot price")
    ]
    spot_overhead_frac: Annotated[
        float, Number("share", 0, 1, "Extra interruptible hours for interruptions, restarts and work done twice.")
    ]
    price_decline_per_year: Annotated[
        float, Number("per year", -1, 0.95, "Yearly fall of GPU-hour prices for the same GPU; negative is a rise.")
    ]
    storage_gb: Annotated[float, Number("GB", 0, 1e9, "Storage kept for weights, images and logs.")]
    storage_usd_per_gb_month: Annotated[
        float, Number("USD/GB-month", 0, 10, "Price of that storage.", label="Storage price")
    ]
    transfer: Transfer
    support: SupportPlan
    power: Power

    def bridges(self) -> bool:
        """GPU-hours on demand are paid by use; a commitment is not."""
        return self.billing != "reserved"

    def servers_kept(self, task: Task[Any]) -> Array:
        """The instances that are paid for."""
        return instances_paid(task)

    def check(self, slug: str, scenario: Scenario) -> None:
        """Refuse a model that does not fit, and replicas that do not fit whole into instances."""
        self.serving.check(f"options.{slug}.serving", tokens_each(Task(scenario, self)))
        check_whole_replicas(f"options.{slug}", self.serving.gpus_per_replica, self.gpus_per_server)

    def model_name(self) -> str:
        """The open model on the GPUs."""
        return self.serving.model

    def gpu_serving(self) -> Serving:
        """On rented instances."""
        return self.serving

    def lock_in_months(self) -> int:
        """The term of a commitment."""
        return self.term_months if self.paid_round_the_clock() else 0

    def seller(self) -> str:
        """Who rents out the GPUs."""
        return self.provider

    def bought(self) -> str:
        """The instance."""
        return self.instance

    def priced_by(self) -> Mapping[str, str]:
        """The hours of a GPU, as they are committed to or not."""
        return {"reserved_usd_per_gpu_hour" if self.paid_round_the_clock() else "on_demand_usd_per_gpu_hour": ""}

    def list_price_ratio(self, line: str) -> float:
        """A commitment costs less than the same hours on demand."""
        committed = line in ("commitment", "commitment_upfront") and self.reserved_usd_per_gpu_hour > 0
        return self.on_demand_usd_per_gpu_hour / self.reserved_usd_per_gpu_hour if committed else 1.0

    def interruptible(self, line: str) -> bool:
        """Hours on demand of which a share is bought as interruptible capacity."""
        return line == "gpu_hours" and self.spot_frac > 0

    def paid_round_the_clock(self) -> bool:
        """A commitment is paid for every hour of its term."""
        return self.billing == "reserved"

    def stored_gb(self) -> Value:
        """Weights, images and logs."""
        return self.storage_gb

    def price_decline(self) -> PriceDecline:
        """Of the same GPU."""
        return PriceDecline("price_decline_per_year", "prices of GPU-hours", self.price_decline_per_year)

    def variations(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Other ways to be billed that can be agreed at once."""
        for billing, what in (("autoscaled", "following the load"), ("reserved", "committed")):
            if billing != self.billing:
                yield what, {"billing": billing}


@quantity("ratio", "GPU-hour price index")
def gpu_price_index(task: Task[CloudGpu]) -> Value:
    """On-demand prices of month t relative to month 1, in column t; a signing at column t sees column t + 1's price."""
    months = month(task.scenario)
    return index(-task.option.price_decline_per_year, np.maximum(months - 1, 0))


@quantity("servers", "Instances paid for")
def instances_paid(task: Task[CloudGpu]) -> Array:
    """Rented instances of each month: the peak's, the running ones, or those under commitment."""
    match task.option.billing:
        case "always_on":
            return servers_for_peak(task)
        case "autoscaled":
            return servers_running(task)
        case "reserved":
            return np.maximum.accumulate(servers_for_peak(task), axis=-1) * serves_month(task)


def _at_peak(task: Task[CloudGpu]) -> Array:
    """Instances that run in the busiest hour: an autoscaled fleet grows to what it needs."""
    return servers_for_peak(task) if task.option.billing == "autoscaled" else instances_paid(task)


@quantity("servers", "Commitments signed")
def commitments_signed(task: Task[CloudGpu]) -> Array:
    """Instances for which a commitment is signed at each column, for the months after it.

    Growth signs further cohorts. Each is renewed at the end of its term: assumes that capacity once needed is kept, so
    falling traffic is better served on demand.
    """
    term, horizon = task.option.term_months, task.scenario.finance.horizon_months
    needed_next = shifted(servers_for_peak(task), -1)
    return with_replacements(additions(needed_next), term) * (month(task.scenario) < horizon)


@quantity("USD", "Monthly value of the commitments signed")
def commitments_value(task: Task[CloudGpu]) -> Array:
    """What a month of the commitments signed at each column is worth, USD, at the price of their signing."""
    option, months = task.option, month(task.scenario)
    price = option.reserved_usd_per_gpu_hour * index(-option.price_decline_per_year, months)
    # USD/month = instances * GPUs * h/month * USD/GPU-h
    return commitments_signed(task) * price * (option.gpus_per_server * HOURS_PER_MONTH)


@line("GPU commitment, monthly", "GPU rental")
@remembered
def commitment_usd(task: Task[CloudGpu]) -> Array:
    """The part of commitments that is paid by the month, round the clock, at the price of their signing."""
    option = task.option
    # USD/month = USD/month * share
    return in_service(commitments_value(task), 1, option.term_months) * (1 - option.upfront_frac)


@line("GPU commitment, upfront", "GPU rental", "purchase", spread_over="term_months", prepaid=True)
@remembered
def commitment_upfront_usd(task: Task[CloudGpu]) -> Array:
    """The part of commitments that is paid at signing, for the whole term."""
    # USD = USD/month * months
    return commitments_value(task) * (task.option.upfront_frac * task.option.term_months)


@line("Prepaid time not yet used", "GPU rental", "end_credit")
def unexpired_commitment_usd(task: Task[CloudGpu]) -> Array:
    """Credit at the end for the months of prepaid terms that lie beyond it."""
    option, months, horizon = task.option, month(task.scenario), task.scenario.finance.horizon_months
    remaining = np.maximum(months + option.term_months - horizon, 0)
    # USD = USD/month * months
    unexpired = (commitments_value(task) * remaining * option.upfront_frac).sum(axis=-1)
    at_end = months == horizon
    return 0 - at_end * unexpired[..., np.newaxis]


@line("GPU-hours on demand", "GPU rental", usage=True)
@remembered
def gpu_hours_usd(task: Task[CloudGpu]) -> Array:
    """GPU-hours without a commitment x the price of their month, a part of them as interruptible capacity."""
    option = task.option
    spot = option.spot_frac * (1 + option.spot_overhead_frac) * option.spot_usd_per_gpu_hour
    price = (1 - option.spot_frac) * option.on_demand_usd_per_gpu_hour + spot
    # USD/month = instances * GPUs * h/month * USD/GPU-h
    gpu_hours = instances_paid(task) * (option.gpus_per_server * task.scenario.finance.hours_per_month)
    return gpu_hours * gpu_price_index(task) * price


@line("Storage", "Network and storage")
@remembered
def storage_usd(task: Task[CloudGpu]) -> Array:
    """Storage for weights, images and logs, in the months that the option serves."""
    # USD/month = GB * USD/GB-month
    return serves_month(task) * (task.option.storage_gb * task.option.storage_usd_per_gb_month)


@line("Support plan", "Support and licences", way="a share of the bill")
def support_usd(task: Task[CloudGpu]) -> Value:
    """Shares of the provider's bill in bands, at least the plan's minimum; prepaid terms are on the bill."""
    if task.option.billing == "reserved":
        rented = commitment_usd(task) + commitment_upfront_usd(task)
    else:
        rented = gpu_hours_usd(task)
    # USD/month = share * USD/month
    return support_fee(task.option.support, rented + storage_usd(task) + transfer_usd(task), serves_month(task))


RESERVED = (commitment_usd, commitment_upfront_usd, unexpired_commitment_usd)


@serves(CloudGpu)
def costs(task: Task[CloudGpu]) -> Result:
    """GPU-hours x price on demand or under commitment, with storage, transfer, support and staff.

    A commitment keeps the price of its signing for the whole term and is paid for every hour of it. Support is charged
    on the provider's bill, prepaid terms included. Assumes whole instances, and that spot interruptions cost time but
    lose no request.
    """
    rental = RESERVED if task.option.billing == "reserved" else (gpu_hours_usd,)
    lines = lines_of(task, storage_usd, transfer_usd, *rental, support_usd, *overhead_lines(task))
    carried = {"peak_carried_ratio": lambda: peak_carried_ratio(task, _at_peak(task))}
    return Result(lines, Deferred(lambda: _quantities(task, instances_paid(task)), **carried))


def _quantities(task: Task[CloudGpu], instances: Value) -> dict[str, Value]:
    utilization = average_utilization(task, instances)
    kwh = energy_kwh(task, instances, utilization)
    return {
        **token_quantities(task),
        "servers": instances,
        "gpus": instances * task.option.gpus_per_server,
        "utilization": utilization,
        "energy_kwh": kwh,
        "carbon_kgco2e": carbon_kgco2e(task, kwh),
        **overhead_quantities(task, time_to_first_token_s(task), time_per_token_ms(task)),
    }
