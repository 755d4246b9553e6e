"""Token prices against the package they come from: requests priced by the engine and by its own calculator."""

import re
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from genai_prices import Usage, calc_price

from costmodel.errors import ScenarioError
from costmodel.hours import Day
from costmodel.token_prices import NEVER_TOKENS, NEVER_YEAR
from pricing import choices, facts, market, token_prices
from pricing.catalogue import PRICE_LISTS
from pricing.facts import BatchTerms, rows
from pricing.token_prices import NO_BATCH, NOON, PRICES_AS_OF
from tests.neutral import compare, neutral_option, neutral_scenario

MOMENT = datetime.combine(PRICES_AS_OF, NOON)
ALL = [(provider, model) for provider in token_prices.providers() for model in token_prices.models(provider)]
PRICES = {key: token_prices.listing(*key) for key in ALL}
TIERED = [key for key, price in PRICES.items() if price.long_prices.above_tokens < NEVER_TOKENS]
CHANGING = [key for key, price in PRICES.items() if price.announced.from_year < NEVER_YEAR]
HOURLY = [key for key, price in PRICES.items() if price.hourly.hours_utc]
BATCHED = [key for key, price in PRICES.items() if price.prices.batch_input_discount_frac]
BESIDE = {(row.provider, row.model) for row in rows(BatchTerms)}  # batches of these the package does not know
CHARGES = ("input_tokens", "cache_reads", "cache_writes", "output_tokens")
BATCH = {"processing": "batch"}


def api_of(provider, model, on=PRICES_AS_OF):
    """An option with the prices of a day that costs nothing else and caches whatever is asked."""
    price = token_prices.price(provider, model, on)
    lists = {name: dict(getattr(price, name)) for name in PRICE_LISTS}
    return choices.merged(neutral_option("token_api"), lists)


def priced_by_engine(option, moment, input_tokens, read_tokens, write_tokens, output_tokens, batch):
    """USD of one request in the month, and at the hour, of a moment."""
    scenario = neutral_scenario(
        {"api": option},
        workload__requests_per_month=1,
        workload__input_tokens_per_request=input_tokens,
        workload__output_tokens_per_request=output_tokens,
        workload__cached_input_frac=read_tokens / input_tokens,
        workload__cache_write_frac=write_tokens / input_tokens,
        workload__start_year=moment.year,
        workload__start_month=moment.month,
        workload__batch_frac=0.99 if batch else 0,
        finance__horizon_months=1,
    )
    at_that_hour = {f"workload.day.{name}": float(hour == moment.hour) for hour, name in enumerate(Day.model_fields)}
    lines = compare(scenario.vary(at_that_hour))["api"].lines
    return sum(float(lines[name][1]) for name in CHARGES)


def priced_by_package(provider, model, moment, input_tokens, read_tokens, write_tokens, output_tokens, batch):
    """USD of a request by the package's calculator, mean of both halves of the hour; of a batch, 99 in 100 wait."""
    usage = Usage(
        input_tokens=input_tokens,
        cache_read_tokens=read_tokens,
        cache_write_tokens=write_tokens,
        output_tokens=output_tokens,
    )
    halves = [(half, context) for context in ({}, BATCH) for half in (moment, moment + timedelta(minutes=30))]
    each = [
        float(calc_price(usage, model, provider_id=provider, genai_request_timestamp=half, price_context=c).total_price)
        for half, c in halves
    ]
    at_once, waiting = sum(each[:2]) / 2, sum(each[2:]) / 2
    return 0.01 * at_once + 0.99 * waiting if batch else at_once


def found_again(provider, model):
    """Whether the package finds the model by the very name it lists it under; a few it does not."""
    try:
        return calc_price(Usage(input_tokens=1), model, provider_id=provider).model.id == model
    except LookupError:
        return False


def random_request(random, places):
    """(provider, model, moment, request): one of `places`, on a day of a year and a half, at an hour.

    The days begin when the package can tell prices by the hour from those before: it says so of DeepSeek's.
    """
    provider, model = places[random.integers(len(places))]
    moment = datetime(2026, 8, 24, tzinfo=UTC) + timedelta(hours=int(random.integers(540 * 24)))
    given = int(np.exp(random.uniform(np.log(10), np.log(400_000))))
    read = int(given * random.choice([0, random.uniform(0, 0.9)]))
    written = int((given - read) * random.choice([0, random.uniform(0, 1)]))
    return provider, model, moment, (given, read, written, int(random.integers(1, 5000)), bool(random.integers(2)))


def test_three_hundred_random_requests_cost_what_the_packages_own_calculator_says():
    random, compared = np.random.default_rng(11), 0
    rare = [*TIERED, *CHANGING * 6, *HOURLY * 12, *BATCHED]
    while compared < 300:
        provider, model, moment, asked = random_request(random, rare if compared % 2 else ALL)
        if not found_again(provider, model):
            continue
        try:
            option = api_of(provider, model, moment.date())
        except ScenarioError:  # not sold by the token on that day
            continue
        asked = (*asked[:-1], asked[-1] and (provider, model) not in BESIDE)
        expected = priced_by_package(provider, model, moment, *asked)
        assert priced_by_engine(option, moment, *asked) == pytest.approx(expected, rel=1e-8), (model, moment, asked)
        compared += 1


