"""Slides, read back: native charts with the engine's own figures, sentences as titles, notes, words for every chart."""

import dataclasses
import io
import re
import zipfile
from datetime import date
from functools import cache

import numpy as np
import pytest
from pptx import Presentation
from pptx.util import Emu, Pt

from costmodel.scenario import values
from pricing.currency import Currency
from pricing.origins import JUDGEMENT, Origin
from pricing.presets import presets
from reports.files.deck import ACROSS, FOOT, LEAST, LEFT
from reports.files.deck_strip import BAR, GAP, LABEL, LINE
from reports.files.deck_tables import SIDE, Column, columns_of, fitting, row_height
from reports.files.letters import lines_of, width_of
from reports.files.slides import slides
from reports.words import deciding
from reports.words.briefing import Table, Turn, crossings, curve, curves_title
from reports.words.order import leaders, named
from reports.words.palette import option_colours
from reports.words.parts import groups, largest_part_title
from reports.words.plain import typeset
from reports.words.recommended import recommendation
from reports.words.register import USUAL, cited, foremost, register
from reports.words.text import odds
from reports.words.verdict import verdict
from tests.as_typed import as_typed
from tests.briefings import HOSTILE, briefing, crowded, deck_of, full_briefing
from tests.strategies import ordinary_scenario


def opened(told):
    """The deck of a briefing, read back."""
    return Presentation(io.BytesIO(slides(told)))


def titles(deck) -> list[str]:
    return [as_typed(slide.shapes.title.text_frame.text) for slide in deck.slides]


def charts(deck) -> dict:
    """Charts of the deck by name."""
    return {shape.name: shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart}


def words(deck) -> list[str]:
    """All text on the slides, cell by cell."""
    found = []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(as_typed(shape.text_frame.text))
            elif shape.has_table:
                found += [as_typed(cell.text) for row in shape.table.rows for cell in row.cells]
    return found


FULL = full_briefing()


@cache
def full_file() -> bytes:
    """The slides of the full briefing, written once for all who look at them."""
    return slides(FULL)


@cache
def full_deck():
    """The same, read back."""
    return Presentation(io.BytesIO(full_file()))


@pytest.mark.parametrize("slug", presets())
def test_titles_are_sentences_computed_from_the_result(slug):
    told = briefing(slug)
    found = titles(deck_of(slug))
    assert found[0] == verdict(told.comparison).headline.removesuffix(".")
    assert not any(title.endswith(".") for title in found)
    assert {curves_title(told.comparison), largest_part_title(told.comparison)} <= set(found)
    assert len(set(found)) == len(found), "a part of a long table says which it is"


def test_the_deck_is_wide_and_has_one_typeface():
    assert full_deck().slide_width / full_deck().slide_height == pytest.approx(16 / 9, abs=1e-3)
    data = zipfile.ZipFile(io.BytesIO(full_file()))
    theme = data.read("ppt/theme/theme1.xml").decode()
    assert re.findall(r'<a:(?:major|minor)Font>\s*<a:latin typeface="(\w+)"', theme) == ["Arial", "Arial"]
    own = [name for name in data.namelist() if re.match(r"ppt/(slides|charts)/\w+\.xml", name)]
    assert not any(b'latin typeface="' in data.read(name) for name in own), "no slide has a typeface of its own"


def test_every_slide_has_notes_and_every_chart_and_table_words():
    for slide in full_deck().slides:
        assert len(slide.notes_slide.notes_text_frame.text) > 20
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert len(shape._element.nvGraphicFramePr.cNvPr.get("descr", "")) > 20


@pytest.mark.parametrize("slug", presets())
def test_the_curves_are_the_engine_s_to_the_last_digit_in_the_options_colours(slug):
    told = briefing(slug)
    curves = list(charts(deck_of(slug))["Cumulative cost"].plots[0].series)
    for series, (option, cost) in zip(curves, told.comparison.costs.items(), strict=False):
        assert series.name == named(told.comparison, option)
        assert list(series.values) == curve(cost)[1].tolist()
        assert series.values[-1] == float(cost.net_present_cost_usd)
        assert str(series.format.line.color.rgb).lower() == option_colours(told.comparison.costs)[option][1:]


