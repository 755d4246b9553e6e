"""How many moves visitors made and how long they took, since the process began; for the server's metrics."""

import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

LIMITS_S = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))


class Tally:
    """Moves by how long they took. A move is one run of the page: a first visit, a change, another page."""

    def __init__(self) -> None:
        self._lock, self._counts, self._seconds, self.under_way = Lock(), [0] * len(LIMITS_S), 0.0, 0

    @contextmanager
    def move(self) -> Iterator[None]:
        """Count the block as a move, however it ends."""
        began = time.monotonic()
        with self._lock:
            self.under_way += 1
        try:
            yield
        finally:
            took = time.monotonic() - began
            with self._lock:
                self.under_way -= 1
                self._counts[bisect_left(LIMITS_S, took)] += 1
                self._seconds += took

    def told(self) -> tuple[list[int], float]:
        """(moves that took at most each of `LIMITS_S`, seconds of all of them)."""
        with self._lock:
            return [sum(self._counts[: place + 1]) for place in range(len(LIMITS_S))], self._seconds


MOVES = Tally()
