"""Servers of one's own: bought or leased in whole units, refreshed, powered, kept and sold at the end."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from costmodel.arrays import Array, Value
from costmodel.cohorts import additions, in_service, shifted, with_replacements
from costmodel.demand import Task, month, token_quantities, tokens_each
from costmodel.energy import Power, carbon_kgco2e, energy_kwh, tariff_index
from costmodel.errors import At, Named, ScenarioError
from costmodel.fields import Number, Text
from costmodel.finance import usage_cost
from costmodel.groups import OwnGpuTuning
from costmodel.lines import line, lines_of
from costmodel.option import Deferred, Option, Result, StandaloneOption, serves
from costmodel.option import costs as costs_of
from costmodel.overheads import CARRIED, EXPERIENCED, overhead_lines, overhead_quantities
from costmodel.quantity import quantity, remembered
from costmodel.scenario import Scenario
from costmodel.serving import Serving, check_whole_replicas
from costmodel.sizing import (
    average_utilization,
    peak_carried_ratio,
    servers_for_peak,
    time_per_token_ms,
    time_to_first_token_s,
)
from costmodel.tuning import tuning_kwh
from costmodel.units import MONTHS_PER_YEAR, index

COHORT = {"spread_over": "refresh_months", "starts_after": "delivery_months"}  # how what comes with servers is accrued


class OnPrem(StandaloneOption):
    """Own servers in own rooms or in colocation."""

    title: ClassVar[str] = "Own servers"
    catalogues: ClassVar[tuple[str, ...]] = ("servers", "open_models")

    kind: Literal["on_prem"]
    tuning: OwnGpuTuning
    server: Annotated[Text, Field(description="Server model.")]
    serving: Serving
    power: Power
    acquisition: Annotated[Literal["buy", "lease"], Field(description="Servers are bought, or leased for their life.")]
    bridge_option: Annotated[Text, Field(description="Pay-as-you-go option that serves until delivery; empty: nobody.")]
    gpus_per_server: Annotated[int, Number("GPUs/server", 1, 1024, "GPUs of one server.", whole=True)]
    minimum_servers: Annotated[
        int, Number("servers", 0, 10000, "Servers that are owned at least, however small the peak.", whole=True)
    ]
    server_price_usd: Annotated[float, Number("USD", 0, 1e8, "Purchase price of one server with its GPUs.")]
    server_price_change_per_year: Annotated[
        float, Number("per year", -0.9, 2, "Yearly change of the price of a server that does the same work.")
    ]
    network_and_storage_frac: Annotated[
        float, Number("share", 0, 2, "Switches, cabling and storage, relative to the server price.")
    ]
    installation_usd_per_server: Annotated[
        float, Number("USD/server", 0, 1e7, "Delivery, racking, commissioning of one server.")
    ]
    lead_time_months: Annotated[int, Number("months", 0, 60, "Months from the order to serving users.", whole=True)]
    refresh_months: Annotated[
        int, Number("months", 6, 240, "Months in service after which a server is replaced.", whole=True)
    ]
    warranty_months: Annotated[
        int, Number("months", 0, 240, "Months in service that the price's warranty covers.", whole=True)
    ]
    maintenance_frac_per_year: Annotated[
        float, Number("per year", 0, 1, "Maintenance after the warranty, relative to the price paid.")
    ]
    maintenance_price_change_per_year: Annotated[
        float, Number("per year", -0.5, 1, "Yearly change of the price of maintenance.")
    ]
    licence_usd_per_gpu_year: Annotated[float, Number("USD/GPU-year", 0, 1e6, "Software licences of one GPU.")]
    licence_price_change_per_year: Annotated[
        float, Number("per year", -0.5, 1, "Yearly change of the price of licences.")
    ]
    colocation_usd_per_kw_month: Annotated[
        float,
        Number(
            "USD/kW-month",
            0,
            1e5,
            "Space and cooling capacity for each kW reserved; energy is apart.",
            label="Colocation by power",
        ),
    ]
    colocation_load_factor_frac: Annotated[
        float, Number("share", 0.1, 1, "Highest draw of the servers relative to the kW reserved for them.")
    ]
    colocation_usd_per_server_month: Annotated[
        float,
        Number(
            "USD/server-month", 0, 1e6, "Space priced by server or rack instead of by kW.", label="Colocation by server"
        ),
    ]
    colocation_price_change_per_year: Annotated[
        float, Number("per year", -0.5, 1, "Yearly change of the price of space, such as the escalator of a lease.")
    ]
    cooling_usd_per_kwh: Annotated[
        float, Number("USD/kWh", 0, 5, "Cooling priced by server energy instead of through the PUE.")
    ]
    lease_rate_per_year: Annotated[float, Number("per year", 0, 1, "Nominal yearly rate of a lease (APR).")]
    resale_loss_per_year: Annotated[
        float, Number("per year", 0, 1, "Yearly loss of the resale value of a server, selling costs included.")
    ]
    decommissioning_usd_per_server: Annotated[
        float, Number("USD/server", 0, 1e6, "Removal, wiping and disposal of one server.")
    ]

    @property
    def delivery_months(self) -> int:
        """Months from an order to serving users; none where servers stand, whose growth is ordered ahead."""
        return 0 if self.runs_today else self.lead_time_months

    @classmethod
    def candidates(cls, options: Mapping[str, Option]) -> Mapping[str, Sequence[str]]:
        """The bridge is paid by use, or there is none."""
        return {"bridge_option": ["", *(slug for slug, option in options.items() if option.bridges())]}

    def owns_hardware(self, options: Mapping[str, Option]) -> bool:
        """Own servers, bought or leased."""
        return True

    def servers_kept(self, task: Task[Any]) -> Array:
        """The servers that are owned."""
        return servers_owned(task)

    def relies_on(self) -> Mapping[str, str]:
        """The bridge, when there is one."""
        return {"bridge_option": self.bridge_option} if self.bridge_option else {}

    def serving_parts(self) -> tuple[str, ...]:
        """The bridge, when there is a time to bridge."""
        return (self.bridge_option,) if self.bridge_option and self.delivery_months else ()

    def months_until_serving(self, options: Mapping[str, Option]) -> int:
        """The lead time, unless a bridge serves users from the start."""
        return 0 if self.bridge_option else self.delivery_months

    def check(self, slug: str, scenario: Scenario) -> None:
        """Refuse what cannot be built: a model that does not fit, power upside down, a delivery after the end."""
        self.serving.check(f"options.{slug}.serving", tokens_each(Task(scenario, self)))
        check_whole_replicas(f"options.{slug}", self.serving.gpus_per_replica, self.gpus_per_server)
        if self.delivery_months >= scenario.finance.horizon_months:
            raise ScenarioError(
                "{lead_time} is {months}, but the comparison ends after month {end}: shorten the one or lengthen "
                "{horizon}.",
                lead_time=At(f"options.{slug}.lead_time_months"),
                months=self.delivery_months,
                end=scenario.finance.horizon_months,
                horizon=At("finance.horizon_months"),
            )
        if self.bridge_option and not scenario.options[self.bridge_option].bridges():
            raise ScenarioError(
                "{path} names {member}, which is not paid by use: name a token API or GPUs on demand.",
                path=At(f"options.{slug}.bridge_option"),
                member=Named(self.bridge_option),
            )

    def model_name(self) -> str:
        """The open model on the servers."""
        return self.serving.model

    def gpu_serving(self) -> Serving:
        """On its servers."""
        return self.serving

    def lock_in_months(self) -> int:
        """The life of a server."""
        return self.refresh_months

    def bridged_months(self) -> int:
        """Until delivery, when there is a bridge."""
        return self.delivery_months if self.bridge_option else 0

    def bought(self) -> str:
        """The server."""
        return self.server

    def priced_by(self) -> Mapping[str, str]:
        """A server."""
        return {"server_price_usd": "a server"}


@quantity("servers", "Servers put into service")
def servers_started(task: Task[OnPrem]) -> Array:
    """Servers that begin to serve in each month: growth of the peak, and replacements after their life."""
    return with_replacements(additions(servers_for_peak(task)), task.option.refresh_months)


@quantity("servers", "Servers owned")
def servers_owned(task: Task[OnPrem]) -> Array:
    """Servers in service in each month; what growth once needed is kept when traffic falls."""
    return in_service(servers_started(task), 0, task.option.refresh_months - 1)


@quantity("servers", "Servers ordered")
def servers_ordered(task: Task[OnPrem]) -> Array:
    """Servers ordered at each column, early enough to serve after the lead time."""
    return shifted(servers_started(task), -1 - task.option.delivery_months)


@quantity("USD", "Value of the servers ordered")
def order_value(task: Task[OnPrem]) -> Array:
    """Price of the servers ordered at each column, USD, at that column's prices."""
    price = task.option.server_price_usd * index(task.option.server_price_change_per_year, month(task.scenario))
    return servers_ordered(task) * price