def test_a_price_of_today_holds_on_later_days_as_announced():
    """Prices read today, for a month after the change: as the package prices a request of that month."""
    assert ("google", "gemini-3.8-flash") in CHANGING
    for provider, model in filter(lambda key: found_again(*key), CHANGING):
        option = api_of(provider, model)
        for moment in (datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2027, 3, 1, 12, tzinfo=UTC)):
            asked = (5000, 1000, 0, 700, (provider, model) not in BESIDE)
            expected = priced_by_package(provider, model, moment, *asked)
            assert priced_by_engine(option, moment, *asked) == pytest.approx(expected, rel=1e-9), (model, moment)


def month_of(provider, model, input_tokens, **changes):
    """USD of a million requests in January 2027, tokens as the model bills them, at the prices of today."""
    as_billed = {"token_ratio": 1, "reasoning_frac": 0}
    scenario = neutral_scenario(
        {"api": choices.merged(neutral_option("token_api"), choices.token_api(provider, model), as_billed)},
        workload__requests_per_month=1e6,
        workload__input_tokens_per_request=input_tokens,
        workload__output_tokens_per_request=1000,
        workload__start_year=2027,
        finance__horizon_months=1,
        **changes,
    )
    return compare(scenario)["api"].tco_usd


@pytest.mark.parametrize(
    ("provider", "model", "input_tokens", "usd"),
    [
        ("google", "gemini-3.8-flash", 10_000, 22_500),  # 1.50 and 7.50 USD from January on, not 0.75 and 3.75
        ("openrouter", "qwen/qwen3-coder-flash", 200_000, 106_600),  # above its second mark
        ("deepseek", "deepseek-v4-pro", 10_000, 11_082.50),  # seven of 24 hours at twice the price
    ],
)
def test_a_million_requests_cost_what_is_sold(provider, model, input_tokens, usd):
    assert month_of(provider, model, input_tokens) == pytest.approx(usd, rel=1e-12)


@pytest.mark.parametrize(
    ("zone", "ratio"), [("Asia/Shanghai", 1 + 7 / 9), ("Europe/Berlin", 1 + 2 / 9), ("America/Chicago", 1)]
)
def test_office_hours_meet_the_dear_hours_of_a_provider_according_to_the_time_zone(zone, ratio):
    """01:00-04:00 and 06:00-10:00 UTC are 9 to 12 and 14 to 18 o'clock in China, 2 to 5 and 7 to 11 in Berlin."""
    office = {f"workload__{path.replace('.', '__')}": value for path, value in day_at("Office hours, 9 to 18").items()}
    found = month_of("deepseek", "deepseek-v4-pro", 10_000, workload__time_zone=zone, **office)
    assert found == pytest.approx(8580 * ratio, rel=1e-4)


def day_at(name):
    return {f"day.{hour}": value for hour, value in choices.day_profile(name)["workload"]["day"].items()}


@pytest.mark.parametrize("provider", ["anthropic", "openai", "google", "mistral", "x-ai"])
def test_batch_discounts_are_published_by_those_who_sell_batches(provider):
    assert any(key[0] == provider for key in BATCHED)


def test_no_batch_discount_is_claimed_where_none_is_published():
    assert PRICES["groq", "qwen/qwen3.8-27b"].prices.batch_input_discount_frac == 0
    assert not [key for key in BATCHED if key[0] == "together"]


def test_a_price_without_one_for_batches_says_so_and_what_the_provider_says_of_them():
    for price in PRICES.values():
        told = NO_BATCH in price.fact.why or "In a batch" in price.fact.why
        assert told or price.provider in {key[0] for key in BATCHED}, price
    assert "every other text model the full price (Together AI" in PRICES["together", "openai/gpt-oss-120b"].fact.why
    assert NO_BATCH in PRICES["groq", "qwen/qwen3.8-27b"].fact.why
    assert NO_BATCH not in PRICES["anthropic", "claude-sonnet-5-5"].fact.why


def test_what_a_provider_takes_off_batches_beside_its_list_is_taken_off_every_kind_of_token():
    prices = token_prices.price("together", "meta-llama/Llama-3.3-70B-Instruct-Turbo").prices
    assert {prices.batch_input_discount_frac, prices.batch_cache_read_discount_frac,
            prices.batch_output_discount_frac} == {0.5}  # fmt: skip


def test_whether_cached_input_is_cheaper_in_a_batch_is_what_the_entry_says():
    """Half of the input price, and of what is cached: half again, or no less than at once."""
    assert PRICES["google", "gemini-3.8-flash"].prices.batch_cache_read_discount_frac == 0.5
    assert PRICES["google", "gemini-2.5-flash"].prices.batch_cache_read_discount_frac == 0


