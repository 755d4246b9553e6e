"""Fixtures of the browser tests: one server and one Chromium for each test process, a context for each page."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.driver import ROOT, WATCH_ACTIVITY, Server, chromium, served, settled

SCREENSHOTS = ROOT / ".screenshots"
LOCAL = {"127.0.0.1", "localhost"}


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with served(ROOT / "app.py", tmp_path_factory.mktemp("server") / "log") as server:
        yield server


@pytest.fixture(scope="session")
def app_url(server: Server) -> str:
    return server.url


@pytest.fixture(scope="session")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_page(server: Server, browser: Browser):
    """Opens pages, each in a browser context of its own. Fails the test if one of them asked another host for
    something or had an error, or if the server logged a traceback."""
    contexts, faults = [], []
    logged = server.log.stat().st_size

    def request_seen(url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in {"data", "blob"} and address.hostname not in LOCAL:
            faults.append(f"request to {url}")

    def console_seen(message: ConsoleMessage) -> None:
        # On a page's own address Streamlit first looks for itself below that address and gets a 404.
        if message.type == "error" and "/_stcore/" not in message.location["url"]:
            faults.append(f"console: {message.text}")

    def open_page(**options) -> Page:
        context = browser.new_context(base_url=server.url, **{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        context.add_init_script(WATCH_ACTIVITY)
        page = context.new_page()
        page.on("request", lambda request: request_seen(request.url))
        page.on("websocket", lambda socket: request_seen(socket.url))
        page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
        page.on("console", console_seen)
        return page

    yield open_page
    for context in contexts:
        context.close()
    log = server.log.read_bytes()[logged:].decode()
    if "Traceback" in log:
        faults.append(log)
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(open_page) -> Page:
    return open_page()


@pytest.fixture(scope="session")
def screenshot():
    """`screenshot(page, name)` keeps a picture of the whole page to look at."""

    def screenshot(page: Page, name: str) -> None:
        # Streamlit scrolls inside the window, so the window is made as high as the page.
        window = page.viewport_size
        page.set_viewport_size(window | {"height": page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")})
        settled(page)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")
        page.set_viewport_size(window)

    return screenshot
