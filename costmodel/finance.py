"""Cash flows to the figures that finance asks for; and the one table that says what each cost line is."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, Literal

import numpy as np

from costmodel.arrays import Array, Value
from costmodel.cohorts import in_service, shifted
from costmodel.demand import month
from costmodel.option import Result
from costmodel.quantity import quantity
from costmodel.scenario import Scenario
from costmodel.units import ROUNDING_TOLERANCE, index

# groups of lines that a team or a programme causes: one for all options that serve together
OVERHEADS = frozenset({"People", "Tuning", "Governance", "One-time", "Application"})


@dataclass(frozen=True)
class Line:
    """What a cost line is. `nature` decides its place in break-even, `spread_over` its accrual, `usage` the bridge.

    A running line is for the month it stands in or, when paid `in_advance`, for the next one. `spread_over` and
    `starts_after` name fields of the option: the months over which a purchase is accrued, and those that pass before
    that begins. For taxes such a purchase is an asset that is depreciated, unless it is `prepaid`: paid for a time.
    """

    label: str
    group: str
    nature: Literal["running", "purchase", "credit", "end_credit"] = "running"
    spread_over: str | None = None
    starts_after: str | None = None
    usage: bool = False
    prepaid: bool = False
    in_advance: bool = False

    @property
    def due_in_month(self) -> bool:
        """Whether it is paid within its month, at the start or end as the scenario says, and not on a column's day."""
        return self.nature == "running" and not self.in_advance

    @property
    def overhead(self) -> bool:
        """Whether options that serve together have it once: it is a team's or a programme's, and not paid by use."""
        return self.group in OVERHEADS and not self.usage


LINES = {
    "input_tokens": Line("Input tokens", "Tokens", usage=True),
    "cache_reads": Line("Cached input tokens", "Tokens", usage=True),
    "cache_writes": Line("Cache writes", "Tokens", usage=True),
    "output_tokens": Line("Output tokens", "Tokens", usage=True),
    "cache_storage": Line("Storage of kept caches", "Tokens", usage=True),
    "provisioned": Line("Reserved units of an API", "Tokens", usage=True),
    "shortfall": Line("Committed spending not used", "Tokens"),
    "seats": Line("Seats", "Seats"),
    "seats_upfront": Line("Seats, paid by the year", "Seats", "purchase", "prepaid_months", prepaid=True),
    "unexpired_seats": Line("Prepaid seats not yet used", "Seats", "end_credit"),
    "gpu_hours": Line("GPU-hours on demand", "GPU rental", usage=True),
    "commitment": Line("GPU commitment, monthly", "GPU rental"),
    "commitment_upfront": Line("GPU commitment, upfront", "GPU rental", "purchase", "term_months", prepaid=True),
    "unexpired_commitment": Line("Prepaid time not yet used", "GPU rental", "end_credit"),
    "storage": Line("Storage", "Network and storage"),
    "transfer": Line("Data transfer", "Network and storage", usage=True),
    "support": Line("Support plan", "Support and licences"),
    "servers": Line("Servers", "Hardware", "purchase", "refresh_months", "delivery_months"),
    "network_and_storage": Line(
        "Network and storage equipment", "Hardware", "purchase", "refresh_months", "delivery_months"
    ),
    "installation": Line("Installation", "Hardware", "purchase", "refresh_months", "delivery_months"),
    "lease": Line("Server lease", "Hardware", in_advance=True),
    "resale": Line("Resale of replaced servers", "Hardware", "credit"),
    "residual_value": Line("Residual value at the end", "Hardware", "end_credit"),
    "decommissioning": Line("Decommissioning", "Hardware"),
    "devices": Line("Devices", "Hardware", "purchase", "life_months"),
    "device_provisioning": Line("Provisioning of devices", "Hardware", "purchase", "life_months"),
    "device_resale": Line("Resale of replaced devices", "Hardware", "credit"),
    "device_residual_value": Line("Residual value of devices at the end", "Hardware", "end_credit"),
    "maintenance": Line("Maintenance", "Site and upkeep"),
    "energy": Line("Electricity", "Site and upkeep"),
    "colocation": Line("Space and colocation", "Site and upkeep"),
    "device_management": Line("Device management", "Site and upkeep"),
    "device_energy": Line("Electricity of devices", "Site and upkeep"),
    "federated_energy": Line("Electricity of training on devices", "Site and upkeep"),
    "model_updates": Line("Model updates to devices", "Network and storage"),
    "federated_transfer": Line("Transfer of federated updates", "Network and storage"),
    "federated_aggregation": Line("Aggregation of federated updates", "Tuning"),
    "licences": Line("Software licences", "Support and licences"),
    "coordination": Line("Coordination of several providers", "Support and licences"),
    "bridge": Line("Bridge until delivery", "Tokens"),
    "staff": Line("Staff", "People"),
    "hiring": Line("Hiring", "People"),
    "fleet_staff": Line("Fleet engineers", "People"),
    "training": Line("Training of own staff", "People"),
    "ramp_up": Line("Ramp-up of new staff", "People"),
    "tuning": Line("Tuning", "Tuning"),
    "tuning_data": Line("Tuning data and evaluation", "Tuning"),
    "embeddings": Line("Embeddings", "Retrieval and guardrails", usage=True),
    "vector_search": Line("Index and search", "Retrieval and guardrails", usage=True),
    "reranking": Line("Reranking", "Retrieval and guardrails", usage=True),
    "moderation": Line("Moderation", "Retrieval and guardrails", usage=True),
    "gateway": Line("Gateway and log", "Retrieval and guardrails", usage=True),
    "application_build": Line("Building the application", "Application", "purchase"),
    "application_run": Line("Running the application", "Application"),
    "application_use": Line("Use of the application", "Application", usage=True),
    "assessment": Line("Assessment", "Governance", "purchase"),
    "controls": Line("Audits and controls", "Governance"),
    "data_protection": Line("Data protection", "Governance"),
    "incident_loss": Line("Expected loss from incidents", "Risk"),
    "migration": Line("Migration", "One-time", "purchase"),
    "parallel_running": Line("Parallel running", "One-time", "purchase"),
}


