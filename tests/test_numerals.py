"""Numbers as people write them: each usual way is read, what may be read in two ways has both, files have one way."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.errors import ScenarioError
from costmodel.numerals import Marks, Written, advice, in_digits, numeral, plain, written, written_with
from tests.sentence import one_sentence
from tests.strategies import ordinary_scenario

READ = {
    "1200000": "1200000",
    "1.2M": "1200000",
    "1,2 m": "1200000",
    "1.2 Mio.": "1200000",
    "1.2 million": "1200000",
    "600k": "600000",
    "600 thousand": "600000",
    "5.70B": "5700000000",
    "3 bn": "3000000000",
    "1.00T": "1000000000000",
    "1.200.000": "1200000",
    "1,200,000": "1200000",
    "1 200 000": "1200000",
    "1\u202f200\u2009000,5": "1200000.5",
    "1'200’000.50": "1200000.5",
    "1_000": "1000",
    "12,34,567": "1234567",
    "1200000,50": "1200000.5",
    "1.200,50": "1200.5",
    "1,200.50": "1200.5",
    "2,5": "2.5",
    "0,123": "0.123",
    "0.123": "0.123",
    ".5": "0.5",
    "1234,567": "1234.567",
    "1.234M": "1234000",
    "1.234 %": "1.234",
    "1.234e3": "1234",
    "1e12": "1000000000000",
    "+21 %": "21",
    "\u221213 %": "-13",
    "\u20137": "-7",
    "(1,200.5)": "-1200.5",
    "$4,320.10": "4320.1",
    "\u2212$1.24M": "-1240000",
    "$-5": "-5",
    "US$ 1.2 bn": "1200000000",
    "5 k€": "5000",
    "\u200e2.5\ufeff": "2.5",
}


@pytest.mark.parametrize("text", READ)
def test_a_number_is_read_as_it_was_meant(text):
    assert written(text).readings == (Decimal(READ[text]),)


TWO = {
    "1.200": (1.2, 1200),
    "1,200": (1.2, 1200),
    "594,000": (594, 594000),
    "-1.200": (-1.2, -1200),
    "$1,234": (1.234, 1234),
    "1,234k": (1234, 1234000),
}


def test_a_point_in_a_percentage_is_the_decimal_mark_unless_it_groups_thousands_where_it_is_read():
    with written_with(Marks(",", ".")):
        assert written("1.000 %").readings == (Decimal(1), Decimal(1000))
        assert written("1.5 %").readings == (Decimal("1.5"),)
    assert written("1.000 %").readings == (Decimal(1),)


@pytest.mark.parametrize("text", TWO)
def test_what_can_be_read_in_two_ways_has_both_readings(text):
    found = written(text)
    assert tuple(map(float, found.readings)) == TWO[text]
    assert found.mark in text


NONE = ["", " ", "many", "1,2,3", "1.2.3", "12 34", "1..2", "--5", "-$-5", "1,200,50", "(5", "5)", "1.2.000", "٣",
        "½", "9" * 100, "nan", "inf", "$", "%", "k"]  # fmt: skip


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_number_has_no_reading(text):
    assert written(text) is None


def test_what_stands_with_a_number_is_told():
    assert written("5 % a year") == Written((Decimal(5),), percent=True, words="a year")
    assert written("USD 4,320.5 per post") == Written((Decimal("4320.5"),), currency="USD", words="per post")
    assert written("70 billion parameters") == Written((Decimal(70 * 10**9),), scaled=True, words="parameters")
    assert written("£5").currency == "GBP"


@given(st.text(st.characters() | st.sampled_from("0123456789.,'’ _-+()$€%kMe\u202f\u2212")))
def test_any_text_has_finite_readings_or_none(text):
    found = written(text)
    assert found is None or all(reading.is_finite() for reading in found.readings)


@given(
    st.decimals(-(10**12), 10**12, places=3),
    st.integers(0, 3),
    st.sampled_from(
        [(",", "."), (".", ","), (" ", ","), ("\u202f", "."), ("’", "."), ("'", ","), ("", "."), ("", ",")]
    ),
)
def test_a_number_in_any_convention_is_among_its_readings(value, places, marks):
    group, decimal = marks
    value = round(value, places)
    text = f"{value:,.{places}f}".translate(str.maketrans({",": group, ".": decimal}))
    found = written(text)
    assert value in found.readings
    assert len(found.readings) == 1 or re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", text)


@pytest.mark.parametrize("text", ["1200", "1.200", "-0.5", "1e6", "+.5", "2."])
def test_files_write_numbers_in_one_way(text):
    assert plain(text) == float(text)


REFUSED = {
    "1,200": ["1.2 or as 1200"],
    "594,000": ["594 or as 594000"],
    "2,5": ["write 2.5"],
    "1.200.000": ["write 1200000"],
    "1_000": ["write 1000"],
    "1 200": ["write 1200"],
    "1.2M": ["write 1200000"],
}


@pytest.mark.parametrize("text", REFUSED)
def test_in_files_a_number_written_in_another_way_is_refused_with_its_readings(text):
    assert plain(text) is None
    assert all(part in advice(text) for part in REFUSED[text])
    with pytest.raises(ScenarioError) as refusal:
        ordinary_scenario().vary({"workload.requests_per_month": text})
    sentence = one_sentence(str(refusal.value))
    assert all(part in sentence for part in ("workload.requests_per_month", repr(text), *REFUSED[text]))


def test_in_files_a_percentage_of_a_share_is_refused_with_the_share():
    with pytest.raises(ScenarioError, match=r"write 0\.05"):
        ordinary_scenario().vary({"workload.batch_frac": "5 %"})
    assert advice("5 apples") == ""
    assert advice("abc") == ""


DIGITS = {
    (203_456.0, ",.4g"): "203,500", (12_345, ".3g"): "12,300", (999.96, ",.4g"): "1,000",
    (0.000012344, ".3g"): "0.0000123", (1.5e-7, ".2g"): "0.00000015",
    (-2e6, ".2g"): "-2,000,000", (12.5, ".3g"): "12.5", (float("inf"), ".3g"): "inf",
}  # fmt: skip


@pytest.mark.parametrize(("value", "form"), DIGITS)
def test_a_number_in_significant_digits_has_no_power_of_ten(value, form):
    assert in_digits(value, form) == DIGITS[value, form]
    assert numeral(value, form) == DIGITS[value, form].replace("-", "\u2212")


ROOMS = ("answers", "benchmarks", "dashboard", "library", "pages", "reports", "usage", "validation")
IN_POWERS = re.compile(r"""(?<!float\(f['"])(?<!Decimal\(f['"])\{[^{}]*:[^{}]*\.\d~?g\}""")


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_that_speaks_writes_a_number_in_powers_of_ten(room):
    """Neither in words nor in what a chart says of a point."""
    for path in (Path(__file__).parent.parent / room).rglob("*.py"):
        assert not IN_POWERS.search(path.read_text(encoding="utf-8")), path
