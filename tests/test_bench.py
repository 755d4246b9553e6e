"""The yardstick of the bench costs what the engine costs; otherwise their times could not be compared."""

import pytest

from bench import engine
from costmodel.uncertainty.ranges import drawable
from costmodel.uncertainty.sampling import Draws
from pricing.ranges import ranges

SCENARIO = engine.comparable()
SPREAD = ranges(SCENARIO)
DRAWS = 8


def test_the_default_scenario_and_draws_of_all_its_numbers_cost_the_same():
    chance = Draws(SCENARIO, drawable(SCENARIO, SPREAD))
    drawn = SCENARIO.vary(chance.changes(next(chance.probabilities(DRAWS))))
    assert engine.agreeing([SCENARIO, drawn])


def test_every_number_at_its_ends_costs_the_same():
    assert engine.agreeing(engine.tornado_runs(SCENARIO, SPREAD))


def test_the_options_are_those_of_the_default_scenario():
    assert len(SCENARIO.options) == 5
    assert all(any(path.endswith(ending) for path in SPREAD) for ending in engine.TEN)


def test_a_yardstick_that_costs_less_is_refused(monkeypatch):
    bare = engine.net_present_costs
    monkeypatch.setattr(
        engine, "net_present_costs", lambda scenario: {slug: cost * (1 - 1e-6) for slug, cost in bare(scenario).items()}
    )
    with pytest.raises(SystemExit, match="frontier_api"):
        engine.agreeing([SCENARIO])
