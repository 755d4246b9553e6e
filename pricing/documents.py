"""Scenarios as documents: short, readable, versioned diffs against a preset, for files, links and the library.

A document names its preset, what was changed in it by path, and the options that were added or removed. Opening it is
the same `vary` that every other edit is.
"""

import base64
import binascii
import json
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from costmodel.caching import cached_property
from costmodel.errors import ScenarioError, cut, nearest
from costmodel.numerals import numeral
from costmodel.scenario import Scenario, differences, has, number_at
from costmodel.uncertainty.ranges import Range
from pricing import bills, decisions
from pricing.bills import MetBill
from pricing.colours import of_part, places
from pricing.currency import USD, Currency
from pricing.decisions import Decision, decision_of
from pricing.facts import Own
from pricing.marks import REFUSED, Mark, judged, marks, refusals, unjudged, written
from pricing.migrations import migrated
from pricing.migrations.calendar import START_YEAR
from pricing.own import from_parts, to_parts, used
from pricing.parts import bill_of, correlations, currency_of, entered, imported, part, ranges, slugs, text
from pricing.presets import preset

FORMAT = "crossover-scenario"
VERSION = 8
PARTS = {"format", "version", "preset", "name", "about", "currency", "changes", "entered", "imported", "added",
         "removed", "ranges", "correlations", "order", "bill", "marks", "colours", "prices", "decision"}  # fmt: skip
LONGEST_NAME, LONGEST_ABOUT = 80, 300
ASK_AGAIN = "ask its sender for the whole link, or for the scenario as a file"
LARGEST_BYTES = 1_000_000  # of a document, unpacked; a full scenario of twenty options takes about 60,000


@dataclass(frozen=True)
class Opened:
    """A scenario, the preset it is measured against, and what its reader says of it.

    That is its name, and what it is about in a sentence; ranges by path, and rank correlations by pair of paths, each
    pair in the order of the alphabet; the currency that amounts are shown in; the day on which a path was entered, and
    the files and days that it was read from; the bill of what runs today; marks by the plain name of a model; the
    reader's own prices that it uses, as they were when chosen; and the place of every option in the palette, which it
    keeps when others come and go. `notes` say what an older document means today.
    A version in the library may be a `decision`; what is on screen, which changes, is none.
    """

    scenario: Scenario
    preset: str
    name: str = ""
    ranges: Mapping[str, Range] = field(default_factory=dict)
    correlations: Mapping[tuple[str, str], float] = field(default_factory=dict)
    about: str = ""
    currency: Currency = USD
    entered: Mapping[str, date] = field(default_factory=dict)
    imported: Mapping[str, str] = field(default_factory=dict)
    bill: MetBill | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    own: Own = ()
    decision: Decision | None = None
    colours: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scenario", judged(self.scenario, self.marks))
        object.__setattr__(self, "colours", places(self.scenario.options, self.colours))

    @property
    def short_name(self) -> str:
        """What it is called in the names of files: as its user calls it, or else by its preset's slug."""
        return self.name or self.preset

    @cached_property
    def link(self) -> str:
        """Its document packed for a web address; two that are the same have the same."""
        return to_link(document(self))

    @property
    def differing(self) -> dict[str, tuple[Any, Any]]:
        """What differs from its preset: path -> (value there, value here)."""
        base, here = preset(self.preset).scenario, self.scenario
        return here.once(("differing", self.preset), lambda: differences(base, here))

    @property
    def ranges_today(self) -> dict[str, Range]:
        """The reader's ranges of numbers that are still there, moved with those that changed since."""
        here = self.scenario
        known = ((path, spread, number_at(here, path)) for path, spread in self.ranges.items() if has(here, path))
        return {path: spread if spread.base == here[path] else spread.around(here[path], number)
                for path, spread, number in known if number}  # fmt: skip

    @property
    def correlations_today(self) -> dict[tuple[str, str], float]:
        """The reader's rank correlations of numbers that are still there."""
        return {
            pair: value for pair, value in self.correlations.items() if all(has(self.scenario, one) for one in pair)
        }


@lru_cache(maxsize=64)  # so that what is worked out of a preset is kept for all who begin with it
def fresh(slug: str, today: date) -> Opened:
    """A preset as somebody begins with it: one that would have started before today starts in its next such month."""
    scenario = preset(slug).scenario
    month, year = scenario.workload.start_month, scenario[START_YEAR]
    soonest = today.year + (month < today.month)
    return Opened(scenario.vary({START_YEAR: soonest}) if soonest > year else scenario, slug)


def as_preset(opened: Opened) -> bool:
    """Whether the scenario still is its preset, whatever the year that it starts in."""
    return opened.differing.keys() <= {START_YEAR}


