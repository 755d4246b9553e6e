"""Files as they come: packed, in other encodings, in pages, overlapping, cut, huge or nested, and what is said."""

import gzip
import io
import json
import random
import socket
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow
import pytest

from intake import rows as intake_rows
from intake import unpacking
from tests import usage_files as files
from tests.sentence import one_sentence
from tests.usage_files import (
    DAY_S,
    NOW,
    OCT_1,
    SECRET,
    SEP_30,
    as_csv,
    as_json,
    as_parquet,
    groups,
    only,
    opened,
    refusal,
    said,
)
from usage import bulk, read
from usage.__main__ import main
from usage.hints import Hints
from usage.reading import columns

LOG = as_csv(files.log_row(), files.log_row(timestamp="2026-10-01T00:00:00Z", prompt_tokens=500))
PAGE = as_json(files.openai_page(files.openai_bucket(SEP_30, files.openai_result())))


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


# What can be read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        gzip.compress,
        lambda content: zipped(log=content),
        lambda content: zipped(folder__log=gzip.compress(content)),
        lambda content: zipped(log=content, __MACOSX__log=b"\0", README=b"Dear all, here it is"),
        lambda content: content.decode().encode("utf-16"),
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b"\r\n", b"\n"),
        lambda content: content.replace(b",", b";"),
        lambda content: content.replace(b",", b"\t"),
        lambda content: content.replace(SECRET.encode(), "Größe".encode("latin-1")),
        lambda content: content.replace(b"timestamp,", b"Timestamp,").replace(b"prompt_tokens", b"Prompt Tokens"),
    ],
)
def test_one_content_in_many_forms(form):
    assert (
        groups(form(LOG))
        == groups(LOG)
        == {
            ("2026-09", None, "gpt-4.1"): {"requests": 1, "input_total": 1_000, "output_total": 100},
            ("2026-10", None, "gpt-4.1"): {"requests": 1, "input_total": 500, "output_total": 100},
        }
    )


@pytest.mark.parametrize(
    ("time", "month"),
    [
        ("2026-09-30T19:30:00-05:00", "2026-10"),
        ("2026-10-01T01:30:00+02:00", "2026-09"),
        ("2026-10-01 00:00:00.123456789", "2026-10"),
        ("2026-09-30 23:59:59 UTC", "2026-09"),
        (str(OCT_1), "2026-10"),
        (str(OCT_1 * 1_000 - 1), "2026-09"),
        (str(OCT_1 * 1_000_000), "2026-10"),
        (str(OCT_1 * 1_000_000_000), "2026-10"),
        (f"{OCT_1}.5", "2026-10"),
        ("30.09.2026 23:00", "2026-09"),
        ("10/01/2026 09:00", "2026-10"),
        ("2026/10/01 09:00", "2026-10"),
    ],
)
def test_times_of_every_kind(time, month):
    assert {found for found, *_ in groups(as_csv(files.log_row(timestamp=time), delimiter=";"))} == {month}


def test_a_clock_without_a_zone_is_read_in_the_one_that_is_given():
    content = as_csv(files.log_row(timestamp="2026-10-01 00:30:00"))
    assert {month for month, *_ in groups(content)} == {"2026-10"}
    assert any("read as UTC" in told for told in said(content))
    berlin = Hints(zone=ZoneInfo("Europe/Berlin"))
    assert {month for month, *_ in groups(content, hints=berlin)} == {"2026-09"}


def test_a_log_with_columns_of_its_own():
    row = {"when": "2026-09-30T10:00:00Z", "engine": "m-1", "a": 7, "b": 3, "c": 5, "input": SECRET}
    assert "is nothing that is known here" in refusal(as_csv(row))
    chosen = {"time": "when", "model": "engine", "input": "a", "output": "b", "cached": "c"}
    assert groups(as_csv(row), hints=Hints(chosen)) == {
        ("2026-09", None, "m-1"): {"requests": 1, "input_total": 7, "output_total": 3, "cached_read": 5}
    }
    assert "has no column 'x', which was chosen as the input" in refusal(as_csv(row), hints=Hints({"input": "x"}))
    (terms,) = opened(as_csv(row), hints=Hints(chosen)).terms()["usage"].values()
    assert terms["first_rows"][0]["input_tokens"] == 7


