"""What the verdict says of models that are not compared, and how one is taken in and marked."""

import pytest

from costmodel.comparison import compare
from pricing.documents import Opened, document, from_json, to_json, to_link
from pricing.market import hosts, market, model_of, offers, open_models
from pricing.marks import Mark, marks
from pricing.presets import preset, presets
from pricing.same_model import plain_name
from reports.words.edits import edit_named
from reports.words.market import cheaper, evaluated, frontier_title
from reports.words.order import MODEL_ERROR
from reports.words.text import percent
from tests.visitor import Visitor

BATCH = preset("batch").scenario
COMPARED = {plain_name("gpt-oss-120b"): Mark(accepted=False)}


def usd_of(scenario, row):
    return float(market(scenario, [row]).usd[0])


@pytest.mark.parametrize("slug", presets())
def test_the_verdict_names_the_cheapest_host_of_an_open_model_that_is_compared(slug):
    comparison = compare(preset(slug).scenario)
    scenario = comparison.scenario
    found = cheaper(comparison, {})
    compared = {model_of(option) for option in scenario.options.values()} & set(open_models())
    rows = [row for name in compared for row in hosts(name)]
    kept = market(scenario, rows)
    apis = {model_of(option): comparison[each] for each, option in scenario.options.items()
            if option.kind == "token_api" and model_of(option) in compared}  # fmt: skip
    if found is None:
        for place in kept.keeps_rules.nonzero()[0]:
            api = apis.get(plain_name(rows[place].model))
            assert api is None or kept.usd[place] >= (1 - MODEL_ERROR) * float(api.net_present_cost_usd)
    else:
        assert plain_name(found.row.model) in compared
        assert usd_of(scenario, found.row) == pytest.approx(kept.usd[kept.keeps_rules].min())
        assert f"at {found.row.seller} than" in found.sentence
        assert "not in this comparison" in found.sentence


def test_a_host_that_costs_less_than_every_option_is_told_so():
    scenario = preset("media").scenario
    found = cheaper(compare(scenario), {})
    least = min(float(cost.net_present_cost_usd) for cost in compare(scenario).costs.values())
    assert usd_of(scenario, found.row) < least
    assert "The same gpt-oss 120B costs" in found.sentence
    assert "less than every option here" in found.sentence


def test_the_same_model_is_measured_against_the_option_that_serves_it():
    options = {slug: BATCH.options[slug] for slug in ("frontier_api", "own_servers")}
    own = BATCH.vary({}, options={**options, "own_servers": {**dict(options["own_servers"]), "bridge_option": ""}})
    comparison = compare(own.vary({"workload.requests_per_month": 1e6, "rules.peak_must_be_carried": False}))
    found = cheaper(comparison, {})
    least = percent(1 - usd_of(comparison.scenario, found.row) / float(comparison["own_servers"].net_present_cost_usd))
    assert f"The same gpt-oss 120B costs {least} less at {found.row.seller} than Own servers" in found.sentence


def test_only_a_model_that_the_reader_accepted_is_named_beside_those_compared():
    named = plain_name(cheaper(compare(BATCH), {}).row.model)
    assert named == "gpt-oss-120b"
    assert cheaper(compare(BATCH), COMPARED) is None
    found = cheaper(compare(BATCH), {**COMPARED, "nova-micro": Mark(accepted=True)})
    assert found.sentence.startswith("Nova Micro, which you accepted, costs")
    assert cheaper(compare(BATCH), {**COMPARED, "nova-micro": Mark(points=90.0)}) is None


def test_what_the_rules_ask_and_a_row_does_not_say_is_told():
    strict = {"rules.data_must_stay_in_region": True, "rules.response_time_limit_s": 600.0}
    told = cheaper(compare(BATCH.vary(strict)), {}).sentence
    assert "Not known: the region and the response time." in told


def test_nothing_that_breaks_a_rule_is_named():
    scenario = BATCH.vary({"rules.sensitive_data_stays": True, "workload.sensitive_frac": 0.2})
    assert cheaper(compare(scenario), {}) is None


def test_marks_are_kept_in_the_document():
    said = {
        "gpt-oss-120b": Mark(accepted=True, why="good enough", points=81.5),
        "o3": Mark(accepted=False),
        "x": Mark(),
    }
    opened = from_json(to_json(document(Opened(BATCH, "batch", marks=said))))
    assert opened.marks == {name: mark for name, mark in said.items() if mark != Mark()}
    assert "marks" not in document(Opened(BATCH, "batch"))