def test_every_crossing_is_marked_at_the_first_month_end_after_it():
    told = briefing("batch")
    found = crossings(told.comparison)
    assert found
    series = charts(deck_of("batch"))["Cumulative cost"].plots[0].series
    marked = [i for s in series if s.name == "Crossings" for i, value in enumerate(s.values) if value is not None]
    assert sorted(marked) == sorted(int(np.ceil(crossing.at)) for crossing in found)


@pytest.mark.parametrize("slug", presets())
def test_the_stack_adds_up_to_the_totals(slug):
    told = briefing(slug)
    order = told.comparison.ranking[::-1]
    series = list(charts(deck_of(slug))["Cost by group"].plots[0].series)
    assert {s.name for s in series} == set(groups(told.comparison, order))
    totals = np.sum([s.values for s in series], axis=0)
    np.testing.assert_allclose(
        totals, [float(told.comparison[slug].net_present_cost_usd) for slug in order], rtol=1e-12
    )


def test_the_amount_that_a_title_speaks_of_stands_in_its_bar():
    title = largest_part_title(briefing("batch").comparison)
    labels = [
        label.text_frame.text
        for series in charts(deck_of("batch"))["Cost by group"].plots[0].series
        for label in (series.points[i].data_label for i in range(len(series.values)))
        if label.has_text_frame
    ]
    assert title.partition(": ")[2].partition(" of ")[0] in labels
    assert len(labels) == len(briefing("batch").comparison.costs), "the largest part of each"


MAIN = ["THE ANSWER", "WHAT WOULD HAVE TO BE TRUE", "WHERE THE MONEY GOES", "WHAT EACH MAY COST",
        "RISKS, RULES AND WHAT IT MEANS", "WHAT TO DECIDE BY WHEN"]  # fmt: skip
APPENDIX = "APPENDIX \u00b7 "
UNKNOWN = {MAIN[1], MAIN[3], MAIN[4], *(f"{APPENDIX}{name.upper()}" for name in ("How sure", *FULL.chapters))}


def sections(deck) -> list[str]:
    """The kickers of the slides in order."""
    return [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.name == "Section"]


def test_six_slides_say_what_to_decide_and_the_rest_is_the_appendix():
    found = sections(full_deck())
    assert found[:6] == MAIN
    assert all(kicker.startswith(APPENDIX) for kicker in found[6:])
    for told in (full_briefing(crowded(6)), FULL):
        first = next(iter(opened(told).slides))
        assert recommendation(told) in [
            as_typed(shape.text_frame.text) for shape in first.shapes if shape.has_text_frame
        ]


def test_nothing_is_smaller_than_twelve_points():
    data = zipfile.ZipFile(io.BytesIO(full_file()))
    parts = [name for name in data.namelist() if re.match(r"ppt/(slides|charts)/\w+\.xml", name)]
    sizes = [int(size) for name in parts for size in re.findall(rb'\bsz="(\d+)"', data.read(name))]
    assert min(sizes) == 1200


@pytest.mark.parametrize("slug", presets())
def test_the_bridge_leads_to_the_cheapest_option_step_by_step(slug):
    comparison = briefing(slug).comparison
    (first, *changes, last) = deciding.steps(comparison)
    best, other = (float(comparison[each].net_present_cost_usd) for each in comparison.ranking[:2])
    assert (first.usd, last.usd) == (other, best)
    assert first.usd + sum(step.usd for step in changes) == pytest.approx(last.usd)
    drawn = charts(deck_of(slug))
    assert ("Bridge" in drawn) == (len(leaders(comparison)) == 1), "what is too close to call has no bridge"
    if "Bridge" not in drawn:
        return
    before, amount = drawn["Bridge"].plots[0].series
    assert list(amount.values)[::-1] == pytest.approx([abs(step.usd) for step in (first, *changes, last)])
    assert min(before.values) >= 0
    assert before.values[0] == before.values[-1] == 0