def test_a_log_tells_what_it_can():
    rich = files.log_row(
        status=200, reasoning_tokens=10, batch="true", cached_tokens=400, request_id="a", cost_usd=0.002
    )
    failed = files.log_row(status=500, request_id="b")
    content = as_csv(rich, {**rich, **failed}, rich)
    assert only(content) == {
        "requests": 1, "input_total": 1_000, "cached_read": 400, "output_total": 100, "reasoning": 10, "cost": 0.002,
        "batch_input": 1_000, "batch_output": 100,
    }  # fmt: skip
    assert any("1 of the rows stands again" in told for told in said(content))
    day = as_csv(files.log_row(timestamp="2026-09-30"))
    assert only(day) == {"input_total": 1_000, "output_total": 100}  # a day is no request
    assert any("busiest hour" in told for told in said(day))
    counted = as_csv(files.log_row(timestamp="2026-09-30", requests=12))
    assert only(counted)["requests"] == 12


def test_decimal_commas():
    row = files.log_row(prompt_tokens="1.250", cost_usd="0,0125")
    assert only(as_csv(row, delimiter=";")) == {
        "requests": 1,
        "input_total": 1_250,
        "output_total": 100,
        "cost": 0.0125,
    }


def test_points_that_part_thousands_where_no_number_has_decimals():
    days = [{"day": f"{day:02d}.10.2026", "model": "m", "input_tokens": tokens, "requests": 3}
            for day, tokens in ((1, "1.250"), (2, "750"))]  # fmt: skip
    assert only(as_csv(*days, delimiter=";"))["input_total"] == 2_000
    seconds = [{**day, "cost_usd": "0.125"} for day in days]
    assert only(as_csv(*seconds, delimiter=";"))["cost"] == 0.25


def test_a_cell_that_starts_like_a_formula_is_text():
    assert set(groups(as_csv(files.log_row(model="'=cmd")))) == {("2026-09", None, "=cmd")}
    assert "has a text as prompt_tokens" in refusal(as_csv(files.log_row(prompt_tokens="=1+1")))


# Several files, pages, what is missing --------------------------------------------------------------------------------


def pages(*starts: int, more: bool = False, width: int = DAY_S) -> bytes:
    buckets = (files.openai_bucket(start, files.openai_result(), width=width) for start in starts)
    return as_json(files.openai_page(*buckets, more=more))


def test_what_overlapping_pages_hold_is_counted_once():
    first, second = pages(SEP_30, OCT_1, more=True), pages(OCT_1, OCT_1 + DAY_S)
    assert sum(group["requests"] for group in groups(first, second).values()) == 1_500
    assert sum(group["requests"] for group in groups(first + b"\n" + second).values()) == 1_500
    assert any("1 of the rows stands in a file given before" in told for told in said(first, second))
    assert not any("has_more" in told for told in said(first, second))
    assert any("has_more" in told for told in said(first))


def test_the_fuller_of_two_versions_of_a_bucket_in_one_file_counts():
    half = files.openai_bucket(OCT_1, files.openai_result(num_model_requests=200, input_tokens=400_000))
    whole = files.openai_bucket(OCT_1, files.openai_result())
    for lines in ((half, whole), (whole, half), (whole, half, whole)):  # buckets appended day by day
        assert only(as_json(*lines))["requests"] == 500
        assert any("on an overlapping page" in told for told in said(as_json(*lines)))
    cost = files.openai_bucket(OCT_1, files.openai_cost(1, "gpt-5.4, input_tokens", quantity=5, quantity_unit="tokens"))
    (terms,) = opened(as_json(whole, cost, cost)).terms()["usage"].values()
    assert (terms["total"]["requests"], terms["total"]["cost"]) == (500, 1)
    assert terms["quantities"] == {"gpt-5.4, input_tokens": 5}


def test_parts_above_the_input_disprove_what_a_tool_says_of_itself():
    usage = {"cache_read_input_tokens": 12_000, "cache_creation_input_tokens": 0}
    heavy = files.litellm_spend(request_id="2", metadata={"usage_object": usage})
    assert only(as_json(files.litellm_spend(), heavy))["input_total"] == 9_000 + 6_000 + 9_000 + 12_000
    assert any("it leaves them out" in told for told in said(as_json(files.litellm_spend(), heavy)))
    assert not any("proves" in told for told in said(as_json(files.litellm_spend(), files.litellm_spend())))


def test_empty_pages():
    for empty in (files.openai_page(), {"data": [], "has_more": False}):
        assert groups(as_json(empty)) == {}
        assert "No row holds any usage or cost." in said(as_json(empty))
    usage = {"data": [files.anthropic_bucket("2026-09-30", files.anthropic_usage())], "has_more": False}
    assert only(as_json([{"data": [], "has_more": True}, usage]))["output_total"] == 2_000


