"""One line on what is used and paid: every number is read, one may be missing, and nothing is fitted in silence."""

import dataclasses
import re
from datetime import date
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.analysis import Analysis
from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from costmodel.numerals import Marks, written_with
from pricing.currency import currency
from pricing.documents import Opened
from pricing.origins import JUDGEMENT, OF_OURS
from pricing.presets import DEFAULT, preset
from pricing.rates import rate
from pricing.token_prices import price
from reports.words.bill import badge
from reports.words.labels import on_screen
from reports.words.money import shown_in
from reports.words.register import cited
from reports.words.text import spoken
from reports.words.usage_line import kept
from reports.words.usage_line import told as told_together
from reports.words.verdict import asked
from tests.sentence import one_sentence
from usage.one_line import EXAMPLE, TERMS, Line, parse
from usage.several_lines import Together, read
from usage.solving import NEEDED, Solved, cost_usd, solve
from usage.today import SLUG, taken

SONNET = price("anthropic", "claude-sonnet-4-6")
FULL = Line(SONNET, spent_usd=30_000, requests=1.2e6, input=9000, output=700, cached=0.6)
TWO = f"{EXAMPLE}; $12,000 to OpenAI for 2M requests of 4,000/500 on GPT-5.4, half batch, no caching, 10 % discount"
TOKEN_LINES = ("input_tokens", "cache_reads", "cache_writes", "output_tokens")


def told(solved: Solved) -> str:
    """What is told of one line alone."""
    return told_together(Together((solved,)))


def test_the_example_has_2496_dollars_beyond_the_list_price():
    line = parse(EXAMPLE)
    assert line == FULL
    solved = solve(line, cached=0.3)
    by_hand = 1.2 * (9000 * (0.4 * 3.0 + 0.6 * 0.3) + 700 * 15.0)
    assert solved.list_usd == pytest.approx(by_hand) == pytest.approx(27_504)
    assert solved.unexplained_usd == pytest.approx(2_496)
    assert "$2,496 (9.1 %) more, which is unexplained" in told(solved)


@pytest.mark.parametrize("missing", [*NEEDED, "cached"])
def test_any_one_number_may_be_left_out_and_follows_from_the_others(missing):
    exact = dataclasses.replace(FULL, spent_usd=cost_usd(FULL), batch=0.2, discount=0.1)
    exact = dataclasses.replace(exact, spent_usd=cost_usd(exact))
    solved = solve(dataclasses.replace(exact, **{missing: None}), cached=0.3)
    assert solved.solved == missing
    assert getattr(solved.line, missing) == pytest.approx(getattr(exact, missing))
    assert (solved.unexplained_usd, solved.guessed) == (0, False)
    assert "followed from the rest" in told(solved)


def test_the_cache_is_guessed_where_another_number_is_missing_besides():
    unsaid = dataclasses.replace(FULL, cached=None)
    assert solve(unsaid, cached=0.3).solved == "cached"
    both = solve(dataclasses.replace(unsaid, requests=None), cached=0.3)
    assert (both.solved, both.guessed, both.line.cached) == ("requests", True, 0.3)
    assert "guess of ours" in told(both)


@pytest.mark.parametrize("spent_usd", [300, 90_000])
def test_what_no_share_from_a_cache_explains_is_told_as_left_over(spent_usd):
    solved = solve(dataclasses.replace(FULL, cached=None, spent_usd=spent_usd), cached=0.3)
    assert (solved.solved, solved.guessed, solved.line.cached) == ("", True, 0.3)
    assert solved.list_usd == cost_usd(dataclasses.replace(FULL, cached=0.3))
    said = told(solved)
    assert "which is unexplained" in said
    assert "share from a cache is a guess of ours" in said


