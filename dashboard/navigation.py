"""The pages there are, by section. A page's file, its address and its key are its name."""

from copy import copy
from functools import lru_cache
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parent.parent / "pages"
SECTIONS = {
    "Decide": {
        "overview": ("Overview", "balance"),
        "break_even": ("Break-even", "show_chart"),
        "what_if": ("What if", "casino"),
        "trade_offs": ("Trade-offs", "compare"),
        "compare": ("Compare", "compare_arrows"),
    },
    "Model": {
        "usage": ("Your usage", "upload_file"),
        "workload": ("Workload", "forum"),
        "options": ("Options", "tune"),
        "models": ("Models", "storefront"),
        "sizing": ("Sizing", "memory"),
        "people": ("People and tuning", "groups"),
    },
    "Hand over": {
        "export": ("Export", "download"),
        "present": ("Present", "slideshow"),
        "scenarios": ("Scenarios", "folder_open"),
    },
    "Evidence": {
        "prices": ("Prices", "sell"),
        "method": ("Method", "function"),
        "validation": ("Validation", "verified"),
    },
}
HOME = "overview"


def page(name: str) -> st.Page:
    """A page by its name, for this run: Streamlit writes into it."""
    return copy(_page(name))


@lru_cache  # its file is looked for on the disk
def _page(name: str) -> st.Page:
    title, icon = next(pages[name] for pages in SECTIONS.values() if name in pages)
    return st.Page(FOLDER / f"{name}.py", title=title, icon=f":material/{icon}:", url_path=name, default=name == HOME)


def menu() -> list[st.Page]:
    """All pages in the order of their sections: each one is a click away where the window has room for its name."""
    return [page(name) for pages in SECTIONS.values() for name in pages]
