"""A bounded pool of workers that draws for all visitors: one run for equal questions, short runs first.

A long one comes to its turn however many short ones begin: the longer it waits for a slice, the further ahead it gets.
A run is handed out in slices, which are put together in their order; it stops when nobody waits for it any more.
"""

import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, Lock, Thread
from time import monotonic

from answers.worker import Question, Task, Worker
from costmodel.errors import ScenarioError
from costmodel.uncertainty.montecarlo import MonteCarlo, Outcomes, Pair, Tally, monte_carlo
from costmodel.uncertainty.sampling import SLICE, Draws, check_count

MOST_WORKERS = 8  # each holds a fifth of a gigabyte at work
VARIABLE = "CROSSOVER_WORKERS"
Enough = Callable[[MonteCarlo], bool]
LOOK_SECONDS = 0.04  # after which a caller that waits alone is asked whether it still does
DRAWS_A_SECOND = 4 * SLICE  # by which a run that waits gets ahead: ten thousand take a quarter minute at the most busy
SELDOM = 3  # times as long at most where more wait: they take longer, and to ask them all is a tenth of a move


@dataclass(frozen=True, eq=False)
class Asked:
    """What a caller wants: `count` draws or, sooner, `enough` of them, with the months in which `pairs` cross.

    `key` is what the draws depend on, `known` what of them there is already.
    """

    key: str
    draws: Draws
    count: int
    pairs: tuple[Pair, ...]
    known: MonteCarlo | None
    enough: Enough | None


@dataclass(eq=False)
class Run:
    """One run: how far it is, which slices came before their turn, and how many wait for it.

    `since` is when the last slice was handed out, in seconds of the pool's clock.
    """

    tally: Tally
    question: bytes
    pairs: Sequence[Pair]
    changed: Condition
    so_far: MonteCarlo | None
    handed_out: int
    enough: Enough | None
    since: float
    early: dict[int, Outcomes] = field(default_factory=dict)
    waiting: int = 0
    refused: bool = False
    ended: bool = False  # a draw was refused, or there are enough

    @property
    def worked_on(self) -> bool:
        """Whether a slice that was handed out has not come back."""
        return self.handed_out > self.tally.done

    @property
    def open(self) -> bool:
        """Whether there is more to hand out. Where fewer may be enough, the first slice tells."""
        to_be_told = self.enough is not None and self.so_far is None and self.worked_on
        return not self.ended and not to_be_told and self.handed_out < self.tally.wanted

    def take(self, start: int, outcomes: Outcomes | None) -> None:
        """Put a slice where it belongs; None is one that could not be drawn."""
        if outcomes is None:
            self.refused = self.ended = True
        else:
            self.early[start] = outcomes
        while self.tally.done in self.early:
            self.so_far = self.tally.add(self.early.pop(self.tally.done))
        whole = self.tally.done - self.tally.done % SLICE  # callers ask after whole slices alone
        if self.enough is not None and self.so_far is not None and whole:
            self.ended |= self.enough(self.so_far.first(whole))
        self.changed.notify_all()


