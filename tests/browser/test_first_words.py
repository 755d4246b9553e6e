"""What a slow line gets first: the verdict in the page itself, and scripts compressed."""

import gzip
import re
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from playwright.sync_api import Page, expect

from costmodel.comparison import compare
from dashboard.address import LINK, REFERENCE
from dashboard.scripts import MODULES, URL, VERSION
from library import links
from library.place import FOLDER_VARIABLE
from pricing.documents import Opened, document, to_link
from pricing.presets import DEFAULT, preset
from reports.words.plain import typeset
from reports.words.verdict import verdict
from tests.briefings import HOSTILE
from tests.browser.actions import answer, drawn, first_answer, step, tiles, visit
from tests.browser.driver import settled

SCENARIO = preset(DEFAULT).scenario
PARTLY = {"Accept-Encoding": "gzip, deflate", "Range": "bytes=0-9"}
STATIC = Path(st.__file__).parent / "static"


def answered(address: str, **headers: str):
    """(headers, body) of what the server answers."""
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
        return answer.headers, answer.read()


@pytest.fixture
def without_scripts(server, browser):
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_the_verdict_is_read_before_any_script_runs_and_the_first_answer_needs_no_click(without_scripts, page: Page):
    without_scripts.goto("/")
    expect(without_scripts.locator("#first-words [role]")).to_have_text(typeset(verdict(compare(SCENARIO)).headline))
    first_answer(page)
    settled(page)
    expect(page.locator("#first-words")).to_be_hidden()
    assert answer(page) == typeset(verdict(compare(SCENARIO)).headline)
    assert "%" in answer(page)
    assert len(tiles(page)) == len(SCENARIO.options)
    assert len(drawn(page)) > len(SCENARIO.options)


def test_the_words_are_those_of_the_scenario_in_the_address_and_hostile_names_stay_text(without_scripts, server):
    changed = SCENARIO.vary({"workload.requests_per_month": 2e7, "options.cloud_on_demand.label": HOSTILE})
    without_scripts.goto(f"/?{LINK}={to_link(document(Opened(changed, DEFAULT)))}")
    expect(without_scripts.locator("#first-words [role]")).to_have_text(typeset(verdict(compare(changed)).headline))
    assert HOSTILE in without_scripts.locator("#first-words").inner_text()
    token = links({FOLDER_VARIABLE: str(server.log.parent)}).keep(Opened(changed, DEFAULT), at=datetime.now(UTC))
    without_scripts.goto(f"/what_if?{REFERENCE}={token}")
    expect(without_scripts.locator("#first-words [role]")).to_have_text(typeset(verdict(compare(changed)).headline))
    for query in (f"{LINK}=nonsense", "r=unknown"):
        without_scripts.goto(f"/?{query}")
        expect(without_scripts.locator("#first-words")).to_have_count(0)


def test_scripts_come_compressed_whole_and_are_kept(server):
    for name in re.findall(r'src="\./(static/js/[^"]+)', (STATIC / "index.html").read_text(encoding="utf-8")):
        whole = (STATIC / name).read_bytes()
        for _ in range(2):
            headers, body = answered(
                f"{server.url}/{name}", **{"Accept-Encoding": "gzip, deflate", "Range": "bytes=0-9"}
            )
            assert headers["Content-Encoding"] == "gzip"
            assert "immutable" in headers["Cache-Control"]
            assert gzip.decompress(body) == whole
        headers, body = answered(f"{server.url}/{name}")
        assert body == whole
        assert "Content-Encoding" not in headers


def test_what_comes_instead_of_a_script_that_is_not_there_is_not_kept(server):
    for _ in range(2):
        headers, _ = answered(f"{server.url}/static/js/nothing.js", **PARTLY)
        assert headers.get_content_type() == "text/html"
        assert "immutable" not in headers.get("Cache-Control", "")


def test_an_elements_script_has_an_address_that_browsers_keep_and_is_not_sent_with_its_messages(page: Page, server):
    sent: list[bytes] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sent.append(data)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition(URL)[2]) if URL in request.url else None)
    visit(page)
    assert {name.rpartition("/")[2] for name in asked} >= {"live.js", "plot.js", "inputs.js"}
    assert not {f"{VERSION}/strip.js", f"{VERSION}/present.js"} & {*asked}
    headers, body = answered(f"{server.url}{URL}{VERSION}/live.js", **{"Accept-Encoding": "gzip"})
    assert "immutable" in headers["Cache-Control"]
    assert gzip.decompress(body).decode() == MODULES["live.js"]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        answered(f"{server.url}{URL}0000/live.js")
    step(page)
    assert sent
    assert not [data for data in sent if b"export default function" in data]
