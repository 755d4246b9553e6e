"""The fact tables: every row valid, every name known to the tables it points to, no figure that contradicts another."""

from collections import Counter
from datetime import date

import pytest
from pydantic import ValidationError

from costmodel.errors import ScenarioError
from pricing.facts import (
    FILES,
    FOLDER,
    STALE_AFTER_DAYS,
    BatchTerms,
    Compression,
    ElectricityPrice,
    Fact,
    Gpu,
    GpuCommitment,
    GpuInstance,
    GpuPower,
    GpuPriceCheck,
    MlperfResult,
    NotOffered,
    OpenModel,
    PromptCaching,
    Reasoning,
    RetiredModel,
    Salary,
    SeatPrice,
    Server,
    ServingCeiling,
    ServingConstants,
    ServingPoint,
    SupportPlan,
    TokenizerFamily,
    TokenRatios,
    TransferPrice,
    UsualModel,
    find,
    named,
    rows,
)

FACT = {
    "source": "A price page",
    "source_url": "https://example.com/prices",
    "as_of": "2026-01-31",
    "checked_on": "2026-11-23",
    "confidence": "vendor",
    "why": "",
}
NAMED = [kind for kind in FILES if "name" in kind.model_fields]
KEYS = {
    GpuPower: ("gpu",),
    TokenRatios: ("family",),
    TokenizerFamily: ("pattern",),
    NotOffered: ("provider", "pattern"),
    Reasoning: ("pattern",),
    GpuInstance: ("provider", "name", "region"),
    GpuCommitment: ("provider", "instance", "term_months"),
    GpuPriceCheck: ("provider", "instance"),
    TransferPrice: ("provider",),
    SeatPrice: ("provider", "name"),
    RetiredModel: ("provider", "model"),
    UsualModel: ("provider",),
    ServingConstants: ("model", "precision", "gpu", "kind"),
    ElectricityPrice: ("name", "sector"),
    PromptCaching: ("provider", "model"),
    BatchTerms: ("provider", "model"),
    Salary: ("area", "occupation_code"),
    Compression: ("kind", "level"),
}


MEASUREMENTS = (ServingPoint, ServingCeiling, MlperfResult)  # each row is a run of its own, and runs are repeated


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind not in MEASUREMENTS])
def test_every_row_is_valid_and_none_is_there_twice(kind):
    keys = Counter(tuple(getattr(row, field) for field in KEYS.get(kind, ("name",))) for row in rows(kind))
    assert keys
    assert {key: count for key, count in keys.items() if count > 1} == {}


def test_every_file_has_a_row_type_and_is_small_enough_to_read():
    files = {name for names in FILES.values() for name in names}
    assert {file.name for file in FOLDER.iterdir()} == files
    assert all((FOLDER / name).stat().st_size < 1_000_000 for name in files)


@pytest.mark.parametrize("kind", [kind for kind in NAMED if kind not in KEYS])
def test_a_name_or_alias_means_one_row(kind):
    known = Counter(name.lower() for row in rows(kind) for name in {row.name, *row.aliases})
    assert {name: count for name, count in known.items() if count > 1} == {}


def test_every_gpu_and_model_named_anywhere_has_its_row():
    gpus, models = {row.name for row in rows(Gpu)}, {row.name for row in rows(OpenModel)}
    for kind in (GpuInstance, Server, GpuPower, ServingPoint, ServingCeiling, MlperfResult, ServingConstants):
        assert {row.gpu for row in rows(kind)} <= gpus, kind
    for kind in (ServingPoint, ServingCeiling, MlperfResult):
        assert {row.model for row in rows(kind)} <= models, kind
    assert {row.gpu for row in rows(GpuInstance)} | {row.gpu for row in rows(Server)} <= {r.gpu for r in rows(GpuPower)}
    instances = {(row.provider, row.name) for row in rows(GpuInstance)}
    assert {(row.provider, row.instance) for row in rows(GpuCommitment)} <= instances


def test_spot_and_commitments_are_cheaper_than_on_demand_and_longer_terms_never_dearer():
    for row in rows(GpuInstance):
        assert row.spot_usd_per_gpu_hour is None or row.spot_usd_per_gpu_hour < row.on_demand_usd_per_gpu_hour
        terms = sorted(
            (c.term_months, c.usd_per_gpu_hour)
            for c in rows(GpuCommitment)
            if (c.provider, c.instance) == (row.provider, row.name)
        )
        prices = [row.on_demand_usd_per_gpu_hour, *(price for _, price in terms)]
        assert prices == sorted(prices, reverse=True)


