"""What the documents say of the code holds: code in guides runs, paths and names exist, the drawing is the imports."""

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from pydantic_core import to_json

from costmodel import option as kinds
from costmodel.lines import LINES, lines_of
from pricing.presets import DEFAULT, preset
from reports.files.tables import tidy
from reports.words.parts import parts
from tests.neutral import compare

ROOT = Path(__file__).parent.parent
DOCUMENTS = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
FLOORS = [[room for room in re.split(r"\W+", floor) if room not in {"tests", "bench"}]
          for floor in PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]]  # fmt: skip
DOORS = ["app", "cli"]
ROOMS = [*DOORS, *(room for floor in FLOORS for room in floor)]
DRAWING = (ROOT / "docs" / "architecture.md").read_text()
SCENARIO = preset(DEFAULT).scenario


def names(code: str) -> dict:
    """What a guide's code defines."""
    found: dict = {}
    exec(code, found)
    return found


def code(guide: str) -> str:
    return "\n".join(dedent(block) for block in
                     re.findall(r"```python\n(.*?)```", (ROOT / "docs" / guide).read_text(), re.DOTALL))  # fmt: skip


def test_the_line_of_the_guide_is_found_by_bars_and_files(monkeypatch):
    insurance_usd, costs = names(code("adding-a-line.md"))["insurance_usd"], kinds.COSTS["on_prem"]
    monkeypatch.setitem(LINES, "insurance", LINES.pop("insurance"))  # so that it is forgotten afterwards

    def insured(task):
        result = costs(task)
        own = task.handed(task.option, first_month=task.option.delivery_months + 1)
        return kinds.Result({**result.lines, **lines_of(own, insurance_usd)}, result.quantities)

    monkeypatch.setitem(kinds.COSTS, "on_prem", insured)
    comparison = compare(SCENARIO)
    cost = comparison["own_servers"]
    yearly = cost.quantities["servers"] * cost.option.server_price_usd * 0.004
    assert cost.lines["insurance"][0] == 0
    np.testing.assert_allclose(cost.lines["insurance"][1:], yearly[1:] / 12, rtol=1e-12)
    assert parts(cost)["Site and upkeep"]["insurance"] > 0
    assert b"Insurance of servers" in tidy(comparison)


def test_the_chart_of_the_guide_shows_what_the_engine_says():
    comparison = compare(SCENARIO)
    figure = names(code("adding-a-chart.md"))["cash_by_month"](comparison)
    assert to_json(figure, fallback=lambda value: value.tolist())
    for trace, cost in zip(figure["data"], comparison.costs.values(), strict=True):
        np.testing.assert_array_equal(trace["y"], cost.cash_usd)


def said() -> Iterator[tuple[str, str]]:
    """(document, what it has between backticks)."""
    for file in DOCUMENTS:
        prose = re.sub(r"```.*?```", "", file.read_text(), flags=re.DOTALL)
        for told in re.findall(r"`([^`\n]+)`", prose):
            yield file.name, told


def test_every_file_that_a_document_names_is_there():
    paths = [(file, told) for file, told in said() if re.fullmatch(r"[\w.-]+/[\w./-]*", told)]
    missing = [(file, told) for file, told in paths if not (ROOT / told).exists() and not told.startswith("_stcore")]
    assert missing == []
    links = [(file, target) for file in DOCUMENTS for target in re.findall(r"\]\(([\w./-]+)\)", file.read_text())]
    assert [(file.name, target) for file, target in links if not (file.parent / target).exists()] == []


def test_every_name_of_a_module_that_a_guide_names_is_there():
    for file, told in said():
        named = re.fullmatch(r"([a-z_]+)\.([A-Za-z_]+)(?:\(.*\))?", told)
        if not named or not file.startswith("adding-"):
            continue
        modules = [f"{room}.{named[1]}" for room in ROOMS if (ROOT / room / f"{named[1]}.py").exists()]
        assert not modules or any(hasattr(importlib.import_module(module), named[2]) for module in modules), told


def imports() -> set[tuple[str, str]]:
    """(room, room that it imports from) of all rooms."""
    found = set()
    for room in ROOMS:
        for file in [ROOT / f"{room}.py"] if room in DOORS else (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                modules += [node.module] if isinstance(node, ast.ImportFrom) else []
                found |= {(room, module.partition(".")[0]) for module in modules}
    return {(room, other) for room, other in found if other in ROOMS and other != room}


def reached(start: str, arrows: set[tuple[str, str]]) -> set[str]:
    """Rooms that one gets to from a room."""
    found, waiting = set(), [start]
    while waiting:
        room = waiting.pop()
        waiting += [other for one, other in arrows if one == room and other not in found]
        found |= {other for one, other in arrows if one == room}
    return found


def test_the_drawing_has_the_imports_that_do_not_follow_from_others():
    arrows = imports()
    needed = {(room, other) for room, other in arrows if other not in reached(room, arrows - {(room, other)})}
    assert set(re.findall(r"^    (\w+) --> (\w+)$", DRAWING, re.MULTILINE)) == needed


def test_the_floors_of_the_drawing_are_those_of_the_import_contracts():
    floors = re.findall(r"^    subgraph .*?\n(.*?)^    end$", DRAWING, re.MULTILINE | re.DOTALL)
    drawn = [re.findall(r"^        (\w+)$", floor, re.MULTILINE) for floor in floors]
    assert drawn == [DOORS, *(floor for floor in FLOORS if floor)]


@pytest.mark.parametrize("folder", [path.name for path in ROOT.iterdir() if path.is_dir() and [*path.glob("*.py")]])
def test_the_readme_says_what_every_folder_of_programs_holds(folder):
    assert re.search(rf"^\|[^|]*`{folder}/`[^|]*\|", (ROOT / "README.md").read_text(), re.MULTILINE)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_where_the_readme_says_what_it_holds(room):
    told = f"{room}.py" if room in DOORS else f"{room}/"
    assert f"`{told}`" in (ROOT / "README.md").read_text() + DRAWING
