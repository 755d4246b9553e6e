"""Earlier commits of this repository, to measure beside this one."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.driver import ROOT, Server, served

BEFORE = "c501954"  # the overview as it was before levers followed the hand, and before many visitors were thought of


@contextmanager
def commit(name: str, folder: Path) -> Iterator[Path]:
    """The files of a commit, for as long as the block lasts."""
    subprocess.run(["git", "-C", ROOT, "worktree", "add", "--quiet", "--detach", folder, name], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", folder], check=True)


@contextmanager
def served_before(name: str, scratch: Path) -> Iterator[Server]:
    """The app as it was at a commit, served from its own files."""
    with (
        commit(name, scratch / "before") as folder,
        served(folder / "app.py", scratch / "before.log", cwd=folder, path=folder) as server,
    ):
        yield server