def test_what_is_not_known_has_no_slide():
    sparse = deck_of("assistant")
    assert not set(sections(sparse)) & UNKNOWN
    assert set(sections(full_deck())) >= UNKNOWN


def test_probabilities_and_flips_are_shown_as_given():
    shares = charts(full_deck())["Probability of being cheapest"].plots[0]
    assert sorted(shares.series[0].values) == sorted(FULL.how_sure.shares.values())
    spread = charts(full_deck())["What each may cost"].plots[0].series
    np.testing.assert_allclose(np.cumsum([list(series.values) for series in spread], axis=0).T,
                               [[1e6, 2e6, 3e6, 5e6]] * len(FULL.comparison.costs))  # fmt: skip
    text = words(full_deck())
    for row in (
        *FULL.how_sure.break_even,
        *FULL.how_sure.costs.rows,
        *(row for table in FULL.chapters.values() for row in table.rows),
    ):
        assert set(row) <= set(text)


def test_the_register_names_every_value_of_the_scenario_once_with_source_and_date():
    scenario = FULL.comparison.scenario
    entries = register(scenario, FULL.origins)
    named = [path for entry in entries for path in entry.paths]
    wanted = (path for path in values(scenario) if path.rsplit(".", 1)[-1] not in ("kind", "label"))
    assert sorted(named) == sorted(wanted)
    text = set(words(full_deck()))
    assert all(entry.source[0] for entry in entries)
    chosen = foremost(entries, USUAL, 10)
    assert len(chosen) == len(USUAL)
    for entry in chosen:
        assert {entry.what, entry.value, entry.source[0]} <= text
        assert entry.as_of is None or entry.as_of.isoformat() in text
    sources = cited(FULL.origins)
    for source in sources:
        assert source.title in text
    judged = [source for source in sources if source.confidence == JUDGEMENT]
    assert judged, "which are no sources"
    told = f"{len(sources) - len(judged)} sources, judgements aside; "
    assert any(title.startswith(told) for title in titles(full_deck()))


def test_no_line_of_a_title_ends_within_the_number_of_a_part():
    parts = [slide.shapes.title.text_frame.text for slide in full_deck().slides]
    parts = [title for title in parts if title.endswith(")") and "of" in title.rpartition("(")[2]]
    assert parts
    assert all(" " not in title.rpartition("(")[2] for title in parts)


def test_even_months_are_one_line():
    even = {path: 0.97 for path in values(FULL.comparison.scenario) if path.startswith("workload.season.")}
    known = {**FULL.origins, **dict.fromkeys(even, Origin("Even traffic", confidence=JUDGEMENT))}
    entries = register(FULL.comparison.scenario.vary(even), known)
    assert [e.what for e in entries if "january" in e.paths[0]] == ["January's traffic to December's traffic"]


def test_hostile_names_are_text_in_slides_and_in_the_sheets_behind_the_charts():
    data = slides(full_briefing(crowded(6), name=HOSTILE))
    assert any(HOSTILE.replace("\\", "") in text.replace("\\", "") for text in words(Presentation(io.BytesIO(data))))
    deck = zipfile.ZipFile(io.BytesIO(data))
    books = [name for name in deck.namelist() if name.endswith(".xlsx")]
    assert len(books) == 5
    for name in books:
        book = zipfile.ZipFile(io.BytesIO(deck.read(name)))
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet.lower()


@pytest.mark.parametrize("scenario", [crowded(20), crowded(1), ordinary_scenario()], ids=["20", "few", "every kind"])
def test_everything_lies_on_the_slide(scenario):
    deck = opened(full_briefing(scenario))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width + Emu(10)
            assert shape.top + shape.height <= deck.slide_height, (shape.name, slide.shapes.title.text_frame.text)


