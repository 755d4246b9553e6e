"""What a widget asks of its session's values, answered for the one that it asks for.

Streamlit puts all of them together for each text and each select, which look whether their own value is None. And it
looks through all widgets for one that changed while the run before, which is told to stop, may still add one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.runtime.state import SafeSessionState
from streamlit.runtime.state.session_state import WStates

_together = SafeSessionState.filtered_state.fget


class SessionValues(Mapping):
    """The same values under the same keys, looked up one by one."""

    def __init__(self, session: SafeSessionState) -> None:
        self._session = session

    def __getitem__(self, key: str) -> Any:
        with self._session._lock:
            return self._session._state[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_together(self._session))

    def __len__(self) -> int:
        return len(_together(self._session))


def as_now(known: WStates) -> Iterator[str]:
    """The widgets that there are at this moment."""
    return iter([*known.states])


def keep() -> None:
    """From here on in this process widgets are answered so."""
    SafeSessionState.filtered_state = property(SessionValues)
    WStates.__iter__ = as_now  # type: ignore[method-assign]
