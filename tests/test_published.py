"""Numbers that others published: met within their tolerance, and their errors found where they are."""

from dataclasses import astuple, replace

import numpy as np
import pytest

from costmodel.comparison import compare
from costmodel.option import KINDS, StandaloneOption
from pricing.calibration.observations import observations
from pricing.dates import day
from reports.words.validation import published_cells, published_rows, sizing_table
from validation import Row, results
from validation.cases import RUNS, Case, cases
from validation.neutral import neutral
from validation.sizing import FLOOR, sizing_errors

ROWS = results()


def name(row: Row) -> str:
    """A row as pytest prints it."""
    return f"{row.case}: {row.what}"


@pytest.mark.parametrize("row", [row for row in ROWS if not row.is_erratum], ids=name)
def test_the_published_figure_is_met(row):
    assert row.ok, f"published {row.published} {row.unit}, ours {row.ours}, allowed {row.allowed}"


@pytest.mark.parametrize("row", [row for row in ROWS if row.is_erratum], ids=name)
def test_the_erratum_is_found(row):
    assert row.figure.covers(row.ours, row.follows), f"{row.follows} {row.unit} should follow, ours {row.ours}"
    assert not row.figure.covers(row.ours, row.published), f"ours {row.ours} agrees with the published figure"
    assert row.ok
    assert row.remark


def test_rows_can_be_told_apart():
    assert len({(row.case, row.what, row.is_erratum) for row in ROWS}) == len(ROWS)


def test_every_run_is_used():
    assert {case.run for case in cases()} == set(RUNS)


def test_cases_that_are_shown_under_one_source_share_its_method():
    methods = {(row.source, row.method) for row in ROWS if not row.is_erratum}
    assert len(methods) == len({source for source, _ in methods})


def test_a_neutral_scenario_costs_nothing():
    for kind in (kind for kind, record in KINDS.items() if issubclass(record, StandaloneOption)):
        assert compare(neutral(option=kind))["option"].line_totals() == {}


def test_an_input_that_no_run_knows_is_refused():
    with pytest.raises(TypeError, match="discount"):
        RUNS["effective_rate"](rate_per_year=0.1, discount=0.1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"figures": {"x": {"what": "", "unit": "USD"}}},
        {"figures": {"x": {"what": "", "unit": "USD", "abs": 1.0, "rel": 1.0}}},
        {"published": [{"figures": {"y": 1.0}}]},
        {"published": [{"figures": {}}]},
        {"erratum": [{"figures": {"x": 1.0}, "follows": {}, "remark": "why"}]},
        {"url": "http://example.com"},
        {"tolerance": 1},
    ],
    ids=["no tolerance", "two tolerances", "unknown figure", "no figure", "nothing follows", "plain http", "misspelt"],
)
def test_a_row_of_the_file_that_is_not_right_is_refused(wrong):
    right = {
        "id": "a", "source": "b", "method": "c", "run": "d",
        "figures": {"x": {"what": "", "unit": "USD", "abs": 1.0}},
        "published": [{"figures": {"x": 1.0}}],
    }  # fmt: skip
    Case.model_validate(right)
    with pytest.raises(ValueError, match="validation error"):
        Case.model_validate({**right, **wrong})


def test_the_validation_page_shows_every_line_of_the_kept_table_with_its_goal_and_the_former_rule():
    told, kept = sizing_table(), sizing_errors()
    assert len(told.rows) == len(kept)
    for cells, line in zip(told.rows, kept, strict=True):
        assert cells[2:5] == (f"{line.count:,}", f"{line.median:.3g} %", f"{line.p90:.3g} %")
        assert bool(cells[6]) == (line.goal_median is not None)
        assert bool(cells[7]) == (line.earlier_median is not None)
    assert day(max(line.measured_on for line in kept)) in told.note
    assert any(line.left_out == FLOOR for line in kept), "how far repeats of one configuration lie apart"


def test_a_published_number_has_no_decimals_that_were_not_published_and_no_source_where_there_is_none():
    cells = [published_cells(row) for row in published_rows()[0]]
    assert {row[1] for row in cells} >= {"2,720 hours", "3.7 months", "118,503.41 USD"}
    assert all(row[0][0] == row[0][0].upper() for row in cells)
    apart = [row[1].split()[0] != row[2] for row in cells]
    assert [row[3] != "0" for row in cells] == apart, "no difference between figures that are told alike"
    assert all(told != "source" or address for *_, (told, address) in cells)


def test_the_floor_of_the_kept_table_is_the_spread_of_repeats():
    (line,) = (line for line in sizing_errors() if line.left_out == FLOOR)
    runs: dict[tuple, list[float]] = {}
    for row in observations():
        if row.question == "point":
            fixed = replace(row, output_tok_per_s_per_gpu=0, time_per_token_ms=0, first_token_ms=0, release="")
            runs.setdefault(astuple(fixed), []).append(row.output_tok_per_s_per_gpu)
    repeated = [np.array(rates) for rates in runs.values() if len(rates) > 1]
    off = np.concatenate([abs(rates / np.exp(np.median(np.log(rates))) - 1) for rates in repeated])
    assert line.count == len(off)
    assert line.median == pytest.approx(100 * np.median(off), abs=0.06)
    assert line.p90 == pytest.approx(100 * np.quantile(off, 0.9), abs=0.06)
