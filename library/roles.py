"""Who may do what with a scenario where people log in: its owner, editors and readers; and what each of them changed.

A person is an e-mail address. Nobody (`NOBODY`) works with a library to which no one logs in, and may do everything. A
scenario without an owner, such as one from before people logged in, may be read and changed by all who do.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, or_, select, true

from library.errors import LibraryError
from library.tables import CHANGES, ROLES, SCENARIOS, read, written

NOBODY = ""
READER, EDITOR, OWNER = "reader", "editor", "owner"
RANKS = {"": 0, READER: 1, EDITOR: 2, OWNER: 3}  # each may what those before it may
LONGEST_PERSON = 254  # of an address that mail can reach, RFC 5321


@dataclass(frozen=True)
class Change:
    """What somebody did with a scenario, or with the own prices where it names none."""

    at: datetime
    person: str
    action: str
    slug: str
    about: str


def person_of(words: str) -> str:
    """An e-mail address in small letters; LibraryError when it is none."""
    person = words.strip().lower()
    name, at, host = person.rpartition("@")
    if not (name and at and "." in host) or len(person) > LONGEST_PERSON or not person.isprintable() or " " in person:
        raise LibraryError(f"{words!r:.60} is no e-mail address; write one like ann@example.org.")
    return person


def readable(person: str) -> ColumnElement[bool]:
    """What is true of the rows of `SCENARIOS` that a person may read."""
    if person == NOBODY:
        return true()
    of_it = exists().where(ROLES.c.scenario_id == SCENARIOS.c.id)
    return or_(~of_it, of_it.where(ROLES.c.person == person))


def roles(connection: Connection, ident: int) -> dict[str, str]:
    """Person -> role."""
    found = connection.execute(select(ROLES.c.person, ROLES.c.role).where(ROLES.c.scenario_id == ident))
    return {row.person: row.role for row in found.all()}


def role(connection: Connection, ident: int, person: str) -> str:
    """What a person is of a scenario; empty where the person may not even read it."""
    if person == NOBODY:
        return OWNER
    known = roles(connection, ident)
    return known.get(person, "") if known else EDITOR


def may(mine: str, least: str) -> bool:
    """Whether who is that of a scenario may do what it takes to be at least another."""
    return RANKS[mine] >= RANKS[least]


def require(connection: Connection, ident: int, person: str, least: str) -> None:
    """LibraryError with who may, unless the person may."""
    if not may(role(connection, ident, person), least):
        owners = ", ".join(who for who, of in roles(connection, ident).items() if of == OWNER)
        raise LibraryError(
            f"Only {'an owner' if least == OWNER else 'an editor'} of this scenario may do that; "
            f"{f'ask {owners}' if owners else 'it has no owner yet, whom your operator can name'}."
        )


def give(connection: Connection, ident: int, person: str, new_role: str) -> None:
    """Make a person that of a scenario; an empty role takes all away. The last owner stays one."""
    if new_role not in RANKS:
        raise LibraryError(f"A role is {READER}, {EDITOR} or {OWNER}, not {new_role!r:.40}.")
    known = roles(connection, ident)
    if new_role != OWNER and [who for who, of in known.items() if of == OWNER] == [person]:
        raise LibraryError("A scenario has at least one owner; make somebody else an owner first.")
    connection.execute(delete(ROLES).where(ROLES.c.scenario_id == ident, ROLES.c.person == person))
    if new_role:
        connection.execute(insert(ROLES).values(scenario_id=ident, person=person, role=new_role))


def note(connection: Connection, at: datetime, person: str, action: str, slug: str = "", about: str = "") -> None:
    """Keep who did what; of a library to which nobody logs in, nothing."""
    if person != NOBODY:
        change = {"at": written(at), "person": person, "action": action, "slug": slug, "about": about[:500]}
        connection.execute(insert(CHANGES).values(**change))


def changes(connection: Connection, slug: str = "") -> list[Change]:
    """Every change that was noted, of one scenario if it is named; the latest first."""
    wanted = select(CHANGES).order_by(CHANGES.c.id.desc())
    rows = connection.execute(wanted.where(CHANGES.c.slug == slug) if slug else wanted).all()
    return [Change(read(row.at), row.person, row.action, row.slug, row.about) for row in rows]
