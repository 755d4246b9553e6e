"""The library's shelves: save, open, find, rename, copy, delete, tag; every version is kept for good.

Saving never overwrites. Whoever saves a name second, at the same moment or with an old copy, adds a version after the
first one's, and is told so.
"""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from library.database import Database, retried
from library.entries import Decided, Entry, Saved, Stored, Version
from library.errors import LibraryError
from library.roles import EDITOR, NOBODY, OWNER, give, readable, require, role
from library.roles import note as note_change
from library.tables import SCENARIOS, TAGS, VERSIONS, read, written
from library.versions import append, drift, figures, packed, unpacked, version_of
from library.words import key_of, name_of, note_of, slug_of, tag_of
from pricing.documents import Opened

MOST_TAGS = 20


class Shelves:
    """Scenarios in a database. Every method raises LibraryError with one sentence when it cannot do its work."""

    def __init__(self, database: Database, person: str = NOBODY):
        self.database = database
        self.person = person

    @retried
    def save(self, opened: Opened, *, at: datetime, name: str = "", note: str = "",
             based_on: int | None = None) -> Saved:  # fmt: skip
        """Add a version to the scenario of that name, or begin one.

        `based_on` is the number of the version that the reader had opened.
        """
        name, note = name_of(name or opened.name), note_of(note)
        text, now = packed(replace(opened, name=name)), figures(opened.scenario)
        with self.database.transaction(grows=True) as connection:
            home = home_of(connection, name, at, slug_of(name), self.person)
            note_change(connection, at, self.person, "saved", home.slug, note)
            number = append(connection, home.id, at, note, opened.preset, text, now)
        overtaken = range(based_on + 1, number) if based_on is not None else ()
        return Saved(home.slug, home.name, number, tuple(overtaken))

    def scenarios(self, search: str = "", *, deleted: bool = False) -> list[Entry]:
        """Every scenario whose name or tags hold all words of `search`, the latest change first."""
        with self.database.transaction() as connection:
            entries = _entries(connection, self.person)
        words = key_of(search).split()
        return [
            entry for entry in entries
            if entry.deleted == deleted
            and all(word in key_of(" ".join((entry.name, *entry.tags))) for word in words)
        ]  # fmt: skip

    def history(self, slug: str) -> list[Version]:
        """Every version of a scenario, the latest first; of a deleted one as well."""
        with self.database.transaction() as connection:
            rows = connection.execute(
                select(VERSIONS).where(VERSIONS.c.scenario_id == self.row(connection, slug).id)
                .order_by(VERSIONS.c.number.desc())
            ).all()  # fmt: skip
        return [version_of(row) for row in rows]

    def decisions(self) -> list[Decided]:
        """Every version that is a decision, of scenarios that are not deleted; the latest first."""
        wanted = (
            select(SCENARIOS.c.slug, SCENARIOS.c.name, VERSIONS.c.number, VERSIONS.c.document)
            .join(VERSIONS)
            .where(SCENARIOS.c.deleted.is_(False), readable(self.person), VERSIONS.c.document.contains('"decision":'))
            .order_by(VERSIONS.c.at.desc())
        )
        with self.database.transaction() as connection:
            rows = [(row, json.loads(row.document).get("decision")) for row in connection.execute(wanted)]
        return [Decided(row.slug, row.name, row.number, told["on"], told["sentence"]) for row, told in rows if told]

    def open(self, slug: str, number: int | None = None) -> Stored:
        """A version of a scenario, the latest unless it is named; of a deleted one as well, so that links keep working.

        Raises ScenarioError when it is of a document that today's Crossover cannot read.
        """
        with self.database.transaction() as connection:
            ident = self.row(connection, slug).id
            entries = _entries(connection, self.person, slug)
            wanted = select(VERSIONS).where(VERSIONS.c.scenario_id == ident)
            wanted = wanted if number is None else wanted.where(VERSIONS.c.number == number)
            row = connection.execute(wanted.order_by(VERSIONS.c.number.desc()).limit(1)).first()
        if row is None:
            raise LibraryError(f"{entries[0].name!r} has no version {number}; it has 1 to {entries[0].versions}.")
        found = replace(unpacked(row.document), name=entries[0].name)
        return Stored(found, entries[0], version_of(row), drift(json.loads(row.figures), found))

    @retried
    def rename(self, slug: str, name: str, *, at: datetime) -> None:
        """Give a scenario another name; its address stays."""
        name = name_of(name)
        with self.database.transaction() as connection:
            taken = connection.execute(
                select(SCENARIOS.c.slug).where(SCENARIOS.c.name_key == key_of(name), SCENARIOS.c.slug != slug)
            ).scalar()
            if taken is not None:
                raise LibraryError(f"There is another scenario named {name!r}; choose a different name.")
            self._change(connection, slug, at, EDITOR, f"renamed to {name}", name=name, name_key=key_of(name))

    def copy(self, slug: str, name: str, *, at: datetime) -> Saved:
        """Begin a new scenario from the latest version of another."""
        stored, name = self.open(slug), name_of(name)
        if any(key_of(entry.name) == key_of(name) for entry in self.scenarios()):
            raise LibraryError(f"There is a scenario named {name!r} already; choose a different name for the copy.")
        return self.save(stored.opened, at=at, name=name, note=f"Copied from {stored.entry.name}"[:500])

    @retried
    def delete(self, slug: str, *, at: datetime) -> None:
        """Take a scenario off the list. Its versions stay, for links to them and for `restore`."""
        with self.database.transaction() as connection:
            self._change(connection, slug, at, OWNER, "deleted", deleted=True, name_key=None)

    @retried
    def restore(self, slug: str, *, at: datetime) -> str:
        """Put a deleted scenario back on the list and return its name, which gets a number if it is taken by now."""
        with self.database.transaction() as connection:
            found = self.row(connection, slug)
            if not found.deleted:
                return found.name
            name = _free(connection, SCENARIOS.c.name_key, found.name, " ", key_of)
            self._change(connection, slug, at, OWNER, "restored", deleted=False, name=name, name_key=key_of(name))
            return name

    @retried
    def add_tag(self, slug: str, tag: str, *, at: datetime) -> None:
        """Tag a scenario; a tag that it has already changes nothing."""
        tag = tag_of(tag)
        with self.database.transaction() as connection:
            ident = self._change(connection, slug, at, EDITOR, f"tagged {tag}")
            known = set(connection.execute(select(TAGS.c.tag).where(TAGS.c.scenario_id == ident)).scalars())
            if tag not in known and len(known) >= MOST_TAGS:
                raise LibraryError(f"A scenario has at most {MOST_TAGS} tags; remove one first.")
            if tag not in known:
                connection.execute(insert(TAGS).values(scenario_id=ident, tag=tag))

    @retried
    def remove_tag(self, slug: str, tag: str, *, at: datetime) -> None:
        """Take a tag off a scenario."""
        with self.database.transaction() as connection:
            ident = self._change(connection, slug, at, EDITOR, f"untagged {tag_of(tag)}")
            connection.execute(delete(TAGS).where(TAGS.c.scenario_id == ident, TAGS.c.tag == tag_of(tag)))

    def row(self, connection: Connection, slug: str):
        """The row of a scenario that the person may read; what may not be read is as if it were not there."""
        wanted = select(SCENARIOS).where(SCENARIOS.c.slug == slug, readable(self.person))
        if (found := connection.execute(wanted).first()) is None:
            raise LibraryError(f"The library has no scenario {slug!r:.80}.")
        return found

    def _change(self, connection: Connection, slug: str, at: datetime, least: str, action: str, **columns: Any) -> int:
        """Write to a scenario's row what the person, being at least that, does with it; its number."""
        ident = self.row(connection, slug).id
        require(connection, ident, self.person, least)
        connection.execute(update(SCENARIOS).where(SCENARIOS.c.id == ident).values(updated=written(at), **columns))
        note_change(connection, at, self.person, action, slug)
        return ident


