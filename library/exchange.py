"""Scenarios in and out as JSON: one as a scenario file, or the whole library with its history."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from costmodel.errors import ScenarioError
from costmodel.numerals import numeral
from library.database import retried
from library.entries import Saved
from library.errors import LibraryError
from library.prices import Prices, put
from library.roles import EDITOR, OWNER, note, readable, role
from library.scenarios import begun, home_of
from library.sharing import Sharing
from library.tables import SCENARIOS, TAGS, VERSIONS, read, written
from library.versions import append
from library.words import LONGEST_SLUG, name_of, note_of, printable, slug_of, tag_of
from pricing.documents import FORMAT as SCENARIO_FORMAT
from pricing.documents import LARGEST_BYTES, opened, parsed, to_json
from pricing.facts import Fact
from pricing.own import from_parts, key_of
from pricing.parts import part

FORMAT, VERSION = "crossover-library", 1
LARGEST_LIBRARY_BYTES = 50_000_000
PRICES = "prices"  # part of a library file, beside its scenarios
UNNAMED = "Imported scenario"


class Library(Sharing):
    """The library with its way in and out: shelves and own prices that can be carried away and brought back.

    `person` is who works with it, an e-mail address; nobody where people do not log in.
    """

    def export_all(self) -> str:
        """Every scenario that the person may read, with all versions, deleted ones too, and every own price."""
        with self.database.snapshot() as connection:
            wanted = select(SCENARIOS).where(readable(self.person)).order_by(SCENARIOS.c.id)
            scenarios = connection.execute(wanted).all()
            versions = connection.execute(select(VERSIONS).order_by(VERSIONS.c.number)).all()
            tags = connection.execute(select(TAGS).order_by(TAGS.c.tag)).all()
        shelves = [
            {"slug": row.slug, "name": row.name, "deleted": row.deleted,
             "tags": [tag.tag for tag in tags if tag.scenario_id == row.id],
             "versions": [{"at": v.at, "note": v.note, "document": json.loads(v.document),
                           "figures": json.loads(v.figures)} for v in versions if v.scenario_id == row.id]}
            for row in scenarios
        ]  # fmt: skip
        prices = Prices(self.database, self.person).parts()
        own = {PRICES: prices} if prices else {}
        return to_json({"format": FORMAT, "version": VERSION, "scenarios": shelves, **own})

    def bring(self, text: str | bytes, *, at: datetime) -> list[Saved]:
        """Add what a file holds: a scenario, or a whole library, whose versions follow those of the same names.

        Nothing is overwritten, and what is here already is not added twice, own prices by their name; a file with
        anything wrong adds nothing.
        """
        content = parsed(text, LARGEST_LIBRARY_BYTES, "a library of scenarios")
        if not isinstance(content, dict) or content.get("format") not in (FORMAT, SCENARIO_FORMAT):
            raise LibraryError(
                f'The file is neither a scenario nor a library: it must be a JSON object with "format": '
                f'"{SCENARIO_FORMAT}" or "{FORMAT}".'
            )
        if content["format"] == SCENARIO_FORMAT:
            if len(text) > LARGEST_BYTES:
                length, most = numeral(len(text), ","), numeral(LARGEST_BYTES, ",")
                raise LibraryError(f"The file has {length} bytes; a scenario has at most {most}.")
            found = opened(content)
            return [self.save(found, at=at, name=found.name or UNNAMED, note="Imported")]
        shelves = [_shelf(entry, i) for i, entry in enumerate(_shelves(content))]
        own = from_parts(part(content, PRICES, list))
        here = set(map(key_of, Prices(self.database, self.person).all()))
        return self._bring_all(shelves, [row for row in own if key_of(row) not in here], at)

    @retried
    def _bring_all(self, shelves: list[dict[str, Any]], own: Sequence[Fact], at: datetime) -> list[Saved]:
        saved = []
        with self.database.transaction(grows=True) as connection:
            put(connection, own, at, self.person)
            for shelf in shelves:
                row = self._same(connection, shelf) or self._home(connection, shelf, at)
                note(connection, at, self.person, "imported", row.slug)
                known = _known(connection, row.id)
                for version in shelf["versions"]:
                    if (written(version["at"]), version["text"]) not in known:
                        append(connection, row.id, **version)
                tags = set(connection.execute(select(TAGS.c.tag).where(TAGS.c.scenario_id == row.id)).scalars())
                for tag in dict.fromkeys(shelf["tags"]):
                    if tag not in tags:
                        connection.execute(insert(TAGS).values(scenario_id=row.id, tag=tag))
                saved.append(Saved(row.slug, row.name, len(_known(connection, row.id))))
        return saved

    def _home(self, connection: Connection, shelf: dict[str, Any], at: datetime):
        """The scenario that takes the shelf's versions: of its name, else a new one; what is deleted joins none."""
        if shelf["deleted"]:
            return begun(connection, shelf["name"], at, shelf["slug"], self.person, deleted=True)
        return home_of(connection, shelf["name"], at, shelf["slug"], self.person)

    def _same(self, connection: Connection, shelf: dict[str, Any]):
        """The scenario that the shelf was once taken from, if the person may change it: of its slug, with a version in
        common."""
        row = connection.execute(select(SCENARIOS).where(SCENARIOS.c.slug == shelf["slug"])).first()
        if row is None or role(connection, row.id, self.person) not in (EDITOR, OWNER):
            return None
        brought = {(written(version["at"]), version["text"]) for version in shelf["versions"]}
        return row if brought & _known(connection, row.id) else None


