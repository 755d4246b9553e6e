"""The briefing on the whole screen, from the scenario as it is now: one message and one chart at a time."""

from dashboard import present

present.show()
