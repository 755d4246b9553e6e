"""The library: every version is kept and found again, whoever saves first, whatever the scenario is called."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costmodel.comparison import compare
from library import Library, LibraryError, Links
from library import library as library_of
from library import links as links_of
from library.database import Database
from library.place import data_folder, database_url, file_url, shown
from library.words import slug_of
from pricing import documents
from pricing.decisions import Decision
from pricing.documents import Opened, document
from pricing.migrations import STEPS
from pricing.presets import preset, presets
from reports.words.labels import on_screen

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
BASE = preset("assistant").scenario
LATER = NOW + timedelta(days=365)
HOSTILE = ["'; drop table crossover_scenarios; --", '=HYPERLINK("x")', "../../etc/passwd", "<script>", "%_%", "試験",
           "Ünïcode", "a" * 80, "NULL", "0"]  # fmt: skip


def opened(requests: float = 1e6, name: str = "My case") -> Opened:
    """A changed preset under a name."""
    return Opened(BASE.vary({"workload.requests_per_month": requests}), "assistant", name)


def requests_of(found: Opened) -> float:
    """What `opened` was given."""
    return found.scenario["workload.requests_per_month"]


@pytest.fixture
def library(tmp_path) -> Library:
    return Library(Database(file_url(tmp_path / "data" / "library.sqlite")))


def test_a_saved_scenario_opens_as_it_was(library):
    saved = library.save(opened(), at=NOW, note="for the board")
    assert (saved.slug, saved.version, saved.overtaken) == ("my-case", 1, ())
    stored = library.open("my-case")
    assert document(stored.opened) == document(opened())
    assert (stored.version.at, stored.version.note, stored.drift) == (NOW, "for the board", {})


@pytest.mark.parametrize("slug", presets())
def test_every_preset_survives_with_its_result(library, slug):
    whole = Opened(preset(slug).scenario, slug, slug)
    library.save(whole, at=NOW)
    again = compare(library.open(slug).opened.scenario)
    for option, cost in compare(whole.scenario).costs.items():
        assert float(again[option].net_present_cost_usd) == float(cost.net_present_cost_usd)


def test_saving_again_adds_a_version_and_all_are_found(library):
    for number in (1, 2, 3):
        assert library.save(opened(number * 1e6), at=NOW + timedelta(days=number), note=f"v{number}").version == number
    assert [version.note for version in library.history("my-case")] == ["v3", "v2", "v1"]
    assert requests_of(library.open("my-case").opened) == 3e6
    assert requests_of(library.open("my-case", 1).opened) == 1e6
    with pytest.raises(LibraryError, match="has no version 9; it has 1 to 3"):
        library.open("my-case", 9)


def test_who_saves_second_is_told_and_both_versions_stay(library):
    library.save(opened(1e6), at=NOW)
    first = library.save(opened(2e6), at=NOW, based_on=1)
    second = library.save(opened(3e6), at=NOW, based_on=1)
    assert first.overtaken == ()
    assert second.overtaken == (2,)
    assert [requests_of(library.open("my-case", n).opened) for n in (1, 2, 3)] == [1e6, 2e6, 3e6]


def test_a_program_started_anew_finds_everything(library, tmp_path):
    library.save(opened(), at=NOW)
    again = Library(Database(file_url(tmp_path / "data" / "library.sqlite")))
    assert [entry.name for entry in again.scenarios()] == ["My case"]


def test_rename_keeps_the_address_and_the_history(library):
    library.save(opened(), at=NOW)
    library.rename("my-case", "Board case", at=LATER)
    stored = library.open("my-case", 1)
    assert (stored.entry.name, stored.opened.name) == ("Board case", "Board case")
    library.save(opened(name="Other"), at=NOW)
    with pytest.raises(LibraryError, match="another scenario named 'BOARD CASE'"):
        library.rename("other", "BOARD CASE", at=NOW)


def test_a_copy_begins_its_own_history(library):
    library.save(opened(), at=NOW)
    copy = library.copy("my-case", "Mine", at=NOW)
    library.save(opened(5e6, "Mine"), at=NOW)
    assert len(library.history("my-case")) == 1
    assert len(library.history(copy.slug)) == 2
    with pytest.raises(LibraryError, match="named 'mine' already"):
        library.copy("my-case", "mine", at=NOW)


def test_a_deleted_scenario_leaves_the_list_but_its_links_work_and_it_can_return(library):
    library.save(opened(), at=NOW)
    library.delete("my-case", at=NOW)
    assert library.scenarios() == []
    assert [entry.slug for entry in library.scenarios(deleted=True)] == ["my-case"]
    assert library.open("my-case", 1).entry.deleted
    fresh = library.save(opened(7e6), at=LATER)
    assert fresh.slug == "my-case-2", "the old address stays the old scenario's"
    assert requests_of(library.open("my-case").opened) == 1e6
    assert library.restore("my-case", at=LATER) == "My case 2"
    assert {entry.name for entry in library.scenarios()} == {"My case", "My case 2"}


def test_saving_into_a_scenario_that_somebody_deleted_loses_nothing(library):
    library.save(opened(), at=NOW)
    library.delete("my-case", at=NOW)
    saved = library.save(opened(2e6), at=NOW, based_on=1)
    assert requests_of(library.open(saved.slug).opened) == 2e6
    assert library.open(saved.slug).entry.deleted is False


def test_tags_and_search(library):
    library.save(opened(name="Größe Zürich"), at=NOW)
    library.save(opened(name="Berlin"), at=LATER)
    for tag in (" Board ", "2027", "board"):
        library.add_tag("grosse-zurich", tag, at=NOW)
    library.add_tag("berlin", "board", at=LATER)
    assert [entry.name for entry in library.scenarios()] == ["Berlin", "Größe Zürich"]
    assert [entry.name for entry in library.scenarios("GRÖSSE board")] == ["Größe Zürich"]
    assert [entry.name for entry in library.scenarios("2027")] == ["Größe Zürich"]
    assert library.scenarios("%") == []
    library.remove_tag("berlin", "Board", at=LATER)
    assert [entry.tags for entry in library.scenarios()] == [(), ("2027", "board")]
    for number in range(18):
        library.add_tag("grosse-zurich", f"t{number}", at=NOW)
    with pytest.raises(LibraryError, match="at most 20 tags"):
        library.add_tag("grosse-zurich", "one more", at=NOW)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_names(library, name):
    saved = library.save(opened(name="Bystander"), at=NOW)
    saved = library.save(opened(), at=NOW, name=name)
    assert set(saved.slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert library.open(saved.slug).opened.name == name
    library.add_tag(saved.slug, name[:40], at=NOW)
    assert {entry.name for entry in library.scenarios()} == {name, "Bystander"}
    assert [entry.name for entry in library.scenarios(name)] == [name]


@pytest.mark.parametrize(("name", "sentence"), [
    ("", "needs a name"), ("  ", "needs a name"), ("a" * 81, "at most 80 characters; this one has 81"),
    ("x" * 10_000_000, "this one has 10,000,000"), ("a\x00b", "printable"), ("a\u200eb", "printable"),
    ("\ud800", "printable"),
])  # fmt: skip
def test_what_is_no_name_is_refused_in_a_sentence_and_changes_nothing(library, name, sentence):
    with pytest.raises(LibraryError, match=sentence) as refusal:
        library.save(opened(name=""), at=NOW, name=name)
    assert len(str(refusal.value)) < 200
    assert library.scenarios() == []


@settings(max_examples=25)
@given(st.text(max_size=90))
def test_any_name_has_a_slug_for_an_address(name):
    slug = slug_of(name)
    assert slug
    assert len(slug) <= 60
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_an_unknown_scenario_is_a_sentence(library):
    for ask in (library.open, library.history, lambda slug: library.delete(slug, at=NOW)):
        with pytest.raises(LibraryError, match="no scenario 'nobody'"):
            ask("nobody")


def test_a_preset_that_changed_since_is_told_value_by_value_and_can_be_undone(library, monkeypatch):
    library.save(opened(), at=NOW)
    moved = preset("assistant").model_copy(update={"scenario": BASE.vary({"finance.discount_rate_per_year": 0.2})})
    monkeypatch.setattr(documents, "preset", lambda slug: moved)
    stored = library.open("my-case")
    old = BASE["finance.discount_rate_per_year"]
    assert stored.drift == {"finance.discount_rate_per_year": (old, 0.2)}
    assert stored.as_saved().scenario["finance.discount_rate_per_year"] == old
    assert requests_of(stored.as_saved()) == 1e6


def test_a_document_of_an_older_version_is_brought_up_to_date_on_every_road(library, tmp_path, monkeypatch):
    then = documents.VERSION
    library.save(opened(), at=NOW)
    links = Links(Database(file_url(tmp_path / "l.sqlite")))
    token = links.keep(opened(), at=NOW)
    file = documents.to_json(document(opened()))
    link = documents.to_link(document(opened()))
    monkeypatch.setattr(documents, "VERSION", then + 2)
    doubled = lambda old: {**old, "changes": {path: 2 * value for path, value in old["changes"].items()}}  # noqa: E731
    monkeypatch.setitem(STEPS, then, doubled)
    monkeypatch.setitem(STEPS, then + 1, lambda old: {**old, "name": "Of last year"})
    found = [library.open("my-case").opened, links.open(token), documents.from_json(file), documents.from_link(link)]
    assert [requests_of(one) for one in found] == [2e6] * 4
    assert {one.name for one in found[1:]} == {"Of last year"}
    brought = library.bring(file, at=LATER)[0]
    assert (brought.name, requests_of(library.open(brought.slug).opened)) == ("Of last year", 2e6)


def test_a_scenario_too_large_to_be_opened_again_is_refused(library, monkeypatch):
    monkeypatch.setattr("library.versions.LARGEST_BYTES", 100)
    with pytest.raises(LibraryError, match="takes up to 100"):
        library.save(opened(), at=NOW)


def test_a_link_by_reference_is_short_follows_from_the_content_and_opens_the_same(tmp_path):
    links = Links(Database(file_url(tmp_path / "l.sqlite")))
    token = links.keep(opened(), at=NOW)
    assert len(token) == 10
    assert links.keep(opened(), at=LATER) == token
    assert links.keep(opened(2e6), at=NOW) != token
    assert document(links.open(token)) == document(opened())


@pytest.mark.parametrize("token", ["", "short", "x" * 10, "x" * 10_000, "' or 1=1 --", "ééééééééééé", None])
def test_a_damaged_or_foreign_link_is_a_sentence(tmp_path, token):
    links = Links(Database(file_url(tmp_path / "l.sqlite")))
    with pytest.raises(LibraryError, match=r"damaged or incomplete|does not know this link") as refusal:
        links.open(token)
    assert str(tmp_path) not in on_screen(refusal.value, opened().scenario)


def test_two_documents_with_one_beginning_get_tokens_of_their_own(tmp_path, monkeypatch):
    links = Links(Database(file_url(tmp_path / "l.sqlite")))
    monkeypatch.setattr("library.references.SHORTEST", 1)
    tokens = {links.keep(opened(1e6 + i), at=NOW): 1e6 + i for i in range(80)}
    assert len(tokens) == 80
    assert max(map(len, tokens)) > 1
    assert all(requests_of(links.open(token)) == requests for token, requests in tokens.items())


@pytest.mark.parametrize(("environ", "platform", "folder"), [
    ({"CROSSOVER_DATA": "/srv/x"}, "linux", Path("/srv/x")),
    ({}, "linux", Path("/home/a/.local/share/crossover")),
    ({"XDG_DATA_HOME": "/data"}, "linux", Path("/data/crossover")),
    ({}, "darwin", Path("/home/a/Library/Application Support/Crossover")),
    ({"LOCALAPPDATA": "/Users/a/Local"}, "win32", Path("/Users/a/Local/Crossover")),
])  # fmt: skip
def test_the_folder_is_the_one_that_is_usual_on_the_platform(environ, platform, folder):
    assert data_folder(environ, platform, Path("/home/a")) == folder


def test_a_database_for_a_team_is_named_in_the_environment_and_its_password_is_never_shown():
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        url = database_url({"CROSSOVER_DATABASE_URL": f"{scheme}://me:secret@db.example/team"})
        assert url.drivername == "postgresql+psycopg"
        assert "secret" not in shown(url)


def test_one_database_serves_all_sessions_and_is_not_touched_before_it_is_asked(tmp_path):
    environ = {"CROSSOVER_DATA": str(tmp_path / "new")}
    assert library_of(environ).database is links_of(environ).database
    assert not (tmp_path / "new").exists()
    assert library_of(environ).scenarios() == []
    assert (tmp_path / "new" / "library.sqlite").exists()


def test_decisions_are_found_whatever_was_saved_after_them_until_their_scenario_is_deleted(library):
    made = Decision(date(2026, 11, 24), 'Say "decision": yes.', next(iter(BASE.options)))
    library.save(replace(opened(), decision=made), at=NOW)
    library.save(replace(opened(), about='a "decision": no'), at=LATER)
    library.save(replace(opened(name="Other"), decision=made), at=LATER)
    assert [(each.name, each.version) for each in library.decisions()] == [("Other", 1), ("My case", 1)]
    (_, found) = library.decisions()
    assert (found.on, found.sentence) == ("2026-11-24", made.sentence)
    assert library.open(found.slug, found.version).opened.decision == made
    library.delete("my-case", at=LATER)
    assert [each.name for each in library.decisions()] == ["Other"]
