"""The box that finds everything: each number has one home, where its input is; what is pressed is there."""

from collections import defaultdict

import pytest

from costmodel.scenario import paths
from dashboard import finder
from dashboard.navigation import SECTIONS
from pricing.presets import DEFAULT, preset
from reports.words.finding import synonyms
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
    ("salary", "Wage of an ML engineer"),
    ("exchange rate", "Amounts in"),
    ("currency", "Amounts in"),
    ("EUR", "Amounts in"),
    ("quote", "Own servers: server price"),
    ("salvage", "Own servers: resale loss"),
    ("already own", "Own servers: runs today"),
    ("inflation", "Wage growth"),
    ("H200", "Option Cloud GPUs on demand"),
    ("Bedrock", "Tokens in the catalogues"),
    ("Claude Sonnet", "Tokens in the catalogues"),
    ("levelised cost", "What levelised cost means"),
])  # fmt: skip
def test_what_is_meant_comes_first(words, first):
    assert next(finder.hits(SCENARIO, words)).label == first


def test_a_readers_words_for_what_has_another_name_find_it_however_many_options_have_it():
    found = [hit.label for hit in finder.hits(SCENARIO, "number of servers")]
    assert found[0].endswith(": minimum servers")
    assert len(found) == len(set(found))
    assert "concurrency" not in " ".join(hit.label.lower() for hit in finder.hits(SCENARIO, "currency"))


def test_each_synonym_leads_to_what_is_there_under_its_own_name():
    assert [row for row in synonyms() if not [*finder.hits(SCENARIO, row[1])]] == []
    assert synonyms() == tuple(sorted(set(synonyms())))


def test_what_is_beside_all_pages_is_there_and_what_is_in_a_catalogue_is_shown():
    visitor = Visitor()
    assert set(finder.BESIDE) <= visitor.keys
    visitor.enter("find", "exchange rate").press("Amounts in")
    assert visitor.widget("find").value == ""
    visitor.enter("find", "Bedrock").press("Tokens in the catalogues")
    assert visitor.widget("catalogue").value == "Tokens"
    assert "AWS Bedrock" in set(visitor.at.dataframe[0].value["Provider"])
    assert not visitor.at.warning
    assert not visitor.at.exception


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
