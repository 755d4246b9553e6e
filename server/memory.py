"""Memory that was needed for a while, such as for maps, papers and visits, goes back to the system.

The C library keeps what is freed for whatever comes next: after a few workbooks at once, a hundred megabytes. And what
a visitor leaves goes in circles, which nothing but the collector of garbage finds.
"""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ctypes import CDLL

from answers.worker import give_back

EVERY_S = 60.0  # to give back takes up to 50 ms, in which pages are answered; to collect 40 and more, in which none is
COLLECTED_AFTER = (10_000, 10, 100)  # new objects, collections of these, and of those; a move leaves some 1,800

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # as malloc.h numbers them
HEAPS, LARGE_BYTES = 2, 2**18


def few_heaps() -> None:
    """From here on no thread starts a third heap, and what is large goes back as soon as it is free; where glibc can.

    By itself it gives each of a dozen threads a heap of its own, and every run of a page is a thread. What is free in
    one is no use to the others: with forty visitors three times as much as was in use. Those that are there stay: of a
    server that Streamlit's command starts, five.
    """
    with suppress(OSError, AttributeError):
        library = CDLL("libc.so.6")
        library.mallopt(M_ARENA_MAX, HEAPS)
        library.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


def collected_seldom() -> None:
    """From here on look for garbage in cycles every few moves, and everywhere once a minute or every few thousand.

    What is there by now never becomes garbage and is not looked at again. By Python's own numbers a move was two or
    three collections, and each fiftieth stood still for 40 ms while all that is known of the last scenarios was gone
    through.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


@asynccontextmanager
async def given_back() -> AsyncIterator[None]:
    """Give back what is free now and then, until the block ends."""

    async def now_and_then() -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            gc.collect()
            await asyncio.to_thread(give_back)

    task = asyncio.create_task(now_and_then())
    try:
        yield
    finally:
        task.cancel()
