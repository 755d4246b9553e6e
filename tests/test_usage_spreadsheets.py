"""Files as spreadsheets of any country save them again: the same numbers, or a sentence that says what is not known."""

from datetime import date, time

import pytest

from tests import usage_files as files
from tests.usage_files import SECRET, as_csv, as_json, as_parquet, groups, only, opened, refusal, said
from usage import bulk
from usage.hints import Hints

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
        (costs("3,900", delimiter=";"), 3.9, "Numbers such as 3,900 were read as 3.9,"),
        (costs("3,900", timestamp="01.10.2026 10:00"), 3.9, "Numbers such as 3,900 were read as 3.9,"),
        (costs("1.250", timestamp="01.10.2026 10:00"), 1_250, "Numbers such as 1.250 were read as 1250,"),
        (costs("1.250"), 1.25, "Numbers such as 1.250 were read as 1.25,"),
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


# What a log of one's own names ----------------------------------------------------------------------------------------


def gemini(**changes) -> dict:
    """Google counts thoughts beside candidates: 1,000 + 500 + 300 = 1,800."""
    return {"timestamp": "2026-09-30T10:00:00Z", "model": "gemini-2.5-flash", "prompt_token_count": 1_000,
            "candidates_token_count": 500, "thoughts_token_count": 300, **changes}  # fmt: skip


def usual(**changes) -> dict:
    return files.log_row(reasoning_tokens=30, **changes)  # 1,000 in, 100 out


@pytest.mark.parametrize(
    ("rows", "output", "reasoning"),
    [
        ([gemini(total_token_count=1_800)], 800, 300),
        ([gemini()], 800, 300),
        ([gemini(total_token_count=1_500)], 500, 300),
        ([gemini(candidates_token_count=104, thoughts_token_count=989)], 1_093, 989),
        ([gemini(cached_content_token_count=400, total_token_count=1_800)], 800, 300),
        ([usual()], 100, 30),
        ([usual(total_tokens=1_100)], 100, 30),
        ([usual(total_tokens=1_130)], 130, 30),
        ([usual(total_tokens=1_130), usual(total_tokens=1_100)], 230, 60),
        ([usual(total_tokens=1_130), usual(total_tokens=None, completion_tokens=20)], 180, 60),
        ([usual(), usual(completion_tokens=20)], 180, 60),
    ],
)
@pytest.mark.parametrize("smallest_bytes", [0, 10**18])
def test_whether_the_output_holds_reasoning(rows, output, reasoning, smallest_bytes, monkeypatch):
    monkeypatch.setattr(bulk, "SMALLEST_BYTES", smallest_bytes)
    found = only(as_csv(*rows))
    assert (found["output_total"], found["reasoning"]) == (output, reasoning)


def test_what_is_said_of_reasoning():
    taken, added = "was taken to hold reasoning tokens", "so it was added"
    for rows, sentence in (([usual()], taken), ([usual(), usual(completion_tokens=20)], added)):
        assert any(sentence in told for told in said(as_csv(*rows)))
    for rows in ([usual(total_tokens=1_100)], [usual(total_tokens=1_130)], [gemini()], [files.log_row()]):
        assert not any(taken in told or added in told for told in said(as_csv(*rows)))


@pytest.mark.parametrize("smallest_bytes", [0, 10**18])
def test_a_log_says_its_currency(smallest_bytes, monkeypatch):
    monkeypatch.setattr(bulk, "SMALLEST_BYTES", smallest_bytes)
    rows = [files.log_row(cost=2.5, currency=code) for code in ("EUR", "usd", "USD")]
    terms = opened(as_csv(*rows)).terms()
    assert {group["currency"]: group["cost"] for group in terms["by_month_and_model"]} == {"USD": 5, "EUR": 2.5}
    assert terms["total"]["cost"] is None
    assert "Costs are in EUR and USD, which are not added up." in said(as_csv(*rows))