@pytest.mark.parametrize("entry", [[1, "", None], [True, "", 101], [True, "", -1], [True, "", True], [True, "a\nb", 1],
                                   [True, 3, 1], [True, ""], "yes", [None, "", float("nan")]])  # fmt: skip
def test_a_mark_that_cannot_be_read_is_refused_in_a_sentence(entry):
    with pytest.raises(ValueError, match="The mark of 'o3' must be"):
        marks({"o3": entry})


def test_the_overview_takes_what_is_cheaper_into_the_comparison_with_one_click():
    visitor = Visitor(to_link(document(Opened(BATCH, "batch"))))
    named = cheaper(compare(BATCH), {})
    assert named.sentence in visitor.html
    visitor.press("Take it into the comparison")
    now = visitor.opened.scenario
    slug, taken = next((slug, option) for slug, option in now.options.items() if slug not in BATCH.options)
    assert (taken.provider, taken.model) == (named.row.provider, named.row.model)
    assert float(compare(now)[slug].net_present_cost_usd) == pytest.approx(usd_of(BATCH, named.row), rel=1e-9)
    assert named.sentence not in visitor.html


def test_marks_are_an_edit_that_undo_names():
    before, after = Opened(BATCH, "batch"), Opened(BATCH, "batch", marks={"gpt-oss-120b": Mark(accepted=True)})
    assert edit_named(before, after) == edit_named(after, before) == "mark of gpt-oss 120B"


def test_a_mark_under_another_name_of_the_model_is_the_models():
    assert marks({"claude-haiku-4-5-20251001": [True, "", None]}) == {"claude-haiku-4-5": Mark(accepted=True)}


def test_the_frontier_holds_the_models_that_none_beats_in_both():
    said = {"gpt-oss-120b": 78.0, "gpt-oss-20b": 61.0, "claude-haiku-5-5": 84.0, "gpt-5.4-mini": 70.0, "unsold": 99.0}
    marks = {plain_name(name): Mark(points=points) for name, points in said.items()}
    models = evaluated(market(BATCH, offers()), marks)
    assert [model.points for model in models] == sorted(points for name, points in said.items() if name != "unsold")
    for model in models:
        better = [other for other in models if other.points > model.points and other.usd <= model.usd]
        assert model.ahead == (not better)
    assert "Claude Haiku 5.5" in frontier_title(models)


@pytest.fixture(scope="module")
def visitor():
    return Visitor(to_link(document(Opened(BATCH, "batch")))).go("models")


def shown(visitor):
    return visitor.at.dataframe[0].value


def test_the_page_lists_every_offer_that_keeps_the_rules_the_cheapest_first(visitor):
    found = market(BATCH, offers())
    assert len(shown(visitor)) == found.keeps_rules.sum()
    assert list(shown(visitor)["Cost"][:50]) == pytest.approx(sorted(found.usd[found.keeps_rules])[:50], abs=0.5)
    assert not shown(visitor)["Rules"].str.contains("broken").any()
    unknown = shown(visitor)["Longest request"].isna()
    assert (shown(visitor)["Not known"].str.contains("longest request") == unknown).all()


def test_words_find_a_model_at_a_host_which_is_marked_and_taken_in(visitor):
    visitor.enter("models_find", "gpt-oss 120b groq")
    assert set(shown(visitor)["Model"]) == {"gpt-oss 120B"}
    visitor.enter("models_one", "groq openai/gpt-oss-120b")
    visitor.enter("mark:gpt-oss-120b:accepted", "accepted").enter("mark:gpt-oss-120b:points", 78.0)
    visitor.enter("mark:gpt-oss-120b:why", "as good as people")
    assert visitor.opened.marks == {"gpt-oss-120b": Mark(accepted=True, why="as good as people", points=78.0)}
    assert set(shown(visitor)["Mark"]) == {"accepted"}
    visitor.press("Take it into the comparison")
    taken = visitor.opened.scenario.options["gpt_oss_120b_at_groq"]
    assert (taken.provider, taken.model, taken.label) == ("groq", "openai/gpt-oss-120b", "gpt-oss 120B at Groq")
