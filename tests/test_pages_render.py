"""Every page is drawn for every preset and for odd scenarios, says what the engine says, shows names as text."""

import gc
import re
import weakref
from html import escape
from unittest.mock import patch

import pytest

from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from costmodel.scenario import numbers, with_option, without_option
from pricing.documents import Opened, document, to_link
from pricing.presets import DEFAULT, preset, presets
from reports.words.plain import typeset
from reports.words.text import usd
from reports.words.verdict import verdict
from tests.strategies import ordinary_scenario
from tests.visitor import PAGES, Visitor

SCENARIO = preset(DEFAULT).scenario
REQUESTS, GROWTH = "workload.requests_per_month", "workload.growth_per_year"
UNMOVED = {"prices", "method", "validation"}  # do not depend on the scenario
FIRST, *OTHERS = SCENARIO.options


def link(scenario) -> str:
    return to_link(document(Opened(scenario, DEFAULT)))


# What a finance editor strikes out: words of those who simulate and program, numbers without their plural, straight
# quotes around words, a share that no table of theirs would print.
STRUCK_OUT = re.compile(
    r"\b(?:\d|of|the|some|in) draws?\b|standard error|\bP[159]0\b|\bshapes? \(|T\+1|Token API, all|"
    r"\b\d\.\d{3} (?:full-time|posts)|"
    r"\u2212 ?100 % a year|(?<![\d.,])1 (?:sites|servers|instances|GPUs|months|years|options|requests|posts)\b|"
    r"\b\d+e[+-]?\d+\b|\bnan\b|\bNone\b|\w+_\w+_\w+"
)
NAMES = re.compile(r"<style>.*?</style>|<[^>]*>|`[^`]*`|\bhttps?://\S+", re.DOTALL)


def jargon(visitor: Visitor) -> list[str]:
    """What of the page's texts an editor would strike out, with the words around it."""
    texts = [NAMES.sub(" ", text) for text in (*visitor.markdown, visitor.html, *visitor.helps)]
    return [text[max(0, found.start() - 40) : found.end() + 40]
            for text in texts for found in STRUCK_OUT.finditer(text)]  # fmt: skip


def unset(visitor: Visitor) -> list[str]:
    """Texts of the page that are not set as a printer would; a choice is one line, so that its % may stand alone."""
    texts = (NAMES.sub("", text).replace(" %", "\u00a0%") for text in visitor.raw)
    return [text for text in texts if typeset(text) != text or '"' in text]


@pytest.mark.parametrize("slug", presets())
def test_every_page_of_a_preset_is_drawn_under_one_title(slug):
    visitor = Visitor(to_link(document(Opened(preset(slug).scenario, slug))))
    for page in PAGES:
        if page in UNMOVED and slug != DEFAULT:
            continue
        visitor.go(page)
        assert visitor.complaints == [], page
        assert has_one_heading(visitor), page
        assert jargon(visitor) == [], page
        assert unset(visitor) == [], page


def has_one_heading(visitor: Visitor) -> bool:
    return len(visitor.at.title) + visitor.html.count("<h1") == 1


@pytest.mark.parametrize("page", PAGES)
def test_every_expander_of_a_page_opens(page):
    visitor = Visitor().go(page)
    visitor.open(*(box.proto.id.split("-", 2)[2] for box in visitor.at.expander if box.proto.id))
    assert visitor.complaints == []
    assert unset(visitor) == []


def alone(slug: str):
    scenario = SCENARIO.vary(dict.fromkeys(paths_of_others(slug), ""))
    for other in SCENARIO.options:
        if other != slug:
            scenario = without_option(scenario, other)
    return scenario


def paths_of_others(slug: str) -> list[str]:
    return [f"options.{name}.{field}" for name, option in SCENARIO.options.items() for field in option.relies_on()]


def crowd():
    scenario = SCENARIO
    for number in range(3):
        scenario = with_option(scenario, f"copy_{number}", SCENARIO.options[FIRST])
    return scenario


def every_kind():
    return SCENARIO.vary({}, options={**SCENARIO.options, **ordinary_scenario().options})


