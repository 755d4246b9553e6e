"""The model as one file: it asks nobody, runs its own script alone, and what readers wrote is text in it."""

import json
import re
from base64 import b64encode
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from answers.analysis import Analysis
from pricing.documents import Opened
from pricing.presets import DEFAULT, preset
from reports.files.offered import PAPERS, Wish, versions
from reports.files.page import page
from reports.files.page.told import told
from reports.words.chapters import briefing
from reports.words.register import cited, register
from reports.words.text import usd
from reports.words.verdict import verdict
from tests.as_typed import as_typed
from tests.briefings import HOSTILE

ON = date(2026, 11, 24)
LARGEST = 3_000_000  # bytes
ASKING = re.compile(r"\b(eval|fetch|XMLHttpRequest|WebSocket|importScripts|innerHTML)\b|new Function|import\(")
ALLOWED = {"a"}  # elements that may name another host: links that a reader follows
SCENARIO = preset(DEFAULT).scenario
BREAKER = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'


class Parts(HTMLParser):
    """What a browser would find: elements with their attributes, and the text of each script and style."""

    def __init__(self, text: str):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self.words: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside = tag if tag in self.texts else ""
        if self._inside:
            self.texts[tag].append("")

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside:
            self.texts[self._inside][-1] += data
        else:
            self.words.append(data)


@pytest.fixture(scope="module")
def analysis():
    changes = {"options.open_api.label": BREAKER, "options.own_servers.label": HOSTILE}
    return Analysis(Opened(SCENARIO.vary(changes), DEFAULT, name=BREAKER, about=BREAKER))


@pytest.fixture(scope="module")
def parts(analysis):
    content = page(briefing(analysis, ON, {"token prices": "of 2026-11-10"}), analysis, by=BREAKER)
    assert len(content) < LARGEST
    return Parts(content.decode())


def test_its_policy_allows_its_own_script_and_style_alone(parts):
    (policy,) = (at["content"] for tag, at in parts.elements if at.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    data, script = parts.texts["script"]
    (style,) = parts.texts["style"]
    assert rules["default-src"] == "'none'"
    for rule, text in (("script-src", script), ("style-src", style)):
        assert rules[rule] == f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
    assert rules["worker-src"] == "blob:"
    assert {"connect-src", "img-src", "font-src"} & set(rules) == set(), "what is not named is none"
    assert json.loads(data)["file"].endswith(".csv")


def test_nothing_in_it_names_another_host_but_links_to_sources(parts):
    for tag, attributes in parts.elements:
        named = [name for name, value in attributes.items() if value and "//" in value]
        assert not named or tag in ALLOWED, (tag, attributes)
        assert not {"style", "onerror", "onclick", "onload"} & set(attributes)
    data, script = parts.texts["script"]
    (style,) = parts.texts["style"]
    assert set(re.findall(r"https?://[^\"'\s]+", script + style)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(ASKING, script)
    assert "<" not in data


def test_names_that_readers_gave_are_text(parts, analysis):
    assert [tag for tag, _ in parts.elements].count("script") == 2
    assert "img" not in {tag for tag, _ in parts.elements}
    assert BREAKER in " ".join(parts.words)
    assert told(analysis, "x.csv")["options"]["open_api"]["label"] == BREAKER


def test_it_says_the_verdict_every_assumption_its_source_and_what_it_was_made_from(parts, analysis):
    words = as_typed(" ".join(parts.words))
    assert verdict(analysis.comparison).headline in words
    assert "on 24 November 2026" in words
    assert "Token prices: of 2026-11-10" in words
    made = briefing(analysis, ON, {})
    for entry in register(analysis.comparison.scenario, made.origins):
        assert entry.value in words
        assert entry.source[0] in words
    for source in cited(made.origins):
        assert source.title in words
    for cost in analysis.comparison.costs.values():
        assert usd(cost.net_present_cost_usd) in words


def test_what_is_exported_is_that_file():
    analysis = Analysis(Opened(SCENARIO, DEFAULT))
    (file,) = (file for file in PAPERS if file.what == ".html")
    assert file.make(Wish(analysis, on=ON, by="Ann")) == page(briefing(analysis, ON, versions()), analysis, by="Ann")