def document(opened: Opened) -> dict[str, Any]:
    """The scenario as a JSON-ready document."""
    base = preset(opened.preset).scenario
    now = opened.scenario.options
    kept = {slug for slug in now if slug in base.options and base.options[slug].kind == now[slug].kind}
    added = {slug: option.model_dump(exclude={REFUSED}) for slug, option in now.items() if slug not in kept}
    removed = [slug for slug in base.options if slug not in now]
    usual_order = [slug for slug in {**base.options, **added} if slug not in removed]
    changes = {
        path: after
        for path, (_, after) in opened.differing.items()
        if not path.startswith("options.") or (path.split(".")[1] in kept and not path.endswith(f".{REFUSED}"))
    }
    parts = {
        "name": opened.name,
        "about": opened.about,
        "currency": [opened.currency.code, opened.currency.on.isoformat()] if opened.currency.on else [],
        "changes": changes,
        "entered": _grouped(
            {
                path: day.isoformat()
                for path, day in opened.entered.items()
                if path in changes or (has(opened.scenario, path) and path.split(".")[1] in added)
            }
        ),
        "imported": _grouped({path: source for path, source in opened.imported.items() if has(opened.scenario, path)}),
        "added": added,
        "removed": removed,
        "ranges": {path: [r.low, r.high, r.distribution] for path, r in opened.ranges_today.items()},
        "correlations": [[*pair, value] for pair, value in opened.correlations_today.items()],
        "order": list(now) if list(now) != usual_order else [],
        "bill": bills.written(opened.bill if opened.bill and opened.bill.option in now else None),
        "marks": written(opened.marks),
        "colours": dict(opened.colours) if opened.colours != places(now, {}) else {},
        "prices": to_parts(used(opened.scenario, opened.own)),
        "decision": decisions.written(opened.decision),
    }
    filled = {name: part for name, part in parts.items() if part}
    return {"format": FORMAT, "version": VERSION, "preset": opened.preset, **filled}


def _grouped(said: Mapping[str, str]) -> dict[str, list[str]]:
    """Day or source -> paths of which it is said."""
    paths: dict[str, list[str]] = {}
    for path, what in said.items():
        paths.setdefault(what, []).append(path)
    return paths


def opened(content: Any) -> Opened:
    """The scenario that a document describes; ScenarioError with one sentence when it cannot be opened."""
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ScenarioError(f'This is not a Crossover scenario: it must be a JSON object with "format": "{FORMAT}".')
    version = content.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ScenarioError(
            f"The document's version is {cut(version, 40)}; it must be a whole number from 1 to {VERSION}."
        )
    if version > VERSION:
        raise ScenarioError(
            f"The document has version {version}; this Crossover reads up to {VERSION}: open it with a newer one."
        )
    content, notes = migrated(content, VERSION)
    if surplus := sorted(set(content) - PARTS):
        raise ScenarioError(
            f"The document has the unknown part {surplus[0]!r:.60}; it may have {', '.join(sorted(PARTS))}."
        )
    changes, added = part(content, "changes", dict), unjudged(part(content, "added", dict))
    removed, order = slugs(content, "removed"), slugs(content, "order")
    slug = text(content, "preset", LONGEST_NAME)
    base = preset(slug).scenario
    options = {option: fields for option, fields in {**base.options, **added}.items() if option not in removed}
    notes += tuple(
        f"The document removes {option!r:.60}, which its preset does not have.{nearest(option, list(options))}"
        for option in removed if option not in base.options and option not in added
    )  # fmt: skip
    if sorted(order) == sorted(options):
        options = {option: options[option] for option in order}
    elif order:
        notes += ("The document's order does not name each of its options once, so they stand in the usual one.",)
    scenario = base.vary(changes, options=options)
    return Opened(
        scenario,
        slug,
        text(content, "name", LONGEST_NAME),
        ranges(scenario, part(content, "ranges", dict)),
        correlations(scenario, part(content, "correlations", list)),
        text(content, "about", LONGEST_ABOUT),
        currency_of(part(content, "currency", list)),
        entered(scenario, part(content, "entered", dict)),
        imported(scenario, part(content, "imported", dict)),
        bill_of(scenario, part(content, "bill", dict)),
        refusals(scenario, changes, marks(part(content, "marks", dict))),
        notes,
        used(scenario, from_parts(part(content, "prices", list))),
        decision_of(scenario, part(content, "decision", dict)),
        of_part(part(content, "colours", dict)),
    )


def to_json(content: Mapping[str, Any]) -> str:
    """The document as a text that a person can read and compare."""
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)


def from_json(text: str | bytes) -> Opened:
    """The scenario in a JSON file; ScenarioError with one sentence for anything else."""
    return opened(parsed(text, LARGEST_BYTES, "a scenario"))


def parsed(text: str | bytes, most: int, what: str) -> Any:
    """The content of a JSON file of at most `most` bytes that should be `what`; ScenarioError when it is no JSON."""
    if len(text) > most:
        raise ScenarioError(f"The file has {numeral(len(text), ',')} bytes; {what} has at most {numeral(most, ',')}.")
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_each_once)
    except ScenarioError:  # is a ValueError too
        raise
    except RecursionError:
        raise ScenarioError(f"The file is nested too deeply to be {what}.") from None
    except UnicodeDecodeError:
        raise ScenarioError(f"The file is not text in UTF-8, so it is not {what}.") from None
    except json.JSONDecodeError as error:
        raise ScenarioError(f"The file {_no_json(error, what)}") from None
    except ValueError:
        raise ScenarioError("The file has a number of thousands of digits, which no scenario holds.") from None


def _no_json(error: json.JSONDecodeError, what: str) -> str:
    """What is wrong with the file and what to do about it, in no words of a program."""
    if not error.doc.strip():
        return "is empty."
    if error.msg.startswith("Unterminated") or error.pos >= len(error.doc.rstrip()):
        return "is cut off: it ends in the middle of a value; copy it again, whole."
    return f"is not JSON at line {error.lineno}, column {error.colno}; take {what} as Crossover wrote it."


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; ScenarioError where it gives a key twice, of which JSON would keep the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise ScenarioError(f"The file gives {twice!r:.80} twice in one object: keep one of the two.")
    return found


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
        raise ScenarioError(f"The scenario in this link is damaged: {ASK_AGAIN}.") from None
    if unpacker.unconsumed_tail:
        raise ScenarioError(f"The scenario in this link is too large: {ASK_AGAIN}.")
    if not unpacker.eof:
        raise ScenarioError(f"The scenario in this link has no end: {ASK_AGAIN}.")
    return from_json(plain)
