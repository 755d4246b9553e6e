"""The server as it runs: what it answers beside the dashboard, and to whom it does not listen."""

import asyncio
import json
import random
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from bench.visitors import fetched, visiting
from tests.browser.driver import Server


def asked(server: Server, path: str) -> str:
    with urllib.request.urlopen(f"{server.url}{path}", timeout=20) as answer:
        return answer.read().decode()


def test_a_server_that_is_up_says_so_and_lets_no_other_site_steer_the_page(server: Server):
    assert asked(server, "/livez") == "ok"
    assert json.loads(asked(server, "/readyz")) == {"ready": True, "library": ""}
    assert json.loads(asked(server, "/_stcore/host-config"))["allowedOrigins"] == []
    assert json.loads(asked(server, "/_stcore/host-config"))["metricsUrl"] == ""


@pytest.mark.parametrize("path", ["/metrics", "/_stcore/metrics"])
def test_metrics_are_not_there_unless_the_operator_wants_them(server: Server, path):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        asked(server, path)


def test_a_file_that_was_made_on_a_click_is_there_when_the_browser_asks_for_it(server: Server):
    async def made_and_fetched() -> bytes:
        async with visiting(server.url, random.Random(1)) as one, visiting(server.url, random.Random(2)) as other:
            for visitor in (one, other):
                await visitor.open()
            await one.open("export")
            address = await one.made_file()
            for _ in range(3):
                await other.open("method")
            return await asyncio.to_thread(fetched, address)

    with ThreadPoolExecutor(1) as beside:  # the browser of other tests has a loop of its own in this thread
        assert beside.submit(asyncio.run, made_and_fetched()).result()
