"""A decision is saved on the page of scenarios; next month's files are held against it on that of the usage."""

import os
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from costmodel.scenario import number_at
from library import library
from pricing.decisions import Decision
from pricing.documents import document
from reports.words.text import in_unit
from tests import visitor as visitors
from tests.as_typed import as_typed
from tests.sentence import one_sentence
from tests.test_pages_usage import TAKE, arrive, cells, drop
from tests.test_usage_bill import invoice, list_usd, usage
from tests.visitor import Visitor
from usage.today import SLUG

SAVE = "Save as a decision"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of a library for this test alone."""
    monkeypatch.setattr(visitors, "DATA", SimpleNamespace(name=str(tmp_path)))
    return tmp_path


def decided(visitor: Visitor, name: str = "Chat", sentence: str = "Stay until the volume doubles.") -> Visitor:
    """Save what is on screen as a decision for what runs now."""
    visitor.go("scenarios", "decide").enter("shelf_name", name)
    visitor.enter("decision_option", SLUG).enter("decision_sentence", sentence)
    return visitor.press(SAVE)


def test_a_month_is_held_against_a_decision_with_its_signposts_and_the_verdict_of_today(folder):
    visitor = arrive(usage("2026-09"), invoice("2026-09", usd=list_usd())).press(TAKE)
    assert any("No scenario has been saved as a decision" in text.value for text in visitor.at.markdown)
    decided(visitor)
    assert visitor.complaints == []
    assert any("Kept as a decision with" in told for told in visitor.texts("taken"))
    before = visitor.plain
    drop(visitor.go("usage"), usage(times=1.5), invoice(usd=1.6 * list_usd()))
    (box,) = (box for box in visitor.at.selectbox if box.key == "usage:decision")
    assert box.value is None
    visitor.enter("usage:decision", box.options[0])
    assert "Stay until the volume doubles." in box.options[0]
    assert any("October 2026" in title.value and "above the plan" in title.value for title in visitor.at.subheader)
    assert cells(visitor, "Together")[2] == f"${1.6 * list_usd():,.0f}"
    assert any("Signpost" in title.value or "signpost" in title.value for title in visitor.at.subheader)
    assert any(as_typed(title.value).startswith("With today's usage") for title in visitor.at.subheader)
    untold = next(box for box in visitor.at.text_input if "usage:signpost:" in (box.key or ""))
    path, stands = untold.key.rpartition(":")[2], untold.value
    visitor.enter(untold.key, "nonsense")
    (told,) = visitor.complaints
    one_sentence(told)
    post = next(post for post in kept(visitor).signposts if post.path == path)
    beyond = post.value * (1.001 if post.side == "above" else 0.999)
    visitor.enter(untold.key, f"{in_unit(beyond, number_at(visitor.scenario, path).unit):f}")
    assert stands
    assert any("crossed" in title.value for title in visitor.at.subheader)
    assert visitor.plain == before, "to compare changes nothing"


def kept(visitor: Visitor) -> Decision:
    """The decision in the library."""
    with patch.dict(os.environ, {"CROSSOVER_DATA": visitors.DATA.name}):
        return library(os.environ).open("chat", 1).opened.decision


def test_a_decision_without_a_sentence_or_a_name_is_refused_in_one_and_nothing_is_kept(folder):
    visitor = arrive(usage(), invoice(usd=list_usd())).press(TAKE)
    (told,) = decided(visitor, sentence=" ").complaints
    assert "sentence" in one_sentence(told)
    (told,) = decided(visitor, name=" ").complaints
    assert "name" in one_sentence(told)
    assert not [toast for toast in visitor.at.toast if "Saved" in toast.value]


def test_a_decision_stays_with_its_version_and_what_is_opened_to_be_changed_is_none(folder):
    visitor = decided(arrive(usage(), invoice(usd=list_usd())).press(TAKE))
    assert visitor.opened.decision is None
    visitor.press("Save").open("shelf:chat")
    first = next(button for button in visitor.at.button if button.key == "open:chat:1")
    first.click()
    visitor.run()
    assert "decision" not in document(visitor.opened)
    assert visitor.go("overview").go("scenarios", "shelf:chat")
    assert any("Decision: Stay until" in caption.value for caption in visitor.at.caption)