ODD = {
    "one token API": lambda: alone("open_api"),
    "one cloud": lambda: alone("cloud_on_demand"),
    "own servers only": lambda: alone("own_servers"),
    "eight options, four of one name": crowd,
    "an option of every kind": every_kind,
    "one month": lambda: alone("open_api").vary({"finance.horizon_months": 1}),
    "twenty years": lambda: SCENARIO.vary({"finance.horizon_months": 240}),
    "one request a month": lambda: SCENARIO.vary({REQUESTS: 1.0}),
    "the most requests": lambda: SCENARIO.vary({REQUESTS: numbers(SCENARIO)[REQUESTS].high}),
    "fast growth": lambda: SCENARIO.vary({GROWTH: numbers(SCENARIO)[GROWTH].high}),
    "steep decline": lambda: SCENARIO.vary({GROWTH: numbers(SCENARIO)[GROWTH].low}),
    "money is free": lambda: SCENARIO.vary({"finance.discount_rate_per_year": 0.0}),
    "nothing costs anything": lambda: SCENARIO.vary(
        {path: 0.0 for path, number in numbers(SCENARIO).items() if number.unit.startswith("USD") and number.low == 0}
    ),
}


# What if takes a second of work each.
ASKED_WHAT_IF = {"one token API", "an option of every kind", "one request a month", "nothing costs anything"}


@pytest.mark.parametrize("name", ODD)
def test_every_page_of_an_odd_scenario_is_drawn(name):
    visitor = Visitor(link(ODD[name]()))
    for page in PAGES:
        if page in UNMOVED or (page == "what_if" and name not in ASKED_WHAT_IF):
            continue
        visitor.go(page)
        assert visitor.complaints == [], page
        assert has_one_heading(visitor), page
        assert "NaN" not in visitor.html, page
        assert "nan" not in visitor.texts("value"), page


@pytest.mark.parametrize("slug", presets())
def test_the_overview_says_what_the_engine_says(slug):
    scenario = preset(slug).scenario
    visitor, comparison = Visitor(to_link(document(Opened(scenario, slug)))), compare(scenario)
    assert visitor.texts("answer") == [verdict(comparison).headline]
    assert visitor.texts("name") == [comparison[slug].label for slug in comparison.ranking]
    assert visitor.texts("value") == [usd(comparison[slug].net_present_cost_usd) for slug in comparison.ranking]


HOSTILE = [
    "<b>bold</b> $x$ and $y$ **strong** _it_ `code` ~~gone~~",
    "[a](http://example.invalid) ![b](http://example.invalid)",
    "<a href='http://example.invalid'>a</a> :material/home: :red[x]",
    "W" * 80,
]
MARKED = set("<$[*_`~:")  # what markdown or HTML may read


@pytest.mark.parametrize("label", HOSTILE)
def test_a_name_full_of_markup_is_shown_as_text_on_every_page(label):
    changes = {f"options.{slug}.label": f"{label[:77]}{i}" for i, slug in enumerate(SCENARIO.options)}
    visitor = Visitor(link(SCENARIO.vary(changes))).open("changes", "bridge")
    for page in PAGES:
        if page in UNMOVED:
            continue
        visitor.go(page)
        assert visitor.complaints == []
        if escape(label) != label:
            assert label not in visitor.html, f"{page}: not escaped"
        if MARKED & set(label):
            read = [text for text in visitor.markdown if label[:77] in text]
            assert not read, f"{page}: read as markdown: {read}"


def test_a_refused_step_of_the_presentation_keeps_the_way_on_and_out():
    visitor = Visitor().go("present")
    visitor.at.session_state["present:step"] = 5
    with patch("dashboard.present.strip.current", side_effect=ScenarioError("This is too much.")):
        visitor.run()
    assert [sentence for sentence in visitor.complaints if "too much" in sentence]
    assert {"Back", "Next", "Leave"} <= {button.label for button in visitor.at.button if not button.disabled}


def test_answers_go_with_the_scenario_that_leaves_the_screen_whichever_page_it_was_on():
    visitor, known = Visitor(), {}
    for requests, page in enumerate(PAGES, 500_000):
        known[page] = weakref.ref(visitor.go(page).analysis)
        visitor.go("overview").enter(f"typed:{REQUESTS}", f"{requests}").run()
    gc.collect()
    assert [page for page, analysis in known.items() if analysis() is not None] == []
