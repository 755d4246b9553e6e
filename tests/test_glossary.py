"""The glossary is printed from its table, and names that are gone stay gone."""

import re

import pytest

from tests.glossary import FOLDER, PAGE, entries, page
from tests.test_guides import DOORS, ROOMS

ROOT = FOLDER.parent
SOURCES = [file for room in ROOMS for file in ([ROOT / f"{room}.py"] if room in DOORS else (ROOT / room).rglob("*.py"))]
RETIRED = [name for row in entries() for name in row["retired"].split(", ") if name]


def test_the_page_is_printed_from_the_table():
    assert PAGE.read_text(encoding="utf-8") == page()


def test_names_stand_in_the_order_of_the_alphabet_each_once_with_a_meaning_in_a_sentence():
    names = [row["name"] for row in entries()]
    assert names == sorted(set(names))
    assert all(row["meaning"].endswith(".") and row["reference"] for row in entries())
    assert len(RETIRED) == len(set(RETIRED))


@pytest.mark.parametrize("name", RETIRED)
def test_a_retired_name_stays_gone(name):
    """In code, or if it ends in .py as the name of a file: some of these are words that prose needs."""
    used = re.compile(rf"\b(?:\w+_)?{re.escape(name)}(?:_\w+)?\b")
    strings = re.compile(r"\"[^\"\n]*\"|#.*")
    found = [
        file for file in SOURCES if name in (file.stem, file.name) or used.search(strings.sub("", file.read_text()))
    ]
    assert found == []
