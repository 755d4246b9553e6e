"""Scenarios as documents: short, readable, versioned diffs against a preset, for files, links and the library.

A document names its preset, what was changed in it by path, and the options that were added or removed. Opening it is
the same `vary` that every other edit is.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from costmodel.errors import ScenarioError
from costmodel.scenario import Scenario, values
from costmodel.uncertainty.ranges import Range, checked
from pricing.presets import preset

FORMAT = "crossover-scenario"
VERSION = 1
LARGEST_BYTES = 1_000_000  # of a document, unpacked; a full scenario of twenty options takes about 60,000


@dataclass(frozen=True)
class Opened:
    """A scenario, the preset it is measured against, the name its user gave it, and the user's own ranges by path."""

    scenario: Scenario
    preset: str
    name: str = ""
    ranges: Mapping[str, Range] = field(default_factory=dict)


def differences(before: Scenario, after: Scenario) -> dict[str, tuple[Any, Any]]:
    """Path -> (value before, value after) of every value that differs, for two single scenarios; None: no such path."""
    old, new = values(before), values(after)
    return {path: (old.get(path), new.get(path)) for path in {**old, **new} if old.get(path) != new.get(path)}


def document(opened: Opened) -> dict[str, Any]:
    """The scenario as a JSON-ready document."""
    base = preset(opened.preset).scenario
    now = opened.scenario.options
    kept = {slug for slug in now if slug in base.options and base.options[slug].kind == now[slug].kind}
    added = {slug: option.model_dump() for slug, option in now.items() if slug not in kept}
    removed = [slug for slug in base.options if slug not in now]
    usual_order = [slug for slug in {**base.options, **added} if slug not in removed]
    known = values(opened.scenario)
    parts = {
        "name": opened.name,
        "changes": {
            path: after
            for path, (_, after) in differences(base, opened.scenario).items()
            if not path.startswith("options.") or path.split(".")[1] in kept
        },
        "added": added,
        "removed": removed,
        "ranges": {path: [r.low, r.high, r.distribution] for path, r in opened.ranges.items() if path in known},
        "order": list(now) if list(now) != usual_order else [],
    }
    filled = {name: part for name, part in parts.items() if part}
    return {"format": FORMAT, "version": VERSION, "preset": opened.preset, **filled}


def opened(content: Any) -> Opened:
    """The scenario that a document describes; ScenarioError with one sentence when it cannot be opened."""
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ScenarioError(f'This is not a Crossover scenario: it must be a JSON object with "format": "{FORMAT}".')
    version = content.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ScenarioError(
            f"The document's version is {version!r:.40}; it must be a whole number from 1 to {VERSION}."
        )
    if version > VERSION:
        raise ScenarioError(
            f"The document has version {version}; this Crossover reads up to {VERSION}: open it with a newer one."
        )
    known = {"format", "version", "preset", "name", "changes", "added", "removed", "ranges", "order"}
    if surplus := sorted(set(content) - known):
        raise ScenarioError(
            f"The document has the unknown part {surplus[0]!r:.60}; it may have {', '.join(sorted(known))}."
        )
    changes, added = _part(content, "changes", dict), _part(content, "added", dict)
    removed, order = _part(content, "removed", list), _part(content, "order", list)
    slug, name = content.get("preset", ""), content.get("name", "")
    if not isinstance(slug, str) or not isinstance(name, str):
        raise ScenarioError("The document's preset and name must be texts.")
    if not name.isascii() and any("\ud800" <= letter <= "\udfff" for letter in name):
        raise ScenarioError("The document's name has half a letter in it; it must be ordinary text.")
    base = preset(slug).scenario
    options = {option: fields for option, fields in {**base.options, **added}.items() if option not in removed}
    if sorted(map(str, order)) == sorted(options):
        options = {option: options[option] for option in order}
    scenario = base.vary(changes, options=options)
    return Opened(scenario, slug, name[:80], _ranges(scenario, _part(content, "ranges", dict)))


def _ranges(scenario: Scenario, given: Mapping[str, Any]) -> dict[str, Range]:
    found = {}
    for path, entry in given.items():
        match entry:
            case [int() | float() as low, int() | float() as high, str() as distribution]:
                found[path] = Range(_finite(path, low), scenario[path], _finite(path, high), distribution)
            case _:
                raise ScenarioError(f"The range of {path!r:.80} must be [low, high, distribution], not {entry!r:.60}.")
    checked(scenario, found, drawn=False)
    return found


def _part(content: Mapping[str, Any], name: str, kind: type) -> Any:
    part = content.get(name, kind())
    if not isinstance(part, kind):
        words = {dict: "an object", list: "a list"}
        raise ScenarioError(f"The document's part {name!r} must be {words[kind]}, not {part!r:.60}.")
    return part


def to_json(content: Mapping[str, Any]) -> str:
    """The document as a text that a person can read and compare."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)


def from_json(text: str | bytes) -> Opened:
    """The scenario in a JSON file; ScenarioError with one sentence for anything else."""
    if len(text) > LARGEST_BYTES:
        raise ScenarioError(f"The file has {len(text):,} bytes; a scenario has at most {LARGEST_BYTES:,}.")
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ScenarioError("The file is nested too deeply to be a scenario.") from None
    except UnicodeDecodeError:
        raise ScenarioError("The file is not text in UTF-8, so it is not a scenario.") from None
    except json.JSONDecodeError as error:
        raise ScenarioError(
            f"The file is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from None
    except ValueError:
        raise ScenarioError("The file has a number of thousands of digits, which no scenario holds.") from None
    return opened(content)


def _refuse_constant(name: str) -> None:
    raise ScenarioError(f"The file contains {name}, which is not a number that a scenario can hold.")


def to_link(content: Mapping[str, Any]) -> str:
    """The document packed for a web address: letters, digits, - and _."""
    packed = zlib.compress(json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode(), level=9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def from_link(text: str) -> Opened:
    """The scenario in a web address; ScenarioError when the address was cut, damaged or made by something else."""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(packed, LARGEST_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        raise ScenarioError("The scenario in this link cannot be read: the link is damaged or incomplete.") from None
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise ScenarioError("The scenario in this link is incomplete or too large.")
    return from_json(plain)


def _finite(path: str, end: float) -> float:
    try:
        return float(end)
    except OverflowError:
        raise ScenarioError(
            f"The range of {path!r:.80} has an end of hundreds of digits; write a smaller number."
        ) from None
