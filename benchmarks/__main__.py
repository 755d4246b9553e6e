"""What benchmark result files say: python -m benchmarks FILE... [--gpus N] [--json]."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks import Reading, read
from benchmarks.documents import LARGEST_BYTES, too_large
from intake.command import printed, unreadable


def main(arguments: list[str] | None = None) -> int:
    """Print what was read; 0 when every file was, 2 with a sentence on standard error for each that was not."""
    asked = _parser().parse_args(arguments)
    unopened: list[str] = []
    reading = read(_contents(asked.files, unopened), asked.gpus, asked.time_per_token_ms, asked.first_token_ms)
    return printed(reading, reading.terms() if asked.json else _told(reading), unopened)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Read results of inference benchmarks.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a result, or a file that describes one")
    parser.add_argument("--gpus", type=_count, metavar="N", help="GPUs the model ran on, where the file does not say")
    parser.add_argument("--time-per-token-ms", type=_limit, metavar="MS", help="largest median time per token allowed")
    parser.add_argument(
        "--first-token-ms", type=_limit, metavar="MS", help="largest median time to the first token allowed"
    )
    parser.add_argument("--json", action="store_true", help="every point, curve and anchor as JSON")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:9]) == int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r:.40} must be a whole number from 1 to 100,000")
    return int(text)


def _limit(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r:.40} must be a number of milliseconds above 0")
    return value


def _contents(files: list[str], unopened: list[str]) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file, one at a time; a sentence in `unopened` for what cannot be opened."""
    for file in files:
        try:
            if (size := Path(file).stat().st_size) > LARGEST_BYTES:
                unopened.append(f"{file} {too_large(size)}")
            else:
                yield file, Path(file).read_bytes()
        except (OSError, ValueError) as error:
            unopened.append(unreadable(file, error))


def _told(reading: Reading) -> Iterable[str]:
    for file in reading.files:
        yield f"{file.name}: {file.format}"
        for point in file.points:
            on = f" on {point.gpus:,} GPU{'s' * (point.gpus > 1)}" if point.gpus else ""
            rate = f"{point.output_tokens_per_second:,.1f} output tokens/s{on}"
            yield f"  {point.model or 'model not named'}: {rate}, {point.basis_note}"
            yield from (f"    {sentence}" for sentence in point.sentences)
    for curve in reading.curves:
        if curve.anchor:
            point = curve.anchor.point
            yield (
                f"To size from: {point.output_tokens_per_second_per_gpu:,.1f} output tokens/s per GPU of "
                f"{point.model or 'the model'}, {point.basis_note}."
            )
        yield from curve.sentences


if __name__ == "__main__":
    sys.exit(main())