SAID = {
    "we pay $30k a month to Anthropic for Sonnet 4.6: 1.2 million requests, 9,000 tokens in, 700 out, 60% cache": {},
    "30,000 at Anthropic: claude-sonnet-4-6, 1.2M calls, 9000/700 tokens, 60 percent cached": {},
    "Claude Sonnet 4.6, 360,000 USD a year, 1.2 M requests of 9.000/700 tokens, 60 % of input is cached": {},
    "our bill is 30.000 a month, Claude Sonnet 4.6, 1.200.000 requests of 9,000 and 700 tokens, 60 % from cache": {},
    "Claude Sonnet 4.6: 14.4 M requests a year, input 9,000 tokens, output 700 tokens, 60 % cached, 30k a month": {},
    f"{EXAMPLE}, 10 % discount, 20 % batch": {"discount": 0.1, "batch": 0.2},
    "we spend 30,000 a month, Claude Sonnet 4.6, 9,000/700 tokens": {"requests": None, "cached": None},
}  # fmt: skip


@pytest.mark.parametrize("text", SAID)
def test_plain_english_is_read_in_many_ways(text):
    found = parse(text)
    wanted = dataclasses.replace(FULL, **SAID[text])
    for name in ("spent_usd", "requests", "input", "output", "cached", "batch", "discount"):
        assert getattr(found, name) == pytest.approx(getattr(wanted, name)), name
    assert found.price == SONNET


def test_the_seller_that_is_named_gives_the_price_and_the_maker_where_none_is():
    names = {
        "GPT-5.4 mini": ("openai", "gpt-5.4-mini"), "gpt-5.4": ("openai", "gpt-5.4"),
        "Opus 4.5": ("anthropic", "claude-opus-4-5"),
        "gpt-oss-120b at Together": ("together", None), "Claude Sonnet 4.6 via AWS Bedrock": ("aws", None),
    }  # fmt: skip
    for text, (provider, model) in names.items():
        found = parse(f"{text}, 1 M requests of 100/10 tokens").price
        assert (found.provider, model or found.model) == (provider, found.model)


@pytest.mark.parametrize(("where", "place", "dearer"), [
    ("", "global", "That it is global is a guess of ours: regional costs 10 % more; say which."),
    (" (regional)", "regional", ""),
    (" with global inference", "global", ""),
])  # fmt: skip
def test_where_a_model_runs_is_no_silent_choice(where, place, dearer):
    line = parse(f"Claude Sonnet 4.6 via AWS Bedrock{where}, 3 M requests of 4,000/500 tokens")
    assert (line.price.provider, line.price.model.partition(".")[0]) == ("aws", place)
    said = told(solve(line, cached=0.3))
    assert f"Read as Claude Sonnet 4.6 ({place}) at AWS Bedrock, " in said
    assert ("a guess of ours: regional" in said) == bool(dearer)
    assert dearer in said


def test_a_number_that_follows_is_written_in_one_way():
    solved = solve(
        parse("we spend 34,680 a month at Anthropic, Claude Sonnet 4.6, 8,000/1,000 tokens, no caching"), 0.3
    )
    said = told(solved)
    assert len(re.findall(r"\b889,231\b", said)) == 2, said


def test_what_nobody_told_and_decides_is_said():
    today = solve(parse(EXAMPLE), cached=0.3).today("what you wrote")
    after = taken(Opened(preset(DEFAULT).scenario, DEFAULT), today, date(2026, 11, 29))
    assert kept(after) == (
        "Guesses, as before: a volume growing 25 % a year, a peak of 4.8 times the mean, the hours of the day and all "
        "staff; they are on the pages Workload and People and tuning."
    )
    others = "Guesses, as before: a peak of 4.8 times the mean, the hours of the day and all staff;"
    told = dataclasses.replace(after, entered={**after.entered, "workload.growth_per_year": date.today()})
    assert kept(told).startswith(others)
    assert kept(dataclasses.replace(after, scenario=after.scenario.vary({"workload.growth_per_year": 0}))) == kept(told)
    rest = ("workload.peak_to_mean_ratio", "workload.day.hour_00_ratio", "options.open_api.staff.ml_engineer_fte")
    assert kept(dataclasses.replace(told, entered={**told.entered, **dict.fromkeys(rest, date.today())})) == ""
    assert ", growing 25 % a year, " in asked(after.scenario)


