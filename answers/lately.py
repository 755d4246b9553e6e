"""Scenarios that somebody asked of lately, with all that was worked out of them: by their values, whoever asks.

A lever that goes back, an undo, and another visitor who goes the same way find answers that are there. What was asked
of longest ago is forgotten, whoever still has the scenario; it is then worked out anew.
"""

from threading import Lock
from typing import Any

from costmodel.scenario import Scenario, values

MOST = 64  # scenarios; what is known of one takes up to a megabyte
_lately: dict[tuple[tuple[str, Any], ...], Scenario] = {}  # in the order of asking; an OrderedDict hashes at each step
_lock = Lock()


def known(scenario: Scenario) -> Scenario:
    """The scenario of these very values that somebody asked of lately, else this one, which is asked of from now on."""
    key = tuple(values(scenario).items())
    with _lock:
        found = _lately[key] = _lately.pop(key, scenario)
        while len(_lately) > MOST:
            _lately.pop(next(iter(_lately))).forget()
    return found


def left(scenario: Scenario) -> None:
    """Nobody here asks of it any more: unless it was asked of lately, give up what was worked out of it anew since."""
    with _lock:
        if not any(found is scenario for found in _lately.values()):
            scenario.forget()
