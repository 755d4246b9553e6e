"""The reader's own prices in the library: quotations that every scenario can choose from."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from library.database import Database, retried
from library.roles import NOBODY, note
from library.tables import PRICES, written
from pricing.facts import Fact, Own
from pricing.own import from_parts, key_of, to_parts, together


class Prices:
    """Own prices in a database, one row for each name. Every method raises LibraryError when it cannot do its work."""

    def __init__(self, database: Database, person: str = NOBODY):
        self.database = database
        self.person = person

    def all(self) -> Own:
        """Every own price, the newest entry first."""
        return from_parts(self.parts())

    def parts(self) -> list[dict[str, Any]]:
        """The same as documents hold them."""
        with self.database.transaction() as connection:
            found = connection.execute(select(PRICES.c.price).order_by(PRICES.c.at.desc(), PRICES.c.key)).scalars()
            return [json.loads(row) for row in found]

    @retried
    def keep(self, rows: Sequence[Fact], *, at: datetime, instead_of: Fact | None = None) -> None:
        """Add rows, each in the place of one of its name; `instead_of` goes, whatever the new name."""
        with self.database.transaction(grows=True) as connection:
            if instead_of is not None:
                _remove(connection, instead_of)
                note(connection, at, self.person, "entered a price", about=key_of(instead_of))
            put(connection, rows, at, self.person)

    @retried
    def remove(self, row: Fact, *, at: datetime) -> None:
        """Take a row off; scenarios that use it keep what they have of it."""
        with self.database.transaction() as connection:
            _remove(connection, row)
            note(connection, at, self.person, "removed a price", about=key_of(row))


def put(connection: Connection, rows: Sequence[Fact], at: datetime, person: str) -> None:
    """Add rows, each in the place of one of its name."""
    for row in rows:
        _remove(connection, row)
        note(connection, at, person, "entered a price", about=key_of(row))
    for row in together(rows):
        (part,) = to_parts((row,))
        text = json.dumps(part, ensure_ascii=False)
        connection.execute(insert(PRICES).values(key=key_of(row), at=written(at), price=text))


def _remove(connection: Connection, row: Fact) -> None:
    connection.execute(delete(PRICES).where(PRICES.c.key == key_of(row)))
