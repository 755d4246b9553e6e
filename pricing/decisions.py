"""A decision that a saved scenario stands for: what was chosen, why, and the values at which another would be right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from costmodel.errors import ScenarioError
from costmodel.scenario import Scenario, numbers
from pricing.parts import day_of, part, text

LONGEST_SENTENCE = 300
MOST = 1e300
NEAR = 0.1  # of the signpost's value; within it there is time to look again before it is crossed
Side = Literal["above", "below"]


@dataclass(frozen=True)
class Signpost:
    """The value of one number, by its path, from which on another option, `then`, was the cheapest: above or below."""

    path: str
    side: Side
    value: float
    then: str

    def crossed(self, today: float) -> bool:
        """Whether the number stands at the value or beyond."""
        return today >= self.value if self.side == "above" else today <= self.value

    def near(self, today: float) -> bool:
        """Whether it has crossed the value or is within a tenth of it."""
        return self.crossed(today) or abs(today - self.value) <= NEAR * abs(self.value)


@dataclass(frozen=True)
class Decision:
    """The day, a sentence, the slug of the option that was chosen, and signposts, the nearest first."""

    on: date
    sentence: str
    option: str
    signposts: tuple[Signpost, ...] = ()


def written(decision: Decision | None) -> dict[str, Any]:
    """The decision as a part of a document; empty where there is none."""
    if decision is None:
        return {}
    posts = [[post.path, post.side, post.value, post.then] for post in decision.signposts]
    return {"on": decision.on.isoformat(), "sentence": decision.sentence, "option": decision.option, "signposts": posts}


def decision_of(scenario: Scenario, given: Mapping[str, Any]) -> Decision | None:
    """The decision in a document, None where there is none; signposts of what the scenario lacks are left out."""
    if not given:
        return None
    option = text(given, "option", LONGEST_SENTENCE)
    if option not in scenario.options:
        raise ScenarioError(f"The document's decision is for the option {option!r:.60}, which is not in it.")
    known = numbers(scenario)
    posts = [_signpost(entry) for entry in part(given, "signposts", list)]
    there = tuple(post for post in posts if post.path in known and post.then in scenario.options)
    return Decision(day_of(text(given, "on", 10)), text(given, "sentence", LONGEST_SENTENCE), option, there)


def _signpost(entry: Any) -> Signpost:
    match entry:
        case [str() as path, ("above" | "below") as side, int() | float() as value, str() as then] if (
            not isinstance(value, bool) and abs(value) <= MOST
        ):
            return Signpost(path, side, float(value), then)
    sides = " or ".join(get_args(Side))
    raise ScenarioError(f"A signpost of a decision must be [path, {sides}, value, option], not {entry!r:.80}.")
