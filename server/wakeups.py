"""Script threads hand the event loop a message at a time, some seventy for each move; it is woken once for many.

asyncio sends itself a byte for each call from another thread. Each byte is a system call that lets go of the
interpreter, and so is waited for by all threads in turn. A byte that is on its way wakes the loop for all calls.
"""

import asyncio
from typing import Any


def wake_once(loop: Any) -> None:
    """Let `loop` be woken by one byte at a time; a loop of another make, which does so itself, is left as it is."""
    if not isinstance(loop, asyncio.SelectorEventLoop):
        return
    wake, woken = loop._write_to_self, loop._process_self_data
    on_its_way = False

    def wake_unless_waking() -> None:
        nonlocal on_its_way
        if not on_its_way:  # else the loop has yet to look at its calls, this one among them
            on_its_way = True
            wake()

    def now_woken(data: bytes) -> None:
        nonlocal on_its_way
        on_its_way = False
        woken(data)

    loop._write_to_self, loop._process_self_data = wake_unless_waking, now_woken
