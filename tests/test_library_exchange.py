"""Scenarios and whole libraries carried away and brought back; files with anything wrong add nothing."""

import json

import pytest

from costmodel.errors import ScenarioError
from library import Library, LibraryError
from library.database import Database
from library.place import file_url
from pricing.documents import document, from_json, to_json
from tests.test_library import LATER, NOW, opened, requests_of


@pytest.fixture
def library(tmp_path) -> Library:
    return Library(Database(file_url(tmp_path / "data" / "library.sqlite")))


def test_export_opens_as_a_scenario_file_and_import_takes_it_back(library, tmp_path):
    library.save(opened(), at=NOW)
    text = to_json(document(library.open("my-case").opened))
    assert document(from_json(text)) == document(opened())
    other = Library(Database(file_url(tmp_path / "other.sqlite")))
    assert other.bring(text.encode(), at=LATER)[0].name == "My case"
    assert document(other.open("my-case").opened) == document(opened())


def test_a_whole_library_moves_with_history_tags_addresses_and_what_was_deleted(library, tmp_path):
    library.save(opened(1e6), at=NOW, note="first")
    library.save(opened(2e6), at=LATER)
    library.add_tag("my-case", "board", at=LATER)
    library.delete(library.save(opened(name="Gone"), at=NOW).slug, at=NOW)
    library.save(opened(9e6, "Gone"), at=LATER)
    backup = library.export_all()
    other = Library(Database(file_url(tmp_path / "other.sqlite")))
    for _ in range(2):  # a second time adds nothing
        other.bring(backup, at=LATER)
        assert json.loads(other.export_all()) == json.loads(backup)
    assert other.history("my-case")[1].note == "first"
    assert requests_of(other.open("gone").opened) == 1e6
    assert requests_of(other.open("gone-2").opened) == 9e6


def test_what_was_deleted_stays_so_beside_another_of_its_name(library, tmp_path):
    library.save(opened(1e6, "Other"), at=NOW)
    library.delete(library.save(opened(9e6, "Mine"), at=NOW).slug, at=NOW)
    library.rename("other", "Mine", at=LATER)
    other = Library(Database(file_url(tmp_path / "other.sqlite")))
    other.bring(library.export_all(), at=LATER)
    assert requests_of(other.open("other").opened) == 1e6, "no deleted version is the latest of another scenario"
    assert [entry.slug for entry in other.scenarios(deleted=True)] == ["mine"]
    assert json.loads(other.export_all()) == json.loads(library.export_all())


@pytest.mark.parametrize(("content", "sentence"), [
    (b"", "is empty"), (b"{", "is cut off"), (b"\x80abc", "not text in UTF-8"), (b"[]", "neither a scenario nor"),
    (b"[" * 200_000, "nested too deeply|cut off"), (b'{"a": NaN}', "NaN"), (b" " * 50_000_001, "at most 50,000,000"),
    (b"9" * 10_000, "thousands of digits"), (b'{"format": "crossover-library"}', "version None"),
    (b'{"format": "crossover-library", "version": 2}', "version 2; this Crossover reads version 1"),
    (b'{"format": "crossover-library", "version": 1}', "no list of scenarios"),
    (b'{"format": "crossover-library", "version": 1, "scenarios": [{}]}', "Scenario 1 .* has no versions"),
    (b'{"format": "crossover-library", "version": 1, "scenarios": [{"name": "", "versions": [{}]}]}', "needs a name"),
    (b'{"format": "crossover-library", "version": 1, "scenarios": [{"name": "x", "versions": [{}]}]}', "a document"),
    (b'{"format": "crossover-library", "version": 1, "scenarios": [{"name": "x", "versions": [{"document": '
     b'{"format": "crossover-scenario"}, "at": "yesterday"}]}]}', "time 'yesterday'"),
    (b'{"format": "crossover-scenario", "version": 99}', "version 99"),
    (b'{"format": "crossover-scenario", "name": "' + b"x" * 10_000_000 + b'"}', "at most 1,000,000"),
])  # fmt: skip
def test_a_file_with_anything_wrong_is_one_sentence_and_adds_nothing(library, content, sentence):
    with pytest.raises(ScenarioError, match=sentence) as refusal:
        library.bring(content, at=NOW)
    assert len(str(refusal.value)) < 300
    assert library.scenarios() == []


def test_half_a_character_is_refused_in_a_sentence(library):
    content = document(library.open(library.save(opened(), at=NOW).slug).opened)
    content["added"] = {"x": "\ud800"}
    entry = {"name": "Half", "versions": [{"at": NOW.isoformat(), "document": content}]}
    file = json.dumps({"format": "crossover-library", "version": 1, "scenarios": [entry]})
    with pytest.raises(LibraryError, match="half a character"):
        library.bring(file, at=NOW)
    assert [found.name for found in library.scenarios()] == ["My case"]
