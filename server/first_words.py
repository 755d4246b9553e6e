"""The verdict in the page itself: on a slow line it is read long before the scripts of the dashboard are there."""

import os
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders

from answers.analysis import Analysis
from costmodel.errors import ScenarioError
from costmodel.numerals import Marks, written_with
from dashboard import numbers_as, people
from dashboard.address import LINK, REFERENCE
from library import links
from pricing.documents import fresh, from_link
from pricing.presets import DEFAULT
from reports.words.money import shown_in
from reports.words.plain import typeset
from reports.words.verdict import verdict
from server.compressed import collected, compressed, plainly, sent, takes_gzip

PATHS = ("/", "/what_if")
# Gone as soon as the style of the dashboard is there, with the first of its elements.
STYLE = """
#first-words { position: absolute; top: 5rem; left: max(2rem, 50% - 26rem); right: 2rem; max-width: 52rem;
  font-family: "Source Sans", sans-serif; color: light-dark(#1b1e22, #f2f3f4); color-scheme: light dark; }
#first-words [role] { font-size: clamp(1.35rem, 2.4vw, 1.9rem); font-weight: 600; line-height: 1.25; }
#first-words p { font-size: 1.05rem; line-height: 1.45; opacity: 0.72; }
"""


class FirstWords:
    """Plain ASGI middleware that puts the verdict of the scenario in the address into the start page.

    It heads the pages of PATHS. Where people log in first, nothing is told before.
    """

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in PATHS or people.asked():
            await self.app(scope, receive, send)
            return
        start, body = await collected(self.app, plainly(scope))
        if start["status"] == 200:
            written = numbers_as.of_locale(first_language(scope))
            told = await run_in_threadpool(told_of, scope["query_string"].decode(), written)
            body = body.replace(b"</body>", told.encode() + b"</body>")
            headers = MutableHeaders(raw=start["headers"])
            headers["Content-Length"] = str(len(body))
            if takes_gzip(scope):
                body = compressed(headers, body)
            start = {**start, "headers": headers.raw}
        await sent(send, start, body)


def first_language(scope: Mapping[str, Any]) -> str:
    """The language that the browser wants first."""
    return re.split("[,;]", Headers(scope=scope).get("accept-language", ""))[0].strip()


def told_of(query: str, marks: Marks) -> str:
    """The verdict as HTML; nothing of a scenario that cannot be opened."""
    try:
        return words(query, date.today(), marks)
    except ScenarioError:
        return ""


@lru_cache(maxsize=100)
def words(query: str, today: date, marks: Marks) -> str:
    """The verdict of the scenario in an address as HTML, numbers with these marks. Raises what opening it raises."""
    asked = parse_qs(query)
    if REFERENCE in asked:
        opened = links(os.environ).open(asked[REFERENCE][0])
    else:
        opened = from_link(asked[LINK][0]) if LINK in asked else fresh(DEFAULT, today)
    with shown_in(opened.currency), written_with(marks):
        told = verdict(Analysis(opened).comparison)
    headline, owning = (escape(typeset(words)) for words in (told.headline, told.owning))
    sentences = f'<div role="heading" aria-level="1">{headline}</div><p>{owning}</p>'
    return f'<style>{STYLE}</style><div id="first-words">{sentences}</div>'
