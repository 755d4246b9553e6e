"""How many visitors one process keeps waiting for less than a second, beside an earlier commit, and what it holds.

Both servers stand beside each other and are loaded in turns, since times drift with the machine. Each visitor moves a
lever of the overview, waits until the page is complete, looks at it for a second and moves again. Visitors are added
until the slowest twentieth of the moves takes a second from the message to the last chart. Then forty come to a new
server, whose memory is told while they are there, and one minute after they left.

    python -m bench.load [--before COMMIT] [--seconds 10]
"""

import argparse
import asyncio
import os
import random
import tempfile
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from time import perf_counter

import numpy as np

from bench.commits import BEFORE, served_before
from bench.memory import pss_mb
from bench.visitors import Visitor, visiting
from tests.browser.driver import ROOT, Server, served

LADDER = (2, 4, 6, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80)
LOOKS, PATIENT = 1.0, 1.0  # seconds that a visitor looks at the page, and that the slowest twentieth may take
MANY, AFTER = 40, 60.0  # visitors whose memory is told, and seconds after they left


async def moving(visitor: Visitor, until: float, times: list[tuple[float, float]]) -> None:
    """Move until the time is over."""
    await asyncio.sleep(visitor.dice.uniform(0, LOOKS))
    while perf_counter() < until:
        times.append(await visitor.move())
        await asyncio.sleep(LOOKS)


async def loaded(server: Server, visitors: int, seconds: float) -> tuple[np.ndarray, float]:
    """(seconds to the last chart and to the complete page of each move, most memory meanwhile in MB)."""
    async with AsyncExitStack() as stack:
        here = [
            await stack.enter_async_context(visiting(server.url, random.Random(number))) for number in range(visitors)
        ]
        for visitor in here:
            await visitor.open()
        times: list[tuple[float, float]] = []
        moves = asyncio.gather(*(moving(visitor, perf_counter() + seconds, times) for visitor in here))
        most = 0.0
        while not moves.done():
            most = max(most, await asyncio.to_thread(pss_mb, server.process))
            await asyncio.wait([moves], timeout=1)
        await moves
        return np.array(times), most


def climb(servers: dict[str, Server], seconds: float) -> dict[str, int]:
    """The most visitors of each server whose moves keep below a second in nineteen of twenty."""
    held, climbing = dict.fromkeys(servers, 0), set(servers)
    for visitors in LADDER:
        for name in sorted(climbing):
            times, _ = asyncio.run(loaded(servers[name], visitors, seconds))
            (median, _), (p95, complete) = np.percentile(times, [50, 95], axis=0)
            print(
                f"{name:<12} {visitors:>3} visitors: last chart mid {median * 1e3:5.0f} ms, p95 {p95 * 1e3:5.0f} ms; "
                f"complete p95 {complete * 1e3:5.0f} ms; {len(times) / seconds:4.1f} moves a second; load "
                f"{os.getloadavg()[0]:.1f}",
                flush=True,
            )
            if p95 < PATIENT:
                held[name] = visitors
            else:
                climbing.discard(name)
        if not climbing:
            break
    return held


async def memory(server: Server, seconds: float) -> None:
    """Print what the server holds before, with and after many visitors."""
    await loaded(server, 1, seconds)
    at_rest = pss_mb(server.process)
    _, most = await loaded(server, MANY, seconds)
    await asyncio.sleep(AFTER)
    left = pss_mb(server.process)
    print(
        f"memory of the process and its workers (PSS): at rest {at_rest:.0f} MB, at most {most:.0f} MB with {MANY} "
        f"visitors, {left:.0f} MB {AFTER:.0f} s after they left ({left / at_rest:.2f} times at rest)"
    )


def main() -> None:
    """Print how many visitors each commit holds, and the memory of this one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", default=BEFORE, help="the earlier commit")
    parser.add_argument("--seconds", type=float, default=10.0, help="of moves at each number of visitors")
    asked = parser.parse_args()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = {
            asked.before: stack.enter_context(served_before(asked.before, scratch)),
            "this commit": stack.enter_context(served(ROOT / "app.py", scratch / "log")),
        }
        held = climb(servers, asked.seconds)
        before, now = held.values()
        print(
            f"visitors at p95 under {PATIENT:g} s: {before} and {now}"
            + (f", {now / before:.1f} times as many" if before else "")
        )
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        asyncio.run(memory(stack.enter_context(served(ROOT / "app.py", scratch / "log")), asked.seconds))


if __name__ == "__main__":
    main()
