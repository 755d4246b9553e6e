"""The workbook recalculated by independent engines, unchanged and with other inputs, against the engine's `vary`."""

import pytest

from costmodel.units import UNITS
from reports.workbook import workbook
from tests.recalculation import PROGRAMS, assert_same, by_cellrune
from tests.test_workbook_tools import (
    at_bounds,
    every_variant,
    formulas_of,
    moved,
    only,
    open_numbers,
    rule_cells,
    values_of,
)


def assert_follows(scenario, changes, recalculate):
    """Changing inputs in the sheet gives what the engine gives for them, in every cell that has a formula."""
    formulas, varied = formulas_of(workbook(scenario)), workbook(scenario.vary(changes))
    assert formulas_of(varied) == formulas, "the formulas hang on the values of inputs"
    assert_same(recalculate(changes, rule_cells(varied)), values_of(varied), formulas)


CHANGED = {
    "somewhere": lambda scenario: moved(scenario, seed=1),
    "at one bound": lambda scenario: at_bounds(scenario, 0, 1, side=0),
    "at the other": lambda scenario: at_bounds(scenario, 0, 1, side=1),
}


@pytest.mark.parametrize("changed", CHANGED)
@pytest.mark.parametrize("recalculate", PROGRAMS)
def test_every_cell_follows(recalculate, changed, tmp_path):
    scenario = every_variant(months=9)
    data = workbook(scenario)
    assert_follows(scenario, CHANGED[changed](scenario), lambda *inputs: recalculate(data, *inputs, tmp_path))


def test_ten_single_changes_of_ten_units_follow():
    scenario = only(every_variant(months=3, copies=1), ["cloud_gpu"])
    data = workbook(scenario)
    by_unit = {spec.unit: (path, spec) for path, spec in open_numbers(scenario).items()}
    assert len(by_unit) > 20
    assert set(by_unit) <= set(UNITS)
    for i, (path, spec) in enumerate(list(by_unit.values())[:10]):
        value = (spec.low, spec.high, scenario[path] * 1.1)[i % 3]
        changes = {path: int(value) if spec.whole else value}
        assert_follows(scenario, changes, lambda *inputs: by_cellrune(data, *inputs))