def test_the_sign_of_a_cost_is_its_currency():
    for written, code, cost in (("€2.50", "EUR", 2.5), ("2,50 €", "EUR", 2.5), ("$0.045", "USD", 0.045)):
        terms = opened(as_csv(files.log_row(cost=written), files.log_row(cost="0,25"))).terms()
        assert {group.get("currency", terms["currency"]) for group in terms["by_month_and_model"]} == {code, "USD"}
        assert {group["cost"] for group in terms["by_month_and_model"]} in ({cost, 0.25}, {cost + 0.25})


def test_costs_without_a_currency_are_said_to_be_dollars():
    assert any("were read as US dollars" in told for told in said(as_csv(files.log_row(cost=2))))
    for row in (files.log_row(cost_usd=2), files.log_row(cost=2, currency="USD"), files.log_row(cost="$2")):
        assert not any("were read as US dollars" in told for told in said(as_csv(row)))


def test_a_bill_in_one_currency_with_the_sign_of_another_is_asked_back():
    row = {"usage_date_utc": "2026-09-30", "model": "Claude Sonnet 4.5", "cost_usd": "3.90 €"}
    assert "has an amount in EUR as cost_usd: write the number alone" in refusal(as_csv(row))


# Rows that say nothing, and rows that stand twice ---------------------------------------------------------------------

ALIKE = "like another in all that is read"


@pytest.mark.parametrize("smallest_bytes", [0, 10**18])
@pytest.mark.parametrize(
    "tail", [b",,,,\r\n", b",,,,,,\r\n", b" , ,,,\r\n", b",,,,a note\r\n", b"-,n/a,,,\r\n", b",\r\n"]
)
def test_empty_rows_below_the_last_one_are_no_requests(tail, smallest_bytes, monkeypatch):
    monkeypatch.setattr(bulk, "SMALLEST_BYTES", smallest_bytes)
    log = as_csv(files.log_row(), files.log_row(completion_tokens=7))
    assert only(log + tail * 3) == only(log)
    assert said(log + tail * 3) == said(log)


def test_empty_rows_of_other_kinds_of_file():
    row = files.log_row()
    assert only(as_parquet([row, dict.fromkeys(row), dict.fromkeys(row)]))["requests"] == 1
    assert only(as_json(row, {}, {}))["requests"] == 1
    generation = {"generation_id": "g", "created_at": "2026-09-30 10:00:00", "tokens_prompt": 5, "model": "m"}
    assert only(as_csv(generation) + b",,,\r\n,,,\r\n")["requests"] == 1


@pytest.mark.parametrize("smallest_bytes", [0, 10**18])
def test_rows_that_stand_twice_and_name_nothing_are_said(smallest_bytes, monkeypatch):
    monkeypatch.setattr(bulk, "SMALLEST_BYTES", smallest_bytes)
    rows = [files.log_row(prompt_tokens=tokens) for tokens in (5, 6, 7)]
    once, twice = as_csv(*rows), as_csv(*rows, *rows)
    assert only(twice)["requests"] == 6
    assert any(told.startswith("3 of the rows are " + ALIKE + ", and they count:") for told in said(twice))
    assert not any(ALIKE in told for told in said(once))
    assert any(
        told.startswith("1 of the rows is " + ALIKE + ", and it counts:") for told in said(as_csv(*rows, rows[0]))
    )


def test_requests_with_a_name_count_once():
    rows = [files.log_row(request_id=name) for name in "abc"]
    assert only(as_csv(*rows, *rows))["requests"] == 3
    assert not any(ALIKE in told for told in said(as_csv(*rows, *rows)))


