"""From usage to a workload: totals and not medians, whole months alone, and hours that a day cannot show."""

import json
import math
import statistics
from datetime import UTC, datetime, timedelta

import pytest

from tests import usage_files as files
from tests.sentence import one_sentence
from tests.usage_files import OCT_1, as_csv, as_json, opened
from usage.__main__ import main
from usage.load import load
from usage.workload import DAY, LOAD, SEASON, Found, workload

HEADING = "time,model,input_tokens,output_tokens,requests,cached_tokens,reasoning_tokens,batch"
NOW = datetime(2026, 11, 29, tzinfo=UTC)


def log(*rows: tuple) -> bytes:
    """A request log of (time, input, output, requests, cached, reasoning, batch); what a row leaves out is empty."""
    lines = [f"{when:%Y-%m-%dT%H:%M:%SZ},m-1,{','.join(map(str, rest))}" for when, *rest in rows]
    return "\n".join([HEADING, *(line + "," * (HEADING.count(",") - line.count(",")) for line in lines)]).encode()


def hours(start: datetime, count: int) -> list[datetime]:
    return [start + timedelta(hours=hour) for hour in range(count)]


def found(*contents: bytes, **more) -> Found:
    result = workload(opened(*contents), **more)
    for finding in result.findings:
        one_sentence(finding.told)
        assert finding.value is None or finding.rows > 0 or "As you count" in finding.told or more
    return result


OCTOBER = [(when, 900, 100, 1, 300, 20, "false") for when in hours(datetime(2026, 10, 1, tzinfo=UTC), 744)]
LONG = [(datetime(2026, 10, 9, 12, 30, tzinfo=UTC), 256_000, 25_600, 1, 0, 0, "false")]


def test_tokens_a_request_are_totals_over_requests_and_shares_those_of_tokens():
    batch = [(datetime(2026, 10, 9, 12, 40, tzinfo=UTC), 74_400, 0, 1, 0, 0, "true")]
    values = found(log(*OCTOBER, *LONG, *batch)).values
    given, made = 744 * 900 + 256_000 + 74_400, 744 * 100 + 25_600
    assert values["requests_per_month"] == 746
    assert values["input_tokens_per_request"] == given / 746
    assert values["reasoning_tokens_per_request"] == 744 * 20 / 746
    assert values["output_tokens_per_request"] == pytest.approx((made - 744 * 20) / 746, rel=1e-12)
    assert values["cached_input_frac"] == 744 * 300 / given
    assert values["batch_frac"] == 74_400 / (given + made)
    assert "cache_write_frac" not in values, "what the file does not say is not zero"
    assert statistics.median(row[1] for row in OCTOBER + LONG) == 900


def test_the_load_is_that_of_all_hours_by_tokens_with_batch_left_out():
    start = datetime(2026, 10, 1, tzinfo=UTC)
    rows = [(when, 1000 + 100 * (when.hour % 7), 50, 1, 0, 0, "false") for when in hours(start, 744) if when.hour > 7]
    night = [(when.replace(hour=3), 10**6, 0, 1, 0, 0, "true") for when in hours(start, 744) if not when.hour]
    result = found(log(*rows, *night))
    load = [0.0] * 744
    for when, given, made, *_ in rows:
        load[int((when - start) / timedelta(hours=1))] += given + made
    mean = sum(load) / 744
    assert result.values["peak_to_mean_ratio"] == pytest.approx(max(load) / mean)
    assert result.values["busy_hours_frac"] == pytest.approx(16 / 24)
    assert result.values["load_variation_ratio"] == pytest.approx(statistics.pstdev(load) / mean)
    assert [result.values[path] for path in DAY] == pytest.approx(
        [statistics.fmean(load[h::24]) / mean for h in range(24)]
    )


