"""How a file is written: packed, in two bytes a sign, or as no text at all."""

PACKED = {
    b"PK\x03\x04": "ZIP", b"PK\x05\x06": "ZIP", b"\x1f\x8b": "gzip", b"(\xb5/\xfd": "Zstandard", b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}  # fmt: skip
WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
MARK = b"\xef\xbb\xbf"


def packing(head: bytes) -> str | None:
    """The name of the packing that a file with this beginning has, None for none."""
    return next((name for sign, name in PACKED.items() if head.startswith(sign)), None)


def utf8(content: bytes) -> bytes:
    """The text as UTF-8 without a mark, also when a shell wrote it in two bytes a sign."""
    if coding := WIDE.get(content[:2]):
        return content.decode(coding, errors="replace").encode()
    return content.removeprefix(MARK)
