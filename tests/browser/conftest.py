"""Fixtures of the browser tests: one server and one Chromium for each test process, and pages that are watched."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

from tests.browser.driver import ROOT, WATCH_ACTIVITY, Server, chromium, profile, served, settled

SCREENSHOTS = ROOT / ".screenshots"
LOCAL = {"127.0.0.1", "localhost"}
VIEWPORT = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "log"
    with served(ROOT / "app.py", log, module="tests.few_draws") as server:
        yield server


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright) as browser:
        yield browser


@pytest.fixture(scope="session")
def context(server: Server, playwright: Playwright, tmp_path_factory) -> Iterator[BrowserContext]:
    """What the pages of most tests share: scripts that are fetched and compiled already, nothing of the app."""
    folder = tmp_path_factory.mktemp("profile")
    with profile(playwright, folder, base_url=server.url, viewport=VIEWPORT) as context:
        context.add_init_script(WATCH_ACTIVITY)
        yield context


@pytest.fixture
def watch(server: Server):
    """`watch(page)` fails the test if the page asks another host for something or has an error; so does a traceback
    in the server's log."""
    faults: list[str] = []
    logged = server.log.stat().st_size

    def request_seen(url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in {"data", "blob"} and address.hostname not in LOCAL:
            faults.append(f"request to {url}")

    def console_seen(message: ConsoleMessage) -> None:
        # On a page's own address Streamlit first looks for itself below that address and gets a 404.
        if message.type == "error" and "/_stcore/" not in message.location["url"]:
            faults.append(f"console: {message.text}")

    def watch(page: Page) -> Page:
        page.on("request", lambda request: request_seen(request.url))
        page.on("websocket", lambda socket: request_seen(socket.url))
        page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
        page.on("console", console_seen)
        return page

    yield watch
    log = server.log.read_bytes()[logged:].decode()
    if "Traceback" in log:
        faults.append(log)
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(watch, context: BrowserContext) -> Iterator[Page]:
    """A new visitor's page: what Streamlit keeps in the browser, such as a folded sidebar, is gone with it."""
    page = watch(context.new_page())
    yield page
    if page.url.startswith("http"):
        page.evaluate("localStorage.clear()")
    page.close()


@pytest.fixture
def other_page(watch, server: Server, browser: Browser) -> Iterator[Page]:
    """The page of a visitor with a browser of his own, who was never here before."""
    context = browser.new_context(base_url=server.url, viewport=VIEWPORT)
    context.add_init_script(WATCH_ACTIVITY)
    yield watch(context.new_page())
    context.close()


@pytest.fixture(scope="session")
def screenshot(pytestconfig):
    """`screenshot(page, name)` keeps a picture of the whole page to look at, where pictures are asked for."""
    wanted = pytestconfig.getoption("--screenshots")

    def screenshot(page: Page, name: str) -> None:
        if not wanted:
            return
        # Streamlit scrolls inside the window, so the window is made as high as the page.
        window = page.viewport_size
        page.set_viewport_size(window | {"height": page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")})
        settled(page)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")
        page.set_viewport_size(window)

    return screenshot
