"""What an operator does with the library from the command line: `crossover backup FILE`, `crossover restore FILE`."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from library import library
from library.backup import back_up, restore
from library.errors import KEPT, LibraryError

COMMANDS = {
    "backup": (back_up, "copy the whole library into a new file, while others work with it"),
    "restore": (restore, "fill an empty library from a backup"),
}


def run(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """Do what the arguments ask, of which the first is one of `COMMANDS`, and say what was done.

    Raises LibraryError with one sentence when it cannot be done.
    """
    name, *rest = arguments
    work, about = COMMANDS[name]
    parser = argparse.ArgumentParser(prog=f"crossover {name}", description=f"{about.capitalize()}.")
    parser.add_argument("file", type=Path, metavar="FILE")
    try:
        return work(library(environ).database, parser.parse_args(rest).file)
    except LibraryError as refusal:
        raise LibraryError(str(refusal).removesuffix(f" {KEPT}")) from None