def home_of(connection: Connection, name: str, at: datetime, slug: str, person: str):
    """The row to which a version is added: of the name, else a new one of the person's, under the slug or one like it.

    Written to at once. LibraryError when it is somebody else's.
    """
    named = SCENARIOS.c.name_key == key_of(name)
    if not connection.execute(update(SCENARIOS).where(named).values(updated=written(at))).rowcount:
        return begun(connection, name, at, slug, person)
    found = connection.execute(select(SCENARIOS).where(named)).one()
    if not role(connection, found.id, person):
        raise LibraryError(f"Somebody else has a scenario named {name!r}; choose a different name.")
    require(connection, found.id, person, EDITOR)
    return found


def begun(connection: Connection, name: str, at: datetime, slug: str, person: str, *, deleted: bool = False):
    """The row of a new scenario, which is the person's, under this slug or one like it."""
    free = _free(connection, SCENARIOS.c.slug, slug, "-")
    connection.execute(insert(SCENARIOS).values(
        slug=free, name=name, name_key=None if deleted else key_of(name), updated=written(at), deleted=deleted
    ))  # fmt: skip
    made = connection.execute(select(SCENARIOS).where(SCENARIOS.c.slug == free)).one()
    if person != NOBODY:
        give(connection, made.id, person, OWNER)
    return made


def _free(connection: Connection, column, wanted: str, joint: str, key=lambda text: text) -> str:
    """`wanted`, with the first number after it that makes it free in the column."""
    number, text = 2, wanted
    while connection.execute(select(column).where(column == key(text))).first() is not None:
        text, number = f"{wanted[:72]}{joint}{number}", number + 1
    return text


def _entries(connection: Connection, person: str, slug: str = "") -> list[Entry]:
    latest = (
        select(VERSIONS.c.scenario_id, func.max(VERSIONS.c.number).label("number"))
        .group_by(VERSIONS.c.scenario_id)
        .subquery()
    )
    wanted = (
        select(SCENARIOS, VERSIONS.c.number, VERSIONS.c.preset)
        .join(latest, latest.c.scenario_id == SCENARIOS.c.id)
        .join(VERSIONS, (VERSIONS.c.scenario_id == SCENARIOS.c.id) & (VERSIONS.c.number == latest.c.number))
        .where(readable(person))
        .order_by(SCENARIOS.c.updated.desc(), SCENARIOS.c.id.desc())
    )
    rows = connection.execute(wanted.where(SCENARIOS.c.slug == slug) if slug else wanted).all()
    tags: dict[int, list[str]] = {}
    for row in connection.execute(select(TAGS).order_by(TAGS.c.tag)):
        tags.setdefault(row.scenario_id, []).append(row.tag)
    return [
        Entry(row.slug, row.name, tuple(tags.get(row.id, ())), read(row.updated), row.number, row.preset, row.deleted)
        for row in rows
    ]
