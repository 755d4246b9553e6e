"""One box that finds everything: pages, options and numbers by their words; what is found is one press away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from costmodel.numerals import numeral
from costmodel.scenario import Scenario, paths
from dashboard import components, numbers_as, option_editor, state
from dashboard.navigation import SECTIONS, page
from pricing.selectors import picked_of
from reports.words.catalogue import named
from reports.words.finding import has_all, in_our_words, matching
from reports.words.labels import path_name
from reports.words.method import glossary
from reports.words.money import offered_currencies

BOX, GO, FOCUS = "find", "find:go", "find:focus"
LEAST_LETTERS, MOST = 2, 7
HOMES = {  # beginning of a path, the longest that fits -> page, and what has to be open there
    "workload": ("workload", ()),
    "workload.season": ("workload", ("season",)),
    "workload.day": ("workload", ("day",)),
    "workload.time_zone": ("workload", ("day",)),
    "application": ("workload", ()),
    "energy": ("workload", ()),
    "finance": ("workload", ()),
    "finance.tax_rate_frac": ("break_even", ()),
    "finance.depreciation": ("break_even", ()),
    "people": ("people", ()),
    "risk": ("people", ()),
    "rules": ("trade_offs", ()),
}
BESIDE = {  # key of an input beside all pages -> its label, and its choices, which of currencies are their codes
    "currency": ("Amounts in", ""),
    numbers_as.KEY: ("Numbers as", "decimal point comma"),
    "preset": ("Start from", "preset example"),
    state.UNDISCOUNTED: ("Undiscounted cash", "nominal"),
}


@dataclass(frozen=True)
class Hit:
    """A place that was found: what it is called, its page, what must be chosen there, the input to begin at.

    What is beside all pages has none.
    """

    label: str
    page: str
    chosen: Mapping[str, Any] = field(default_factory=dict)
    focus: str = ""


def box() -> None:
    """The box and what it finds, best first."""
    wanted = st.text_input("Find a page, an option or a number", key=BOX, type="search", live=True,
                           placeholder="Find anything", label_visibility="collapsed")  # fmt: skip
    if len(wanted.strip()) < LEAST_LETTERS:
        return
    found = list(hits(state.scenario(), wanted))
    for place, hit in enumerate(found[:MOST]):
        st.button(components.plain(hit.label), key=f"found:{place}", type="tertiary", on_click=_go, args=(hit,))
    if not found:
        st.caption("Nothing is called so. Try one word, such as wage or discount.")
    elif len(found) > MOST:
        st.caption(f"And {numeral(len(found) - MOST, ',')} more: another word tells them apart.")


def follow() -> None:
    """Change to the page of what was chosen, at the start of the run after."""
    if name := st.session_state.pop(GO, ""):
        st.switch_page(page(name))


def hits(scenario: Scenario, wanted: str) -> Iterator[Hit]:
    """All that has every word, as the product says it or as it was written: each place once."""
    seen = set()
    for words in in_our_words(wanted):
        for hit in _called(scenario, words):
            if (hit.page, hit.label) not in seen:
                seen.add((hit.page, hit.label))
                yield hit


def _called(scenario: Scenario, wanted: str) -> Iterator[Hit]:
    """Pages, inputs beside them, options by their names and choices, numbers, catalogues, words of the field."""
    codes = " ".join(offered_currencies())
    for key, (label, words) in BESIDE.items():
        if has_all(wanted, f"{label} {words or codes}"):
            yield Hit(label, "", focus=key)
    for section, pages in SECTIONS.items():
        for name, (title, _) in pages.items():
            if has_all(wanted, f"{title} {section}"):
                yield Hit(f"Page {title}", name)
    for slug, option in scenario.options.items():
        if has_all(wanted, " ".join(map(str, (option.label, option.title, *picked_of(option).values())))):
            yield Hit(f"Option {option.label}", "options", {"option": slug})
    for path in matching(scenario, wanted, paths(scenario)):
        if not path.endswith(".kind"):
            yield of_path(scenario, path)
    for catalogue in named(wanted):
        yield Hit(f"{catalogue} in the catalogues", "prices", {"catalogue": catalogue, "catalogue_find": wanted})
    for word, *_ in glossary():
        if has_all(wanted, word):
            yield Hit(f"What {word} means", "method")


def of_path(scenario: Scenario, path: str) -> Hit:
    """Where the number or choice at a path is entered."""
    label = path_name(scenario, path)
    if path.startswith("options."):
        return Hit(label, "options", *option_editor.place_of(scenario, path))
    name, opened = HOMES[max((start for start in HOMES if f"{path}.".startswith(f"{start}.")), key=len)]
    return Hit(label, name, dict.fromkeys(opened, True), f"field:{path}")


def _go(hit: Hit) -> None:
    st.session_state.update({**hit.chosen, BOX: "", GO: hit.page, FOCUS: hit.focus})
