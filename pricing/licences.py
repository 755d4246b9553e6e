"""On which terms each source gives its figures; what is taken are figures alone, no texts and no tables."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from pricing.facts import FOLDER, Fact, Text
from pricing.reading import read

YOURS = "yours"


class Licence(BaseModel):
    """The licence or terms of every source whose title begins so; of several beginnings the longest counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    begins: Text
    terms: Text


@cache
def licences() -> tuple[Licence, ...]:
    """All rows, the longest beginning first."""
    return tuple(sorted(read(Licence, FOLDER.parent / "licences.csv"), key=lambda row: -len(row.begins)))


def terms_of(fact: Fact) -> str:
    """The terms of a figure's source; empty where none are known, which a test does not let pass."""
    if fact.confidence == YOURS:
        return YOURS
    return next((row.terms for row in licences() if fact.source.startswith(row.begins)), "")
