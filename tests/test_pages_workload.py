"""The workload page: a measured load, or another kind of text, is one edit of all the figures that follow from it."""

from datetime import date

from pricing.choices import SHAPE, load_shape, load_shape_of, load_shapes
from pricing.documents import document, fresh, to_link
from pricing.evidence import all_evidence
from pricing.presets import DEFAULT, preset
from tests.visitor import Visitor

SCENARIO = preset(DEFAULT).scenario
PATHS = [f"workload.{field}" for field in SHAPE]


def test_a_measured_load_is_one_edit_that_undo_takes_back():
    visitor = Visitor().go("workload")
    before = visitor.scenario
    assert visitor.widget("load_shape_of").value == ""
    chosen = load_shapes()[1]
    visitor.enter("load_shape_of", chosen)
    assert visitor.widget("load_shape_of").value == chosen
    assert {path: visitor.scenario[path] for path in PATHS} == {
        f"workload.{field}": value for field, value in load_shape(chosen)["workload"].items()
    }
    visitor.press("Undo")
    assert visitor.scenario == before


def captions(visitor: Visitor) -> str:
    """All captions on screen, one after another."""
    return " ".join(caption.value for caption in visitor.at.caption)


def test_another_kind_of_text_is_one_edit_that_counts_every_option_anew():
    kind, ratio = "workload.kind_of_text", "options.frontier_api.token_ratio"
    visitor = Visitor(to_link(document(fresh("healthcare", date.today())))).go("workload")
    before = visitor.scenario
    assert "Claude Sonnet 5.5 by API 1.42 times; all others make as many" in captions(visitor)
    visitor.enter(f"field:{kind}", "german_and_the_like")
    assert (visitor.scenario[kind], visitor.scenario[ratio]) == ("german_and_the_like", 2.18)
    assert visitor.opened.entered.keys() == {kind}, "the ratio stays the catalogue's"
    assert "Claude Sonnet 5.5 by API 2.18 times" in captions(visitor)
    visitor.press("Undo")
    assert visitor.scenario == before


def test_every_measured_load_is_known_by_its_numbers_and_cited():
    for name in load_shapes():
        scenario = SCENARIO.vary({f"workload.{k}": v for k, v in load_shape(name)["workload"].items()})
        assert load_shape_of(scenario.workload).name == name
        found = all_evidence(scenario, PATHS)
        cited = {entry.fact.name for path, entry in found.items() if scenario[path] != SCENARIO[path]}
        assert cited == {name}
        assert all(entry.unchanged for entry in found.values())
