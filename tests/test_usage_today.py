"""What runs today as an option: a first month that is the bill, the reader's own numbers, a badge that fits nothing."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation

from answers.analysis import Analysis
from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from pricing.documents import Opened, document, opened, to_json, to_link
from pricing.origins import origins
from pricing.presets import DEFAULT, preset
from pricing.tokens import family_of, figures
from reports.files.brief import brief_data
from reports.files.slides import slides
from reports.words import chapters
from reports.words.bill import badge, beside
from reports.words.cards import card
from reports.words.origins import source_of
from reports.words.text import usd
from tests.as_typed import as_typed
from tests.briefings import briefing
from tests.sentence import one_sentence
from tests.test_usage_bill import invoice, list_usd, usage
from tests.usage_files import (
    anthropic_bucket,
    anthropic_usage,
    as_csv,
    as_json,
    openai_bucket,
    openai_page,
    openai_result,
)
from tests.usage_files import opened as files_opened
from tests.visitor import Visitor
from usage import read
from usage.bill import bill
from usage.names import maker
from usage.today import SLUG, of_files, taken
from usage.workload import workload

ON = date(2026, 11, 29)
EXAMPLE = Opened(preset(DEFAULT).scenario, DEFAULT)
OPUS = "claude-opus-4-5"
TOKEN_LINES = ("input_tokens", "cache_reads", "cache_writes", "output_tokens")


def begun(*contents: bytes, discount_frac: float | None = None, before: Opened = EXAMPLE, **stated) -> Opened:
    reading = files_opened(*contents)
    today = of_files(reading, workload(reading), bill(reading, **stated), discount_frac=discount_frac)
    return taken(before, today, ON)


def first_month(after: Opened) -> float:
    """Tokens of month 1 of what runs now."""
    lines = compare(after.scenario)[SLUG].lines
    return sum(float(lines[name][1]) for name in TOKEN_LINES)


def test_the_first_month_is_the_usage_at_list_price():
    after = begun(usage(cached_tokens=5e8, cache_creation_tokens=1e8, batch="false"), invoice(usd=1))
    assert first_month(after) == pytest.approx(after.bill.list_usd)


def test_a_season_that_no_file_tells_moves_no_month():
    uneven = replace(EXAMPLE, scenario=EXAMPLE.scenario.vary({"workload.season.january_ratio": 0.7}))
    after = begun(usage(cached_tokens=5e8, cache_creation_tokens=1e8, batch="false"), invoice(usd=1), before=uneven)
    assert first_month(after) == pytest.approx(after.bill.list_usd)


@pytest.mark.parametrize("model", ["claude-sonnet-5-5", "gpt-5.4"])
@pytest.mark.parametrize("reasoning", [None, 2e7])
def test_the_first_month_is_the_usage_whatever_the_model_thinks_and_counts_tokens_with(model, reasoning):
    hidden = {} if reasoning is None else {"reasoning_tokens": reasoning}
    told = {"cached_tokens": 0, "cache_creation_tokens": 0, "batch": "false", **hidden}
    after = begun(usage(model=model, **told), stated_usd={"2026-10": 1.0})
    assert first_month(after) == pytest.approx(after.bill.list_usd)
    option, workload = after.scenario.options[SLUG], after.scenario.workload
    assert option.reasoning_frac == pytest.approx(0 if reasoning is None else 2 / 7)
    assert workload.output_tokens_per_request == pytest.approx(700 if reasoning is None else 500)
    assert option.token_ratio == 1
    assert workload.counted_with == family_of(model).family
    for slug in EXAMPLE.scenario.options:
        other = after.scenario.options[slug]
        assert other.token_ratio == figures(other.model_name(), workload)["token_ratio"].base, slug


def test_several_models_cost_together_what_each_costs():
    cached = {"cached_tokens": 5e8, "cache_creation_tokens": 1e8}
    after = begun(
        usage(**cached, batch="true"), usage(model=OPUS, times=0.3, cached_tokens=0, cache_creation_tokens=0,
                                             batch="false"), invoice(usd=1)
    )  # fmt: skip
    assert after.scenario.options[SLUG].model == "2 models"
    assert first_month(after) == pytest.approx(after.bill.list_usd)


OCTOBER = [int(datetime(2026, 10, day, tzinfo=UTC).timestamp()) for day in range(1, 32)]
SHORT_CACHE = {"input_tokens": 900_000, "input_cached_tokens": 225_000, "input_cache_write_tokens": 0}
CACHED = openai_result(model="gpt-5-mini", input_tokens=100_000_000, input_cached_tokens=90_000_000,
                       input_cache_write_tokens=0, output_tokens=3_000_000, num_model_requests=10_000)  # fmt: skip
UNCACHED_BATCH = CACHED | {"batch": True, "num_model_requests": 20_000, "input_cached_tokens": 0}
WITHOUT_COUNT = as_json({"data": [anthropic_bucket(f"2026-10-{day:02d}", anthropic_usage()) for day in range(1, 32)],
                         "has_more": False})  # fmt: skip


def openai(*results: dict) -> bytes:
    """OpenAI's usage of each day of October."""
    return as_json(openai_page(*(openai_bucket(start, *results) for start in OCTOBER)))


