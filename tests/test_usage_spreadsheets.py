"""Files as spreadsheets of any country save them again: the same numbers, or a sentence that says what is not known."""

import pytest

from tests import usage_files as files
from tests.usage_files import as_csv, as_json, only, opened, refusal, said

# Decimal marks --------------------------------------------------------------------------------------------------------


def costs(*written: str, delimiter: str = ",", **more) -> bytes:
    return as_csv(*(files.log_row(cost_usd=cost, **more) for cost in written), delimiter=delimiter)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("written", "sum_usd"),
    [
        (("3,90", "0,039"), 3.939),
        (("3,900", "0,039"), 3.939),
        (("1.234,5", "2,500"), 1_237),
        (("1.000.000,25", "2.500"), 1_002_500.25),
        (("12,34", "1.250"), 1_262.34),
        (("3.90", "0.039"), 3.939),
        (("1,000,000", "2,500"), 1_002_500),
        (("2,500", "0.5"), 2_500.5),
        (("2,500", "1.2e-05"), 2_500.000012),
        (("3.900", "1,234.5"), 1_238.4),
        (("-1,5", "3,900"), 2.4),
    ],
)
def test_one_number_proves_the_decimal_mark_of_its_column(delimiter, written, sum_usd):
    for order in (written, written[::-1]):
        content = costs(*order, delimiter=delimiter)
        assert only(content)["cost"] == pytest.approx(sum_usd, rel=1e-12)
        assert not any("nothing in the file proves" in told for told in said(content))


def test_a_column_that_proves_nothing_follows_the_others():
    assert only(costs("3,900", prompt_tokens="1.250.000"))["cost"] == 3.9
    assert only(costs("3,900", prompt_tokens="1,250,000", delimiter=";"))["cost"] == 3_900
    assert only(costs("0.5", prompt_tokens="1,250", delimiter=";"))["input_total"] == 1_250
    assert only(costs("0,5", prompt_tokens="1.250"))["input_total"] == 1_250


@pytest.mark.parametrize(
    ("content", "cost", "told"),
    [
        (costs("3,900"), 3_900, "Numbers such as 3,900 were read as 3900,"),
        (costs("3,900", delimiter=";"), 3.9, "Numbers such as 3,900 were read as 3.900,"),
        (costs("3,900", timestamp="01.10.2026 10:00"), 3.9, "Numbers such as 3,900 were read as 3.900,"),
        (costs("1.250", timestamp="01.10.2026 10:00"), 1_250, "Numbers such as 1.250 were read as 1250,"),
        (costs("1.250"), 1.25, "Numbers such as 1.250 were read as 1.250,"),
    ],
)
def test_what_nothing_proves_is_said(content, cost, told):
    assert only(content)["cost"] == cost
    assert any(sentence.startswith(told) for sentence in said(content))


def test_a_comma_far_down_the_file_decides_as_one_at_its_head():
    content = costs(*["4"] * 250, "3,900", "0,045", delimiter=";")
    assert only(content)["cost"] == pytest.approx(1_003.945, rel=1e-12)


def test_both_marks_in_one_column_are_refused_where_a_number_may_be_either():
    assert only(costs("3,90", "0.5"))["cost"] == pytest.approx(4.4, rel=1e-12)
    told = refusal(costs("3,90", "0.5", "3,900"))
    assert "a decimal comma and numbers with a decimal point as cost_usd, and 3,900 may be either" in told


def test_bills_with_decimal_commas():
    aws = [files.aws_line("USE1-NovaLite-input-tokens", amount, "1K tokens", cost)
           for amount, cost in (("1.234,5", "0,074"), ("20,000", "3,268"))]  # fmt: skip
    assert only(as_csv(*aws)) == {"input_total": 1_254_500, "cost": pytest.approx(3.342, rel=1e-12), "output_total": 0}
    focus = [files.focus_line(cost, tokens, "Tokens") for cost, tokens in (("3,268", "1.000"), ("0,5", "500"))]
    assert only(as_csv(*focus))["cost"] == pytest.approx(3.768, rel=1e-12)
    assert only(as_csv(*focus))["input_total"] == 1_500


def test_a_text_in_json_that_may_be_either_is_asked_back():
    assert "as cost_usd that can be read as 3.9 or 3900: write one of them" in refusal(
        as_json(files.log_row(cost_usd="3,900"))
    )
    assert only(as_json(files.log_row(cost_usd="0,039")))["cost"] == 0.039
    assert only(as_json(files.log_row(cost_usd="1.250")))["cost"] == 1.25


def test_a_model_is_no_number():
    assert [cell.key.model for cell in opened(as_csv(files.log_row(model="8,5b", cost_usd="0,5"))).cells] == ["8,5b"]


# Signs ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["1'000", "1 000", "1\u00a0000", "1\u202f000", "1’000", "1,000.0", "+1000"])
def test_thousands_of_every_country(written):
    assert only(as_csv(files.log_row(prompt_tokens=written), delimiter=";"))["input_total"] == 1_000


@pytest.mark.parametrize("written", ["$0.045", "$ 0.045", "0.045 $", "US$0.045", "0.045 USD"])
def test_dollars_with_their_sign(written):
    assert only(costs(written))["cost"] == 0.045


def test_what_is_no_count_stays_refused():
    for wrong in ("5 %", "12k", "about 7", "1e", "12-13"):
        assert "has a text as prompt_tokens" in refusal(as_csv(files.log_row(prompt_tokens=wrong)))