def _known(connection: Connection, ident: int) -> set[tuple[str, str]]:
    wanted = select(VERSIONS.c.at, VERSIONS.c.document).where(VERSIONS.c.scenario_id == ident)
    return {tuple(row) for row in connection.execute(wanted)}


def _shelves(content: Mapping[str, Any]) -> list[Any]:
    version = content.get("version")
    if version != VERSION:
        raise LibraryError(f"The library file has version {version!r:.40}; this Crossover reads version {VERSION}.")
    if not isinstance(content.get("scenarios"), list):
        raise LibraryError("The library file has no list of scenarios.")
    return content["scenarios"]


def _shelf(entry: Any, position: int) -> dict[str, Any]:
    """A scenario of a library file, checked as far as it must be to be kept; it is opened when somebody asks for it."""
    where = f"Scenario {position + 1} of the library file"
    if not isinstance(entry, dict) or not isinstance(entry.get("versions"), list) or not entry["versions"]:
        raise LibraryError(f"{where} has no versions.")
    tags = entry.get("tags", [])
    if not isinstance(tags, list):
        raise LibraryError(f"{where}: its tags must be a list.")
    try:
        return {
            "slug": slug_of(str(entry.get("slug", ""))[:LONGEST_SLUG]),
            "name": name_of(entry.get("name", "")),
            "deleted": entry.get("deleted") is True,
            "tags": [tag_of(tag) for tag in tags],
            "versions": [_checked(version) for version in entry["versions"]],
        }
    except ScenarioError as error:
        raise LibraryError(f"{where}: {error}") from None


def _checked(version: Any) -> dict[str, Any]:
    if not isinstance(version, dict) or not isinstance(version.get("document"), dict):
        raise LibraryError("A version must be an object with a document.")
    content = version["document"]
    if content.get("format") != SCENARIO_FORMAT:
        raise LibraryError(f'A document must have "format": "{SCENARIO_FORMAT}".')
    figures, text = version.get("figures", {}), to_json(content)
    if not isinstance(figures, dict) or len(text) > LARGEST_BYTES or len(str(figures)) > LARGEST_BYTES:
        raise LibraryError("A version is too large or its figures are no object.")
    try:
        at = read(version.get("at", ""))
    except (TypeError, ValueError):
        raise LibraryError(
            f"A version has the time {version.get('at')!r:.40}, not one like 2026-11-24T15:00+00:00."
        ) from None
    if at.tzinfo is None:
        raise LibraryError("A version's time must name its zone, such as +00:00.")
    note, slug = note_of(str(version.get("note", ""))), printable(str(content.get("preset", "")))[:80]
    return {"at": at, "note": note, "preset": slug, "text": text, "figures": json.dumps(figures, ensure_ascii=False)}