@pytest.mark.parametrize("slug", presets())
def test_the_assumptions_that_matter_are_one_slide_whose_title_counts_them(slug):
    (slide,) = (
        slide for slide in deck_of(slug).slides if "assumptions that matter" in slide.shapes.title.text_frame.text
    )
    (table,) = (shape.table for shape in slide.shapes if shape.has_table)
    assert slide.shapes.title.text_frame.text.startswith(f"The {len(table.rows) - 1} assumptions")
    assert len(table.rows) > 8


@pytest.mark.parametrize("slug", [*presets(), ""])
def test_nothing_runs_into_the_note_at_the_foot(slug):
    for slide in (deck_of(slug) if slug else full_deck()).slides:
        note = next((shape for shape in slide.shapes if shape.name == "Note"), None)
        ends = [shape.top + (sum(row.height for row in shape.table.rows) if shape.has_table else shape.height)
                for shape in slide.shapes if shape.name not in ("Note", "Footer", "Slide number")]  # fmt: skip
        assert note is None or max(ends) <= note.top + Emu(1), slide.shapes.title.text_frame.text


@pytest.mark.parametrize("name", ["Ours", "Whose name is long and says all that is asked, " * 4])
def test_the_foot_is_one_line_that_ends_in_day_and_rate(name):
    currency = Currency("EUR", 0.87, date(2026, 11, 23))
    deck = opened(dataclasses.replace(FULL, name=name, currency=currency))
    (foot,) = {shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.name == "Footer"}
    assert foot.startswith(f"Crossover \u00b7 {name[:20]}")
    assert " \u00b7 24 November 2026 \u00b7 1 USD = 0.87 EUR, " in foot
    assert foot.endswith("23 November 2026")
    assert width_of(foot, LEAST) <= FOOT / Pt(1)
    feet = [shape for slide in deck.slides for shape in slide.shapes if shape.name == "Footer"]
    assert all(foot.text_frame.word_wrap for foot in feet), "LibreOffice centres what does not wrap"


def test_a_dot_before_a_row_counts_as_its_letters():
    told = Table("", ("Option", "Cost"), [("a" * 24, "$1")] * 4)
    columns = [Column("Option", 1), Column("Cost", 1, True)]
    width = Emu(int(2 * (Pt(width_of("a" * 24, 18) + 1) + 2 * SIDE)))  # the name alone fits a line at 18 points
    height = Pt(5 * 18 * 1.75)
    assert fitting(columns, told.rows, width, height)[0] == 18
    assert fitting(columns, told.rows, width, height, marked=True)[0] < 18


def test_the_first_cell_of_a_row_has_the_room_that_it_has_no_white_to_its_left():
    name, size = "Own server for 25 %", 18
    width = Emu(int(Pt(width_of(name, size) + 1) + SIDE))
    assert row_height([name, "1"], [width, width], size) == row_height(["1", "1"], [width, width], size)
    assert row_height(["1", name], [width, width], size) > row_height(["1", "1"], [width, width], size)


def test_words_are_as_wide_as_in_arial():
    assert width_of("iiii", 10) == pytest.approx(4 * 2.22)
    assert width_of("MW%", 12) == pytest.approx(12 * (0.833 + 0.944 + 0.889))
    assert lines_of("one two", width_of("one two", 12), 12) == 1
    assert lines_of("one two", width_of("one two", 12) - 1, 12) == 2
    assert lines_of("W" * 10, width_of("W" * 4, 12), 12) == 3


def test_a_source_of_which_values_are_not_equally_sure_says_of_how_many():
    """That of the first value would be another where another preset has its values in another order."""
    origin = next(each for each in FULL.origins.values() if each.source_url)
    (sure,) = cited({path: dataclasses.replace(origin, confidence="vendor") for path in "ab"})
    mixed = zip("abc", ("estimate", "measured", "measured"), strict=True)
    (both,) = cited({path: dataclasses.replace(origin, confidence=each) for path, each in mixed})
    assert (sure.confidence, both.confidence) == ("vendor", "measured (2), estimate (1)")


