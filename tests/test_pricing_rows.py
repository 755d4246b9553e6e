"""Prices of the day: dated rows, second sources, models that are no longer sold, and what one begins with."""

from datetime import date

import pytest

from costmodel.errors import ScenarioError
from costmodel.tiers import in_bands
from pricing import gpu_prices, token_prices
from pricing.assumptions import assumption, assumptions
from pricing.catalogue import ANY_OTHER, instance, instance_row
from pricing.dates import day
from pricing.facts import (
    FILES,
    CarbonIntensity,
    ElectricityPrice,
    Gpu,
    GpuInstance,
    GpuPower,
    GpuPriceCheck,
    OpenModel,
    RetiredModel,
    ServingConstants,
    TransferPrice,
    UsualModel,
    named,
    rows,
)
from pricing.licences import licences, terms_of
from pricing.own import made
from pricing.presets import preset, presets
from pricing.ranges import price_ranges
from pricing.same_model import plain_name
from pricing.selectors import CATALOGUES, completed, new_option
from pricing.token_prices import PRICES_AS_OF
from reports.words import catalogue

ON = date(2026, 11, 29)


def test_a_price_has_its_own_date_and_never_that_of_the_day_it_was_looked_up():
    assert all(row.as_of < row.checked_on for row in (*rows(GpuInstance), *rows(GpuPriceCheck)))


@pytest.mark.parametrize(
    ("provider", "name", "usd", "second", "marked"),
    [
        ("Nebius", "gpu-h200-sxm_8gpu-128vcpu-1600gb", 5.40, 3.50, True),
        ("Nebius", "gpu-h100-sxm_1gpu-16vcpu-200gb", 4.50, 3.85, True),
        ("RunPod", "1x_A100-80GB_SECURE", 1.79, 1.64, False),
        ("Hyperstack", "n3-H100-SXM5x8", 3.20, 2.40, True),
        ("Lambda", "gpu_8x_h100_sxm5", 3.99, None, False),
    ],
)
def test_two_sources_stand_side_by_side_and_are_marked_when_more_than_15_percent_apart(
    provider, name, usd, second, marked
):
    row = instance_row(provider, name)
    other = gpu_prices.second(row)
    assert row.on_demand_usd_per_gpu_hour == usd
    assert (other and other.on_demand_usd_per_gpu_hour) == second
    assert gpu_prices.differs(row) is marked
    _, cited = instance(row, 36)["on_demand_usd_per_gpu_hour"]
    assert ("the dearer is" in cited.why) is marked
    shown = catalogue.found("GPU-hours", ON, f"{provider} {name}").iloc[0]
    assert bool(shown["sources differ"]) is marked
    assert ("the dearer is" in shown["remark"]) is marked


def test_every_source_has_its_licence():
    facts = [row for kind in FILES for row in rows(kind)]
    facts += [*assumptions().values(), *price_ranges().values(), *(price.fact for price in token_prices.listed())]
    assert {fact.source for fact in facts if not terms_of(fact)} == set()
    assert len({row.begins for row in licences()}) == len(licences())
    assert terms_of(token_prices.listed()[0].fact) == "MIT"
    assert {terms_of(row) for row in rows(ElectricityPrice) if row.source.startswith("EIA")} == {"public domain"}
    assert {terms_of(row) for row in rows(CarbonIntensity) if "Ember" in row.source} == {"CC BY 4.0"}
    assert catalogue.catalogue("Tokens", ON).iloc[0]["licence"] == "MIT"


def test_every_second_source_is_of_an_instance_and_from_elsewhere():
    listed = {(row.provider, row.name): row for row in rows(GpuInstance)}
    for check in rows(GpuPriceCheck):
        assert listed[check.provider, check.instance].source != check.source


def test_a_retired_model_is_known_to_the_price_catalogue_but_not_offered():
    for row in rows(RetiredModel):
        price = token_prices.price(row.provider, row.model)
        assert price.last_day == row.last_day
        assert f"it is {day(row.last_day)}." in price.fact.why
        assert (row.model in token_prices.models(row.provider)) is (
            token_prices.answers(row.provider, row.model) and row.last_day >= PRICES_AS_OF
        )
    offered = {(price.provider, price.model) for price in token_prices.listed()}
    assert ("groq", "qwen/qwen3-32b") not in offered
    assert ("anthropic", "claude-2") not in offered


ENDED = {  # names of one page, which ends some of them two a day
    "meta-llama/llama-4-scout-17b-16e-instruct": date(2026, 7, 17),
    "llama-3.1-8b-instant": date(2026, 8, 16),
    "meta-llama/llama-4-maverick-17b-128e-instruct": date(2026, 3, 9),
    "moonshotai/kimi-k2-instruct": date(2025, 10, 10),
    "deepseek-r1-distill-llama-70b": date(2025, 10, 2),
    "mixtral-8x7b-32768": date(2025, 3, 20),
}


def test_a_page_of_ended_models_is_taken_whole():
    assert {name: token_prices.last_day("groq", name) for name in ENDED} == ENDED
    assert token_prices.last_day("together", "meta-llama/Llama-2-70b-chat-hf") == date(2024, 8, 22)