def calls(*rows: dict) -> bytes:
    """A log with rows of the first and the last hour of October."""
    said = {"cached_tokens": 0, "cache_creation_tokens": 0, "reasoning_tokens": 0, "batch": "false"}
    ends = (f"2026-10-{when}:00:00Z" for when in ("01T00", "31T23"))
    return as_csv(*({"time": end, **said, **row} for end in ends for row in rows))


def call(model: str, requests: int, each_in: int, each_out: int, **more) -> dict:
    tokens = {"input_tokens": requests * each_in, "output_tokens": requests * each_out}
    return {"provider": maker(model), "model": model, "requests": requests, **tokens, **more}


@pytest.mark.parametrize("contents", [
    pytest.param([openai(openai_result(**SHORT_CACHE))], id="a mean beginning shorter than the cache takes"),
    pytest.param([openai(openai_result(num_model_requests=9)), WITHOUT_COUNT], id="a provider that counts no requests"),
    pytest.param([openai(openai_result(output_tokens=0), openai_result(batch=True, input_tokens=600_000))],
                 id="batch with another share of output"),
    pytest.param([calls(call("gpt-5.4", 9, 1000, 100), call("gpt-5.4-nano", 9000, 1000, 100)),
                  calls(call(OPUS, 9, 1000, 100, batch="true"))], id="batch of the dearest model alone"),
    pytest.param([openai(UNCACHED_BATCH, CACHED)], id="batch that no cache held beside what one did"),
    pytest.param([openai({**UNCACHED_BATCH, "batch": None}, CACHED, UNCACHED_BATCH)], id="batch beside what is silent"),
    pytest.param([calls(call("gpt-5.4", 90, 2000, 100, batch="true"), call("gpt-5.4", 90, 2000, 700, cached_tokens=9e4),
                        call(OPUS, 9, 9000, 90, batch="true", cached_tokens=7e4), call(OPUS, 90, 90, 9))],
                 id="two models with batch, each with a cache of its own"),
    pytest.param([calls(call("gpt-5.4", 90, 300_000, 100, batch="true"), call("gpt-5.4", 900, 900, 100))],
                 id="batch of longer requests, which have another list"),
    pytest.param([calls(call("gpt-5.4", 90, 900, 100)),
                  calls(call("gpt-5.4", 80, 900_000, 100)).replace(b"01T", b"09T")], id="requests of two lists"),
    pytest.param([calls(call("deepseek-v4-pro", 90, 900, 100)).replace(b"T00", b"T02").replace(b"T23", b"T08"),
                  calls(call("deepseek-v4-pro", 90, 100, 900))], id="a price by the hour"),
    pytest.param([calls(call("gpt-5.4", 90, 900, 100, reasoning_tokens=8_800))], id="hardly anything but reasoning"),
    pytest.param([calls(call("gpt-5.4", 90, 900, 100, batch="", cached_tokens="")),
                  calls(call(OPUS, 90, 900, 100, cached_tokens=50_000))], id="a model of which nothing is told"),
])  # fmt: skip
def test_month_1_of_what_runs_now_is_the_usage_of_the_files_at_list_price(contents):
    reading = files_opened(*contents)
    found, met = workload(reading), bill(reading, stated_usd={"2026-10": 1.0})
    after = taken(EXAMPLE, of_files(reading, found, met), ON)
    assert first_month(after) == pytest.approx(met.last.list_usd, rel=1e-9)
    asked, option = after.scenario.workload, after.scenario.options[SLUG]
    for measure, each in (
        ("input_tokens", asked.input_tokens_per_request),
        ("cached_read_tokens", asked.input_tokens_per_request * asked.cached_input_frac),
        ("output_tokens", asked.output_tokens_per_request / (1 - option.reasoning_frac)),
    ):
        used = sum(getattr(cell, measure) or 0.0 for cell in reading.cells)
        assert asked.requests_per_month * each == pytest.approx(used), measure
    assert to_json(document(opened(document(after)))) == to_json(document(after))


