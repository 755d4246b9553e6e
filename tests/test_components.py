"""What is shown as text is read as text: nothing of it as markup, and nothing is added."""

import re

import pytest
from markdown_it import MarkdownIt

from dashboard.components import plain
from reports.files.markup import table


@pytest.mark.parametrize(
    "text",
    [
        "24.2M requests a month",
        "24. requests",
        "1) first",
        "2026",
        "# one",
        "- 3 % of *it*",
        "+ a_b _c_ `d` [e](f) <g>",
        "1.5",
    ],
)
def test_a_text_is_read_as_it_is_written(text):
    html = MarkdownIt().render(plain(text))
    assert not re.search(r"<(ol|ul|h1|em|code|a)\b", html)
    assert re.sub(r"</?p>", "", html).strip() == plain(text).replace("\\", "").replace("<", "&lt;").replace(">", "&gt;")


def test_a_table_too_wide_for_a_telephone_names_the_column_of_each_cell_and_one_that_fits_does_not():
    columns, row = ["Option", "Year 1", "Year 2"], ["Own servers", "$1.20M", "$1.31M"]
    assert "data-column" not in table(columns, [row], numeric=[1, 2])
    years = [f"Year {year}" for year in range(1, 7)]
    wide = table(["Option", *years], [["Own servers", *["$1.20M"] * 6]], numeric=range(1, 7))
    assert re.findall('data-column="(.*?)"', wide) == years


def test_a_name_that_is_a_mere_figure_is_told_with_its_column():
    columns = ["GPUs per replica", "What is known of it"]
    assert re.findall('data-column="(.*?)"', table(columns, [["8", "measured"]])) == columns
    assert re.findall('data-column="(.*?)"', table(columns, [["H200", "measured"]])) == columns[1:]