def test_what_a_host_has_ended_is_not_sold_there_through_another():
    ended = {(row.provider, row.model.lower()) for row in rows(RetiredModel) if row.last_day < PRICES_AS_OF}
    sold = [(price.provider, price.model.lower()) for price in token_prices.listed()]
    through = [(provider.removeprefix("huggingface_"), model) for provider, model in sold if "huggingface" in provider]
    assert through
    assert not [(host, model) for host, model in through if (host, model) in ended]


def test_what_a_broker_has_left_from_a_former_list_is_not_offered():
    sold = {model for provider, model in ((price.provider, price.model) for price in token_prices.listed())
            if provider == "openrouter"}  # fmt: skip
    assert not {model for model in sold if "/" not in model}
    assert not {"anthropic/claude-2", "anthropic/claude-3.5-sonnet", "openai/gpt-4.5-preview", "openai/o1-mini"} & sold
    # Bedrock sells one that Anthropic ended on the day, and an open model outlives its maker's offer.
    assert {"anthropic/claude-sonnet-4.5", "openai/gpt-oss-120b", "anthropic/claude-opus-5.5", "openai/gpt-5"} <= sold


def test_nobody_asks_less_than_half_of_what_a_maker_does_for_what_it_keeps_to_itself():
    """Batches cost half, and no maker gives more: what costs less comes from nobody knows where."""
    kinds = ("input_usd_per_mtok", "output_usd_per_mtok")
    own = {plain_name(price.model): price for price in token_prices.listed() if price.provider in token_prices.CLOSED}
    compared = [(price, own[name]) for price in token_prices.listed() if (name := plain_name(price.model)) in own]
    assert len(compared) > len(own) + 100
    below = [price.fact.source for price, maker in compared
             if all(getattr(price.prices, kind) < 0.5 * getattr(maker.prices, kind) for kind in kinds)]  # fmt: skip
    assert below == []
    assert token_prices.price("quicksilverpro", "claude-opus-5-5").prices.input_usd_per_mtok == 1.0, "on a bill"


def test_what_answers_no_request_of_text_is_not_offered_and_has_its_price_on_a_bill():
    sold = {(price.provider, price.model) for price in token_prices.listed()}
    names = [model.lower() for _, model in sold]
    for word in ("tts", "transcribe", "realtime", "sonic", "image", "embed", "guard", "ocr", "robotics"):
        assert not [name for name in names if word in name]
    elsewhere = {
        "openai": ("gpt-image-2", "gpt-4o-transcribe", "gpt-4o-mini-tts", "gpt-realtime-2", "gpt-audio"),
        "google": ("gemini-3.8-flash-tts", "gemini-nano-banana-2.1", "gemini-robotics-er-2-preview"),
        "groq": ("meta-llama/llama-prompt-guard-2-22m", "openai/gpt-oss-safeguard-20b"),
        "mistral": ("mistral-embed",), "zai": ("GLM-OCR",), "perplexity": ("sonar-deep-research",),
        "aws": ("amazon.nova-2-sonic-v1:0",),
        "novita": ("deepseek/deepseek-ocr-2", "zai-org/autoglm-phone-9b-multilingual"),
    }  # fmt: skip
    for provider, models in elsewhere.items():
        assert not {(provider, model) for model in models} & sold
        assert all(token_prices.price(provider, model).prices.input_usd_per_mtok for model in models)
    assert {("groq", "openai/gpt-oss-120b"), ("google", "gemini-3.8-flash"), ("perplexity", "perplexity/sonar")} <= sold
    assert not [model for _, model in sold if "contributor" in model]
    assert not {"cursor", "github-copilot"} & set(token_prices.providers())
    assert any("vision" in name for name in names)  # a model that also sees pictures answers texts


def test_a_retired_model_is_refused_with_its_last_day():
    with pytest.raises(ScenarioError, match=r"Model 'qwen/qwen3-32b' was sold until 2026-07-17\."):
        new_option("token_api", "Qwen", {"provider": "groq", "model": "qwen/qwen3-32b"})


@pytest.mark.parametrize("slug", presets())
def test_every_model_of_a_preset_is_sold(slug):
    for option in preset(slug).scenario.options.values():
        if option.kind == "token_api":
            assert option.model in token_prices.models(option.provider)


def test_a_provider_begins_with_its_usual_model_and_goes_from_new_to_old():
    for row in rows(UsualModel):
        assert completed("token_api", {"provider": row.provider})["model"] == row.model
    anthropic = token_prices.models("anthropic")
    assert (
        anthropic.index("claude-opus-5-5") < anthropic.index("claude-sonnet-5") < anthropic.index("claude-sonnet-4-6")
    )
    openai = token_prices.models("openai")
    assert openai.index("gpt-6-luna") < openai.index("gpt-5.4-mini") < openai.index("gpt-4o-mini")


