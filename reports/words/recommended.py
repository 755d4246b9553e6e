"""What follows from the answer: what to choose, what has to be settled first, and what is decided by when."""

import math
from collections.abc import Iterator, Sequence

from answers.trade_offs import most_months
from costmodel.comparison import Comparison
from pricing.dates import day
from reports.words.behind import with_behind
from reports.words.briefing import Briefing, Drawn, Table, crossings
from reports.words.capacity import counted
from reports.words.dates import month_end, month_name
from reports.words.order import leaders, listed
from reports.words.start import service
from reports.words.text import odds, usd

SURE = 2 / 3  # a judgement: an option that wins less often is leaned to, not chosen
MOST_CHECKS = 3
LONGEST = "the longest commitment or life of hardware entered into at the start"
COLUMNS = ("What to decide", "By when", "Why")
NO_OPTION = "Choose nothing yet: no option keeps the rules. Relax a rule, or add an option that keeps them all."
ONE_OPTION = "Add an option to compare before deciding: there is only one."


def recommendation(briefing: Briefing) -> str:
    """What to choose and what to settle before, in two or three sentences."""
    comparison = briefing.comparison
    if not comparison.allowed:
        return NO_OPTION
    if len(comparison.costs) < 2:
        return ONE_OPTION
    return " ".join(filter(None, (_choice(briefing), _first_check(briefing.strip))))


def _choice(briefing: Briefing) -> str:
    comparison = briefing.comparison
    best, *close = (with_behind(comparison[slug].option) for slug in leaders(comparison))
    if close:
        return f"Choose between {listed([best, *close])} by what they mean beside cost: in cost they are alike."
    if (share := _doubtful(briefing)) is not None:
        return f"Lean to {best}, but do not commit yet: it stays the cheapest in {odds(share)} of what may come."
    return f"Choose {best}."


def _doubtful(briefing: Briefing) -> float | None:
    """How often the cheapest option stays it, where that is too seldom to choose it."""
    share = briefing.how_sure.shares.get(briefing.comparison.ranking[0]) if briefing.how_sure else None
    return share if share is not None and share < SURE else None


def _first_check(strip: Sequence[Drawn]) -> str:
    row = next(iter(_checks(strip)), None)
    return f"Settle first: {row.label}, {row.today} today; {row.says}." if row else ""


def _checks(strip: Sequence[Drawn]) -> list[Drawn]:
    """The assumptions that alone change the answer, the nearest first."""
    return [row for row in strip if row.turns][:MOST_CHECKS]


def decisions(briefing: Briefing) -> Table:
    """What has to be decided by when: first the assumptions to settle; the option; then the rest."""
    comparison = briefing.comparison
    start = day(month_end(comparison.scenario, 0))
    first = _checks(briefing.strip)
    before = f", after {len(first)} assumption{'s are' if len(first) > 1 else ' is'} settled" if first else ""
    settle = [(f"Settle: {row.label}", f"Before {start}", f"{row.today} today; {row.says}") for row in first]
    headline = f"Decide by {start}{before}"
    return Table(headline, COLUMNS, [*settle, *_decisions(briefing, start)])


def _decisions(briefing: Briefing, start: str) -> Iterator[tuple[str, str, str]]:
    comparison = briefing.comparison
    scenario, best = comparison.scenario, comparison[comparison.ranking[0]]
    names = [comparison[slug].label for slug in leaders(comparison)]
    what = f"Choose between {listed(names)}" if len(names) > 1 else f"Choose {best.label}"
    if len(names) < 2 and _doubtful(briefing) is not None:
        what = f"Commit to {best.label}, or do not yet"
    yield (
        (what, start, _why(comparison)) if comparison.allowed else ("Change the rules or the options", start, NO_OPTION)
    )
    for crossing in crossings(comparison, briefing.chosen):
        if crossing.at > 0:
            overtaken = f"From then on it has cost less in all; {usd(crossing.usd)} is spent by then"
            yield _look_again(comparison, crossing.cheaper), month_name(scenario, math.ceil(crossing.at)), overtaken
    horizon = scenario.finance.horizon_months
    held = most_months(best.option, scenario.options, lambda each: each.lock_in_months())
    if held and held < horizon:
        yield (f"Renew, replace or leave {best.label}", month_name(scenario, held),
               f"{LONGEST.capitalize()} ends")  # fmt: skip
    longer = f"; {LONGEST} runs {counted(held - horizon, 'month')} longer" if held > horizon else ""
    yield "What comes after", month_name(scenario, horizon), f"The time that is compared ends{longer}"


def _look_again(comparison: Comparison, slug: str) -> str:
    label = comparison[slug].label
    return f"Check that {label} has paid off" if slug == comparison.ranking[0] else f"Look again at {label}"


def _why(comparison: Comparison) -> str:
    scenario, best = comparison.scenario, comparison[comparison.ranking[0]]
    if best.option.runs_already(scenario.options):
        return "It runs today: nothing is to be ordered"
    begun = f"Begun then, it is {service(scenario, best.option, month_name)}"
    paid = float(best.cash_before_first_month_usd)
    return f"{begun}; {usd(paid) if paid else 'nothing'} is paid before month 1"