def test_lines_of_a_bill_that_name_themselves_count_once():
    lines = [files.aws_line("USE1-NovaLite-input-tokens", 5, "1K tokens", 1, identity_line_item_id=name)
             for name in "ab"]  # fmt: skip
    tax = files.aws_line("x", 1, "", 0.5, line_item_line_item_type="Tax", identity_line_item_id="c")
    content = as_csv(*lines, tax, *lines, tax)
    assert only(content)["cost"] == 2
    (terms,) = opened(content).terms()["usage"].values()
    assert terms["excluded"] == {"Tax": 0.5}
    assert "3 of the rows stand again on an overlapping page and are counted once." in said(content)
    nameless = [{**line, "identity_line_item_id": ""} for line in lines]
    assert only(as_csv(*nameless))["cost"] == 2
    assert any(ALIKE in told for told in said(as_csv(*nameless)))
    days = [{"id": name, "date": "2026-09-30", "model": "m", "spend": 1, "api_requests": 2} for name in "ab"]
    assert only(as_json(*days, *days))["cost"] == 2


def test_bills_of_every_kind_tell_of_lines_that_stand_twice():
    for line in (files.focus_line(1, 5, "Tokens"), files.azure_line("gpt 4.1 Inp glbl Tokens", 1_000, 2)):
        assert any(ALIKE in told for told in said(as_csv(line, line)))
    google = files.google_line("Gemini 2.5 Flash GA Text Input - Predictions", 1_000, 2)
    assert any(ALIKE in told for told in said(as_json(google, google)))
    assert any(ALIKE in told for told in said(as_parquet([google, google])))


# Totals ---------------------------------------------------------------------------------------------------------------

LEFT_OUT = "1 of the rows is the sum of others and is left out."
PERHAPS = "so leave out what is a total"


def console(**changes) -> dict:
    return {"usage_date_utc": "2026-09-30", "model_version": "claude-sonnet-4-5", "usage_input_tokens_no_cache": 100,
            "usage_output_tokens": 10, **changes}  # fmt: skip


def console_cost(**changes) -> dict:
    return {"usage_date_utc": "2026-09-30", "model": "Claude Sonnet 4.5", "cost_usd": 1.001, **changes}


def daily(**changes) -> dict:
    return {"date": "2026-09-30", "model": "m", "spend": 1.5, "prompt_tokens": 100, "completion_tokens": 10,
            "api_requests": 5, "successful_requests": 5, **changes}  # fmt: skip


def activity(**changes) -> dict:
    return {"date": "2026-09-30", "model_permaslug": "m", "usage": 1.5, "requests": 5, "prompt_tokens": 100, **changes}


@pytest.mark.parametrize(
    ("row", "total"),
    [
        (console, {"usage_date_utc": "", "model_version": "", "usage_input_tokens_no_cache": 300,
                   "usage_output_tokens": 30}),
        (console_cost, {"usage_date_utc": "", "model": "", "cost_usd": "3.00"}),
        (daily, {"date": "Total", "model": "", "spend": 4.5, "prompt_tokens": 300, "completion_tokens": 30,
                 "api_requests": 15, "successful_requests": 15}),
        (activity, {"date": "", "model_permaslug": "", "usage": 4.5, "requests": 15, "prompt_tokens": 300}),
        (files.log_row, {"timestamp": "", "model": "", "prompt_tokens": 3_000, "completion_tokens": 300}),
        (files.log_row, {"model": "Grand Total:", "prompt_tokens": 3_000, "completion_tokens": 300}),
        (files.log_row, {"timestamp": "Summe", "prompt_tokens": 3_000, "completion_tokens": 300}),
    ],
)  # fmt: skip
def test_a_row_that_is_the_sum_of_the_others_is_left_out(row, total):
    rows = [row() for _ in range(3)]
    content = as_csv(*rows, row(**total))
    assert groups(content) == groups(as_csv(*rows))
    assert LEFT_OUT in said(content)
    assert not any(PERHAPS in told for told in said(content))


