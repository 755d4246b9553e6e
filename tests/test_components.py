"""What is shown as text is read as text: nothing of it as markup, and nothing is added."""

import re

import pytest
from markdown_it import MarkdownIt

from dashboard.components import plain


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
