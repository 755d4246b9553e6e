"""How a file is written: packed, in two bytes a sign, or as no text at all; its lines, none of them endless."""

from collections.abc import Iterator
from typing import TextIO

from intake.errors import Refusal

PACKED = {
    b"PK\x03\x04": "ZIP", b"PK\x05\x06": "ZIP", b"\x1f\x8b": "gzip", b"(\xb5/\xfd": "Zstandard", b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}  # fmt: skip
WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
MARK = b"\xef\xbb\xbf"
WINDOWS = "cp1252"
LONGEST_LINE = 16_000_000


def packing(head: bytes) -> str | None:
    """The name of the packing that a file with this beginning has, None for none."""
    return next((name for sign, name in PACKED.items() if head.startswith(sign)), None)


def utf8(content: bytes) -> bytes:
    """The text as UTF-8 without a mark, also when a shell wrote it in two bytes a sign."""
    if coding := WIDE.get(content[:2]):
        return content.decode(coding, errors="replace").encode()
    return content.removeprefix(MARK)


def encoding(head: bytes) -> str:
    """The encoding of a text with this beginning: UTF-8, with or without a mark, UTF-16, or else that of Windows."""
    if coding := WIDE.get(head[:2]):
        return coding
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return WINDOWS
    return "utf-8-sig"


def lines(stream: TextIO) -> Iterator[str]:
    """Each line; a Refusal for one that no export has."""
    while line := stream.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise Refusal(f"has a line of more than {LONGEST_LINE / 1e6:.0f} million signs, which no export has.")
        yield line