@quantity("USD", "Value of the servers that begin to serve")
def value_started(task: Task[OnPrem]) -> Array:
    """Price paid for the servers that begin to serve in each month, USD."""
    return shifted(order_value(task), 1 + task.option.delivery_months)


@quantity("kWh/month", "Electricity of the servers with tuning")
def metered_kwh(task: Task[OnPrem]) -> Value:
    """kWh a month at the meter: what the average load draws, and tuning in idle hours."""
    servers = servers_owned(task)
    return energy_kwh(task, servers, average_utilization(task, servers)) + tuning_kwh(task)


@line("Network and storage equipment", "Hardware", "purchase", **COHORT)
def network_and_storage_usd(task: Task[OnPrem]) -> Value:
    """Switches, cabling and storage, as a share of the price of the servers ordered with them."""
    # USD = USD * ratio
    return order_value(task) * task.option.network_and_storage_frac


@line("Installation", "Hardware", "purchase", **COHORT)
def installation_usd(task: Task[OnPrem]) -> Value:
    """Putting up what is ordered, but not what stands today; people's work, so it rises with wages."""
    option, scenario, ordered = task.option, task.scenario, servers_ordered(task)
    new = ordered * (month(scenario) > 0) if option.runs_today else ordered
    # USD = servers * USD/server
    return new * (option.installation_usd_per_server * index(scenario.people.wage_growth_per_year, month(scenario)))