def test_equal_rows_on_one_page_are_two():
    page = as_json(files.openai_page(files.openai_bucket(SEP_30, files.openai_result(), files.openai_result())))
    assert only(page)["requests"] == only(page, page)["requests"] == 1_000


def test_a_missing_page_is_a_gap():
    told = [sentence for sentence in said(pages(SEP_30, more=True), pages(OCT_1 + DAY_S)) if "No bucket" in sentence]
    assert told == ["No bucket is from 2026-10-01 to 2026-10-02: a page is missing, or quiet times are left out."]
    assert not any("No bucket" in sentence for sentence in said(pages(SEP_30), pages(OCT_1)))


def test_a_last_bucket_that_still_runs():
    today = int(NOW.timestamp())
    (terms,) = opened(pages(today - DAY_S, today)).terms()["usage"].values()
    assert terms["running_from"] == "2026-11-01T00:00:00+00:00"
    assert any("still running or cut off" in told for told in terms["sentences"])
    (terms,) = opened(pages(today - DAY_S)).terms()["usage"].values()
    assert "running_from" not in terms
    known = {"data": [files.anthropic_bucket("2026-09-30", files.anthropic_usage())], "has_more": False}
    assert any(
        "still running" in told for told in said(as_json({**known, "data_refreshed_at": "2026-09-30T09:00:00Z"}))
    )


def test_a_bucket_that_ran_is_superseded_by_the_later_export():
    half = files.openai_result(num_model_requests=200, input_tokens=400_000)
    earlier = as_json(
        files.openai_page(files.openai_bucket(SEP_30, files.openai_result()), files.openai_bucket(OCT_1, half))
    )
    later = pages(OCT_1, OCT_1 + DAY_S)
    assert sum(group["requests"] for group in groups(earlier, later).values()) == 1_500
    assert any("the later one counts" in told for told in said(earlier, later))


def test_months_that_are_cut():
    whole = pages(*range(OCT_1, OCT_1 + 31 * DAY_S, DAY_S))
    assert not any("part of a month" in told for told in said(whole))
    told = [sentence for sentence in said(pages(SEP_30, OCT_1)) if "part of a month" in sentence]
    assert [sentence[:7] for sentence in told] == ["2026-09", "2026-10"]
    first, second = (
        pages(*range(OCT_1, OCT_1 + 9 * DAY_S, DAY_S)),
        pages(*range(OCT_1 + 9 * DAY_S, OCT_1 + 31 * DAY_S, DAY_S)),
    )
    assert not any("part of a month" in told for told in said(first, second))


def test_a_bucket_from_one_month_into_another_belongs_to_neither():
    assert {month for month, *_ in groups(pages(SEP_30, width=30 * DAY_S))} == {None}
    assert any("from one month into another" in told for told in said(pages(SEP_30, width=30 * DAY_S)))


def test_a_report_without_times_belongs_to_the_month_that_is_given():
    report = as_json({"results": [{"model": "openai/gpt-4.1", "total_cost": 1, "market_cost": 1, "input_tokens": 5}]})
    assert {month for month, *_ in groups(report, hints=Hints(month=datetime(2026, 10, 1, tzinfo=UTC)))} == {"2026-10"}


def test_two_currencies_are_not_added():
    content = as_csv(files.focus_line(1, 5, "Tokens"), files.focus_line(2, 5, "Tokens", BillingCurrency="EUR"))
    terms = opened(content).terms()
    assert (terms["currency"], terms["total"]["cost"], terms["total"]["input_total"]) == (None, None, 10)
    assert {group["currency"]: group["cost"] for group in terms["by_month_and_model"]} == {"USD": 1, "EUR": 2}
    assert "Costs are in EUR and USD, which are not added up." in said(content)


def test_two_kinds_of_file_that_may_have_seen_the_same_calls():
    spend = as_json(files.litellm_spend(), files.litellm_spend(request_id="2"))
    usage = as_json({"data": [files.anthropic_bucket("2026-09-30", files.anthropic_usage())], "has_more": False})
    assert any("both hold tokens of 2026-09" in told for told in said(spend, usage))
    assert not any("both hold" in told for told in said(spend, PAGE))


