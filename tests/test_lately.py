"""What is known of a scenario is found again by its values, and forgotten once many others were asked of."""

import pytest

from answers import lately
from answers.analysis import compared
from costmodel.scenario import Scenario
from pricing.presets import DEFAULT, preset

REQUESTS = "workload.requests_per_month"


def with_requests(requests: float) -> Scenario:
    return preset(DEFAULT).scenario.vary({REQUESTS: requests})


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(lately, "_lately", type(lately._lately)())


def test_a_lever_that_goes_back_finds_its_answers():
    there, elsewhere = lately.known(with_requests(1e6)), lately.known(with_requests(2e6))
    found = compared(there)
    assert lately.known(with_requests(1e6)) is there
    assert compared(lately.known(with_requests(1e6))) is found
    assert elsewhere is not there


@pytest.mark.parametrize("path", ["finance.horizon_months", "options.{first}.label", "rules.data_must_stay_in_region"])
def test_whatever_differs_is_another_scenario(path):
    scenario = with_requests(1e6)
    path = path.format(first=next(iter(scenario.options)))
    now = scenario[path]
    other = {bool: not now, int: 24}.get(type(now), "Another name")
    assert lately.known(scenario) is not lately.known(scenario.vary({path: other}))


def test_what_was_asked_of_longest_ago_is_forgotten():
    first, second = (lately.known(with_requests(volume)) for volume in (1, 2))
    of_first, of_second = compared(first), compared(second)
    lately.known(with_requests(1))
    for volume in range(3, lately.MOST + 2):
        lately.known(with_requests(volume))
    assert compared(first) is of_first
    assert compared(second) is not of_second
    assert lately.known(with_requests(2)) is not second


def test_what_was_worked_out_anew_since_is_given_up_once_it_leaves_the_screen():
    kept, forgotten = (lately.known(with_requests(volume)) for volume in (1, 2))
    for volume in range(3, lately.MOST + 2):
        lately.known(with_requests(volume))
        lately.known(kept)
    known, found = compared(kept), compared(forgotten)
    for scenario in (kept, forgotten):
        lately.left(scenario)
    assert compared(kept) is known
    assert compared(forgotten) is not found