def test_cached_tokens_without_a_price_of_their_own_cost_the_full_price_and_say_so():
    price = token_prices.price("groq", "llama-3.3-70b-versatile")
    prices = price.prices
    assert prices.cache_read_usd_per_mtok == prices.cache_write_usd_per_mtok == prices.input_usd_per_mtok
    assert "No price for cache read and cache write" in price.fact.why


def test_no_price_is_zero():
    for price in PRICES.values():
        assert price.prices.input_usd_per_mtok > 0
        assert price.prices.output_usd_per_mtok > 0


def test_a_record_names_the_model_it_matched_the_package_and_the_price_page():
    price = token_prices.price("anthropic", "claude-sonnet-4-5-20250929")
    assert price.model == "claude-sonnet-4-5"
    assert price.fact.source.startswith("genai-prices ")
    assert price.fact.source_url.startswith("https://www.anthropic.com/")
    assert price.fact.as_of == PRICES_AS_OF
    assert price.long_prices.above_tokens == 200_000
    assert price.long_prices.input_usd_per_mtok == 2 * price.prices.input_usd_per_mtok


def test_a_model_is_found_again_by_the_name_in_its_record():
    assert all(
        token_prices.price(provider, PRICES[provider, model].model) == PRICES[provider, model]
        for provider, model in ALL
    )


def test_the_day_decides_the_price():
    before = token_prices.price("deepseek", "deepseek-chat", on=date(2025, 3, 1))
    assert before.fact.as_of == date(2025, 3, 1)
    assert before != token_prices.price("deepseek", "deepseek-chat")


@pytest.mark.parametrize(
    ("provider", "model", "complaint"),
    [
        ("anthropic", "claude-sonnet-55", "Did you mean claude-sonnet"),
        ("antropic", "claude-sonnet-5-5", "Did you mean anthropic"),
        ("openrouter", "meta-llama/llama-3.3-70b-instruct:free", "has no price in the catalogue"),
        ("openai", "text-embedding-3-small", "not sold by text tokens"),
        ("perplexity", "sonar", "for each request"),
    ],
)
def test_what_cannot_be_priced_is_refused_in_one_sentence(provider, model, complaint):
    with pytest.raises(ScenarioError, match=complaint):
        token_prices.price(provider, model)


def test_only_what_can_be_priced_is_offered():
    assert "sonar" not in token_prices.models("perplexity")
    assert "text-embedding-3-small" not in token_prices.models("openai")
    assert len(token_prices.providers()) > 30


@pytest.mark.parametrize(
    ("provider", "model"), [("openai", "gpt-oss-120b"), ("openai", "gpt-oss-20b"), ("minimax", "minimax-m1")]
)
def test_a_price_that_only_a_broker_asks_is_not_its_sellers(provider, model):
    with pytest.raises(ScenarioError, match="only that of a broker"):
        token_prices.price(provider, model)
    assert model not in token_prices.models(provider)
    assert (
        token_prices.price("openai", "chat-latest").model == "gpt-chat-latest"
    )  # which somebody compared with the seller's


def test_a_model_is_written_in_one_way_whoever_sells_it():
    """Equal but for case and marks is equal; a plus is a part of a name: Command R+ is another model."""
    names = {price.name for price in token_prices.listed()} | {row.name for row in facts.rows(facts.OpenModel)}
    names |= {market.called(row) for row in market.offers()}
    written: dict[str, set[str]] = {}
    for name in names:
        written.setdefault(re.sub("[^a-z0-9+]", "", name.lower()), set()).add(name)
    assert [several for several in written.values() if len(several) > 1] == []
    assert token_prices.spelled("GPT-OSS 120B") == "gpt-oss 120B", "as the catalogue of open models has it"
    assert token_prices.spelled("openai/gpt-oss-120b") == "gpt-oss 120B"
    assert not [name for name in names if "/" in name.partition(" (")[0]]


@pytest.mark.parametrize(
    ("provider", "model", "off"),
    [
        ("aws", "openai.gpt-oss-120b-1:0", 0.5), ("aws", "amazon.nova-pro-v1:0", 0.5),
        ("google", "claude-sonnet-5-5", 0.5), ("google", "claude-opus-5-5", 0.375),
        ("aws", "global.anthropic.claude-opus-5", 0.5), ("aws", "global.anthropic.claude-opus-5-5", 0),
        ("google", "gemini-3.7-flash", 0.5), ("x-ai", "grok-4.7", 0.2), ("groq", "openai/gpt-oss-120b", 0.5),
    ],
)  # fmt: skip
def test_what_batches_cost_is_known_where_the_price_list_does_not_say(provider, model, off):
    """Of a model with a name that begins like another's nothing follows."""
    listing = token_prices.listing(provider, model)
    for kind in ("input", "output"):
        assert getattr(listing.prices, f"batch_{kind}_discount_frac") == off
    assert (NO_BATCH in listing.fact.why) is (off == 0)
