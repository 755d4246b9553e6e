"""The workbook recalculated by independent engines, unchanged and with other inputs, against the engine's `vary`."""

from functools import cache

import pytest

from costmodel.units import UNITS
from reports.files.workbook import workbook
from tests.recalculation import PROGRAMS, assert_same, by_cellrune
from tests.test_workbook_tools import (
    at_bounds,
    choices_of,
    every_variant,
    formulas_of,
    moved,
    only,
    open_numbers,
    rule_cells,
    values_of,
)

CHANGED = {
    "somewhere": lambda scenario, data: moved(scenario, data, seed=1),
    "at one bound": lambda scenario, data: at_bounds(scenario, data, side=0),
    "at the other, with other common choices": lambda scenario, data: at_bounds(scenario, data, side=1),
}


def assert_follows(data, changes, varied, recalculate):
    """Changing inputs in the sheet gives what the engine gives for them, in every cell that has a formula."""
    formulas = formulas_of(data)
    assert formulas_of(varied) == formulas, "the formulas hang on the values of inputs"
    assert_same(recalculate(data, changes, rule_cells(varied)), values_of(varied), formulas)


@cache
def with_every_variant(*, other_choices: bool):
    """A scenario with every kind of option, with the usual common choices or others, and its workbook."""
    scenario = every_variant()
    if other_choices:
        common = {path: found for path, found in choices_of(scenario).items() if not path.startswith("options.")}
        scenario = scenario.vary({path: found[-1] for path, found in common.items()})
    return scenario, workbook(scenario)


@pytest.fixture(scope="module", params=CHANGED)
def change(request):
    """A workbook with every kind of option, other values for its inputs, and the workbook that the engine makes so."""
    scenario, data = with_every_variant(other_choices="choices" in request.param)
    changes = CHANGED[request.param](scenario, data)
    assert len(changes) > 400
    return data, changes, workbook(scenario.vary(changes))


@pytest.mark.parametrize("recalculate", PROGRAMS)
def test_every_cell_follows(change, recalculate, tmp_path):
    assert_follows(*change, lambda *inputs: recalculate(*inputs, tmp_path))


def test_ten_single_changes_of_ten_units_follow():
    scenario = only(every_variant(months=3, copies=1), ["cloud_gpu"])
    data = workbook(scenario)
    by_unit = {spec.unit: (path, spec) for path, spec in open_numbers(scenario, data).items()}
    assert len(by_unit) > 20
    assert set(by_unit) <= set(UNITS)
    for i, (path, spec) in enumerate(list(by_unit.values())[:10]):
        value = (spec.low, spec.high, scenario[path] * 1.1)[i % 3]
        changes = {path: int(value) if spec.whole else value}
        assert_follows(data, changes, workbook(scenario.vary(changes)), by_cellrune)
