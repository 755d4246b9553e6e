"""Every kind of input edits its path and nothing else, each edit is kept, and what is refused changes nothing."""

import re
from dataclasses import dataclass
from decimal import Decimal

import pytest

from costmodel.scenario import differences, values
from dashboard import address
from dashboard.address import LINK
from dashboard.navigation import SECTIONS
from pricing import documents, presets
from pricing.documents import Opened, document, to_link
from pricing.presets import DEFAULT, preset
from reports.words.changes import changes
from tests.sentence import one_sentence
from tests.visitor import PAGES, Visitor

SCENARIO = preset(DEFAULT).scenario
REQUESTS = "workload.requests_per_month"
TOKEN_API = next(slug for slug, option in SCENARIO.options.items() if option.kind == "token_api")
GPUS = next(slug for slug, option in SCENARIO.options.items() if option.kind == "cloud_gpu")
SCALES = {"": 1, "k": 1e3, "M": 1e6, "B": 1e9}
HEAVY = {"what_if", "prices"}  # a second of work each; the browser tests move levers there
UNREADABLE = re.compile(r"\d[eE][+-]?\d|\w\.\w*_|_per_|options\.")  # powers of ten and paths


def as_is(shown):
    return shown


def percent(shown):
    return pytest.approx(shown / 100, rel=1e-12)


def as_shown(entered):
    """A number as its input shows it: with separators, a true minus and no idle zeros; anything else as it is."""
    if isinstance(entered, bool | str):
        return entered
    text = f"{Decimal(repr(entered)):,f}".replace("-", "\u2212")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Input:
    """An input: where it is, and what is entered; `stored` tells what the scenario then holds."""

    page: str
    path: str
    entered: tuple
    stored: object = as_is
    expanders: tuple[str, ...] = ()
    option: str = ""

    @property
    def key(self) -> str:
        return f"field:{self.path}"

    def shown(self, visitor: Visitor) -> Visitor:
        """The visitor, before this input."""
        visitor.go(self.page, *self.expanders)
        if self.option and visitor.widget("option").value != self.option:
            visitor.enter("option", self.option)
        return visitor


INPUTS = {
    "number": Input("workload", REQUESTS, (1e5, 123_456.789, 2e9)),
    "number with many digits": Input("workload", "energy.electricity_usd_per_kwh", (0.123456789, 0.1, 0.2)),
    "percent": Input("workload", "workload.cached_input_frac", (33.3, 0.07, 100.0), percent),
    "percent a year": Input("workload", "workload.growth_per_year", (-12.5, 7.0, 130.0), percent),
    "whole number": Input("workload", "finance.horizon_months", (36, 37, 48)),
    "number in an expander": Input("workload", "workload.season.may_ratio", (0.5, 1.5, 0.7), expanders=("season",)),
    "choice": Input("workload", "finance.running_costs_at", ("month_start", "month_end", "month_start")),
    "name": Input("options", f"options.{TOKEN_API}.label", ("One", "Two & <three>", "Three")),
    "price of an option": Input(
        "options",
        f"options.{TOKEN_API}.prices.output_usd_per_mtok",
        (7.5, 8.25, 9.0),
        as_is,
        (
            "every_number",
            f"group:{TOKEN_API}:prices",
        ),
    ),
    "switch of an option": Input(
        "options",
        f"options.{GPUS}.serving.fractional_replicas",
        (True, False, True),
        as_is,
        (
            "every_number",
            f"group:{GPUS}:serving",
        ),
        GPUS,
    ),
    "choice of an option": Input(
        "options",
        f"options.{GPUS}.billing",
        ("always_on", "reserved", "always_on"),
        as_is,
        (
            "every_number",
            f"group:{GPUS}:",
        ),
        GPUS,
    ),
}


ALIKE = {"number with many digits", "percent a year", "whole number", "choice of an option"}  # one more of a kind
LONG_WAYS = [pytest.param(name, marks=pytest.mark.slow) if name in ALIKE else name for name in INPUTS]


@pytest.fixture(scope="module")
def untouched() -> Visitor:
    """A visitor who has opened the overview and does no more."""
    return Visitor().run()


