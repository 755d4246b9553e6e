"""Which mark stands before decimals in a table's columns: what their own numbers prove, else those of the others.

0,039 and 3,90 and 1.250,5 prove a comma, 1,250.5 and 1,000,000 a point; 3,900 and 1.250 prove nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from intake.errors import Refusal

BEFORE, AFTER = r"[-+\u2212(\s$€£¥]*", r"[)\s$€£¥]*"
TWO_WAYS = re.compile(rf"{BEFORE}([1-9]\d{{0,2}}([.,])\d{{3}}){AFTER}")
POINTED_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(\d\d|\d{4})\b")
UNPROVED = "Numbers such as {} were read as {}, which nothing in the file proves: where {} is meant, write it so."


def _proof(mark: str, group: str) -> re.Pattern[str]:
    whole = rf"\d+|[1-9]\d{{0,2}}(?:[{group}\s'’]\d{{3}})+"
    groups = rf"[1-9]\d{{0,2}}(?:[{group}]\d{{3}}){{2,}}"
    return re.compile(rf"{BEFORE}(?:(?:{whole})?[{mark}]\d+(?:e[-+]?\d+)?|{groups}){AFTER}", re.IGNORECASE)


PROOFS = {mark: _proof(mark, group) for mark, group in (",.", ".,")}


class Decimals:
    """What the cells of a table tell of its decimal marks, and how a number is read that can be read in two ways.

    `remarks`: a sentence where nothing tells, and the usual mark of such a file was taken.
    """

    def __init__(self, rows: Iterable[Iterable[tuple[str, str]]], is_comma_usual: bool):
        """rows: (column, cell) of each row. is_comma_usual: the file is one of a country with decimal commas."""
        self._proved: Mapping[str, set[str]] = defaultdict(set)
        self.remarks: tuple[str, ...] = ()
        for row in rows:
            for column, text in row:
                if ("," in text or "." in text) and not TWO_WAYS.fullmatch(text):
                    is_comma_usual = is_comma_usual or bool(POINTED_DATE.match(text))
                    self._proved[column].update(mark for mark, proof in PROOFS.items() if proof.fullmatch(text))
        self._usual = "," if is_comma_usual else "."

    def read(self, column: str, text: str) -> str:
        """A number that can be read in two ways, with a decimal point alone; a Refusal where its column has both."""
        digits, mark = TWO_WAYS.fullmatch(text).groups()
        decimal, whole = digits.replace(mark, "."), digits.replace(mark, "")
        own, all_of_them = self._proved[column], set().union(*self._proved.values())
        if len(own) > 1:
            raise Refusal(
                f"has numbers with a decimal comma and numbers with a decimal point as {column:.80}, and {digits} may "
                "be either; export it again with one kind."
            )
        proved = own or (all_of_them if len(all_of_them) == 1 else set())
        is_decimal = mark in (proved or self._usual)
        if not proved and not self.remarks:
            shortest = f"{Decimal(decimal).normalize():f}"
            meant = (shortest, whole) if is_decimal else (whole, shortest)
            self.remarks += (UNPROVED.format(digits, *meant),)
        return text.replace(digits, decimal if is_decimal else whole)