def test_groups_that_overlap_are_refused():
    entry = {"starting_at": "2026-09-30T00:00:00Z", "ending_at": "2026-10-01T00:00:00Z",
             "usage": files.anthropic_usage(), "group": {"model": "m", "rbac_group_id": "g"}}  # fmt: skip
    assert "a person in two groups counts twice" in refusal(as_json({"data": [entry], "has_more": False}))


@pytest.mark.parametrize(("cost", "told"), [(1.0, None), (100.0, "cents"), (1_000.0, "thousands"), (0.2, "tier")])
def test_money_far_from_the_list_price(cost, told):
    """gpt-4.1: 500,000 tokens in at 2 USD a million are 1 USD."""
    row = files.log_row(prompt_tokens=500_000, completion_tokens=0, cost_usd=cost)
    found = [sentence for sentence in said(as_csv(row)) if "list price" in sentence]
    assert len(found) == (told is not None)
    assert all(told in sentence for sentence in found)


def test_lines_of_a_bill_far_from_the_list_price():
    item = files.openai_cost(1.8, "gpt-4.1-2025-04-14, input_tokens", quantity=900, quantity_unit="tokens")
    assert any(
        "1,000 times its list price" in told
        for told in said(as_json(files.openai_page(files.openai_bucket(SEP_30, item))))
    )


# What cannot be read --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4\n1 0 obj, Time, Model\n", b"{\\rtf1, a", b"Dear all\nhere is our usage\n", b"\0" * 9]
)
def test_what_is_no_table_has_no_headings_to_choose_from(content):
    assert columns("invoice", content) == []
    assert columns("log.csv", b"when,what\n1,2\n") == ["when", "what"]


BIG = b"timestamp,model,prompt_tokens,completion_tokens\n" + b"x" * 20_000_000
PARQUET_SIGN = b"PAR1"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\0" * 1_000, "is no text"),
        (b"%PDF-1.4\n1 0 obj, Time, Model\n", "is no text"),
        (b"Dear all, here is our usage", "nothing that is known"),
        (b"a,b\n1,2\n", "nothing that is known"),
        (b"[]", "holds no object"),
        (b"{}", "nothing that is known"),
        (b"[" * 100_000, "nested more than"),
        (b'{"data":' * 100_000, "nested more than"),
        (PAGE[: len(PAGE) // 2], "cut off"),
        (as_json(files.litellm_spend(), files.litellm_spend())[:-40], "cut off"),
        (LOG[: LOG.rindex(b",")][: LOG.rindex(b",") - 30], "cut off or damaged"),
        (LOG + b'"2026', "cut off"),
        (LOG + b"2026-10-01T00:00:00Z,m,1,2,x,9\r\n", "6 cells in row 4 and 5 in its heading"),
        (BIG, "a line of more than 16 million signs"),
        (LOG.replace(b"1000", b"-5"), "has \u22125 as prompt_tokens"),
        (LOG.replace(b"1000", b"many"), "has a text as prompt_tokens"),
        (LOG.replace(b"1000", b"1e20"), "has 100,000,000,000,000,000,000 as prompt_tokens"),
        (LOG.replace(b"2026-09-30T10:00:00Z", b"yesterday"), "has a text as timestamp"),
        (LOG.replace(b"2026-09-30T10:00:00Z", b"1066-10-14"), "in the year 1066"),
        (gzip.compress(LOG)[:-12], "cannot be unpacked"),
        (zipped(log=LOG)[:-30], "cannot be unpacked"),
        (zipped(a=zipped(log=LOG)), "an archive inside an archive"),
        (zipped(**{"[Content_Types].xml": b"<x/>"}), "is a workbook"),
        (zipped(), "without a file in it"),
        (zipped(a=b"Dear all"), "nothing that is known"),
        (b"(\xb5/\xfd" + LOG, "is packed (Zstandard)"),
        (PARQUET_SIGN + LOG, "no whole Parquet"),
        (as_json({"resourceMetrics": []}), "give the spans"),
    ],
)
def test_one_sentence_says_what_is_wrong(content, told):
    reading = read([("some file", content)])
    assert told in one_sentence(" ".join(reading.refusals))
    assert reading.cells == []


def test_dates_of_two_countries_in_one_column_are_refused():
    rows = [files.log_row(timestamp=day) for day in ("30/09/2026 10:00", "09/30/2026 10:00")]
    assert "day first and dates with the month first" in refusal(as_csv(*rows))