def test_a_list_of_models_says_name_price_date_context_and_last_day():
    _, model = CATALOGUES["token_prices"].selectors
    assert model.told({"provider": "anthropic"}, "claude-sonnet-5-5") == (
        "Claude Sonnet 5.5 (claude-sonnet-5-5) · 2 in, 10 out USD per million tokens · 2026-11-10 · "
        "1,000,000 tokens of context"
    )
    assert model.told({"provider": "openai"}, "gpt-5").endswith("sold until 2026-12-11")
    assert model.told({"provider": "groq"}, "qwen/qwen3-32b") == "qwen/qwen3-32b · sold until 2026-07-17"
    assert model.told({}, "a model of one's own") == "a model of one's own"
    for provider in token_prices.providers():  # a list knows its entries by what it says of them
        lines = [model.told({"provider": provider}, name) for name in model.values({"provider": provider})]
        assert len(lines) == len(set(lines))


def test_lists_of_instances_and_servers_say_price_and_date():
    _, instances = CATALOGUES["gpu_instances"].selectors
    told = instances.told({"provider": "Nebius"}, "gpu-h200-sxm_1gpu-16vcpu-200gb")
    assert told.endswith("1 x H200 SXM 141GB · 5.4 USD/GPU-hour · 2026-10-24 · a second source differs: 3.5")
    assert instances.told({"provider": "RunPod"}, "1x_A100-80GB_SECURE").endswith("a second source agrees: 1.64")
    assert instances.told({"provider": "Lambda"}, "gpu_8x_h100_sxm5").endswith("3.99 USD/GPU-hour · 2025-12-31")
    (servers,) = CATALOGUES["servers"].selectors
    assert "277,898 USD · 2026-01-15" in servers.told({}, "Lenovo SR680a V3, 8 x H200")


def test_a_catalogue_is_read_once_and_searched_by_all_words(monkeypatch):
    whole = catalogue.catalogue("Tokens", ON)
    monkeypatch.setitem(catalogue.CATALOGUES, "Tokens", lambda: pytest.fail("read again"))
    assert catalogue.catalogue("Tokens", ON) is whole
    hits = catalogue.found("Tokens", ON, "SONNET 5.5 anthropic")
    assert 0 < len(hits) < 20
    assert len(catalogue.found("Tokens", ON, " ")) == len(whole)


def test_ranges_hold_what_was_measured_in_2026():
    tokens, hours = (assumption("options.x.price_decline_per_year", kind) for kind in ("token_api", "cloud_gpu"))
    assert tokens.low < 0
    rise = 2.65 / 1.70  # of contracts for H100s over a year, between October 2025 and June 2026
    assert (1 - hours.low) ** 3 > rise
    assert assumption("options.x.lead_time_months", "on_prem").high == 12
    assert price_ranges()["on_prem.server_price_usd"].high_ratio > 1.3
    assert assumption("options.x.server_price_change_per_year", "on_prem").high >= 0.15


@pytest.mark.parametrize("name", ["Kimi K2.5", "Kimi K2.6", "moonshotai/Kimi-K2.5"])
def test_the_context_of_kimi_is_that_of_its_card(name):
    assert named(OpenModel, name).max_context_tokens == 262_144


def test_every_gpu_has_its_power_so_that_a_quotation_may_be_of_any():
    assert {row.gpu for row in rows(GpuPower)} == {row.name for row in rows(Gpu)}


def test_every_provider_has_its_own_prices_of_transfer_and_many_ask_nothing():
    prices = {row.provider: row for row in rows(TransferPrice)}
    assert {row.provider for row in rows(GpuInstance)} | {ANY_OTHER} == set(prices)
    for row in prices.values():
        assert row.band_1_to_gb_per_month <= row.band_2_to_gb_per_month <= row.band_3_to_gb_per_month
        assert row.band_2_usd_per_gb >= row.band_3_usd_per_gb >= row.band_4_usd_per_gb


@pytest.mark.parametrize(
    ("provider", "gb", "usd"),
    [("Nebius", 50_000, 0), ("CoreWeave", 1e6, 0), ("AWS", 100, 0), ("AWS", 10_100, 9_900 * 0.09 + 100 * 0.085),
     ("OCI", 10_240, 0), ("OCI", 20_240, 85), ("GCP", 1_024, 122.88), ("Our own partner", 50_000, 0)],
)  # fmt: skip
def test_transfer_is_billed_in_the_bands_of_its_provider(provider, gb, usd):
    given = {"source": "An offer", "as_of": "2026-11-01", "name": "Ours", "gpu": "H200", "gpus": 8, "region": "EU"}
    own = (made(GpuInstance, {**given, "provider": provider, "on_demand_usd_per_gpu_hour": 3}),)
    cited = instance(own[0], 36, own)
    bands = {name.removeprefix("transfer."): value for name, (value, _) in cited.items() if "transfer." in name}
    tops = [bands[f"band_{n}_to_gb_per_month"] for n in (1, 2, 3)]
    assert in_bands(gb, tops, [bands[f"band_{n}_usd_per_gb"] for n in (1, 2, 3, 4)]) == pytest.approx(usd)


def test_every_gpu_has_the_constants_of_both_kinds_of_model():
    classes = {(row.gpu, row.kind) for row in rows(ServingConstants) if row.basis == "class"}
    assert classes == {(gpu.name, kind) for gpu in rows(Gpu) for kind in ("dense", "mixture")}
