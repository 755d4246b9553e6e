"""What an equation may consist of, so that one code path serves single runs, many runs and the workbook's recorder."""

import ast
import dataclasses
import importlib
from pathlib import Path

import pytest

from costmodel.fields import number_of
from costmodel.lines import Line
from costmodel.scenario import fields
from costmodel.traits import Traits
from tests.sources import Sources
from tests.strategies import ordinary_scenario

ENGINE = Path(importlib.import_module("costmodel").__file__).parent
FILES = Sources(ENGINE, sorted(ENGINE.rglob("*.py")))
NO_EQUATIONS = {"units.py", "fields.py", "errors.py", "scenario.py", "quantity.py", "lines.py",
                "numerals.py", "regions.py", "hours.py"}  # fmt: skip
STATISTICS = "uncertainty/"
EQUATIONS = [name for name in FILES if name not in NO_EQUATIONS and not name.startswith(STATISTICS)]
PLAIN_NUMBERS = {0, 1, 12}
OTHER_NUMBERS = {  # number -> why it stands in that function
    ("replica.py", "_cache_each_s", 2): "a sequence is half written on average",
    ("replica.py", "fixed_step_s", 0.5): "the root of the other GPUs",
    ("replica.py", "batch_within_limit", 2): "the solution of a quadratic equation",
    ("replica.py", "batch_within_limit", 0.5): "the root in it",
    ("demand.py", "season", 2): "month 1 is the start month, and months count from 1",
    ("demand.py", "busy_mean_square", 2): "a mean square",
    ("demand.py", "curve_height", 2): "the solution of a quadratic equation",
    ("demand.py", "curve_height", 0.5): "the root in it",
    ("demand.py", "variation_of_peak", 2): "the inverse of that solution",
    ("demand.py", "variation_of_peak", 0.5): "the root of a mean square",
    ("names.py", "first_free", 2): "the second of a name is number 2",
}
FOR_SINGLE_SCENARIOS = {  # answers, not equations: they may decide on numbers and return plain ones
    ("break_even.py", None),
    ("best_shares.py", None),
    ("comparison.py", "switch"),
    ("comparison.py", "ranking"),
    ("comparison.py", "allowed"),
    ("people.py", "talent_plan"),
    ("rules.py", None),
    ("comparison.py", "line_totals"),
}
OF_SENTENCES = {  # plain numbers that a refusal tells
    ("serving.py", "_rounded"),
}
MEMOS = {  # what keeps a result of its own, and no array
    ("option.py", "__getitem__"),
}
DECISIONS_ON_TERMS = {  # decisions on the months of a contract, which are never drawn, or on the shape of an array
    ("cohorts.py", "shifted"),
}
VERBS = {  # what an equation may use of numpy: what the workbook's recorder understands
    "arange",
    "any",
    "atleast_1d",
    "broadcast_arrays",
    "concatenate",
    "cumsum",
    "max",
    "maximum",
    "min",
    "minimum",
    "newaxis",
    "sum",
    "where",
    "zeros",
    "zeros_like",
}
FINISHING = {
    "finance.py",
    "break_even.py",
    "best_shares.py",
    "comparison.py",
    "rules.py",
}  # work on results, not in the workbook


TRAITS = {name for name in vars(Traits) if not name.startswith("_")}  # answers about one scenario, no equations
OF_A_LINE = {field.name for field in dataclasses.fields(Line)} | {"due_in_month", "overhead"}
OF_OPTIONS = {"owns_hardware"}  # what an option answers by its choices alone
NEVER_DRAWN = {
    "delivery_months",
    "are_known",
} | {  # choices, texts, switches, whole-number terms and what follows from them
    field
    for _, record, field in fields(ordinary_scenario())
    if number_of(record, field) is None or number_of(record, field).whole
}