def test_how_far_the_load_curve_is_from_the_hours_themselves():
    start, tokens = datetime(2026, 10, 1, tzinfo=UTC), [1_000] * 12 + [0] * 12
    even = log(*((when, tokens[when.hour], 0, 1) for when in hours(start, 744) if tokens[when.hour]))
    (told,) = (one.told for one in found(even).findings if one.field == "load_variation_ratio")
    assert "within 0.0 points" in told, "half of the hours at twice the mean is the curve itself"
    ramp = [25.0, 50.0, 75.0, 100.0] * 6
    loads = load(
        {start + timedelta(hours=place): of for place, of in enumerate(ramp)}, start, start + timedelta(days=1)
    )
    assert loads.above == pytest.approx((150 / 250, 75 / 250, 25 / 250))


def test_many_requests_of_few_tokens_are_no_peak():
    rows = [(when, 1000, 0, 1000 if when.hour == 12 else 1) for when in hours(datetime(2026, 10, 1, tzinfo=UTC), 744)]
    assert found(log(*rows)).values["peak_to_mean_ratio"] == pytest.approx(1)


def test_days_show_no_busiest_hour_and_a_day_of_hours_is_enough():
    page = files.openai_page(files.openai_bucket(OCT_1, files.openai_result()))
    days = workload(opened(as_json(page)))
    assert not days.values.keys() & set(LOAD)
    assert all("longer than an hour" in told.told for told in days.unknown if told.field in LOAD)
    few, enough = (found(log(*OCTOBER[:count])) for count in (23, 24))
    assert not few.values.keys() & set(LOAD)
    assert enough.values.keys() >= set(LOAD)
    assert "less than a week" in next(told.told for told in enough.findings if told.field == LOAD[0])


def test_volume_and_mix_are_of_the_last_whole_month():
    begin = datetime(2026, 8, 20, tzinfo=UTC)
    rows = [(when, 100 * when.month, 10, when.month) for when in hours(begin, 24 * 62)]  # to 21 October
    result = found(log(*rows))
    assert result.months == ("2026-09",)
    assert result.period.days == "1 to 30 September 2026"
    assert result.source == "file 0, 1 to 30 September 2026"
    assert result.values["requests_per_month"] == 30 * 24 * 9
    assert result.values["input_tokens_per_request"] == 100
    assert "growth_per_year" not in result.values


def test_without_a_whole_month_the_time_there_is_is_scaled_to_a_month():
    values = found(log(*OCTOBER[:168])).values
    assert values["requests_per_month"] == pytest.approx(730)


