"""Token prices against the package they come from: one request, priced by the engine and by genai-prices."""

from datetime import UTC, date, datetime

import pytest
from genai_prices import Usage, calc_price

from costmodel.errors import ScenarioError
from pricing import choices, token_prices
from pricing.token_prices import HOUR_OF_PRICE, NO_THRESHOLD_TOKENS, PRICES_AS_OF
from tests.neutral import compare, neutral_option, neutral_scenario

MOMENT = datetime.combine(PRICES_AS_OF, HOUR_OF_PRICE)
ALL = [(provider, model) for provider in token_prices.providers() for model in token_prices.models(provider)]
PRICES = {key: token_prices.price(*key) for key in ALL}
TIERED = [key for key, price in PRICES.items() if price.long_context_tokens < NO_THRESHOLD_TOKENS]
CHARGES = ("input_tokens", "cache_reads", "cache_writes", "output_tokens")


def found_again(provider, model):
    """Whether the package finds the model by the very name it lists it under; a few it does not."""
    try:
        calc_price(Usage(input_tokens=1), model, provider_id=provider, genai_request_timestamp=MOMENT)
    except LookupError:
        return False
    return True


SAMPLE = [key for key in dict.fromkeys([*ALL[::10], *TIERED]) if found_again(*key)]


def priced_by_engine(provider, model, input_tokens, read_tokens, write_tokens, output_tokens):
    option = choices.merged(neutral_option("token_api"), choices.token_api(provider, model), {"batch_discount_frac": 0})
    scenario = neutral_scenario(
        {"api": option},
        workload__requests_per_month=1,
        workload__input_tokens_per_request=input_tokens,
        workload__output_tokens_per_request=output_tokens,
        workload__cached_input_frac=read_tokens / input_tokens,
        workload__cache_write_frac=write_tokens / input_tokens,
        finance__horizon_months=1,
    )
    lines = compare(scenario)["api"].lines
    return sum(float(lines[name][1]) for name in CHARGES)


def priced_by_package(provider, model, input_tokens, read_tokens, write_tokens, output_tokens):
    usage = Usage(
        input_tokens=input_tokens,
        cache_read_tokens=read_tokens,
        cache_write_tokens=write_tokens,
        output_tokens=output_tokens,
    )
    result = calc_price(usage, model, provider_id=provider, genai_request_timestamp=MOMENT)
    return result.model.id, float(result.total_price)


def test_the_sample_is_large_and_has_every_tiered_model():
    assert len(SAMPLE) >= 200
    assert len([key for key in SAMPLE if key in TIERED]) >= 100


@pytest.mark.parametrize("request_size", ["short", "at the threshold", "long"])
@pytest.mark.parametrize(("read_frac", "write_frac"), [(0, 0), (0.3, 0.2)])
def test_one_request_costs_what_the_package_says(request_size, read_frac, write_frac):
    compared = 0
    for provider, model in SAMPLE:
        threshold = PRICES[provider, model].long_context_tokens
        if request_size != "short" and threshold == NO_THRESHOLD_TOKENS:
            continue
        input_tokens = {"short": 2500, "at the threshold": int(threshold), "long": int(threshold) + 1000}[request_size]
        asked = (input_tokens, round(input_tokens * read_frac), round(input_tokens * write_frac), 350)
        matched, expected = priced_by_package(provider, model, *asked)
        assert matched == PRICES[provider, model].model
        assert priced_by_engine(provider, model, *asked) == pytest.approx(expected, rel=1e-9), (provider, model)
        compared += 1
    assert compared >= (200 if request_size == "short" else 100)


@pytest.mark.parametrize("provider", ["anthropic", "openai", "google", "mistral", "x-ai"])
def test_a_batch_discount_is_what_the_package_publishes(provider):
    published = 0
    for model in filter(lambda name: found_again(provider, name), token_prices.models(provider)):
        price = PRICES[provider, model]
        usage = Usage(input_tokens=1000, output_tokens=1000)
        each = [
            float(
                calc_price(
                    usage, model, provider_id=provider, genai_request_timestamp=MOMENT, price_context=c
                ).total_price
            )
            for c in (None, {"processing": "batch"})
        ]
        assert each[0] * (1 - price.batch_discount_frac) == pytest.approx(each[1], rel=1e-5), model
        published += price.batch_discount_frac > 0
    assert published


def test_no_batch_discount_is_claimed_where_none_is_published():
    assert PRICES["groq", "qwen/qwen3.8-27b"].batch_discount_frac == 0
    assert all(PRICES[key].batch_discount_frac == 0 for key in ALL if key[0] == "together")


def test_cached_tokens_without_a_price_of_their_own_cost_the_full_price_and_say_so():
    price = token_prices.price("groq", "llama-3.3-70b-versatile")
    assert price.cache_read_usd_per_mtok == price.cache_write_usd_per_mtok == price.input_usd_per_mtok
    assert "No price for cache read and cache write" in price.fact.why


def test_no_price_is_zero():
    for price in PRICES.values():
        assert price.input_usd_per_mtok > 0
        assert price.output_usd_per_mtok > 0


def test_a_record_names_the_model_it_matched_the_package_and_the_price_page():
    price = token_prices.price("anthropic", "claude-sonnet-4-5-20250929")
    assert price.model == "claude-sonnet-4-5"
    assert price.fact.source.startswith("genai-prices ")
    assert price.fact.source_url.startswith("https://www.anthropic.com/")
    assert price.fact.as_of == PRICES_AS_OF
    assert price.long_context_tokens == 200_000
    assert price.long_context_input_usd_per_mtok == 2 * price.input_usd_per_mtok


def test_a_model_is_found_again_by_the_name_in_its_record():
    assert all(
        token_prices.price(provider, PRICES[provider, model].model) == PRICES[provider, model]
        for provider, model in ALL
    )


def test_the_day_decides_the_price():
    before = token_prices.price("deepseek", "deepseek-chat", on=date(2025, 3, 1))
    assert before.fact.as_of == date(2025, 3, 1)
    assert before != token_prices.price("deepseek", "deepseek-chat")
    assert datetime.combine(PRICES_AS_OF, HOUR_OF_PRICE).tzinfo is UTC


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
    assert len(token_prices.providers()) > 40
