"""The first minute: files, one line or an example, and then own numbers, today's bill and what to check first."""

import pytest

from answers.analysis import Analysis
from costmodel.break_even import in_time
from costmodel.comparison import compare
from dashboard.questions import MOST
from pricing.documents import Opened, document, to_link
from pricing.origins import origins
from pricing.presets import CROSSING, preset
from reports.words.verdict import owned_and_rented
from tests.as_typed import as_typed
from tests.sentence import one_sentence
from tests.test_usage_bill import invoice, list_usd, usage
from tests.visitor import Visitor
from usage.one_line import EXAMPLE
from usage.today import LABEL, SLUG

LINE = "door:line"


def is_open(visitor: Visitor) -> bool:
    return LINE in visitor.keys


def drop(visitor: Visitor, *contents: bytes) -> Visitor:
    files = [(f"file-{i}.csv", content, "text/csv") for i, content in enumerate(contents)]
    visitor.at.file_uploader(key="door:files").set_value(files)
    return visitor.run()


def test_only_a_first_visit_is_asked_and_the_example_is_one_click_away():
    assert not is_open(Visitor(to_link(document(Opened(preset("batch").scenario, "batch")))))
    visitor = Visitor()
    assert is_open(visitor)
    answer = visitor.texts("answer")
    visitor.press("Or look at the example below")
    assert not is_open(visitor)
    assert visitor.texts("answer") == answer
    assert not is_open(Visitor().choose_preset("batch"))


def test_another_example_opens_with_owning_overtaking_renting():
    comparison = compare(preset(CROSSING).scenario)
    owned, rented = owned_and_rented(comparison)
    overtaken = in_time(comparison[rented], comparison[owned])
    assert overtaken.outcome == "month"
    assert 6 < overtaken.month < 36
    assert comparison.ranking[0] == owned
    visitor = Visitor().press("Or at one in which owning overtakes renting")
    assert not is_open(visitor)
    assert visitor.scenario.options.keys() == preset(CROSSING).scenario.options.keys()
    assert "on." in "".join(visitor.texts("owning"))


def test_one_line_shows_own_numbers_the_bill_and_questions_by_effect():
    visitor = Visitor().enter(LINE, EXAMPLE)
    assert visitor.complaints == []
    assert not is_open(visitor)
    (told,) = visitor.texts("taken")
    assert "$2,496 (9.1 %) more, which is unexplained" in told
    assert any(name.startswith(LABEL) for name in visitor.texts("name"))
    assert visitor.texts("met") == [
        "Your bill of $30,000 a month is $2,496 (9.1 %) above usage at list price; that is unexplained."
    ]
    (rows,) = (table for table in visitor.tables if table[0][1] == "A month, on average")
    assert {row[0] for row in rows[1:]} == {option.label for option in visitor.scenario.options.values()}
    asked = Analysis(visitor.opened).guesses[:MOST]
    assert len(asked) == MOST
    swings = [bar.swing for bar in asked]
    assert swings == sorted(swings, reverse=True)
    assert {f"field:{bar.path}" for bar in asked} <= visitor.keys
    visitor.press("Undo")
    assert SLUG not in visitor.scenario.options
    assert not is_open(visitor), "who came back from own numbers knows the way"


def test_an_answer_is_the_reader_s_and_the_next_question_takes_its_place():
    visitor = Visitor().enter(LINE, EXAMPLE)
    before = [bar.path for bar in Analysis(visitor.opened).guesses[:MOST]]
    path = "workload.growth_per_year"
    assert path in before
    visitor.enter(f"field:{path}", 30)
    after = [bar.path for bar in Analysis(visitor.opened).guesses[:MOST]]
    assert origins(visitor.opened, [path])[path].yours
    assert path not in after
    assert len(after) == MOST


def test_a_limit_that_nobody_entered_is_asked_first_where_it_decides():
    visitor = Visitor().enter(LINE, EXAMPLE).enter("field:workload.growth_per_year", 100)
    (path,) = Analysis(visitor.opened).guessed_limits
    rule = compare(visitor.scenario)[path.split(".")[1]].broken_rules[0]
    assert [caption for caption in visitor.at.caption if as_typed(caption.value).startswith(rule)]
    visitor.enter(f"field:{path}", 1e9)
    assert Analysis(visitor.opened).guessed_limits == {}
    assert origins(visitor.opened, [path])[path].yours


def test_two_bills_in_words_are_what_runs_now_and_the_part_that_cannot_be_read_is_named():
    visitor, second = Visitor(), "GPT-5.4, 2M requests of 4,000/500 tokens, no caching"
    visitor.enter(LINE, f"{EXAMPLE}; {second}, $5 for 3 apples")
    (told,) = visitor.complaints
    assert told.startswith("Part 2: What is ")
    visitor.enter(LINE, f"{EXAMPLE}; $40,000 for {second}")
    assert visitor.complaints == []
    (told,) = visitor.texts("taken")
    assert "Part 1: Claude Sonnet 4.6 at Anthropic" in told
    assert "Part 2: GPT-5.4 at OpenAI" in told
    (met,) = visitor.texts("met")
    assert met.startswith("Your bill of $70,000 a month is $7,496 (12 %) above usage at list price")
    assert visitor.scenario.options[SLUG].model == "2 models"


@pytest.mark.parametrize("text", ["we spend 30,000 a month", "Claude Sonnet 4.6 for 42 apples", f"{EXAMPLE}, 5 %"])
def test_a_line_that_cannot_be_read_stays_with_one_sentence_below_it(text):
    visitor = Visitor()
    before = visitor.plain
    visitor.enter(LINE, text)
    (told,) = visitor.complaints
    one_sentence(told)
    assert (visitor.widget(LINE).value, visitor.plain) == (text, before)


def test_files_dropped_at_the_door_are_the_answer_at_once():
    visitor = drop(Visitor(), usage(), invoice(usd=1.004 * list_usd()))
    assert visitor.complaints == []
    assert visitor.scenario.workload.requests_per_month == 200_000
    assert visitor.texts("met") == ["Within 0.4 % of your bill of October 2026: usage at list price."]
    assert "200,000" in visitor.go("usage").html, "the page has what was read"


@pytest.mark.parametrize("contents", [(b"no table",), (invoice(usd=5),)])
def test_files_without_usage_are_told_at_the_door(contents):
    visitor = Visitor()
    before = visitor.plain
    drop(visitor, *contents)
    (told,) = visitor.complaints
    one_sentence(told)
    assert visitor.plain == before
    assert is_open(visitor)
