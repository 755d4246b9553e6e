"""Rules of the house for the engine: what it may import, how its fields are named, what explains itself."""

import ast
import importlib
import inspect
import re
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from costmodel.fields import Number, Record, number_of
from costmodel.lines import LINES
from costmodel.option import KINDS
from costmodel.scenario import Scenario
from costmodel.units import UNITS
from reports.words.method import units
from tests.neutral import compare  # registers the kinds  # noqa: F401
from tests.sources import Sources

ENGINE = Path(importlib.import_module("costmodel").__file__).parent
FILES = Sources(ENGINE, sorted(ENGINE.rglob("*.py")))

PACKAGES = {"costmodel", "numpy", "numpy_financial", "pydantic", "pydantic_core"}
MORE_PACKAGES = {"uncertainty": {"scipy", "SALib"}}
CALENDARS = {"hours.py": {"datetime"}}  # summer time of a zone, never the clock
OUTSIDE_WORLD = {"datetime", "io", "os", "pathlib", "random", "requests", "socket", "subprocess", "time", "urllib"}


def records():
    """Every record of the scenario and of every kind of option."""
    waiting, found = [Scenario, *KINDS.values()], []
    while waiting:
        record = waiting.pop()
        found.append(record)
        inner = (field.annotation for field in record.model_fields.values())
        waiting += [kind for kind in inner if isinstance(kind, type) and issubclass(kind, Record) and kind not in found]
    return found


NUMBERS = {
    f"{record.__name__}.{name}": number_of(record, name)
    for record in records()
    for name in record.model_fields
    if number_of(record, name)
}


@pytest.mark.parametrize("name", FILES)
def test_the_engine_imports_nothing_but_its_few_packages(name):
    imported = set()
    for node in ast.walk(FILES[name]):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            imported.add(node.module.partition(".")[0])
    allowed = PACKAGES | MORE_PACKAGES.get(name.partition("/")[0], set()) | set(sys.stdlib_module_names)
    assert imported <= allowed
    assert not imported & OUTSIDE_WORLD - CALENDARS.get(name, set())


@pytest.mark.parametrize("name", FILES)
def test_the_engine_opens_no_file_and_asks_no_clock(name):
    called = {ast.unparse(node.func) for node in ast.walk(FILES[name]) if isinstance(node, ast.Call)}
    assert not called & {"open", "input", "print", "exec", "eval", "__import__"}


def test_a_field_is_named_after_its_unit():
    for name, number in NUMBERS.items():
        field = name.partition(".")[2]
        named = [
            entry.suffix for entry in UNITS.values() if field.endswith(entry.suffix) or f"_{field}" == entry.suffix
        ]
        assert UNITS[number.unit].suffix == max(named, key=len, default=None), name


def test_a_field_says_in_one_sentence_what_it_means_within_which_bounds():
    for name, number in NUMBERS.items():
        assert number.low < number.high, name
        assert number.meaning[0].isupper() or number.meaning.startswith("kW"), name
        assert number.meaning.endswith("."), name
        assert ". " not in number.meaning, name
        assert not number.whole or (number.low == int(number.low) and number.high == int(number.high)), name


@pytest.mark.parametrize("record", records(), ids=lambda record: record.__name__)
def test_a_field_that_is_no_number_says_what_it_is_and_none_has_a_default(record):
    for name, field in record.model_fields.items():
        assert field.is_required(), f"{name} has a default: a forgotten price must not be a free price"
        group = isinstance(field.annotation, type) and issubclass(field.annotation, Record)
        assert number_of(record, name) or group or field.description or name in {"kind", "options"}, name
        is_number = field.annotation in (int, float)
        assert not is_number or isinstance(number_of(record, name), Number), f"{name} is a number without a unit"


NAMES_A_PATH = re.compile(rf"(?:^|\W)(?:{'|'.join(Scenario.model_fields)})\.[\w{{]|\}}\.[a-z]\w*_")


@pytest.mark.parametrize("name", FILES)
def test_a_refusal_keeps_the_paths_it_names_as_parts_so_that_a_screen_can_say_names(name):
    raised = [node for node in ast.walk(FILES[name]) if isinstance(node, ast.Call)]
    sentences = [
        ast.unparse(call.args[0])
        for call in raised
        if ast.unparse(call.func).endswith(("ScenarioError", "Fault")) and call.args
    ]
    assert [sentence for sentence in sentences if NAMES_A_PATH.search(sentence)] == []


@pytest.mark.parametrize("name", FILES)
def test_everything_public_says_what_it_is(name):
    tree = FILES[name]
    assert ast.get_docstring(tree), "the file says what it holds"
    outer = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inner = {node for function in outer for node in ast.walk(function) if node is not function}
    silent = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and node not in inner
    ]
    assert silent == []


BY_HAND = {  # (file, function, line): what members or a bridge pay is added up there
    ("options/on_prem.py", "_bridged", "incident_loss"),
    ("options/edge.py", "costs", "devices"),  # a quantity of that name
}


def money():
    """(line, function, its code) of every function of a cost line."""
    for name, line in LINES.items():
        for function in line.functions:
            (code,) = ast.parse(dedent(inspect.getsource(inspect.unwrap(function)))).body
            yield name, function, code


def test_every_cost_line_is_a_function_that_says_what_it_is_and_in_which_units():
    for name, function, code in money():
        assert LINES[name].label, name
        assert LINES[name].group, name
        assert inspect.getdoc(function), name
        assert [argument.arg for argument in code.args.args] == ["task"], name
        product = any(
            isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div) for node in ast.walk(code)
        )
        assert units(function) or not product, name


def test_money_gets_into_a_result_by_such_functions_alone():
    registered = {name for name, _, _ in money()}
    assert registered == set(LINES)
    written = {
        (file, function.name, key.value)
        for file, tree in FILES.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for made in ast.walk(function)
        if isinstance(made, ast.Call) and ast.unparse(made.func) == "Result" and made.args
        for node in ast.walk(function)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and key.value in LINES
    }
    assert written == BY_HAND


def test_the_changelog_says_each_thing_once():
    """Two branches that both tell of a change, merged, would leave it there twice."""
    unreleased = re.split(r"^##+ .*", (Path(__file__).parents[1] / "CHANGELOG.md").read_text(), flags=re.MULTILINE)[1]
    told = [" ".join(entry.split()) for entry in re.split(r"^- ", unreleased, flags=re.MULTILINE)]
    assert sorted(told) == sorted({*told})
