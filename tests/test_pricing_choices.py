"""Choices from the catalogues make options that the engine accepts, and each figure can be traced to its row."""

import pytest

from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from costmodel.replica import concurrency, tok_per_s
from costmodel.scenario import Scenario, with_option
from costmodel.serving import assembled
from pricing import choices, tariffs, token_prices
from pricing.assumptions import base_groups, base_option
from pricing.documents import Opened, document, from_link, to_link
from pricing.facts import GpuInstance, OpenModel, Server, named, rows
from pricing.presets import DEFAULT, preset
from pricing.selectors import new_option, written
from pricing.throughput import smallest_replica

LLAMA_ON_H100 = choices.serving("Llama 3.3 70B", "FP8", "H100 SXM 80GB", 2)
NO_PLAN = choices.support_plan("No support plan")


def option(kind, *chosen, **fields):
    return choices.merged(base_option(kind), *chosen, fields)


@pytest.fixture(scope="module")
def scenario():
    options = {
        "frontier": option("token_api", choices.token_api("anthropic", "claude-sonnet-5-5")),
        "open_model": option("token_api", choices.token_api("groq", "llama-3.3-70b-versatile")),
        "autoscaled": option("cloud_gpu", choices.instance("AWS", "p5.48xlarge"), LLAMA_ON_H100, NO_PLAN),
        "committed": option(
            "cloud_gpu",
            choices.instance("Azure", "ND96isr H100 v5", term_months=36),
            LLAMA_ON_H100,
            choices.support_plan("AWS Business"),
            billing="reserved",
        ),
        "own": option(
            "on_prem", choices.server("Lenovo SR680a V3, 8 x H100"), LLAMA_ON_H100, bridge_option="open_model"
        ),
    }
    return Scenario.build({**base_groups(), "options": options})


def test_the_five_ways_of_the_default_question_can_be_compared(scenario):
    costs = compare(scenario).costs
    totals = {slug: float(cost.net_present_cost_usd) for slug, cost in costs.items()}
    assert len(totals) == 5
    assert all(100_000 < total < 10_000_000 for total in totals.values())
    assert costs["committed"].lines["commitment"][1] == pytest.approx(8 * 730 * 5.395)
    assert costs["own"].lines["servers"][0] == 250_141.80


def test_every_server_and_every_instance_makes_an_option():
    small = choices.serving("Llama 3.1 8B", "FP8", "L4", 1)
    options = {f"server_{i}": option("on_prem", choices.server(s.name), small) for i, s in enumerate(rows(Server))}
    for i, row in enumerate(rows(GpuInstance)):
        chosen = choices.instance(row.provider, row.name, region=row.region)
        assert chosen["on_demand_usd_per_gpu_hour"] == row.on_demand_usd_per_gpu_hour
        options[f"instance_{i}"] = option("cloud_gpu", chosen, small, NO_PLAN)
    compare(Scenario.build({**base_groups(), "options": options}))


@pytest.mark.parametrize("model", [row.name for row in rows(OpenModel)])
def test_every_model_fits_into_its_smallest_replica(model):
    for precision in ("FP16", "FP8", "FP4"):
        gpus = smallest_replica(model, precision, "H100", 3000)
        served = choices.serving(model, precision, "H100", gpus)
        own = option("on_prem", choices.server("Lenovo SR680a V3, 8 x H100"), served)
        cost = compare(Scenario.build({**base_groups(), "options": {"own": own}}))["own"]
        assert cost.net_present_cost_usd > 0


def test_without_a_published_commitment_or_spot_offer_the_list_price_stands_and_is_marked(scenario):
    chosen = choices.instance("Lambda", "gpu_8x_b200_sxm6")
    listed = chosen["on_demand_usd_per_gpu_hour"]
    assert (chosen["reserved_usd_per_gpu_hour"], chosen["spot_usd_per_gpu_hour"]) == (listed, listed)
    facts = choices.sources(scenario.options["autoscaled"], scenario.workload)
    assert facts["reserved_usd_per_gpu_hour"].fact.why.startswith("No price for 36 months")
    assert facts["reserved_usd_per_gpu_hour"].fact.confidence == "estimate"