def test_what_the_files_prove_was_cached_is_cached_by_others_that_ask_for_no_more():
    """A quarter of 900 tokens on average, cached by OpenAI, which caches nothing below 1,024."""
    after = begun(openai(openai_result(**SHORT_CACHE)), stated_usd={"2026-10": 1.0})
    workload = after.scenario.workload
    common = workload.input_tokens_per_request * workload.cached_input_frac
    assert common < 1024
    assert workload.cached_requests_frac == pytest.approx(common / 1024)
    api = next(slug for slug, option in after.scenario.options.items() if option.kind == "token_api" and slug != SLUG)
    least, ratio = (f"options.{api}.{name}" for name in ("cache.least_tokens", "token_ratio"))
    for tokens, is_cached in ((1024.0, True), (1025.0, False)):
        cost = compare(after.scenario.vary({least: tokens, ratio: 1.0}))[api]
        assert bool(np.any(cost.lines.get("cache_reads", 0))) == is_cached


def test_what_a_cache_held_of_some_rows_is_no_part_of_those_that_ran_as_batch():
    reading = files_opened(openai(CACHED, UNCACHED_BATCH))
    by_hand = 31 * ((10 * 0.25 + 90 * 0.025 + 3 * 2) + (100 * 0.25 + 3 * 2) / 2)
    met = bill(reading, stated_usd={"2026-10": by_hand}).last
    assert met.list_usd == pytest.approx(by_hand) == pytest.approx(813.75)


def test_models_of_several_providers_are_from_all_of_them():
    after = begun(usage(), usage(model="gpt-5.4", times=0.1), invoice(usd=1))
    assert card(after, compare(after.scenario), SLUG).startswith("2 models from Anthropic and OpenAI, ")
    after = begun(usage(), usage(model=OPUS, times=0.1), invoice(usd=1))
    assert card(after, compare(after.scenario), SLUG).startswith("2 models from Anthropic, ")


def test_nothing_is_launched_and_the_busiest_hour_is_carried():
    after = begun(usage(), invoice(usd=1))
    found = compare(after.scenario)[SLUG]
    assert found.cash_before_first_month_usd == 0
    assert not found.broken_rules
    assert [*after.scenario.options] == [SLUG, *EXAMPLE.scenario.options]


def test_imported_numbers_are_yours_with_the_files_and_days_they_are_of():
    after = begun(usage(), invoice(usd=1))
    path = "workload.requests_per_month"
    origin = origins(after, [path])[path]
    assert origin.yours
    told = source_of(origin, None)
    assert told.startswith("From file 0, 1 to 31 October 2026; was ")
    again = opened(document(after))
    assert to_json(document(again)) == to_json(document(after))
    assert (again.imported, again.bill) == (after.imported, after.bill)
    assert origins(again, [path])[path] == origin


