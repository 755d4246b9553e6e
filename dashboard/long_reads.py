"""How far a long read of the reader's files is, with what it has found until then, and a stop."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from dashboard.components import plain
from usage.progress import Progress, Watch

STOPPED, SO_FAR, STOP, AGAIN = "usage:stopped", "usage:so far", "usage:stop", "usage:again"


@dataclass(frozen=True)
class Stopped:
    """Uploads whose reading the reader stopped, and how far it was."""

    uploads: tuple[str, ...]
    at: Progress


def stopped() -> Stopped | None:
    """What was stopped last, until it is read again."""
    return st.session_state.get(STOPPED)


@contextmanager
def waiting(uploads: tuple[str, ...]) -> Iterator[Watch]:
    """Show progress and a button that stops, once there is any; Streamlit ends the run when it is pressed."""
    place = st.empty()
    bars = []

    def watch(progress: Progress) -> None:
        st.session_state[SO_FAR] = Stopped(uploads, progress)
        if not bars:
            with place.container(horizontal=True, vertical_alignment="center"):
                bars.append(st.progress(0.0))
                st.button("Stop", key=STOP, on_click=_stop)
        bars[0].progress(progress.share or 0.0, plain(progress.told()))

    yield watch
    place.empty()


def told() -> str:
    """How far a reading was that was stopped."""
    return f"Stopped. {stopped().at.told()}; nothing of it counts."


def tell_stopped() -> None:
    """What was stopped, and a button to read it after all."""
    st.info(plain(told()), icon=":material/stop_circle:")
    st.button("Read the files after all", key=AGAIN, on_click=_resume)


def _stop() -> None:
    st.session_state[STOPPED] = st.session_state.get(SO_FAR)


def _resume() -> None:
    st.session_state.pop(STOPPED, None)
