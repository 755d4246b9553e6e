"""Version 7 to 8: presets were picked anew, and records have more fields; a scenario that somebody worked on stays.

What version 7 did not say is what left its results as they were: `UNSAID` has it, by group and by kind of option.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from costmodel.hours import Day
from costmodel.scenario import Scenario
from pricing.migrations import price_lists
from pricing.migrations.anchors import NOTES
from pricing.presets import preset

Document = dict[str, Any]
PARTS = {"changes": dict, "added": dict, "removed": list, "ranges": dict, "order": list}
KEPT = "Prices and options stay as they were when this scenario was made; the presets of today have others."
AT_ONCE = {"reasoning_frac": 0.0}  # models answered without thinking
OF_GPUS = {"serving": {"measured_is_lower_bound": False}}
OF_SERVING = {"runs_today": False, "brings_application": False, **AT_ONCE}
UNSAID: dict[str, dict[str, Any]] = {
    "workload": {
        "time_zone": "UTC",
        "day": dict.fromkeys(Day.model_fields, 1),
        "kind_of_text": "english",
        "counted_with": "openai_o200k",
        "cached_requests_frac": 1,
    },
    "people": {
        "service_hours": "office_hours",
        "sites": 1,
        "office_hours_fte": 2,
        "on_call_fte": 3.5,
        "round_the_clock_fte": 5,
    },
    "application": {"application_included": False},
    "token_api": {**price_lists.UNSAID, **OF_SERVING},
    "cloud_gpu": {**OF_SERVING, **OF_GPUS},
    "on_prem": {**OF_SERVING, **OF_GPUS},
    "edge": AT_ONCE,
    "hybrid": {"most_servers": 10_000},
}


def with_presets_of_7(document: Document) -> Document:
    """What the preset was then, as changes of the preset of today, unless the document is its preset and follows it."""
    document = price_lists.with_paths_moved(document)
    parts = {name: document.get(name, kind()) for name, kind in PARTS.items()}
    slug = document.get("preset")
    if not any(parts.values()) or not all(isinstance(part, PARTS[name]) for name, part in parts.items()):
        return document
    if not isinstance(slug, str) or slug not in _then():
        return document
    then, now = _then()[slug], preset(slug).scenario
    added = {name: _completed(option) for name, option in parts["added"].items()}
    gone = {*map(str, parts["removed"]), *added}
    kept = {name: option for name, option in then["options"].items() if name not in gone}
    changes = _changed(then["groups"], now, "")
    for name, option in kept.items():
        if name in now.options and now.options[name].kind == option["kind"]:
            changes |= _changed(option, now.options[name], f"options.{name}.")
        else:
            added[name] = _entered(option, parts["changes"], f"options.{name}.")
    entered = {path: value for path, value in parts["changes"].items() if str(path).split(".")[:2][-1] not in added}
    order = [*kept, *(name for name in added if name not in kept)]
    new = {
        "changes": {**changes, **entered},
        "added": added,
        "removed": [name for name in now.options if name not in kept and name not in added],
        "order": parts["order"] or order,
    }
    notes = {NOTES: (KEPT,)} if changes or new["removed"] or added.keys() != parts["added"].keys() else {}
    return {**document, **{name: part for name, part in new.items() if part}, **notes}


def _changed(then: Mapping[str, Any], now: Any, prefix: str) -> dict[str, Any]:
    """Path -> value then, of what is another now."""
    found: dict[str, Any] = {}
    for name, value in then.items():
        today = now[name] if isinstance(now, Mapping) else getattr(now, name)
        if isinstance(value, Mapping):
            found |= _changed(value, today, f"{prefix}{name}.")
        elif today != value:
            found[f"{prefix}{name}"] = value
    return found


def _entered(option: Mapping[str, Any], changes: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """An option with what the document changed in it; opening the document says what is wrong with a change."""
    result = dict(option)
    for path, value in changes.items():
        if str(path).startswith(prefix):
            head, _, rest = str(path).removeprefix(prefix).partition(".")
            below = result.get(head)
            result[head] = _entered(below, {rest: value}, "") if rest and isinstance(below, Mapping) else value
    return result


def _completed(option: Any) -> Any:
    """An option of version 7 with the fields that it has had since."""
    is_api = isinstance(option, Mapping) and option.get("kind") == "token_api"
    return _said(price_lists.with_price_lists(option) if is_api else option)


def _said(option: Any) -> Any:
    """An option with what it does not say of its kind, as it was without that."""
    kind = option.get("kind") if isinstance(option, Mapping) else None
    return _filled(option, UNSAID.get(kind, {})) if isinstance(kind, str) else option


def with_unsaid(document: Document) -> Document:
    """A document whose own options have the fields that came since it was written, as they leave its results."""
    added = document.get("added")
    if not isinstance(added, Mapping):
        return document
    return {**document, "added": {slug: _said(option) for slug, option in added.items()}}


def _filled(given: Mapping[str, Any], unsaid: Mapping[str, Any]) -> dict[str, Any]:
    """`given` with what it lacks of `unsaid`, group by group."""
    below = {
        name: _filled(given[name], value)
        for name, value in unsaid.items()
        if isinstance(value, Mapping) and isinstance(given.get(name), Mapping)
    }
    return {**unsaid, **given, **below}


@cache
def _then() -> Mapping[str, Any]:
    """Preset -> its groups and options in version 7, with the fields that they have had since."""
    content = json.loads(Path(__file__).with_name("presets_of_7.json").read_text("utf-8"))
    return {
        slug: {
            "groups": {name: _filled(groups.get(name, {}), UNSAID.get(name, {})) for name in known},
            "options": {name: _completed(option) for name, option in options.items()},
        }
        for slug, groups in content.items()
        for options in [groups.pop("options")]
        for known in [dict.fromkeys((*groups, *(UNSAID.keys() & Scenario.model_fields.keys())))]
    }
