"""The scenario's own title and sentence: the preset's leave once it differs, what it was saved under appears."""

import io
from datetime import date
from types import SimpleNamespace

import openpyxl
import pytest
from pptx import Presentation

from answers.analysis import Analysis
from pricing.documents import Opened, as_preset, document, fresh, from_json, from_link, to_json, to_link
from pricing.presets import DEFAULT, preset, presets
from reports.files import offered
from reports.files.brief import brief_data
from reports.files.slides import slides
from reports.words import chapters
from reports.words.titles import OWN, about, decides, title
from tests import visitor as visitors
from tests.visitor import Visitor

TODAY = date(2026, 11, 29)
SCENARIO, BASE = preset(DEFAULT).scenario, preset(DEFAULT)
REQUESTS = "workload.requests_per_month"
CHANGED = Opened(SCENARIO.vary({REQUESTS: 1.2e6}), DEFAULT)
NAMED = Opened(CHANGED.scenario, DEFAULT, "Board meeting", about="Our helpdesk answers from its own tickets.")
OF_THE_PRESET = ("5,000", BASE.label, BASE.about, BASE.decides)


def test_a_preset_is_called_and_described_as_it_is():
    for slug in presets():
        opened = Opened(preset(slug).scenario, slug)
        assert (title(opened), about(opened)) == (preset(slug).label, preset(slug).about)
        assert decides(opened) == preset(slug).decides


def test_a_changed_scenario_is_described_by_what_is_asked():
    assert title(CHANGED) == OWN
    assert about(CHANGED) == (
        "1.20M requests in an average month, growing 25 % a year, 5 years from January 2027 on, of 2,500 tokens in and "
        "350 out."
    )
    assert decides(CHANGED) == ""
    assert (title(NAMED), about(NAMED)) == (NAMED.name, NAMED.about)


def test_name_and_sentence_are_kept_in_file_and_link():
    for found in (from_json(to_json(document(NAMED))), from_link(to_link(document(NAMED)))):
        assert (found.name, found.about) == (NAMED.name, NAMED.about)


def test_the_clock_moves_only_the_start_of_what_begins_and_that_is_no_change_of_the_question():
    assert document(fresh(DEFAULT, TODAY)) == document(Opened(SCENARIO, DEFAULT))
    later = fresh(DEFAULT, date(2028, 2, 1))
    assert later.scenario.workload.start_year == 2029
    assert as_preset(later)
    assert title(later) == BASE.label
    assert from_json(to_json(document(later))).scenario.workload.start_year == 2029
    assert not as_preset(CHANGED)


@pytest.fixture(scope="module")
def told():
    return chapters.briefing(Analysis(CHANGED), TODAY, {}), chapters.briefing(Analysis(NAMED), TODAY, {})


def test_slides_and_brief_say_nothing_of_the_preset_any_more_and_carry_the_reader_s_own(told):
    for briefing, words in zip(told, ((OWN,), (NAMED.name, NAMED.about)), strict=True):
        deck = Presentation(io.BytesIO(slides(briefing)))
        texts = [[shape.text_frame.text for shape in slide.shapes if shape.has_text_frame] for slide in deck.slides]
        notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
        for said in (*(line for slide in texts for line in slide), *notes, *map(str, brief_data(briefing).values())):
            assert not [of_preset for of_preset in OF_THE_PRESET if of_preset in said]
        assert all(any(words[0] in line for line in slide) for slide in texts), "the foot of every slide"
        assert set(words[1:]) <= set(texts[0])
        assert words[0] in brief_data(briefing)["kicker"]


def test_tables_and_workbook_carry_it():
    wish = offered.Wish(Analysis(NAMED))
    made = {file.label: file.make(wish) for file in offered.TABLES}
    for label in ("Tidy CSV", "Inputs CSV", "FOCUS-shaped CSV"):
        assert NAMED.name in made[label].decode("utf-8-sig").splitlines()[1]
    notes = openpyxl.load_workbook(io.BytesIO(made["Workbook"]), read_only=True)["Notes"]
    assert {"Scenario": NAMED.name, "About": NAMED.about}.items() <= {row[0]: row[2] for row in notes.values}.items()


def standing(visitor: Visitor) -> list[str]:
    """What the side bar says of the scenario."""
    (told,) = [element.value for element in visitor.at.html if 'class="scenario"' in element.value]
    return visitors._text(told.partition('class="scenario">')[2].replace("<small>", "|")).split("|")


def test_the_side_bar_names_it_and_says_whether_it_changed_since_it_was_saved(tmp_path, monkeypatch):
    monkeypatch.setattr(visitors, "DATA", SimpleNamespace(name=str(tmp_path)))
    visitor = Visitor()
    assert standing(visitor) == [BASE.label, BASE.about]
    visitor.go("scenarios").enter(f"lever:{REQUESTS}", 1.2e6)
    assert standing(visitor)[0] == OWN
    visitor.enter("shelf_name", "Board meeting").enter("shelf_about", NAMED.about)
    assert standing(visitor) == ["Board meeting", NAMED.about]
    assert standing(visitor.press("Save")) == ["Board meeting", NAMED.about, "Saved as version 1"]
    visitor.enter(f"lever:{REQUESTS}", 594_000.0)
    assert standing(visitor)[2] == "Changed since version 1 was saved"
    stranger = Visitor(visitor.link)
    assert standing(stranger) == standing(visitor), "a link finds it in the library"
    assert standing(visitor.press("Undo"))[2] == "Saved as version 1"
    visitor.enter(f"lever:{REQUESTS}", 594_000.0).press("Save")
    assert standing(visitor)[2] == "Saved as version 2"
    visitor.open("shelf:board-meeting")
    next(button for button in visitor.at.button if button.key == "open:board-meeting:1").click()
    assert standing(visitor.run())[2] == "Saved as version 1"