@pytest.mark.parametrize("smallest_bytes", [0, 10**18])
def test_totals_of_models_and_days_are_left_out(smallest_bytes, monkeypatch):
    monkeypatch.setattr(bulk, "SMALLEST_BYTES", smallest_bytes)
    days = [files.log_row(timestamp=f"2026-09-{day}T10:00:00Z", model=model) for day in (28, 29) for model in "aabb"]
    of_model = files.log_row(timestamp="", model="a", prompt_tokens=4_000, completion_tokens=400)
    of_day = files.log_row(timestamp="2026-09-28T10:00:00Z", model="Total", prompt_tokens=4_000, completion_tokens=400)
    content = as_csv(*days, of_model, of_day)
    assert groups(content) == groups(as_csv(*days))
    assert "2 of the rows are the sum of others and are left out." in said(content)


@pytest.mark.parametrize(
    "odd", [files.log_row(timestamp=""), files.log_row(model="Total", prompt_tokens=3_001, completion_tokens=300)]
)
def test_what_may_be_a_total_counts_and_is_said(odd):
    rows = [files.log_row() for _ in range(3)]
    assert sum(group["requests"] for group in groups(as_csv(*rows, odd)).values()) == 4
    assert any(PERHAPS in told for told in said(as_csv(*rows, odd)))
    assert LEFT_OUT not in said(as_csv(*rows, odd))


def test_a_report_without_times_has_no_totals_but_those_named_so():
    rows = [{"date": "", "model_permaslug": name, "usage": 1, "requests": 5, "prompt_tokens": 9} for name in "ab"]
    assert not any(PERHAPS in told for told in said(as_csv(*rows)))
    total = {"date": "", "model_permaslug": "Total", "usage": 2, "requests": 10, "prompt_tokens": 18}
    assert groups(as_csv(*rows, total)) == groups(as_csv(*rows))


def test_one_row_like_one_other_is_no_sum():
    content = as_csv(files.log_row(), files.log_row(timestamp=""))
    assert sum(group["requests"] for group in groups(content).values()) == 2
    assert any(PERHAPS in told for told in said(content))


# Status ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "is_counted"),
    [
        ("200 OK", True), ("200", True), ("200.0", True), ("HTTP/1.1 200 OK", True), ("completed", True), ("", True),
        ("307 Temporary Redirect", True), ("429 Too Many Requests", False), ("503 Service Unavailable", False),
        ("HTTP 429", False), ("HTTP/1.1 503 Service Unavailable", False), ("status: 500", False), ("(404)", False),
        ("429: slow down", False), ("500.0", False), ("Throttled", False), ("service unavailable", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("smallest_bytes", [0, 10**18])
def test_a_status_says_whether_a_call_failed(status, is_counted, smallest_bytes, monkeypatch):
    monkeypatch.setattr(bulk, "SMALLEST_BYTES", smallest_bytes)
    rows = [files.log_row(status="200 OK", prompt_tokens=1), files.log_row(status=status)]
    assert only(as_csv(*rows))["requests"] == 1 + is_counted


# Times, and what stands above the heading -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("10/1/2026 2:05", 2), ("10/1/2026 2:05:00 PM", 14), ("10/1/2026 12:05 AM", 0), ("10/1/2026 12:05 pm", 12),
        ("10/1/2026, 2:05:00\u202fp.m.", 14), ("31.10.2026 4:05", 4), ("2026-10-01 4:05:07.5", 4),
        ("2026-10-01 4:05 UTC", 4), ("2026-10-01 4:05 +02:00", 2), ("2026-10-01T04:05:00Z", 4),
    ],
)  # fmt: skip
def test_times_as_spreadsheets_write_them(written, hour):
    (cell,) = opened(as_csv(files.log_row(timestamp=written), delimiter=";")).cells
    assert (cell.key.start.month, cell.key.start.hour) == (10, hour)


@pytest.mark.parametrize("written", ["10/1/2026 13:05 AM", "10/1/2026 25:05", "2026-10-01 at noon"])
def test_times_that_cannot_be(written):
    assert "must be a time such as" in refusal(as_csv(files.log_row(timestamp=written)))


