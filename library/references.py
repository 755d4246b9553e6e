"""Links by reference: a short token in the address for a scenario that would not fit into one."""

import base64
import hashlib
import json
from datetime import datetime

from sqlalchemy import insert, select

from costmodel.numerals import numeral
from library.database import Database, retried
from library.errors import LibraryError
from library.tables import LINKS, written
from library.versions import unpacked
from pricing.documents import LARGEST_BYTES, Opened, document

SHORTEST, LONGEST = 10, 43  # letters of a token: 60 bits, and as many as the digest has


class Links:
    """Documents under tokens that follow from their content: the same scenario has the same link, on any day."""

    def __init__(self, database: Database):
        self.database = database

    @retried
    def keep(self, opened: Opened, *, at: datetime) -> str:
        """The token of a scenario, kept from now on. LibraryError when the library cannot be written."""
        text = json.dumps(document(opened), ensure_ascii=False, separators=(",", ":"))
        if len(text) > LARGEST_BYTES:
            length, most = numeral(len(text), ","), numeral(LARGEST_BYTES, ",")
            raise LibraryError(f"The scenario has {length} characters; a link holds up to {most}.")
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        with self.database.transaction(grows=True) as connection:
            for length in range(SHORTEST, LONGEST + 1):
                token = digest[:length]
                known = connection.execute(select(LINKS.c.document).where(LINKS.c.token == token)).scalar()
                if known is None:
                    connection.execute(insert(LINKS).values(token=token, at=written(at), document=text))
                if known in (None, text):
                    return token
        raise LibraryError("The scenario could not be given a link.")

    def open(self, token: str) -> Opened:
        """The scenario behind a token; LibraryError when this library does not know it."""
        if not (isinstance(token, str) and SHORTEST <= len(token) <= LONGEST and token.isascii()):
            raise LibraryError("The link is damaged or incomplete: ask its sender for the whole link.")
        with self.database.transaction() as connection:
            text = connection.execute(select(LINKS.c.document).where(LINKS.c.token == token)).scalar()
        if text is None:
            raise LibraryError.of(self.database.place, "does not know this link: it was made with another one.")
        return unpacked(text)