def test_a_bad_file_stops_no_other_and_leaves_nothing_behind():
    cut = as_json(files.litellm_spend(), files.litellm_spend(request_id="2"))[:-40]
    whole = as_json(files.litellm_spend(), files.litellm_spend(request_id="3"))
    reading = read([("cut", cut), ("whole", whole), ("other", b"nothing")])
    assert [told.partition(" ")[0] for told in reading.refusals] == ["cut", "other"]
    assert reading.terms()["total"]["requests"] == 2  # the first call of the cut file counts in the whole one


def test_an_archive_that_claims_a_terabyte():
    whole = zipped(log=LOG)
    at = whole.index(b"PK\x01\x02")
    claims = whole[: at + 24] + struct.pack("<I", 0xFFFFFFF0) + whole[at + 28 :]
    assert "4.3 GB, more than the 4 GB" in refusal(claims)


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped(log=content)])
def test_an_archive_that_unpacks_to_far_more_costs_little(pack):
    bomb = pack(LOG + b"2026-10-01T00:00:00Z,m,1,2,x\r\n" * 2_000_000)
    tracemalloc.start()
    try:
        assert "unpacks to more than" in refusal(bomb)
        assert tracemalloc.get_traced_memory()[1] < 10e6
    finally:
        tracemalloc.stop()


def test_a_large_log_is_not_held_in_memory():
    content = gzip.compress(
        as_json(*(files.litellm_spend(request_id=str(n), response=SECRET * 2_000) for n in range(300)))
    )
    tracemalloc.start()
    try:
        assert only(content)["requests"] == 300
        assert tracemalloc.get_traced_memory()[1] < 5e6
    finally:
        tracemalloc.stop()


def test_parquet_that_claims_rows_it_has_no_bytes_for():
    rows = pyarrow.repeat("2026-10-01T00:00:00Z", 1_500_000)
    trap = as_parquet(pyarrow.table({"timestamp": rows, "input_tokens": rows, "output_tokens": rows}))
    assert len(trap) < 100_000
    assert "claims 1,500,000 rows of 3 columns" in refusal(trap)


def test_damaged_parquet_gives_one_sentence_or_is_read():
    whole, draw = as_parquet([files.log_row()] * 20), random.Random(3)
    for _ in range(60):
        noise = bytearray(whole)
        for _ in range(draw.randrange(1, 6)):
            noise[draw.randrange(4, len(noise))] = draw.randrange(256)
        for told in read([("some file", bytes(noise))]).refusals:
            one_sentence(told)
    assert "no whole Parquet file" in refusal(whole[:-9])


def test_a_file_that_claims_a_terabyte(tmp_path, capsys):
    claims = tmp_path / "log.csv"
    claims.write_bytes(LOG)
    with claims.open("r+b") as file:
        file.truncate(10**12)  # a sparse file: no such space is taken
    assert main([str(claims)]) == 2
    assert "has 1,000.0 GB, more than the 4 GB that are read" in one_sentence(capsys.readouterr().err.strip())


def test_bounds_on_size(monkeypatch):
    monkeypatch.setattr(unpacking, "LARGEST_BYTES", 100)
    assert "more than the 0 GB" in refusal(LOG)
    monkeypatch.undo()
    monkeypatch.setattr(intake_rows, "LARGEST_DOCUMENT_BYTES", 100)
    assert "export it as JSON lines" in refusal(PAGE)


SOURCES = [
    LOG, PAGE, as_csv(files.focus_line(1, 5, "Tokens")),
    as_json(files.litellm_spend(), files.litellm_spend(request_id="2")),
    as_csv(files.aws_line("USE1-NovaLite-input-tokens", 5, "1K tokens", 1)), files.otlp(files.span({"a": 1})),
    as_csv(files.azure_line("gpt 4.1 Inp glbl Tokens", 1_000, 2)), as_json(files.helicone(), files.helicone()),
]  # fmt: skip


PARQUET = as_parquet([files.log_row(model=f"gpt-{place}") for place in range(30)])
BOMBS = [
    pack(LOG + b"2026-10-01T00:00:00Z,m,1,2,x\r\n" * 1_200_000) for pack in (gzip.compress, lambda text: zipped(a=text))
]  # fmt: skip