def holds(visitor: Visitor, given: Input, shown) -> None:
    """The scenario holds what was entered, and the input shows it."""
    assert visitor.complaints == []
    assert visitor.scenario[given.path] == given.stored(shown)
    assert visitor.widget(given.key).value == as_shown(shown)


@pytest.mark.parametrize("name", INPUTS)
def test_three_edits_in_a_row_are_kept_and_change_nothing_else(name):
    given = INPUTS[name]
    visitor = given.shown(Visitor())
    for shown in given.entered:
        visitor.enter(given.key, shown)
        holds(visitor, given, shown)
        assert differences(SCENARIO, visitor.scenario).keys() <= {given.path}


@pytest.mark.parametrize("name", LONG_WAYS)
def test_an_edit_is_kept_on_every_page_and_shown_on_return(name):
    given = INPUTS[name]
    visitor = given.shown(Visitor())
    for shown, elsewhere in zip(given.entered, ("overview", "export", "sizing"), strict=True):
        visitor.enter(given.key, shown)
        visitor.go(elsewhere)
        assert visitor.scenario[given.path] == given.stored(shown)
        holds(given.shown(visitor), given, shown)


@pytest.mark.parametrize("name", LONG_WAYS)
def test_undo_and_reset_show_at_once_and_the_next_edits_are_kept(name):
    given = INPUTS[name]
    first, second, third = given.entered
    visitor = given.shown(Visitor())
    before = visitor.widget(given.key).value
    visitor.enter(given.key, first).enter(given.key, second).press("Undo")
    holds(visitor, given, first)
    visitor.enter(given.key, third)
    holds(visitor, given, third)
    visitor.press("Reset")
    assert visitor.widget(given.key).value == before
    assert visitor.scenario[given.path] == SCENARIO[given.path]
    visitor.enter(given.key, first).enter(given.key, second)
    holds(visitor, given, second)


@pytest.fixture
def second_preset(monkeypatch):
    """A further preset beside those there are, with another volume."""
    files = dict(presets._files())
    kept = [change for change in files[DEFAULT].changes if change.path != REQUESTS]
    volume = presets.Change(path=REQUESTS, value=4321.0, why="For the tests alone.")
    files["second"] = files[DEFAULT].model_copy(update={"label": "The second", "changes": (*kept, volume)})
    monkeypatch.setattr(presets, "_files", lambda: files)
    return "second"


@pytest.mark.parametrize("name", LONG_WAYS)
def test_edits_after_choosing_a_preset_are_kept(name, second_preset, untouched):
    given = INPUTS[name]
    visitor = given.shown(Visitor())
    visitor.enter(given.key, given.entered[0]).choose_preset(second_preset)
    assert visitor.opened.preset == second_preset
    assert visitor.scenario[given.path] == preset(second_preset).scenario[given.path]
    for shown in given.entered:
        given.shown(visitor).enter(given.key, shown)
        holds(visitor, given, shown)
    visitor.choose_preset(DEFAULT)
    assert visitor.plain == untouched.plain


def levers(visitor: Visitor) -> list:
    return list(visitor.at.select_slider)


def number_of(shown: str) -> float:
    """What a lever's text says: '$148k', '12.5 %', '1.20M', '0.75', '\u221217 %'."""
    digits, scale, share = re.fullmatch(r"\$?(-?[\d.,]+)([kMB]?)( %)?", shown.replace("\u2212", "-")).groups()
    return float(digits.replace(",", "")) * SCALES[scale] / (100 if share else 1)


def test_there_are_five_levers_and_each_moves_its_number_three_times():
    visitor = Visitor()
    assert len(levers(visitor)) == 5
    for index in range(5):
        for position in (3, 30, 50):
            lever, before = levers(visitor)[index], values(visitor.scenario)
            path, shown = lever.key.removeprefix("lever:"), lever.options[position]
            visitor.enter(lever.key, number_of(shown))
            after = values(visitor.scenario)
            moved = {changed for changed in after if after[changed] != before[changed]}
            assert path in moved
            assert after[path] == pytest.approx(number_of(shown))
            assert {after[changed] for changed in moved} == {after[path]}
            assert {changed.rpartition(".")[2] for changed in moved} == {path.rpartition(".")[2]}


