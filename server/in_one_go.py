"""What a run of the script shows reaches the browser in one go, which draws its page once.

Streamlit sends each message as soon as it is there. The first says that a run has begun, on which a browser marks all
that it shows as out of date, draws that, and takes the marks off again as what is new comes in: for a run as short as
most are, a tenth to a fifth of all its work. And a run wakes the event loop for each: a twentieth of what a move takes.
"""

import asyncio
import time
from collections.abc import Callable
from threading import Lock

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import app_session, get_instance
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_wake_loop = app_session.AppSession._call_soon_on_event_loop
HELD_S = 0.04  # in which an overview is told up to its charts


def _wake(seconds: float) -> None:
    """Have all that waits sent after so many seconds."""
    asyncio.get_running_loop().call_later(seconds, get_instance()._enqueued_some_message)


class HeldQueue(ForwardMsgQueue):
    """The messages for a browser; those of a run wait a moment for the ones that follow, but for a visitor's first run.

    Runs that overtake each other wait no longer than one. `wake` has the queue asked again after some seconds of `now`.
    """

    def __init__(self, wake: Callable[[float], None] = _wake, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._wake, self._now = wake, now
        self._is_first = True
        self._due: float | None = None

    def enqueue(self, msg: ForwardMsg) -> None:
        super().enqueue(msg)
        kind = msg.WhichOneof("type")
        if kind == "script_finished":
            self._is_first, self._due = False, None
        elif kind == "new_session" and not self._is_first and self._due is None:
            self._due = self._now() + HELD_S
            self._wake(HELD_S)

    @property
    def holds(self) -> bool:
        """Whether what it has waits."""
        return self._due is not None and self._now() < self._due

    def flush(self) -> list[ForwardMsg]:
        if self.holds:
            return []
        self._due = None
        return super().flush()


def _enqueue(session: app_session.AppSession, msg: ForwardMsg) -> None:
    """Have a message sent; for one that waits the server does not look through the queues of all visitors."""
    queue = session._browser_queue
    queue.enqueue(msg)
    if session._message_enqueued_callback and not queue.holds:
        session._message_enqueued_callback()


class Handing:
    """What a session asks of the event loop, in its order; the loop is woken once for all that waits for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[Callable[[], None]] = []

    def add(self, work: Callable[[], None], wake: Callable[[Callable[[], None]], None]) -> None:
        """Have `work` done after all that was asked before; `wake` has the loop call what it is given."""
        with self._lock:
            self._waiting.append(work)
            is_first = len(self._waiting) == 1
        if is_first:
            wake(self._hand_over)

    def _hand_over(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
        # At once, before whatever else the loop was asked for: what a run told goes nowhere once another has begun.
        for work in waiting:
            try:
                work()
            except Exception as error:  # keeps none of the others from being done
                asyncio.get_running_loop().call_exception_handler({"message": "A session failed", "exception": error})


def _call_soon(session: app_session.AppSession, work: Callable[[], None]) -> None:
    kept = session.__dict__
    handing: Handing = kept.get("_handing") or kept.setdefault("_handing", Handing())
    handing.add(work, lambda all_of_it: _wake_loop(session, all_of_it))


def keep() -> None:
    """From here on in this process messages wait so."""
    app_session.ForwardMsgQueue = HeldQueue  # type: ignore[misc]
    app_session.AppSession._enqueue_forward_msg = _enqueue  # type: ignore[method-assign]
    app_session.AppSession._call_soon_on_event_loop = _call_soon  # type: ignore[method-assign]
