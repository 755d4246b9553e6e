"""The what-if page: rank correlations are kept with the scenario, used, and refused when they cannot be."""

from datetime import date

from answers.analysis import Analysis
from costmodel.uncertainty.ranges import Range
from dashboard import state
from pricing.documents import Opened, document, from_link, to_link
from pricing.presets import DEFAULT, preset
from pricing.ranges import draws
from reports.words import chapters
from tests.sentence import one_sentence
from tests.visitor import Visitor

SCENARIO = preset(DEFAULT).scenario
GPU_HOUR, SERVER = "options.cloud_on_demand.on_demand_usd_per_gpu_hour", "options.own_servers.server_price_usd"
PAIR = tuple(sorted((GPU_HOUR, SERVER)))
REQUESTS, GROWTH = "workload.requests_per_month", "workload.growth_per_year"


def asked(*correlations: tuple[str, str, float]) -> Visitor:
    """A visitor who added these correlations."""
    visitor = Visitor().go("what_if", "correlations")
    for one, other, value in correlations:
        visitor.enter("correlate_one", one).enter("correlate_other", other).enter("correlate_by", value).press("Add")
    return visitor


def lines(visitor: Visitor) -> list[str]:
    told = [text.value for text in visitor.at.markdown if text.value.endswith(("0.50", "0.80"))]
    return [line for line in told if not line.startswith("- ")]  # that is what changed, in the side bar


def test_a_correlation_is_added_listed_linked_undone_and_removed():
    visitor = asked()
    visitor.press("Add")
    assert visitor.opened.correlations == {PAIR: 0.5}, "the GPU-hour and the server are offered first"
    (line,) = lines(visitor)
    assert "0.50" in line
    assert visitor.button("Reset").disabled is False
    assert any("What changed (1)" in box.label for box in visitor.at.expander)
    assert from_link(visitor.link).correlations == {PAIR: 0.5}
    assert Visitor(visitor.link).opened.correlations == {PAIR: 0.5}
    visitor.press("Undo")
    assert visitor.opened.correlations == {}
    visitor.enter("correlate_by", -0.3).press("Add").enter("correlate_by", 0.8).press("Add")
    assert visitor.opened.correlations == {PAIR: 0.8}, "a pair has one"
    visitor.press("Remove")
    assert visitor.opened.correlations == {}
    assert lines(visitor) == []


def test_correlations_that_contradict_each_other_are_refused_in_a_sentence_and_change_nothing():
    visitor = asked((REQUESTS, GROWTH, 0.9), (GROWTH, SERVER, 0.9))
    before = document(visitor.opened)
    visitor.enter("correlate_one", REQUESTS).enter("correlate_other", SERVER).enter("correlate_by", -0.9).press("Add")
    (sentence,) = visitor.complaints
    assert "contradict each other" in one_sentence(sentence)
    visitor.enter("correlate_one", SERVER).press("Add")
    assert "two different numbers" in one_sentence(visitor.complaints[0])
    assert document(visitor.opened) == before


def test_the_draws_of_page_overview_and_slides_use_them():
    scenario = preset("finance").scenario  # of no certain verdict
    own = {(SERVER, "options.own_servers.staff.infrastructure_engineer_fte"): 0.9}
    without, told = Opened(scenario, "finance"), Opened(scenario, "finance", correlations=own)
    for opened in (without, told):
        visitor = Visitor(to_link(document(opened)))
        assert visitor.complaints == []
        run = visitor.go("what_if").analysis.runs["monte_carlo"][1]
        assert run.draws.correlations == opened.correlations
    briefings = [chapters.briefing(Analysis(opened), date(2026, 11, 24), {}).how_sure for opened in (without, told)]
    assert briefings[0].quantiles != briefings[1].quantiles


def test_a_correlation_waits_while_a_number_is_not_drawn_and_follows_the_number_that_leads():
    own = {PAIR: 0.5, (SERVER, REQUESTS): 0.2}
    assert draws(SCENARIO, {}, own).correlations == own
    fixed = {SERVER: Range(1, SCENARIO[SERVER], 1e6, "not_drawn")}
    assert draws(SCENARIO, fixed, own).correlations == {}
    led, leader = next((path, r.also[0]) for path, r in draws(SCENARIO, {}, {}).ranges.items() if r.also)
    followed = draws(SCENARIO, {}, {tuple(sorted((leader, REQUESTS))): 0.4})
    assert followed.correlations == {tuple(sorted((led, REQUESTS))): 0.4}


def test_after_a_reset_levers_and_rows_are_those_of_the_preset_and_not_of_where_one_had_been():
    def seen(visitor: Visitor) -> tuple:
        kept = visitor.at.session_state
        return list(kept[state.LEVERS].spread.items()), [(row.path, row.low, row.high) for row in kept[state.ROWS].rows]

    fresh = seen(Visitor().go("what_if"))
    visitor = Visitor().enter(f"typed:{REQUESTS}", "20M").go("what_if")
    assert seen(visitor) != fresh
    assert seen(visitor.press("Reset")) == fresh
