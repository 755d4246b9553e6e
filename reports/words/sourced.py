"""What the figures on a chart rest on, in a line."""

from costmodel.scenario import numbers
from pricing.dates import day
from pricing.documents import Opened
from pricing.token_prices import PRICES_AS_OF

TOKEN_PRICE = "input_usd_per_mtok"


def sourced(opened: Opened) -> str:
    """'Token prices of 10 November 2026.', where tokens are rented; and that there are entries of the reader's own."""
    if not any(path.endswith(TOKEN_PRICE) for path in numbers(opened.scenario)):
        return own_words(opened)
    own = " and your own entries" if _has_own(opened) else ""
    return f"Token prices of {day(PRICES_AS_OF)}{own}."


def own_words(opened: Opened) -> str:
    """That the figures rest on what the reader entered or read in too; empty where there is nothing of the kind."""
    return "With your own entries." if _has_own(opened) else ""


def _has_own(opened: Opened) -> bool:
    return bool(opened.entered or opened.imported or opened.own)
