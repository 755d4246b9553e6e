"""The box that finds everything: each number has one home, where its input is; what is pressed is there."""

from collections import defaultdict

import pytest

from costmodel.scenario import paths
from dashboard import finder
from dashboard.navigation import SECTIONS
from pricing.presets import DEFAULT, preset
from tests.visitor import Visitor

SCENARIO = preset(DEFAULT).scenario
OF_ALL = [path for path in paths(SCENARIO) if not path.startswith("options.")]


def test_every_number_is_entered_where_it_is_said_to_be():
    wanted = defaultdict(list)
    for path in OF_ALL:
        hit = finder.of_path(SCENARIO, path)
        wanted[hit.page].append(hit)
    visitor = Visitor()
    for page, found in wanted.items():
        visitor.go(page, *{key for hit in found for key in hit.chosen})
        assert {hit.focus for hit in found} - visitor.keys == set(), page


@pytest.mark.parametrize(("words", "first"), [
    ("sizing", "Page Sizing"),
    ("own servers", "Option Own servers"),
    ("discount rate", "Discount rate"),
    ("server price", "Own servers: server price"),
])  # fmt: skip
def test_what_is_meant_comes_first(words, first):
    assert next(finder.hits(SCENARIO, words)).label == first


def test_every_page_is_found_by_its_title():
    for pages in SECTIONS.values():
        for name, (title, _) in pages.items():
            assert name in [hit.page for hit in finder.hits(SCENARIO, title)]


def test_a_number_of_an_option_is_there_once_it_is_pressed():
    visitor = Visitor().enter("find", "own servers server price")
    visitor.press("Own servers: server price")
    assert visitor.at.title[0].value == "Options"
    assert visitor.widget("option").value == "own_servers"
    assert "field:options.own_servers.server_price_usd" in visitor.keys
    assert visitor.widget("find").value == ""


def test_what_nobody_has_is_said():
    assert "Nothing is called so. Try one word, such as wage or discount." in Visitor().enter("find", "zzz").markdown
