"""What a widget asks of its session's values, answered for the one that it asks for.

Streamlit puts all of them together for each text and each select, which look whether their own value is None.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.runtime.state import SafeSessionState

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


def keep() -> None:
    """From here on in this process widgets are answered so."""
    SafeSessionState.filtered_state = property(SessionValues)
