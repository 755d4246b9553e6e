"""Who may do what where people log in: owners, editors, readers, strangers; links without login; what was changed."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli import main
from library import NOBODY, Library, LibraryError, Prices
from library.backup import back_up
from library.database import Database
from library.place import file_url
from library.roles import EDITOR, OWNER, RANKS, READER, person_of
from library.tables import CHANGES, METADATA, OPEN_LINKS, ROLES, SCHEMA
from pricing.own import to_parts
from tests.sentence import one_sentence
from tests.test_library import LATER, NOW, opened, requests_of
from tests.test_own_prices import MINE

ANN, BOB, EVE = "ann@example.org", "bob@example.org", "eve@example.org"


@pytest.fixture
def database(tmp_path) -> Database:
    return Database(file_url(tmp_path / "library.sqlite"))


@pytest.fixture
def as_person(database):
    """`as_person(name)` is the library as that person works with it. Ann has a scenario, and Bob a role to be given."""
    Library(database, ANN).save(opened(), at=NOW, note="first")
    return lambda person: Library(database, person)


def refusal(action) -> str:
    with pytest.raises(LibraryError) as error:
        action()
    return one_sentence(str(error.value))


WORK = {  # what is done -> the least that somebody must be
    "open": (READER, lambda own: own.open("my-case")),
    "history": (READER, lambda own: own.history("my-case")),
    "copy": (READER, lambda own: own.copy("my-case", "A copy", at=NOW)),
    "roles": (READER, lambda own: own.roles("my-case")),
    "changes": (READER, lambda own: own.changes("my-case")),
    "save": (EDITOR, lambda own: own.save(opened(2e6), at=NOW)),
    "rename": (EDITOR, lambda own: own.rename("my-case", "Renamed", at=NOW)),
    "tag": (EDITOR, lambda own: own.add_tag("my-case", "board", at=NOW)),
    "untag": (EDITOR, lambda own: own.remove_tag("my-case", "board", at=NOW)),
    "give": (OWNER, lambda own: own.give("my-case", EVE, READER, at=NOW)),
    "let in": (OWNER, lambda own: own.let_in("my-case", True, at=NOW)),
    "delete": (OWNER, lambda own: own.delete("my-case", at=NOW)),
    "restore": (OWNER, lambda own: own.delete("my-case", at=NOW) or own.restore("my-case", at=NOW)),
}


def state(file: Path) -> list:
    """All that a library in a file holds."""
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize("role", RANKS)
def test_each_may_what_the_role_says_and_a_refusal_changes_nothing(database, as_person, tmp_path, role):
    if role:
        as_person(ANN).give("my-case", BOB, role, at=NOW)
    before = state(database.place)
    for work, (least, action) in WORK.items():
        file = Path(shutil.copy(database.place, tmp_path / work))
        bobs = Library(Database(file_url(file)), BOB)
        if RANKS[role] >= RANKS[least]:
            action(bobs)
        elif work == "save by address" and not role:  # who does not know of it begins a scenario of that name
            assert action(bobs).slug == "other"
        else:
            told = refusal(lambda: action(bobs))  # noqa: B023
            assert (ANN in told) == bool(role), "a stranger is told of nobody"
            assert state(file) == before


def test_a_stranger_sees_nothing_of_it_in_lists_files_and_counts(as_person):
    mine = as_person(BOB).save(opened(3e6, "Mine"), at=LATER)
    as_person(ANN).add_tag("my-case", "board", at=NOW)
    assert [entry.slug for entry in as_person(BOB).scenarios()] == [mine.slug]
    assert "My case" not in as_person(BOB).export_all()
    assert "has no scenario" in refusal(lambda: as_person(BOB).open("my-case"))
    assert "Somebody else has" in refusal(lambda: as_person(BOB).save(opened(), at=NOW))
    assert len(as_person(NOBODY).scenarios()) == 2, "a library to which nobody logs in is one person's"


def test_what_has_no_owner_is_everybodys_until_it_gets_one(database, as_person):
    as_person(NOBODY).save(opened(name="Old"), at=NOW)
    assert as_person(EVE).save(opened(2e6, "Old"), at=NOW).version == 2
    assert "no owner yet" in refusal(lambda: as_person(EVE).delete("old", at=NOW))
    as_person(NOBODY).give("old", ANN, OWNER, at=NOW)
    assert "has no scenario" in refusal(lambda: as_person(EVE).open("old"))


def test_the_last_owner_stays_one(as_person):
    for role in ("", READER, EDITOR):
        assert "at least one owner" in refusal(lambda: as_person(ANN).give("my-case", ANN, role, at=NOW))  # noqa: B023
    as_person(ANN).give("my-case", BOB, OWNER, at=NOW)
    as_person(ANN).give("my-case", ANN, "", at=NOW)
    assert as_person(BOB).roles("my-case") == {BOB: OWNER}
    assert "a role is" in refusal(lambda: as_person(BOB).give("my-case", ANN, "king", at=NOW)).lower()


@pytest.mark.parametrize(
    "words", ["", "ann", "ann@", "@example.org", "a b@example.org", "a@b", "x" * 300 + "@example.org"]
)
def test_who_has_no_address_is_refused(words):
    refusal(lambda: person_of(words))
    assert person_of(" Ann@Example.ORG ") == ANN


def test_a_link_opens_without_login_only_while_its_owner_says_so(as_person):
    own = as_person(ANN)
    assert own.open_link("my-case") == ""
    own.let_in("my-case", True, at=NOW)
    token = own.open_link("my-case")
    assert len(token) >= 32
    assert requests_of(own.opened_by(token)) == 1e6
    own.save(opened(2e6), at=LATER)
    assert requests_of(own.opened_by(token)) == 2e6, "it opens the latest version"
    own.rename("my-case", "Ours", at=LATER)
    assert own.opened_by(token).name == "Ours", "under the name that it has now"
    own.let_in("my-case", False, at=NOW)
    assert "not open" in refusal(lambda: own.opened_by(token))
    own.let_in("my-case", True, at=NOW)
    assert own.open_link("my-case") != token, "a closed link stays closed"
    own.delete("my-case", at=NOW)
    for wrong in (token, "", "x" * 5000, "é"):
        assert "not open" in refusal(lambda: own.opened_by(wrong))  # noqa: B023


def test_every_change_is_kept_with_who_made_it(database, as_person):
    as_person(ANN).give("my-case", BOB, EDITOR, at=NOW)
    as_person(BOB).save(opened(2e6), at=LATER, note="dearer")
    as_person(BOB).rename("my-case", "Ours", at=LATER)
    as_person(ANN).let_in("my-case", True, at=LATER)
    told = [(change.person, change.action, change.about) for change in as_person(ANN).changes("my-case")]
    assert told == [
        (ANN, "opened by a link without login", ""), (BOB, "renamed to Ours", ""), (BOB, "saved", "dearer"),
        (ANN, f"made {BOB} editor", ""), (ANN, "saved", "first"),
    ]  # fmt: skip
    Prices(database, EVE).keep(MINE[:1], at=NOW)
    Prices(database, EVE).remove(MINE[0], at=NOW)
    Library(database).save(opened(name="Nobody's"), at=NOW)
    with closing(sqlite3.connect(database.place)) as connection:
        rest = connection.execute("select person, action from crossover_changes where slug != 'my-case'").fetchall()
    assert rest == [(EVE, "entered a price"), (EVE, "removed a price")]


def test_a_file_brings_only_what_its_bearer_may_change(database, as_person):
    whole = as_person(ANN).export_all()
    with_prices = json.dumps({**json.loads(whole), "prices": to_parts(MINE[:1])})
    for file in (whole, with_prices):
        assert "Somebody else has" in refusal(lambda: as_person(BOB).bring(file, at=NOW))  # noqa: B023
    assert Prices(database, BOB).all() == (), "a file of which a part is refused brings no other"
    as_person(ANN).give("my-case", BOB, READER, at=NOW)
    assert "ask ann@example.org" in refusal(lambda: as_person(BOB).bring(whole, at=NOW))
    as_person(ANN).give("my-case", BOB, EDITOR, at=NOW)
    assert as_person(BOB).bring(whole, at=NOW)[0].version == 1


def test_a_library_of_an_older_crossover_is_brought_up_to_date_and_goes_on(tmp_path):
    file = tmp_path / "library.sqlite"
    Library(Database(file_url(file))).save(opened(), at=NOW)
    with closing(sqlite3.connect(file)) as connection:  # as the first version of the tables was
        for table in (ROLES, OPEN_LINKS, CHANGES):
            connection.execute(f"drop table {table.name}")
        connection.execute("update crossover_about set value = 1")
        connection.commit()
    beside = Library(Database(file_url(file)))
    today = Library(Database(file_url(file)), ANN)
    assert requests_of(today.open("my-case").opened) == 1e6
    assert today.save(opened(2e6), at=LATER).version == 2
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("select value from crossover_about").fetchone() == (SCHEMA,)
        names = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    assert {table.name for table in METADATA.sorted_tables} <= names
    assert beside.open("my-case").version.number == 2


def test_an_older_crossover_leaves_a_newer_library_as_it_is(tmp_path):
    file = tmp_path / "library.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("create table crossover_about (what text primary key, value integer)")
        connection.execute("insert into crossover_about values ('schema', 99)")
        connection.commit()
    before = file.read_bytes()
    with pytest.raises(LibraryError, match="made by a newer Crossover"):
        Library(Database(file_url(file))).scenarios()
    assert file.read_bytes() == before


def test_the_operator_names_owners_and_reads_the_changes(database, as_person, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CROSSOVER_DATA", str(tmp_path))
    Library(database).save(opened(name="Old"), at=NOW)
    assert main(["own", "old", BOB]) == 0
    assert as_person(ANN).roles("my-case") == {ANN: OWNER}
    assert as_person(BOB).roles("old") == {BOB: OWNER}
    assert main(["own", "nothing", BOB]) == 2
    one_sentence(capsys.readouterr().err.strip())
    assert main(["changes"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "at,person,action,slug,about"
    assert any(ANN in line and "saved" in line for line in lines[1:])
    back_up(database, tmp_path / "copy.sqlite")
    assert Library(Database(file_url(tmp_path / "copy.sqlite")), BOB).roles("old") == {BOB: OWNER}
