"""Memory that was needed for a while, such as for maps and papers, goes back to the system.

The C library keeps what is freed for whatever comes next: after a few workbooks at once, a hundred megabytes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from answers.worker import give_back

EVERY_S = 60.0  # it takes up to 50 ms, in which pages are answered


@asynccontextmanager
async def given_back() -> AsyncIterator[None]:
    """Give back what is free now and then, until the block ends."""

    async def now_and_then() -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await asyncio.to_thread(give_back)

    task = asyncio.create_task(now_and_then())
    try:
        yield
    finally:
        task.cancel()
