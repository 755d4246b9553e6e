"""The bill of what runs today, as a scenario keeps it beside the option that it is for."""

from dataclasses import asdict, dataclass
from typing import Any

from costmodel.scenario import Scenario


@dataclass(frozen=True)
class MetBill:
    """What was billed for a month, and what the usage that it covers costs at the list prices of its days, both USD.

    `option` is the slug of what runs today; the discount that it states is the only one that counts. `of` is the month,
    such as October 2026, or empty where it is a month as its reader tells it; `source` where both are from.
    `uncovered_usd` is the list price of usage of that month which is on no bill.
    """

    option: str
    billed_usd: float
    list_usd: float
    of: str = ""
    source: str = ""
    uncovered_usd: float = 0.0

    def unexplained_usd(self, scenario: Scenario) -> float | None:
        """What is left of the bill after usage at list price less the stated discount; None once the option is gone."""
        option = scenario.options.get(self.option)
        discount = option.negotiated_discount() if option else None
        return None if discount is None else self.billed_usd - self.list_usd * (1 - float(discount))


def written(bill: MetBill | None) -> dict[str, Any]:
    """The bill as a part of a document; empty where there is none."""
    return asdict(bill) if bill else {}