def told(visitor: Visitor) -> set[str]:
    """Keys of the inputs that the browser was told a value of."""
    inputs = (*levers(visitor), *visitor.at.text_input, *visitor.at.selectbox)
    return {widget.key for widget in inputs if widget.proto.set_value}


def test_only_inputs_that_show_something_else_are_told_of_a_value():
    visitor, lever, typed = Visitor(), f"lever:{REQUESTS}", f"typed:{REQUESTS}"
    assert not told(visitor)
    assert told(visitor.enter(lever, 1.1e6)) == {typed}
    assert told(visitor.press("Undo")) == {lever, typed}
    visitor.enter("currency", "EUR")  # most are called otherwise from then on, and stay where they are
    assert all(lever.value == visitor.scenario[lever.key.removeprefix("lever:")] for lever in levers(visitor))


def test_levers_work_on_every_page_and_are_kept_across_them():
    """Each page is come to twice, by a visitor of all of them."""
    visitor, key = Visitor(), f"lever:{REQUESTS}"
    before = visitor.scenario[REQUESTS]
    for position, page in enumerate([page for page in PAGES if page not in (*HEAVY, *SECTIONS["Evidence"])] * 2):
        visitor.go(page)
        assert (visitor.scenario[REQUESTS], visitor.widget(key).value) == (before, before), page
        before = number_of(visitor.widget(key).options[position])
        visitor.enter(key, before)
        assert (visitor.scenario[REQUESTS], visitor.widget(key).value) == (before, before), page


@pytest.mark.parametrize("requests", [520_400.0, 594_001.0, 1.0, 1e12])
def test_a_number_between_the_steps_of_its_lever_stays_what_it_is(requests):
    visitor = Visitor().go("workload").enter(f"field:{REQUESTS}", requests).enter("field:finance.horizon_months", 48)
    visitor.go("overview").run()
    assert visitor.scenario[REQUESTS] == requests


