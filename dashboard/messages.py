"""What was said of an input, beside it by its key: why it was refused, how it was read, that a file was opened."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

TOP = ""  # the place of what concerns no input: the top of the page


@dataclass(frozen=True)
class Entry:
    """Where something was entered: the key of the input and, of a text, what was typed and what had stood there."""

    at: str = TOP
    text: str | None = None
    value: Any = None


@dataclass(frozen=True)
class Told:
    """A sentence about an entry. A refused text stands in its input while the scenario's own value stays.

    `readings` are the values to choose from where the text can be read in two ways.
    """

    sentence: str
    entry: Entry
    refused: bool = True
    readings: tuple[float, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether a text is there to be corrected."""
        return self.entry.text is not None


PAGE = Entry()


def refuse(sentence: str, entry: Entry = PAGE, readings: tuple[float, ...] = ()) -> None:
    """Say beside an input why it was not taken, and keep its text there; nothing else changes."""
    _tell(Told(sentence, entry, readings=readings))


def settle(at: str) -> None:
    """Forget what was said of an entry, now that it was taken."""
    forget(but=lambda told: told.waits and told.entry.at != at)


def say(sentence: str, at: str) -> None:
    """Say beside an input what became of it."""
    _tell(Told(sentence, Entry(at), refused=False))


def _tell(told: Told) -> None:
    st.session_state.told = {**st.session_state.told, told.entry.at: told}


def arrive(page: str) -> None:
    """What was said stays on the page where it was said; only a refused text waits for its reader to come back."""
    if st.session_state.setdefault("page", page) != page:
        st.session_state.page = page
        forget(but=lambda told: told.waits)


def told(at: str = TOP) -> Told | None:
    """What there is to say about the last entry into an input."""
    return st.session_state.told.get(at)


def forget(but: Callable[[Told], bool] = lambda _: False) -> None:
    """Forget what was said, all but what is named."""
    st.session_state.told = {at: told for at, told in st.session_state.told.items() if but(told)}
