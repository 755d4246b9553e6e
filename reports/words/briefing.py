"""What slides, brief and screen tell: one comparison, and what is known about how sure it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import wraps
from itertools import groupby
from typing import NamedTuple

import numpy as np

from answers.pair import Pair, decision_pair
from costmodel.break_even import Crossing
from costmodel.comparison import Comparison, OptionCost
from costmodel.numerals import ENGLISH, Marks, written_with
from pricing.currency import USD, Currency
from pricing.origins import Origin
from reports.words.measure import measure
from reports.words.money import shown_in
from reports.words.palette import shown_with
from reports.words.text import usd
from reports.words.verdict import crossing_title, overtaking

WITHOUT_SALE = "Crossings are without what hardware is sold for at the end; the last step of a curve is that sale."
NONE_KEEPS = "no option keeps the rules"
IN_TURN, OTHERS = " in turn", " and others"
DOTTED = "Dotted: ruled out."
LAST_STEP = "The last step of a curve is what hardware is sold for at the end."


@dataclass(frozen=True)
class Table:
    """A headline, column headings and rows of text, first the column that names the row; the others may be `alike`."""

    headline: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    alike: bool = False

    def transposed(self) -> "Table":
        """With rows as columns, so that few rows of many figures stay readable."""
        columns = (self.columns[0], *(row[0] for row in self.rows))
        rows = [(name, *(row[i] for row in self.rows)) for i, name in enumerate(self.columns) if i]
        return replace(self, columns=columns, rows=rows, alike=True)


@dataclass(frozen=True)
class HowSure:
    """How often each option is the cheapest, over many draws of the uncertain inputs.

    `headline` says it for the winner, `shares` maps slug to probability, `break_even` holds (what, value) of when one
    option overtakes another, `overtaking` says which, `note` further sentences. `costs` tells the quantiles of each
    cost that `quantiles` maps slug to, USD.
    """

    headline: str
    shares: Mapping[str, float]
    break_even: Sequence[tuple[str, str]] = ()
    overtaking: str = ""
    note: str = ""
    costs: Table | None = None
    quantiles: Mapping[str, Sequence[float]] = field(default_factory=dict)


class Turn(NamedTuple):
    """A switching value: its share of the width of the row, the value, on which side of it `option` is the cheapest.

    `option` is empty where no option keeps to the rules there; `ruled_out` is the one that leads today, where it breaks
    one there, and `broken` how, in few words. `then` are those that lead in turn farther out.
    """

    share: float
    at: str
    side: str
    option: str
    ruled_out: str = ""
    broken: str = ""
    then: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """'above 1.65M (peak not carried): Own servers': where it is, why, and who leads beyond."""
        why = f" ({self.broken})" if self.broken else ""
        return f"{self.side} {self.at}{why}: {self.led_by}"

    @property
    def led_by(self) -> str:
        """'GPT-6 Luna by API, then Own servers': who leads from there to the end of the row."""
        first, *others = (option or NONE_KEEPS for option, _ in groupby((self.option, *self.then)))
        more = OTHERS * (len({first, *others}) > 2) + IN_TURN if others[1:] else ""
        return f"{first}{f', then {others[0]}' if others else ''}{more}"


@dataclass(frozen=True)
class Drawn:
    """A row of the strip of switching values as it is drawn: places are shares of its width, 0 to 1.

    `leads` are (from, to, slug) next to each other, `likely` and `spread` its range, `turns` the switching values next
    to today's value, the lower first.
    """

    label: str
    today: str
    at: float
    ends: tuple[str, str]
    likely: tuple[float, float]
    spread: str
    leads: tuple[tuple[float, float, str], ...]
    turns: tuple[Turn, ...]

    @property
    def nearest(self) -> Turn:
        """The switching value that is nearest to today; there must be one."""
        return min(self.turns, key=lambda turn: abs(turn.share - self.at))

    @property
    def says(self) -> str:
        """Who else is the cheapest where, in words."""
        return "; ".join(turn.says for turn in self.turns) or f"the same from {self.ends[0]} to {self.ends[1]}"


@dataclass(frozen=True)
class Step:
    """One step on the way from one amount to another: by how much it goes up or down, USD."""

    name: str
    usd: float


SWITCHING_COLUMNS = ("What", "Today", "Flips at", "Change", "Cheapest then")


@dataclass(frozen=True)
class Briefing:
    """Everything that is told: `name` of the scenario, `about` whose question it is, `accepted` which
    of the models that the reader accepts is the cheapest, `versions` that figures rest on.

    `origins` says by path where a value is from, `chapters` has what slides tell beyond, by name, `met` whether usage
    at list price meets the bill, `model` is what the file with the model is called. What is None or empty is not told.
    `steps` lead from today's bill to the cheapest option, `means` tells by option what it means beside cost, `matters`
    are the paths of the assumptions that the answer hangs on, the foremost first. `chosen` are the two options that the
    reader asks about, where they are not those of the decision.
    `currency` is that of its words and of what is made from it, `colours` the places of its options in the palette.
    """

    comparison: Comparison
    name: str
    on: date
    about: str = ""
    decides: str = ""
    accepted: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    how_sure: HowSure | None = None
    strip: Sequence[Drawn] = ()
    chapters: Mapping[str, Table] = field(default_factory=dict)
    met: str = ""
    model: str = ""
    steps: Sequence[Step] = ()
    means: Table | None = None
    matters: Sequence[str] = ()
    currency: Currency = USD
    colours: Mapping[str, int] = field(default_factory=dict)
    marks: Marks = ENGLISH
    chosen: Pair | None = None


def told_as_shown(tell: Callable) -> Callable:
    """A function of a briefing whose amounts are in its currency, numbers with its marks, options in their colours."""

    @wraps(tell)
    def told(briefing: Briefing, *others, **named):
        with shown_in(briefing.currency), written_with(briefing.marks), shown_with(briefing.colours):
            return tell(briefing, *others, **named)

    return told


def curves_title(comparison: Comparison, chosen: Pair | None = None) -> str:
    """What the cumulative curves show: of the two chosen or else of the decision, or the span between all."""
    if pair := chosen or decision_pair(comparison):
        return crossing_title(comparison, *pair)
    best, worst = (comparison[comparison.ranking[i]] for i in (0, -1))
    ends = [f"{cost.label} {usd(cost.net_present_cost_usd)}" for cost in dict.fromkeys((best, worst))]
    return f"By the end, {measure(comparison.scenario).said}: {', '.join(ends)}"


def crossings(comparison: Comparison, chosen: Pair | None = None) -> tuple[Crossing, ...]:
    """The crossings in time that this title names."""
    pair = chosen or decision_pair(comparison)
    return overtaking(comparison, *pair).crossings if pair else ()


def sale_note(comparison: Comparison, crosses: bool) -> str:
    """How what is sold at the end shows in curves of which some may cross; empty where nothing is sold."""
    ends = [curve(cost)[1][-2:] for cost in comparison.costs.values()]
    if all(np.isclose(*steps) for steps in ends):
        return ""
    return WITHOUT_SALE if crosses else LAST_STEP


def curves_note(comparison: Comparison, crosses: bool) -> str:
    """What a reader of curves on the screen has to know: which are of options that are ruled out, and what is sold."""
    is_any_out = len(comparison.allowed) < len(comparison.costs)
    return " ".join(filter(None, (DOTTED * is_any_out, sale_note(comparison, crosses))))


def curve(cost: OptionCost) -> tuple[np.ndarray, np.ndarray]:
    """(months, USD) of the curve of an option: cumulative cost, and at the end a step down by what is sold then.

    So it ends at the net present cost. Shapes (T+2,), the last month twice; today and the month ends come first.
    """
    months = np.arange(cost.task.scenario.finance.horizon_months + 1)
    running = np.broadcast_to(cost.cumulative_present_usd, months.shape)
    return np.append(months, months[-1]), np.append(running, float(cost.net_present_cost_usd))
