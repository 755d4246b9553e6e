"""Heavy work that this process does itself, such as maps, plans and papers: few pieces at once, one for each visitor.

Draws go to workers. What is left holds the interpreter and much memory, so nobody gets more of it than one piece at a
time, and all together no more than the pages of the others bear. Who waits is let go as soon as the reader moves on.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Protocol, TypeVar

import streamlit as st

from dashboard import turns

T = TypeVar("T")
AT_ONCE = 2  # pieces of all visitors: one may be long without holding up the next
LOOK_SECONDS = 0.05  # after which a reader who waits is asked whether he still does
_places = BoundedSemaphore(AT_ONCE)


class Holdable(Protocol):
    """What one holder has at a time, or a few."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Whether it was got in time."""

    def release(self) -> None:
        """Let the next one have it."""


def interruption() -> None:
    """Let Streamlit end this run if the reader has moved on: it does so when somebody looks into the session."""
    turns.over()
    st.session_state.get("history")


def turn() -> Lock:
    """What a visitor's pieces wait for in turn; to be asked for while the page is drawn."""
    return st.session_state.setdefault("turn", Lock())


def done(work: Callable[[], T]) -> T:
    """What `work` gives, once it is its turn."""
    with _held(turn(), interruption), _held(_places, interruption):
        return work()


def later(work: Callable[[], T]) -> Callable[[], T]:
    """`work` for a button that makes a file on the click, when no page is drawn."""
    mine = turn()

    def made() -> T:
        with mine, _places:
            return work()

    return made


def steps(work: Callable[[], Iterable[T]]) -> Iterator[T]:
    """The steps of work that is watched, once it is its turn and until it is done or given up."""
    with _held(turn(), interruption), _held(_places, interruption):
        yield from work()


@contextmanager
def _held(what: Holdable, meanwhile: Callable[[], None]) -> Iterator[None]:
    turns.over()
    while not what.acquire(timeout=LOOK_SECONDS):
        meanwhile()
    try:
        yield
    finally:
        what.release()