def test_a_limit_that_nobody_entered_is_a_judgement_and_is_asked_where_it_decides():
    today = solve(parse("Claude Sonnet 4.6 via AWS Bedrock, 3 M requests of 4,000/500 tokens"), cached=0).today(
        "a line"
    )
    after = taken(Opened(preset(DEFAULT).scenario, DEFAULT), today, date(2026, 11, 29))
    path = "options.open_api.rate_limit_tok_per_s"
    assert Analysis(after).guessed_limits == {}
    grown = Analysis(dataclasses.replace(after, scenario=after.scenario.vary({"workload.growth_per_year": 1.0})))
    assert grown.guessed_limits == {path: "open_api"}
    assert grown.origins[path].confidence == JUDGEMENT
    assert OF_OURS in {source.title for source in cited(grown.origins)}
    assert not [source.title for source in cited(grown.origins) if "busiest hour" in source.title]
    assert grown.origins["workload.requests_per_month"].yours
    said = dataclasses.replace(grown.opened, imported={}, entered={path: date.today()})
    assert Analysis(said).guessed_limits == {}, "a limit of the reader's own is not asked"


def test_amounts_in_another_currency_become_dollars():
    per_usd, _ = rate("EUR", date.max)
    for amount in ("30,000 EUR", "30.000 €", "€ 30.000", "30.000€", "30k euros", "eur 30,000"):
        assert parse(EXAMPLE.replace("30,000", amount)).spent_usd == pytest.approx(30_000 / per_usd), amount
    assert parse(EXAMPLE, "EUR").spent_usd == pytest.approx(30_000 / per_usd)
    for code, amount in (("JPY", "3,000,000 JPY"), ("JPY", "¥3,000,000"), ("SEK", "SEK 3 M"), ("GBP", "3000000£")):
        wanted = 3_000_000 / rate(code, date.max)[0]
        assert parse(EXAMPLE.replace("30,000", amount), "EUR").spent_usd == pytest.approx(wanted), amount
    assert parse(EXAMPLE.replace("spend", "pay AWS")).spent_usd == 30_000, "a name is no currency"


GROWTH, HORIZON, RATE = "workload.growth_per_year", "finance.horizon_months", "finance.discount_rate_per_year"
OF_TIME = {
    TERMS: {HORIZON: 36, GROWTH: 1.05**12 - 1, RATE: 0.09},
    "for the next three years, growing by 25% a year, 9% discount rate": {HORIZON: 36, GROWTH: 0.25, RATE: 0.09},
    "3-year horizon, 2 % monthly growth, WACC 8.5 %": {HORIZON: 36, GROWTH: 1.02**12 - 1, RATE: 0.085},
    "in 2.5 years, up 10 % each quarter, discounted at 10 % a year": {HORIZON: 30, GROWTH: 1.1**4 - 1, RATE: 0.1},
    "shrinking 3 percent, cost of capital of 9 %, over one year": {HORIZON: 12, GROWTH: -0.03, RATE: 0.09},
    "growing 1,200 % a year": {GROWTH: 12},
    "growing at 5 % for 8 quarters": {GROWTH: 0.05, HORIZON: 24},
    "at 10 % discount, at 20 % batch": {},
}


@pytest.mark.parametrize("said", OF_TIME)
def test_what_a_line_says_of_time_is_read_apart_from_shares_and_amounts(said):
    assert parse(f"{EXAMPLE}, {said}").terms == pytest.approx(OF_TIME[said])
    assert parse(f"{EXAMPLE}, {said}").requests == FULL.requests
    assert parse(f"{EXAMPLE}, {said}").discount == (0.1 if "10 % discount," in said else None)


