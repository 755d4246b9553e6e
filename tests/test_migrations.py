"""Documents of version 2, as it wrote them: a catalogue's rate gives way, a typed one becomes a measurement."""

import json
from contextlib import suppress
from pathlib import Path

import pytest

from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from costmodel.sizing import replica_tok_per_s
from pricing import migrations
from pricing.documents import FORMAT, VERSION, Opened, document, from_link, opened, to_link
from pricing.migrations.presets import UNSAID
from pricing.migrations.price_lists import MOVED
from pricing.presets import preset
from pricing.ranges import ranges
from pricing.selectors import completed, new_option
from tests.neutral import plain
from tests.sentence import one_sentence
from tests.strategies import ordinary_scenario
from tests.visitor import Visitor

OLD = json.loads((Path(__file__).parent / "documents_of_version_2.json").read_text("utf-8"))
OWN = "options.own_servers.serving."
TYPED = "a rate typed"


@pytest.mark.parametrize("name", OLD)
def test_every_document_of_version_2_opens_says_what_changed_and_is_kept_as_it_is_now(name):
    found = opened(OLD[name])
    assert found.notes
    for note in found.notes:
        one_sentence(note)
    again = from_link(to_link(document(found)))
    assert document(found)["version"] == VERSION
    assert plain(again.scenario) == plain(found.scenario)
    assert again.notes == ()
    assert all(cost.net_present_cost_usd > 0 for cost in compare(found.scenario).costs.values())


def test_a_typed_rate_becomes_what_was_measured_and_comes_back_exactly():
    found = opened(OLD[TYPED])
    serving = found.scenario.options["own_servers"].serving
    assert serving.measured_tok_per_s_per_gpu == 1800
    assert (serving.measured_input_tokens, serving.measured_output_tokens) == (1024, 1024)
    assert serving.measured_time_per_token_ms == 50
    assert any("Own servers keeps the 1,800 tokens" in note for note in found.notes)
    as_measured = {
        "workload.input_tokens_per_request": 1024.0,
        "workload.output_tokens_per_request": 1024.0,
        "workload.cached_input_frac": 0.0,
        "workload.time_per_token_limit_ms": 50.0,
    }
    task = compare(found.scenario.vary(as_measured))["own_servers"].task
    assert replica_tok_per_s(task) == pytest.approx(1800, rel=1e-12)


def test_what_was_said_of_chance_goes_on_about_the_number_that_took_its_place():
    measured = OWN + "measured_tok_per_s_per_gpu"
    found = opened(OLD[TYPED])
    assert (found.ranges[measured].low, found.ranges[measured].base, found.ranges[measured].high) == (900, 1800, 2700)
    assert dict(found.correlations) == {(measured, "workload.growth_per_year"): 0.5}
    of_catalogue = opened(OLD["a range on the catalogue's rate"])
    spread = of_catalogue.ranges[OWN + "throughput_ratio"]
    assert (spread.low, spread.base, spread.high) == pytest.approx((0.5, 1, 2))
    assert of_catalogue.scenario.options["own_servers"].serving.measured_tok_per_s_per_gpu == 0
    assert ranges(found.scenario, found.ranges)[measured].high == 2700


def test_a_catalogue_choice_has_the_figures_that_the_catalogue_gives_now():
    changed = opened(OLD["another model and GPU chosen"]).scenario.options["own_servers"]
    picked = {"server": changed.server, "serving.model": "Llama 3.3 70B", "serving.precision": "FP8"}
    fresh = new_option("on_prem", "x", completed("on_prem", {**picked, "serving.gpus_per_replica": 2}))["serving"]
    assert plain(changed.serving) == fresh
    added = opened(OLD["an option added from the catalogue"]).scenario.options["l40s"].serving
    assert added.measured_tok_per_s_per_gpu == 0, "a roofline was the catalogue's own"
    assert added.layers == 40


