"""Script threads hand the event loop a message at a time, some seventy for each move; it is woken once for many.

asyncio sends itself a byte for each call from another thread. Each byte is a system call that lets go of the
interpreter, and so is waited for by all threads in turn. Here one byte wakes the loop, which then looks again by itself
a few milliseconds later; Streamlit hands on what has gathered every ten.
"""

import asyncio
from typing import Any

LOOKS_AGAIN_SECONDS = 0.003


def wake_once(loop: Any) -> None:
    """Let `loop` be woken by one byte at a time; a loop of another make, which does so itself, is left as it is."""
    if not isinstance(loop, asyncio.SelectorEventLoop):
        return
    wake, woken = loop._write_to_self, loop._process_self_data
    awake = False

    def wake_unless_awake() -> None:
        nonlocal awake
        if not awake:  # else the loop has yet to look at its calls, this one among them
            awake = True
            wake()

    def sleep() -> None:
        nonlocal awake
        awake = False

    def now_woken(data: bytes) -> None:
        loop.call_later(LOOKS_AGAIN_SECONDS, sleep)
        woken(data)

    loop._write_to_self, loop._process_self_data = wake_unless_awake, now_woken
