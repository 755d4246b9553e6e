"""Earlier commits of this repository, to measure beside this one."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.driver import ROOT


@contextmanager
def commit(name: str, folder: Path) -> Iterator[Path]:
    """The files of a commit, for as long as the block lasts."""
    subprocess.run(["git", "-C", ROOT, "worktree", "add", "--quiet", "--detach", folder, name], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", folder], check=True)