def test_what_a_line_says_of_time_becomes_the_scenario_s_and_is_told():
    solved = solve(parse(f"{EXAMPLE}, {TERMS}"), cached=0.3)
    assert "60 % from a cache, over 3 years, growing 80 % a year, discounted at 9 % a year." in told(solved)
    after = taken(Opened(preset(DEFAULT).scenario, DEFAULT), solved.today("what you wrote"), date(2026, 11, 29))
    for path, value in OF_TIME[TERMS].items():
        assert after.scenario[path] == pytest.approx(value)
        assert after.imported[path] == "what you wrote"
    assert "growing" not in kept(after), "growth was told"
    beyond = solve(parse(f"{EXAMPLE}, over 300 months"), cached=0.3).today("what you wrote")
    with pytest.raises(ScenarioError, match="horizon_months"):
        taken(Opened(preset(DEFAULT).scenario, DEFAULT), beyond, date(2026, 11, 29))


COUNTS = {"1 million requests": 1e6, "1 200 000 requests": 1.2e6, "1,000,000 requests": 1e6, "2 million requests": 2e6,
          "2M requests": 2e6, "4 M calls": 4e6, "32k requests": 32_000}  # fmt: skip
OFTEN = {"GPT-5": "gpt-5", "gpt-5.1": "gpt-5.1", "GPT 5 mini": "gpt-5-mini", "Sonnet 4.5": "claude-sonnet-4-5",
         "gpt-4 at OpenRouter": "openai/gpt-4", "Claude Opus 4.5": "claude-opus-4-5"}  # fmt: skip


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("named", OFTEN)
def test_a_number_behind_a_model_is_no_part_of_its_name(named, count):
    for between in (" ", ", ", ": ", " - "):
        found = parse(f"{named}{between}{count}, 3000/500")
        assert (found.price.model, found.requests) == (OFTEN[named], COUNTS[count]), between


def test_a_size_is_a_part_of_a_name():
    for named in ("gpt-oss 120B", "gpt-oss-120b", "gpt oss 120 b"):
        assert "120b" in parse(f"{named} at Groq, 2 million requests, 3000/500").price.model


A_MONTH = {
    "2 requests a second": 2 * 2_628_000, "2 requests/s": 2 * 2_628_000, "120 requests per minute": 120 * 43_800,
    "7,200 requests an hour": 7_200 * 730, "7,200 requests hourly": 7_200 * 730, "50k requests a day": 50e3 * 365 / 12,
    "50k requests each working day": 50e3 * 365 / 12 * 5 / 7, "3 M requests quarterly": 1e6,
    "12 M calls per annum": 1e6,
    "70k requests a week": 70e3 * 365 / 84, "1.2 M requests per month": 1.2e6, "1.2 M requests": 1.2e6,
}  # fmt: skip


@pytest.mark.parametrize("said", A_MONTH)
def test_every_period_becomes_a_month(said):
    found = parse(f"gpt-5 mini, {said}, 2000/300 tokens, 60 % cached")
    assert (found.requests, found.spent_usd) == (pytest.approx(A_MONTH[said]), None)


IN_WORDS = {
    "half of it batch": {"batch": 0.5}, "half batch, half cached": {"batch": 0.5, "cached": 0.5},
    "a quarter of the requests are batch": {"batch": 0.25}, "all batch": {"batch": 1}, "via batch API": {"batch": 1},
    "everything runs through the batch API": {"batch": 1}, "20 % via the batch API": {"batch": 0.2},
    "no batch, no caching": {"batch": 0, "cached": 0}, "without caching": {"cached": 0}, "uncached": {"cached": 0},
    "none of it is cached": {"cached": 0}, "two thirds cached": {"cached": 2 / 3},
    "a third from cache": {"cached": 1 / 3},
    "three quarters of the input is cached": {"cached": 0.75}, "60 % cache hits": {"cached": 0.6},
    "cache hit rate 60 %": {"cached": 0.6}, "no discount": {"discount": 0}, "24/7, half cached": {"cached": 0.5},
}  # fmt: skip


