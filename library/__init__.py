"""The library: scenarios under a name, with tags and every version they ever had, and own prices, in a database.

SQLite in a folder of the user unless the environment names another place; see `library.place`.
"""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import URL
from sqlalchemy.exc import ArgumentError

from library.database import Database
from library.entries import Decided, Entry, Saved, Stored, Version
from library.errors import LibraryError
from library.exchange import Library
from library.place import SIZE_VARIABLE, URL_VARIABLE, database_url, most_bytes
from library.prices import Prices
from library.references import Links
from library.roles import NOBODY

__all__ = [
    "NOBODY",
    "Decided",
    "Entry",
    "Library",
    "LibraryError",
    "Links",
    "Prices",
    "Saved",
    "Stored",
    "Version",
    "library",
    "links",
    "prices",
]  # fmt: skip


def library(environ: Mapping[str, str], person: str = NOBODY) -> Library:
    """The library that the environment names, as one person works with it; opened when it is first asked."""
    return Library(_named(environ), person)


def links(environ: Mapping[str, str]) -> Links:
    """Links by reference in the same database."""
    return Links(_named(environ))


def prices(environ: Mapping[str, str], person: str = NOBODY) -> Prices:
    """The readers' own prices in the same database."""
    return Prices(_named(environ), person)


def _named(environ: Mapping[str, str]) -> Database:
    try:
        url = database_url(environ)
    except (ArgumentError, ValueError):
        raise LibraryError(
            f"{URL_VARIABLE} is no address of a database: write one like postgresql://user:password@host/name."
        ) from None
    try:
        return _database(url, most_bytes(environ))
    except (ValueError, OverflowError):
        raise LibraryError(f"{SIZE_VARIABLE} is no size: write how many GB the library may have, such as 10.") from None


@cache
def _database(url: URL, most_bytes: int) -> Database:
    return Database(url, most_bytes)
