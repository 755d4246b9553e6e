"""The library's page: who saves a name second is told, a library in trouble is told, and what is on screen is kept."""

from types import SimpleNamespace

import pytest

from pricing.documents import document
from tests import visitor as visitors
from tests.sentence import one_sentence
from tests.visitor import Visitor


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of a library for this test alone."""
    monkeypatch.setattr(visitors, "DATA", SimpleNamespace(name=str(tmp_path)))
    return tmp_path


def save(visitor: Visitor, name: str) -> list[str]:
    """Save what is on screen; what is then told in passing."""
    visitor.go("scenarios").enter("shelf_name", name).press("Save")
    return [toast.value for toast in visitor.at.toast]


def test_two_visitors_who_save_one_name_both_keep_their_version_and_the_second_is_told(folder):
    first, second = Visitor(), Visitor()
    assert save(first, "Board") == ["Saved Board as version 1."]
    assert "kept as before: version 1" in save(second, "board")[0]
    assert "kept as before: version 2" in save(first, "Board")[0]
    assert save(first, "Board") == ["Saved Board as version 4."]
    first.open("shelf:board")
    assert len([button for button in first.at.button if button.label == "Open"]) == 4
    assert any("4 versions" in caption.value for caption in first.at.caption)


def test_a_damaged_library_is_one_sentence_at_once_on_every_page_that_reads_it(folder):
    (folder / "library.sqlite").write_bytes(b"no database at all" * 300)
    visitor = Visitor()
    before = document(visitor.opened)
    for page in ("scenarios", "compare"):
        (sentence,) = visitor.go(page).complaints
        assert "is damaged" in sentence
        assert "Nothing here yet" not in " ".join(text.value for text in visitor.at.markdown)
    save(visitor, "Board")
    assert any("is damaged" in sentence for sentence in visitor.complaints)
    assert document(visitor.opened) == {**before, "name": "Board"}, "the name stays with what is on screen"


def test_a_library_whose_file_is_gone_is_told_and_saving_again_begins_a_new_one(folder):
    visitor = Visitor()
    save(visitor, "Board")
    (folder / "library.sqlite").unlink()
    (sentence,) = visitor.go("scenarios").complaints
    assert "is gone" in sentence
    assert save(visitor, "Board") == ["Saved Board as version 1."]


def test_a_name_is_told_as_it_is_written_and_who_deletes_is_told_how_to_get_it_back(folder):
    visitor = Visitor()
    assert save(visitor, "**A** [b](c)") == ["Saved \\*\\*A\\*\\* \\[b\\](c) as version 1."]
    visitor.open("shelf:a-b-c").press("Delete")
    (toast,) = visitor.at.toast
    assert toast.value.startswith("Deleted \\*\\*A")
    assert "Deleted ones" in toast.value


def test_a_tag_that_is_not_there_cannot_be_removed_and_that_is_told(folder):
    visitor = Visitor()
    save(visitor, "Board")
    visitor.open("shelf:board").enter("text:board", "Draft").press("Add tag")
    (sentence,) = visitor.enter("text:board", "final").press("Remove tag").complaints
    assert "“final”" in one_sentence(sentence)
    assert visitor.enter("text:board", "DRAFT ").press("Remove tag").complaints == []
    assert not any("draft" in caption.value for caption in visitor.at.caption)