@line("Maintenance", "Site and upkeep")
def maintenance_usd(task: Task[OnPrem]) -> Value:
    """A share of the price paid for each server in service whose warranty has ended."""
    option, life = task.option, task.option.refresh_months
    covered = in_service(value_started(task), min(option.warranty_months, life), life - 1)
    prices = index(option.maintenance_price_change_per_year, month(task.scenario) - 1)
    # USD/month = USD * 1/year / (months/year)
    return covered * prices * (option.maintenance_frac_per_year / MONTHS_PER_YEAR)


@line("Decommissioning", "Hardware")
def decommissioning_usd(task: Task[OnPrem]) -> Value:
    """Removal, wiping and disposal of servers that are replaced, and of all at the end."""
    months, horizon = month(task.scenario), task.scenario.finance.horizon_months
    retired = shifted(servers_started(task), task.option.refresh_months)
    # USD = servers * USD/server
    return (retired + (months == horizon) * servers_owned(task)) * task.option.decommissioning_usd_per_server


@line("Server lease", "Hardware", in_advance=True)
def lease_usd(task: Task[OnPrem]) -> Value:
    """Level payments in advance for the servers ordered, over their life."""
    option, life = task.option, task.option.refresh_months
    before_end = month(task.scenario) < task.scenario.finance.horizon_months
    # USD/month = USD * 1/month
    return before_end * in_service(order_value(task), 0, life - 1) * lease_payment(option.lease_rate_per_year, life)


@line("Servers", "Hardware", "purchase", **COHORT)
def servers_usd(task: Task[OnPrem]) -> Value:
    """Price of the servers when they are ordered."""
    return order_value(task)


@line("Resale of replaced servers", "Hardware", "credit")
def resale_usd(task: Task[OnPrem]) -> Value:
    """What servers fetch when their life ends: the price paid, less a yearly loss."""
    life = task.option.refresh_months
    # USD = USD * ratio
    return 0 - shifted(value_started(task), life) * index(-task.option.resale_loss_per_year, life)


@line("Residual value at the end", "Hardware", "end_credit")
def residual_value_usd(task: Task[OnPrem]) -> Value:
    """What servers in service fetch at the end of the comparison: the price paid, less a yearly loss."""
    months, horizon = month(task.scenario), task.scenario.finance.horizon_months
    age = horizon - months + 1  # at the end of the horizon, of the cohort that started in each month
    worth = index(-task.option.resale_loss_per_year, age)
    # USD = USD * ratio
    kept = value_started(task) * (age <= task.option.refresh_months) * worth
    return 0 - (months == horizon) * kept.sum(axis=-1)[..., np.newaxis]


def lease_payment(rate_per_year: Value, months: Value) -> Value:
    """Monthly payment in advance for 1 USD leased over `months`, at a nominal yearly rate (APR / 12 a month)."""
    monthly = rate_per_year / MONTHS_PER_YEAR
    safe = np.where(monthly > 0, monthly, 1)
    annuity = safe / (1 - (1 + safe) ** -months) / (1 + safe)
    return np.where(monthly > 0, annuity, 1 / months)


