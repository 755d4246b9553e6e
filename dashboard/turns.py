"""Visitors' pages are drawn one after the other, in the order in which they were asked for.

One interpreter draws them all: side by side, each of forty would take as long as all of them together. A page that is
long, such as one that reads a large file, holds nobody up for more than a moment.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, local

LONG_S = 0.25  # after which the next page is drawn beside this one; most take a fifth of it


@dataclass(frozen=True, eq=False)
class Turn:
    """Where one page is."""

    begun: Event = field(default_factory=Event)
    over: Event = field(default_factory=Event)


_lock, _mine = Lock(), local()
_last = Turn()
_last.begun.set()
_last.over.set()


@contextmanager
def taken() -> Iterator[None]:
    """Draw a page within the block, once it is its turn, until `over` or the block's end."""
    global _last
    _mine.turn = turn = Turn()
    with _lock:
        ahead, _last = _last, turn
    ahead.begun.wait()
    ahead.over.wait(LONG_S)
    turn.begun.set()
    try:
        yield
    finally:
        turn.over.set()


def over() -> None:
    """What follows waits for others, or is long and has a queue of its own: the next page may be drawn."""
    if turn := getattr(_mine, "turn", None):
        turn.over.set()
