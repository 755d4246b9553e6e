"""Numbers as the reader writes them: on every page and paper, in no scenario, link or file for machines."""

import ast
import io
import re

import pytest
from pptx import Presentation

from answers.analysis import Analysis
from costmodel import numerals
from costmodel.numerals import ENGLISH, Marks, numeral, written_with
from dashboard import numbers_as
from pricing.catalogue import instance
from pricing.documents import Opened
from pricing.facts import GpuInstance, rows
from pricing.presets import DEFAULT, preset
from reports.files.offered import PAPERS, TABLES, Wish
from reports.words import text
from tests.sources import parsed
from tests.visitor import PAGES, ROOT, Visitor

GERMAN, FRENCH, SWISS = Marks(",", "."), Marks(",", "\u00a0"), Marks(".", "\u2019")
ENGLISH_NUMBER = re.compile(r"(?<![\w.,/-])[1-9]\d{0,2}(?:,\d{3})+(?!\d)|(?<![\w./-])\d+\.\d+(?![\w.]*\.)")
ANY_NUMBER = re.compile(r"\d[\d.,\u00a0\u2019]*")
NAMES = {"1,234.5", "1.2", "1.4"}  # of a way to write numbers, of versions of FOCUS
PIECES = re.compile(r"<style>.*?</style>|<[^>]*>|`[^`]*`", re.DOTALL)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [  # Unicode CLDR, symbols of numbers of each locale
        ("de-DE", GERMAN), ("es-ES", GERMAN), ("nl", GERMAN), ("pt-BR", GERMAN), ("it-IT", GERMAN),
        ("fr-FR", FRENCH), ("sv-SE", FRENCH), ("pl", FRENCH), ("cs-CZ", FRENCH), ("pt-PT", FRENCH),
        ("de-CH", SWISS), ("en-US", ENGLISH), ("en-GB", ENGLISH), ("ja-JP", ENGLISH), ("zh-Hans-CN", ENGLISH),
        ("", ENGLISH), ("*", ENGLISH), ("xx-YY", ENGLISH), ("x" * 5000, ENGLISH),
    ],
)  # fmt: skip
def test_the_marks_are_those_of_the_language_that_the_browser_names(tag, expected):
    assert numbers_as.of_locale(tag) == expected


def test_every_way_of_writing_an_amount_takes_the_marks():
    told = [text.usd, text.compact, text.figure, text.usd_exact, text.to_the_cent, text.unit_price, text.spoken]
    with written_with(GERMAN):
        assert [tell(1234.5) for tell in told] == [
            "$1.230", "1.230", "1.234,5", "$1.234", "1.234,50", "$1.230", "1.234,5"
        ]  # fmt: skip
        assert (text.usd(11.6), text.percent(0.075), numeral(1234567, ",")) == ("$11,60", "7,5 %", "1.234.567")
        assert text.with_unit(22.5, "USD/kWh") == "$22,50 per kWh"
    assert numerals.marks() == ENGLISH


def pieces(visitor: Visitor) -> set[str]:
    """Every text of the page by itself."""
    return {piece for raw in visitor.raw for piece in PIECES.split(raw)}


def test_what_is_worked_out_for_a_page_is_written_with_the_reader_s_marks():
    english, german = Visitor(), Visitor()
    german.at.session_state[numbers_as.KEY] = GERMAN
    changed = 0
    for page in sorted({*PAGES} - {"validation", "method"}):  # what others published
        before = pieces(english.go(page))
        with written_with(GERMAN):  # for what the test itself asks of the inputs
            after = pieces(german.go(page))
        changed += len(after - before)
        alike = {piece.strip(" $%") for piece in before & after}
        assert {piece for piece in alike if ENGLISH_NUMBER.fullmatch(piece)} <= NAMES, page
    assert changed > 100
    assert german.link == english.link
    assert german.plain == english.plain


SHOWN = [
    path for room in ("dashboard", "pages", "reports/words", "usage", "intake", "library", "benchmarks")
    for path in sorted((ROOT / room).rglob("*.py")) if path.stem != "__main__"  # a command line writes one way
]  # fmt: skip
WITH_MARKS = re.compile(r"\+?(,.*|,?\.[1-9]\d*[fg%]|g)")


def past_the_marks(tree: ast.Module) -> list[str]:
    """What a file formats as a number without them, unless a number is read from it at once."""
    read_back = {node for call in ast.walk(tree) if isinstance(call, ast.Call) and ast.unparse(call.func) == "float"
                 for node in ast.walk(call)}  # fmt: skip
    formatted = [node for node in ast.walk(tree) if isinstance(node, ast.FormattedValue) and node.format_spec]
    return [ast.unparse(node.value) for node in formatted
            if node not in read_back and WITH_MARKS.fullmatch(ast.unparse(node.format_spec)[2:-1])]  # fmt: skip


def test_what_is_shown_formats_no_number_but_through_the_marks():
    found = {str(path): past_the_marks(parsed(path)) for path in SHOWN if path.stem != "text"}  # where they are put
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def words(content: bytes) -> str:
    """What a deck says."""
    deck = Presentation(io.BytesIO(content))
    return "\n".join(shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame)


def test_papers_are_written_with_the_reader_s_marks_and_files_for_machines_are_not():
    analysis = Analysis(Opened(preset(DEFAULT).scenario, DEFAULT))
    english, german = Wish(analysis), Wish(analysis, marks=GERMAN)
    for file in TABLES:
        if file.what.endswith(".csv"):
            assert file.make(german) == file.make(english), file.what
    file, deck, _ = PAPERS
    cheapest = analysis.comparison[analysis.comparison.ranking[0]]
    with written_with(GERMAN):
        expected = text.usd(cheapest.levelized_cost_usd_per_mtok)
    assert "," in expected
    assert f"{expected} per million of its tokens" in file.make(german).decode()
    assert '"marks":{"decimal":",","group":"."}' in file.make(german).decode()
    in_english, in_german = words(deck.make(english)), words(deck.make(german))
    assert in_english != in_german
    assert ANY_NUMBER.sub("#", in_english) == ANY_NUMBER.sub("#", in_german)


def test_what_a_choice_writes_into_a_scenario_is_the_same_for_every_reader():
    listed = rows(GpuInstance)
    chosen = [instance(row, term) for row in listed for term in (0, 12)]
    assert any("A second source has" in repr(one) for one in chosen)
    with written_with(GERMAN):
        assert [instance(row, term) for row in listed for term in (0, 12)] == chosen
