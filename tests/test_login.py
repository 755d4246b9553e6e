"""Around the login: the program ends where it cannot be, and who came by a link lands on it once logged in."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard import people
from server import login


@pytest.fixture
def browser(monkeypatch) -> TestClient:
    """A browser at a server whose callback leads to the first page, as Streamlit's does."""
    monkeypatch.setenv(people.VARIABLE, "on")
    routes = [Route(login.CALLBACK, lambda _request: RedirectResponse("/", 302))]
    routes += [Route(path, lambda _request: PlainTextResponse("page")) for path in ("/", "/what_if")]
    app = Starlette(routes=routes, middleware=[Middleware(login.BackToTheLink)])
    return TestClient(app, follow_redirects=False)


@pytest.mark.parametrize("link", ["/?s=eNqrVkrLz1eyUkpKLFKqBQAlXgTn", "/what_if?s=abc-_9", "/?r=Abcdefghij"])
def test_who_came_by_a_link_lands_on_it_once(browser, link):
    browser.get(link)
    assert browser.get(login.CALLBACK).headers["location"] == link
    assert browser.get(login.CALLBACK).headers["location"] == "/"


@pytest.mark.parametrize("other", ["/", "/?utm=1", "/?s=" + "x" * 4000])
def test_any_other_address_ends_at_the_first_page(browser, other):
    browser.get(other)
    assert browser.get(login.CALLBACK).headers["location"] == "/"


@pytest.mark.parametrize("forged", ["https://evil.example/?s=1", "//evil.example/?s=1", "/\\evil?s=1", ""])
def test_a_forged_cookie_leads_nowhere_else(browser, forged):
    answer = browser.get(login.CALLBACK, headers={"Cookie": f"{login.COOKIE}={forged}"})
    assert answer.headers["location"] == "/"


def test_without_login_nothing_is_kept(browser, monkeypatch):
    monkeypatch.setenv(people.VARIABLE, "off")
    assert "set-cookie" not in browser.get("/?s=abc").headers


def test_a_login_that_cannot_be_ends_the_program_in_one_sentence(monkeypatch):
    login.check()
    monkeypatch.setenv(people.VARIABLE, "on")
    with pytest.raises(SystemExit, match=r"is on, but: .*secrets\.toml"):
        login.check()
