"""The connection to the library's database: opened when it is needed, for one operation, by any thread."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable

from costmodel.numerals import numeral
from library.errors import KEPT, LibraryError, told
from library.place import MOST_BYTES, SIZE_VARIABLE, shown
from library.tables import ABOUT, METADATA, SCHEMA

WAIT_S = 5  # for another user to finish writing
PATIENCE = {  # of PostgreSQL's driver, so that a database that is gone holds nobody up for long
    "connect_timeout": WAIT_S, "tcp_user_timeout": 1000 * WAIT_S,
    "options": f"-c lock_timeout={WAIT_S}s -c statement_timeout={12 * WAIT_S}s",
}  # fmt: skip
SIZES = {  # how many bytes a library has
    "sqlite": "select page_count * page_size from pragma_page_count(), pragma_page_size()",
    "postgresql": "select pg_database_size(current_database())",
}
SLOW_S, AWAY_S = 1.0, 15.0  # who waited so long in vain spares all who only read the wait for so long
TRIES = 20  # of a change that another user's gets ahead of


class Database:
    """A database with the library's tables, made on first use.

    A file is opened anew for each operation: one that was removed under the running program is noticed, instead of
    being written to where nobody finds it.
    """

    def __init__(self, url: URL, most_bytes: int = MOST_BYTES):
        self.place, self.most_bytes = shown(url), most_bytes
        self._url, self._lock, self._ready = url, threading.Lock(), False
        self._engine: Engine | None = None
        self._away_until, self._away = 0.0, LibraryError("")

    @contextmanager
    def transaction(self, *, grows: bool = False) -> Iterator[Connection]:
        """A connection whose changes are kept together when the block ends, or not at all.

        grows: the block adds what is never taken away, for which there must be room.
        Raises LibraryError for all that can go wrong with a database but a clash with another user's change, which is
        IntegrityError.
        """
        with self._connected() as connection, connection.begin():
            size = SIZES[connection.dialect.name]
            if grows and connection.exec_driver_sql(size).scalar_one() >= self.most_bytes:
                raise LibraryError.of(
                    self.place,
                    f"is full: it may have {numeral(self.most_bytes / 1e9, ',.3g')} GB, and {SIZE_VARIABLE} can "
                    f"allow more. {KEPT}",
                )
            yield connection

    def ask(self) -> None:
        """Ask the smallest question there is; LibraryError when the database does not answer it."""
        self.hope()
        with self.transaction() as connection:
            connection.execute(select(ABOUT.c.value)).all()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that reads the library as it is at one moment, whoever writes meanwhile."""
        with self._connected() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")  # which the driver leaves out before it reads
            else:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    def hope(self) -> None:
        """Try again, also where the database was away a moment ago."""
        self._away_until = 0.0

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """A connection; where one was waited for in vain a moment ago, that is told without another wait.

        So a database that is silent holds up none of the pages that only look whether it has something for them.
        """
        began = time.monotonic()
        if began < self._away_until:
            raise self._away.again()
        try:
            with self._told():
                connection = self._prepared().connect()
        except LibraryError as refusal:
            if (now := time.monotonic()) - began >= SLOW_S:
                self._away_until, self._away = now + AWAY_S, refusal.again()
            raise
        with self._told(), connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        with told(self.place):
            try:
                yield
            except IntegrityError as clash:
                raise _Clash from clash

    def _prepared(self) -> Engine:
        with self._lock:
            file = self._file()
            if self._ready and file is not None and not file.exists():
                self._ready = False
                raise LibraryError.of(
                    self.place,
                    "is gone: its file was moved or deleted. Bring it back, or try again and a new one is begun. "
                    f"{KEPT}",
                )
            if self._engine is None:
                self._engine = _engine(self._url)
            if not self._ready:
                if file is not None:
                    file.parent.mkdir(parents=True, exist_ok=True)
                _make_tables(self._engine, self.place)
                self._ready = True
            return self._engine

    def _file(self) -> Path | None:
        return Path(self._url.database) if self._url.get_backend_name() == "sqlite" and self._url.database else None


class _Clash(Exception):
    """Another user's change came first."""


def retried(change):
    """Decorate a change of the library: it is always tried, and again when another user's came first."""

    def again(self, *args, **kwargs):
        self.database.hope()
        for _ in range(TRIES):
            with suppress(_Clash):
                return change(self, *args, **kwargs)
        raise LibraryError.of(self.database.place, f"is busy with other users; try again in a moment. {KEPT}")

    again.__doc__, again.__name__ = change.__doc__, change.__name__
    return again


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_timeout=WAIT_S, connect_args=PATIENCE)
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": WAIT_S})

    @event.listens_for(engine, "connect")
    def _checked_references(connection, _record) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    return engine


def _make_tables(engine: Engine, place: str) -> None:
    """Make what tables are missing: all of a new library, those that came since of an older one.

    A change of the schema only adds, so that an older program beside goes on until it is started anew. A newer library
    is left as it is.
    """
    for again in (True, True, False):
        try:
            with engine.begin() as connection:
                known = engine.dialect.has_table(connection, ABOUT.name)
                found = connection.execute(select(ABOUT.c.value)).scalar() if known else None
                if found is not None and found > SCHEMA:
                    raise LibraryError.of(place, f"was made by a newer Crossover: open it with that one. {KEPT}")
                for table in METADATA.sorted_tables:
                    connection.execute(CreateTable(table, if_not_exists=True))
                    for index in table.indexes:
                        connection.execute(CreateIndex(index, if_not_exists=True))
                if found is None:
                    connection.execute(insert(ABOUT).values(what="schema", value=SCHEMA))
                elif found < SCHEMA:
                    connection.execute(update(ABOUT).values(value=SCHEMA))
            return
        except IntegrityError:  # another process was quicker
            if not again:
                raise
