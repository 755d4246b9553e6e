"""The program in a real browser gives what the engine gives: tiles, curves, bars, rules, break-even and its words."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date

import numpy as np
import pytest

from costmodel.break_even import in_time
from costmodel.comparison import Comparison, compare
from costmodel.errors import ScenarioError
from costmodel.fields import Number
from costmodel.lines import LINES
from costmodel.numerals import ENGLISH, Marks, written_with
from costmodel.scenario import Scenario, numbers
from pricing.currency import Currency
from pricing.presets import preset, presets
from reports.files.page import told as in_file
from reports.program import SCRIPT, program, values
from reports.program.printed import QUANTITIES, printed
from reports.recorder.arrays import lifted
from reports.recorder.graph import ALONG_TIME, ELEMENTWISE, OVER_TIME
from reports.words import money, order, text
from reports.words.briefing import curve
from reports.words.measure import measure
from reports.words.verdict import span, verdict
from tests.strategies import scenario_at, value_at
from tests.test_workbook_recorder import Bench, random_results, verbs

TOLERANCE = 1e-9
LEVERS, PRESET_MOVES, SHARE_A_PROGRAM = 3, 4, 5
KINDS = [("token_api", "cloud_gpu", *more) for more in (("on_prem", "hybrid"), ("multi_cloud",), ("edge",), ("seats",))]
EVALUATE = """
([program, values, moves, terms]) => {
  const told = JSON.parse(program), model = new Model(told, values), slugs = Object.keys(told.options)
  const each = (named, f) => Object.fromEntries(Object.entries(named).map(([name, node]) => [name, f(node, name)]))
  const results = () => ({
    ranking: ranking(model),
    headline: headline(model, terms),
    differences: differences(model, terms.money),
    options: each(told.options, ({ cost, levelized, groups, lines, quantities }, slug) => ({
      cost: model.read(cost),
      levelized: String(model.read(levelized)),
      broken: brokenRule(model, slug),
      curve: curve(model, slug).y,
      groups: each(groups, node => model.read(node)),
      lines: each(lines, node => [...model.read(node)]),
      quantities: each(quantities, node => [...model.read(node)]),
    })),
    pairs: slugs.slice(1).map((slug, i) => inTime(model, slugs[i], slug)),
  })
  return moves.map(move => { model.set(move); return results() })
}
"""
RESULTS = """
([program, values]) => {
  const model = new Model(program, values)
  return Object.fromEntries(Object.entries(program.options.bench).map(([name, node]) => {
    const found = model.read(node)
    return [name, found.length ? [...found] : [found]]
  }))
}
"""
DOLLARS = {"symbol": "$", "perUsd": 1.0, "cents": 2}
DAY = date(2026, 11, 20)
WORDS = """
([amounts, shares, money]) => writeWith(money.marks) ?? ({
  compact: amounts.map(compact),
  usd: amounts.map(amount => usd(amount, money)),
  usdEach: amounts.map(amount => usdEach(amount, money)),
  percent: shares.map(percent),
  dearer: amounts.map((amount, i) => dearer(amount, amounts[(i + 1) % amounts.length], money)),
  standing: amounts.slice(3).map((_, i) => standing(Object.fromEntries(amounts.slice(i, i + 4).entries()), money)),
})
"""


@pytest.fixture(scope="module")
def evaluate(browser):
    """`evaluate(script, ...)` in a page that has the interpreter and its words."""
    page = browser.new_page()
    page.add_script_tag(content=SCRIPT.replace("export ", ""))
    yield lambda script, *given: page.evaluate(script, given)
    page.close()


@pytest.mark.parametrize("slug", presets())
def test_every_preset_moved_at_random_is_what_the_engine_says(evaluate, slug):
    scenario, rng = preset(slug).scenario, np.random.default_rng(len(slug))
    told = program(scenario)
    ties_out(evaluate, told, scenario, [levers_moved(told["inputs"], scenario, rng) for _ in range(PRESET_MOVES)])


@pytest.mark.parametrize("first", [0, *(pytest.param(first, marks=pytest.mark.slow) for first in range(100, 500, 100))])
def test_a_hundred_random_scenarios_of_all_kinds_are_what_the_engine_says(evaluate, first):
    """One program serves all scenarios that differ in open numbers only."""
    for seed in range(first, first + 100, SHARE_A_PROGRAM):
        rng = np.random.default_rng(seed)
        scenario = scenario_at(rng.random, KINDS[seed // SHARE_A_PROGRAM % len(KINDS)])
        told = program(scenario)
        for _ in range(SHARE_A_PROGRAM):
            scenario = elsewhere(told["inputs"], scenario, rng)
            ties_out(evaluate, told, scenario, [levers_moved(told["inputs"], scenario, rng)])


@pytest.mark.parametrize("results", [verbs, lambda bench: random_results(bench, 60, seed=3)], ids=["verbs", "trees"])
def test_every_verb_of_the_engine_gives_what_numpy_gives(evaluate, results):
    bench = Bench()
    nodes = {name: lifted(bench.graph, result).node for name, result in results(bench).items()}
    told = printed(bench.graph, {"bench": nodes})
    given = [float(bench.graph.inputs[path].value) for path in told["inputs"]]
    for name, found in evaluate(RESULTS, told, given).items():
        close(found, np.atleast_1d(nodes[name].value))


def test_the_interpreter_knows_every_operation_that_can_be_recorded(evaluate):
    known = [*ELEMENTWISE, *ALONG_TIME, *OVER_TIME, "months", "constants", "spread", "choose"]
    assert evaluate("verbs => verbs[0].filter(verb => !ELEMENTWISE[verb] && !ON_ROWS[verb])", known) == []


@pytest.mark.parametrize(
    ("currency", "written"),
    [(Currency("EUR", 0.9, DAY), Marks(",", ".")), (Currency("JPY", 154.25, DAY), ENGLISH)],
    ids=["euros in German marks", "yen in English ones"],
)
def test_figures_are_worded_as_they_are_elsewhere(evaluate, currency, written):
    rng = np.random.default_rng(1)
    amounts = [0.0, 4.79e15, 999.5, 1245000.0, 9995.0, 999999.0, 1e15, *(10 ** rng.uniform(-5, 13, 300))]
    amounts += [-amount for amount in amounts[:50]] + [amounts[-1] * (1 + step) for step in (1e-5, 0.02, 0.2)]
    shares = [0.125, 0.025, 0.005, 0.9949, 0.99951, -0.003, -12.345, 2e4, *rng.uniform(-0.2, 20, 300)]
    with money.shown_in(currency), written_with(written):
        found = evaluate(WORDS, amounts, shares, in_file.money())
        assert found["compact"] == [text.compact(amount) for amount in amounts]
        assert found["usd"] == [text.usd(amount) for amount in amounts]
        assert found["usdEach"] == [text.usd_each(amount) for amount in amounts]
        assert found["percent"] == [text.percent(share) for share in shares]
        others = [*amounts[1:], amounts[0]]
        assert found["dearer"] == [order.dearer(one, other) for one, other in zip(amounts, others, strict=True)]
        for i, told in enumerate(found["standing"]):
            assert told == order.standing({str(at): amount for at, amount in enumerate(amounts[i : i + 4])})


def ties_out(evaluate, told: dict, scenario: Scenario, moves: Sequence[dict]) -> None:
    """All results of the program, before and after each move, are those of the engine."""
    changes, scenarios = [{}], [scenario]
    for move in moves:
        changes.append(move)
        scenarios.append(scenarios[-1].vary(move))
    labels = {slug: option.label for slug, option in scenario.options.items()}
    terms = {
        "labels": labels,
        "horizon": span(scenario.finance.horizon_months),
        "said": measure(scenario).said,
        "money": DOLLARS,
    }
    found = evaluate(EVALUATE, json.dumps(told, allow_nan=False), values(told, scenario), changes, terms)
    for now, varied in zip(found, scenarios, strict=True):
        comparison = compare(varied)
        check(now, comparison)
        assert now["differences"] == {slug: order.difference(comparison, slug) for slug in comparison.costs}
        if len(moves) == PRESET_MOVES and measure(varied) == measure(scenario):
            assert now["headline"] == verdict(comparison).headline


def levers_moved(paths: list[str], scenario: Scenario, rng: np.random.Generator) -> dict[str, float]:
    """Changes of three numbers, each to a bound of its field or into the sensible part of it."""
    known = numbers(scenario)

    def move() -> dict[str, float]:
        chosen = map(str, rng.choice(paths, LEVERS, replace=False))
        return {path: float(rng.choice([known[path].low, known[path].high, sensible(path, known[path], rng)]))
                for path in chosen}  # fmt: skip

    return accepted(scenario, move)


def elsewhere(paths: list[str], scenario: Scenario, rng: np.random.Generator) -> Scenario:
    """The scenario with every open number anywhere in the sensible part of its bounds."""
    known = numbers(scenario)
    return scenario.vary(accepted(scenario, lambda: {path: sensible(path, known[path], rng) for path in paths}))


def sensible(path: str, number: Number, rng: np.random.Generator) -> float:
    return value_at(rng.random(), path.rpartition(".")[2], number)


def accepted(scenario: Scenario, draw: Callable[[], dict[str, float]]) -> dict[str, float]:
    """The first changes drawn that fit each other."""
    while True:
        changes = draw()
        with suppress(ScenarioError):
            scenario.vary(changes)
            return changes


def check(found: dict, comparison: Comparison) -> None:
    """Every figure within the tolerance, relative to the largest of its row."""
    months = comparison.months.shape
    for slug, cost in comparison.costs.items():
        told, present = found["options"][slug], cost.present_lines()
        close(float(told["cost"]), cost.net_present_cost_usd)
        close(float(told["levelized"].replace("Infinity", "inf")), cost.levelized_cost_usd_per_mtok)
        close(told["curve"], curve(cost)[1])
        assert told["broken"] == (cost.breaches[0].rule if cost.breaches else ""), cost.broken_rules
        for name, amounts in present.items():
            if name in told["lines"]:
                close(told["lines"][name], np.broadcast_to(amounts, months))
            else:
                assert not np.any(amounts)
        tokens = cost.quantities["input_tokens"] + cost.quantities["output_tokens"]
        close(told["quantities"].pop("tokens"), np.broadcast_to(tokens, months))
        assert told["quantities"].keys() == {*QUANTITIES} & {*cost.quantities}
        for name, amounts in told["quantities"].items():
            close(amounts, np.broadcast_to(cost.quantities[name], months))
        for group, amount in told["groups"].items():
            parts = [np.sum(np.broadcast_to(present[name], months)) for name in present if LINES[name].group == group]
            assert amount == pytest.approx(sum(parts), rel=TOLERANCE, abs=TOLERANCE * np.abs(parts).max())
    slugs = list(comparison.costs)
    for told, a, b in zip(found["pairs"], slugs, slugs[1:], strict=False):
        engine = in_time(comparison[a], comparison[b])
        assert told["outcome"] == engine.outcome
        close(told["month"] or 0, engine.month or 0, 1e-6)
        assert [crossing["cheaper"] for crossing in told["crossings"]] == [c.cheaper for c in engine.crossings]
        close([crossing["at"] for crossing in told["crossings"]], [c.at for c in engine.crossings], 1e-6)
        close([crossing["usd"] for crossing in told["crossings"]], [c.usd for c in engine.crossings], 1e-6)
    costs = [float(comparison[slug].net_present_cost_usd) for slug in found["ranking"]]
    close(costs, [float(comparison[slug].net_present_cost_usd) for slug in comparison.ranking])


def close(found, engine, tolerance=TOLERANCE) -> None:
    found, engine = (np.asarray(values, dtype=float) for values in (found, engine))
    finite = engine[np.isfinite(engine)]
    within = tolerance * np.abs(finite).max() if finite.size else 0
    if finite.size < engine.size or found.shape != engine.shape or not (np.abs(found - engine) <= within).all():
        np.testing.assert_allclose(found, engine, rtol=0, atol=within)  # a tenth of a millisecond, of tens of thousands
