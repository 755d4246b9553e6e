"""What the figures on a chart rest on, in a line."""

from pricing.documents import Opened
from pricing.token_prices import PRICES_AS_OF
from reports.words.dates import day


def sourced(opened: Opened) -> str:
    """'Prices of 10 November 2026', and that there are others where the reader entered or read in some."""
    own = " and your own entries" if opened.entered or opened.imported or opened.own else ""
    return f"Token prices of {day(PRICES_AS_OF)}{own}."
