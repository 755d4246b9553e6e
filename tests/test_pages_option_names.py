"""Names on the options page: every option has its own, it is shown everywhere, and what is no name is refused."""

import pytest

from pricing.presets import DEFAULT, preset
from tests.sentence import one_sentence
from tests.visitor import Visitor

SCENARIO = preset(DEFAULT).scenario
SLUGS = list(SCENARIO.options)


@pytest.fixture
def visitor() -> Visitor:
    return Visitor().go("options")


def test_copies_of_one_option_are_told_apart_in_every_list(visitor):
    for _ in range(3):
        visitor.enter("option", SLUGS[0]).press("Copy")
    shown = visitor.at.radio[0].options
    assert len(set(shown)) == len(shown) == len(SLUGS) + 3
    visitor.go("break_even")
    assert len(set(visitor.widget("break_even_a").options)) == len(SLUGS) + 3
    visitor.go("export")
    heading, *rows = visitor.tables[0]
    assert len(set(heading)) == len(heading) == len(SLUGS) + 3 + 1
    assert {len(row) for row in rows} == {len(heading)}


def test_a_copy_of_a_copy_is_numbered_like_it(visitor):
    visitor.press("Copy").press("Copy").press("Copy")
    first = SCENARIO.options[SLUGS[0]].label
    labels = [option.label for option in visitor.scenario.options.values()]
    assert [label for label in labels if label.startswith(first)] == [first, *(f"{first} ({n})" for n in (2, 3, 4))]


def test_a_copy_of_a_long_name_has_a_name_that_fits(visitor):
    visitor.enter(f"field:options.{SLUGS[0]}.label", "n" * 80).press("Copy")
    assert visitor.complaints == []
    assert len(list(visitor.scenario.options)) == len(SLUGS) + 1


def test_a_new_name_is_shown_everywhere(visitor):
    visitor.enter(f"field:options.{SLUGS[0]}.label", "Renamed")
    assert visitor.at.radio[0].options[0].startswith("Renamed: ")
    assert "Renamed" in visitor.go("overview").texts("name")
    assert "Renamed" in visitor.go("export").tables[0][0]
    assert list(visitor.scenario.options) == SLUGS


def test_a_name_that_another_option_has_is_refused(visitor):
    first, second = (SCENARIO.options[slug].label for slug in SLUGS[:2])
    key = f"field:options.{SLUGS[0]}.label"
    visitor.enter(key, f" {second} ")
    (sentence,) = visitor.complaints
    assert second in one_sentence(sentence)
    assert visitor.scenario.options[SLUGS[0]].label == first
    assert visitor.widget(key).value == f" {second} "
    assert visitor.enter(key, f"{first} ").complaints == []


@pytest.mark.parametrize(("name", "told"), [("", "must not be empty"), ("n" * 81, "must have at most 80 characters")])
def test_a_refused_name_is_told_in_words(visitor, name, told):
    path = f"options.{SLUGS[0]}.label"
    (sentence,) = visitor.enter(f"field:{path}", name).complaints
    assert sentence.startswith(f"{SCENARIO.options[SLUGS[0]].label}: name {told}")
