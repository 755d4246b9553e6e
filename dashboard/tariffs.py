"""The area or the contract whose tariff the scenario has: one choice sets the tariff and, of an area, its grid."""

import streamlit as st

from dashboard import own_prices, state
from dashboard.fact_select import fact_select
from dashboard.sources import cited
from pricing import tariffs
from pricing.facts import ElectricityPrice


def tariff_select() -> None:
    """The choice, contracts of the reader's own first, with the sources."""
    own = own_prices.known()
    now, mine = tariffs.area_of(state.scenario().energy, own), {r.name for r in own if isinstance(r, ElectricityPrice)}
    fact_select(
        "tariff_of", "Electricity as in", list(tariffs.areas(own)), now,
        lambda name: {f"energy.{field}": value for field, value in tariffs.area(name, own)["energy"].items()},
        "Sets the tariff and the carbon of the grid to those of the area, or the tariff to that of a contract of your "
        "own from the Prices page; undo brings the old ones back.",
        own, lambda name: f"{name} · yours" if name in mine else name,
    )  # fmt: skip
    if now:
        st.caption("  \n".join(dict.fromkeys(cited(row) for _, row in tariffs.cited(now, own).values())))
