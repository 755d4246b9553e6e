"""Memory that was needed for a while, such as for maps, papers and visits, goes back to the system.

The C library keeps what is freed for whatever comes next: after a few workbooks at once, a hundred megabytes. And what
a visitor leaves goes in circles, which nothing but the collector of garbage finds.
"""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from answers.worker import give_back

EVERY_S = 60.0  # to give back takes up to 50 ms, in which pages are answered; to collect 40 and more, in which none is
COLLECTED_AFTER = (10_000, 10, 100)  # new objects, collections of these, and of those; a move leaves some 1,800


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
