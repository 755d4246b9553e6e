"""Large files in blocks of some megabytes that end where a row does, and what their columns become."""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow

from intake.encoding import LONGEST_LINE
from intake.errors import NotPlain

BLOCK_BYTES, MOST_STEPS = 32_000_000, 100
NUMBER, TEXT, WORD = pyarrow.float64(), pyarrow.string(), pyarrow.dictionary(pyarrow.int32(), pyarrow.string())


def whole_lines(stream: BinaryIO, *, quoted: bool) -> Iterator[bytes]:
    """The stream in pieces of whole lines. quoted: a line may end inside quotes, and the row does not."""
    rest = b""
    while piece := stream.read(BLOCK_BYTES):
        text, end = rest + piece, len(rest) + len(piece)
        for _ in range(MOST_STEPS):
            end = text.rfind(b"\n", 0, end)
            if not quoted or not text.count(b'"', 0, max(end, 0)) % 2:
                break
        else:
            raise NotPlain("has texts of many lines.")
        if end + 1 and len(text) - end < LONGEST_LINE:
            yield text[: end + 1]
        elif len(text) > LONGEST_LINE:
            raise NotPlain("has lines that no export has.")
        rest = text[end + 1 :]
    if rest.strip():
        yield rest
