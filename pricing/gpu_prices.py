"""GPU-hours: terms that have a price, which row has a second source, and whether the two are too far apart to trust."""

from collections.abc import Mapping
from functools import cache

from pricing.facts import DIFFERS_FROM_FRAC, GpuCommitment, GpuInstance, GpuPriceCheck, Own, offered, rows


def second(row: GpuInstance) -> GpuPriceCheck | None:
    """What another source says of the same instance; None where one source is all there is."""
    return _checks().get((row.provider, row.name))


def differs(row: GpuInstance) -> bool:
    """Whether the dearer of the two sources is more than `DIFFERS_FROM_FRAC` above the cheaper."""
    other = second(row)
    return other is not None and _apart(row, other) > DIFFERS_FROM_FRAC


def with_second(row: GpuInstance) -> GpuInstance:
    """The row, with a sentence about the second source in its remark, which is kept and so has nobody's own marks."""
    other = second(row)
    if other is None:
        return row
    told = f"A second source has {other.on_demand_usd_per_gpu_hour:g} USD ({other.source}, {other.as_of})"
    mark = f"; the dearer is {_apart(row, other):.0%} above the cheaper." if differs(row) else "."
    return row.model_copy(update={"why": f"{told}{mark} {row.why}".strip()})


def commitments(row: GpuInstance, own: Own = ()) -> Mapping[int, GpuCommitment]:
    """Months of a term -> what is asked for the instance under it; empty where nobody publishes that."""
    found: dict[int, GpuCommitment] = {}
    for one in offered(GpuCommitment, own):
        if (one.provider, one.instance) == (row.provider, row.name):
            found.setdefault(one.term_months, one)
    return dict(sorted(found.items()))


def _apart(row: GpuInstance, other: GpuPriceCheck) -> float:
    low, high = sorted((row.on_demand_usd_per_gpu_hour, other.on_demand_usd_per_gpu_hour))
    return high / low - 1


@cache
def _checks() -> Mapping[tuple[str, str], GpuPriceCheck]:
    return {(check.provider, check.instance): check for check in rows(GpuPriceCheck)}
