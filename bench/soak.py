"""Many visitors for a long time: they move levers, open pages and take files, and nothing may pile up.

Fails when memory after the first sixth still grows by more than a twentieth, when a visitor meets an error, or when a
file or a socket is left after the last visitor.

    python -m bench.soak [--minutes 60] [--visitors 40]
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
from collections import Counter
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from time import perf_counter

import numpy as np

from bench.memory import open_files, pss_mb
from bench.visitors import Visitor, visiting
from tests.browser.driver import ROOT, Server, served

LOOKS = (1.0, 8.0)  # seconds that a visitor looks at a page, from and to
PAGES, FILES = 0.15, 0.01  # shares of what visitors do that are another page and a file; the rest are moves
SETTLES, GROWTH = 1 / 6, 0.05  # share of the time in which memory may grow as it likes, and by how much it may after
SAMPLES = 120  # of memory over the whole time
SHOWN = 4_000  # characters of the log from its first traceback on
LEFT_SECONDS, SESSION_SECONDS = 5.0, 130.0  # until a visitor's socket is gone, and until Streamlit forgets the session


async def visit(visitor: Visitor, until: float, done: Counter) -> None:
    """Do this and that until the time is over."""
    await visitor.open()
    while perf_counter() < until:
        await asyncio.sleep(visitor.dice.uniform(*LOOKS))
        chance = visitor.dice.random()
        if chance < FILES:
            await visitor.open("export")
            await visitor.take_file()
            done["files"] += 1
        elif chance < FILES + PAGES or not visitor.levers:
            await visitor.open(visitor.dice.choice(sorted(visitor.pages)))
            done["pages"] += 1
        else:
            await visitor.move()
            done["moves"] += 1


async def tour(server: Server) -> None:
    """What the first visitor of every page and of the files brings about."""
    async with visiting(server.url, random.Random(0)) as visitor:
        await visitor.open()
        for page in sorted(visitor.pages):
            await visitor.open(page)
        await visitor.open("export")
        await visitor.take_file()


async def soak(server: Server, visitors: int, seconds: float) -> tuple[np.ndarray, Counter]:
    """(memory over the time in MB, what was done how often)."""
    done, memory, every = Counter(), [], seconds / SAMPLES
    async with AsyncExitStack() as stack:
        dice = [random.Random(number) for number in range(visitors)]
        here = [await stack.enter_async_context(visiting(server.url, each)) for each in dice]
        until = perf_counter() + seconds
        visits = asyncio.gather(*(visit(visitor, until, done) for visitor in here))
        while not visits.done():
            await asyncio.wait([visits], timeout=every)
            memory.append(await asyncio.to_thread(pss_mb, server.process))
            if len(memory) % (SAMPLES // 10) == 0:
                print(f"{len(memory) * every / 60:5.1f} min  {memory[-1]:5.0f} MB  {dict(done)}", flush=True)
        await visits
    return np.array(memory), done


def files_in(folder: Path) -> set[Path]:
    """All files below a folder."""
    return {path for path in folder.rglob("*") if path.is_file()}


def main() -> int:
    """Print memory as time goes by; 1 when something piled up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--visitors", type=int, default=40)
    asked = parser.parse_args()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ["TMPDIR"] = str(scratch)
        server = stack.enter_context(served(ROOT / "app.py", scratch / "log"))
        asyncio.run(tour(server))
        asyncio.run(asyncio.sleep(LEFT_SECONDS))
        before = open_files(server.process), files_in(scratch)
        memory, done = asyncio.run(soak(server, asked.visitors, 60 * asked.minutes))
        asyncio.run(asyncio.sleep(SESSION_SECONDS))
        asyncio.run(tour(server))  # sessions are forgotten when the next one comes
        asyncio.run(asyncio.sleep(LEFT_SECONDS))
        after = open_files(server.process), files_in(scratch)
        log = server.log.read_text()
    settled = memory[int(len(memory) * SETTLES) :]
    early, late = (np.median(part) for part in (settled[: len(settled) // 5], settled[-len(settled) // 5 :]))
    print(f"{asked.visitors} visitors for {asked.minutes:g} minutes: {dict(done)}; at most {memory.max():.0f} MB")
    faults = [
        f"memory grew from {early:.0f} to {late:.0f} MB" if late > (1 + GROWTH) * early else "",
        f"left open: {dict(after[0] - before[0])}" if after[0] - before[0] else "",
        f"files left: {sorted(map(str, after[1] - before[1]))}" if after[1] - before[1] else "",
        f"in the log:\n{log[log.index('Traceback') :][:SHOWN]}" if "Traceback" in log else "",
    ]
    print(*filter(None, faults) if any(faults) else ["nothing piled up"], sep="\n")
    return int(any(faults))


if __name__ == "__main__":
    sys.exit(main())
