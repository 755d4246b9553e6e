"""How the numbers of a page are written: as the reader's browser has it, or as was chosen; no part of a scenario."""

from functools import lru_cache

import streamlit as st
from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol

from costmodel.numerals import ENGLISH, Marks, written_with
from reports.words.text import figure

SPACE = "\u00a0"  # between thousands, of whatever width a locale has it: every font has this one
AS_BROWSER, KEY = "As your browser has it", "numbers"
OFFERED = [ENGLISH, Marks(",", "."), Marks(",", SPACE), Marks(".", "\u2019")]
EXAMPLE = 1234.5


def marks() -> Marks:
    """The marks for who looks at the page."""
    return st.session_state.get(KEY) or of_locale(st.context.locale or "")


@lru_cache(maxsize=256)
def of_locale(tag: str) -> Marks:
    """The marks of a language tag such as de-CH; English ones where it names no known locale."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return ENGLISH
    decimal, group = (symbol(locale, numbering_system="latn") for symbol in (get_decimal_symbol, get_group_symbol))
    return Marks(decimal, SPACE if group.isspace() else group.replace("'", "\u2019"))


def choice() -> None:
    """The input for it."""
    st.selectbox("Numbers as", [None, *OFFERED], key=KEY, format_func=_told,
                 help="On pages and papers. CSV files have a choice of their own; a workbook follows the program that "
                      "opens it. Kept for this visit, not with the scenario.")  # fmt: skip


def _told(wanted: Marks | None) -> str:
    if wanted is None:
        return AS_BROWSER
    with written_with(wanted):
        return figure(EXAMPLE)