def test_the_strip_names_its_colours_and_ten_short_rows_fit_one_slide():
    rows = [dataclasses.replace(row, label="Growth", turns=(Turn(0.1, "5 %", "below", "Own"),)) for row in FULL.strip]
    deck = opened(dataclasses.replace(FULL, strip=rows))
    assert len(rows) == 10
    assert len(strips_of(deck)) == 1
    (key,) = keys_of(deck)
    for slug in {slug for row in rows for *_, slug in row.leads}:
        assert FULL.comparison[slug].label in key


def test_a_last_row_of_the_strip_has_no_slide_of_its_own_and_stands_in_the_notes():
    rows = [dataclasses.replace(FULL.strip[0], label=f"Growth {i}", turns=()) for i in range(40)]
    fit = sum(
        shape.name.startswith("Growth") for shape in strips_of(opened(dataclasses.replace(FULL, strip=rows)))[0].shapes
    )
    (alone,) = strips_of(opened(dataclasses.replace(FULL, strip=rows[: fit + 1])))
    assert f"Growth {fit}: " in alone.notes_slide.notes_text_frame.text
    assert len(strips_of(opened(dataclasses.replace(FULL, strip=rows[: fit + 2])))) == 2


def test_each_slide_of_the_strip_names_the_colours_of_its_own_rows():
    first, second, *_ = FULL.comparison.ranking
    row = dataclasses.replace(FULL.strip[0], label="Growth", turns=())
    rows = [dataclasses.replace(row, leads=((0.0, 1.0, slug),)) for slug in (first, second) for _ in range(20)]
    keys = keys_of(opened(dataclasses.replace(FULL, strip=rows)))
    labels = [FULL.comparison[slug].label for slug in (first, second)]
    assert labels[1] not in keys[0]
    assert labels[0] not in keys[-1]
    assert [label in " ".join(keys) for label in labels] == [True, True]


def strips_of(deck) -> list:
    """The slides of the strip."""
    return [slide for slide in deck.slides if any(shape.name == "Colours" for shape in slide.shapes)]


def keys_of(deck) -> list[str]:
    """What stands in the key of each slide of the strip."""
    return [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.name == "Colours"]


def test_bars_of_the_strip_are_alike_whatever_their_names_are():
    names = ("Growth", "Hidden thinking, share of output, of all cloud GPUs and own servers and token APIs")
    rows = [dataclasses.replace(FULL.strip[0], label=name) for name in names]
    deck = opened(dataclasses.replace(FULL, strip=rows))
    (strip,) = strips_of(deck)
    tall = [shape.height for shape in strip.shapes if shape.name.startswith("Rectangle") and shape.height > Pt(7)]
    pale = [height for height in tall if height != max(tall)]  # the mark of a switching value is taller
    assert len(pale) == 2 * len(rows[0].leads)
    assert len(set(pale)) == 1


def test_names_of_three_lines_do_not_touch_those_above_and_below():
    name = "Hidden thinking, share of output, of all cloud GPUs and own servers and of gpt-oss 120B by API"
    rows = [dataclasses.replace(FULL.strip[0], label=f"{name} {i}") for i in range(7)]
    deck = opened(dataclasses.replace(FULL, strip=rows))
    strip = strips_of(deck)[0]
    boxes = [shape for shape in strip.shapes if shape.name.startswith("Hidden")]
    middles = [shape.top + shape.height / 2 for shape in boxes]
    tall = [LINE * lines_of(shape.text_frame.text, shape.width / Pt(1), LEAST) for shape in boxes]
    for i in range(len(boxes) - 1):
        assert tall[i] > 2 * LINE
        assert middles[i + 1] - middles[i] - (tall[i] + tall[i + 1]) / 2 >= Pt(2)