def counted(**changes) -> dict:
    return {"date": "2026-10-01", "hour": 0, "model": "m", "requests": 3, "input_tokens": 10, "output_tokens": 1,
            **changes}  # fmt: skip


@pytest.mark.parametrize("day", ["2026-10-01", "10/1/2026", "1.10.2026", "20261001"])
@pytest.mark.parametrize("hours", [(0, 9, 23), ("0", "09", "23"), ("00:00", "9:00", "23:00"),
                                   ("12:00 AM", "9:00 AM", "11:00 PM")])  # fmt: skip
def test_a_day_and_an_hour_in_two_columns(day, hours):
    content = as_csv(*(counted(date=day, hour=hour) for hour in hours), delimiter=";")
    cells = opened(content).cells
    assert [(cell.key.start.day, cell.key.start.hour, cell.key.bucket_s, cell.requests) for cell in cells] == [
        (1, hour, 3_600, 3) for hour in (0, 9, 23)
    ]
    assert not any("busiest hour" in told for told in said(content))


def test_hours_that_are_summed_count_no_requests():
    row = {name: value for name, value in counted().items() if name != "requests"}
    assert "requests" not in only(as_csv(row))
    whole = {**row, "hour": "2026-10-01T00:00:00Z", "date": SECRET}
    assert "requests" not in only(as_csv(whole), hints=Hints({"time": "hour"}))


def test_a_day_and_a_clock_in_two_columns():
    row = {"date": "2026-10-01", "time": "14:03:22", "model": "m", "input_tokens": 10, "output_tokens": 1}
    for content in (as_csv(row), as_parquet([{**row, "date": date(2026, 10, 1), "time": time(14, 3, 22)}])):
        (cell,) = opened(content).cells
        assert (cell.key.start.hour, cell.key.bucket_s, cell.requests) == (14, 0, 1)


@pytest.mark.parametrize(("name", "bucket_s"), [("hour", 3_600), ("minute", 3_600)])
def test_a_trace_with_hours_or_minutes(name, bucket_s):
    row = {name: "2026-10-01T05:07:00Z", "requests": 3, "input_tokens": 10, "output_tokens": 1}
    (cell,) = opened(as_csv(row)).cells
    assert (cell.key.start.hour, cell.key.bucket_s, cell.requests) == (5, bucket_s, 3)
    assert "has 7 as " + name + ", which must be a time such as" in refusal(as_csv({**row, name: 7}))


@pytest.mark.parametrize("smallest_bytes", [0, 10**18])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "above",
    ["sep={}\r\n", '"sep={}"\n', "Usage report\r\n", "Usage report{0}{0}{0}\r\n\r\n", '"Usage, all; of it"\r\n\r\n',
     "\r\n\r\n", "Usage report\r\nOctober 2026\r\n"],
)  # fmt: skip
def test_what_stands_above_the_heading(above, delimiter, smallest_bytes, monkeypatch):
    monkeypatch.setattr(bulk, "SMALLEST_BYTES", smallest_bytes)
    log = as_csv(files.log_row(), files.log_row(completion_tokens=7), delimiter=delimiter)
    alone = groups(log)
    for mark in (b"", b"\xef\xbb\xbf"):
        assert groups(mark + above.format(delimiter).encode() + log) == alone


def test_a_first_line_that_is_no_heading():
    content = b"Usage report, of October\r\n" + as_csv(files.log_row())
    assert "its first line is no heading" in refusal(content) or "nothing that is known" in refusal(content)


@pytest.mark.parametrize("content", [b"sep=;", b"sep=;\n", b",,,\r\n,,,\r\n", b"sep=,\n ,\n"])
def test_a_table_without_a_heading_is_empty(content):
    assert "is empty" in refusal(content)


def test_a_heading_of_several_lines():
    log = as_csv(files.log_row())
    assert only(b'"a\nb",' + log.replace(b"\r\n2026", b"\r\nx,2026")) == only(log)
