"""The program in a real browser gives what the engine gives: tiles, curves, bars, rules, break-even and its words."""

import json
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from costmodel.break_even import in_time
from costmodel.comparison import Comparison, compare
from costmodel.errors import ScenarioError
from costmodel.lines import LINES
from costmodel.scenario import Scenario, numbers
from pricing.currency import Currency
from pricing.presets import preset, presets
from reports import money, order, text
from reports.program import MODEL_JS, RESULTS_JS, WORDS_JS, program, values
from reports.story import curve
from tests.strategies import scenario_at, sensible_range

TOLERANCE = 1e-9
LEVERS = 3
KINDS = [("token_api", "cloud_gpu", *more) for more in (("on_prem", "hybrid"), ("multi_cloud",), ("edge",), ("seats",))]
EVALUATE = """
([program, values, moves]) => {
  const told = JSON.parse(program), model = new Model(told, values), slugs = Object.keys(told.options)
  const each = (named, f) => Object.fromEntries(Object.entries(named).map(([name, node]) => [name, f(node, name)]))
  const results = () => ({
    ranking: ranking(model),
    options: each(told.options, ({ cost, levelized, groups, lines }, slug) => ({
      cost: model.read(cost),
      levelized: String(model.read(levelized)),
      out: ruledOut(model, slug),
      curve: curve(model, slug).y,
      groups: each(groups, node => model.read(node)),
      lines: each(lines, node => [...model.read(node)]),
    })),
    pairs: slugs.slice(1).map((slug, i) => inTime(model, slugs[i], slug)),
  })
  return moves.map(move => { model.set(move); return results() })
}
"""
MONEY = {"symbol": "\u20ac", "perUsd": 0.9}
WORDS = """
([amounts, shares, money]) => ({
  compact: amounts.map(compact),
  usd: amounts.map(amount => usd(amount, money)),
  percent: shares.map(percent),
  dearer: amounts.map((amount, i) => dearer(amount, amounts[(i + 1) % amounts.length], money)),
  standing: amounts.slice(3).map((_, i) => standing(Object.fromEntries(amounts.slice(i, i + 4).entries()), money)),
})
"""


@pytest.fixture(scope="module")
def evaluate(browser):
    """`evaluate(script, ...)` in a page that has the interpreter and its words."""
    page = browser.new_page()
    source = "".join((MODEL_JS, RESULTS_JS, WORDS_JS)).replace("export ", "")
    page.add_script_tag(content=source)
    yield lambda script, *given: page.evaluate(script, given)
    page.close()


@pytest.mark.parametrize("slug", presets())
def test_every_preset_moved_at_random_is_what_the_engine_says(evaluate, slug):
    rng = np.random.default_rng(len(slug))
    ties_out(evaluate, preset(slug).scenario, rng, moves=4)


@pytest.mark.parametrize(
    ("first", "count"), [(0, 25), *(pytest.param(i, 25, marks=pytest.mark.slow) for i in range(25, 500, 25))]
)
def test_random_scenarios_of_all_kinds_are_what_the_engine_says(evaluate, first, count):
    for seed in range(first, first + count):
        rng = np.random.default_rng(seed)
        ties_out(evaluate, scenario_at(rng.random, KINDS[seed % len(KINDS)]), rng, moves=2)


def test_figures_are_worded_as_they_are_elsewhere(evaluate):
    rng = np.random.default_rng(1)
    amounts = [0.0, 999.5, 1245000.0, 9995.0, 999999.0, 1e15, *(10 ** rng.uniform(-5, 13, 300))]
    amounts += [-amount for amount in amounts[:50]] + [amounts[-1] * (1 + step) for step in (1e-5, 0.02, 0.2)]
    shares = [0.125, 0.025, 0.005, 0.9949, 0.99951, -0.003, *rng.uniform(-0.2, 2, 300)]
    found = evaluate(WORDS, amounts, shares, MONEY)
    with money.shown_in(Currency("EUR", 0.9, date(2026, 11, 20))):
        assert found["compact"] == [text.compact(amount) for amount in amounts]
        assert found["usd"] == [text.usd(amount) for amount in amounts]
        assert found["percent"] == [text.percent(share) for share in shares]
        others = [*amounts[1:], amounts[0]]
        assert found["dearer"] == [order.dearer(one, other) for one, other in zip(amounts, others, strict=True)]
        for i, told in enumerate(found["standing"]):
            assert told == order.standing({str(at): amount for at, amount in enumerate(amounts[i : i + 4])})


def ties_out(evaluate, scenario: Scenario, rng: np.random.Generator, moves: int) -> None:
    """All results of the program after each of some moves of three levers are those of the engine."""
    printed, scenarios, changes = program(scenario), [scenario], [{}]
    for move in moved(printed["inputs"], scenario, rng):
        scenarios.append(scenarios[-1].vary(move))
        changes.append(move)
        if len(changes) > moves:
            break
    found = evaluate(EVALUATE, json.dumps(printed, allow_nan=False), values(printed, scenario), changes)
    for now, varied in zip(found, scenarios, strict=True):
        check(now, compare(varied))


def moved(paths: list[str], scenario: Scenario, rng: np.random.Generator) -> Iterator[dict[str, float]]:
    """Changes of three numbers each, to a bound of the field or into the sensible part of it."""
    known = numbers(scenario)
    while True:
        move = {}
        for path in rng.choice(paths, LEVERS, replace=False):
            low, high = sensible_range(path.rpartition(".")[2], known[path])
            move[str(path)] = float(rng.choice([known[path].low, known[path].high, rng.uniform(low, high)]))
        try:
            scenario = scenario.vary(move)
        except ScenarioError:  # some fields must fit each other
            continue
        yield move


def check(found: dict, comparison: Comparison) -> None:
    """Every figure within the tolerance, relative to the largest of its row."""
    months = comparison.months.shape
    for slug, cost in comparison.costs.items():
        told, present = found["options"][slug], cost.present_lines()
        close(float(told["cost"]), cost.net_present_cost_usd)
        close(float(told["levelized"].replace("Infinity", "inf")), cost.levelized_cost_usd_per_mtok)
        close(told["curve"], curve(cost)[1])
        assert told["out"] == bool(cost.broken_rules), cost.broken_rules
        for name, amounts in present.items():
            if name in told["lines"]:
                close(told["lines"][name], np.broadcast_to(amounts, months))
            else:
                assert not np.any(amounts)
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
    scale = np.abs(finite).max() if finite.size else 0
    np.testing.assert_allclose(found, engine, rtol=0, atol=tolerance * scale)