@pytest.mark.parametrize("shares", [(0.86, 0.1159, 0.0159), (1, 0), (0.9994, 0.0005, 0.0001), (0.9999, 0.0001)])
def test_a_chart_writes_shares_as_words_do_and_equal_ones_in_order_of_cost(shares):
    ranking = FULL.comparison.ranking
    all_shares = dict.fromkeys(FULL.comparison.costs, 0.0) | dict(zip(ranking, shares, strict=False))
    deck = opened(dataclasses.replace(FULL, how_sure=dataclasses.replace(FULL.how_sure, shares=all_shares)))
    chart, name = charts(deck), "Probability of being cheapest"
    slide = next(slide for slide in deck.slides if any(shape.name == name for shape in slide.shapes))
    told = [shape.text_frame.text for shape in slide.shapes if shape.name.startswith("Total ")]
    assert told == [typeset(odds(share)) for share in sorted(all_shares.values())]
    assert list(chart[name].plots[0].categories) == [named(FULL.comparison, slug) for slug in ranking[::-1]]


def test_a_figure_at_the_end_of_a_strip_stays_below_its_bar():
    row = dataclasses.replace(
        FULL.strip[0], turns=(Turn(1.0, "93.8 %", "above", "Own"), Turn(0.0, "96.2k", "below", "A"))
    )
    deck = opened(dataclasses.replace(FULL, strip=[row]))
    slide = next(slide for slide in deck.slides if any(shape.name == "Colours" for shape in slide.shapes))
    left, right = ACROSS * LABEL + LEFT + GAP, ACROSS * (LABEL + BAR) + LEFT + GAP
    for words in ("93.8 %", "96.2k"):
        box = next(shape for shape in slide.shapes if shape.name == words)
        middle, half = box.left + box.width / 2, width_of(words, LEAST) * Pt(1) / 2
        assert left <= middle - half < middle + half <= right


def test_figures_stand_to_the_right_where_one_of_them_is_no_limit():
    told = Table(
        "",
        ("What", "Today", "Flips at"),
        [
            ("Rate", "3,080,000 tokens per second", "1 second"),
            ("Response time", "no limit", "25.02 s"),
        ],
    )
    assert [column.number for column in columns_of(told)] == [False, True, True]


def test_a_link_is_one_of_its_own_for_each_word_so_that_no_word_is_broken():
    source, address = "BLS Occupational Employment", "https://bls.gov/oes"
    deck = opened(dataclasses.replace(FULL, origins={
        path: Origin(source, address, date(2025, 5, 31), "official")
        for path in FULL.origins
    }))  # fmt: skip
    cells = [cell for slide in deck.slides for shape in slide.shapes if shape.has_table
             for row in shape.table.rows for cell in row.cells if cell.text == source]  # fmt: skip
    linked = [[run.hyperlink.address for run in cell.text_frame.paragraphs[0].runs] for cell in cells]
    assert [address] * 3 in linked


def test_what_is_ruled_out_says_so_where_it_is_drawn_among_what_is_not():
    comparison = briefing("finance").comparison
    names = [series.name for series in charts(deck_of("finance"))["Cumulative cost"].plots[0].series]
    out = [cost.label for cost in comparison.costs.values() if cost.broken_rules]
    assert comparison.allowed
    assert {f"{label} (ruled out)" for label in out} <= set(names)


def test_the_file_names_nobody_and_holds_nothing_of_the_template():
    assert full_deck().core_properties.author == "Crossover"
    assert full_deck().core_properties.created.date() == FULL.on
    names = zipfile.ZipFile(io.BytesIO(full_file())).namelist()
    assert not [name for name in names if "thumbnail" in name or "printer" in name]
    assert len([name for name in names if re.match(r"ppt/slideLayouts/\w+\.xml", name)]) == 1


def test_the_notes_of_the_answer_lead_to_the_file_with_the_model():
    told = dataclasses.replace(FULL, model="crossover-board-2026-11-24.html")
    (slide, *_) = Presentation(io.BytesIO(slides(told))).slides
    run = slide.notes_slide.notes_text_frame.paragraphs[-1].runs[0]
    assert run.hyperlink.address == told.model
    assert told.model in run.text
