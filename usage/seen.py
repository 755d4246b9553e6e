"""Rows that were met before, on an earlier page or in an earlier file, told by what they say."""

from collections import Counter

from intake.records import MOST_COMPARED
from usage.row import Row


class Seen:
    """Rows of earlier pages or files, so that what two of them hold is counted once.

    A row with a name of its own is counted once anywhere. Others may be equal on one page (two keys of a project did
    the same), so of equal rows as many count as the page with most of them has.
    """

    def __init__(self):
        self._earlier: Counter[int] = Counter()
        self._here: Counter[int] = Counter()
        self.full = False

    def again(self, row: Row, measures: list[float | None]) -> bool:
        """Whether the row was met before."""
        if len(self._here) + len(self._earlier) > MOST_COMPARED:
            self.full = True
            return False
        said = (row.start, row.bucket_s, row.provider, row.model, row.currency, *measures)
        sign = hash(said if row.once is None else row.once)
        self._here[sign] += 1
        here, earlier = self._here[sign], self._earlier[sign]
        return here <= earlier or (row.once is not None and here + earlier > 1)

    def settle(self) -> None:
        """End a page or a file."""
        for sign, count in self._here.items():
            if count > self._earlier[sign]:
                self._earlier[sign] = count
        self._here.clear()

    def forget(self) -> None:
        """Take back what was met since the last end."""
        self._here.clear()
