"""Every cost line is in the one table of lines, every entry of the table is somebody's line, and every field counts."""

from functools import reduce
from itertools import compress, product
from typing import Literal, get_args, get_origin

import numpy as np

from costmodel.comparison import Comparison
from costmodel.lines import LINES
from costmodel.option import KINDS
from costmodel.scenario import fields, numbers
from tests.neutral import compare, figures, neutral_option, neutral_scenario
from tests.strategies import batches, drawable, levels, one_at_a_time, ordinary_scenario, scenario_at, value_at

NOT_IN_ANY_FIGURE = {  # field -> who reads it instead
    "rules.response_time_limit_s": "the rules",
    "rules.latest_start_months": "the rules",
    "finance.fiscal_year_first_month": "the budget by fiscal year",
    "options.multi_cloud.least_frac": "the search for the cheapest mix",
    "options.token_api.staff.infrastructure_engineer_fte_per_server": "an API has no servers",
    "options.seats.staff.infrastructure_engineer_fte_per_server": "a subscription has no servers",
}


SHORT = 1000.0  # tokens: few requests are so short that a model which takes no more carries them
NAMED = {  # options that others hand their demand on to
    "bridge_option": "api",
    "base_option": "own",
    "overflow_option": "api",
    "first_option": "own",
    "second_option": "api",
    "fallback_option": "own",
}


def ways_to_pay():
    """A neutral scenario for every choice that each kind offers."""
    for kind, record in KINDS.items():
        choices = {
            name: get_args(field.annotation)
            for name, field in record.model_fields.items()
            if get_origin(field.annotation) is Literal and name != "kind"
        }
        for chosen in product(*choices.values()):
            named = {name: slug for name, slug in NAMED.items() if name in record.model_fields}
            delay = {"lead_time_months": 3} if "bridge_option" in named else {}
            options = {"api": neutral_option("token_api"), "own": neutral_option("on_prem")}
            options["it"] = neutral_option(kind, **dict(zip(choices, chosen, strict=True)), **named, **delay)
            yield neutral_scenario(options, workload__requests_per_month=1e4, application__application_included=True)
        for path, value in extras(record):
            options["it"] = neutral_option(kind, **named, **{path: value})
            yield neutral_scenario(options, workload__requests_per_month=1e4)


def extras(record):
    """Path and value of every choice and switch in the groups of an option."""
    for group, declared in record.model_fields.items():
        for name, field in getattr(declared.annotation, "model_fields", {}).items():
            values = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
            for value in (True,) if field.annotation is bool else values:
                yield f"{group}__{name}", value


def test_the_table_of_lines_and_the_lines_of_all_kinds_are_the_same():
    emitted = {name for scenario in ways_to_pay() for name in compare(scenario)["it"].lines}
    assert emitted == set(LINES)


def test_a_line_has_its_place_in_finance():
    for name, line in LINES.items():
        assert line.label
        assert line.group
        assert line.nature in {"running", "purchase", "credit", "end_credit"}, name
        assert not line.usage or line.nature == "running", name


def test_a_neutral_scenario_costs_nothing():
    for scenario in ways_to_pay():
        for name, amounts in compare(scenario)["it"].lines.items():
            assert not np.any(amounts), name


def moved(figure: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Whether a figure is another in any month, by run; what is rounded otherwise is the same."""
    if figure.shape[-1:] != before.shape[-1:] and before.ndim:
        return np.True_  # another number of months
    apart = ~np.isclose(figure, before, rtol=1e-9, atol=0, equal_nan=True)
    return apart.any(axis=-1) if before.ndim else apart


def moving(known: Comparison, before: dict, changes: dict[str, float]) -> set[str]:
    """Which numbers move some figure of a comparison when each alone is changed, in a run of its own."""
    alone = len(changes) == 1
    runs = changes if alone else one_at_a_time(known.scenario, {path: (value,) for path, value in changes.items()})
    try:
        after = figures(compare(known.scenario.vary(runs), known), known)
    except ValueError:  # a value that does not fit the others
        return set() if alone else set().union(*(moving(known, before, {path: changes[path]}) for path in changes))
    found = [moved(after[name], before[name]) for name in after.keys() & before.keys()]
    return set(compress(changes, reduce(np.logical_or, found, np.zeros(len(changes), dtype=bool))))


def test_every_number_moves_some_figure_of_some_scenario():
    waiting = set(numbers(ordinary_scenario())) - set(NOT_IN_ANY_FIGURE)
    drawn = levels(np.random.default_rng(2).bytes(100_000))
    for _ in range(150):
        scenario = scenario_at(drawn.__next__)
        known, specs, arrays = compare(scenario), numbers(scenario), waiting & set(drawable(scenario))
        before = figures(known)
        for paths in [*batches(arrays).values(), *([path] for path in sorted(waiting - arrays))]:
            changes = {}
            for path in paths:
                level, name = next(drawn), path.rpartition(".")[2]
                long = name == "context_window_tokens"
                changes[path] = level * SHORT if long else value_at(level, name, specs[path])
            waiting -= moving(known, before, changes)
        if not waiting:
            break
    assert waiting == set()


def test_a_number_said_to_be_in_no_figure_is_in_none():
    scenario = ordinary_scenario()
    before = figures(compare(scenario))
    for path in NOT_IN_ANY_FIGURE:
        after = figures(compare(scenario.vary({path: numbers(scenario)[path].high})))
        assert all(np.array_equal(after[name], before[name]) for name in before), path


def test_every_field_of_the_scenario_has_a_path_of_its_own():
    paths = [path for path, _, _ in fields(ordinary_scenario())]
    assert len(paths) == len(set(paths))