def summed(arrays: Iterable[Any]) -> Array:
    """Sum of arrays that may have different leading shapes; what is the same in all runs is added up first, once."""
    return reduce(add, sorted(arrays, key=np.size))


def usage_cost(result: Result) -> Array:
    """USD by month of the lines that are paid by use."""
    return summed(value for name, value in result.lines.items() if LINES[name].usage)


def accrual(name: str, cash: Array, option: Any) -> Array:
    """Cost of each month as finance books it: purchases in equal parts over their life, other lines for their month.

    Credits at the end are not booked: they are the proceeds against what `book_value` leaves. So over the horizon
    accrual + book value - proceeds = cash.
    """
    line = LINES[name]
    if line.nature == "end_credit":
        return 0 * cash
    if line.in_advance:
        return shifted(cash, 1)
    if line.spread_over is None:
        return cash
    life = getattr(option, line.spread_over)
    return in_service(from_use(name, cash, option), 1, life) / life


def book_value(name: str, cash: Array, option: Any) -> Array:
    """What a purchase line is still worth in the books at the end of the horizon. Shape (...,)."""
    line = LINES[name]
    if line.spread_over is None and not line.in_advance:
        return 0 * cash[..., 0]
    return cash.sum(axis=-1) - accrual(name, cash, option).sum(axis=-1)


def from_use(name: str, cash: Array, option: Any) -> Array:
    """`cash` of a purchase, moved to the column after which what was bought is in use. Shape (..., T+1)."""
    line = LINES[name]
    return shifted(cash, getattr(option, line.starts_after)) if line.starts_after else cash


@quantity("ratio", "Discount factors")
def discount_factors(scenario: Scenario) -> Value:
    """Worth today of 1 USD paid at each column, at the effective monthly rate. Shape (..., T+1)."""
    return index(scenario.finance.discount_rate_per_year, -month(scenario))


@quantity("ratio", "Discount factors of running costs")
def running_discount_factors(scenario: Scenario) -> Value:
    """Discount factors for running costs: those of the month's end, or of its start when they are paid then.

    What is paid in advance is paid on the day of its column whatever the setting.
    """
    if scenario.finance.running_costs_at == "month_end":
        return discount_factors(scenario)
    return index(scenario.finance.discount_rate_per_year, -np.maximum(month(scenario) - 1, 0))


def last_crossing(balance: Array) -> Array:
    """Position on the last axis after which `balance` stays above zero: 0 when it always is, NaN when it ends below.

    Interpolates between columns. The tolerance is 1e-9 of the largest balance.
    """
    noise = np.abs(balance).max(axis=-1, keepdims=True) * ROUNDING_TOLERANCE
    columns = np.arange(balance.shape[-1])
    below = balance < -noise
    last_below = np.where(below, columns, -1).max(axis=-1, keepdims=True)
    before = np.take_along_axis(balance, np.maximum(last_below, 0), axis=-1)
    after = np.take_along_axis(balance, np.minimum(last_below + 1, columns[-1]), axis=-1)
    step = np.where(after == before, 1, after - before)
    position = np.where(last_below < 0, 0, np.where(last_below == columns[-1], np.nan, last_below - before / step))
    return position[..., 0]


def annuity_factor(rate_per_year: Value, years: Value) -> Array:
    """Present value of 1 a year, paid at the end of each of so many years, which need not be whole."""
    safe = np.where(rate_per_year == 0, 1.0, rate_per_year)
    return np.where(rate_per_year == 0, years, (1 - (1 + safe) ** -years) / safe)
