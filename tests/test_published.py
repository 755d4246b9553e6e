"""Numbers that others published: met within their tolerance, and their errors found where they are."""

import pytest

from costmodel.comparison import compare
from costmodel.option import KINDS, StandaloneOption
from validation import Row, results
from validation.cases import RUNS, Case, cases
from validation.neutral import neutral

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
