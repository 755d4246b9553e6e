"""A forecast shaped like FOCUS, the FinOps Open Cost and Usage Specification: its column names, one row a charge.

FOCUS describes bills. A forecast is none, so the file is called shaped, never conformant: `x_IsForecast` is true in
every row, no invoice stands behind it, and each option of the comparison is a billing account of its own, because the
options are alternatives and must not be added up.

BilledCost is cash, EffectiveCost accrual. A purchase covers later charges, so it stands twice, as FOCUS asks: billed
when it is paid, with no effective cost, and effective month by month, with nothing billed. So the rows of an option add
up to its cash and to its accrual. ListCost and ContractedCost go with the effective cost alone: where nothing is
discounted they are the same sum. What is paid for its own month, a salary or a token, is usage of that month.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from costmodel.comparison import Comparison, OptionCost
from costmodel.errors import ScenarioError
from costmodel.lines import LINES
from pricing.currency import USD, Currency
from reports.files.csv_text import MACHINE, csv_bytes
from reports.files.focus_charges import OWN, charge, consumed, pricing, product, seller
from reports.files.tables import booked, paid
from reports.words.dates import month_begin

COLUMNS = (
    "BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "BillingCurrency", "PricingCurrency",
    "BillingAccountId", "BillingAccountName", "BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart",
    "ChargePeriodEnd", "ChargeCategory", "ChargeClass", "ChargeFrequency", "ChargeDescription", "ServiceCategory",
    "ServiceSubcategory", "ServiceName", "ServiceProviderName", "HostProviderName", "InvoiceIssuerName", "InvoiceId",
    "SkuId", "SkuPriceId", "PricingCategory", "PricingQuantity", "PricingUnit", "ListUnitPrice", "ContractedUnitPrice",
    "ConsumedQuantity", "ConsumedUnit", "x_IsForecast", "x_ScenarioName", "x_OptionId", "x_OptionName", "x_LineId",
    "x_LineName", "x_GroupName", "x_Month",
)  # fmt: skip
RENAMED = {"1.4": {}, "1.2": {"ServiceProviderName": "ProviderName", "HostProviderName": "PublisherName"}}
VERSIONS = tuple(RENAMED)


@dataclass(frozen=True)
class _Charges:
    """The charges of one kind that a line makes, by month."""

    category: str
    frequency: str
    billed: np.ndarray
    effective: np.ndarray
    list_ratio: float = 1.0


def focus(comparison: Comparison, *, version: str = "1.4", scenario: str = "", currency: Currency = USD) -> bytes:
    """The forecast as CSV. Raises ScenarioError when there is no such version."""
    if version not in VERSIONS:
        raise ScenarioError(f"FOCUS {version!r:.20} is not offered; there are {' and '.join(VERSIONS)}.")
    periods = _periods(comparison)
    rows = (row for cost in comparison.costs.values() for row in _rows(cost, periods, scenario, currency))
    renamed = RENAMED[version]
    return csv_bytes([renamed.get(name, name) for name in COLUMNS], rows, MACHINE)


def _periods(comparison: Comparison) -> list[tuple[str, str]]:
    months = range(comparison.months.size + 1)
    begins = [f"{month_begin(comparison.scenario, column)}T00:00:00Z" for column in months]
    return list(pairwise(begins))


def _rows(cost: OptionCost, periods: Sequence[tuple[str, str]], scenario: str, currency: Currency) -> Iterable[list]:
    for name in cost.line_totals():
        measure, amounts = consumed(cost, name, len(periods))
        for charges in _charges(cost, name):
            fixed = _fixed(cost, name, charges, scenario, currency)
            bought = charges.category in ("Usage", "Purchase")
            used = charges.category == "Usage" and measure is not None
            for column in np.flatnonzero((charges.billed != 0) | (charges.effective != 0)).tolist():
                billed = float(charges.billed[column]) * currency.per_usd
                effective = float(charges.effective[column]) * currency.per_usd
                contracted = effective * (charges.list_ratio if charge(name).commits else 1)
                listed = effective * charges.list_ratio
                counted = bool(used and amounts[column] > 0)
                quantity = float(amounts[column]) / measure.per if counted else 1.0
                consumed_here = (float(amounts[column]), measure.unit) if counted else (1.0, "Units")
                yield [
                    billed, effective, listed, contracted, *fixed[0], *periods[column], *periods[column], *fixed[1],
                    *((quantity, (measure.pricing_unit or measure.unit) if counted else "Units", listed / quantity,
                       contracted / quantity) if bought else ("",) * 4),
                    *(consumed_here if charges.category == "Usage" else ("", "")), *fixed[2], column,
                ]  # fmt: skip


def _charges(cost: OptionCost, name: str) -> list[_Charges]:
    """The kinds of charge that a line makes: by use, for each month, or paid at one time and used at another."""
    line, known = LINES[name], charge(name)
    cash, accrued = paid(cost, name), booked(cost, name)
    nothing, ratio = np.zeros(cash.shape), cost.option.list_price_ratio(name)
    if line.nature in ("credit", "end_credit"):
        return [_Charges("Adjustment", "One-Time", cash, accrued)]
    once = line.nature == "purchase"
    if once or known.commits or line.in_advance:
        return [
            _Charges("Purchase", "One-Time" if once else "Recurring", cash, nothing),
            _Charges("Usage", "Recurring", nothing, accrued, ratio),
        ]
    return [_Charges("Usage", "Usage-Based" if line.usage or known.measure else "Recurring", cash, accrued, ratio)]


def _fixed(cost: OptionCost, name: str, charges: _Charges, scenario: str, currency: Currency) -> tuple[list[Any], ...]:
    """The cells that all months of a line's charges share: before the periods, after them, and at the end."""
    line, known, sold_by, what = LINES[name], charge(name), seller(cost, name), product(cost, name)
    bought = charges.category in ("Usage", "Purchase")
    host = sold_by if known.sold else OWN
    return (
        [currency.code, "USD", f"forecast-{cost.slug}", cost.label],
        [charges.category, "", charges.frequency, line.label, known.service, known.subcategory, line.label, sold_by,
         host, sold_by, "", what if bought else "", f"{cost.slug}.{name}" if bought else "",
         pricing(cost, name, charges.category) if bought else ""],
        [True, scenario, cost.slug, cost.label, name, line.label, line.group],
    )  # fmt: skip
