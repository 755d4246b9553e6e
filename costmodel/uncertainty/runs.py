"""A list of cases as rows of one array run."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from costmodel.arrays import Array
from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from costmodel.scenario import Scenario, numbers
from costmodel.uncertainty.metrics import Metric
from costmodel.uncertainty.sampling import SLICE


def outcomes(scenario: Scenario, cases: Sequence[Mapping[str, Any]], metric: Metric) -> tuple[Array, dict[int, str]]:
    """(metric of the scenario with the changes of each case, why cases were refused by position).

    Shape (cases,); NaN where the scenario's rules refuse a case. Cases share array runs, in which each path has its
    value of today but for the cases that change it; a case that changes a whole-number term is run by itself.
    """
    whole = {path for path, number in numbers(scenario).items() if number.whole}
    values, today = np.full(len(cases), np.nan), compare(scenario)
    refusals: dict[int, str] = {}
    alone = [i for i, case in enumerate(cases) if not whole.isdisjoint(case)]
    shared = [i for i, case in enumerate(cases) if whole.isdisjoint(case)]
    pending = [[i] for i in alone] + [shared[at : at + SLICE] for at in range(0, len(shared), SLICE)]
    while pending:
        group = pending.pop()
        try:
            values[group] = metric(compare(_together(scenario, [cases[i] for i in group], whole), today))
        except ScenarioError as refusal:
            if len(group) == 1:
                refusals[group[0]] = str(refusal)
            else:
                pending += [group[: len(group) // 2], group[len(group) // 2 :]]
    return values, refusals


def _together(scenario: Scenario, cases: Sequence[Mapping[str, Any]], whole: Collection[str]) -> Scenario:
    """A scenario whose runs are the cases: shape (cases, 1) for each number that any of them changes."""
    changes: dict[str, Any] = {}
    for row, case in enumerate(cases):
        for path, value in case.items():
            if path in whole:
                changes[path] = value
                continue
            if path not in changes:
                changes[path] = np.full((len(cases), 1), scenario[path])
            changes[path][row] = value
    return scenario.vary(changes)
