"""A process that draws for others: it reads questions from its input and writes outcomes, until its input ends.

It is a process of its own and no copy of the server: it holds the engine and no pages, and cannot outlive the server;
what ends the server, whatever it is, ends the worker's input.
"""

import gc
import os
import pickle
import select
import signal
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from costmodel.errors import ScenarioError
from costmodel.scenario import Scenario, values
from costmodel.uncertainty.montecarlo import Outcomes, Pair, Slices
from costmodel.uncertainty.ranges import Range
from costmodel.uncertainty.sampling import Draws

ROOT = Path(__file__).parents[1]
YIELDS = 5  # steps of priority behind the server, so that draws wait for pages and not pages for draws
IDLE_SECONDS = 5.0  # after which a worker gives back what it held
QUESTIONS = 3  # that a worker has at hand; several of them are asked in turns
SETTINGS = {  # one thread, since the matrices are small; and glibc keeps the room of arrays from slice to slice
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    **dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_"), str(64 * 2**20)),
}


@dataclass(frozen=True)
class Question:
    """What is drawn from, in plain values: `Draws` and the pairs that are followed."""

    values: Mapping[str, Any]
    ranges: Mapping[str, Range]
    seed: int
    correlations: Mapping[tuple[str, str], float]
    pairs: Sequence[Pair]

    @classmethod
    def of(cls, draws: Draws, pairs: Sequence[Pair]) -> "Question":
        """The question that these draws are the answer to."""
        return cls(values(draws.scenario), dict(draws.ranges), draws.seed, dict(draws.correlations), tuple(pairs))

    def slices(self) -> Slices:
        """The same as draws of a scenario."""
        groups: dict[str, Any] = {}
        for path, value in self.values.items():
            *outer, name = path.split(".")
            group = groups
            for part in outer:
                group = group.setdefault(part, {})
            group[name] = value
        return Slices(Draws(Scenario.build(groups), self.ranges, self.seed, self.correlations), self.pairs)


@dataclass(frozen=True)
class Task:
    """`count` draws of a question, known by its key, from draw `start` on."""

    key: str
    question: bytes
    start: int
    count: int


class Worker:
    """The server's end of one worker."""

    def __init__(self) -> None:
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **SETTINGS, "PYTHONPATH": os.pathsep.join(paths)},
        )

    def outcomes(self, task: Task) -> Outcomes | None:
        """The draws that the task wants; None where the model refuses one. OSError or EOFError when it has ended."""
        assert self.process.stdin
        assert self.process.stdout
        pickle.dump(task, self.process.stdin, pickle.HIGHEST_PROTOCOL)
        self.process.stdin.flush()
        return pickle.load(self.process.stdout)

    def end(self) -> None:
        """Let it end."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # what was not sent goes nowhere now
                if stream:
                    stream.close()


def work(tasks: Any, answers: Any) -> None:
    """Answer one task after the other until there are no more; both are streams of bytes."""
    known: OrderedDict[str, Slices] = OrderedDict()
    while True:
        if not select.select([tasks], [], [], IDLE_SECONDS)[0]:  # nothing is read ahead: one task, one answer
            known.clear()
            gc.collect()
            give_back()
        try:
            answer = _answer(pickle.load(tasks), known)
            answers.write(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
            answers.flush()
        except (EOFError, BrokenPipeError):
            return


def _answer(task: Task, known: OrderedDict[str, Slices]) -> Outcomes | None:
    try:
        slices = known.pop(task.key, None) or pickle.loads(task.question).slices()
        (probabilities,) = slices.draws.probabilities(task.start + task.count, task.count, task.start)
        answer = slices.outcomes(probabilities)
    except ScenarioError:
        return None
    slices.before = None  # its memory stays with the process for the next one anyway
    known[task.key] = slices
    while len(known) > QUESTIONS:
        known.popitem(last=False)
    return answer


def give_back() -> None:
    """Hand memory that is free back to the system, where the C library can; others go on meanwhile."""
    with suppress(OSError, AttributeError):
        from ctypes import CDLL

        CDLL("libc.so.6").malloc_trim(0)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for the server, which ends its workers
    with suppress(OSError, AttributeError):
        os.nice(YIELDS)
    work(sys.stdin.buffer, sys.stdout.buffer)
