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
from costmodel.scenario import Scenario, numbers, values
from costmodel.uncertainty.ranges import Range, checked
from costmodel.uncertainty.sampling import check_correlations
from pricing.migrations import migrated
from pricing.presets import preset

FORMAT = "crossover-scenario"
VERSION = 5
PARTS = {"format", "version", "preset", "name", "changes", "added", "removed", "ranges", "correlations", "order"}
LARGEST_BYTES = 1_000_000  # of a document, unpacked; a full scenario of twenty options takes about 60,000


@dataclass(frozen=True)
class Opened:
    """A scenario, the preset it is measured against, the name its user gave it, and what its user says of chance.

    That is ranges by path, and rank correlations by pair of paths, each pair in the order of the alphabet.
    """

    scenario: Scenario
    preset: str
    name: str = ""
    ranges: Mapping[str, Range] = field(default_factory=dict)
    correlations: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @property
    def short_name(self) -> str:
        """What it is called in the names and columns of files: as its user calls it, or else by its preset's slug."""
        return self.name or self.preset


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
        "ranges": {path: [r.low, r.high, r.distribution] for path, r in _around_today(opened).items()},
        "correlations": [[*pair, value] for pair, value in opened.correlations.items() if known.keys() >= set(pair)],
        "order": list(now) if list(now) != usual_order else [],
    }
    filled = {name: part for name, part in parts.items() if part}
    return {"format": FORMAT, "version": VERSION, "preset": opened.preset, **filled}


def _around_today(opened: Opened) -> dict[str, Range]:
    """The reader's ranges of numbers that are still there, moved with those that changed since."""
    known = numbers(opened.scenario) if opened.ranges else {}
    today = {path: opened.scenario[path] for path in opened.ranges if path in known}
    return {
        path: spread if spread.base == today[path] else spread.around(today[path], known[path])
        for path, spread in opened.ranges.items()
        if path in today
    }


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
    content = migrated(content, VERSION)
    if surplus := sorted(set(content) - PARTS):
        raise ScenarioError(
            f"The document has the unknown part {surplus[0]!r:.60}; it may have {', '.join(sorted(PARTS))}."
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
    ranges = _ranges(scenario, _part(content, "ranges", dict))
    return Opened(scenario, slug, name[:80], ranges, _correlations(scenario, _part(content, "correlations", list)))


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


def _correlations(scenario: Scenario, given: list[Any]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for entry in given:
        match entry:
            case [str() as one, str() as other, int() | float() as value] if -1 < value < 1 and one < other:
                if (one, other) in found:
                    raise ScenarioError(f"The rank correlation of {one:.120} with {other:.120} is given twice.")
                found[one, other] = float(value)
            case _:
                raise ScenarioError(
                    f"A rank correlation must be [path, path, number between -1 and 1], the paths in the order of the "
                    f"alphabet, not {entry!r:.160}."
                )
    check_correlations(scenario, found)
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
    return opened(parsed(text, LARGEST_BYTES, "a scenario"))


def parsed(text: str | bytes, most: int, what: str) -> Any:
    """The content of a JSON file of at most `most` bytes that should be `what`; ScenarioError when it is no JSON."""
    if len(text) > most:
        raise ScenarioError(f"The file has {len(text):,} bytes; {what} has at most {most:,}.")
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except ScenarioError:  # is a ValueError too
        raise
    except RecursionError:
        raise ScenarioError(f"The file is nested too deeply to be {what}.") from None
    except UnicodeDecodeError:
        raise ScenarioError(f"The file is not text in UTF-8, so it is not {what}.") from None
    except json.JSONDecodeError as error:
        raise ScenarioError(
            f"The file is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from None
    except ValueError:
        raise ScenarioError("The file has a number of thousands of digits, which no scenario holds.") from None


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
