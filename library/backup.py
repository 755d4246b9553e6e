"""A copy of the whole library in a file, and the way back: every row of every table, as of one moment.

A backup is itself a library in a file, of whatever database it was taken, so any Crossover of its age opens it.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Integer, Table, func, insert, select, text

from costmodel.numerals import numeral
from library.database import Database
from library.errors import LibraryError, told
from library.place import file_url
from library.tables import ABOUT, METADATA, SCENARIOS, VERSIONS

AT_ONCE = 500  # rows in memory, each at most a scenario
CONTENT = [table for table in METADATA.sorted_tables if table is not ABOUT]


def back_up(database: Database, file: Path) -> str:
    """Copy the library into a new file and say what was copied. Nothing is overwritten; half a copy never stands there.

    Raises LibraryError when the library cannot be read or the file cannot be written.
    """
    if file.exists():
        raise LibraryError(f"{str(file)!r} is there already, and a backup overwrites nothing: name a new file.")
    half = file.with_name(f".{file.name}.half")
    try:
        half.unlink(missing_ok=True)  # of a backup that was killed
        copy = Database(file_url(half))
        copy.place = str(file)
        content = _copied(database, copy)
        half.rename(file)
    except OSError as error:
        raise LibraryError(f"{str(file)!r} cannot be written: {error.strerror}.") from None
    finally:
        half.unlink(missing_ok=True)
    return f"Copied {content} from {database.place} to {file}."


def restore(database: Database, file: Path) -> str:
    """Fill an empty library from a backup and say what was brought back. The backup stays as it is.

    Raises LibraryError when the file is no backup, or the library holds something: it is never mixed or replaced.
    """
    with TemporaryDirectory() as folder, told(str(file)):
        copy = Path(folder) / "library.sqlite"  # which opening may bring up to date
        shutil.copyfile(file, copy)
        if not _is_library(copy):
            raise LibraryError(f"{str(file)!r} is no backup of a library.")
        content = _copied(Database(file_url(copy)), database)
    return f"Brought {content} from {file} back to {database.place}."


def _is_library(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(file)) as connection:
            return bool(connection.execute(f"select * from {ABOUT.name}").fetchall())
    except sqlite3.Error:
        return False


def _copied(source: Database, target: Database) -> str:
    """Copy every row in one transaction; what was copied, in words."""
    with source.snapshot() as old, target.transaction() as new:
        if any(new.execute(select(table).limit(1)).first() for table in CONTENT):
            raise LibraryError.of(target.place, "holds something already; a backup is brought back into an empty one.")
        for table in CONTENT:
            for rows in old.execute(select(table).execution_options(yield_per=AT_ONCE)).mappings().partitions():
                new.execute(insert(table), [dict(row) for row in rows])
        _count_on(new)
        return " and ".join(
            _counted(new, table, what) for table, what in ((SCENARIOS, "scenario"), (VERSIONS, "version"))
        )


def _counted(connection: Connection, table: Table, what: str) -> str:
    number = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return f"{numeral(number, ',')} {what}{'' if number == 1 else 's'}"


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL go on after the numbers that were copied; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in CONTENT:
        number = table.autoincrement_column
        if number is not None and isinstance(number.type, Integer):
            connection.execute(
                text(
                    f"select setval(pg_get_serial_sequence('{table.name}', '{number.name}'), "
                    f"coalesce(max({number.name}), 0) + 1, false) from {table.name}"
                )
            )