def mutated(content: bytes, draw: random.Random) -> bytes:
    """The file after something went wrong with it."""
    place, other = draw.randrange(len(content)), draw.randrange(len(content))
    noise = bytearray(content)
    for _ in range(draw.randrange(1, 6)):
        noise[draw.randrange(len(noise))] = draw.randrange(256)
    lines = content.split(b"\n")
    draw.shuffle(lines)
    packed = zipped(a=content)
    at = packed.index(b"PK\x01\x02")
    claims = packed[: at + 24] + struct.pack("<I", draw.randrange(2**31, 2**32)) + packed[at + 28 :]
    formula = draw.choice((b"=1+1", b"=cmd|' /C calc'!A0", b"@SUM(A1)", b"https://example.com/usage.csv"))
    text = content.decode("utf-8", "replace")
    return draw.choice([
        content[:place], bytes(noise), b"\n".join(lines), content[:place] + content[other:],
        content[:place] + b'{"a":[' * draw.randrange(400) + content[place:], text.encode("utf-16-le"),
        text.encode("utf-16"), text.encode("cp037", "replace"),
        content[:place] + "é€".encode("cp1252") + content[place:],
        gzip.compress(content)[:-place - 1], content[:place] + b'"' + content[place:], content.replace(b",", b"", 9),
        packed[:-place - 1], claims, gzip.compress(gzip.compress(gzip.compress(content))), zipped(a=packed),
        content + draw.choice(SOURCES), content.replace(b"1", b"=1", 3), content[:place] + formula + content[place:],
        b"[" * draw.randrange(1, 900) + content, content.replace(b"2026", b"99999"),
        content.replace(b"1", b"1" * 40, 2),
        draw.choice(BOMBS) if draw.random() < 0.1 else content[place:],
    ])  # fmt: skip


@pytest.mark.parametrize("seed", [*range(8), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(8, 50))])
def test_files_that_went_wrong_give_sentences_and_never_more(seed, tmp_path, monkeypatch):
    """Forty files a seed, half of them read as large ones; memory is what Python holds, Ibis with it."""
    monkeypatch.setattr(socket, "socket", None)  # no address in a file is followed
    draw, path = random.Random(seed), tmp_path / "some file"
    for turn in range(40):
        monkeypatch.setattr(bulk, "SMALLEST_BYTES", 0 if turn % 2 else 10**18)
        path.write_bytes(mutated(draw.choice([*SOURCES, LOG, PARQUET]), draw))
        tracemalloc.start()
        reading = read([("some file", path)], now=NOW)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < 100e6
        assert len(reading.refusals) <= 1
        assert bool(reading.files) != bool(reading.refusals)
        found = json.dumps(reading.terms())
        assert SECRET not in found
        for told in (*reading.refusals, *(s for file in reading.files for s in reading.about(file))):
            one_sentence(told)
    assert [file.name for file in tmp_path.iterdir()] == ["some file"]


# The command line -----------------------------------------------------------------------------------------------------


def test_the_command_line(tmp_path, capsys):
    log, cut = tmp_path / "log.csv", tmp_path / "cut.json"
    log.write_bytes(LOG)
    cut.write_bytes(PAGE[:-30])
    assert main([str(log), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["total"]["input_total"] == printed["usage"]["log.csv"]["total"]["input_total"] == 1_500
    assert main([str(log), str(cut), str(tmp_path / "none")]) == 2
    printed = capsys.readouterr()
    assert "1,500" in printed.out
    told = printed.err.splitlines()
    assert len(told) == 2
    assert "No such file" in told[0]
    assert "cut off" in told[1]
    assert (
        main([str(log), "--columns", "input=completion_tokens", "--zone", "Europe/Berlin", "--month", "2026-10"]) == 0
    )
    for wrong in (["--columns", "inputs=a"], ["--zone", "Mars"], ["--month", "October"]):
        with pytest.raises(SystemExit):
            main([str(log), *wrong])


def test_a_row_without_a_cost_names_no_currency(tmp_path, capsys):
    for name, rows in {"free.csv": {"model": "gpt-x"}, "paid.csv": {"model": "gpt-y", "cost": 2.5}}.items():
        (tmp_path / name).write_bytes(as_csv(files.log_row(**rows)))
    assert main([str(tmp_path / name) for name in ("free.csv", "paid.csv")]) == 0
    lines = capsys.readouterr().out.splitlines()
    free, paid = ([line for line in lines if name in line] for name in ("gpt-x", "gpt-y"))
    assert free
    assert all(line.endswith(" -") for line in free)
    assert paid
    assert all(line.endswith(" 2.50 USD") for line in paid)


def test_the_command_runs_as_a_module(tmp_path):
    (tmp_path / "log.csv").write_bytes(LOG)
    done = subprocess.run(
        [sys.executable, "-m", "usage", str(tmp_path / "log.csv"), "--json"], capture_output=True, check=True
    )
    assert json.loads(done.stdout)["total"]["requests"] == 2