@pytest.mark.parametrize("said", IN_WORDS)
def test_shares_in_words_are_read(said):
    found = parse(f"gpt-5, 2M requests, 3000/500, {said}")
    assert {name: getattr(found, name) for name in ("cached", "batch", "discount")} == pytest.approx(
        dict.fromkeys(("cached", "batch", "discount")) | IN_WORDS[said]
    )
    assert (found.requests, found.input, found.output) == (2e6, 3000, 500)


@pytest.mark.parametrize("word", ["on", "at", "via", "through", "from", "to", "using"])
def test_a_seller_is_known_by_any_word_before_it(word):
    for said, provider in (("Bedrock (AWS)", "aws"), ("AWS", "aws"), ("Vertex AI", "google"), ("Google", "google")):
        assert parse(f"Claude Sonnet 4.5 {word} {said}, 2M requests, 3000/500").price.provider == provider
    assert parse(f"Claude Sonnet 4.5 {word} Anthropic, 2M requests").price.provider == "anthropic"
    assert parse(f"gpt-4.1 {word} Azure, 2M requests").price.provider == "azure"
    assert parse("Bedrock: Claude Sonnet 4.5, 2M requests").price.provider == "aws"
    with pytest.raises(ScenarioError, match=r"No list price of gpt-4\.1 is known at Google"):
        parse(f"gpt-4.1 {word} Google, 2M requests, 3000/500")