def test_hardware_is_the_right_way_up():
    for gpu in rows(Gpu):
        computes = [tflops for tflops in (gpu.fp16_tflops, gpu.fp8_tflops, gpu.fp4_tflops) if tflops]
        assert computes == sorted(computes)
    for power in rows(GpuPower):
        assert power.idle_kw_per_gpu < power.max_kw_per_gpu
        assert power.max_kw_per_gpu > named(Gpu, power.gpu).tdp_w / 1000
    for model in rows(OpenModel):
        assert model.active_params_b <= model.total_params_b
        assert (model.experts == 0) == (model.experts_per_token == 0)
        assert (model.window_tokens == 0) == (model.window_kv_fp16_bytes_per_token == 0)
        assert model.window_tokens <= model.window_kept_tokens <= model.max_context_tokens
        assert (model.sparse_read_tokens == 0) == (model.index_bytes_per_token == 0)
        assert model.index_bytes_per_token < model.kv_fp16_bytes_per_token
        assert model.experts_per_token <= model.experts
        assert model.wide_params_b < model.total_params_b / 5


def test_a_derived_tariff_of_a_server_room_is_above_that_of_a_factory():
    tariffs = {(row.name, row.sector): row for row in rows(ElectricityPrice)}
    derived = [row for row in tariffs.values() if "Industrial tariff x" in row.why]
    assert derived
    for row in derived:
        assert 1.3 <= row.usd_per_kwh / tariffs[row.name, "industrial"].usd_per_kwh <= 1.65


@pytest.mark.parametrize(
    ("name", "usd"),
    [("US-NY", 0.1914), ("US-AK", 0.2312), ("US-MA", 0.2287), ("US", 0.146), ("US-TX", 0.09)],
)
def test_states_pay_the_commercial_tariff_that_is_published(name, usd):
    tariff = find(tuple(row for row in rows(ElectricityPrice) if row.sector == "commercial"), name)
    assert tariff.usd_per_kwh == usd
    assert "5.6.A" in tariff.source


def test_britain_is_not_of_the_european_statistics():
    (tariff,) = (row for row in rows(ElectricityPrice) if row.name == "United Kingdom")
    assert 0.26 <= tariff.usd_per_kwh <= 0.35
    assert "Eurostat" not in tariff.source


def test_wages_rise_from_percentile_to_percentile():
    for row in rows(Salary):
        percentiles = (
            row.p10_usd_per_year,
            row.p25_usd_per_year,
            row.median_usd_per_year,
            row.p75_usd_per_year,
            row.p90_usd_per_year,
        )
        known = [wage for wage in percentiles if wage]
        assert known == sorted(known)


def test_bands_of_a_support_plan_rise_and_their_shares_fall():
    for plan in rows(SupportPlan):
        edges = [plan.band_1_to_usd_per_month, plan.band_2_to_usd_per_month, plan.band_3_to_usd_per_month]
        shares = [plan.band_1_frac, plan.band_2_frac, plan.band_3_frac, plan.band_4_frac]
        assert edges == sorted(edges)
        assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("name", ["H100", "h100-80gb", " H100 SXM 80GB "])
def test_a_gpu_is_found_by_any_of_its_names(name):
    assert named(Gpu, name).name == "H100 SXM 80GB"


def test_models_of_one_architecture_are_one_row():
    assert named(OpenModel, "meta-llama/Llama-3.1-70B") is named(OpenModel, "Llama 3.3 70B")


def test_an_unknown_name_is_refused_with_the_nearest_ones():
    with pytest.raises(ScenarioError, match=r"Did you mean Llama 3\.3 70B"):
        named(OpenModel, "Llama 3 70B")
    with pytest.raises(ScenarioError, match="not in the catalogue"):
        find(rows(Gpu), "abacus")


def test_a_figure_older_than_half_a_year_is_stale():
    fact = Fact.model_validate(FACT)
    assert fact.age_days(date(2026, 2, 1)) == 1
    assert not fact.is_stale(date.fromordinal(date(2026, 1, 31).toordinal() + STALE_AFTER_DAYS))
    assert fact.is_stale(date.fromordinal(date(2026, 1, 31).toordinal() + STALE_AFTER_DAYS + 1))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"confidence": "judgement"}, "says why"),
        ({"source_url": ""}, "has an address"),
        ({"source_url": "http://example.com"}, "pattern"),
        ({"source": " "}, "at least 1 character"),
        ({"checked_on": "2025-12-31"}, "before the figure's own date"),
        ({"confidence": "rumour"}, "'official'"),
        ({"page": "3"}, "Extra inputs"),
    ],
)
def test_a_row_without_evidence_is_refused(change, complaint):
    with pytest.raises(ValidationError, match=complaint):
        Fact.model_validate(FACT | change)
