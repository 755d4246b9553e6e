"""Cards of a telephone: every catalogue has them, and a card says all that its row does."""

from datetime import date

import pandas as pd
import pytest

from costmodel.numerals import Marks, written_with
from dashboard.rows import ALWAYS, CARDS, ROOM, cards, fitting, in_thousands, pixels
from reports.words.catalogue import CATALOGUES, catalogue

ON = date(2026, 11, 30)


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_catalogue_has_cards_that_say_every_cell_of_their_rows(name):
    rows = catalogue(name, ON)[:CARDS]
    told = cards(rows, {}).split("</details>")[:-1]
    assert len(told) == len(rows)
    for card, (_, row) in zip(told, rows.iterrows(), strict=True):
        said = row[[not pd.isna(cell) and cell is not False and cell != "" for cell in row]]
        named = 1 if rows.iloc[:, 0].is_unique or pd.api.types.is_numeric_dtype(rows.iloc[:, 1]) else 2
        assert card.count("<dd>") + card.count("<b>") == said[said.index.isin(rows.columns[named:])].size
        assert "nan" not in card
        assert card.startswith("<details class=card><summary><strong>")


def test_a_card_has_names_as_text_links_that_open_and_the_marks_of_the_reader():
    row = {"Name": "<b>", "Price": 1234.5, "Since": date(2026, 1, 2), "Stale": True, "Left": None,
           "Address": 'https://example.org/?a="1"'}  # fmt: skip
    with written_with(Marks(",", ".")):
        card = cards(pd.DataFrame([row]), {"Price": "Price, EUR"})
    assert "<strong>&lt;b&gt;</strong>Price, EUR <b>1.234,5</b> · Since <b>2026-01-02</b> · Stale <b>yes</b>" in card
    assert 'href="https://example.org/?a=&quot;1&quot;"' in card
    assert "Left" not in card


def test_a_year_on_a_card_has_no_mark_between_thousands():
    assumptions = catalogue("Assumptions", ON)
    card = cards(assumptions[assumptions["Path"] == "workload.start_year"], {})
    assert "Base <b>2027</b>" in card


def test_who_sells_several_is_named_with_what():
    frame = pd.DataFrame({"Provider": ["AWS", "AWS"], "Name": ["p5", "AWS Outpost"], "GPUs": [8, 8], "Source": "list"})
    first, second, _ = cards(frame, {}).split("</details>")
    assert "<strong>AWS p5</strong>GPUs <b>8</b></summary>" in first, "what figures rest on opens below"
    assert "<dt>Source</dt><dd>list</dd>" in first
    assert "<strong>AWS Outpost</strong>" in second
    priced = pd.DataFrame({"Model": ["a", "a"], "Cost": [1, 2], "Sold by": ["x", "y"]})
    assert "<strong>a</strong>Cost <b>1</b> · Sold by <b>x</b>" in cards(priced, {}), "a figure is no name"
    ranges = pd.DataFrame({"number": ["Price", "Price"], "low": ["1 %", "2 %"]})
    assert "<strong>Price</strong>low <b>1\u00a0%</b>" in cards(ranges, {}, named=1), "nor is a figure with its unit"


def test_numbers_of_thousands_have_marks_and_prices_keep_their_digits():
    told = pd.DataFrame(
        {"a": [4096.0, None], "b": [277897.75, 1.0], "c": [12, 999], "d": ["x", "y"], "e": [1e4, 0.0085]}
    )
    assert [in_thousands(told[name]) for name in told] == [True, True, False, False, False]


def test_a_column_has_room_for_its_heading_and_for_the_longest_of_its_figures():
    assert pixels(pd.Series([1e9, 5.0], name="Cost"), {}) > pixels(pd.Series([1.0, 5.0], name="Cost"), {})
    assert pixels(pd.Series([1.0], name="Longest request, tokens"), {}) > pixels(pd.Series([1e9], name="Cost"), {})
    assert pixels(pd.Series([1e9], name="Cost"), {"width": 70}) == 70
    assert pixels(pd.Series([float("nan")], name="Evaluation"), {}) == pixels(pd.Series([], name="Evaluation"), {})


@pytest.mark.parametrize("name", CATALOGUES)
def test_columns_that_a_window_has_no_room_for_wait_until_they_are_asked_for(name):
    rows = catalogue(name, ON).rename(columns=lambda column: column[:1].upper() + column[1:])
    widths = {column: pixels(rows[column], {"width": 80} if column == "Address" else {}) for column in rows}
    few = fitting(widths)
    assert sum(widths[column] for column in few) <= ROOM
    assert [column for column in rows if column in few] == few, "in their order"
    assert few[0] == rows.columns[0]
    assert {*ALWAYS} <= {*few}
    assert fitting({"Name": 100, "Cost": 60}) == ["Name", "Cost"]
