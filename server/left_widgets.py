"""What a widget was told goes with the widget: its help, its choices, and what it calls.

Streamlit drops the value of a widget that left the page and keeps the rest for as long as the visit.
"""

from streamlit.runtime.state.session_state import WStates, _is_stale_widget

CALLS = "json_trigger_value"  # of a component: they have an id of their own, which no run names as drawn
_values_left = WStates.remove_stale_widgets


def _left(known: WStates, active: frozenset[str], fragments: list[str] | None) -> None:
    """Forget all of the widgets that this run, or these fragments of it, did not draw again."""
    _values_left(known, active, fragments)
    known.widget_metadata = {
        widget: told
        for widget, told in known.widget_metadata.items()
        if told.value_type == CALLS or not _is_stale_widget(told, active, fragments)
    }


def forget() -> None:
    """From here on in this process they go."""
    WStates.remove_stale_widgets = _left  # type: ignore[method-assign]
