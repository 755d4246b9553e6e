"""What the engine itself calls an intermediate result: the variable that its line of source assigns."""

import ast
import linecache
import sys
from functools import cache
from pathlib import Path

import numpy as np

OURS = str(Path(__file__).parent)
NUMPY = str(Path(np.__file__).parent)
Site = tuple[str, int, str]


def calling_site() -> Site:
    """(file, line, function) of the engine's line that is being recorded."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_code.co_filename.startswith((OURS, NUMPY)):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name


def assigned_name(site: Site) -> str:
    """The variable that the line assigns, or else the function it returns from: 'by_memory', 'share_of_hours'."""
    file, line, function = site
    name = _targets(file).get(line) or function.removesuffix("_usd")
    return "" if name.startswith("<") else name.strip("_")


@cache
def _targets(file: str) -> dict[int, str]:
    lines = linecache.getlines(file)
    found = {}
    for statement in ast.walk(ast.parse("".join(lines))):
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            for line in range(statement.lineno, statement.end_lineno + 1):
                found[line] = statement.targets[0].id
    return found