REFUSED = {
    "GPT-5.1 mini, 2M requests, 3000/500": "Which model",
    f"{EXAMPLE}; GPT-9 $3,000": "Which model is GPT-9.* such as GPT-",
    f"{EXAMPLE}; Llama 4 on our own servers": "Which model is Llama 4.* such as Llama ",
    f"{EXAMPLE}; Anthropic 15k": "What is 15k",
    "gpt-4.1 at OpenAI via Azure, 2M requests": "OpenAI or Microsoft Azure",
    "gpt-5, every hour 200 requests, 3000/500": "What is every hour",
    "our annual bill is 360,000 USD, gpt-5 mini, 2000/300 tokens": "What is annual",
    "gpt-5, 1M requests of 3000/500 tokens a day": "What is a day",
    "gpt-5, 20 requests per user, 3000/500": "not requests per user",
    "gpt-5, $20 per user a month, 3000/500": "not per user",
    "gpt-5, 2M requests, 3000/500, -20% discount": "What is -20%",
    "gpt-5, 2M requests, 3000/500, \u22125 % growth": "What is \u22125 %",
    "gpt-5, -$500 a month, 3000/500": r"What is -\$500",
    "gpt-5, 2 per second, 3000/500": "What is 2",
    "gpt-5, 2M requests, 3000/500, some caching": "How much is read from a cache",
    "gpt-5, 2M requests, 3000/500, not all cached": "How much is read from a cache",
    "gpt-5, 2M requests, 3000/500, almost half cached": "How much is read from a cache",
    "gpt-5, 2M requests, 3000/500, batch": "How much runs as batch",
    "gpt-5, 2M requests, 3000/500, with our discount": "How much is the discount",
    "gpt-5, 2M requests, 3000/500, half cached, none cached": "How much is read from a cache",
    "gpt-5, 2M requests, 3000/500, half cached, 60 % cached": "twice",
    "gpt-5, 2M requests, 3000 in, $3,000, all batch, none cached": "costs 3760 to .* USD a month, and not 3000 USD",
    "gpt-5, 2M requests, 3000/500, growing 5 % a second": "more than a volume can grow",
    "we spend 360,000 over 3 years on Claude Sonnet 4.6": "Is 360,000 of one month, or of all that time",
    "Claude Sonnet 4.6, 1.2 M requests over 36 months": "Is 1.2 M requests of one month",
    f"{EXAMPLE}, over the last 3 months": "about one month",
    f"{EXAMPLE}, prices are falling 10 % a year": "How prices move",
    f"{EXAMPLE}, over 36 months, over 2 years": "twice",
    f"{EXAMPLE}, falling 100 %": "leaves nothing",
    f"{EXAMPLE}, on a 3-year commitment": "What is 3",
    "": "Write one line",
    "we spend 30,000 a month at Anthropic": "Which model at Anthropic",
    "we pay OpenAI and Anthropic": "such as Claude Sonnet",
    "we use GPT-5.4 at OpenAI": "Say also the",
    "gpt-5.4, what we pay a month": "Say also the",
    "18,000 for GPT-5.4 and 9,000 for Claude Sonnet 4.6, 3000/500": "Claude Sonnet 4.6 or of GPT-5.4.* one model",
    "30,000 a month on Claude Sonnet 4.6 for 42 apples": "What is 42",
    f"{EXAMPLE}, 5 %": "What is 5 %",
    f"{EXAMPLE}, 3 M requests": "twice",
    "Claude Sonnet 4.6, 30,000 a month": "Say also the",
    "Claude Sonnet 4.6, 300 a month, 1.2 M requests of 9,000 tokens in, 60 % cached": "Nothing fits as the output",
    f"{EXAMPLE}, 100 % discount": "leaves nothing",
    EXAMPLE.replace("1.2 M", "0"): "is 0",
    EXAMPLE.replace("30,000", "30,000 AED"): "No exchange rate is known for AED",
    EXAMPLE.replace("60 %", "160 %"): "at most 100 %",
    "x" * 500: "at most 400",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_read_is_told_in_one_sentence(text):
    with pytest.raises(ScenarioError, match=REFUSED[text]) as refused:
        solve(parse(text), cached=0.3)
    one_sentence(str(refused.value))


def test_what_a_line_would_cost_is_told_in_the_currency_and_with_the_marks_of_the_screen():
    with pytest.raises(ScenarioError) as refused:
        solve(parse("Claude Sonnet 4.6, 300 € a month, 1.2 M requests of 9,000 tokens in, all cached"), cached=0.3)
    plain = on_screen(refused.value, preset(DEFAULT).scenario)
    assert re.search(r"costs \d,\d{3} to \d[\d,]+ USD a month, and not \d{3}", plain)
    euro, least = currency("EUR", date.max), 1.2 * (9000 * 0.3 + 15)
    with shown_in(euro), written_with(Marks(",", ".")):
        told_there = on_screen(refused.value, preset(DEFAULT).scenario)
        low = spoken(float(f"{least * euro.per_usd:.6g}"))
    assert re.search(rf"costs {re.escape(low)} to \d[\d.]+ EUR a month, and not 300 EUR;", told_there)


@given(st.text(max_size=80), st.integers(0, len(EXAMPLE)))
def test_any_line_is_read_or_refused(text, place):
    for line in (text, EXAMPLE[:place] + text + EXAMPLE[place:]):
        try:
            assert told(solve(parse(line), cached=0.3))
        except ScenarioError as refusal:
            one_sentence(str(refusal))


def test_the_first_month_of_what_runs_now_is_the_line_at_list_price():
    today = solve(parse(EXAMPLE), cached=0.3).today("what you wrote")
    after = taken(Opened(preset(DEFAULT).scenario, DEFAULT), today, date(2026, 11, 29))
    lines = compare(after.scenario)[SLUG].lines
    assert sum(float(lines[name][1]) for name in TOKEN_LINES) == pytest.approx(27_504)
    assert (
        badge(after) == "Your bill of $30,000 a month is $2,496 (9.1 %) above usage at list price; that is unexplained."
    )
    assert after.imported["workload.requests_per_month"] == "what you wrote"


@pytest.mark.parametrize("shares", ["half batch, half cached", "all batch, two thirds cached", "no batch, no caching"])
@pytest.mark.parametrize("named", ["Claude Sonnet 4.5 on AWS", "GPT-5.4 mini", "gemini 2.5 pro"])
def test_the_first_month_is_the_line_at_list_price_whatever_runs_as_batch_and_is_cached(named, shares):
    solved = solve(parse(f"{named}, 2 requests a second, 3000/500, {shares}"), cached=0.3)
    after = taken(Opened(preset(DEFAULT).scenario, DEFAULT), solved.today("what you wrote"), date(2026, 11, 29))
    lines = compare(after.scenario)[SLUG].lines
    assert sum(float(lines[name][1]) for name in TOKEN_LINES) == pytest.approx(solved.list_usd)


def test_a_spend_that_was_solved_for_is_no_bill():
    line = dataclasses.replace(FULL, spent_usd=None)
    today = solve(line, cached=0.3).today("what you wrote")
    assert taken(Opened(preset(DEFAULT).scenario, DEFAULT), today, date(2026, 11, 29)).bill is None


def test_a_line_that_names_a_model_without_its_number_is_told_which_there_are():
    with pytest.raises(ScenarioError, match="Which model at AWS Bedrock") as refusal:
        parse("3 million requests a month of 4,000 tokens in and 500 out to Claude Sonnet at AWS Bedrock")
    named = re.split(", | or ", one_sentence(str(refusal.value).partition("? ")[2]).partition("such as ")[2])
    assert len(named) > 1
    assert all(name.startswith("Claude Sonnet") for name in named)
    for name in named:
        assert parse(f"1 M requests of 4,000/500 tokens to {name.removesuffix('.')} at AWS Bedrock").requests == 1e6


@pytest.mark.parametrize(
    "said", ["OpenAI $18k a month and Anthropic $9k", "OpenAI GPT Latest", "300 use ChatGPT", "gemini"]
)
def test_each_model_that_a_refusal_offers_is_known_in_a_line(said):
    with pytest.raises(ScenarioError, match="Which model") as refusal:
        parse(said)
    for name in re.split(", | or ", str(refusal.value).partition("such as ")[2].removesuffix(".")):
        assert parse(f"{name}, 1 M requests of 4,000/500 tokens").requests == 1e6


def test_a_model_is_known_by_the_name_that_a_refusal_prints_and_who_sells_it_is_asked_where_prices_differ():
    numbers = "40 M requests of 1,800/350 tokens"
    with pytest.raises(
        ScenarioError, match=r"Who sells it\? \d+ have Llama 3\.3 70B: write, for example, at AWS Bedrock, "
    ):
        parse(f"Llama 3.3 70B, {numbers}")
    assert parse(f"Llama 3.3 70B at AWS Bedrock, {numbers}").price == price("aws", "meta.llama3-3-70b-instruct-v1:0")
    with pytest.raises(ScenarioError, match=r"Who sells it\? \d+ have gpt-oss 120B"):
        parse(f"gpt-oss 120B, {numbers}")  # who made it sells no tokens of it
    assert parse(f"DeepSeek V4 Pro, {numbers}").price.provider == "deepseek", "who makes a model and sells it is meant"
    with pytest.raises(ScenarioError) as unknown:
        parse(f"Llama 9 at Together, {numbers}")
    sold = re.search(r"Which model at Together AI\?.* such as (.*?)(,| or |\.$)", str(unknown.value))[1]
    assert parse(f"{sold} at Together, {numbers}").price.provider == "together"


# Several --------------------------------------------------------------------------------------------------------------


def month_of(found: Together) -> tuple[Opened, float]:
    """The scenario that several lines make, and USD of the first month of what runs now."""
    after = taken(Opened(preset(DEFAULT).scenario, DEFAULT), found.today("what you wrote"), date(2026, 11, 29))
    lines = compare(after.scenario)[SLUG].lines
    return after, sum(float(lines[name][1]) for name in TOKEN_LINES)


def test_two_bills_are_one_workload_and_one_option_that_costs_what_both_do():
    found = read(TWO, "USD", cached=0.3)
    of_openai = 2 * 0.75 * (4000 * 2.5 + 500 * 15.0)  # half of it as batch, at half the price
    assert found.list_usd == pytest.approx(27_504 + 0.9 * of_openai)
    after, paid = month_of(found)
    workload, today = after.scenario.workload, after.scenario.options[SLUG]
    assert workload.requests_per_month == pytest.approx(3.2e6)
    assert workload.input_tokens_per_request == pytest.approx((1.2 * 9000 + 2 * 4000) / 3.2)
    assert workload.output_tokens_per_request == pytest.approx((1.2 * 700 + 2 * 500) / 3.2)
    assert workload.cached_input_frac == pytest.approx(1.2 * 9000 * 0.6 / (1.2 * 9000 + 2 * 4000))
    assert workload.batch_frac == pytest.approx(1 / 3.2)
    assert (today.model, today.provider) == ("2 models", "OpenAI and Anthropic"), "the dearer first"
    assert paid == pytest.approx(found.list_usd)
    assert badge(after).startswith("Your bill of $42,000 a month is $")


@pytest.mark.parametrize(
    "text",
    [
        "GPT-5.4, 1 M requests of 4,000/500, no caching; GPT-5.4, 3 M requests of 500/200, no caching",
        "Claude Sonnet 4.5 on AWS, 2M requests 300000/500, half cached\nGPT-5.4 mini 5M requests of 900/90, all batch",
        "DeepSeek V4 Pro 2M requests of 3000/500 no caching; gemini 3.8 flash, 9 M requests of 800/80, 20 % cached; "
        "GPT-5.4 mini at Azure, $500 a month, 2000/200 tokens, no caching",
    ],
)
def test_the_first_month_of_several_is_the_sum_of_theirs(text):
    found = read(text, "USD", cached=0.3)
    assert month_of(found)[1] == pytest.approx(fsum(solved.list_usd for solved in found.each))


def test_several_are_told_one_by_one_and_together():
    text = told_together(read(TWO, "USD", cached=0.3))
    assert text.startswith("Part 1: Claude Sonnet 4.6 at Anthropic, 1.2 million requests a month, 9,000 tokens in and ")
    assert (
        " Part 2: GPT-5.4 at OpenAI, 2 million requests a month, 4,000 tokens in and 500 out, 0 % from a cache, 50 % "
        in text
    )
    assert " Together: 3.2 million requests a month, 5,875 tokens in and 575 out, 34 % from a cache, 31 % " in text
    assert "You pay $30,000 a month for what is $27,504 at list price." in text
    left = 42_000 - 27_504 - 0.9 * 26_250
    assert f"you pay ${abs(left):,.0f} " in text


def test_a_semicolon_in_one_line_is_a_comma_and_terms_are_of_all():
    assert read(EXAMPLE.replace(", ", "; "), "USD", cached=0.3) == read(EXAMPLE, "USD", cached=0.3)
    grown = read(f"{TWO}; growing 5 % a month; over 36 months", "USD", cached=0.3)
    assert grown.line.terms == parse(f"{EXAMPLE}, growing 5 % a month, over 36 months").terms
    with pytest.raises(ScenarioError, match="differ in growth"):
        read(TWO.replace(";", ", growing 5 % a month;") + ", growing 6 % a month", "USD", cached=0.3)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (f"{EXAMPLE}; GPT-5.4 with 3 M requests", "Part 2: Say also the "),
        ("$5 on GPT-5.4, many requests; Claude Sonnet 4.6, 1 M requests of 9000/700", "Part 1: Say also the "),
        (f"{EXAMPLE}; 9k to OpenAI", "Part 2: Which model at OpenAI"),
        ("GPT-5.4 and Claude Sonnet 4.6, $9k", "write one for each, with a semicolon between"),
        (";;", "Write one line"),
    ],
)
def test_a_refusal_names_the_part_that_it_is_about(text, refusal):
    with pytest.raises(ScenarioError, match=refusal) as refused:
        read(text, "USD", cached=0.3)
    one_sentence(str(refused.value).removeprefix("Part 2: ").removeprefix("Part 1: "))
