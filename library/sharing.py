"""A scenario shared with others: who has which role, a link that opens without login, and what was changed by whom."""

import secrets
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, insert, select

from library import roles
from library.database import retried
from library.errors import LibraryError
from library.roles import OWNER, Change, person_of
from library.scenarios import Shelves
from library.tables import OPEN_LINKS, SCENARIOS, VERSIONS
from library.versions import unpacked
from pricing.documents import Opened

TOKEN_BYTES = 24  # of chance in a link that opens without login
CLOSED = "This link is not open, or not any more: ask the owner of the scenario for another one, or log in."


class Sharing(Shelves):
    """Shelves whose owners let others in. Every method raises LibraryError when the person may not do that."""

    def role(self, slug: str) -> str:
        """What the person is of a scenario."""
        with self.database.transaction() as connection:
            return roles.role(connection, self.row(connection, slug).id, self.person)

    def roles(self, slug: str) -> dict[str, str]:
        """Person -> role, for who may read the scenario."""
        with self.database.transaction() as connection:
            return roles.roles(connection, self.row(connection, slug).id)

    def changes(self, slug: str) -> list[Change]:
        """Who changed what in a scenario, the latest first, for who may read it."""
        with self.database.transaction() as connection:
            self.row(connection, slug)
            return roles.changes(connection, slug)

    def all_changes(self) -> list[Change]:
        """Every change of every scenario and of the own prices, the latest first, for who runs the library."""
        with self.database.transaction() as connection:
            return roles.changes(connection)

    @retried
    def give(self, slug: str, person: str, role: str, *, at: datetime) -> None:
        """Make a person reader, editor or owner of a scenario; an empty role takes it away."""
        person = person_of(person)
        with self.database.transaction() as connection:
            ident = self._change(connection, slug, at, OWNER, f"made {person} {role or 'a stranger'}")
            roles.give(connection, ident, person, role)

    def open_link(self, slug: str) -> str:
        """The token of the link that opens a scenario without login; empty where its owner gave none."""
        with self.database.transaction() as connection:
            ident = self.row(connection, slug).id
            known = select(OPEN_LINKS.c.token).where(OPEN_LINKS.c.scenario_id == ident)
            return connection.execute(known).scalar() or ""

    @retried
    def let_in(self, slug: str, anyone: bool, *, at: datetime) -> None:
        """Open a scenario, its latest version, to whoever has a link with a new token; or close it again for good."""
        with self.database.transaction() as connection:
            action = "opened by a link without login" if anyone else "closed to those without login"
            ident = self._change(connection, slug, at, OWNER, action)
            connection.execute(delete(OPEN_LINKS).where(OPEN_LINKS.c.scenario_id == ident))
            if anyone:
                token = secrets.token_urlsafe(TOKEN_BYTES)
                connection.execute(insert(OPEN_LINKS).values(token=token, scenario_id=ident))

    def opened_by(self, token: str) -> Opened:
        """The latest version behind a link that opens without login; LibraryError when it is not open."""
        wanted = (
            select(SCENARIOS.c.name, VERSIONS.c.document)
            .join(VERSIONS)
            .join(OPEN_LINKS, OPEN_LINKS.c.scenario_id == SCENARIOS.c.id)
            .where(OPEN_LINKS.c.token == token, SCENARIOS.c.deleted.is_(False))
            .order_by(VERSIONS.c.number.desc())
        )
        with self.database.transaction() as connection:
            row = connection.execute(wanted.limit(1)).first() if token.isascii() else None
        if row is None:
            raise LibraryError(CLOSED)
        return replace(unpacked(row.document), name=row.name)
