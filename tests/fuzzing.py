"""Damage done to files and links, the same for the same seed: as editors, mail, cut cables and attackers do it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from random import Random
from typing import Any

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1e308, -1e308, 1e-320, 2**63, 10**30, float("inf"), float("nan"), "", " ", "0", "NaN",
    "1e9", "1,5", "=1+1", "\ud800", "\u0000", "\u202e", "x" * 400, "a.b", "..", "__class__", [], {}, [[]], [None],
    {"": {}}, {"low": 2, "high": 1}, {"value": 1}, [1, 2, 3], "2026-02-30", "9999-12-31", "0000-00-00", "own_servers",
)  # fmt: skip
BYTES = (
    b"", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n\n", b'"', b"'", b",", b";", b"{", b"]", b"\\u0000", b"-", b"<",
    b"&", b"9" * 400, b"1e999", b"\xf0\x9f\x92\xa9", b"\xc3",
)  # fmt: skip


def places(content: Any, path: tuple = ()) -> Iterator[tuple]:
    """Every place in a tree of JSON, the root left out."""
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


def at(content: Any, path: Iterable) -> Any:
    """What lies at a place."""
    for key in path:
        content = content[key]
    return content


def tree(content: Any, draw: Random) -> Any:
    """A copy of a tree of JSON with one to three places changed, taken away, renamed or moved."""
    content = deepcopy(content)
    for _ in range(draw.randint(1, 3)):
        if not (known := list(places(content))):
            return draw.choice(VALUES)
        *way, last = draw.choice(known)
        holder = at(content, way)
        match draw.randrange(5):
            case 0:
                del holder[last]
            case 1 if isinstance(holder, dict):
                holder[draw.choice(("", "x", "price_usd", f"{last} ", str(last) * 30))] = holder.pop(last)
            case 2:
                holder[last] = deepcopy(at(content, draw.choice(known)))
            case _:
                holder[last] = deepcopy(draw.choice(VALUES))
    return content


def raw(content: bytes, draw: Random) -> bytes:
    """The bytes cut, doubled, overwritten or with something put in between, in one to three places."""
    for _ in range(draw.randint(1, 3)):
        at, end = sorted(draw.randrange(len(content) + 1) for _ in "ab")
        match draw.randrange(5):
            case 0:
                content = content[:at]
            case 1:
                content = content[:at] + content[end:]
            case 2:
                content = content[:end] + content[at:]
            case 3:
                content = content[:at] + bytes([draw.randrange(256)]) + content[at + 1 :]
            case _:
                content = content[:at] + draw.choice(BYTES) + content[at:]
    return content


def damaged(contents: Sequence[Any], number: int, seed: int, written: Callable[[Any], bytes]) -> Iterator[bytes]:
    """So many damaged files: every second one as a tree that is written again, the others as bytes."""
    draw = Random(seed)
    for place in range(number):
        content = draw.choice(contents)
        yield raw(written(content), draw) if place % 2 else written(tree(content, draw))
