"""What the reader thinks of a model: whether it is good enough, why, and what an evaluation of one's own found.

A mark is the model's, wherever it is sold, by its plain name.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from costmodel.errors import At, ScenarioError
from costmodel.option import KINDS
from costmodel.scenario import Scenario
from pricing.same_model import plain_name

LONGEST_WHY, LONGEST_NAME, MOST_POINTS = 200, 120, 100
REFUSED = "model_refused"  # the field of an option that follows from the marks


@dataclass(frozen=True)
class Mark:
    """`accepted` is None while that is open, `points` where no evaluation is; of 0 to 100, and more is better."""

    accepted: bool | None = None
    why: str = ""
    points: float | None = None


def judged(scenario: Scenario, given: Mapping[str, Mark]) -> Scenario:
    """The scenario in which an option is refused if a mark refuses its model; one that is not marked is not."""
    serving = {slug: option for slug, option in scenario.options.items() if option.serves_itself()}
    refused = {slug: given.get(plain_name(option.model_name()), Mark()).accepted is False
               for slug, option in serving.items()}  # fmt: skip
    return scenario.vary({f"options.{slug}.{REFUSED}": said for slug, said in refused.items()
                          if serving[slug].model_refused is not said})  # fmt: skip


def refusals(scenario: Scenario, changes: Mapping[str, Any], given: Mapping[str, Mark]) -> dict[str, Mark]:
    """The marks with what changes of a scenario, by path, refuse or no longer refuse: it follows from marks alone."""
    found = dict(given)
    for path, refused in changes.items():
        option, _, field = path.rpartition(".")
        if field == REFUSED:
            if not (name := plain_name(scenario[option].model_name())):
                raise ScenarioError("{path} cannot be set: the option names no model.", path=At(path))
            found[name] = replace(found.get(name, Mark()), accepted=False if refused else None)
    return found


def unjudged(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a document, which does not say what follows from its marks, as they are without any."""
    return {slug: {REFUSED: False, **fields} if REFUSED in _fields(fields) else fields
            for slug, fields in options.items()}  # fmt: skip


def _fields(option: Any) -> Collection[str]:
    kind = option.get("kind") if isinstance(option, Mapping) else None
    return KINDS[kind].model_fields if isinstance(kind, str) and kind in KINDS else ()


def marks(given: Mapping[str, Any]) -> dict[str, Mark]:
    """Plain name of a model -> mark, from the part of a document."""
    found = {}
    for name, entry in given.items():
        match entry:
            case [True | False | None as accepted, str() as why, int() | float() | None as points] if (
                0 < len(name) <= LONGEST_NAME
                and why[:LONGEST_WHY].isprintable()
                and not isinstance(points, bool)
                and (points is None or 0 <= points <= MOST_POINTS)
            ):
                found[plain_name(name)] = Mark(accepted, why[:LONGEST_WHY], None if points is None else float(points))
            case _:
                raise ScenarioError(
                    f"The mark of {name!r:.60} must be [true, false or null; why, in a line; points from 0 to "
                    f"{MOST_POINTS} or null], not {entry!r:.100}."
                )
    return found


def written(given: Mapping[str, Mark]) -> dict[str, list[Any]]:
    """The marks as a part of a document; one that says nothing is none."""
    return {name: [mark.accepted, mark.why, mark.points] for name, mark in given.items() if mark != Mark()}
