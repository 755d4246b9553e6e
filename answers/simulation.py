"""One store of draws: the same numbers, ranges, correlations and seed are drawn once, whoever asks, and go on later.

Where a pool of workers runs, as in the server, it draws; else, as on the command line, this process does.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from threading import Lock

from pydantic_core import to_json

from answers import pool
from answers.pool import Asked, Enough
from costmodel.scenario import values
from costmodel.uncertainty.montecarlo import MonteCarlo, Outcomes, Pair, monte_carlo
from costmodel.uncertainty.sampling import SLICE, Draws

MOST_RUNS, MOST_BYTES = 500, 64 * 2**20  # kept; a run of 10,000 draws of five options takes half a megabyte


class Store:
    """What was drawn, by its digest; what was asked of longest ago is forgotten."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._runs: OrderedDict[str, tuple[Outcomes, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: str) -> Outcomes | None:
        """What is known of a run; None where nothing is."""
        with self._lock:
            if key not in self._runs:
                return None
            self._runs.move_to_end(key)
            return self._runs[key][0]

    def keep(self, key: str, outcomes: Outcomes) -> None:
        """Keep this in place of what there was of the run."""
        size = sum(array.nbytes for group in outcomes for array in group.values())
        with self._lock:
            _, before = self._runs.pop(key, (None, 0))
            self._runs[key] = outcomes, size
            self._bytes += size - before
            while len(self._runs) > 1 and (len(self._runs) > MOST_RUNS or self._bytes > MOST_BYTES):
                _, (_, gone) = self._runs.popitem(last=False)
                self._bytes -= gone


_store = Store()


def digest(draws: Draws) -> str:
    """What the outcome of draws depends on: all values but the names of options, ranges, correlations and seed."""
    parts = (*draws.ranges.items(), *draws.correlations.items(), draws.seed)
    return draws.scenario.once(("digest", *parts), lambda: _digest(draws))


def _digest(draws: Draws) -> str:
    known = {path: value for path, value in values(draws.scenario).items() if not path.endswith(".label")}
    ranges = [(path, r.low, r.base, r.high, r.distribution, r.also) for path, r in draws.ranges.items()]
    return sha256(to_json((known, ranges, [*draws.correlations.items()], draws.seed))).hexdigest()


def simulate(
    draws: Draws,
    count: int,
    pairs: Sequence[Pair] = (),
    enough: Enough | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[MonteCarlo]:
    """`count` draws as they are done, or the fewest slices that are `enough`; what is in the store is not drawn again.

    How many are enough hangs on the draws alone, not on how many are known or come at once. `meanwhile` is called many
    times a second while others work; what it raises ends the run for this caller.
    """
    key = digest(draws)
    known = _known(key, draws)
    if known is not None and not set(pairs) <= known.overtaken_after_months.keys():
        pairs, known = tuple(dict.fromkeys((*known.overtaken_after_months, *pairs))), None
    elif known is not None:
        pairs = tuple(known.overtaken_after_months)
    run, done = known, 0
    try:
        for run in _steps(Asked(key, draws, count, tuple(pairs), known, enough), meanwhile):
            stops = range(done + SLICE - done % SLICE, run.done + 1, SLICE) if enough is not None else ()
            for part in map(run.first, stops):
                if enough is not None and enough(part):
                    yield part
                    return
            done = run.done
            yield run
    finally:
        if run is not None and (known is None or run.done > known.done):
            _keep(key, run)


def _steps(asked: Asked, meanwhile: Callable[[], None]) -> Iterator[MonteCarlo]:
    """What is known, where it is a part of what is asked, and then each run that goes further."""
    known = asked.known
    if known is not None and known.done < asked.count:
        yield known
    workers = pool.running()
    if workers is None or (known is not None and known.done >= asked.count):
        yield from monte_carlo(asked.draws, asked.count, asked.pairs, known=known)
    else:
        yield from workers.steps(asked, meanwhile)


def _known(key: str, draws: Draws) -> MonteCarlo | None:
    outcomes = _store.get(key)
    return None if outcomes is None else MonteCarlo(draws, len(next(iter(outcomes[0].values()))), *outcomes)


def _keep(key: str, run: MonteCarlo) -> None:
    """Keep what was drawn, without the room for what was not."""
    groups = ({name: array.copy() for name, array in group.items()} for group in run.outcomes)
    _store.keep(key, tuple(groups))
