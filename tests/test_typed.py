"""What is typed for a number of the scenario: all that the product prints can be typed back; what is wrong is told."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.errors import Fault, ScenarioError
from costmodel.fields import SHARES, Number
from costmodel.numerals import ENGLISH, Marks, written_with
from costmodel.scenario import numbers
from costmodel.units import UNITS
from dashboard.ranges_table import end_shown
from pricing.currency import USD, Currency, currency
from pricing.dates import day
from pricing.presets import preset, presets
from reports.words import text
from reports.words.labels import on_screen, path_label, said
from reports.words.money import is_money, shown_in
from reports.words.text import short_value, with_unit
from reports.words.typed import Misread, Typed, shown, told, typed
from tests.sentence import one_sentence
from tests.test_engine_refusals import RULES, SCENARIO

FIELDS = {path: (scenario, number) for scenario in (preset(slug).scenario for slug in presets())
          for path, number in numbers(scenario).items()}  # fmt: skip
KRONA = Currency("SEK", 10.5, date(2026, 11, 20))
GERMAN = Marks(",", ".")
WRITTEN = [(USD, ENGLISH), (KRONA, ENGLISH), (USD, GERMAN), (KRONA, Marks(",", "\u00a0")), (USD, Marks(".", "\u2019"))]
BY_KIND = {(n.unit, n.low, n.high, n.whole, n.unlimited): n for _, n in FIELDS.values()}
UNREADABLE = re.compile(r"\d[eE][+-]?\d|[a-z]\.[a-z]|\w_\w|\(share\)")  # powers of ten, paths, names of fields
Print = Callable[[float, Number], str]
PRINTS: dict[str, Print] = {
    "an input": shown,
    "a sentence": told,
    "a table": said,
    "a lever": lambda value, n: text.short_value(value, n.unit),
    "a range": end_shown,
    "with its unit": lambda value, n: text.with_unit(value, n.unit),
    "an amount": lambda value, n: text.in_full(value, n.unit),
    "in full": lambda value, n: text.figure(_in_unit(value, n)),
    "as it is said": lambda value, n: text.spoken(_in_unit(value, n)),
    "in three figures": lambda value, n: text.compact(_in_unit(value, n)),
    "on an axis": lambda value, n: text.round_figure(_in_unit(value, n)),
    "as money": lambda value, n: text.usd(value) if is_money(n.unit) else shown(value, n),
    "as a share": lambda value, n: text.percent(value) if n.unit in SHARES else shown(value, n),
    "as a change": lambda value, n: text.signed_percent(value) if n.unit in SHARES else shown(value, n),
}
EXACT = ("an input", "a sentence", "a range", "an amount", "in full", "as it is said")


def _in_unit(value: float, number: Number) -> float:
    return text.in_unit(value, number.unit)


def readings(printed: str, number: Number, before: str) -> tuple[float, ...]:
    """The value that a text gives, or those to choose from."""
    try:
        return (typed(printed, number, before).value,)
    except Misread as question:
        return question.readings


def test_the_value_of_every_field_of_every_preset_can_be_typed_back_as_its_input_shows_it():
    for path, (scenario, number) in FIELDS.items():
        for value in (scenario[path], number.low, number.high):
            entered = typed(shown(value, number), number, shown(value, number))
            assert entered.value == pytest.approx(value, rel=told_to(value, number)), path
            assert entered.echo == "", path


@pytest.mark.parametrize(("currency", "written"), WRITTEN, ids=["dollars", "kronor", "German", "Swedish", "Swiss"])
@pytest.mark.parametrize("name", PRINTS)
@given(st.data())
def test_whatever_is_printed_can_be_typed_back(name, currency, written, data):
    with shown_in(currency), written_with(written):
        _is_typed_back(name, data)


def test_a_number_that_can_be_read_in_two_ways_is_read_as_the_reader_writes_them():
    with written_with(GERMAN):
        assert shown(1234.5, VOLUME) == "1.234,5"
        assert typed("1.200", VOLUME, "594.000").value == 1200
        assert typed("1,234", PRICE, "1,25").value == 1.234
        with pytest.raises(Misread, match=r"can be read as 1,2 or as 1\.200 requests a month: write 1,2 or 1200"):
            typed("1.200", VOLUME, "900")


def test_a_reading_that_is_no_limit_is_told_as_that():
    _, servers = FIELDS["options.hybrid.most_servers"]
    with pytest.raises(Misread, match=r"can be read as 10 or as no limit: write 10 or no limit\.") as question:
        typed("10.000", servers)
    assert question.value.readings == (10, servers.high)


def _is_typed_back(name: str, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from([*BY_KIND.values()]))
    of_kind = st.integers(int(number.low), int(number.high)) if number.whole else st.floats(number.low, number.high)
    usual = st.floats(max(number.low, 1e-4), min(number.high, 1e6)).map(lambda v: float(f"{v:.5g}"))
    value = data.draw(of_kind if number.whole else of_kind.map(lambda v: v if abs(v) > 1e-12 else 0.0) | usual)
    printed = PRINTS[name](value, number)
    found = readings(printed, number, shown(value, number))
    assert any(PRINTS[name](one, number) == printed for one in found), (printed, found)
    if name in EXACT and abs(value) > 1e-12:
        assert any(one == pytest.approx(value, rel=told_to(value, number), abs=1e-12) for one in found)


def told_to(value: float, number: Number) -> float:
    """How exactly a number is told in full: as it was entered, or to six figures where it was worked out."""
    digits = Decimal(repr(_in_unit(value, number))).normalize().as_tuple().digits
    return 1e-8 if len(digits) <= text.DIGITS else 10.0 ** (1 - text.WORKED_OUT)


@pytest.mark.parametrize(("value", "unit", "says"), [
    (4_000 * 365 / 12, "requests/month", "121,667 requests a month"),
    (999_999.96875, "requests/month", "1 million requests a month"),
    (999_999.5, "requests/month", "999,999.5 requests a month"),
    (1 / 3, "share", "33.3333 %"),
    (1_234_567.875 / 7, "USD", "$176,367"),
    (100_000 / 7, "USD", "$14,286"),
    (10_000 / 7, "USD", "$1,428.57"),
    (1_234_567.89, "USD", "$1,234,567.89"),
    (0.0123456789, "USD/kWh", "$0.0123456789 per kWh"),
    (2e6 / 7, "tokens", "285,714 tokens"),
])  # fmt: skip
def test_a_number_that_was_worked_out_has_no_digits_that_nobody_entered(value, unit, says):
    assert text.in_full(value, unit) == says


@pytest.mark.parametrize("unit", UNITS)
def test_a_number_may_be_typed_with_any_part_of_its_unit(unit):
    number = Number(unit, 0, 1e12, "Meaning.")
    expected = 5.5 / (100 if unit in SHARES else 1)
    words = UNITS[unit].label.split()
    if unit != "month of the year":
        for part in range(len(words) + 1):
            assert typed(f"5.5 {' '.join(words[:part])}", number).value == expected
        assert typed(f"5.5 {unit}", number).value == expected


def test_amounts_are_typed_in_the_currency_that_is_shown():
    with shown_in(KRONA):
        assert shown(30_000, USD_EACH) == "315,000"
        assert typed("315,000", USD_EACH, "315,000").value == pytest.approx(30_000)
        assert typed("SEK 315k", USD_EACH).value == pytest.approx(30_000)
        assert typed("315 k", USD_EACH).echo == "Read as SEK\u00a0315,000."
        assert typed("$280,000", USD_EACH, "315,000") == Typed(
            280_000, "Read as SEK\u00a02.94 million, at 1 USD = 10.5 SEK, reference rate of 20 November 2026."
        )
        euro = currency("EUR", KRONA.on)
        entered = typed("5,000 €", USD_EACH, "315,000")
        assert entered.value == pytest.approx(5_000 / euro.per_usd)
        assert f"at 1 EUR = {10.5 / euro.per_usd:.6g} SEK, reference rate of {day(euro.on)}" in entered.echo
        with pytest.raises(Misread, match=r"or as SEK\s2.94 million, at 1 USD = 10.5 SEK, .*: write 2940 or "):
            typed("$280.000", USD_EACH, "315,000")
        with pytest.raises(Misread, match="is in XYZ, of which no exchange rate is known; amounts are entered in SEK"):
            typed("XYZ 5", USD_EACH)
        with pytest.raises(ScenarioError) as refusal:
            SCENARIO.vary({"options.on_prem.server_price_usd": 1e12})
        assert "between 0 and 1.05 billion SEK, not 10.5 trillion" in on_screen(refusal.value, SCENARIO)


def test_where_dollars_are_shown_another_currency_is_converted_at_the_latest_rate():
    pound = currency("GBP", date.max)
    entered = typed("£ 20k", USD_EACH)
    assert entered.value == pytest.approx(20_000 / pound.per_usd)
    assert f"at 1 GBP = {1 / pound.per_usd:.6g} USD, reference rate of {day(pound.on)}" in entered.echo


def test_a_calendar_year_has_no_separators():
    year = Number("calendar year", 2000, 2100, "M.", whole=True)
    assert (shown(2027, year), told(2027, year), typed("2027", year).value) == ("2027", "2027", 2027)
    assert (short_value(2027, year.unit), with_unit(2027, year.unit)) == ("2027", "2027"), "nor on a lever"
    with pytest.raises(ScenarioError) as refusal:
        SCENARIO.vary({"workload.start_year": 1990})
    assert on_screen(refusal.value, SCENARIO) == "Start year must lie between 2000 and 2100, not 1990."


def test_a_ratio_of_one_is_1_0_times():
    ratio = Number("ratio", 0, 100, "M.")
    assert [said(value, ratio) for value in (1, 1.1, 2)] == ["1.0 times", "1.1 times", "2 times"]
    assert typed(said(1, ratio), ratio).value == 1


USD_EACH = Number("USD", 0, 1e8, "M.")
VOLUME, PRICE = Number("requests/month", 1, 1e12, "M."), Number("USD/Mtok", 0, 1e4, "M.")
HORIZON, SHARE = Number("months", 1, 240, "M.", whole=True), Number("share", 0, 1, "M.")
RATE = Number("per year", -0.9, 1, "M.")
RATIO, SIZE = Number("ratio", 1, 100, "M."), Number("B parameters", 0, 1e5, "M.")
MONTH, LIMIT = Number("month of the year", 1, 12, "M.", whole=True), Number("requests/s", 0, 1e6, "M.", unlimited=True)
READ = [
    (VOLUME, "1.2M", "594,000", 1.2e6, "Read as 1.2 million requests a month."),
    (VOLUME, "600,000", "594,000", 6e5, ""),
    (VOLUME, "594,000 requests a month", "900", None, "594"),
    (VOLUME, "1.200", "594,000", None, "1.2 or as 1,200 requests a month"),
    (VOLUME, "1.200", "594.5", 1.2, "Read as 1.2 requests a month."),
    (PRICE, "1.234", "1.25", 1.234, ""),
    (PRICE, "1,234", "1.25", None, "1.234 or as $1,234 per million tokens"),
    (PRICE, "1,234", "900", None, "write 1.2340 or 1234"),
    (PRICE, "$2.50", "1.25", 2.5, "Read as $2.50 per million tokens."),
    (HORIZON, "12 months", "60", 12, ""),
    (RATIO, "1,200", "4", 1.2, "Read as 1.2 times."),
    (RATIO, "250 %", "4", 2.5, "Read as 2.5 times."),
    (RATIO, "2.5x", "4", 2.5, "Read as 2.5 times."),
    (SHARE, "5", "30", 0.05, ""),
    (SHARE, "5 %", "30", 0.05, ""),
    (SHARE, "0.3", "30", 0.003, "Read as 0.3 %; for 30 % write 30."),
    (SHARE, "0.3 %", "30", 0.003, ""),
    (SHARE, "0.3", "0.3", 0.003, ""),
    (RATE, "0.085", "8.5", 0.00085, "Read as 0.085 % a year; for 8.5 % a year write 8.5."),
    (SHARE, "33,3 %", "30", 0.333, "Read as 33.3 %."),
    (SIZE, "70B", "120", 70, "Read as 70 billion parameters."),
    (SIZE, "70 billion parameters", "120", 70, ""),
    (SIZE, "500 million", "120", 0.5, "Read as 0.5 billion parameters."),
    (MONTH, "aug", "January", 8, ""),
    (MONTH, "8", "January", 8, ""),
    (LIMIT, "No limit", "50", 1e6, ""),
]


@pytest.mark.parametrize(("number", "entered", "before", "value", "says"), READ)
def test_a_text_is_read_in_the_sense_of_its_field(number, entered, before, value, says):
    if value is None:
        with pytest.raises(Misread, match=re.escape(says)) as question:
            typed(entered, number, before)
        ways = re.search(r"write (\S+) or (\S+)\.$", one_sentence(str(question.value))).groups()
        assert tuple(typed(way, number, before).value for way in ways) == question.value.readings
    else:
        found = typed(entered, number, before)
        assert (found.value, found.echo) == (pytest.approx(value), says)


REFUSED = [
    (VOLUME, "many", "“many” is not a number; write it like 594,000."),
    (VOLUME, "594,000\t600,000\r\n1", "“594,000 600,000 1” is not a number"),
    (VOLUME, "", "This needs a number, such as 594,000."),
    (VOLUME, "5 %", "a percentage"),
    (VOLUME, "$5", "an amount of money"),
    (PRICE, "5 xyz", "'xyz'"),
    (PRICE, "xyz 5", "is in XYZ, of which no exchange rate is known"),
    (HORIZON, "5 years", "'years'; this is a number in months."),
    (SHARE, "$5", "an amount of money; this is a percentage."),
    (RATE, "1/3", "'/3'; this is a percentage."),
    (RATIO, "$5", "an amount of money; this is a ratio."),
    (MONTH, "5 %", "a percentage; this is a month."),
    (Number("calendar year", 2000, 2100, "M.", whole=True), "$2027", "an amount of money; this is a year."),
    (VOLUME, "x\ny" * 100, "is not a number"),
]


@pytest.mark.parametrize(("number", "entered", "says"), REFUSED)
def test_what_is_no_value_of_a_field_is_told_in_one_sentence(number, entered, says):
    with pytest.raises(Misread, match=re.escape(says)) as refusal:
        typed(entered, number, "594,000")
    one_sentence(str(refusal.value))


FAR = ["1e24", "1e30", "-1e30", "1e99", "1e400", "-1e400", "1e-400", "1e9999", "1e99999", "9" * 41, "9" * 80, "1e30 T",
       "0." + "0" * 60 + "1", "1e30 %", "$1e30", "13", "0.5"]  # fmt: skip


@pytest.mark.parametrize("entered", FAR)
@pytest.mark.parametrize("currency", [USD, KRONA], ids=["dollars", "kronor"])
def test_a_number_far_beyond_any_bound_is_taken_or_told_in_one_short_sentence(entered, currency):
    with shown_in(currency):
        for number in BY_KIND.values():
            try:
                number.check(typed(entered, number, shown(number.low, number)).value)
            except Misread as refusal:
                words = str(refusal)
            except Fault as refusal:
                words = on_screen(ScenarioError("It {fault}.", fault=refusal), SCENARIO)
            else:
                continue
            assert not UNREADABLE.search(words) or entered in words, words
            assert len(one_sentence(words)) < 200, words


def test_a_refusal_says_on_screen_what_a_reader_sees_there_and_in_files_the_path():
    for path, (scenario, number) in FIELDS.items():
        for value in (number.low - 1, number.high * 1.5 + 1):
            with pytest.raises(ScenarioError) as refusal:
                scenario.vary({path: value})
            assert path in str(refusal.value)
            words = one_sentence(on_screen(refusal.value, scenario))
            for label in (option.label for option in scenario.options.values()):
                words = words.replace(label, "")
            assert not UNREADABLE.search(words), words
            assert path_label(scenario, path).split(" (")[0].casefold() in on_screen(refusal.value, scenario).casefold()


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_between_fields_is_told_on_screen_without_paths(rule):
    with pytest.raises(ScenarioError) as refusal:
        SCENARIO.vary(RULES[rule])
    words = on_screen(refusal.value, SCENARIO)
    assert "options." in str(refusal.value)
    assert not UNREADABLE.search(words.replace(SCENARIO["options.on_prem.serving.model"], "")), words
