"""`vary`, the one verb that changes numbers: what it changes and what it never changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.comparison import compare
from costmodel.scenario import Scenario, free_slug, paths, with_option, without_option
from tests.neutral import plain
from tests.strategies import ordinary_scenario, scenarios, variations

SCENARIO = ordinary_scenario()


@given(st.data(), scenarios())
def test_a_changed_copy_has_the_new_values_and_all_the_other_old_ones(data, scenario):
    changes = data.draw(variations(scenario, (2, 1)))
    changed = scenario.vary(changes)
    for path in paths(scenario):
        expected = changes.get(path, scenario[path])
        np.testing.assert_array_equal(changed[path], expected)


@given(st.data(), scenarios())
def test_varying_changes_neither_the_scenario_nor_the_arrays_given(data, scenario):
    before = plain(scenario)
    changes = data.draw(variations(scenario, (2, 1)))
    given_arrays = {path: array.copy() for path, array in changes.items()}
    changed = scenario.vary(changes)
    assert plain(scenario) == before
    for path, array in changes.items():
        np.testing.assert_array_equal(array, given_arrays[path])
        array[...] = 0
        np.testing.assert_array_equal(changed[path], given_arrays[path])
        assert not changed[path].flags.writeable


@given(scenarios())
def test_varying_nothing_gives_the_same_scenario(scenario):
    assert scenario.vary({}) is scenario


@given(scenarios())
def test_writing_every_value_back_gives_an_equal_scenario(scenario):
    assert plain(scenario.vary({path: scenario[path] for path in paths(scenario)})) == plain(scenario)
    assert plain(Scenario.build(plain(scenario))) == plain(scenario)


def test_what_was_worked_out_of_a_scenario_makes_it_no_other():
    scenario, same = ordinary_scenario(), ordinary_scenario()
    compare(scenario)
    scenario.once("answer", lambda: 42)
    assert scenario == same
    assert scenario != same.vary({"finance.discount_rate_per_year": 0.5})


@given(scenarios())
def test_changes_one_after_the_other_equal_the_changes_at_once(scenario):
    one, other = {"workload.batch_frac": 0.5}, {"finance.discount_rate_per_year": 0.2}
    assert plain(scenario.vary(one).vary(other)) == plain(scenario.vary(one | other))


def test_nothing_in_a_scenario_can_be_assigned():
    for owner, name in [(SCENARIO, "workload"), (SCENARIO.workload, "batch_frac")]:
        with pytest.raises(ValueError, match="frozen"):
            setattr(owner, name, 0)
    with pytest.raises(TypeError):
        SCENARIO.options["more"] = SCENARIO.options["token_api"]


def test_options_are_added_copied_and_removed():
    more = with_option(SCENARIO, "copy", SCENARIO.options["token_api"])
    assert set(more.options) == {*SCENARIO.options, "copy"}
    assert plain(without_option(more, "copy")) == plain(SCENARIO)
    assert "copy" not in SCENARIO.options


@given(st.text(max_size=30))
def test_any_label_gives_a_free_slug_that_can_be_used(label):
    slug = free_slug(SCENARIO, label)
    assert slug not in SCENARIO.options
    assert slug in with_option(SCENARIO, slug, SCENARIO.options["token_api"]).options
