"""Bad days of the library: killed in the middle of a change, a clock that was set back."""

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from library import Library, LibraryError, Links, Prices, library
from library.database import Database
from library.place import file_url
from pricing.documents import document, to_json
from tests.test_library import LATER, NOW, opened, requests_of


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "library.sqlite"


@pytest.fixture
def shelves(file) -> Library:
    """A library of one scenario with one version and one tag."""
    found = Library(Database(file_url(file)))
    found.save(opened(1e6), at=NOW)
    found.add_tag("my-case", "board", at=NOW)
    return found


def statements(shelves: Library, work) -> int:
    """How many statements a change takes, its commit included."""
    engine, seen = shelves.database._prepared(), []
    event.listen(engine, "before_cursor_execute", count_in := lambda *_: seen.append(1))
    work(shelves)
    event.remove(engine, "before_cursor_execute", count_in)
    return len(seen) + 1


def killed(file: Path, work, statement: int) -> int:
    """How a process ended that was killed before a statement of a change, or before its commit."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        own = Library(Database(file_url(file)))
        engine, left = own.database._prepared(), [statement]

        def step(*_) -> None:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(engine, "before_cursor_execute", step)
        event.listen(engine, "commit", step)
        work(own)
    finally:
        os._exit(0)


CHANGES = {
    "save": lambda own: own.save(opened(2e6), at=LATER),
    "begin": lambda own: own.save(opened(2e6, "Another"), at=LATER),
    "rename": lambda own: own.rename("my-case", "Renamed", at=LATER),
    "delete": lambda own: own.delete("my-case", at=LATER),
    "tag": lambda own: own.add_tag("my-case", "second", at=LATER),
    "import": lambda own: own.bring(to_json(document(own.open("my-case").opened)), at=LATER),
}


@pytest.mark.parametrize("change", CHANGES)
def test_who_is_killed_in_the_middle_of_a_change_leaves_all_or_nothing(shelves, file, tmp_path, change):
    before = shelves.export_all()
    twin = Library(Database(file_url(tmp_path / "twin.sqlite")))
    twin.bring(before, at=NOW)
    number = statements(twin, CHANGES[change])
    for statement in range(1, number + 1):
        assert killed(file, CHANGES[change], statement) == -signal.SIGKILL
        again = Library(Database(file_url(file)))
        assert again.export_all() == before
    CHANGES[change](again)
    assert again.export_all() != before


def test_a_clock_that_was_set_back_loses_nothing_and_the_last_saved_is_the_latest(shelves, file):
    earlier = NOW - timedelta(days=400)
    assert shelves.save(opened(2e6), at=earlier, based_on=1).version == 2
    assert requests_of(shelves.open("my-case").opened) == 2e6
    assert [version.number for version in shelves.history("my-case")] == [2, 1]
    shelves.rename("my-case", "Renamed", at=earlier)
    shelves.delete("my-case", at=earlier)
    assert shelves.restore("my-case", at=earlier) == "Renamed"
    whole = shelves.export_all()
    other = Library(Database(file_url(file.with_name("other.sqlite"))))
    other.bring(whole, at=earlier)
    assert other.export_all() == whole


def test_a_library_that_is_full_takes_no_more_and_shows_what_it_has(shelves, file):
    full = Database(file_url(file), most_bytes=10_000)
    for grow in (
        lambda: Library(full).save(opened(2e6), at=LATER),
        lambda: Library(full).bring(shelves.export_all(), at=LATER),
        lambda: Links(full).keep(opened(), at=LATER),
        lambda: Prices(full).keep((), at=LATER),
    ):
        with pytest.raises(LibraryError, match=r"is full: it may have \S+ GB"):
            grow()
    assert requests_of(Library(full).open("my-case").opened) == 1e6
    Library(full).delete("my-case", at=LATER)


@pytest.mark.parametrize("size", ["much", "1e999", "nan"])
def test_a_size_that_is_none_is_told(size):
    with pytest.raises(LibraryError, match="is no size"):
        library({"CROSSOVER_LIBRARY_GB": size}).scenarios()
