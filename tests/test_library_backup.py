"""Backup and restore: the whole library, whoever writes meanwhile; nothing overwritten, nothing half done."""

import os
import resource
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli import main
from library import Library, LibraryError, Links, Prices
from library.backup import back_up, restore
from library.database import Database
from library.place import file_url
from tests.sentence import one_sentence
from tests.test_library import LATER, NOW, opened, requests_of
from tests.test_own_prices import MINE


@pytest.fixture
def database(tmp_path) -> Database:
    """A library with versions, tags, a deleted scenario, a link and a price."""
    found = Database(file_url(tmp_path / "data" / "library.sqlite"))
    shelves = Library(found)
    shelves.save(opened(1e6), at=NOW, note="first")
    shelves.save(opened(2e6), at=LATER)
    shelves.add_tag("my-case", "board", at=LATER)
    shelves.delete(shelves.save(opened(name="Gone"), at=NOW).slug, at=NOW)
    Links(found).keep(opened(5e6), at=NOW)
    Prices(found).keep(MINE, at=NOW)
    return found


def content(database: Database) -> dict[str, list]:
    """Every row of every table of a library in a file."""
    with closing(sqlite3.connect(database.place)) as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        return {name: sorted(connection.execute(f"select * from {name}")) for name in tables}


def test_a_backup_is_the_library_and_fills_an_empty_one_with_every_row(database, tmp_path):
    copy, again = tmp_path / "backup.sqlite", Database(file_url(tmp_path / "again" / "library.sqlite"))
    assert "2 scenarios and 3 versions" in back_up(database, copy)
    assert content(Database(file_url(copy))) == content(database)
    assert "2 scenarios and 3 versions" in restore(again, copy)
    assert content(again) == content(database)
    assert requests_of(Library(Database(file_url(copy))).open("my-case", 1).opened) == 1e6
    assert Library(again).save(opened(3e6), at=LATER).version == 3
    assert Library(again).save(opened(name="New"), at=LATER).slug == "new"


def test_what_a_backup_reads_is_of_one_moment(database):
    def write() -> None:
        with closing(sqlite3.connect(database.place, timeout=0)) as other:
            other.execute("insert into crossover_links values ('another', '', '')")
            other.commit()

    links = "select token from crossover_links"
    with database.snapshot() as reader:
        before = reader.exec_driver_sql(links).all()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            write()  # a library on SQLite waits for the backup; PostgreSQL lets it write and shows the moment before
        assert reader.exec_driver_sql(links).all() == before
    write()
    assert len(content(database)["crossover_links"]) == len(before) + 1


def refusal(action) -> str:
    with pytest.raises(LibraryError) as error:
        action()
    return str(error.value)


def test_nothing_is_overwritten_and_nothing_mixed(database, tmp_path):
    copy = tmp_path / "backup.sqlite"
    copy.write_text("something dear")
    assert "overwrites nothing" in refusal(lambda: back_up(database, copy))
    assert copy.read_text() == "something dear"
    copy.unlink()
    back_up(database, copy)
    before = content(database)
    assert "holds something already" in refusal(lambda: restore(database, copy))
    assert content(database) == before


@pytest.mark.parametrize("wrong", [b"", b"no database " * 999, "other"])
def test_what_is_no_backup_is_refused_and_leaves_the_library_empty(tmp_path, wrong):
    file, empty = tmp_path / "file", Database(file_url(tmp_path / "library.sqlite"))
    if wrong == "other":
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("create table songs (title)")
    else:
        file.write_bytes(wrong)
    assert "is no backup" in refusal(lambda: restore(empty, file))
    assert Library(empty).scenarios() == []
    assert "No such file" in refusal(lambda: restore(empty, tmp_path / "nowhere"))


def in_a_child(work, limit_bytes: int = resource.RLIM_INFINITY) -> int:
    """How a process ends that does the work where no file may be larger: 2 when it was refused in one sentence."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
            work()
            code = 0
        except LibraryError as error:
            code = 2 if one_sentence(str(error).partition(" What is on screen")[0]) else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_backup_without_room_is_one_sentence_and_leaves_no_file(database, tmp_path):
    copy = tmp_path / "backup.sqlite"
    assert in_a_child(lambda: back_up(database, copy), limit_bytes=20_000) == 2
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


def test_a_backup_that_is_killed_leaves_none_and_the_next_one_works(database, tmp_path):
    copy = tmp_path / "backup.sqlite"

    def killed() -> None:
        Path.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        back_up(database, copy)

    assert in_a_child(killed) == -signal.SIGKILL
    assert not copy.exists()
    back_up(database, copy)
    assert content(Database(file_url(copy))) == content(database)
    assert {path.name for path in tmp_path.iterdir()} == {"data", "backup.sqlite"}


def test_the_command_line_backs_up_and_restores(database, tmp_path, monkeypatch, capsys):
    copy = str(tmp_path / "backup.sqlite")
    monkeypatch.setenv("CROSSOVER_DATA", str(tmp_path / "data"))
    assert main(["backup", copy]) == 0
    assert "2 scenarios and 3 versions" in capsys.readouterr().out
    assert main(["backup", copy]) == 2
    one_sentence(capsys.readouterr().err.strip())
    monkeypatch.setenv("CROSSOVER_DATA", str(tmp_path / "elsewhere"))
    assert main(["restore", copy]) == 0
    assert content(Database(file_url(tmp_path / "elsewhere" / "library.sqlite"))) == content(database)
