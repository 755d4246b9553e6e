"""Numbers as the browser's locale has them: said by the server, by scripts while a lever moves, and typed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from costmodel.comparison import compare
from costmodel.numerals import Marks, written_with
from pricing.documents import from_link
from pricing.presets import DEFAULT, preset
from reports.words.plain import typeset
from reports.words.text import usd
from reports.words.verdict import verdict
from tests.browser.actions import choose, enter, field, visit
from tests.browser.conftest import CALM, VIEWPORT
from tests.browser.driver import WATCH_ACTIVITY, settled
from tests.browser.test_live import FIGURES, held, ready

GERMAN = Marks(",", ".")
TICKS, TOLD = ".st-key-cumulative .ytick text", ("headline", "tiles", "totals", "values")
POINT = re.compile(r"\d\.\d(?!\d\d)")  # a decimal point


@pytest.fixture
def german(server, browser) -> Iterator[Page]:
    with browser.new_context(base_url=server.url, viewport=VIEWPORT, locale="de-DE", **CALM) as context:
        context.add_init_script(WATCH_ACTIVITY)
        yield context.new_page()


def test_a_german_reader_reads_and_types_german_numbers_and_sends_the_same_link(german: Page):
    visit(german)
    ready(german)
    with written_with(GERMAN):
        assert german.locator("h1.answer").inner_text() == typeset(verdict(compare(preset(DEFAULT).scenario)).headline)
    with held(german, 30):
        shown = german.evaluate(FIGURES)
        marks = [*german.locator(TICKS).all_text_contents()]
    settled(german)
    said = german.evaluate(FIGURES)
    for name in TOLD:
        assert shown[name] == said[name]
    marks += german.locator(TICKS).all_text_contents()
    assert not POINT.search(" ".join((*marks, *(str(said[name]) for name in TOLD))))
    assert re.search(r"\d,\d", said["headline"])
    moved = from_link(german.url.partition("?s=")[2]).scenario
    with written_with(GERMAN):
        costs = {usd(cost.net_present_cost_usd) for cost in compare(moved).costs.values()}
    assert costs == set(german.locator(".tile .value").all_inner_texts())

    visit(german, "workload")
    for text, shown in (("1,2M", "1.200.000"), ("2.500.000", "2.500.000"), ("600.000", "600.000")):
        enter(german, "Requests in an average month", text)
        expect(field(german, "Requests in an average month")).to_have_value(shown)
    choose(german, "Numbers as", "1,234.5")
    expect(field(german, "Requests in an average month")).to_have_value("600,000")