def test_a_commitment_is_priced_by_its_term():
    prices = [
        choices.instance("Azure", "ND96isr H100 v5", months)["reserved_usd_per_gpu_hour"] for months in (12, 36, 60)
    ]
    assert prices == [7.865, 5.395, 4.915]


def test_a_choice_writes_the_longest_request_of_its_model():
    """What the host says, else what the open model takes at most, else 0: not known."""
    longest = {
        ("openai", "gpt-6.1-sol"): 1_050_000,
        ("together", "openai/gpt-oss-120b"): 131_072,
    }
    for choice, tokens in longest.items():
        assert choices.token_api(*choice)["context_window_tokens"] == tokens
    served = choices.serving("Qwen3 32B", "FP8", "H100", 2)
    assert served["context_window_tokens"] == named(OpenModel, "Qwen3 32B").max_context_tokens
    every = [(host, model) for host in token_prices.providers() for model in token_prices.models(host)]
    silent = [choice for choice in every if not token_prices.price(*choice).context_window_tokens]
    found = {choices.token_api(*choice)["context_window_tokens"] for choice in silent}
    assert 0 in found
    assert found <= {0, *(row.max_context_tokens for row in rows(OpenModel))}
    assert len(found) > 1, "open models of hosts that say nothing"


def test_a_region_has_its_own_price():
    here, there = (choices.instance("AWS", "p5.48xlarge", region=region) for region in ("us-east-1", "eu-west-2"))
    assert here["on_demand_usd_per_gpu_hour"] == 6.88
    assert there["on_demand_usd_per_gpu_hour"] == 8.944


def test_power_is_that_of_the_gpus_of_the_machine():
    assert choices.server("Lenovo SR680a V3, 8 x H100")["power"]["server_max_kw"] == pytest.approx(10.2)
    assert choices.instance("AWS", "p5.4xlarge")["power"]["server_max_kw"] == pytest.approx(10.2 / 8)


@pytest.mark.parametrize(
    ("choose", "complaint"),
    [
        (lambda: choices.instance("Amazing", "p5.48xlarge"), "not a provider in the GPU catalogue"),
        (lambda: choices.instance("AWS", "p5.48xlarg"), "Did you mean p5.48xlarge"),
        (lambda: choices.instance("AWS", "p5.48xlarge", region="mars"), "us-east-1"),
        (lambda: choices.server("Lenovo SR680a"), "Did you mean Lenovo SR680a V"),
        (lambda: choices.support_plan("AWS Busines"), "Did you mean AWS Business"),
        (lambda: tariffs.area("Untied States"), "Did you mean United States"),
        (lambda: choices.wages("Californa"), "Did you mean California"),
    ],
)
def test_an_unknown_choice_is_refused_with_the_nearest_names(choose, complaint):
    with pytest.raises(ScenarioError, match=complaint):
        choose()


def test_every_figure_from_a_catalogue_has_its_source_and_is_unchanged_at_first(scenario):
    for slug, one in scenario.options.items():
        found = choices.sources(one, scenario.workload)
        assert found, slug
        assert all(source.unchanged for source in found.values()), slug
        assert all(choices.value_at(one, path) == source.value for path, source in found.items())
    own = choices.sources(scenario.options["own"], scenario.workload)
    assert own["server_price_usd"].fact.source.startswith("Lenovo Press LP2368")
    assert own["serving.bandwidth_utilization_frac"].fact.basis == "measured"
    frontier = choices.sources(scenario.options["frontier"], scenario.workload)
    assert frontier["prices.input_usd_per_mtok"].fact.as_of.year == 2026
    committed = choices.sources(scenario.options["committed"], scenario.workload)
    assert committed["support.band_2_frac"].fact.source == "AWS Support plan pricing"


def test_an_edit_is_told_from_the_catalogue(scenario):
    edited = scenario.vary({"options.own.server_price_usd": 300_000.0, "options.autoscaled.term_months": 12})
    own = choices.sources(edited.options["own"], edited.workload)
    assert not own["server_price_usd"].unchanged
    assert own["server_price_usd"].value == 250_141.80
    assert own["power.server_max_kw"].unchanged


