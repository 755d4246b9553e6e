"""Ready-made questions: each a short diff against the assumptions, with the reason for every number."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from costmodel.errors import ScenarioError, nearest
from costmodel.scenario import Scenario
from pricing.assumptions import base_groups
from pricing.selectors import new_option
from pricing.tokens import counted_anew

Sentence = Annotated[str, StringConstraints(min_length=10)]
DEFAULT = "assistant"
CROSSING = "batch"  # in which owning overtakes renting within the horizon


class Change(BaseModel):
    """One number or choice that differs from the assumptions, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    path: str
    value: Any
    why: Sentence


class PresetOption(BaseModel):
    """An option of a preset: its kind, its name and what is chosen for it in the catalogues."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: str
    label: str
    choose: Mapping[str, Any]
    why: Sentence


class PresetFile(BaseModel):
    """What a preset's file says."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    label: str
    order: int
    about: Sentence
    decides: Sentence
    options: Mapping[str, PresetOption]
    changes: tuple[Change, ...]


class Preset(BaseModel):
    """A ready-made scenario. `about` says whose question it is, `decides` what its verdict hangs on."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)
    slug: str
    label: str
    about: str
    decides: str
    scenario: Scenario
    reasons: Mapping[str, str]


@cache
def _files() -> Mapping[str, PresetFile]:
    folder = Path(__file__).parent
    found = {
        file.stem: PresetFile.model_validate(json.loads(file.read_text("utf-8"))) for file in folder.glob("*.json")
    }
    return dict(sorted(found.items(), key=lambda item: item[1].order))


def presets() -> Mapping[str, str]:
    """Slug -> label of every preset, the default one first."""
    return {slug: file.label for slug, file in _files().items()}


@cache
def preset(slug: str) -> Preset:
    """A preset by its slug; ScenarioError with the nearest names when there is none."""
    if slug not in _files():
        known = list(_files())
        raise ScenarioError(f"{slug!r:.60} is not a preset; there are {', '.join(known)}.{nearest(slug, known)}")
    file = _files()[slug]
    groups = base_groups()
    changes = {change.path: change.value for change in file.changes}
    options = {name: new_option(option.kind, option.label, option.choose) for name, option in file.options.items()}
    usual = Scenario.build({**groups, "options": options})
    scenario = usual.vary(counted_anew(usual, changes))
    reasons = {change.path: change.why for change in file.changes}
    reasons |= {f"options.{name}": option.why for name, option in file.options.items()}
    return Preset(
        slug=slug, label=file.label, about=file.about, decides=file.decides, scenario=scenario, reasons=reasons
    )