@line("Electricity", "Site and upkeep")
def energy_usd(task: Task[OnPrem]) -> Value:
    """kWh at the meter x the tariff of that month, and cooling that is billed per kWh of the servers."""
    option, scenario = task.option, task.scenario
    tariff = scenario.energy.electricity_usd_per_kwh + option.cooling_usd_per_kwh / option.power.pue_ratio
    # USD/month = kWh/month * USD/kWh
    return metered_kwh(task) * tariff_index(scenario) * tariff


@line("Space and colocation", "Site and upkeep")
def colocation_usd(task: Task[OnPrem]) -> Value:
    """Space and cooling capacity by the kW reserved for the servers, or by the server."""
    option = task.option
    reserved_kw = option.power.server_max_kw / option.colocation_load_factor_frac
    space = reserved_kw * option.colocation_usd_per_kw_month + option.colocation_usd_per_server_month
    # USD/month = servers * (kW/server * USD/kW-month + USD/server-month)
    return servers_owned(task) * index(option.colocation_price_change_per_year, month(task.scenario) - 1) * space


@line("Software licences", "Support and licences")
def licences_usd(task: Task[OnPrem]) -> Value:
    """Software licences of every GPU that is owned."""
    option = task.option
    licences = option.gpus_per_server * option.licence_usd_per_gpu_year / MONTHS_PER_YEAR
    # USD/month = servers * GPUs/server * USD/GPU-year / (months/year)
    return servers_owned(task) * index(option.licence_price_change_per_year, month(task.scenario) - 1) * licences


PURCHASE = (servers_usd, resale_usd, residual_value_usd)


@remembered
def bridge(task: Task[OnPrem]) -> Result:
    """What the bridge costs and does until delivery."""
    option = task.option
    return costs_of(task.handed(task.scenario.options[option.bridge_option], last_month=option.delivery_months))


@line("Bridge until delivery", "Tokens")
def bridge_usd(task: Task[OnPrem]) -> Value:
    """What the option that serves until delivery charges for use."""
    return usage_cost(bridge(task))


@serves(OnPrem)
def costs(task: Task[OnPrem]) -> Result:
    """Purchase, upkeep, site, energy and staff of own servers, and the bridge that serves until they are delivered.

    Servers are ordered so that each month's peak is carried, kept until their life ends, replaced like for like and
    sold at the end. Energy is paid for what the average load draws. Assumes that today's server stays for sale and
    that capacity is never given back.
    """
    option = task.option
    own = task.handed(option, first_month=max(task.first_month, option.delivery_months + 1))
    lines = lines_of(
        own,
        network_and_storage_usd,
        installation_usd,
        maintenance_usd,
        decommissioning_usd,
        *((lease_usd,) if option.acquisition == "lease" else PURCHASE),
        energy_usd,
        colocation_usd,
        licences_usd,
        *overhead_lines(own),
    )
    if option.bridge_option and option.delivery_months:
        return _bridged(task, Result(lines, _quantities(own, task)))
    return Result(lines, _quantities(own, own))


def _quantities(own: Task[OnPrem], served: Task[OnPrem]) -> Mapping[str, Any]:
    """What the own servers need and do; tokens are those of the whole task `served`, a bridge's included."""
    carried = {CARRIED: lambda: peak_carried_ratio(own, servers_owned(own))}
    return Deferred(lambda: {**token_quantities(served), **_of_servers(own)}, **carried)


def _of_servers(own: Task[OnPrem]) -> dict[str, Value]:
    servers, kwh = servers_owned(own), metered_kwh(own)
    return {
        "servers": servers,
        "gpus": servers * own.option.gpus_per_server,
        "utilization": average_utilization(own, servers),
        "energy_kwh": kwh,
        "carbon_kgco2e": carbon_kgco2e(own, kwh),
        **overhead_quantities(own, time_to_first_token_s(own), time_per_token_ms(own)),
    }


def _bridged(task: Task[OnPrem], own: Result) -> Result:
    """`own` with what the bridge charges for use, exposes and puts users through until delivery."""
    meanwhile = bridge(task)
    loss = own.lines["incident_loss"] + meanwhile.lines.get("incident_loss", 0)

    def quantities() -> dict[str, Value]:
        return {**own.quantities, **{name: met(name) for name in EXPERIENCED}}

    def met(name: str) -> Value:
        return own.quantities[name] + meanwhile.quantities.get(name, 0)

    lines = {**own.lines, **lines_of(task, bridge_usd), "incident_loss": loss}
    return Result(lines, Deferred(quantities, **{CARRIED: lambda: met(CARRIED)}))
