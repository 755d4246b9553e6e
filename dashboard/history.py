"""What was on screen before and what was undone: edits of one opened scenario, which is the first of them for good."""

from contextlib import suppress
from dataclasses import dataclass, replace

from costmodel.errors import ScenarioError
from pricing.documents import Opened, document, from_link

MOST = 50  # scenarios that can be had back, beside the opened one


@dataclass(frozen=True)
class History:
    """Scenarios in the order in which they were on screen, and the place of the one that is."""

    scenarios: tuple[Opened, ...]
    place: int = 0

    @property
    def now(self) -> Opened:
        """What is on screen."""
        return self.scenarios[self.place]

    @property
    def before(self) -> Opened | None:
        """What Undo brings back; None at the opened scenario."""
        return self.scenarios[self.place - 1] if self.place else None

    @property
    def after(self) -> Opened | None:
        """What Redo brings back; None where nothing was undone."""
        return self.scenarios[self.place + 1] if self.place + 1 < len(self.scenarios) else None

    def then(self, opened: Opened) -> "History":
        """With a further scenario on screen: what was undone is gone, the opened one stays the first."""
        first, *edits = *self.scenarios[: self.place + 1], opened
        kept = (first, *edits[-MOST:])
        return History(kept, len(kept) - 1)

    def moved(self, steps: int) -> "History":
        """One scenario back or forward, as far as there is one."""
        return History(self.scenarios, min(max(self.place + steps, 0), len(self.scenarios) - 1))

    def worded(self, **words: str) -> "History":
        """With another name, or sentence on what it is about, for what is on screen and for what it was edited from.

        That is no step of its own: Undo takes no name away, and what was undone can still be had back.
        """
        now = self.now
        was = {"preset": now.preset, **{word: getattr(now, word) for word in words}}
        scenarios = tuple(
            replace(opened, **words) if all(getattr(opened, key) == value for key, value in was.items()) else opened
            for opened in self.scenarios
        )
        return replace(self, scenarios=scenarios)

    def showing(self, opened: Opened) -> "History":
        """With that in the place of what is on screen."""
        scenarios = list(self.scenarios)
        scenarios[self.place] = opened
        return replace(self, scenarios=tuple(scenarios))

    def at(self, link: str) -> "History | None":
        """With that scenario on screen which the address carries, the nearest of them; None where there is none.

        An address from before it was named leads there as well.
        """
        places = [place for place, opened in enumerate(self.scenarios) if opened.link == link]
        if not places:
            with suppress(ScenarioError):
                wanted = _unnamed(from_link(link))
                named = ((place, opened) for place, opened in enumerate(self.scenarios) if opened.name or opened.about)
                places = [place for place, opened in named if _unnamed(opened) == wanted]
        return History(self.scenarios, min(places, key=lambda place: abs(place - self.place))) if places else None


def _unnamed(opened: Opened) -> dict:
    return document(replace(opened, name="", about=""))
