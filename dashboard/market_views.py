"""What else is sold: the line below the verdict, and what takes a row of the market into the comparison."""

import streamlit as st

from costmodel.comparison import Comparison
from costmodel.scenario import free_slug, with_option
from dashboard import blocks, state
from dashboard.option_editor import free_label
from dashboard.state import Entry
from pricing.market import default_label, rented
from pricing.token_prices import TokenPrice
from reports.market import cheaper

TAKEN = "market_taken"  # where it is said what became of taking a row


def cheaper_line(comparison: Comparison) -> None:
    """What is sold for less and is not compared, with the way to compare it; nothing where there is none."""
    found = cheaper(comparison, state.current().marks)
    if found:
        blocks.statement(found.sentence)
        take_button(found.row, "take_cheaper")


def take_button(row: TokenPrice, key: str) -> None:
    """Take a row of the market into the comparison."""
    st.button("Take it into the comparison", key=key, icon=":material/add:", on_click=_take, args=(row,))
    blocks.said_of(TAKEN)


def _take(row: TokenPrice) -> None:
    label = free_label(default_label(row))
    state.replace(lambda now: with_option(now, free_slug(now, label[:40]), rented(now, row, label)), Entry(TAKEN))
