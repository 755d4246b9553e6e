"""What names, notes and tags may be, and the slug that a name gets."""

import unicodedata

from costmodel.numerals import numeral
from library.errors import LibraryError

LONGEST_NAME, LONGEST_NOTE, LONGEST_TAG, LONGEST_SLUG = 80, 500, 40, 60


def name_of(words: str) -> str:
    """A scenario's name, trimmed; LibraryError when it is none."""
    return _line(words, "name", LONGEST_NAME)


def tag_of(words: str) -> str:
    """A tag, trimmed and in small letters."""
    return _line(words, "tag", LONGEST_TAG).lower()


def note_of(words: str) -> str:
    """A note on a version; may be empty."""
    return _line(words, "note", LONGEST_NOTE) if words.strip() else ""


def key_of(name: str) -> str:
    """What two names must differ in: not case, not the way a letter is composed."""
    return unicodedata.normalize("NFKC", name).casefold()[:200]


def slug_of(name: str) -> str:
    """The name in small letters, digits and hyphens, for an address."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    return "-".join(words)[:LONGEST_SLUG].strip("-") or "scenario"


def printable(words: str) -> str:
    """The text without characters that are no letters, digits or signs."""
    return "".join(c for c in words if c.isprintable())


def _line(words: str, what: str, longest: int) -> str:
    if not isinstance(words, str):
        raise LibraryError(f"A {what} must be text.")
    words = " ".join(words.split())
    if not words:
        raise LibraryError(f"The scenario needs a {what}." if what == "name" else f"A {what} must not be empty.")
    if len(words) > longest:
        raise LibraryError(f"A {what} has at most {longest} characters; this one has {numeral(len(words), ',')}.")
    if not words.isprintable():
        raise LibraryError(f"A {what} must be one line of printable text.")
    return words