def months(count: int, *, growth: float = 0.0, season=lambda month: 1.0, first: int = 2024 * 12) -> bytes:
    """A row for each hour of whole months, whose requests grow from month to month, times a season."""
    rows = []
    for at in range(first, first + count):
        begin = datetime(at // 12, at % 12 + 1, 1, tzinfo=UTC)
        end = datetime((at + 1) // 12, (at + 1) % 12 + 1, 1, tzinfo=UTC)
        requests = 1000 * (1 + growth) ** ((at - first) / 12) * season(at % 12)
        for when in (begin, begin + timedelta(days=14), end - timedelta(hours=1)):
            rows.append((when, 100, 10, requests / 3))
    return log(*rows)


def test_growth_is_of_whole_months_a_year_apart_and_the_season_is_what_is_left():
    def season(month: int) -> float:
        return 1 + 0.3 * math.sin(month)

    result = found(months(24, growth=0.5, season=season))
    usual = statistics.fmean(map(season, range(12)))
    assert result.values["growth_per_year"] == pytest.approx(0.5)
    assert [result.values[path] for path in SEASON] == pytest.approx([season(m) / usual for m in range(12)])
    december = 1000 * 1.5 ** (23 / 12) * season(11)
    assert result.values["requests_per_month"] == pytest.approx(december / (season(11) / usual))


def test_less_than_a_year_gives_growth_by_the_day_and_no_season():
    result = found(months(6, growth=0.5))
    assert result.values["growth_per_year"] == pytest.approx(0.5, abs=0.15)  # months differ in days
    assert not result.values.keys() & set(SEASON)
    two = found(months(2, growth=0.5))
    assert "growth_per_year" not in two.values
    (told,) = (finding.told for finding in two.unknown if finding.field == "growth_per_year")
    assert "3 whole months" in told


def test_a_running_month_and_a_cut_one_are_in_no_growth():
    whole = months(5, growth=0.2)
    tail = log(*[(when, 100, 10, 5) for when in hours(datetime(2024, 6, 1, tzinfo=UTC), 40)])
    assert found(whole + tail.partition(b"\n")[2].join([b"\n", b""])).months == tuple(f"2024-0{m}" for m in range(1, 6))


def test_requests_that_no_file_counts_are_asked_for():
    day = {"model": "m", "output_tokens": 500}
    content = as_csv(
        {"date": "2026-10-01", "input_tokens": 4000, **day}, {"date": "2026-10-31", "input_tokens": 6000, **day}
    )
    silent = found(content)
    assert "requests_per_month" not in silent.values
    assert "input_tokens_per_request" not in silent.values
    asked = found(content, requests=20.0)
    assert (asked.values["requests_per_month"], asked.values["input_tokens_per_request"]) == (20, 500)


def test_requests_that_only_some_count_are_estimated_for_the_rest_and_every_sum_is_kept():
    counts, silent = (
        as_csv(*({"date": f"2026-{month:02d}-{day}", "provider": provider, "model": model, "cached_tokens": cached,
                  "input_tokens": given, "output_tokens": made, "requests": requests}
                 for month in (8, 9, 10) for day in ("01", "30" if month == 9 else "31")))
        for provider, model, given, made, cached, requests in (
            ("openai", "gpt-5.4", 9_000, 1_000, "", 10), ("anthropic", "claude-opus-4-5", 95_000, 5_000, 50_000, ""))
    )  # fmt: skip
    result = found(counts, silent)
    values = result.values
    assert values["requests_per_month"] == pytest.approx(20 + 200), "ten times the tokens of those with a count"
    assert values["requests_per_month"] * values["input_tokens_per_request"] == pytest.approx(2 * 104_000)
    assert values["requests_per_month"] * values["output_tokens_per_request"] == pytest.approx(2 * 6_000)
    assert values["cached_input_frac"] == pytest.approx(50 / 104)
    told = {finding.field: finding.told for finding in result.findings}
    assert "91 % of them are estimated" in told["requests_per_month"]
    assert "usage of Anthropic has no count" in told["requests_per_month"]
    assert "told of 91 % of input" in told["cached_input_frac"]
    assert told["growth_per_year"].startswith("From tokens"), "most of the requests are counted nowhere"


def test_what_is_kept_is_counted_and_nothing_else():
    rows = as_csv(*(
        {"time": f"2026-10-{day:02d}T09:00:00Z", "model": model, "input_tokens": size, "output_tokens": 1}
        for day in range(1, 32) for model, size in (("a", 10), ("b", 1000))
    ))  # fmt: skip
    assert found(rows).values["input_tokens_per_request"] == 505
    assert found(rows, keep=lambda key: key.model == "a").values["input_tokens_per_request"] == 10


def test_a_measured_number_beyond_the_field_s_bounds_is_held_there_and_told():
    begin = datetime(2026, 10, 1, tzinfo=UTC)
    rows = [(begin, 10**6, 0, 1), (begin + timedelta(hours=743), 1, 0, 1)]
    (peak,) = (finding for finding in found(log(*rows)).findings if finding.field == "peak_to_mean_ratio")
    assert peak.value == 100
    assert "the model goes to 100" in peak.told


def test_files_without_usage_give_no_workload():
    costs = as_csv({"usage_date_utc": "2026-10-01", "model": "Claude Sonnet 4.5", "workspace": "w", "api_key": "k",
                    "usage_type": "message", "context_window": "", "token_type": "output", "cost_usd": 3})  # fmt: skip
    assert workload(opened(costs)) is None


def test_the_command_line_prints_the_workload_with_what_each_number_is_from(tmp_path, capsys):
    path = tmp_path / "log.csv"
    path.write_bytes(log(*OCTOBER))
    assert main([str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["workload"]
    assert told["source"] == "log.csv, 1 to 31 October 2026"
    assert told["numbers"]["requests_per_month"]["value"] == 744
    assert told["numbers"]["cache_write_frac"]["value"] is None