def functions(name):
    """Every function of a file, methods included."""
    return [node for node in ast.walk(FILES[name]) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("name", EQUATIONS)
def test_equations_contain_no_number_but_zero_one_and_twelve(name):
    stray = [
        f"{function.name}: {node.value} in line {node.lineno}"
        for function in functions(name)
        for node in numbers_used(function)
        if node.value not in PLAIN_NUMBERS and (name, function.name, node.value) not in OTHER_NUMBERS
    ]
    assert stray == []


def numbers_used(function):
    """Numbers in a function's code, apart from positions such as `shape[-1]`."""
    positions = {
        id(part) for node in ast.walk(function) if isinstance(node, ast.Subscript) for part in ast.walk(node.slice)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and id(node) not in positions:
            yield node


@pytest.mark.parametrize("name", EQUATIONS)
def test_equations_make_no_plain_numbers_of_arrays(name):
    plain = [
        f"{function.name}: {ast.unparse(node)}"
        for function in functions(name)
        if not is_for_single_scenarios(name, function)
        and (name, function.name) not in OF_SENTENCES
        and function.name not in TRAITS
        and not function.name.startswith("check")
        for node in ast.walk(function)
        if (isinstance(node, ast.Call) and ast.unparse(node.func) in {"float", "int", "round", "bool", "divmod"})
        or (isinstance(node, ast.Attribute) and ast.unparse(node.value) == "math")
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "item")
    ]
    assert plain == []


@pytest.mark.parametrize("name", EQUATIONS)
def test_equations_decide_on_choices_and_never_on_numbers(name):
    decided = [
        f"{function.name}: if {ast.unparse(condition)}"
        for function in functions(name)
        if not is_for_single_scenarios(name, function)
        and (name, function.name) not in DECISIONS_ON_TERMS
        and not is_about_a_choice(function)
        for condition in conditions(function)
        if not is_choice(condition)
    ]
    assert decided == []


def is_for_single_scenarios(name, function):
    return (name, function.name) in FOR_SINGLE_SCENARIOS or (name, None) in FOR_SINGLE_SCENARIOS


def is_about_a_choice(function):
    """Whether a function checks or describes the scenario instead of working out a quantity."""
    return function.name.startswith("check") or function.name in TRAITS | {
        "relies_on",
        "serving_parts",
        "bridges",
        "candidates",
        "standalone",
    }


def conditions(function):
    """What a function's Python decisions depend on."""
    for node in ast.walk(function):
        if isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert):
            yield node.test
        elif isinstance(node, ast.comprehension):
            yield from node.ifs
        elif isinstance(node, ast.Match):
            yield node.subject


def is_choice(condition):
    """Whether a condition is made of choices, terms, names of things, 'is None' and what is off in all runs alone."""
    if isinstance(condition, ast.BoolOp):
        return all(is_choice(part) for part in condition.values)
    if isinstance(condition, ast.UnaryOp):
        return is_choice(condition.operand)
    if isinstance(condition, ast.Compare):
        against = [condition.left, *condition.comparators]
        return (
            all(isinstance(operator, ast.Is | ast.IsNot | ast.In | ast.NotIn) for operator in condition.ops)
            or any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in against)
            or all(is_choice(part) for part in against)
        )
    if isinstance(condition, ast.Call) and isinstance(condition.func, ast.Attribute):
        return condition.func.attr in OF_OPTIONS
    if isinstance(condition, ast.Call):
        each = condition.args[0] if condition.args else None
        return ast.unparse(condition.func) == "is_off" or (
            ast.unparse(condition.func) in {"all", "any"} and isinstance(each, ast.GeneratorExp) and is_choice(each.elt)
        )
    if isinstance(condition, ast.Attribute):
        return condition.attr in NEVER_DRAWN | OF_A_LINE
    return False


@pytest.mark.parametrize("name", [name for name in EQUATIONS if name not in FINISHING])
def test_equations_keep_to_the_verbs_that_a_recorder_understands(name):
    used = {
        node.attr
        for function in functions(name)
        if function.name not in TRAITS
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np"
    }
    assert used <= VERBS


@pytest.mark.parametrize("name", [name for name in EQUATIONS if name not in FINISHING])
def test_equations_assign_into_no_array(name):
    written = [
        f"{function.name}: {ast.unparse(node)}"
        for function in functions(name)
        if (name, function.name) not in MEMOS
        for node in ast.walk(function)
        if (isinstance(node, ast.Assign) and any(isinstance(target, ast.Subscript) for target in node.targets)
            and not any(ast.unparse(target).startswith("lines[") for target in node.targets))
        or (isinstance(node, ast.AugAssign) and ast.unparse(node.target) != "lines")
        or (isinstance(node, ast.keyword) and node.arg == "out")
    ]  # fmt: skip
    assert written == []


def test_documented_exceptions_are_still_needed():
    used = {
        (name, function.name, node.value)
        for name in EQUATIONS
        for function in functions(name)
        for node in numbers_used(function)
    }
    assert set(OTHER_NUMBERS) <= used
    for name, function in FOR_SINGLE_SCENARIOS | DECISIONS_ON_TERMS:
        if function:
            assert function in {node.name for node in functions(name)}
