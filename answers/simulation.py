"""One store of draws: the same numbers, ranges, correlations and seed are drawn once, whoever asks, and go on later."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from threading import Lock

from costmodel.scenario import values
from costmodel.uncertainty.montecarlo import MonteCarlo, Pair, monte_carlo
from costmodel.uncertainty.sampling import Draws

MOST_KEPT = 1_000_000  # draws of all runs together; a run of 10,000 takes about two megabytes
_store: OrderedDict[str, MonteCarlo] = OrderedDict()
_lock = Lock()


def digest(draws: Draws) -> str:
    """What the outcome of draws depends on: all values but the names of options, ranges, correlations and seed."""
    known = {path: value for path, value in values(draws.scenario).items() if not path.endswith(".label")}
    told = (known, dict(draws.ranges), dict(draws.correlations), draws.seed)
    return sha256(repr(told).encode()).hexdigest()


def simulate(draws: Draws, count: int, pairs: Sequence[Pair] = ()) -> Iterator[MonteCarlo]:
    """`count` draws in slices, as `monte_carlo` yields them; what is in the store is not drawn again."""
    key = digest(draws)
    with _lock:
        known = _store.get(key)
    if known is not None and not set(pairs) <= known.overtaken_after_months.keys():
        pairs, known = tuple(dict.fromkeys((*known.overtaken_after_months, *pairs))), None
    for run in monte_carlo(draws, count, pairs, known=known and replace(known, draws=draws)):
        if known is None or run.done > known.done:
            _keep(key, run)
        yield run


def _keep(key: str, run: MonteCarlo) -> None:
    with _lock:
        _store[key] = run
        _store.move_to_end(key)
        while len(_store) > 1 and sum(each.done for each in _store.values()) > MOST_KEPT:
            _store.popitem(last=False)
