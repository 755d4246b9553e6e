"""What usage and cost files say: python -m usage FILE... [--columns time=ts,input=in] [--zone ZONE] [--json]."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from intake.command import printed, unreadable
from intake.fields import shown
from usage import Reading, read
from usage.hints import Hints
from usage.progress import Progress
from usage.readers.request_log import NAMES
from usage.times import named_month
from usage.totals import terms
from usage.workload import workload

EVERY_S = 2.0
SHOWN = ("requests", "input_total", "cached_read", "cache_write", "output_total", "reasoning", "cost")


def main(arguments: list[str] | None = None) -> int:
    """Print what was read; 0 when every file was, 2 with a sentence on standard error for each that was not."""
    asked = _parser().parse_args(arguments)
    unopened: list[str] = []
    hints = Hints(asked.columns, asked.zone, asked.month)
    try:
        if asked.table:
            from usage.warehouse import read_table

            reading = read_table(asked.files[0], asked.table, hints)
        else:
            reading = read(_files(asked.files, unopened), hints, watch=SoFar())
    except KeyboardInterrupt:
        print("Stopped; what was read so far is not counted.", file=sys.stderr)
        return 130
    return printed(reading, _terms(reading) if asked.json else _told(reading), unopened)


class SoFar:
    """Tells on standard error, now and then, how far a long read is and what it has found until then."""

    def __init__(self) -> None:
        self._told = monotonic()

    def __call__(self, progress: Progress) -> None:
        """A line when the last one is a while ago."""
        if monotonic() - self._told < EVERY_S:
            return
        self._told = monotonic()
        print(f"{progress.told()}; Ctrl-C stops.", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m usage", description="Read usage and cost exports.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="an export, also packed (gz, zip)")
    parser.add_argument(
        "--columns", type=_columns, default={}, metavar="time=NAME,model=NAME,...",
        help=f"which column of a log of your own is which: {', '.join(NAMES)}",
    )  # fmt: skip
    parser.add_argument("--zone", type=_zone, default="UTC", help="zone of times without an offset (default UTC)")
    parser.add_argument("--month", type=_month, metavar="YYYY-MM", help="month of a report that names no time")
    parser.add_argument("--table", metavar="NAME",
                        help="read this table of the warehouse whose address stands in place of a file")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="totals by month, provider and model as JSON")
    return parser


def _columns(text: str) -> dict[str, str]:
    found = dict(pair.partition("=")[::2] for pair in text.split(","))
    for what, name in found.items():
        if what not in NAMES or not name:
            raise argparse.ArgumentTypeError(f"{what!r:.40} must be one of {', '.join(NAMES)}, with = and a column")
    return found


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise argparse.ArgumentTypeError(f"{name!r:.40} must be a time zone such as Europe/Berlin") from None


def _month(text: str) -> datetime:
    if (found := named_month(text)) is None:
        raise argparse.ArgumentTypeError(f"{text!r:.40} must be a month such as 2026-10")
    return found


def _files(files: list[str], unopened: list[str]) -> Iterator[tuple[str, Path]]:
    """Name and path of each file; a sentence in `unopened` for what cannot be opened."""
    for file in files:
        try:
            with Path(file).open("rb"):
                yield file, Path(file)
        except (OSError, ValueError) as error:
            unopened.append(unreadable(file, error))


def _terms(reading: Reading) -> dict:
    """Everything as JSON: totals, and the workload that follows from them."""
    found = workload(reading)
    numbers = {f.field: {"value": f.value, "from": f.told, "rows": f.rows} for f in found.findings} if found else {}
    return {**reading.terms(), "workload": numbers and {"source": found.source, "numbers": numbers}}


def _told(reading: Reading) -> Iterable[str]:
    for file in reading.files:
        yield f"{shown(file.name)}: {', '.join(file.formats)}"
        yield from _table(terms(list(file.cells.values())))
        yield from (f"  {sentence}" for sentence in reading.about(file))
    if len(reading.files) > 1:
        yield "Together:"
        yield from _table(terms(reading.cells))
        yield from (f"  {sentence}" for sentence in reading.sentences())


def _table(found: dict) -> Iterable[str]:
    """A line for each month, provider and model; a dash for what the file does not say."""
    yield "  " + " ".join(("month  ", "provider  ", f"{'model':36}", *(f"{name:>14}" for name in SHOWN)))
    for group in (*found["by_month_and_model"], {"month": "all", **found["total"]}):
        names = (
            f"{group.get(name) or '-':{width}.{width}}"
            for name, width in (("month", 7), ("provider", 10), ("model", 36))
        )
        numbers = (
            f"{'-' if group[name] is None else f'{group[name]:,.2f}' if name == 'cost' else f'{group[name]:,.0f}':>14}"
            for name in SHOWN
        )
        currency = "" if group["cost"] is None else group.get("currency") or found["currency"] or ""
        yield "  " + " ".join((*names, *numbers, currency)).rstrip()


if __name__ == "__main__":
    sys.exit(main())
