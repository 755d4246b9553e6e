"""A quantity is worked out once for each subject, cannot be changed afterwards, and says what it is."""

import inspect

import numpy as np
import pytest

from costmodel.quantity import QUANTITIES, is_off, quantity
from costmodel.units import UNITS
from reports.recorder import Graph, Recorded
from tests.neutral import compare
from tests.strategies import ordinary_scenario

SUBJECTS = {name: next(iter(inspect.signature(marked).parameters)) for name, marked in QUANTITIES.items()}
SCENARIO = ordinary_scenario().vary({
    "options.cloud_gpu.billing": "reserved",
    "options.on_prem.bridge_option": "token_api",
    "workload.requests_per_month": np.array([[1e5], [1e6]]),
})  # fmt: skip


def computed():
    """(name, subject, value) of every quantity that a comparison works out."""
    comparison = compare(SCENARIO)
    for cost in comparison.costs.values():
        for _ in (cost.levelized_cost_usd_per_mtok, cost.levelized_cost_usd_per_mtok_output):
            pass
        yield from ((name, cost.task, value) for name, value in cost.task.known().items())
    yield from ((name, SCENARIO, value) for name, value in SCENARIO.memo.items())


def test_a_second_call_gives_the_very_same_object():
    for name, subject, value in computed():
        assert QUANTITIES[name](subject) is value, name


def test_every_task_of_a_scenario_shares_the_quantities_of_the_scenario():
    compare(SCENARIO)
    before = dict(SCENARIO.memo)
    compare(SCENARIO)
    assert all(SCENARIO.memo[name] is value for name, value in before.items())


def test_a_changed_scenario_knows_nothing_yet():
    compare(SCENARIO)
    assert SCENARIO.memo
    assert not SCENARIO.vary({"workload.batch_frac": 0.5}).memo


def test_a_scenario_with_another_option_alone_knows_what_all_options_share():
    compare(SCENARIO)
    varied = SCENARIO.vary({"options.token_api.region_surcharge_frac": 0.5})
    assert varied.memo == SCENARIO.memo != {}
    assert varied.memo is not SCENARIO.memo


def test_a_quantity_is_one_number_or_one_array_that_cannot_be_written():
    for name, _, value in computed():
        assert isinstance(value, np.ndarray | np.generic | int | float), name
        assert not (isinstance(value, np.ndarray) and value.flags.writeable), name


@pytest.mark.parametrize("name", QUANTITIES)
def test_a_quantity_has_a_known_unit_a_label_and_a_meaning(name):
    marked = QUANTITIES[name]
    assert marked.unit in UNITS
    assert marked.label[:1].isupper()
    assert inspect.getdoc(marked)
    assert SUBJECTS[name] in {"scenario", "task"}


def test_what_an_option_reports_beside_its_cost_is_worked_out_when_it_is_asked_for():
    cost = compare(SCENARIO)["token_api"]
    assert cost.net_present_cost_usd.shape == (2,)
    assert "rate_limit_used" not in cost.task.known()
    assert "rate_limit_used" in cost.quantities
    assert cost.quantities["rate_limit_used"] is cost.task.known()["rate_limit_used"]
    assert len(cost.quantities) == len(dict(cost.quantities))


@pytest.mark.parametrize("amount", [0, 0.0, -0.0, np.float64(0)])
def test_a_plain_zero_is_off(amount):
    assert is_off(amount)


@pytest.mark.parametrize("amount", [1e-300, np.float64(2), np.nan, np.zeros(1), np.zeros((3, 1)), np.array(0.0)])
def test_another_number_and_whatever_may_vary_are_not_off(amount):
    assert not is_off(amount)


def test_an_amount_that_the_workbook_keeps_open_is_not_off():
    graph = Graph(horizon=3)
    assert not is_off(Recorded(graph, graph.input("workload.batch_frac", 0.0), ()))


def test_two_quantities_cannot_have_one_name_and_none_an_unknown_unit():
    with pytest.raises(ValueError, match="two quantities"):

        @quantity("months", "Month again")
        def month(scenario):
            """Again."""

    with pytest.raises(ValueError, match="unit"):
        quantity("furlongs", "Distance")
