"""What an operator does with the library from the command line: `crossover backup FILE` and its like."""

import argparse
import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from library import Library, library
from library.backup import back_up, restore
from library.errors import KEPT, LibraryError
from library.roles import OWNER, Change


@dataclass(frozen=True)
class Command:
    """What is done with a library, given (name, type) arguments; what it returns is printed."""

    about: str
    work: Callable[..., str]
    given: tuple[tuple[str, type], ...] = ()


def _own(shelves: Library, slug: str, person: str) -> str:
    shelves.give(slug, person, OWNER, at=datetime.now(UTC))
    return f"{person} owns {slug}."


def _changes(shelves: Library) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, [field.name for field in fields(Change)], lineterminator="\n")
    table.writeheader()
    table.writerows(asdict(change) for change in shelves.all_changes())
    return text.getvalue().rstrip("\n")


FILE = (("file", Path),)
COMMANDS = {
    "backup": Command("copy the whole library into a new file, while others work with it",
                      lambda shelves, file: back_up(shelves.database, file), FILE),
    "restore": Command("fill an empty library from a backup",
                       lambda shelves, file: restore(shelves.database, file), FILE),
    "own": Command("name an owner of a scenario, where people log in", _own, (("slug", str), ("person", str))),
    "changes": Command("print who changed what, where people log in, as CSV", _changes),
}  # fmt: skip


def run(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """Do what the arguments ask, of which the first is one of `COMMANDS`, and say what was done.

    Raises LibraryError with one sentence when it cannot be done.
    """
    name, *rest = arguments
    command = COMMANDS[name]
    parser = argparse.ArgumentParser(prog=f"crossover {name}", description=f"{command.about.capitalize()}.")
    for given, kind in command.given:
        parser.add_argument(given, type=kind, metavar=given.upper())
    asked = vars(parser.parse_args(rest))
    try:
        return command.work(library(environ), **asked)
    except LibraryError as refusal:
        raise LibraryError(str(refusal).removesuffix(f" {KEPT}")) from None
