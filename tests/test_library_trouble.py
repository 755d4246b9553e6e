"""The library in trouble: others save at the same moment, the disk is full, the file is gone, damaged or closed."""

import multiprocessing
import os
import shutil
import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from library import Library, LibraryError, Links, library
from library.database import AWAY_S, WAIT_S, Database
from library.errors import KEPT
from library.place import file_url
from reports.words.labels import on_screen
from tests.test_library import LATER, NOW, opened, requests_of

NOBODY = 65534
WRITERS, EACH = 3, 4


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "data" / "library.sqlite"


@pytest.fixture
def shelves(file) -> Library:
    """A library that holds one scenario."""
    found = Library(Database(file_url(file)))
    found.save(opened(), at=NOW)
    return found


def refusal(action) -> str:
    """The sentence with which the library refuses."""
    with pytest.raises(LibraryError) as error:
        action()
    sentence = str(error.value)
    assert sentence.endswith(KEPT)
    assert "/" not in on_screen(error.value, opened().scenario)
    assert "\n" not in sentence
    assert len(sentence) < 400
    return sentence


def save_some(file: Path, writer: int) -> list[int]:
    """Save versions under one name, as another program or session would."""
    own = Library(Database(file_url(file)))
    return [own.save(opened(1000 * writer + i + 1, "Same"), at=NOW).version for i in range(EACH)]


def all_kept(file: Path) -> None:
    history = Library(Database(file_url(file))).history("same")
    assert [version.number for version in history] == list(range(WRITERS * EACH, 0, -1))
    own = Library(Database(file_url(file)))
    found = {requests_of(own.open("same", version.number).opened) for version in history}
    assert found == {1000 * writer + i + 1 for writer in range(WRITERS) for i in range(EACH)}


def test_threads_that_save_one_name_at_once_all_keep_their_versions(file):
    with ThreadPoolExecutor(WRITERS) as pool:
        numbers = [n for saved in pool.map(lambda writer: save_some(file, writer), range(WRITERS)) for n in saved]
    assert sorted(numbers) == list(range(1, WRITERS * EACH + 1))
    all_kept(file)


def test_threads_that_share_one_library_do_not_disturb_each_other(file):
    shared = Library(Database(file_url(file)))
    with ThreadPoolExecutor(WRITERS) as pool:
        saved = list(pool.map(lambda i: shared.save(opened(i + 1, f"Case {i % 2}"), at=NOW), range(8)))
    assert sorted((entry.name, entry.versions) for entry in shared.scenarios()) == [("Case 0", 4), ("Case 1", 4)]
    assert len({(s.slug, s.version) for s in saved}) == 8


def test_processes_that_save_one_name_at_once_all_keep_their_versions(file):
    with multiprocessing.get_context("fork").Pool(WRITERS) as pool:
        numbers = [n for saved in pool.starmap(save_some, [(file, writer) for writer in range(WRITERS)]) for n in saved]
    assert sorted(numbers) == list(range(1, WRITERS * EACH + 1))
    all_kept(file)


def test_a_file_removed_under_the_running_program_is_told_once_and_a_new_one_is_begun(shelves, file):
    file.unlink()
    assert "is gone: its file was moved or deleted" in refusal(lambda: shelves.save(opened(2e6), at=LATER))
    assert not file.exists(), "nothing is written to where nobody would look"
    assert shelves.save(opened(2e6), at=LATER).version == 1


def test_a_file_that_is_brought_back_is_used_again(shelves, file):
    kept = file.with_suffix(".kept")
    shutil.move(file, kept)
    refusal(shelves.scenarios)
    shutil.move(kept, file)
    assert [entry.name for entry in shelves.scenarios()] == ["My case"]


def test_a_folder_removed_under_the_running_program_is_made_again(shelves, file):
    shutil.rmtree(file.parent)
    refusal(shelves.scenarios)
    assert shelves.scenarios() == []


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be looked at" * 50, b"\x00" * 5000])
def test_a_damaged_file_is_told_and_left_as_it_is(shelves, file, content):
    file.write_bytes(content)
    assert "is damaged" in refusal(shelves.scenarios)
    assert "is damaged" in refusal(lambda: shelves.save(opened(), at=NOW))
    assert file.read_bytes() == content


def test_a_file_cut_off_in_the_middle_is_told(shelves, file):
    for i in range(30):
        shelves.save(opened(1e6 + i), at=NOW)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert "is damaged" in refusal(lambda: shelves.save(opened(), at=NOW))


def test_a_file_whose_tables_are_gone_is_told(shelves, file):
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("drop table crossover_versions")
    assert "its tables are gone" in refusal(shelves.scenarios)


def test_a_library_of_a_newer_crossover_is_left_alone(shelves, file):
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("update crossover_about set value = 99")
        connection.commit()
    again = Library(Database(file_url(file)))
    assert "made by a newer Crossover" in refusal(again.scenarios)


