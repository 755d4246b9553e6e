"""What commands that read files have in common: what they print, and what they say of files that cannot be read."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol


class Read(Protocol):
    """What was read, with a sentence for each file that could not be, and for each that lies beside."""

    refusals: tuple[str, ...]
    aside: tuple[str, ...]


def printed(reading: Read, told: Mapping[str, Any] | Iterable[str], unopened: Sequence[str]) -> int:
    """Print terms as JSON or lines of text; 0, or 2 with a sentence on standard error for each file not read."""
    try:
        if text := json.dumps(told, indent=1, ensure_ascii=False) if isinstance(told, Mapping) else "\n".join(told):
            print(text)
    except BrokenPipeError:
        return 0
    refusals = [*unopened, *reading.refusals]
    for sentence in (*refusals, *reading.aside):
        print(sentence, file=sys.stderr)
    return 2 if refusals else 0


def unreadable(file: str, error: Exception) -> str:
    """Why a file cannot be opened."""
    return f"{file!r:.80} cannot be read: {getattr(error, 'strerror', None) or error}."
