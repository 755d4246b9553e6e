"""What a reader is told when the library cannot do what was asked: one sentence, and nothing on screen is lost."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from costmodel.errors import ForFiles, ScenarioError

KEPT = "What is on screen is kept; save it as a file meanwhile."
REASONS = (  # words of the database -> what they mean
    (("disk is full", "no space left"), "cannot be written: the disk is full"),
    (("readonly", "read-only"), "cannot be written: it is read-only"),
    (("is locked", "could not obtain lock", "lock timeout"), "is busy with another user; try again in a moment"),
    (("not a database", "malformed", "file is encrypted"),
     "is damaged: bring back a copy, or move the file away and a new library is begun"),
    (("disk i/o error", "input/output error"), "cannot be read or written: the disk reports an error"),
    (("no such table", "does not exist"), "does not hold what it should: its tables are gone"),
    (("no such column", "has no column"), "was made by another version of Crossover"),
    (("unable to open",), "cannot be opened: its folder is missing or closed to this program"),
    (("password authentication failed", "permission denied for", "no pg_hba.conf entry"), "does not let Crossover in"),
    (("connection refused", "could not connect", "connection failed", "connection is bad", "timeout", "closed",
      "terminating connection", "the database system is", "could not translate host name", "consuming input failed"),
     "does not answer"),
)  # fmt: skip


class LibraryError(ScenarioError):
    """One sentence on what the library could not do and what to do about it."""

    @classmethod
    def of(cls, place: str, what: str) -> "LibraryError":
        """What is wrong with the library at a place, which those are told who run it and no visitor."""
        return cls("The library{at} {what}", at=ForFiles(f" at {place}"), what=what)

    def again(self) -> "LibraryError":
        """The same, to be raised once more."""
        return LibraryError(self.sentence, **self.parts)


@contextmanager
def told(place: str) -> Iterator[None]:
    """Turn whatever a database or a disk complains of into a LibraryError that names the place."""
    try:
        yield
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise LibraryError.of(
            place,
            f"cannot be reached: {_first_line(error)}. Its address must be one that SQLAlchemy reads, with the driver "
            f"installed. {KEPT}",
        ) from None
    except UnicodeError:
        raise LibraryError(f"A text of the scenario holds half a character, which no library can. {KEPT}") from None
    except (SQLAlchemyError, OSError) as error:
        raise LibraryError.of(place, f"{_reason(error)}. {KEPT}") from None


def _reason(error: Exception) -> str:
    words = str(error.orig if isinstance(error, DBAPIError) and error.orig else error).lower()
    for signs, meaning in REASONS:
        if any(sign in words for sign in signs):
            return meaning
    if isinstance(error, OSError):
        return f"cannot be used: {error.strerror or _first_line(error)}"
    return f"failed: {_first_line(error)}"


def _first_line(error: Exception) -> str:
    words = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
    return (words or type(error).__name__)[:160].rstrip(".")
