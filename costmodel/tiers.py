"""Prices by bands of a quantity: support plans by the bill, data transfer by the gigabytes of a month."""

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np

from costmodel.arrays import Value
from costmodel.demand import Task, answer_tokens, month, serves_month
from costmodel.fields import Number, Record
from costmodel.lines import line
from costmodel.quantity import is_off, quantity, remembered
from costmodel.units import BYTES_PER_GB, index


class SupportPlan(Record):
    """A provider's support plan: shares of the monthly bill in bands, and a minimum."""

    minimum_usd_per_month: Annotated[float, Number("USD/month", 0, 1e7, "Least fee of the plan.")]
    band_1_to_usd_per_month: Annotated[float, Number("USD/month", 0, 1e12, "Bill up to which the first band reaches.")]
    band_2_to_usd_per_month: Annotated[float, Number("USD/month", 0, 1e12, "Bill up to which the second band reaches.")]
    band_3_to_usd_per_month: Annotated[float, Number("USD/month", 0, 1e12, "Bill up to which the third band reaches.")]
    band_1_frac: Annotated[float, Number("share", 0, 1, "Fee on the first band of the bill.")]
    band_2_frac: Annotated[float, Number("share", 0, 1, "Fee on the second band of the bill.")]
    band_3_frac: Annotated[float, Number("share", 0, 1, "Fee on the third band of the bill.")]
    band_4_frac: Annotated[float, Number("share", 0, 1, "Fee on the rest of the bill.")]


class Transfer(Record):
    """A provider's prices of data transfer, in bands of the gigabytes of one month; the first may be free."""

    band_1_to_gb_per_month: Annotated[
        float, Number("GB/month", 0, 1e12, "Transfer up to which the first band reaches.")
    ]
    band_2_to_gb_per_month: Annotated[
        float, Number("GB/month", 0, 1e12, "Transfer up to which the second band reaches.")
    ]
    band_3_to_gb_per_month: Annotated[
        float, Number("GB/month", 0, 1e12, "Transfer up to which the third band reaches.")
    ]
    band_1_usd_per_gb: Annotated[float, Number("USD/GB", 0, 10, "Price of a gigabyte in the first band.")]
    band_2_usd_per_gb: Annotated[float, Number("USD/GB", 0, 10, "Price of a gigabyte in the second band.")]
    band_3_usd_per_gb: Annotated[float, Number("USD/GB", 0, 10, "Price of a gigabyte in the third band.")]
    band_4_usd_per_gb: Annotated[float, Number("USD/GB", 0, 10, "Price of each further gigabyte.")]
    price_change_per_year: Annotated[float, Number("per year", -0.5, 1, "Yearly change of the prices of transfer.")]


def in_bands(amount: Value, tops: Sequence[float], rates: Sequence[float]) -> Value:
    """Sum over bands of the part of an amount that falls into the band times its rate; the last band has no top.

    Shape: `amount` broadcast with tops and rates; unit: that of amount times rate. A top below the one before it leaves
    its band empty.
    """
    total: Value = 0
    low: Value = 0
    for top, rate in zip(tops, rates[:-1], strict=True):
        if not is_off(rate):
            total = total + rate * np.minimum(np.maximum(amount - low, 0), np.maximum(top - low, 0))
        low = np.maximum(top, low)
    return total if is_off(rates[-1]) else total + rates[-1] * np.maximum(amount - low, 0)


def support_fee(plan: SupportPlan, bill: Value, months: Value = 1) -> Value:
    """USD: each band's share of the part of a bill that falls into it, at least the plan's minimum for its months."""
    tops = (plan.band_1_to_usd_per_month, plan.band_2_to_usd_per_month, plan.band_3_to_usd_per_month)
    rates = (plan.band_1_frac, plan.band_2_frac, plan.band_3_frac, plan.band_4_frac)
    return np.maximum(in_bands(bill, tops, rates), plan.minimum_usd_per_month * months)


@line("Support plan", "Support and licences", way="a flat fee")
def support_usd(task: Task[Any]) -> Value:
    """The flat fee of the provider's support plan, in the months that the option serves."""
    # USD/month = share * USD/month
    return serves_month(task) * task.option.support_usd_per_month


@quantity("GB/month", "Answers sent by the provider")
def answers_gb(task: Task[Any]) -> Value:
    """GB a month that leave the provider: the tokens that readers get, with the wrapping around the text.

    What goes in is not counted: no cloud charges for it. Nor is hidden reasoning, which stays where it is.
    """
    # GB/month = tokens/month * bytes/token / (bytes/GB)
    return answer_tokens(task) * (task.scenario.workload.transfer_bytes_per_token / BYTES_PER_GB)


@line("Data transfer", "Network and storage", usage=True)
@remembered
def transfer_usd(task: Task[Any]) -> Value:
    """The answers that leave the provider, priced in bands of the month's gigabytes.

    Assumes that nothing else of the company counts towards the bands; with other traffic beside it more gigabytes would
    fall into the cheaper bands, and fewer into a free one.
    """
    transfer = task.option.transfer
    tops = (transfer.band_1_to_gb_per_month, transfer.band_2_to_gb_per_month, transfer.band_3_to_gb_per_month)
    rates = (
        transfer.band_1_usd_per_gb,
        transfer.band_2_usd_per_gb,
        transfer.band_3_usd_per_gb,
        transfer.band_4_usd_per_gb,
    )
    prices = index(transfer.price_change_per_year, month(task.scenario) - 1)
    # USD/month = GB/month * USD/GB
    return in_bands(answers_gb(task), tops, rates) * prices
