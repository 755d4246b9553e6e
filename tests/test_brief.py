"""The brief: one page, whatever it is told; the engine's figures; no name acts as markup; typst's own fonts."""

import dataclasses
import re
import zlib

import pytest
import typst

from costmodel.comparison import compare
from pricing.presets import presets
from reports.files.brief import TEMPLATE, brief, brief_data, pages
from reports.files.spread import spread
from reports.words.briefing import curves_title
from reports.words.fiscal import by_year
from reports.words.palette import option_colours
from reports.words.price_path import prices_told
from reports.words.recommended import NO_OPTION, recommendation
from reports.words.register import USUAL
from reports.words.text import usd
from reports.words.verdict import verdict
from tests.briefings import HOSTILE, briefing, crowded, full_briefing
from tests.strategies import ordinary_scenario

FULL = full_briefing()


def streams(pdf: bytes) -> bytes:
    """Everything that a PDF holds, unpacked."""
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    unpacked = []
    for part in parts:
        try:
            unpacked.append(zlib.decompress(part))
        except zlib.error:
            unpacked.append(part)
    return pdf + b"\n".join(unpacked)


@pytest.mark.parametrize("slug", presets())
def test_the_page_says_what_the_screen_says(slug):
    told = briefing(slug)
    data = brief_data(told)
    assert data["headline"] == verdict(told.comparison).headline
    assert data["owning"] == f"{verdict(told.comparison).owning} {prices_told(told.comparison)}"
    assert data["chart"]["title"] == curves_title(told.comparison)
    colours = option_colours(told.comparison.costs)
    for row, option in zip(data["options"], told.comparison.ranking, strict=True):
        cost = told.comparison[option]
        assert row["colour"] == colours[option]
        assert row["cells"][0] == cost.label
        assert row["cells"][1] == usd(cost.net_present_cost_usd)
        assert row["cells"][3] == usd(cost.cash_before_first_month_usd)
    assert pages(brief(told)) == 1


def test_the_recommendation_follows_the_answer():
    data = brief_data(FULL)
    assert data["recommendation"] == recommendation(FULL)
    ruled_out = FULL.comparison.scenario.vary({"rules.response_time_limit_s": 0.01})
    assert recommendation(dataclasses.replace(FULL, comparison=compare(ruled_out))) == NO_OPTION


def test_curves_end_where_the_engine_says():
    data = brief_data(FULL)["chart"]
    ends = {curve["label"].rpartition(" ")[2] for curve in data["curves"]}
    assert ends == {usd(cost.net_present_cost_usd) for cost in FULL.comparison.costs.values()}
    for curve in data["curves"]:
        assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in curve["points"])


@pytest.mark.parametrize("slug", ["finance", "startup"])
def test_cash_of_the_options_of_the_headline_stands_by_fiscal_year_and_adds_up_to_what_is_paid(slug):
    told = briefing(slug)
    data, comparison = brief_data(told), told.comparison
    for row, option in zip(data["cash"], comparison.ranking[:2], strict=True):
        cost = comparison[option]
        paid = [cash for cash, _ in by_year(cost).values()]
        assert row == [cost.label, *map(usd, paid), usd(cost.tco_usd)]
        assert sum(paid) == pytest.approx(float(cost.tco_usd))
    assert "after tax" in data["cash-note"]
    long = compare(told.comparison.scenario.vary({"finance.horizon_months": 240}))
    assert brief_data(dataclasses.replace(told, comparison=long))["cash"] == [], "twenty years do not fit"


@pytest.mark.parametrize("options", [1, 6, 20])
def test_it_is_one_page_however_much_it_is_told(options):
    assert pages(brief(full_briefing(crowded(options)))) == 1


def test_it_takes_every_kind_of_option():
    assert pages(brief(full_briefing(ordinary_scenario()))) == 1


def test_names_are_text_and_never_markup():
    told = full_briefing(crowded(6), name=HOSTILE, about=HOSTILE, decides=HOSTILE, versions={HOSTILE: HOSTILE})
    pdf = brief(told)
    assert pages(pdf) == 1
    assert b"evil" not in re.findall(rb"/URI\s*\(([^)]*)\)", streams(pdf)), "nothing became a link"
    assert brief_data(told)["options"][-1]["cells"][0] == HOSTILE.strip()


def test_fonts_are_typst_s_own_and_are_in_the_file():
    fonts = set(re.findall(rb"/BaseFont\s*/([\w+-]+)", streams(brief(FULL))))
    assert fonts
    assert all(b"+LibertinusSerif" in font for font in fonts)


def test_the_template_reads_nothing_but_its_data():
    template = TEMPLATE.read_text("utf-8")
    assert not re.search(r"#(import|include)|\b(read|image|plugin|eval)\(", template)
    with pytest.raises(typst.TypstError):
        typst.compile(template.encode())


def test_the_same_story_makes_the_same_file_with_its_date():
    pdf = brief(FULL)
    assert pdf == brief(FULL)
    assert b"20261124" in streams(pdf)


def test_assumptions_that_matter_are_those_asked_for_else_the_usual():
    matters = ["finance.discount_rate_per_year", "options.own_servers.server_price_usd"]
    asked = brief_data(dataclasses.replace(FULL, matters=matters))
    assert [row[0] for row in asked["assumptions"]] == ["Discount rate", "Server price (Own servers)"]
    assert len(brief_data(FULL)["assumptions"]) == len(USUAL)
    assert all(row[1] and row[2] for row in brief_data(FULL)["assumptions"])


def test_names_beside_curves_keep_their_order_and_do_not_touch():
    places = spread([0.5, 0.5, 0.51, 0.9, 0.1], [0.1] * 5, 0, 1)
    assert places[0] + 0.0999 <= places[1] <= places[2] - 0.0999
    assert places[3:] == pytest.approx([0.9, 0.1])
    assert spread([0.0, 1.0], [0.2, 0.2], 0, 1) == pytest.approx([0.1, 0.9])
    crammed = spread([1.0] * 4, [0.25] * 4, 0, 1)
    assert sorted(crammed) == pytest.approx([0.125, 0.375, 0.625, 0.875])