def test_what_equals_the_preset_is_still_the_reader_s():
    requests = EXAMPLE.scenario.workload.requests_per_month
    after = begun(usage(requests=requests / 2), invoice(usd=1))
    path = "workload.requests_per_month"
    assert after.scenario[path] == requests
    assert origins(opened(document(after)), [path])[path].yours


def test_prices_of_one_model_stay_those_of_the_catalogue():
    after = begun(usage(), invoice(usd=1))
    path = f"options.{SLUG}.prices.input_usd_per_mtok"
    assert not origins(after, [path])[path].yours


@pytest.mark.parametrize(
    ("times", "discount", "says"),
    [
        (1.004, None, "Within 0.4 % of your bill of October 2026: usage at list price."),
        (0.904, 0.1, "Within 0.4 % of your bill of October 2026: usage at list price less the 10 % that you state."),
        (0.9, None, "Your bill of October 2026 is $750 (10 %) below usage at list price; that is unexplained."),
    ],
)
def test_the_badge_counts_a_discount_that_is_stated_and_fits_none(times, discount, says):
    assert badge(begun(usage(), invoice(usd=times * list_usd()), discount_frac=discount)) == says


def test_the_badge_follows_the_discount_of_the_option_and_goes_with_the_option():
    after = begun(usage(), invoice(usd=0.9 * list_usd()))
    stated = replace(after, scenario=after.scenario.vary({f"options.{SLUG}.discount_frac": 0.1}))
    assert badge(stated).startswith("Equal to your bill")
    options = {slug: option for slug, option in after.scenario.options.items() if slug != SLUG}
    gone = replace(after, scenario=after.scenario.vary({}, options=options))
    assert badge(gone) == ""
    assert opened(document(gone)).bill is None
    assert badge(EXAMPLE) == ""


def test_the_badge_is_of_what_the_bill_covers_and_tells_the_rest():
    plain = {"cached_tokens": 0, "cache_creation_tokens": 0, "batch": "false"}
    after = begun(usage(**plain), usage(model="gpt-5.4", times=0.1, **plain), invoice(usd=0.9 * list_usd()))
    beside_it = f"Further usage, ${after.bill.uncovered_usd:,.0f} at list price, is on no bill."
    assert badge(after) == (
        f"Your bill of October 2026 is ${0.1 * list_usd():,.0f} (10 %) below usage at list price; that is unexplained. "
        + beside_it
    )
    assert first_month(after) == pytest.approx(after.bill.list_usd + after.bill.uncovered_usd)
    assert opened(document(after)).bill == after.bill
    assert badge(begun(usage(), invoice(usd=list_usd()))).endswith("usage at list price.")


def test_the_bill_of_another_month_is_no_bill_of_the_month_that_is_taken():
    months = usage("2026-09"), usage("2026-10", times=3.0)
    after = begun(*months, invoice("2026-09", list_usd()))
    assert "October 2026" in after.imported["workload.requests_per_month"]
    assert after.bill is None
    assert badge(after) == ""
    both = begun(*months, invoice("2026-09", list_usd()), invoice("2026-10", list_usd(3.0)))
    assert (both.bill.of, both.bill.billed_usd) == ("October 2026", pytest.approx(list_usd(3.0)))
    stated = begun(*months, invoice("2026-09", list_usd()), stated_usd={"2026-10": 9.0})
    assert (stated.bill.of, stated.bill.billed_usd) == ("October 2026", 9.0)


def test_what_a_tool_worked_out_is_no_bill_and_gives_no_badge():
    assert begun(usage(cost_usd=3000.0)).bill is None


def test_a_model_without_a_list_price_gives_a_workload_and_no_option():
    after = begun(usage(model="own-model-x"))
    assert SLUG not in after.scenario.options
    assert after.scenario.workload.requests_per_month == 200_000


