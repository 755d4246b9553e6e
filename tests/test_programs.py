"""The programs that browsers fetch: one for all scenarios of a structure, and nobody's numbers in it."""

import json

import pytest

from answers.volume import VOLUME
from costmodel import scenario
from costmodel.scenario import numbers
from dashboard import programs
from pricing.presets import DEFAULT, preset
from reports.program import program, values

SCENARIO = preset(DEFAULT).scenario
MOVED = SCENARIO.vary({VOLUME: 123456.0, "workload.growth_per_year": 0.123456})


@pytest.fixture(scope="module")
def told() -> dict:
    return program(SCENARIO)


def test_a_moved_number_has_the_same_program_and_a_choice_another():
    address = programs.offered(SCENARIO)
    assert programs.offered(MOVED) == address
    others = {"finance.horizon_months": 48, "workload.start_month": 7, "rules.peak_must_be_carried": False}
    for path, value in others.items():
        assert programs.offered(SCENARIO.vary({path: value})) != address, path


def test_another_version_of_the_engine_has_another_address_since_browsers_keep_what_they_fetched(monkeypatch):
    address = programs.offered(SCENARIO)
    monkeypatch.setattr(programs, "VERSION", "later")
    assert programs.offered(SCENARIO) != address


def test_a_program_has_none_of_the_numbers_that_stay_open(told):
    assert program(MOVED) == told


def test_whole_numbers_that_shape_arrays_are_fixed_and_no_inputs(told):
    assert "finance.horizon_months" in told["fixed"]
    assert not {*told["fixed"]} & {*told["inputs"]}
    assert all(numbers(SCENARIO)[path].whole for path in told["fixed"])


def test_what_is_fetched_points_to_the_numbers_of_todays_scenario():
    key = programs.offered(MOVED).removeprefix(programs.URL)
    fetched, today = json.loads(programs.printed(key)), programs.todays(MOVED)
    assert [today[place] for place in fetched["places"]] == values(fetched, MOVED)


def test_nobody_fetches_what_was_not_offered():
    with pytest.raises(KeyError):
        programs.printed("0" * 64)


def test_what_was_worked_out_of_a_scenario_is_not_kept_with_its_offer():
    worked_out = SCENARIO.vary({"finance.horizon_months": 40})
    worked_out.once("anything", lambda: "large")
    kept = programs._offered[programs.offered(worked_out).removeprefix(programs.URL)]
    assert scenario.values(kept) == scenario.values(worked_out)
    assert kept.once("anything", lambda: "not there") == "not there"


def test_the_oldest_offer_makes_room(monkeypatch):
    monkeypatch.setattr(programs, "MOST", 2)
    monkeypatch.setattr(programs, "_offered", {})
    horizons = [programs.offered(SCENARIO.vary({"finance.horizon_months": months})) for months in (36, 48, 36, 60)]
    assert list(programs._offered) == [address.removeprefix(programs.URL) for address in horizons[2:]]