class Pool:
    """So many workers, started at once; each has a thread that hands it slices and takes what it drew.

    `now` is a clock in seconds.
    """

    def __init__(self, workers: int, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._lock = Lock()
        self._asked = Condition(self._lock)
        self._runs: dict[tuple[str, Sequence[Pair], int, Enough | None], Run] = {}
        self._open = True
        self._threads = [Thread(target=self._serve, name=f"draws {n}", daemon=True) for n in range(workers)]
        for thread in self._threads:
            thread.start()

    def steps(self, asked: Asked, meanwhile: Callable[[], None]) -> Iterator[MonteCarlo]:
        """All that is done so far, each time that there is more, at last all draws; a refusal is as it ever was."""
        check_count(asked.count)
        with self._waiting(asked) as run:
            done = asked.known.done if asked.known else 0
            while done < asked.count and not run.refused:
                with self._lock:
                    if run.tally.done == done:
                        run.changed.wait(LOOK_SECONDS * min(len(self._runs), SELDOM))
                    latest = run.so_far
                if latest is not None and latest.done > done:
                    done = latest.done
                    yield MonteCarlo(asked.draws, asked.count, *latest.outcomes)
                else:
                    meanwhile()
            latest = run.so_far
        if done < asked.count:  # drawn here, a refusal is told in the reader's own names
            yield from monte_carlo(asked.draws, asked.count, asked.pairs, known=latest)

    def waiting(self) -> int:
        """Runs that somebody waits for."""
        return len(self._runs)

    def close(self) -> None:
        """End all workers, whatever they are at."""
        with self._lock:
            self._open = False
            self._asked.notify_all()
        for thread in self._threads:
            thread.join()

    @contextmanager
    def _waiting(self, asked: Asked) -> Iterator[Run]:
        place = asked.key, asked.pairs, asked.count, asked.enough
        with self._lock:
            if (run := self._runs.get(place)) is None:
                question = pickle.dumps(Question.of(asked.draws, asked.pairs), pickle.HIGHEST_PROTOCOL)
                tally = Tally(asked.draws, asked.count, asked.known)
                changed = Condition(self._lock)
                run = Run(tally, question, asked.pairs, changed, asked.known, tally.done, asked.enough, self._now())
                self._runs[place] = run
            run.waiting += 1
            self._asked.notify_all()
        try:
            yield run
        finally:
            with self._lock:
                run.waiting -= 1
                if not run.waiting:
                    del self._runs[place]

    def _next(self) -> tuple[str, Run] | None:
        """The run of which the fewest draws were handed out for the time that it waits.

        So nobody waits for somebody else's hundred thousand, nor for all that begin later. One that a worker is at
        comes last, since what it has then may be enough.
        """
        now = self._now()
        handing_out = [
            (run.worked_on, run.handed_out - DRAWS_A_SECOND * (now - run.since), key, run)
            for (key, *_), run in self._runs.items()
            if run.open
        ]
        first = min(handing_out, key=lambda each: each[:2], default=None)
        return first and first[2:]

    def _serve(self) -> None:
        worker = Worker()
        while True:
            with self._lock:
                while self._open and (found := self._next()) is None:
                    self._asked.wait()
                if not self._open or found is None:
                    break
                key, run = found
                start, count = run.handed_out, min(SLICE - run.handed_out % SLICE, run.tally.wanted - run.handed_out)
                run.handed_out, run.since = run.handed_out + count, self._now()
            try:
                outcomes = worker.outcomes(Task(f"{key} {run.pairs}", run.question, start, count))
            except (OSError, EOFError, pickle.UnpicklingError):
                worker.end()
                worker, outcomes = Worker(), None
            with self._lock:
                run.take(start, outcomes)
        worker.end()


_pool: Pool | None = None


def running() -> Pool | None:
    """The pool that draws for this process, if there is one."""
    return _pool


def waiting() -> int:
    """Runs of draws that somebody waits for."""
    return _pool.waiting() if _pool else 0


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def wanted(environment: Mapping[str, str]) -> int:
    """How many workers the operator wants, else one for each core; ScenarioError when that is no number of workers."""
    said = environment.get(VARIABLE, "").strip()
    if not said:
        return min(cores(), MOST_WORKERS)
    if not said.isdecimal() or int(said) > MOST_WORKERS:
        raise ScenarioError(f"{VARIABLE} is {said!r:.20}; it must be a whole number from 0 to {MOST_WORKERS}.")
    return int(said)


@contextmanager
def workers(count: int) -> Iterator[Pool | None]:
    """A pool of so many workers for this process, until the block ends; of 0, none."""
    global _pool
    if not count:
        yield None
        return
    _pool = Pool(count)
    try:
        yield _pool
    finally:
        pool, _pool = _pool, None
        pool.close()