def test_a_thing_of_ones_own_has_no_source(scenario):
    edited = scenario.vary(
        {
            "options.own.server": "Built by ourselves",
            "options.frontier.model": "our-contract",
            "options.committed.support.band_1_frac": 0.02,
        }
    )
    assert "server_price_usd" not in choices.sources(edited.options["own"], edited.workload)
    unknown = choices.sources(edited.options["frontier"], edited.workload)
    assert {path: (source.value, source.fact.confidence) for path, source in unknown.items()} == {
        "token_ratio": (1, "judgement"), "reasoning_frac": (0, "judgement"),
    }, "of what nobody counted it is said so"  # fmt: skip
    assert "support.band_1_frac" not in choices.sources(edited.options["committed"], edited.workload)


def test_what_serving_achieves_hangs_on_model_precision_and_gpu_alone(scenario):
    """Lengths, limits, the number of GPUs and the order of choices change no figure that the catalogue writes."""
    alone = choices.serving("Llama 3.3 70B", "FP8", "H100 SXM 80GB", 8)
    assert {**alone["serving"], "gpus_per_replica": 2} == LLAMA_ON_H100["serving"]
    picked = {"server": "Lenovo SR680a V3, 8 x H200", "serving.model": "gpt-oss 120B", "serving.precision": "FP4"}
    straight = written("on_prem", {**picked, "serving.gpus_per_replica": 1})
    detour = {**picked, "serving.model": "DeepSeek V3", "serving.precision": "FP8", "serving.gpus_per_replica": 8}
    assert written("on_prem", {**detour, **picked, "serving.gpus_per_replica": 1}) == straight


def test_a_compressed_cache_is_kept_once_where_that_serves_more():
    """Beside MLPerf 6.1 of DeepSeek R1 on eight B200 in FP4: 7,364 tokens/s per GPU offline, 6,999 within 80 ms."""
    chosen = choices.serving("DeepSeek V3", "FP4", "B200 SXM 180GB", 8)["serving"]
    assert chosen["attention_parallel"] == "data"
    served = assembled({**base_option("on_prem")["serving"], **chosen, "pruned_frac": 0})
    for limit_ms, published in ((1e4, 7364.2), (80.0, 6999.4)):
        batch = concurrency(served, 800, 0, 3900, limit_ms)
        assert tok_per_s(served, batch, 800, 0, 3900) / 8 == pytest.approx(published, rel=0.1)


@pytest.mark.parametrize(
    "of", [("DeepSeek V3", "FP8", "B200 SXM 180GB", 1), ("gpt-oss 120B", "FP4", "H200 SXM 141GB", 8)]
)
def test_attention_is_split_where_there_is_one_gpu_or_a_cache_of_many_heads(of):
    assert choices.serving(*of)["serving"]["attention_parallel"] == "tensor"


def test_how_attention_is_split_has_its_source_and_documents_that_split_it_otherwise_keep_theirs():
    picked = {"server": "Lenovo SR680a V3, 8 x H200", "serving.model": "Kimi K2", "serving.precision": "INT4",
              "serving.gpus_per_replica": 8}  # fmt: skip
    path = "serving.attention_parallel"
    base = preset(DEFAULT).scenario
    now = with_option(base, "own", new_option("on_prem", "Own", picked))
    assert now[f"options.own.{path}"] == "data"
    assert choices.sources(now.options["own"], now.workload)[path].unchanged
    split = now.vary({f"options.own.{path}": "tensor"})
    assert path not in choices.sources(split.options["own"], split.workload), "the switch of the base says why"
    assert from_link(to_link(document(Opened(split, DEFAULT)))).scenario == split


def test_merging_goes_into_groups_and_the_later_wins():
    assert choices.merged({"a": {"b": 1, "c": 2}}, {"a": {"c": 3}, "d": 4}) == {"a": {"b": 1, "c": 3}, "d": 4}