def test_a_model_of_ones_own_keeps_its_numbers_and_takes_the_rest_from_the_nearest():
    mine = opened(OLD["a model of one's own"]).scenario.options["mine"].serving
    assert (mine.model, mine.total_params_b, mine.active_params_b) == ("ourmodel 40B", 40, 40)
    assert (mine.measured_tok_per_s_per_gpu, mine.measured_input_tokens) == (950, 2000)
    assert mine.bandwidth_utilization_frac == mine.cache_bandwidth_utilization_frac == 0.6


def test_what_version_2_did_not_say_takes_the_preset_of_today_at_the_prices_of_its_day():
    found = opened(OLD["nothing about serving"])
    prices = ("on_demand", "reserved", "spot")
    cloud = [*(f"{name}_usd_per_gpu_hour" for name in prices), "tuning.rented_usd_per_gpu_hour"]
    then = {f"options.cloud_on_demand.{name}": 2.59 for name in cloud} | {"energy.electricity_usd_per_kwh": 0.13}
    own = {"workload.requests_per_month": 5e5, "rules.peak_must_be_carried": False}
    as_version_7 = {"format": FORMAT, "version": 7, "preset": "startup", "changes": {**then, **own}}
    assert plain(found.scenario) == plain(opened(as_version_7).scenario)
    assert found.scenario["options.cloud_on_demand.on_demand_usd_per_gpu_hour"] == 2.59