def test_the_badge_stands_on_the_overview_the_slides_and_the_brief():
    after = begun(usage(), invoice(usd=1.004 * list_usd()))
    told = "Within 0.4 % of your bill of October 2026: usage at list price."
    visitor = Visitor(to_link(document(after)))
    assert visitor.texts("met") == [told]
    assert any(told.headline == f"You paid ${1.004 * list_usd():,.0f} in October 2026"
               for told in [beside(after, compare(after.scenario))])  # fmt: skip
    paper = briefing(met=badge(after))
    assert told in brief_data(paper)["owning"]
    texts = [as_typed(shape.text_frame.text) for slide in Presentation(io.BytesIO(slides(paper))).slides
             for shape in slide.shapes if shape.has_text_frame]  # fmt: skip
    assert told in texts
    assert chapters.briefing(Analysis(after), ON, {}).met == told


def test_an_average_month_of_each_option_stands_against_what_runs_now():
    after = begun(usage(), invoice(usd=list_usd()))
    comparison = compare(after.scenario)
    rows = {row[0]: row[1:] for row in beside(after, comparison).rows}
    now = comparison[SLUG].tco_usd / comparison.scenario.finance.horizon_months
    assert rows["What we run now"] == (usd(now), "")
    for slug, cost in comparison.costs.items():
        if slug != SLUG:
            assert rows[cost.label][1].endswith("more" if cost.tco_usd > comparison[SLUG].tco_usd else "less")
    assert beside(EXAMPLE, compare(EXAMPLE.scenario)) is None


def test_other_providers_limit_an_account_as_today_s_does_unless_a_limit_was_entered():
    path = "options.frontier_api.rate_limit_tok_per_s"
    after = begun(usage(times=20.0, requests=2_000_000), invoice(usd=1))
    assert after.scenario[path] == after.scenario.options[SLUG].rate_limit_tok_per_s > EXAMPLE.scenario[path]
    broken = [rule for cost in compare(after.scenario).costs.values() for rule in cost.broken_rules]
    assert not any("rate limit" in rule for rule in broken)
    own = replace(EXAMPLE, scenario=EXAMPLE.scenario.vary({path: 9_999.0}), entered={path: ON})
    reading = files_opened(usage(times=20.0, requests=2_000_000))
    kept = taken(own, of_files(reading, workload(reading), bill(reading)), ON)
    assert kept.scenario[path] == 9_999


ROW = st.fixed_dictionaries({
    "time": st.datetimes(datetime(2016, 1, 1), datetime(2099, 12, 31)).map(lambda when: f"{when:%Y-%m-%dT%H:%M:%SZ}"),
    "model": st.sampled_from(["claude-sonnet-4-6", "gpt-5.4", "own-x", ""]),
    "input_tokens": st.sampled_from(["", 0, 1, 900, 10**12]), "output_tokens": st.sampled_from(["", 0, 1, 70, 10**12]),
    "requests": st.sampled_from(["", 0, 1, 10**9]), "cached_tokens": st.sampled_from(["", 0, 500]),
    "reasoning_tokens": st.sampled_from(["", 0, 70]), "batch": st.sampled_from(["", "true", "false"]),
    "cost_usd": st.sampled_from(["", 0, 3.5, 10**9]),
})  # fmt: skip


@given(st.lists(ROW, min_size=1, max_size=12))
@settings(max_examples=60)
def test_any_log_becomes_a_scenario_or_one_sentence(rows):
    reading = read([("log.csv", as_csv(*rows))])
    found, met = workload(reading), bill(reading)
    if found is None:
        return
    try:
        after = taken(EXAMPLE, of_files(reading, found, met), ON)
    except ScenarioError as refusal:
        one_sentence(str(refusal))
        return
    assert to_json(document(opened(document(after)))) == to_json(document(after))
    assert badge(after) is not None
