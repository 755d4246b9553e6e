"""Options answer for themselves: outside `costmodel/options` nobody asks what kind an option is."""

import ast
from pathlib import Path

import pytest

from costmodel.option import KINDS, Option, StandaloneOption
from tests.neutral import compare  # registers the kinds  # noqa: F401
from tests.sources import Sources

ROOT = Path(__file__).parent.parent
ROOMS = ("answers", "benchmarks", "costmodel", "dashboard", "intake", "library", "pages", "pricing", "reports", "usage",
         "validation")  # fmt: skip
EVERYWHERE = sorted([*ROOT.glob("*.py"), *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))])
FILES = Sources(ROOT, (path for path in EVERYWHERE if path.parent != ROOT / "costmodel/options"))
EXCUSED = {  # file -> why it may ask
    f"pricing/migrations/{name}.py": "opens documents of earlier versions, in which an option is a table of words"
    for name in ("presets", "anchors")
}
RECORDS = {record.__name__ for record in KINDS.values()} | {StandaloneOption.__name__}
OF_SOME_KINDS = {name for record in KINDS.values() for name in record.model_fields} - set(Option.model_fields)
REGISTERS = {"KINDS", "COSTS"}


def asked(tree: ast.AST) -> list[str]:
    """Code of a file that asks an option what it is."""
    named = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return [ast.unparse(node) for node in ast.walk(tree) if _asks(node, named)]


def _asks(node: ast.AST, named: dict[str, object]) -> bool:
    match node:
        case ast.Compare():
            sides = [node.left, *node.comparators]
            return any(_texts(side, named) & KINDS.keys() for side in sides) and any(_is_kind(side) for side in sides)
        case ast.MatchValue():
            return bool(_texts(node.value, named) & KINDS.keys())
        case ast.MatchClass():
            return _last(node.cls) in RECORDS
        case ast.Dict():
            keys = {text for key in node.keys if key for text in _texts(key, named)}
            return len(keys & KINDS.keys()) > 1
        case ast.Subscript():
            return _is_kind_of_an_option(node.slice) and _last(node.value) not in REGISTERS
        case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[_, kinds]):
            return any(_last(part) in RECORDS for part in ast.walk(kinds))
        case (
            ast.Call(func=ast.Name(id="hasattr"), args=[_, name])
            | ast.Call(func=ast.Name(id="getattr"), args=[_, name, _])
        ):
            return bool(_texts(name, named) & OF_SOME_KINDS)
        case ast.Call(func=ast.Attribute(attr="get"), args=[key, *_]):
            return _is_kind_of_an_option(key)
    return False


def _texts(node: ast.AST, named: dict[str, object]) -> set[object]:
    """Texts that an expression holds, by name or as they are."""
    parts = ast.walk(node)
    return {
        part.value if isinstance(part, ast.Constant) else named.get(part.id)
        for part in parts
        if isinstance(part, ast.Constant | ast.Name)
    } - {None}


def _is_kind(node: ast.AST) -> bool:
    return "kind" in ast.unparse(node).lower()


def _is_kind_of_an_option(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "kind" and "option" in ast.unparse(node.value)


def _last(node: ast.AST) -> str:
    return getattr(node, "attr", "") or getattr(node, "id", "")


def test_nobody_asks_an_option_what_it_is():
    found = {name: asked(tree) for name, tree in FILES.items() if name not in EXCUSED}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("name", EXCUSED)
def test_what_is_excused_is_still_there(name):
    assert asked(FILES[name])


@pytest.mark.parametrize(
    "code",
    [
        'option.kind == "on_prem"',
        'cost.option.kind in ("on_prem", "edge")',
        'KIND = "token_api"\nfound = [option for option in options if option.kind == KIND]',
        'match kind:\n    case "seats":\n        pass',
        "match option:\n    case TokenApi():\n        pass",
        "isinstance(option, Hybrid | Edge)",
        "isinstance(option, option_module.StandaloneOption)",
        'hasattr(option, "serving")',
        'PATH = "price_decline_per_year"\nrate = getattr(option, PATH, 0)',
        "PICKS.get(option.kind, ())",
        "TABLE[cost.option.kind]",
        'TABLE = {"token_api": 1, "cloud_gpu": 2}',
    ],
)
def test_questions_that_are_found(code):
    assert asked(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        'row.kind == "line"',
        "now.kind == before.kind",
        "KINDS[option.kind].title",
        'getattr(error, "problem_mark", None)',
        'LINES = {"seats": 1, "storage": 2}',
        "option.gpu_serving()",
    ],
)
def test_what_is_no_such_question(code):
    assert asked(ast.parse(code)) == []
