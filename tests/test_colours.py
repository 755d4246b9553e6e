"""An option's colour is its own for as long as it is there, can be told from the others, and stands out from paper."""

import re
import tomllib
from html import escape
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from costmodel.errors import ScenarioError
from costmodel.scenario import with_option, without_option
from pricing.colours import places
from pricing.documents import Opened, document, from_json, from_link, opened, to_json, to_link
from pricing.presets import DEFAULT, preset
from reports.words.palette import GROUP_COLOURS, OPTION_COLOURS, SHADES, as_text, contrast, option_colours, shown_with
from tests.visitor import Visitor

SCENARIO = preset(DEFAULT).scenario
FIRST, *_, LAST = SCENARIO.options
CONFIG = tomllib.loads(Path(".streamlit/config.toml").read_text("utf-8"))["theme"]
PAPERS = [CONFIG[theme]["backgroundColor"] for theme in ("light", "dark")]
# What is left of hues without one kind of cone: Machado, Oliveira and Fernandes 2009, table 1, severity 1.0.
SIGHTS = {
    "all cones": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                            [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
# Oklab, by its author: bottosson.github.io/posts/oklab
LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip


def seen(colour: str, sight: np.ndarray) -> np.ndarray:
    """Lightness and two hues of a colour as somebody with this sight has them, in hundredths."""
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return 100 * LAB @ np.cbrt(LMS @ np.clip(sight @ linear, 0, 1))


@pytest.mark.parametrize("paper", PAPERS)
def test_every_line_stands_out_from_its_paper(paper):
    assert min(contrast(colour, paper) for colour in OPTION_COLOURS) >= 3


def test_contrast_is_the_published_one():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(
        4.54, abs=0.005
    )  # the lightest grey that WCAG calls readable


def test_words_in_the_colour_of_an_option_can_be_read():
    assert all(contrast(as_text(colour), "#ffffff") >= 4.5 for colour in OPTION_COLOURS)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_of_the_page_can_be_read(theme):
    papers = [CONFIG[theme][name] for name in ("backgroundColor", "secondaryBackgroundColor")]
    inks = [CONFIG[theme][name] for name in ("textColor", "grayTextColor", "linkColor")]
    assert min(contrast(ink, paper) for ink in inks for paper in papers) >= 4.5


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_options_can_be_told_apart(sight):
    pairs = combinations(OPTION_COLOURS, 2)
    assert min(np.linalg.norm(seen(a, SIGHTS[sight]) - seen(b, SIGHTS[sight])) for a, b in pairs) > 7


def test_cost_groups_are_another_family_than_options():
    def hue(colour):
        return np.hypot(*seen(colour, SIGHTS["all cones"])[1:])

    assert max(map(hue, (*GROUP_COLOURS.values(), *SHADES))) < min(map(hue, OPTION_COLOURS)) / 1.2


@pytest.mark.parametrize("shades", [list(GROUP_COLOURS.values()), SHADES])
@pytest.mark.parametrize("sight", SIGHTS)
def test_neighbours_in_a_bar_differ(shades, sight):
    assert min(np.linalg.norm(seen(a, SIGHTS[sight]) - seen(b, SIGHTS[sight])) for a, b in pairwise(shades)) > 6


def test_any_two_cost_groups_can_be_told_apart_in_a_legend():
    found = [seen(colour, SIGHTS["all cones"]) for colour in GROUP_COLOURS.values()]
    assert min(np.linalg.norm(one - other) for one, other in combinations(found, 2)) > 5


def test_places_are_kept_and_freed():
    assert places("abc", {}) == {"a": 0, "b": 1, "c": 2}
    assert places("bc", {"a": 0, "b": 1, "c": 2}) == {"b": 1, "c": 2}
    assert places("bcd", {"b": 1, "c": 2}) == {"b": 1, "c": 2, "d": 0}


def removed(slug: str) -> Opened:
    before = Opened(SCENARIO, DEFAULT)
    return Opened(without_option(before.scenario, slug), DEFAULT, colours=before.colours)


@pytest.mark.parametrize("slug", [FIRST, "cloud_on_demand"])
def test_who_goes_takes_no_other_s_colour(slug):
    before = option_colours(SCENARIO.options)
    after = removed(slug)
    for way in (lambda now: from_json(to_json(document(now))), lambda now: from_link(to_link(document(now)))):
        with shown_with(way(after).colours):
            assert option_colours(after.scenario.options) == {k: c for k, c in before.items() if k != slug}


def test_a_document_says_colours_only_where_they_are_not_by_order():
    assert "colours" not in document(Opened(SCENARIO, DEFAULT))
    assert document(removed(FIRST))["colours"][LAST] == list(SCENARIO.options).index(LAST)


def test_a_new_option_gets_the_first_colour_that_is_free():
    gone = removed(FIRST)
    scenario = with_option(gone.scenario, "more", dict(gone.scenario.options[LAST]) | {"label": "More"})
    assert Opened(scenario, DEFAULT, colours=gone.colours).colours["more"] == list(SCENARIO.options).index(FIRST)


def test_another_order_is_not_other_colours():
    turned = SCENARIO.vary({}, options=dict(reversed(SCENARIO.options.items())))
    before = Opened(SCENARIO, DEFAULT).colours
    assert from_json(to_json(document(Opened(turned, DEFAULT, colours=before)))).colours == before


@pytest.mark.parametrize("wrong", ["blue", 1.5, -1, True, None, 1000])
def test_a_wrong_colour_is_refused_in_a_sentence(wrong):
    with pytest.raises(ScenarioError, match="The colour of 'own_servers' must be a whole number"):
        opened({**document(Opened(SCENARIO, DEFAULT)), "colours": {LAST: wrong}})


def test_an_option_keeps_its_colour_on_screen_when_another_is_removed():
    first, *others = SCENARIO.options
    before = option_colours(SCENARIO.options)
    visitor = Visitor().go("options", option=first).press("Remove").go("overview")
    tiles = dict(re.findall(r'style="border-top-color:(#\w+)"><div class="name">(.*?)</div>', visitor.html))
    assert tiles == {before[slug]: escape(SCENARIO.options[slug].label) for slug in others}
