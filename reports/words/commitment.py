"""A commitment for GPUs that is charged as on demand: why that is so, and which terms have a price."""

from collections.abc import Mapping

from costmodel.errors import ScenarioError
from costmodel.option import Option
from pricing.catalogue import instance_row
from pricing.facts import Own
from pricing.gpu_prices import commitments
from reports.words.text import usd_each, with_unit


def without_discount(option: Option, own: Own = ()) -> str:
    """That an option under a commitment is charged the price on demand, and that none is known for its term.

    Empty for any other option and price.
    """
    if "gpu_instances" not in option.catalogues or not option.paid_round_the_clock():
        return ""
    asked, term = option.on_demand_usd_per_gpu_hour, with_unit(option.term_months, "months")
    if option.reserved_usd_per_gpu_hour != asked:
        return ""
    known = terms(option, own)
    why = "a price is published" if option.term_months in known else "no price is known"
    offered = ", or take a term that has a price" if known else ""
    return (
        f"For {term} of {option.instance} at {option.provider} {why}; the price on demand, {usd_each(asked)} a "
        f"GPU-hour, stands in its place and gives no discount. Enter what you were offered{offered}."
    )


def terms(option: Option, own: Own = ()) -> Mapping[int, float]:
    """Months of a term -> USD per GPU-hour, of the instance that an option rents; empty where nobody says."""
    try:
        row = instance_row(option.provider, option.instance, price=option.on_demand_usd_per_gpu_hour, own=own)
    except ScenarioError:
        return {}  # a name of the reader's own
    return {months: row.usd_per_gpu_hour for months, row in commitments(row, own).items()}


def term_said(months: int, usd_per_gpu_hour: float) -> str:
    """'12 months at $3.00 a GPU-hour'."""
    return f"{with_unit(months, 'months')} at {usd_each(usd_per_gpu_hour)} a GPU-hour"
