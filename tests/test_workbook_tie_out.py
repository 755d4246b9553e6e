"""The workbook recalculated by independent engines, unchanged and with other inputs, against the engine's `vary`."""

import numpy as np
import pytest

from costmodel.comparison import compare
from costmodel.finance import LINES
from costmodel.units import UNITS
from pricing.presets import DEFAULT, preset, presets
from reports.workbook import workbook
from reports.workbook.book import TOTAL_ROWS, sheet_titles
from reports.workbook.pages import FIRST, column
from tests.test_workbook_tools import (
    NEEDS_LIBREOFFICE,
    FormulasPackage,
    assert_same,
    at_bounds,
    by_libreoffice,
    choices_of,
    every_variant,
    families,
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


def assert_cached_values_are_the_engines(scenario):
    """What the file shows before any recalculation is the engine's own result, for every line, metric and quantity."""
    data, comparison = values_of(workbook(scenario)), compare(scenario)
    lasting = scenario.finance.horizon_months + 1
    for title, cost in zip(titles(scenario), comparison.costs.values(), strict=True):
        rows = labelled_rows(data, title)
        for name, amounts in cost.lines.items():
            shown = [months(data, title, row, lasting) for row in rows[LINES[name].label]]
            assert any(np.allclose(found, np.broadcast_to(amounts, lasting), rtol=1e-14, atol=0) for found in shown), (
                name
            )
        for name, (label, _) in TOTAL_ROWS.items():
            value, (row,) = getattr(cost, name), rows[label]
            found = months(data, title, row, lasting) if np.ndim(value) else data[title, f"C{row}"]
            np.testing.assert_allclose(found, value, rtol=1e-14, err_msg=name)


def titles(scenario):
    """Sheets of the options; the labels of these tests need no change."""
    return [option.label for option in scenario.options.values()]


def labelled_rows(data, title):
    rows = {}
    for (sheet, cell), label in data.items():
        if sheet == title and cell[0] == "A" and cell[1:].isdigit() and label:
            rows.setdefault(label, []).append(int(cell[1:]))
    return rows


def months(data, title, row, lasting):
    return [data[title, f"{column(FIRST + t)}{row}"] or 0.0 for t in range(lasting)]


@pytest.mark.parametrize("family", families(every_variant()), ids=" ".join)
def test_every_cell_follows_in_the_formulas_package(family, tmp_path):
    scenario = only(every_variant(), family)
    package = FormulasPackage(workbook(scenario), tmp_path)
    for changes in (moved(scenario, seed=1), at_bounds(scenario, 0, 1, side=len(family) % 2)):
        assert_follows(scenario, changes, package.recalculated)


def test_ten_single_changes_of_ten_units_follow(tmp_path):
    scenario = only(every_variant(months=3, copies=1), ["cloud_gpu"])
    package = FormulasPackage(workbook(scenario), tmp_path)
    by_unit = {spec.unit: (path, spec) for path, spec in open_numbers(scenario).items()}
    assert len(by_unit) > 20
    assert set(by_unit) <= set(UNITS)
    for i, (path, spec) in enumerate(list(by_unit.values())[:10]):
        value = (spec.low, spec.high, scenario[path] * 1.1)[i % 3]
        assert_follows(scenario, {path: int(value) if spec.whole else value}, package.recalculated)


@NEEDS_LIBREOFFICE
@pytest.mark.parametrize("side", [0, 1])
def test_every_cell_follows_in_libreoffice(side, tmp_path):
    scenario = every_variant(months=9)
    if side:
        common = {path: found for path, found in choices_of(scenario).items() if not path.startswith("options.")}
        scenario = scenario.vary({path: found[-1] for path, found in common.items()})
    data = workbook(scenario)
    changes = at_bounds(scenario, 0, 2, side) if side else moved(scenario, seed=side)
    assert_follows(scenario, changes, lambda *inputs: by_libreoffice(data, *inputs, tmp_path))


@NEEDS_LIBREOFFICE
def test_the_default_scenario_follows_in_libreoffice(tmp_path):
    scenario = preset(DEFAULT).scenario
    data, changes = workbook(scenario), {"workload.requests_per_month": 2e8, "finance.discount_rate_per_year": 0}
    assert_follows(scenario, changes, lambda *inputs: by_libreoffice(data, *inputs, tmp_path))


@pytest.mark.parametrize("months", [1, 9, 60])
def test_cached_values_are_the_engines(months):
    scenario = every_variant()
    leads = [slug for slug, option in scenario.options.items() if hasattr(option, "lead_time_months")]
    scenario = scenario.vary({f"options.{slug}.lead_time_months": 0 for slug in leads})
    assert_cached_values_are_the_engines(scenario.vary({"finance.horizon_months": months}))


@pytest.mark.parametrize("slug", presets())
def test_every_preset_has_a_workbook_with_the_engines_values(slug):
    scenario = preset(slug).scenario
    titles = sheet_titles({slug: option.label for slug, option in scenario.options.items()})
    labels = {f"options.{slug}.label": title for slug, title in titles.items()}
    assert_cached_values_are_the_engines(scenario.vary(labels))