def test_a_full_disk_is_told_and_what_was_there_stays(shelves):
    engine = shelves.database._prepared()
    with engine.connect() as connection:
        size = connection.exec_driver_sql("pragma page_count").scalar()

    def no_more(connection, _record):
        connection.execute(f"pragma max_page_count = {size}")

    def fill():
        for number in range(50):  # until the free room within the file is used
            shelves.save(opened(2e6 + number), at=LATER)

    event.listen(engine, "connect", no_more)
    assert "the disk is full" in refusal(fill)
    event.remove(engine, "connect", no_more)
    assert requests_of(shelves.open("my-case", 1).opened) == 1e6
    assert shelves.save(opened(3e6), at=LATER).version == len(shelves.history("my-case"))


def test_a_library_that_another_program_holds_is_told(shelves, file, monkeypatch):
    monkeypatch.setattr("library.database.WAIT_S", 0.1)
    impatient = Library(Database(file_url(file)))
    with closing(sqlite3.connect(file)) as other:
        other.execute("begin exclusive")
        assert "is busy with another user" in refusal(lambda: impatient.save(opened(), at=NOW))
    assert impatient.save(opened(), at=NOW).version == 2


def as_nobody(action, *arguments) -> str:
    """What `action` returns in a process that may write next to nothing; '' when it refuses with no sentence."""
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    receive, send = multiprocessing.Pipe(duplex=False)

    def child() -> None:
        if os.getuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        try:
            send.send(action(*arguments))
        except LibraryError as error:
            send.send(str(error))

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    answer = receive.recv() if receive.poll(20) else ""
    process.join(20)
    return answer


def try_saving(file: Path) -> str:
    Library(Database(file_url(file))).save(opened(), at=NOW)
    return "saved"


def count(file: Path) -> str:
    return f"{len(Library(Database(file_url(file))).scenarios())} found"


@pytest.fixture
def public():
    """A folder that others may look into; pytest's own are closed to them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "shelf"
        folder.mkdir()
        Path(name).chmod(0o755)
        yield folder
        folder.chmod(0o755)


def test_a_folder_that_is_closed_to_the_program_is_told(public):
    public.chmod(0o555)
    told = as_nobody(try_saving, public / "library.sqlite")
    assert "cannot be opened" in told or "is read-only" in told
    assert as_nobody(try_saving, public / "deeper" / "library.sqlite").startswith("The library at")


def test_a_library_that_may_only_be_read_is_read_but_not_written(public):
    file = public / "library.sqlite"
    try_saving(file)
    file.chmod(0o444)
    public.chmod(0o555)
    assert as_nobody(count, file) == "1 found"
    assert "is read-only" in as_nobody(try_saving, file)


def test_a_place_that_cannot_be_is_told(tmp_path):
    (tmp_path / "plain").write_text("a file where a folder should be")
    nowhere = Library(Database(file_url(tmp_path / "plain" / "library.sqlite")))
    assert refusal(nowhere.scenarios).startswith("The library at")
    folder = Library(Database(file_url(tmp_path)))
    assert "cannot be opened" in refusal(folder.scenarios)


@pytest.mark.parametrize("url", ["nonsense", "mysql+nodriver://x", "postgresql://me:secret@127.0.0.1:1/none"])
def test_a_database_that_cannot_be_reached_is_told_without_its_password(url):
    environ = {"CROSSOVER_DATABASE_URL": url}
    with pytest.raises(LibraryError) as error:
        library(environ).scenarios()
    assert "secret" not in str(error.value)
    assert len(str(error.value)) < 500


def test_a_database_that_is_silent_is_waited_for_once_by_who_reads_and_always_by_who_saves(shelves, monkeypatch):
    clock, asked, prepared = [100.0], [], Database._prepared
    monkeypatch.setattr("library.database.time", SimpleNamespace(monotonic=lambda: clock[0]))

    def silent(_self):
        asked.append(1)
        clock[0] += WAIT_S
        raise TimeoutError("timeout expired")

    monkeypatch.setattr(Database, "_prepared", silent)
    told = {refusal(shelves.scenarios) for _ in range(5)}
    assert len(told) == len(asked) == 1
    assert "does not answer" in told.pop()
    refusal(lambda: shelves.save(opened(), at=NOW))
    refusal(shelves.database.ask)
    assert len(asked) == 3
    clock[0] += AWAY_S
    refusal(shelves.scenarios)
    assert len(asked) == 4
    monkeypatch.setattr(Database, "_prepared", prepared)
    shelves.rename("my-case", "Found again", at=NOW)
    assert [entry.name for entry in shelves.scenarios()] == ["Found again"]


def test_links_are_told_of_trouble_too(tmp_path):
    (tmp_path / "plain").write_text("")
    links = Links(Database(file_url(tmp_path / "plain" / "library.sqlite")))
    refusal(lambda: links.keep(opened(), at=NOW))