PRICE = f"options.{TOKEN_API}.prices.input_usd_per_mtok"
REFUSED = {
    "below its bound": (
        INPUTS["number"],
        "0.5",
        ["Requests in an average month", "between 1 and 1 trillion", "not 0.5"],
    ),
    "above its bound": (INPUTS["number"], "2e12", ["between 1 and 1 trillion requests a month", "not 2 trillion"]),
    "no number": (INPUTS["number"], "many", ["“many”", "594,000"]),
    "nothing": (INPUTS["number"], "", ["needs a number"]),
    "read in two ways": (INPUTS["number"], "1.200", ["1.2 or", "1,200 requests a month"]),
    "money for a count": (INPUTS["number"], "$500,000", ["money", "requests a month"]),
    "an unknown currency": (INPUTS["price of an option"], "5 RUB", ["RUB"]),
    "more than everything": (INPUTS["percent"], "130", ["Input read from cache", "between 0 and 100 %", "130 %"]),
    "less than nothing": (INPUTS["percent"], "-1", ["between 0 and 100 %", "\u22121 %"]),
    "no months": (INPUTS["whole number"], "0", ["between 1 and 240 months", "not 0"]),
    "half a month": (INPUTS["whole number"], "12.5", ["whole number (months)"]),
    "no name": (INPUTS["name"], "", ["name"]),
    "a name that is too long": (INPUTS["name"], "n" * 81, ["80"]),
    "a name of two lines": (INPUTS["name"], "a\nb", ["one line"]),
    "a price per thousand": (
        Input(
            "options",
            PRICE,
            (),
            as_is,
            (
                "every_number",
                f"group:{TOKEN_API}:prices",
            ),
        ),
        "0.0025",
        ["per thousand", "2.5"],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_input_keeps_its_text_below_it_one_sentence_and_the_scenario_until_it_is_corrected(name):
    given, entered, told = REFUSED[name]
    visitor = given.shown(Visitor())
    before, link, shown = visitor.plain, visitor.link, visitor.widget(given.key).value
    visitor.enter(given.key, entered)
    (sentence,) = visitor.texts("refused")
    one_sentence(sentence)
    assert all(part in sentence for part in told), sentence
    assert not UNREADABLE.search(sentence), sentence
    assert (visitor.plain, visitor.link) == (before, link)
    assert visitor.widget(given.key).value == entered
    visitor.enter("lever:workload.growth_per_year", 0.1)
    assert visitor.texts("refused") == [sentence], "another edit does not make it right"
    assert visitor.widget(given.key).value == entered
    assert visitor.enter(given.key, shown).complaints == []
    assert visitor.scenario["workload.growth_per_year"] == 0.1


def test_a_refused_text_waits_on_its_page_and_goes_when_its_number_is_changed_elsewhere():
    visitor = Visitor().go("workload").enter(f"field:{REQUESTS}", "0.5")
    assert visitor.go("method").complaints == []
    assert len(visitor.go("workload").complaints) == 1
    visitor.enter("lever:" + REQUESTS, 1.2e6)
    assert visitor.complaints == []
    assert visitor.widget(f"field:{REQUESTS}").value == "1,200,000"


def test_a_refused_amount_goes_with_the_currency_that_it_was_written_in_and_no_other_text_does():
    wage = "field:people.ml_engineer_usd_per_year"
    visitor = Visitor().go("people").enter(wage, "1e12").enter("field:people.attrition_per_year", "many")
    assert len(visitor.complaints) == 2
    visitor.enter("currency", "JPY")
    (sentence,) = visitor.complaints
    assert "“many”" in sentence
    assert visitor.widget(wage).value != "1e12"


READ = {"1.2M": 1.2e6, "1.200.000": 1.2e6, "1200000,50": 1200000.5, "650,000": 65e4, "1 200 000": 1.2e6}


def test_numbers_are_read_as_people_write_them_and_what_is_not_plain_is_echoed():
    visitor = Visitor().go("workload")
    for text, value in READ.items():
        assert visitor.enter(f"field:{REQUESTS}", text).scenario[REQUESTS] == value
        assert visitor.widget(f"field:{REQUESTS}").value == as_shown(value)
        assert visitor.texts("taken") == ([] if text == "650,000" else [f"Read as {SPOKEN[value]} requests a month."])
    visitor.enter("field:workload.peak_to_mean_ratio", "2,5")
    assert visitor.scenario["workload.peak_to_mean_ratio"] == 2.5
    assert visitor.texts("taken") == ["Read as 2.5 times."]


SPOKEN = {1.2e6: "1.2 million", 1200000.5: "1,200,000.5"}


def test_a_text_with_two_readings_is_asked_about_and_one_press_answers():
    visitor = Visitor().go("workload").enter(f"field:{REQUESTS}", "1.200")
    assert visitor.press("1,200").scenario[REQUESTS] == 1200
    assert visitor.complaints == []
    assert visitor.widget(f"field:{REQUESTS}").value == "1,200"


def test_undo_takes_back_edits_one_by_one_to_the_beginning(untouched):
    visitor = Visitor().go("workload")
    assert visitor.button("Undo").disabled
    seen = [visitor.plain]
    for months in (12, 24, 36):
        seen.append(visitor.enter("field:finance.horizon_months", months).plain)
    for before in reversed(seen[:-1]):
        assert visitor.press("Undo").plain == before
    assert visitor.button("Undo").disabled
    assert visitor.link == untouched.link


def test_undo_takes_back_a_reset_and_a_preset(second_preset, untouched):
    visitor = Visitor().go("workload").enter("field:finance.horizon_months", 24)
    edited = visitor.plain
    assert visitor.press("Reset").plain == untouched.plain
    assert visitor.press("Undo").plain == edited
    visitor.choose_preset(second_preset)
    assert visitor.press("Undo").plain == edited
    assert visitor.opened.preset == DEFAULT
    assert visitor.widget("preset").value == DEFAULT


def test_what_changed_lists_exactly_the_differences_to_the_preset():
    visitor = Visitor().open("changes").go("workload")
    assert visitor.button("Reset").disabled
    assert any("Nothing changed" in text for text in visitor.markdown)
    visitor.enter(f"field:{REQUESTS}", 7e5).enter("field:finance.horizon_months", 24)
    visitor.enter("field:finance.running_costs_at", "month_start").go("options").enter("option", GPUS).press("Remove")
    wanted = changes(SCENARIO, visitor.scenario)
    (listed,) = [text for text in visitor.markdown if text.startswith("- Option: ")]
    assert [line.removeprefix("- ") for line in listed.replace("\\", "").split("\n")] == wanted
    assert len(wanted) == 4, "three inputs, and the option with all of its own"
    assert any(f"What changed ({len(wanted)})" in text for text in visitor.markdown)
    assert "594,000 requests a month → 700,000 requests a month" in listed
    assert "not there" in listed
    visitor.press("Reset")
    assert any("Nothing changed" in text for text in visitor.markdown)


def test_every_edit_is_in_the_address_and_the_address_opens_it():
    visitor = Visitor().go("workload")
    links = {visitor.link}
    for months in (12, 24, 36):
        visitor.enter("field:finance.horizon_months", months)
        links.add(visitor.link)
        assert Visitor(visitor.link).plain == visitor.plain
    assert len(links) == 4


def test_an_opened_link_is_the_floor_of_the_history_and_undo_and_redo_name_what_they_change():
    link = to_link(document(Opened(SCENARIO.vary({REQUESTS: 5e5}), DEFAULT)))
    visitor = Visitor(link)
    opened = visitor.plain
    assert visitor.button("Undo").disabled
    assert visitor.button("Redo").disabled
    visitor.enter(f"typed:{REQUESTS}", "600k")
    changed = visitor.plain
    assert "Undo: Requests in an average month: 500,000 requests a month → 600,000 requests a month" in visitor.markdown
    assert visitor.press("Undo").plain == opened
    assert visitor.button("Undo").disabled
    assert "Redo: Requests in an average month: 500,000 requests a month → 600,000 requests a month" in visitor.markdown
    assert visitor.press("Redo").plain == changed
    visitor.press("Undo").enter(f"typed:{REQUESTS}", "700k")
    assert visitor.button("Redo").disabled, "what was undone is gone with another edit"


HEAD = {"format": documents.FORMAT, "version": documents.VERSION, "preset": DEFAULT}
BAD_LINKS = {
    "garbage": "garbage",
    "cut": to_link({**HEAD, "changes": {REQUESTS: 5e6}})[:-9],
    "a newer version": to_link({**HEAD, "version": 99}),
    "another preset": to_link({**HEAD, "preset": "[click](http://example.invalid) <b>"}),
    "an unknown path": to_link({**HEAD, "changes": {"workload.request": 5}}),
    "out of bounds": to_link({**HEAD, "changes": {REQUESTS: -5}}),
    "an option that others rely on is gone": to_link({**HEAD, "removed": ["open_api"]}),
}


@pytest.mark.parametrize("name", BAD_LINKS)
def test_a_bad_link_shows_one_sentence_and_the_default_scenario(name, untouched):
    visitor = Visitor(BAD_LINKS[name])
    (sentence,) = visitor.complaints
    one_sentence(sentence)
    assert visitor.plain == untouched.plain
    assert visitor.link == untouched.link
    assert visitor.texts("answer") == untouched.texts("answer")


def test_a_bad_link_in_the_middle_keeps_what_is_on_screen(monkeypatch):
    visitor = Visitor().go("workload").enter("field:finance.horizon_months", 24)
    before, link = visitor.plain, visitor.link
    monkeypatch.setattr(address, "came_back", lambda: True)
    visitor.at.query_params[LINK] = "garbage"
    visitor.run()
    assert len(visitor.complaints) == 1
    assert (visitor.plain, visitor.link) == (before, link)


def test_an_address_that_is_late_changes_nothing(monkeypatch, untouched):
    """The browser may ask for a run before it got the address of the newest edit; only its way back leads back."""
    visitor = Visitor().go("workload")
    opened = visitor.link
    visitor.enter("field:finance.horizon_months", 24)
    edited, link = visitor.plain, visitor.link
    visitor.at.query_params[LINK] = opened
    visitor.run()
    assert (visitor.plain, visitor.link) == (edited, link)
    monkeypatch.setattr(address, "came_back", lambda: True)
    visitor.at.query_params[LINK] = opened
    visitor.run()
    assert visitor.plain == untouched.plain
    assert visitor.link == opened


def test_a_sentence_about_a_bad_link_is_shown_as_text():
    (sentence,) = Visitor(BAD_LINKS["another preset"]).at.error
    assert "[click](" not in sentence.value
    assert "<b>" not in sentence.value.replace("\\<", "")
