"""Where people log in: others see the door, a guest one scenario, a person what is theirs; elsewhere no login."""

from datetime import UTC, datetime

import pytest

from dashboard import people
from library import library
from library.roles import EDITOR, OWNER, READER
from pricing.documents import Opened
from pricing.presets import preset
from tests.visitor import DATA, Visitor

ANN, BOB = ({"is_logged_in": True, "email": f"{name}@example.org"} for name in ("ann", "bob"))
NOW = datetime(2026, 11, 24, tzinfo=UTC)
REQUESTS = "workload.requests_per_month"
RIGHTS = {"Copy as", "Rename", "Add tag", "Remove tag", "Delete", "Give role"}  # what somebody may not do with each


def shelf(user: dict | None = None):
    return library({"CROSSOVER_DATA": DATA.name}, user["email"] if user else "")


@pytest.fixture
def login(monkeypatch) -> None:
    monkeypatch.setenv(people.VARIABLE, "on")


@pytest.fixture(scope="module")
def token() -> str:
    """Of a link without login to a scenario of Ann's, which Bob may read."""
    scenario = preset("assistant").scenario.vary({REQUESTS: 123456.0})
    saved = shelf(ANN).save(Opened(scenario, "assistant", "Board of Ann"), at=NOW)
    shelf(ANN).give(saved.slug, BOB["email"], READER, at=NOW)
    shelf(ANN).let_in(saved.slug, True, at=NOW)
    return shelf(ANN).open_link(saved.slug)


def said(visitor: Visitor) -> str:
    at = visitor.at
    return "\n".join(found.value for found in (*at.title, *at.markdown, *at.caption, *at.warning, *at.error))


def buttons(visitor: Visitor) -> set[str]:
    return {button.label for button in visitor.at.button}


def test_one_person_on_one_machine_sees_no_login():
    visitor = Visitor().go("scenarios")
    assert not {"Log in", "Log out"} & buttons(visitor)
    assert "People." not in said(visitor)


@pytest.mark.parametrize("user", [
    {"is_logged_in": False}, {}, {"is_logged_in": True}, {"is_logged_in": True, "email": "nobody"},
    {**ANN, "email_verified": False}, {"email": ANN["email"]},
])  # fmt: skip
def test_who_is_not_logged_in_with_an_address_sees_the_door_alone(login, user):
    visitor = Visitor(user=user)
    assert buttons(visitor) == {"Log out" if user.get("is_logged_in") else "Log in"}
    assert len(visitor.at.title) == 1
    assert visitor.at.selectbox == []
    assert "history" not in visitor.at.session_state
    assert (people.NO_ADDRESS in said(visitor)) == bool(user.get("is_logged_in"))


def test_a_link_without_login_shows_its_scenario_and_nothing_of_the_library(login, token):
    guest = Visitor(user={"is_logged_in": False}, **{people.OPEN: token})
    assert guest.scenario[REQUESTS] == 123456
    assert "Log in" in buttons(guest)
    guest.go("scenarios")
    assert people.GUEST in said(guest)
    assert "Board of Ann" not in {box.label for box in guest.at.expander}
    again = Visitor(guest.link, user={"is_logged_in": False}, **{people.OPEN: token})
    assert again.scenario[REQUESTS] == 123456, "a reload is let in too"


def test_a_link_that_is_not_open_leads_to_the_door(login):
    visitor = Visitor(user={"is_logged_in": False}, **{people.OPEN: "x" * 32})
    assert buttons(visitor) == {"Log in"}
    assert "not open" in said(visitor)


def test_an_owner_shares_on_the_page_and_a_reader_reads(login, token):
    owner = Visitor(user=ANN).go("scenarios", "shelf:board-of-ann")
    assert "ann@example.org (owner)" in said(owner)
    assert token in {code.value.rpartition("=")[2] for code in owner.at.code}
    owner.at.text_input(key="person:board-of-ann").set_value("carl@example.org")
    owner.at.button(key="give:board-of-ann").click()
    owner.run()
    assert shelf(ANN).roles("board-of-ann")["carl@example.org"] == READER
    assert buttons(owner) >= RIGHTS
    assert "You may" not in said(owner)


def test_what_a_role_may_not_do_is_not_offered_and_that_is_said(login, token):
    slug, place = "board-of-ann", "shelf:board-of-ann"
    reader = Visitor(user=BOB).go("scenarios", place)
    assert "bob@example.org (reader)" in said(reader)
    assert RIGHTS & buttons(reader) == {"Copy as"}
    assert "You may read and copy" in said(reader)
    assert OWNER not in {box.value for box in reader.at.selectbox}
    shelf(ANN).give(slug, BOB["email"], EDITOR, at=NOW)
    editor = Visitor(user=BOB).go("scenarios", place)
    assert RIGHTS & buttons(editor) == {"Copy as", "Rename", "Add tag", "Remove tag"}
    assert "You may change" in said(editor)
    editor.enter(f"text:{slug}", "Board of Bob")
    shelf(ANN).give(slug, BOB["email"], READER, at=NOW)
    editor.press("Rename")
    assert any("Only an editor" in told for told in editor.complaints), "the page was drawn before"
    shelf(ANN).delete(slug, at=NOW)
    assert "Restore" not in buttons(reader.open(shelf_deleted=True))
    assert "Restore" in buttons(Visitor(user=ANN).go("scenarios", place, shelf_deleted=True))
    shelf(ANN).restore(slug, at=NOW)
