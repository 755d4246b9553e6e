"""What lies in a file that was handed in: itself, or the files in an archive, as streams that can be opened again.

Nothing is written to disk. An archive may claim any size: what it unpacks to is bounded in itself and by its own size.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from costmodel.numerals import numeral
from intake.encoding import packing
from intake.errors import Refusal

LARGEST_BYTES = 4_000_000_000
MOST_TIMES, FREE_BYTES = 100, 32_000_000  # logs pack to a twentieth or so; what unpacks to far more is a trap
PIECE_BYTES = 1_000_000
MOST_PARTS, DEEPEST = 1_000, 2
WORKBOOK = "[Content_Types].xml"
DAMAGED = "is damaged or cut off and cannot be unpacked; take it again, whole."


@dataclass(frozen=True)
class Part:
    """One file with content of its own. `open` gives a stream from its beginning, each time it is called.

    size: bytes, unpacked.
    """

    name: str
    open: Callable[[], BinaryIO]
    size: int = 0


def parts(name: str, content: bytes | Path) -> Iterator[Part]:
    """The files in what was handed in, one after the other; a Refusal says why it cannot be unpacked."""
    if isinstance(content, Path):
        size, opened = content.stat().st_size, lambda: content.open("rb")
    else:
        size, opened = len(content), lambda: io.BytesIO(content)
    if size > LARGEST_BYTES:
        raise Refusal(_too_large(size))
    yield from _parts(Part(name, opened, size), size, 0)


def up_to(stream: BinaryIO, most: int) -> bytes:
    """The stream's first bytes, at most so many, in memory for those that are there alone."""
    pieces = []
    while most > 0 and (piece := stream.read(min(PIECE_BYTES, most))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def _parts(part: Part, size: int, depth: int) -> Iterator[Part]:
    with part.open() as stream:
        what = packing(stream.read(8))
    if not what:
        yield part
    elif what not in ("ZIP", "gzip"):
        raise Refusal(f"is packed ({what}); unpack it first.")
    elif depth == DEEPEST or (depth and what == "ZIP"):
        raise Refusal("is an archive inside an archive; unpack it first.")
    elif what == "ZIP":
        yield from _members(part, size, depth)
    else:
        inner = Part(part.name.removesuffix(".gz"), lambda: _unzipped(part.open, size))
        with inner.open() as stream:  # whole and within bounds, before anything is made of it
            unpacked = sum(map(len, iter(lambda: stream.read(PIECE_BYTES), b"")))
        yield from _parts(replace(inner, size=unpacked), size, depth + 1)


def _unzipped(opened: Callable[[], BinaryIO], size: int) -> BinaryIO:
    packed = opened()
    return io.BufferedReader(_Bounded(gzip.open(packed), size, packed))


def _members(archive: Part, size: int, depth: int) -> Iterator[Part]:
    try:
        with archive.open() as stream, zipfile.ZipFile(stream) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir() and not _hidden(entry.filename)]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
        raise Refusal(DAMAGED) from None
    if any(entry.filename == WORKBOOK for entry in entries):
        raise Refusal("is a workbook or another office document; save the sheet as CSV.")
    if not entries:
        raise Refusal("is an archive without a file in it.")
    if len(entries) > MOST_PARTS:
        count, most = numeral(len(entries), ","), numeral(MOST_PARTS, ",")
        raise Refusal(f"holds {count} files, more than the {most} that are read from one archive.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refusal("is locked with a password; unpack it first.")
    claimed = sum(entry.file_size for entry in entries)
    if claimed > LARGEST_BYTES:
        raise Refusal(_too_large(claimed))
    if claimed > max(FREE_BYTES, MOST_TIMES * size):
        raise Refusal(_trap(claimed))
    for entry in entries:
        name = f"{archive.name}/{entry.filename}"
        member = Part(name, lambda entry=entry: _member(archive, entry), entry.file_size)
        yield from _parts(member, entry.file_size, depth + 1)


def _member(archive: Part, entry: zipfile.ZipInfo) -> BinaryIO:
    packed = archive.open()
    try:
        return io.BufferedReader(_Bounded(zipfile.ZipFile(packed).open(entry), LARGEST_BYTES, packed))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        raise Refusal(DAMAGED) from None


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


class _Bounded(io.RawIOBase):
    """An unpacking stream that ends with a Refusal where it is damaged or grows beyond bounds."""

    def __init__(self, stream: BinaryIO, packed_bytes: int, packed: BinaryIO):
        self._stream, self._packed, self._read_bytes = stream, packed, 0
        self._most = min(LARGEST_BYTES, max(FREE_BYTES, MOST_TIMES * packed_bytes))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        try:
            found = self._stream.read(len(buffer))
        except (zlib.error, EOFError, OSError, zipfile.BadZipFile, ValueError):
            raise Refusal(DAMAGED) from None
        buffer[: len(found)] = found
        self._read_bytes += len(found)
        if self._read_bytes > self._most:
            raise Refusal(_trap(self._read_bytes))
        return len(found)

    def close(self) -> None:
        self._stream.close()
        self._packed.close()
        super().close()


def _too_large(size: int) -> str:
    told, most = numeral(size / 1e9, ",.1f"), numeral(LARGEST_BYTES / 1e9, ",.0f")
    return f"has {told} GB, more than the {most} GB that are read; give a part of it."


def _trap(size: int) -> str:
    told = numeral(size / 1e6, ",.0f")
    return f"unpacks to more than {told} MB, far more than a packed export does; unpack it and give a part."
