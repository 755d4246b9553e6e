"""Sources of the project by name, each parsed when a test first looks at it, for all that look at it."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


class Sources(Mapping[str, ast.Module]):
    """Name below a folder -> syntax tree of some of its files."""

    def __init__(self, folder: Path, paths: Iterable[Path]) -> None:
        self._paths = {path.relative_to(folder).as_posix(): path for path in paths}

    def __getitem__(self, name: str) -> ast.Module:
        return parsed(self._paths[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