ANYTHING = [None, True, 5, -15, "text", [], [[]], {}, {"a": []}]
PLACES = ["changes", "added", "ranges", "correlations", "preset"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", ANYTHING, ids=str)
def test_a_damaged_document_of_version_2_is_refused_or_opens(place, value):
    for content in (value, {OWN + "anchor_tok_per_s_per_gpu": value}, {"mine": {"serving": {"model": value}}}):
        for part in (content, [[OWN + "anchor_input_tokens", content, 0.5]]):
            with suppress(ScenarioError):
                opened({**OLD[TYPED], place: part})


def test_a_document_brings_no_notes_of_its_own():
    with pytest.raises(ScenarioError, match="unknown part 'notes'"):
        opened({**OLD[TYPED], "notes": ["You have won."]})


def test_the_page_tells_what_changed_until_the_first_edit():
    visitor = Visitor(to_link(OLD[TYPED])).go("sizing")
    told = [info.value for info in visitor.at.info]
    assert any("Throughput is now worked out" in text for text in told)
    assert any("as a measurement of your own" in text for text in told)
    visitor.enter("sized", "own_servers")
    assert any("1,800" in box.value for box in visitor.at.success), "what the option is sized from"
    visitor.press("Reset")
    assert not [info.value for info in visitor.at.info if "Throughput is now" in info.value]


def version_6(preset_slug, **parts):
    return {"format": FORMAT, "version": 6, "preset": preset_slug, **parts}


def test_a_scenario_that_was_worked_on_keeps_the_prices_it_was_made_with():
    found = opened(version_6("assistant", changes={"workload.requests_per_month": 5e6}))
    cloud = found.scenario.options["cloud_on_demand"]
    assert (cloud.on_demand_usd_per_gpu_hour, cloud.spot_usd_per_gpu_hour) == (3.5, 1.45)
    assert found.scenario.energy.electricity_usd_per_kwh == 0.13
    assert any("Prices stay" in note for note in found.notes)
    api = opened(version_6("automotive", removed=["edge"])).scenario.options["open_api"]
    assert (api.provider, api.model, api.prices.input_usd_per_mtok) == ("groq", "qwen/qwen3-32b", 0.29)


def test_a_scenario_that_is_its_preset_follows_it_and_the_readers_own_price_stays():
    assert plain(opened(version_6("assistant", name="Mine")).scenario) == plain(preset("assistant").scenario)
    own = {"options.cloud_on_demand.on_demand_usd_per_gpu_hour": 2.75}
    assert opened(version_6("assistant", changes=own)).scenario[next(iter(own))] == 2.75
    without = opened(version_6("media", removed=["cloud_on_demand"]))
    assert "cloud_on_demand" not in without.scenario.options


PRESETS_OF_7 = json.loads((Path(migrations.__file__).parent / "presets_of_7.json").read_text("utf-8"))


COSTS_OF_7 = {  # preset -> net present cost of each option with a growth of 11.1 % a year, as version 7 worked it out
    "assistant": [866233.31, 728177.72, 2102043.24, 2145229.47, 2866913.41],
    "healthcare": [1534439.89, 949933.99, 2367642.68, 2402028.34, 2459349.56],
    "automotive": [1126462.38, 736964.28, 2832135.29, 8266869.75],
    "finance": [
        12223531.45,
        1815912.3,
        1525173.48,
        3017065.32,
        3109111.07,
        1738285.03,
    ],  # its hybrid then had nobody for the last of the peak
    "media": [1860521.44, 1008277.96, 2459062.89, 3925681.37],
    "startup": [276697.14, 262962.93, 252533.36, 778299.23, 850575.18],
    "batch": [18505386.31, 6896620.62, 5313826.54, 4040997.04, 5550431.34],
}


@pytest.mark.parametrize("slug", PRESETS_OF_7)
def test_a_scenario_made_from_a_preset_of_version_7_keeps_all_that_the_preset_had_then(slug):
    then = PRESETS_OF_7[slug]
    grown = {"workload.growth_per_year": 0.111}
    found = opened({"format": FORMAT, "version": 7, "preset": slug, "changes": grown}).scenario
    assert list(found.options) == list(then["options"])
    expected = flat({**then, "workload": {**then["workload"], "growth_per_year": 0.111}})
    assert {path: found[now] for path in expected for now in places_of(path)} == expected
    costs = [cost.net_present_cost_usd for cost in compare(found).costs.values()]
    assert costs == pytest.approx(COSTS_OF_7[slug], abs=0.006)


def places_of(path):
    """Where version 8 has the value that version 7 had at a path."""
    head, _, name = path.rpartition(".")
    return [f"{head}.{place}" for place in MOVED[name]] if path.startswith("options.") and name in MOVED else [path]


def flat(groups, prefix=""):
    found = {}
    for name, value in groups.items():
        found |= flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return found


def _without(fields, unsaid):
    """Fields without those that came later."""
    return {name: _without(value, unsaid[name]) if isinstance(unsaid.get(name), dict) else value
            for name, value in fields.items() if name not in unsaid or isinstance(unsaid[name], dict)}  # fmt: skip


@pytest.mark.parametrize("kind", ["token_api", "cloud_gpu", "on_prem", "edge", "hybrid"])
def test_an_option_of_todays_version_that_lacks_fields_which_came_since_has_them_as_they_were(kind):
    options = {slug: plain(option) for slug, option in ordinary_scenario().options.items()}
    base = document(Opened(ordinary_scenario(), "assistant"))
    assert base["added"][kind].keys() == options[kind].keys() - {"model_refused"}
    short = {**base, "added": {**base["added"], kind: _without(base["added"][kind], UNSAID[kind])}}
    assert short != base
    found = plain(opened(short).scenario.options[kind])
    for name, value in UNSAID[kind].items():
        assert found[name] == ({**found[name], **value} if isinstance(value, dict) else value)
    assert _without(found, UNSAID[kind]) == _without(options[kind], UNSAID[kind])


def test_what_version_7_could_not_say_stays_off_whatever_presets_have_since(monkeypatch):
    today = preset("assistant")
    with_application = today.scenario.vary({"application.application_included": True})
    changed = today.model_copy(update={"scenario": with_application})
    monkeypatch.setattr(migrations.presets, "preset", lambda slug: changed)
    added = {"mine": PRESETS_OF_7["assistant"]["options"]["open_api"]}
    worked_on = {"format": FORMAT, "version": 7, "preset": "assistant", "added": added}
    new = migrations.presets.with_presets_of_7(worked_on)
    assert new["changes"]["application.application_included"] is False
    assert new["added"]["mine"]["brings_application"] is False
