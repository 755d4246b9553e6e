"""The table of left-out measurements that the Validation page shows: complete, dated, and within its goals."""

from bench.sizing import ASKED, TOLD
from validation.sizing import FLOOR, sizing_errors


def test_the_table_has_every_question_in_its_order():
    asked = [(TOLD[question], rows, kind) for question, rows, kind, *_ in ASKED]
    assert [(line.left_out, line.rows, line.kind) for line in sizing_errors()] == [*asked, (FLOOR, "points", "all")]
    assert len({line.measured_on for line in sizing_errors()}) == 1


def test_every_goal_is_met_once_the_version_is_known():
    for line in sizing_errors():
        if line.goal_median is not None:
            best = min(line.median, line.version_median or line.median), min(line.p90, line.version_p90 or line.p90)
            assert best[0] <= line.goal_median, line
            assert best[1] <= line.goal_p90, line


def test_it_does_better_than_the_rule_it_replaced_on_the_same_rows():
    for line in sizing_errors():
        if line.earlier_median is not None:
            assert line.median < line.earlier_median
            assert line.p90 < line.earlier_p90
