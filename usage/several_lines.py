"""What a text says of each model that is paid for, and of all together: one workload, as their bills would be one.

Parts stand behind a semicolon or on a line of their own. A part names a model: what follows with neither another nor
another who sells it belongs to it too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from costmodel.errors import ScenarioError
from pricing.bills import MetBill
from usage.mean_prices import prices_of
from usage.model_named import names_model, names_seller
from usage.one_line import LONGEST as LONGEST_LINE
from usage.one_line import Line, parse
from usage.solving import Solved, cell, solve
from usage.today import SLUG, Today

LONGEST = 4 * LONGEST_LINE
BETWEEN = re.compile(r"\s*[;\n]\s*")


@dataclass(frozen=True)
class Together:
    """One or several lines with nothing missing."""

    each: tuple[Solved, ...]

    @property
    def list_usd(self) -> float:
        """A month of all of them at list price less the stated discounts, USD."""
        return fsum(solved.list_usd for solved in self.each)

    @property
    def unexplained_usd(self) -> float:
        """What is paid beyond it, where that is not how a number was found."""
        return fsum(solved.unexplained_usd for solved in self.each)

    @property
    def solved(self) -> bool:
        """Whether each of them lacked a number, so that nothing is left to compare."""
        return all(solved.solved for solved in self.each)

    @property
    def line(self) -> Line:
        """What they say of the workload as one: requests add up, tokens and shares are means over what they are of."""
        lines = [solved.line for solved in self.each]
        if len(lines) == 1:
            return lines[0]
        requests = fsum(line.requests for line in lines)
        given = fsum(line.requests * line.input for line in lines)
        before = fsum(solved.undiscounted_usd for solved in self.each)
        return Line(
            lines[0].price,
            spent_usd=fsum(line.spent_usd for line in lines),
            requests=requests,
            input=given / requests,
            output=fsum(line.requests * line.output for line in lines) / requests,
            cached=fsum(line.requests * line.input * line.cached for line in lines) / given,
            batch=fsum(line.requests * (line.batch or 0.0) for line in lines) / requests or None,
            discount=1 - self.list_usd / before if any(line.discount for line in lines) else None,
            terms=_terms(lines),
        )

    def today(self, source: str) -> Today:
        """What runs today: of several models, one option at the mean of their prices."""
        if len(self.each) == 1:
            return self.each[0].today(source)
        line = self.line
        values = self.each[0].of_workload(line)
        price, prices = prices_of([cell(solved.line) for solved in self.each], values)
        found_all = all(solved.solved == "spent_usd" for solved in self.each)
        undiscounted = fsum(solved.undiscounted_usd for solved in self.each)
        bill = None if found_all else MetBill(SLUG, line.spent_usd, undiscounted, source=source)
        return Today(values, source, price, prices, bill, line.discount, line.terms)


def read(text: str, currency: str, cached: float) -> Together:
    """The lines of a text; amounts without a sign are in `currency`, `cached` is taken for an unsaid share.

    Raises ScenarioError with one sentence, which says of several lines the one that it is about.
    """
    parts = _parts(text)
    if len(parts) < 2:
        return Together((solve(parse(parts[0], currency), cached),))
    each = []
    for number, part in enumerate(parts, start=1):
        try:
            each.append(solve(parse(part, currency), cached))
        except ScenarioError as refusal:
            raise ScenarioError("Part {number}: {refusal}", number=number, refusal=refusal) from None
    _terms([solved.line for solved in each])
    return Together(tuple(each))


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    for piece in filter(None, BETWEEN.split(text.strip())):
        if parts and not (names_model(parts[-1]) and (names_model(piece) or names_seller(piece))):
            parts[-1] += f"; {piece}"
        else:
            parts.append(piece)
    return parts or [""]


def _terms(lines: list[Line]) -> Mapping[str, float]:
    """What they say of time; one of them is enough, and two may not differ."""
    found: dict[str, float] = {}
    for line in lines:
        if any(found.setdefault(path, value) != value for path, value in line.terms.items()):
            raise ScenarioError("The parts differ in growth, time or discount rate, which are of all: write it once.")
    return found
