"""What a server and the processes that it started hold: memory, files and sockets, as Linux counts them."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROCESSES = Path("/proc")


def family(process: int) -> Iterator[int]:
    """A process and all that it started, and they."""
    yield process
    for children in PROCESSES.glob(f"{process}/task/*/children"):
        for child in _read(children).split():
            yield from family(int(child))


def pss_mb(process: int) -> float:
    """Memory of a process and its children, MB; what several of them share is counted once (PSS)."""
    lines = (line.split() for one in family(process) for line in _read(PROCESSES / f"{one}/smaps_rollup").splitlines())
    return sum(int(words[1]) for words in lines if words[0] == "Pss:") / 1024


def open_files(process: int) -> Counter[str]:
    """Files, pipes and sockets that a process and its children hold open: what they are -> how many."""
    held: Counter[str] = Counter()
    for one in family(process):
        for number in (PROCESSES / f"{one}/fd").glob("*"):
            with suppress(OSError):  # it was closed just now
                held[os.readlink(number).partition(":[")[0]] += 1
    return held


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has just ended
        return ""
