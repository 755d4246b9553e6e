"""The area or the contract whose tariff the scenario has: one choice sets the tariff and, of an area, its grid."""

import streamlit as st

from dashboard import components, own_prices, state
from dashboard.messages import Entry
from dashboard.sources import cited
from pricing import tariffs
from pricing.facts import ElectricityPrice

KEY = "tariff_of"
OWN = "Own figures"


def tariff_select() -> None:
    """The choice, seeded from the scenario, contracts of the reader's own first, with the sources."""
    own = own_prices.known()
    now = tariffs.area_of(state.scenario().energy, own)
    st.session_state[KEY] = now
    mine = {row.name: f"{row.name} · yours" for row in own if isinstance(row, ElectricityPrice)}
    told = {**({} if now else {"": OWN}), **{name: mine.get(name, name) for name in tariffs.areas(own)}}
    st.selectbox(
        "Electricity as in",
        list(told),
        format_func=told.get,
        key=KEY,
        on_change=_take,
        help="Sets the tariff and the carbon of the grid to those of the area, or the tariff to that of a contract of "
             "your own from the Prices page; undo brings the old ones back.",
    )  # fmt: skip
    components.said_of(KEY)
    if now:
        st.caption("  \n".join(dict.fromkeys(cited(row) for _, row in tariffs.cited(now, own).values())))


def _take() -> None:
    if name := st.session_state[KEY]:
        own = own_prices.known()
        chosen = tariffs.area(name, own)["energy"]
        state.edit({f"energy.{field}": value for field, value in chosen.items()}, Entry(KEY), own)
